#!/usr/bin/python3
"""The ways in which the old key goes, and the ways back, by the real program."""
import subprocess

from stage import KEYTIDE, Stage, main

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}]}


class Ways(Stage):
    def setUp(self):
        super().setUp()
        self.allow("bob", EVERYTHING)

    def status_of(self, key_id):
        [key] = [k for k in self.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"] if k["AccessKeyId"] == key_id]
        return key["Status"]

    def rotation(self, run):
        [name] = {word.strip("'.,;:") for word in run.stderr.split() if word.startswith("r-")}
        return name

    def test_soaks_and_goes_back(self):
        run = self.expect(self.keytide("rotate", "--yes", "--soak", "2h"), 3, "Inactive")
        new = self.held()
        self.assertNotEqual(new, self.old)
        self.assertEqual(self.status_of(self.old[0]), "Inactive")
        back = self.expect(self.keytide("rollback", self.rotation(run), "--reason", "a consumer broke"), 4, "a consumer broke")
        self.assertIn(f"new {new[0]} deleted", back.stderr)
        self.assertEqual(self.held(), self.old)
        self.assertEqual(self.key_ids(), [self.old[0]])
        self.assertTrue(self.accepts(self.old))

    def test_abandoning_touches_no_key(self):
        run = self.expect(self.keytide("rotate", "--yes", "--grace", "2h"), 3)
        self.expect(self.keytide("abandon", self.rotation(run)), 2, "--reason")
        self.expect(self.keytide("abandon", self.rotation(run), "--reason", "settled by hand"), 0, "no key was touched")
        self.assertEqual(len(self.key_ids()), 2)
        self.expect(self.keytide("status"), 0, "no unfinished rotations")
        self.expect(self.keytide("resume", self.rotation(run)), 0, "has ended already")

    def test_no_way_back_without_a_way(self):
        self.expect(self.keytide("rollback", "r-nobody"), 2, "r-nobody")
        self.expect_rotated(self.keytide("rotate", "--yes"))
        [line] = self.keytide("history").stdout.splitlines()
        self.expect(self.keytide("rollback", line.split()[0]), 2, "has ended already")

    def test_a_compromised_key_goes_first(self):
        new = self.expect_rotated(self.keytide("rotate", "--yes", "--compromised", "--grace", "2h"))
        self.assertNotEqual(new, self.old)

    def test_an_inactive_second_key_is_given_up(self):
        other = self.key("bob")
        self.iam.update_access_key(UserName="bob", AccessKeyId=other[0], Status="Inactive")
        self.expect(self.keytide("rotate", "--yes"), 1, "both access key slots")
        self.expect_rotated(self.keytide("rotate", "--yes", "--second-slot", "replace-inactive"))

    def test_an_active_second_key_is_never_given_up(self):
        self.key("bob")
        self.expect(self.keytide("rotate", "--yes", "--second-slot", "replace-inactive"), 1, "both access key slots")
        self.assertEqual(len(self.key_ids()), 2)

    def test_quiet_waits_for_proof(self):
        run = self.expect(self.keytide("rotate", "--yes", "--quiet", "1h"), 3, "not quiet yet")
        self.assertEqual(len(self.key_ids()), 2)
        self.assertTrue(self.accepts(self.held()))
        self.assertIn("old " + self.old[0] + " Active", run.stderr)

    def test_what_is_not_allowed_cannot_be_asked_for(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey"], "Resource": "*"}]})
        self.expect_untouched(self.keytide("rotate", "--yes", "--soak", "1h"), 2, "iam:UpdateAccessKey")
        self.expect_untouched(self.keytide("rotate", "--yes", "--compromised"), 2, "iam:UpdateAccessKey")
        self.expect_untouched(self.keytide("rotate", "--yes", "--quiet", "1h"), 2, "iam:GetAccessKeyLastUsed")

    def test_numbers_with_which_nothing_could_end(self):
        for number in ("evidence_life=0", "verify_deadline=0", "late_call_window=0"):
            self.expect_untouched(self.keytide("rotate", "--yes", "--verify-spread", "1s", "--set", number), 2, number.split("=")[0])

    def test_a_late_call_window_shorter_than_that_of_aws_is_for_a_lab_alone(self):
        aws = self.environment(AWS_ENDPOINT_URL_S3="https://192.0.2.1", AWS_CA_BUNDLE="")
        run = self.keytide("rotate", "--yes", "--set", "late_call_window=1m", "--verify-spread", "0", env=aws)
        self.expect_untouched(run, 2, "late_call_window takes at least 15m")
        self.expect_rotated(self.keytide("rotate", "--yes", "--set", "late_call_window=1m"))

    def test_two_at_once_see_each_other_at_the_prompt(self):
        """Who waits for consent holds the user's lock: nobody rotates the key away under the question."""
        asking = subprocess.Popen(["script", "-qec", f"{KEYTIDE} rotate", "/dev/null"], env=self.environment(), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        said = ""
        while "go on?" not in said:
            said += asking.stdout.read(1)
        self.expect(self.keytide("rotate", "--yes"), 6, "another process")
        asking.stdin.write("y\n")
        asking.stdin.flush()
        said = asking.stdout.read()
        asking.stdin.close()
        asking.stdout.close()
        self.assertEqual(asking.wait(), 0, said)
        self.assertEqual(self.key_ids(), [self.held()[0]])


if __name__ == "__main__":
    main()
