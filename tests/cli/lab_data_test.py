#!/usr/bin/python3
"""keytide lab --data: what was answered is still so after any end of the lab."""
import os
import pathlib
import random
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import botocore.exceptions
from stage import KEYTIDE, Lab, clean_environment

STACK = """
Parameters: {Name: {Type: String}}
Resources:
  User: {Type: AWS::IAM::User, Properties: {UserName: !Ref Name}}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref User}}
Outputs: {Id: {Value: !Ref Key}, Secret: {Value: !GetAtt Key.SecretAccessKey}}
"""


class Data(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-test-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.data = self.home / "data"
        self.start()
        self.addCleanup(self.end)

    def start(self, *options):
        self.lab = Lab(self.home, "--data", self.data, *options)
        self.iam = self.lab.client("iam")

    def end(self):
        if self.lab.process.poll() is None:
            self.lab.process.kill()
        self.lab.process.wait()
        self.lab.process.stdout.close()

    def kill_and_start(self):
        self.end()
        self.start()

    def refusal(self, *arguments, data=None):
        run = subprocess.run([KEYTIDE, "lab", "--listen", "127.0.0.1:0", "--env-file", self.home / "other.env", "--data",
                              data or self.data, *arguments], capture_output=True, text=True,
                             env=clean_environment(self.home), stdin=subprocess.DEVNULL, timeout=60)
        return run.returncode, run.stderr

    def users(self):
        return {user["UserName"] for page in self.iam.get_paginator("list_users").paginate() for user in page["Users"]}

    def everything(self):
        """What clients can see, key ids and secrets of the root user included."""
        stacks = self.lab.client("cloudformation")
        seen = {"root": self.lab.root, "users": self.iam.list_users()["Users"],
                "stacks": stacks.list_stacks()["StackSummaries"], "buckets": self.lab.client("s3").list_buckets()["Buckets"]}
        for user in seen["users"]:
            name = user["UserName"]
            seen[name] = (self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"],
                          [self.iam.get_user_policy(UserName=name, PolicyName=policy)["PolicyDocument"]
                           for policy in self.iam.list_user_policies(UserName=name)["PolicyNames"]])
        for stack in seen["stacks"]:
            seen[stack["StackId"]] = stacks.describe_stack_events(StackName=stack["StackId"])["StackEvents"]
        return seen

    def test_everything_is_there_after_a_kill(self):
        self.iam.create_user(UserName="bob")
        self.iam.put_user_policy(UserName="bob", PolicyName="may", PolicyDocument='{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}')
        made = self.iam.create_access_key(UserName="bob")["AccessKey"]
        key = (made["AccessKeyId"], made["SecretAccessKey"])
        self.lab.client("s3", key).create_bucket(Bucket="kept")
        self.lab.client("cloudformation").create_stack(
            StackName="s", TemplateBody=STACK, Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": "Name", "ParameterValue": "carol"}])
        self.iam.create_user(UserName="gone")
        self.iam.delete_user(UserName="gone")
        with self.assertRaises(botocore.exceptions.ClientError):
            self.iam.create_user(UserName="bob")
        before = self.everything()
        for _ in range(2):
            self.kill_and_start()
            self.assertEqual(self.everything(), before)
        self.assertEqual(self.lab.client("s3", key).list_buckets()["Buckets"][0]["Name"], "kept")
        outputs = {one["OutputKey"]: one["OutputValue"] for one in self.lab.client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]["Outputs"]}
        identity = self.lab.client("sts", (outputs["Id"], outputs["Secret"])).get_caller_identity()
        self.assertEqual(identity["Arn"], "arn:aws:iam::123456789012:user/carol")
        used = self.iam.get_access_key_last_used(AccessKeyId=key[0])["AccessKeyLastUsed"]
        self.assertEqual(used["ServiceName"], "s3")

    def test_what_was_answered_survives_a_kill_at_any_moment(self):
        luck = random.Random(7)
        answered = set()
        for round_ in range(4):
            killer = subprocess.Popen(["sh", "-c", f"read line; kill -KILL {self.lab.process.pid}"], stdin=subprocess.PIPE)
            strikes = luck.randrange(20, 60)
            try:
                for number in range(1000):
                    if number == strikes:
                        killer.stdin.close()  # it strikes while requests go on
                    name = f"u{round_}-{number}"
                    self.iam.create_user(UserName=name)
                    answered.add(name)
            except botocore.exceptions.BotoCoreError:
                pass
            killer.wait()
            self.kill_and_start()
            there = self.users()
            self.assertLessEqual(answered, there)
            self.assertLessEqual(len(there - answered), round_ + 1, "at most the one that was under way")

    def test_a_request_that_cannot_be_kept_is_refused(self):
        self.iam.create_user(UserName="bob")
        self.end()
        # Python ignores SIGXFSZ, and so does the lab that it starts: writes beyond the limit fail, as on a full disk.
        limit = (256 * 1024, 256 * 1024)
        self.lab = Lab(self.home, "--data", self.data, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
                       restore_signals=False)
        self.iam = self.lab.client("iam")
        answered = []
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            for number in range(2000):
                self.iam.create_user(UserName=f"u{number}")
                answered.append(f"u{number}")
        self.assertEqual(caught.exception.response["Error"]["Code"], "InternalFailure")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 500)
        self.assertTrue(answered)
        self.assertEqual(self.users(), {"bob", *answered}, "what was refused was not done")
        self.kill_and_start()
        self.assertEqual(self.users(), {"bob", *answered})

    def test_the_file_is_its_owners_alone(self):
        self.iam.create_user(UserName="bob")
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)
        for file in self.data.iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600, file)
        self.end()
        (self.data / "lab.sqlite").chmod(0o640)
        code, words = self.refusal()
        self.assertEqual(code, 1)
        self.assertIn("not a file of yours alone", words)

    def test_one_lab_at_a_time(self):
        code, words = self.refusal()
        self.assertEqual(code, 6)
        self.assertIn("locked by another program", words)

    def test_it_stays_the_account_that_it_was(self):
        self.end()
        code, words = self.refusal("--account", "000000000042")
        self.assertEqual(code, 2)
        self.assertIn("123456789012", words)
        self.start()

    def test_news_may_travel_slowly(self):
        self.end()
        self.start("--propagation", "2s")
        self.iam.create_user(UserName="bob")
        made = self.iam.create_access_key(UserName="bob")["AccessKey"]
        key = (made["AccessKeyId"], made["SecretAccessKey"])
        bob = self.lab.client("sts", key)
        refused = 0
        while True:
            try:
                bob.get_caller_identity()
                break
            except botocore.exceptions.ClientError:
                refused += 1
        self.assertGreater(refused, 0)
        self.iam.delete_access_key(UserName="bob", AccessKeyId=key[0])
        bob.get_caller_identity()  # nobody has heard of that yet
        for options in ((), ("--propagation", "5s")):
            self.end()
            self.start(*options)
            self.assertEqual(self.users(), {"bob"})

    def test_a_shortened_signature_window_does_not_hold_for_what_was_asked_before(self):
        self.iam.create_user(UserName="bob")
        self.end()
        self.start("--signature-window", "1s")
        self.assertEqual(self.users(), {"bob"})
        self.end()
        self.assertEqual(self.refusal("--signature-window", "16m")[0], 2)

    def test_a_damaged_file_is_said_to_be_damaged(self):
        self.iam.create_user(UserName="bob")
        self.assertEqual(self.lab.stop(), 0)
        file = self.data / "lab.sqlite"
        whole = file.read_bytes()
        at = whole.index(b"UserName=bob")
        file.write_bytes(whole[:at] + b"UserName=eve" + whole[at + 12:])
        code, words = self.refusal()
        self.assertEqual(code, 1)
        self.assertIn("the lab's data is damaged: request 1", words)
        file.write_bytes(whole[:1000] + os.urandom(3000) + whole[4000:])
        self.assertEqual(self.refusal()[0], 1)
        file.write_bytes(b"no database at all" * 100)
        code, words = self.refusal()
        self.assertEqual(code, 1)
        self.assertIn("damaged", words)
        with sqlite3.connect(self.home / "other") as other:
            other.execute("CREATE TABLE t (x)")
        other.close()
        foreign = self.home / "foreign"
        foreign.mkdir()
        shutil.move(self.home / "other", foreign / "lab.sqlite")
        (foreign / "lab.sqlite").chmod(0o600)
        code, words = self.refusal(data=foreign)
        self.assertEqual(code, 1)
        self.assertIn("is not the data of a lab", words)


if __name__ == "__main__":
    unittest.main()
