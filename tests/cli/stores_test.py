#!/usr/bin/python3
"""keytide rotate --deliver secretsmanager:… and ssm:…, from end to end on a lab, by a user who may do no more than is printed."""
import json
import subprocess

from stage import KEYTIDE, Stage, main

SECRET, PARAMETER, PAIR = "secretsmanager:app/aws", "ssm:/app/aws", "ssm:/app/pair?id=/id&secret=/secret"
NAMES = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"


class Stores(Stage):
    def setUp(self):
        super().setUp()
        self.secretsmanager, self.ssm = self.lab.client("secretsmanager"), self.lab.client("ssm")

    def value(self, key):
        return json.dumps({"port": 5432} | dict(zip(NAMES, key)))

    def make_all(self):
        self.secretsmanager.create_secret(Name="app/aws", SecretString=self.value(self.old))
        self.ssm.put_parameter(Name="/app/aws", Type="SecureString", KeyId="alias/mine", Value=self.value(self.old))
        self.ssm.put_parameter(Name="/app/pair/id", Type="String", Value=self.old[0])
        self.ssm.put_parameter(Name="/app/pair/secret", Type="SecureString", Value=self.old[1])

    def may_only_what_is_printed(self, *destinations):
        run = self.expect(self.keytide("policy", "print", *(word for uri in destinations for word in ("--deliver", uri))), 0)
        self.allow("bob", json.loads(run.stdout))

    def parameter(self, name):
        return self.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    def held_in(self, uri):
        if uri == PAIR:
            key = self.parameter("/app/pair/id"), self.parameter("/app/pair/secret")
        else:
            value = json.loads(self.secretsmanager.get_secret_value(SecretId="app/aws")["SecretString"] if uri == SECRET
                               else self.parameter("/app/aws"))
            self.assertEqual(value["port"], 5432)
            key = tuple(value[name] for name in NAMES)
        self.secrets.add(key[1])
        return key

    def rotate(self, *destinations, options=(), **more):
        return self.keytide("rotate", "--yes", *options, *(word for uri in destinations for word in ("--deliver", uri)), **more)

    def test_a_user_delivers_its_own_new_key_everywhere(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET, PARAMETER, PAIR)
        run = self.rotate(SECRET, PARAMETER, PAIR)
        new = self.expect_rotated(run)
        for uri in (SECRET, PARAMETER, PAIR):
            self.assertEqual(self.held_in(uri), new, uri)
        stages = self.secretsmanager.describe_secret(SecretId="app/aws")["VersionIdsToStages"]
        self.assertEqual(sorted(stages.values()), [["AWSCURRENT", "AWSPENDING"], ["AWSPREVIOUS"]])
        before = json.loads(self.secretsmanager.get_secret_value(SecretId="app/aws", VersionStage="AWSPREVIOUS")["SecretString"])
        self.assertEqual(before[NAMES[0]], self.old[0])
        history = self.ssm.get_parameter_history(Name="/app/aws")["Parameters"]
        self.assertEqual([one["KeyId"] for one in history], ["alias/mine", "alias/mine"])
        again = self.expect(self.rotate(SECRET, PARAMETER, PAIR), 0)
        self.assertEqual(self.held_in(SECRET), self.held())
        self.assertNotEqual(self.held(), new, again.stdout)

    def test_the_names_of_the_members_are_whose_secret_it_is(self):
        self.secretsmanager.create_secret(Name="app/aws", SecretString=json.dumps({"user": self.old[0], "password": self.old[1]}))
        self.may_only_what_is_printed(SECRET)
        new = self.expect_rotated(self.rotate(SECRET + "?id=user&secret=password"))
        self.assertEqual(json.loads(self.secretsmanager.get_secret_value(SecretId="app/aws")["SecretString"]),
                         {"user": new[0], "password": new[1]})

    def test_an_administrator_delivers_the_key_of_another(self):
        self.make_all()
        self.user("admin", {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
        self.write_credentials(self.profile("admin", self.key("admin")))
        self.expect(self.rotate(SECRET, options=("--profile", "admin", "--user-name", "bob")), 0)
        new = self.held_in(SECRET)
        self.assertEqual(self.key_ids(), [new[0]])
        self.assertTrue(self.accepts(new))

    def test_the_way_back_is_a_delivery_too(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET, PARAMETER, PAIR)
        run = self.keytide("rotate", "--yes", "--deliver", SECRET, "--deliver", PAIR, "--grace", "1h", "--output", "json")
        self.expect(run, 3)
        self.assertNotEqual(self.held_in(SECRET), self.old)
        [rotation] = json.loads(run.stdout)["rotations"]
        self.expect(self.keytide("rollback", rotation["id"], "--reason", "a consumer broke"), 3)
        self.lab.tell("POST", "clock", {"advance": "2h"})
        self.expect(self.keytide("resume", rotation["id"]), 4)
        for uri in (SECRET, PAIR):
            self.assertEqual(self.held_in(uri), self.old)
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_nothing_begins_where_the_place_is_not_ready(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
        self.expect_untouched(self.rotate(SECRET), 1, "secretsmanager:app/aws", "create-secret")
        self.expect_untouched(self.rotate(PARAMETER), 1, "ssm:/app/aws", "put-parameter")
        self.secretsmanager.create_secret(Name="app/aws", SecretString="no JSON")
        self.expect_untouched(self.rotate(SECRET), 2, "no JSON object")
        stranger = self.key("bob")
        self.iam.delete_access_key(UserName="bob", AccessKeyId=stranger[0])
        self.secretsmanager.put_secret_value(SecretId="app/aws", SecretString=self.value(stranger))
        self.expect_untouched(self.rotate(SECRET), 2, stranger[0], "never overwritten")
        self.secretsmanager.delete_secret(SecretId="app/aws")
        self.expect_untouched(self.rotate(SECRET), 1, "marked for deletion")

    def test_what_is_not_allowed_is_said_before_anything_is_made(self):
        self.make_all()
        self.expect_untouched(self.rotate(SECRET), 1, "secretsmanager:GetSecretValue", "policy print")

    def test_a_deliverys_lost_answer_is_settled_by_looking(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET, PARAMETER, PAIR)
        # Before anything is made, each is asked for once by each parameter and secret, to see whether it is allowed.
        for action, asked in (("PutSecretValue", 1), ("UpdateSecretVersionStage", 1), ("PutParameter", 3)):
            self.lab.tell("POST", "faults", {"action": action, "skip": asked, "times": 1, "fault": "lose_answer"})
        new = self.expect_rotated(self.rotate(SECRET, PARAMETER, PAIR, options=("--set", "poll=0")))
        for uri in (SECRET, PARAMETER, PAIR):
            self.assertEqual(self.held_in(uri), new, uri)

    def test_a_service_that_has_not_heard_of_the_new_key_is_waited_for(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET, PARAMETER)
        self.lab.tell("POST", "propagation", {"services": {"secretsmanager": {"new": "8s"}, "ssm": {"new": "4s"}}})
        new = self.expect_rotated(self.rotate(SECRET, PARAMETER))
        self.assertEqual((self.held_in(SECRET), self.held_in(PARAMETER)), (new, new))
        late = self.lab.tell("GET", f"requests?service=secretsmanager&principal={new[0]}&code=UnrecognizedClientException")
        self.assertGreater(len(late["requests"]), 0)

    def test_a_conflict_in_the_middle_stays_resumable(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET, PARAMETER, PAIR)
        self.lab.tell("POST", "faults", {"action": "UpdateSecretVersionStage", "skip": 1, "fault": "refuse", "code": "InternalServiceError", "status": 500})
        run = self.expect(self.rotate(PARAMETER, SECRET, options=("--set", "poll=0", "--output", "json")), 5)
        [rotation] = json.loads(run.stdout)["rotations"]
        self.assertTrue(self.accepts(self.old), "the old key works everywhere")
        self.assertEqual(self.held_in(SECRET), self.old)
        self.assertNotEqual(self.held_in(PARAMETER), self.old)
        self.lab.tell("DELETE", "faults")
        self.expect_rotated(self.keytide("resume", rotation["id"]))
        self.assertEqual(self.held_in(SECRET), self.held())

    def test_a_store_at_an_endpoint_of_its_own_is_found_again(self):
        self.make_all()
        self.may_only_what_is_printed(SECRET)
        environment = self.environment(AWS_ENDPOINT_URL_SECRETS_MANAGER=self.lab.endpoint)
        run = self.rotate(SECRET, options=("--grace", "1h", "--output", "json"), env=environment)
        self.expect(run, 3)
        [rotation] = json.loads(run.stdout)["rotations"]
        self.lab.tell("POST", "clock", {"advance": "2h"})
        self.expect(self.keytide("resume", rotation["id"], env={**self.environment(), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}), 0)
        self.assertEqual(self.held_in(SECRET), self.held())


if __name__ == "__main__":
    main()
