#!/usr/bin/python3
"""Clients that nobody here wrote, and the program itself, on a lab that misbehaves."""
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import unittest

import botocore.exceptions

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from stage import SOURCE, Stage  # noqa: E402

ALL_OF_IAM = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:ListAllMyBuckets"], "Resource": "*"}]}


class Troubled(Stage):
    def fault(self, **rule):
        return self.lab.tell("POST", "faults", rule)["rules"][0]["id"]

    def requests(self, **wanted):
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return self.lab.tell("GET", f"requests?{query}")["requests"]

    def struck(self):
        return [rule["applied"] for rule in self.lab.tell("GET", "faults")["rules"]]


class Spreading(Troubled):
    """New and deleted keys are heard of after ten seconds, and answers alternate for four more."""
    lab_options = ("--propagation", "10s", "--flapping", "4s")

    def setUp(self):
        super().setUp()
        self.lab.tell("POST", "clock", {"advance": "1m"})  # the first key is an old one

    def test_a_rotation_waits_until_everybody_has_heard(self):
        run = self.keytide("rotate", "--yes", "--verify-spread", "6s")
        self.expect(run, 0)
        new = self.held()
        self.assertEqual(self.key_ids(), [new[0]])
        self.assertTrue(self.accepts(new))
        unknown = self.requests(principal=new[0], code="InvalidClientTokenId")
        self.assertGreater(len(unknown), 0, "it was asked before everybody had heard")
        [deletion] = [r for r in self.requests(action="DeleteAccessKey") if r.get("status") == 200]
        after = [r for r in self.requests(principal=new[0]) if r["number"] > deletion["number"] and "code" in r]
        self.assertEqual(after, [], "what was delivered works ever after")
        self.lab.tell("POST", "clock", {"advance": "14s"})
        self.assertFalse(self.accepts(self.old))


