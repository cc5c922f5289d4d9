#!/usr/bin/python3
"""keytide lab --data: secrets and parameters outlive any end of the lab, and so do rotations that deliver to them."""
import json
import subprocess

import botocore.exceptions
from stage import Lab, Stage, main

EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
SECRET, PARAMETER, PAIR = "secretsmanager:app/aws", "ssm:/app/aws", "ssm:/app/pair?id=/id&secret=/secret"
NAMES = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
FIRST, SECOND, THIRD = "1" * 32, "2" * 32, "3" * 32


class LabDataStores(Stage):
    lab_listens = "127.0.0.2:0"  # where nobody else takes the port while the lab is dead

    @property
    def lab_options(self):
        return "--data", self.home / "data"

    def setUp(self):
        super().setUp()
        self.allow("bob", EVERYTHING)
        self.meet()

    def meet(self):
        self.iam, self.secretsmanager, self.ssm = (self.lab.client(name) for name in ("iam", "secretsmanager", "ssm"))

    def end(self):
        self.lab.process.kill()
        self.lab.process.wait()
        self.lab.process.stdout.close()

    def kill_and_start(self):
        """Where it was before: a rotation goes on where it began."""
        self.end()
        self.lab = Lab(self.home, *self.lab_options, listen=self.lab.endpoint.removeprefix("http://"))
        self.meet()

    # What clients see

    @staticmethod
    def told(answer):
        """Without what is another each time: the request's own id, and the day of the last reading, which the lab does not keep."""
        answer.pop("ResponseMetadata", None)
        answer.pop("LastAccessedDate", None)
        return answer

    def secrets_seen(self, marked):
        seen = {}
        for name in [each["Name"] for each in self.secretsmanager.list_secrets()["SecretList"]] + list(marked):
            versions = self.secretsmanager.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
            values = [] if name in marked else [
                self.told(self.secretsmanager.get_secret_value(SecretId=name, VersionId=one["VersionId"]))
                for one in versions if one.get("VersionStages")]
            seen[name] = (self.told(self.secretsmanager.describe_secret(SecretId=name)), [self.told(one) for one in versions], values)
        return seen

    def parameters_seen(self):
        seen = {}
        for each in self.ssm.describe_parameters()["Parameters"]:
            name = each["Name"]
            seen[name] = (each, self.ssm.get_parameter_history(Name=name, WithDecryption=True)["Parameters"],
                          self.ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"])
        return seen

    def everything(self, marked=()):
        """`marked`: secrets that are marked for deletion, which no list shows."""
        return self.secrets_seen(marked), self.parameters_seen()

    # Rotations

    def make_all(self):
        value = json.dumps({"port": 5432} | dict(zip(NAMES, self.old)))
        self.secretsmanager.create_secret(Name="app/aws", SecretString=value)
        self.ssm.put_parameter(Name="/app/aws", Type="SecureString", KeyId="alias/mine", Value=value)
        self.ssm.put_parameter(Name="/app/pair/id", Type="String", Value=self.old[0])
        self.ssm.put_parameter(Name="/app/pair/secret", Type="SecureString", Value=self.old[1])

    def parameter(self, name):
        return self.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    def key_in(self, value):
        told = json.loads(value)
        self.assertEqual(told["port"], 5432)
        return tuple(told[name] for name in NAMES)

    def held_everywhere(self):
        """The one key that all places hold."""
        held = {self.key_in(self.secretsmanager.get_secret_value(SecretId="app/aws")["SecretString"]),
                self.key_in(self.parameter("/app/aws")), (self.parameter("/app/pair/id"), self.parameter("/app/pair/secret"))}
        self.secrets |= {secret for _, secret in held}
        [key] = held
        return key

    def rotate(self, *options, deliver=(SECRET, PARAMETER, PAIR)):
        return self.keytide("rotate", "--yes", *options, *(word for uri in deliver for word in ("--deliver", uri)))

    def test_secrets_are_there_after_a_kill(self):
        made = self.secretsmanager
        made.create_secret(Name="a", SecretString="one", ClientRequestToken=FIRST, Description="d", KmsKeyId="alias/k",
                           Tags=[{"Key": "k", "Value": "v"}])
        made.put_secret_value(SecretId="a", SecretBinary=b"\0two", ClientRequestToken=SECOND, VersionStages=["AWSPENDING", "mine"])
        made.create_secret(Name="empty")
        made.create_secret(Name="drawn", SecretString="its version's id is drawn by the lab")
        made.create_secret(Name="marked", SecretString="x")
        made.delete_secret(SecretId="marked", RecoveryWindowInDays=7)
        made.create_secret(Name="again", SecretString="the first")
        made.delete_secret(SecretId="again", ForceDeleteWithoutRecovery=True)
        made.create_secret(Name="again", SecretString="the second")
        before = self.everything(["marked"])
        self.assertEqual(len(before[0]), 5)
        for _ in range(2):
            self.kill_and_start()
            self.assertEqual(self.everything(["marked"]), before)
        self.assertEqual(self.secretsmanager.get_secret_value(SecretId="a", VersionStage="mine")["SecretBinary"], b"\0two")
        # What was put once is known, and what is done next follows from it.
        self.secretsmanager.put_secret_value(SecretId="a", SecretBinary=b"\0two", ClientRequestToken=SECOND)
        with self.assertRaises(self.secretsmanager.exceptions.ResourceExistsException):
            self.secretsmanager.put_secret_value(SecretId="a", SecretString="another", ClientRequestToken=SECOND)
        self.secretsmanager.update_secret_version_stage(SecretId="a", VersionStage="AWSCURRENT", RemoveFromVersionId=FIRST, MoveToVersionId=SECOND)
        self.secretsmanager.put_secret_value(SecretId="a", SecretString="three", ClientRequestToken=THIRD)
        self.secretsmanager.restore_secret(SecretId="marked")
        self.kill_and_start()
        self.assertEqual(self.secretsmanager.describe_secret(SecretId="a")["VersionIdsToStages"],
                         {SECOND: ["AWSPREVIOUS", "mine"], THIRD: ["AWSCURRENT"]})
        self.assertEqual(self.secretsmanager.get_secret_value(SecretId="marked")["SecretString"], "x")

    def test_parameters_are_there_after_a_kill(self):
        put = self.ssm.put_parameter
        put(Name="/p/a", Type="SecureString", KeyId="alias/k", Value="one", AllowedPattern="[a-z]+", Description="d",
            Tags=[{"Key": "k", "Value": "v"}])
        put(Name="/p/a", Value="two", KeyId="alias/k", Overwrite=True)
        put(Name="/p/a", Value="three", KeyId="alias/k", Overwrite=True)
        self.ssm.label_parameter_version(Name="/p/a", ParameterVersion=1, Labels=["old", "moves"])
        self.ssm.label_parameter_version(Name="/p/a", ParameterVersion=2, Labels=["moves"])
        put(Name="list", Type="StringList", Value="x,y")
        put(Name="/p/long", Type="String", Tier="Advanced", Value="x" * 5000)
        put(Name="/p/gone", Type="String", Value="x")
        self.ssm.delete_parameter(Name="/p/gone")
        before = self.everything()
        self.assertEqual([len(history) for _, history, _ in before[1].values()], [3, 1, 1])
        for _ in range(2):
            self.kill_and_start()
            self.assertEqual(self.everything(), before)
        self.assertEqual((self.parameter("/p/a"), self.parameter("/p/a:1"), self.parameter("/p/a:moves")), ("three", "one", "two"))
        self.assertNotEqual(self.ssm.get_parameter(Name="/p/a")["Parameter"]["Value"], "three", "it is a SecureString still")
        with self.assertRaises(self.ssm.exceptions.ParameterPatternMismatchException):
            self.ssm.put_parameter(Name="/p/a", Value="4", Overwrite=True, AllowedPattern="[a-z]+")
        self.assertEqual(self.ssm.put_parameter(Name="/p/a", Value="four", Overwrite=True)["Version"], 4)

    def test_what_was_answered_survives_a_kill_at_any_moment(self):
        self.secretsmanager.create_secret(Name="a", SecretString="0")
        self.ssm.put_parameter(Name="a", Type="SecureString", Value="0")
        answered = 0  # by both
        for round_ in range(3):
            killer = subprocess.Popen(["sh", "-c", f"read line; kill -KILL {self.lab.process.pid}"], stdin=subprocess.PIPE)
            strikes = answered + 10
            try:
                while True:
                    if answered == strikes:
                        killer.stdin.close()  # it strikes while requests go on
                    value = str(answered + 1)
                    self.secretsmanager.put_secret_value(SecretId="a", SecretString=value)
                    self.ssm.put_parameter(Name="a", Value=value, Overwrite=True)
                    answered += 1
                    self.assertLess(answered, strikes + 1000, "it was never struck")
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                self.assertIsInstance(error, botocore.exceptions.BotoCoreError, "nothing is refused before the end")
            killer.wait()
            self.kill_and_start()
            secret, parameter = (int(self.secretsmanager.get_secret_value(SecretId="a")["SecretString"]), int(self.parameter("a")))
            self.assertIn(secret, (answered, answered + 1), "at most the one that was under way")
            self.assertIn(parameter, (answered, secret), "and they are in the order in which they were asked for")
            previous = self.secretsmanager.get_secret_value(SecretId="a", VersionStage="AWSPREVIOUS")["SecretString"]
            self.assertEqual(int(previous), secret - 1)
            answered = secret
            self.ssm.put_parameter(Name="a", Value=str(answered), Overwrite=True)

    def test_rotations_before_and_after_are_rotations_of_one_account(self):
        self.make_all()
        first = self.expect_rotated(self.rotate())
        before = self.everything()
        self.kill_and_start()
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.held_everywhere(), first)
        self.assertTrue(self.accepts(first))
        self.assertFalse(self.accepts(self.old), "what was deleted stays deleted")
        self.old = first
        second = self.expect_rotated(self.rotate())
        self.assertEqual(self.held_everywhere(), second)
        self.assertEqual([one["KeyId"] for one in self.ssm.get_parameter_history(Name="/app/aws")["Parameters"]], ["alias/mine"] * 3)
        stages = self.secretsmanager.describe_secret(SecretId="app/aws")["VersionIdsToStages"]
        self.assertEqual(sorted(stages.values()), [["AWSCURRENT", "AWSPENDING"], ["AWSPREVIOUS"]])

    def test_a_rotation_that_waits_goes_on_after_the_labs_death(self):
        self.make_all()
        run = self.expect(self.rotate("--grace", "1h", "--output", "json"), 3)
        [rotation] = json.loads(run.stdout)["rotations"]
        self.kill_and_start()
        self.assertEqual(len(self.key_ids()), 2)
        self.assertTrue(self.accepts(self.old))
        self.lab.tell("POST", "clock", {"advance": "2h"})
        self.assertEqual(self.held_everywhere(), self.expect_rotated(self.keytide("resume", rotation["id"])))

    def test_a_lab_that_dies_between_two_deliveries_is_delivered_to_when_it_is_back(self):
        self.make_all()
        striking = f"exec:kill -KILL {self.lab.process.pid}?read=no"
        run = self.rotate("--set", "poll=0", "--output", "json", deliver=(SECRET, striking, PARAMETER, PAIR))
        self.expect(run, 5, "ssm:/app/aws")
        [rotation] = json.loads(run.stdout)["rotations"]
        self.kill_and_start()
        self.assertTrue(self.accepts(self.old), "the old key works everywhere")
        self.assertEqual(len(self.key_ids()), 2)
        written = self.key_in(self.secretsmanager.get_secret_value(SecretId="app/aws")["SecretString"])
        self.secrets.add(written[1])
        self.assertNotEqual(written, self.old, "what the secret got before, it has")
        self.assertEqual(self.parameter("/app/pair/id"), self.old[0])
        new = self.expect_rotated(self.keytide("resume", rotation["id"]))
        self.assertEqual((self.held_everywhere(), new), (written, written))


if __name__ == "__main__":
    main()
