#!/usr/bin/python3
"""keytide lab and keytide demo, as a person starts and ends them."""
import http.client
import json
import pathlib
import re
import subprocess
import urllib.error

from stage import KEYTIDE, Lab, Stage, main


class LabCommand(Stage):
    def test_the_env_file_is_enough_to_be_root(self):
        self.assertEqual(self.lab.env_file.stat().st_mode & 0o777, 0o600)
        shown = subprocess.run(["sh", "-c", f". {self.lab.env_file}; env"], capture_output=True, text=True, env={}).stdout
        self.assertIn(f"AWS_ENDPOINT_URL={self.lab.endpoint}\n", shown)
        self.assertIn("AWS_DEFAULT_REGION=us-east-1\n", shown)
        self.assertRegex(shown, r"(?m)^KEYTIDE_LAB_TOKEN=[0-9A-Z]{40}$")
        identity = self.lab.client("sts").get_caller_identity()
        self.assertEqual((identity["Arn"], identity["UserId"]), ("arn:aws:iam::123456789012:root", "123456789012"))

    def test_the_control_plane_opens_to_the_token_of_the_env_file(self):
        self.assertEqual(self.lab.tell("GET", "health"), {"status": "ok"})
        self.lab.token = "0" * 40
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.lab.tell("GET", "health")
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()

    def test_propagation_can_be_chosen(self):
        folder = self.home / "slow"
        folder.mkdir()
        lab = Lab(folder, "--propagation", "10s", "--flapping", "4s", "--seed", "7")
        told = lab.tell("GET", "propagation")
        self.assertEqual((told["replicas"][0]["new"], told["replicas"][1]["new"], told["seed"]), ("10s", "14s", 7))
        lab.stop()

    def test_sigterm_ends_it_cleanly(self):
        self.assertEqual(self.lab.stop(), 0)

    def test_account_and_root_key_can_be_chosen(self):
        folder = self.home / "other"
        folder.mkdir()
        (folder / "root").write_text("AWS_ACCESS_KEY_ID=root_for_scripts\nAWS_SECRET_ACCESS_KEY=any-secret-at-all\n")
        lab = Lab(folder, "--account", "000000000042", "--root-key-file", folder / "root")
        self.assertEqual(lab.root, ("root_for_scripts", "any-secret-at-all"))
        self.assertEqual(lab.client("sts").get_caller_identity()["Arn"], "arn:aws:iam::000000000042:root")
        lab.client("iam").create_user(UserName="dave")
        made = lab.client("iam").create_access_key(UserName="dave")["AccessKey"]
        self.secrets.add(made["SecretAccessKey"])
        self.assertEqual(lab.client("sts", (made["AccessKeyId"], made["SecretAccessKey"])).get_caller_identity()["Account"], "000000000042")
        lab.stop()

    def test_a_lab_of_two_accounts_has_two_root_users_and_roles_lead_across(self):
        folder = self.home / "two"
        folder.mkdir()
        lab = Lab(folder, "--account", "123456789012", "--account", "210987654321")
        values = dict(re.findall(r"^export (\w+)='([^']*)'$", lab.env_file.read_text(), re.M))
        theirs = (values["AWS_ACCESS_KEY_ID_210987654321"], values["AWS_SECRET_ACCESS_KEY_210987654321"])
        self.assertEqual(lab.client("sts", theirs).get_caller_identity()["Account"], "210987654321")
        lab.client("iam", theirs).create_role(RoleName="guest", AssumeRolePolicyDocument=json.dumps({"Statement": {
            "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}}))
        lab.client("iam").create_user(UserName="dave")
        lab.client("iam").attach_user_policy(UserName="dave", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        made = lab.client("iam").create_access_key(UserName="dave")["AccessKey"]
        visit = lab.client("sts", (made["AccessKeyId"], made["SecretAccessKey"])).assume_role(
            RoleArn="arn:aws:iam::210987654321:role/guest", RoleSessionName="visit")
        self.assertEqual(visit["AssumedRoleUser"]["Arn"], "arn:aws:sts::210987654321:assumed-role/guest/visit")
        self.secrets |= {made["SecretAccessKey"], visit["Credentials"]["SecretAccessKey"]}
        lab.stop()

    def test_what_cannot_be_is_said(self):
        port = self.lab.endpoint.rsplit(":", 1)[1]
        file = self.home / "mine"
        file.write_text("precious\n")
        for arguments, code, words in (
                (("--listen", f"127.0.0.1:{port}"), 1, port),
                (("--listen", "nowhere"), 2, "ADDRESS:PORT"),
                (("--listen", "256.0.0.1:1"), 2, "256.0.0.1"),
                (("--account", "12"), 2, "12"),
                (("--account", "000000000042", "--account", "000000000042"), 2, "twice"),
                (("--listen", "127.0.0.1:0", "--env-file", file), 2, str(file)),
                (("--listen", "127.0.0.1:0", "--root-key-file", file), 2, str(file)),
                (("--listen", "127.0.0.1:0", "--env-file", self.home), 1, str(self.home))):
            with self.subTest(arguments):
                self.expect(self.keytide("lab", *arguments), code, words)
        self.assertEqual(file.read_text(), "precious\n")

    def test_a_repeated_request_is_accepted_and_a_changed_one_is_not(self):
        client = self.lab.client("sts")
        sent = []
        client.meta.events.register("before-send.sts", lambda request, **more: sent.append(request))
        client.get_caller_identity()
        headers = {name: value if isinstance(value, str) else value.decode() for name, value in sent[0].headers.items()}
        for body, status in ((sent[0].body, 200), (sent[0].body + "&x=1", 403)):
            connection = http.client.HTTPConnection(self.lab.endpoint.removeprefix("http://"))
            connection.request("POST", "/", body, headers | {"Content-Length": str(len(body))})
            self.assertEqual(connection.getresponse().status, status)
            connection.close()


class Demo(Stage):
    def test_the_story(self):
        trap = self.home / ".aws" / "credentials"
        before = trap.read_bytes()
        run = self.keytide("demo", env=self.environment(AWS_PROFILE="none", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                                                        AWS_SECRET_ACCESS_KEY="x", AWS_ENDPOINT_URL="http://127.0.0.1:9"))
        self.expect(run, 0, "An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: "
                            "The AWS Access Key Id you provided does not exist in our records.")
        old, new = re.search(r"rotated \S+: (\S+) -> (\S+)", run.stdout).groups()
        self.assertNotEqual(old, new)
        self.assertEqual(trap.read_bytes(), before)
        self.assertFalse((self.home / "state").exists())
        self.assertFalse((self.home / "config").exists())
        self.assertEqual([p for p in pathlib.Path("/tmp").glob("keytide-demo-*") if str(p) in run.stdout], [], "nothing is left behind")


class Usage(Stage):
    def test_version_and_help(self):
        self.assertRegex(self.expect(self.keytide("--version"), 0).stdout, r"^keytide \d+\.\d+\.\d+\n$")
        for command in ("demo", "rotate", "issue", "resume", "status", "history", "exec", "lab"):
            with self.subTest(command):
                self.expect(self.keytide(command, "--help"), 0, "Usage: keytide " + command)

    def test_wrong_use(self):
        for arguments in ((), ("fly",), ("rotate", "--fly"), ("rotate", "--output", "poem"), ("history", "r-nobody"), ("resume", "r-nobody")):
            with self.subTest(arguments):
                self.expect(self.keytide(*arguments), 2)

    def test_nothing_yet(self):
        self.expect(self.keytide("status"), 0, "no unfinished rotations")
        self.expect(self.keytide("history"), 0, "no rotations yet")
        self.expect(self.keytide("resume"), 0, "nothing to resume")
        self.assertFalse((self.home / "state").exists(), "looking makes nothing")

    def test_a_result_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            run = subprocess.run([KEYTIDE, "status"], stdout=full, stderr=subprocess.PIPE, text=True, env=self.environment())
        self.assertEqual(run.returncode, 1)
        self.assertIn("could not be written", run.stderr)


if __name__ == "__main__":
    main()