class Misfortune(Troubled):
    def rotate(self, *more):
        return self.keytide("rotate", "--yes", "--set", "poll=0", *more)

    def test_nothing_wrong_nothing_struck(self):
        self.expect_rotated(self.rotate())
        self.assertEqual([r for r in self.requests() if "fault" in r], [])
        [created] = self.requests(action="CreateAccessKey", principal=self.old[0])
        self.assertEqual((created["service"], created["principal"], created["status"]),
                         ("iam", "arn:aws:iam::123456789012:user/bob", 200))

    def test_the_answer_of_create_is_lost_and_nobody_may_list(self):
        self.fault(action="CreateAccessKey", times=1, fault="lose_answer")
        run = self.expect(self.rotate("--set", "in_flight=0"), 5, "keytide: keys: ", self.old[0])
        self.assertIn("iam:ListAccessKeys", run.stderr)
        self.assertEqual(len(self.key_ids()), 2)
        self.assertTrue(self.accepts(self.held()))

    def test_the_answer_of_create_is_lost_and_the_list_shows_the_key(self):
        self.allow("bob", ALL_OF_IAM)
        self.fault(action="CreateAccessKey", times=1, fault="lose_answer")
        run = self.expect(self.rotate("--set", "in_flight=0"), 5, "aws iam delete-access-key")
        [lost] = set(self.key_ids()) - {self.old[0]}
        self.assertIn(lost, run.stderr)
        self.iam.delete_access_key(UserName="bob", AccessKeyId=lost)
        rotation = re.search(r"r-\w+-\w+", run.stderr)[0]
        self.expect_rotated(self.keytide("resume", rotation))

    def test_a_call_that_lands_late_is_seen_when_it_may_still_land(self):
        self.allow("bob", ALL_OF_IAM)
        self.fault(action="CreateAccessKey", times=1, fault="hold", **{"for": "2s"}, hang_up=True)
        run = self.expect(self.rotate("--set", "in_flight=4s"), 5, "aws iam delete-access-key")
        [lost] = set(self.key_ids()) - {self.old[0]}
        self.assertIn(lost, run.stderr)
        [landed] = self.requests(action="CreateAccessKey", fault="hold")
        self.assertGreater(landed["landed"], landed["received"])

    def test_the_answer_of_delete_is_lost(self):
        self.fault(action="DeleteAccessKey", skip=1, times=1, fault="lose_answer")  # the first asks for permission
        self.expect_rotated(self.rotate())
        self.assertEqual(self.struck(), [1])

    def test_throttling_is_ridden_out(self):
        self.allow("bob", ALL_OF_IAM)
        self.fault(service=["iam", "sts"], principal="bob", fault="throttle", rate=1, burst=4)
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.assertGreater(self.struck()[0], 0)
        self.assertEqual({r["code"] for r in self.requests(fault="refuse")}, {"Throttling"})

    def test_a_throttle_that_takes_every_second_call_only_slows_it_down(self):
        self.allow("bob", ALL_OF_IAM)
        self.fault(service=["iam", "sts"], principal="bob", fault="throttle", rate=2, burst=1)
        self.expect_rotated(self.keytide("rotate", "--yes", "--probe", "s3:list-buckets"))
        self.assertGreater(self.struck()[0], 0)

    def test_a_shortened_signature_window(self):
        self.lab.tell("POST", "signatures", {"window": "20s"})
        self.fault(action="CreateAccessKey", times=1, fault="hold", **{"for": "21s"})
        with concurrent.futures.ThreadPoolExecutor() as pool:
            create = pool.submit(self.lab.client("iam", self.old).create_access_key)
            while not self.struck()[0] and not create.done():
                pass
            self.lab.tell("POST", "clock", {"advance": "21s"})
            with self.assertRaisesRegex(botocore.exceptions.ClientError, "Signature expired"):
                create.result()
        self.assertEqual(self.key_ids(), [self.old[0]])
        self.expect_rotated(self.rotate("--set", "late_call_window=20s"))

    def test_reads_are_made_again_whatever_became_of_them(self):
        self.allow("bob", ALL_OF_IAM)
        for trouble in ({"fault": "close"}, {"fault": "lose_answer"}, {"fault": "reset"}, {"fault": "reset", "acts": True},
                        {"fault": "truncate", "after": 30}, {"fault": "html", "status": 502},
                        {"fault": "refuse", "code": "ServiceUnavailable", "status": 503}):
            with self.subTest(trouble):
                self.old = self.held()
                self.lab.tell("DELETE", "faults")
                for action in ("GetCallerIdentity", "ListAccessKeys"):
                    self.fault(action=action, principal=self.old[0], times=1, **trouble)
                self.expect_rotated(self.rotate())
                self.assertEqual(self.struck(), [1, 1])

    def test_the_same_seed_has_the_same_fate(self):
        fates = []
        for seed in (1, 1, 2):
            self.lab.tell("DELETE", "faults")
            self.fault(action="ListBuckets", probability=0.5, seed=seed, fault="refuse", code="SlowDown", status=503)
            s3 = self.lab.client("s3")
            fate = ""
            for _ in range(40):
                try:
                    s3.list_buckets()
                    fate += "."
                except botocore.exceptions.ClientError as refusal:
                    self.assertEqual(refusal.response["Error"]["Code"], "SlowDown")
                    fate += "x"
            fates.append(fate)
        self.assertEqual(fates[0], fates[1])
        self.assertNotEqual(fates[0], fates[2])

    def test_clients_with_the_real_clock_go_on_after_ninety_days(self):
        self.lab.tell("POST", "clock", {"advance": "90d"})
        self.assertTrue(self.accepts(self.old))
        made = self.key("bob")
        [listed] = [k for k in self.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"] if k["AccessKeyId"] == made[0]]
        [older] = [k for k in self.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"] if k["AccessKeyId"] == self.old[0]]
        self.assertEqual((listed["CreateDate"] - older["CreateDate"]).days, 90)

    def test_a_reset_leaves_root_alone(self):
        self.lab.tell("POST", "reset")
        self.assertFalse(self.accepts(self.old))
        self.assertEqual(self.iam.list_users()["Users"], [])


class Documented(Stage):
    """What docs/lab.md tells to type."""

    def blocks(self):
        lines = (SOURCE / "docs" / "lab.md").read_text().splitlines()
        block = []
        for line in lines + [""]:
            if line.startswith("    "):
                block.append(line[4:])
            elif block:
                yield block
                block = []

    def test_the_commands_work(self):
        commands = [block for block in self.blocks() if any(line.startswith("tell") for line in block)]
        self.assertGreater(len(commands), 0)
        script = "\n".join(line for block in commands for line in block)
        run = subprocess.run(["sh", "-eu"], input=script, capture_output=True, text=True, cwd=self.home, env={"PATH": "/usr/bin:/bin"})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn('{"status":"ok"}', run.stdout)
        self.no_secrets_in(run.stdout + run.stderr)

    def test_the_rules_are_understood(self):
        rules = [block for block in self.blocks() if block[0].startswith('{"service"')]
        self.assertGreater(len(rules), 0)
        for rule in rules:
            told = json.loads("\n".join(rule))
            [taken] = self.lab.tell("POST", "faults", told)["rules"]
            self.assertEqual(taken["fault"], told["fault"])


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
