"""The stage of the command line's tests: a lab, the user bob with one key, and a home folder.

Every run of the program is checked for one thing beside what the test asks: no secret in what it prints.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request

import botocore.session
from botocore.config import Config

SOURCE = pathlib.Path(__file__).resolve().parents[2]
KEYTIDE = os.environ.get("KEYTIDE", str(SOURCE / "build" / "keytide"))
SCHEMA = SOURCE / "docs" / "output.schema.json"

LEAST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey"],
         "Resource": "arn:aws:iam::123456789012:user/bob"},
    ],
}


def clean_environment(home):
    """The machine's own AWS settings are nobody's business here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and "proxy" not in name.lower()}
    return kept | {"HOME": str(home), "XDG_STATE_HOME": f"{home}/state", "XDG_CONFIG_HOME": f"{home}/config"}


class Lab:
    def __init__(self, folder, *options, listen="127.0.0.1:0", **more):
        self.env_file = folder / "lab.env"
        self.process = subprocess.Popen(
            [KEYTIDE, "lab", "--listen", listen, "--env-file", self.env_file, *options],
            stdout=subprocess.PIPE, text=True, env=clean_environment(folder), **more)
        self.process.stdout.readline()  # said once it answers
        values = dict(re.findall(r"^export (\w+)='?([^'\n]*)'?$", self.env_file.read_text(), re.M))
        self.endpoint = values["AWS_ENDPOINT_URL"]
        self.root = (values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"])
        self.token = values["KEYTIDE_LAB_TOKEN"]

    def client(self, service, key=None):
        key_id, secret = key or self.root
        session = botocore.session.Session()
        return session.create_client(
            service, region_name="us-east-1", endpoint_url=self.endpoint, aws_access_key_id=key_id,
            aws_secret_access_key=secret, config=Config(retries={"max_attempts": 0}))

    def tell(self, method, topic, told=None):
        """The control plane: what it says to that."""
        request = urllib.request.Request(
            f"{self.endpoint}/_lab/{topic}", method=method, data=json.dumps(told).encode() if told is not None else None,
            headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code


class Stage(unittest.TestCase):
    lab_listens, lab_options = "127.0.0.1:0", ()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-test-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.lab = Lab(self.home, *self.lab_options, listen=self.lab_listens)
        self.addCleanup(lambda: self.lab.process.poll() is None and self.lab.stop())
        self.iam = self.lab.client("iam")
        self.secrets = {self.lab.root[1], self.lab.token}
        self.user("bob", LEAST_POLICY)
        self.old = self.key("bob")
        self.credentials = self.home / ".aws" / "credentials"
        self.credentials.parent.mkdir()
        self.write_credentials(self.profile("default", self.old))

    # What AWS has

    def user(self, name, policy):
        self.iam.create_user(UserName=name)
        if policy:
            self.allow(name, policy)

    def allow(self, name, policy):
        self.iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=json.dumps(policy))

    def key(self, user):
        made = self.iam.create_access_key(UserName=user)["AccessKey"]
        self.secrets.add(made["SecretAccessKey"])
        return made["AccessKeyId"], made["SecretAccessKey"]

    def key_ids(self, user="bob"):
        return [k["AccessKeyId"] for k in self.iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]

    def accepts(self, key):
        try:
            self.lab.client("sts", key).get_caller_identity()
            return True
        except botocore.exceptions.ClientError as refusal:
            self.assertEqual(refusal.response["Error"]["Code"], "InvalidClientTokenId")
            return False

    # What the files hold

    @staticmethod
    def profile(name, key):
        return f"[{name}]\naws_access_key_id = {key[0]}\naws_secret_access_key = {key[1]}\n"

    def write_credentials(self, text):
        self.credentials.write_text(text)
        self.credentials.chmod(0o600)

    def held(self, profile="default", path=None):
        text = (path or self.credentials).read_text()
        section = re.search(rf"^\[(?:profile )?{profile}\]\n((?:(?!\[).*\n?)*)", text, re.M)[1]
        found = dict(re.findall(r"^(\w+)\s*=\s*(\S+)", section, re.M))
        self.secrets.add(found["aws_secret_access_key"])
        return found["aws_access_key_id"], found["aws_secret_access_key"]

    # Running the program

    def environment(self, **more):
        return clean_environment(self.home) | {"AWS_ENDPOINT_URL": self.lab.endpoint, "AWS_REGION": "us-east-1"} | more

    def keytide(self, *arguments, env=None, prefix=(), **more):
        run = subprocess.run([*prefix, KEYTIDE, *map(str, arguments)], env=env or self.environment(), text=True,
                             capture_output=True, stdin=subprocess.DEVNULL, timeout=120, **more)
        self.no_secrets_in(run.stdout + run.stderr)
        return run

    def no_secrets_in(self, text):
        for secret in self.secrets:
            self.assertNotIn(secret, text, "a secret was printed")

    def expect(self, run, code, *words):
        self.assertEqual(run.returncode, code, f"\nstdout: {run.stdout}\nstderr: {run.stderr}")
        for each in words:
            self.assertIn(each, run.stdout + run.stderr)
        if code in (1, 2, 4, 6):
            self.assertIn("keytide: error: ", run.stderr)
            self.assertIn("keytide: hint: ", run.stderr)
        return run

    def expect_untouched(self, run, code, *words):
        """An error, the key still works, is alone, and stands where it stood."""
        before = self.credentials.read_bytes() if self.credentials.is_file() else None
        self.expect(run, code, *words)
        self.assertEqual(self.key_ids(), [self.old[0]])
        self.assertTrue(self.accepts(self.old))
        if before is not None:
            self.assertEqual(self.credentials.read_bytes(), before)

    def expect_rotated(self, run, profile="default", path=None):
        self.expect(run, 0)
        new = self.held(profile, path)
        self.assertNotEqual(new[0], self.old[0])
        self.assertEqual(self.key_ids(), [new[0]])
        self.assertTrue(self.accepts(new))
        self.assertFalse(self.accepts(self.old))
        return new


def main():
    unittest.main(verbosity=2, warnings="ignore")  # botocore leaves its sockets to the collector
