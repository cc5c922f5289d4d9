#!/usr/bin/python3
"""`keytide who`: who uses a key, from where and for what."""
import json

import botocore.exceptions
import botocore.session
import jsonschema

from stage import SCHEMA, Stage, main


class Who(Stage):
    def setUp(self):
        super().setUp()
        self.write_credentials(self.profile("default", self.lab.root))

    def who(self, key, *options, code=0):
        run = self.expect(self.keytide("who", key, "--output", "json", *options), code)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        return said["key_uses"]

    def test_the_calls_of_a_key_are_told_by_place_and_service(self):
        self.allow("bob", self.everything())
        self.lab.client("iam", self.old).list_access_keys(UserName="bob")
        self.lab.client("sts", self.old).get_caller_identity()
        self.lab.client("s3", self.old).list_buckets()
        uses = self.who(self.old[0])
        self.assertEqual(uses["user"], "bob")
        [place] = uses["places"]
        self.assertEqual(place["address"], "127.0.0.1")
        self.assertIn("Botocore/", place["user_agent"])
        self.assertEqual(place["principal"], "arn:aws:iam::123456789012:user/bob")
        self.assertEqual(place["services"], {"iam.amazonaws.com": 1, "sts.amazonaws.com": 1, "s3.amazonaws.com": 1})
        self.assertEqual((place["calls"], place["refused"]), (3, 0))
        self.assertTrue(uses["all_pages"])

    @staticmethod
    def everything():
        return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

    def test_two_programs_are_two_places(self):
        self.lab.client("sts", self.old).get_caller_identity()
        self.keytide("doctor", env=self.environment(AWS_ACCESS_KEY_ID=self.old[0], AWS_SECRET_ACCESS_KEY=self.old[1]))
        agents = {p["user_agent"].split("/")[0] for p in self.who(self.old[0])["places"]}
        self.assertEqual(agents, {"Botocore", "keytide"})

    def test_what_was_refused_is_counted(self):
        with self.assertRaises(botocore.exceptions.ClientError):
            self.lab.client("iam", self.old).list_users()
        [place] = self.who(self.old[0])["places"]
        self.assertEqual((place["calls"], place["refused"]), (1, 1))

    def test_all_pages_are_read(self):
        sts = self.lab.client("sts", self.old)
        for _ in range(120):
            sts.get_caller_identity()
        [place] = self.who(self.old[0])["places"]
        self.assertEqual(place["calls"], 120)

    def test_calls_of_another_region_are_seen_where_the_key_was_used_last(self):
        sts = botocore.session.Session().create_client("sts", region_name="eu-central-1", endpoint_url=self.lab.endpoint,
                                                       aws_access_key_id=self.old[0], aws_secret_access_key=self.old[1])
        sts.get_caller_identity()
        uses = self.who(self.old[0])
        self.assertEqual(uses["regions"], ["us-east-1", "eu-central-1"])
        self.assertEqual(len(uses["places"]), 1)

    def test_an_unused_key_has_no_places_and_the_limits_are_told(self):
        run = self.expect(self.keytide("who", self.old[0]), 0, "never used", "no call of it in us-east-1",
                          "S3 objects and other data events are not among them", "each in its region")
        self.assertEqual(run.stderr, "")

    def test_who_may_not_look_is_told_what_to_allow(self):
        self.write_credentials(self.profile("default", self.old))
        self.expect(self.keytide("who", self.old[0]), 1, "AccessDenied", "cloudtrail:LookupEvents")
        self.expect(self.keytide("who", "a b"), 2, "not an access key id")

    def test_throttling_is_waited_out(self):
        self.lab.client("sts", self.old).get_caller_identity()
        self.lab.tell("POST", "faults", {"service": "cloudtrail", "action": "LookupEvents", "times": 1,
                                         "fault": "refuse", "code": "ThrottlingException", "status": 400, "message": "Rate exceeded"})
        self.assertEqual(len(self.who(self.old[0])["places"]), 1)


if __name__ == "__main__":
    main()
