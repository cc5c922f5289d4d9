"""One user, one home folder, one key in a credentials file; and the program that replaces it, struck down again and again."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from stage import KEYTIDE, clean_environment  # noqa: E402

STRIKE = os.environ["KEYTIDE_STRIKE"]  # the library that strikes

DONE, FAILED, PARKED, ROLLED_BACK, NEEDS_PERSON, BUSY = 0, 1, 3, 4, 5, 6
KILLED = -signal.SIGKILL

# Bob's policies: what a rotation needs at least, and all that it can use.
LEAST = ["iam:CreateAccessKey", "iam:DeleteAccessKey"]
FULL = LEAST + ["iam:ListAccessKeys", "iam:UpdateAccessKey", "iam:GetAccessKeyLastUsed"]

DEADLINES = ["--set", "verify_deadline=20s", "--set", "settle_deadline=20s"]
SPREAD = ["--verify-spread", "1500ms"]  # longer than news travels, as an operator would set it
GRACE = DEADLINES + SPREAD + ["--grace", "1s"]  # for the client between its reading of the file and its call
SOAK = ["--soak", "1s"]


class Wrong(Exception):
    """What must never be."""


class Life:
    """`administrator`: a key that rotates in the user's stead; nothing: the user rotates its own."""

    def __init__(self, lab, home, permissions, options, administrator=None):
        self.lab, self.home, self.options, self.administrator = lab, home, options, administrator
        self.name = name = home.name
        self.iam = lab.client("iam")
        self.iam.create_user(UserName=name)
        arn = f"arn:aws:iam::123456789012:user/{name}"
        policy = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
            {"Effect": "Allow", "Action": permissions, "Resource": arn}]}
        self.iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=json.dumps(policy))
        made = self.iam.create_access_key(UserName=name)["AccessKey"]
        self.credentials = home / ".aws" / "credentials"
        self.credentials.parent.mkdir()
        self.credentials.write_text(
            f"# of {name}\n[default]\naws_access_key_id = {made['AccessKeyId']}\naws_secret_access_key = {made['SecretAccessKey']}\n")
        self.credentials.chmod(0o600)

    # The program

    def environment(self, state="state", **more):
        return clean_environment(self.home) | {
            "AWS_ENDPOINT_URL": self.lab.endpoint, "AWS_REGION": "us-east-1",
            "XDG_STATE_HOME": f"{self.home}/{state}", "XDG_CONFIG_HOME": f"{self.home}/{state}-config"} | more

    def rotation(self):
        """The command that replaces the key."""
        command = ("rotate", "--yes", *self.options)
        if self.administrator:
            command += ("--user-name", self.name, "--all-profiles", "--deliver", f"credentials-file:{self.credentials}?profile=default")
        return command

    def start(self, *command, state="state", **strike):
        orders = {f"STRIKE_{name.upper()}": str(value) for name, value in strike.items()}
        if orders:
            orders["LD_PRELOAD"] = STRIKE
        if self.administrator:
            orders |= dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), self.administrator))
        return subprocess.Popen([KEYTIDE, *command], env=self.environment(state, **orders), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    @staticmethod
    def end_of(process):
        _, told = process.communicate(timeout=300)
        if process.returncode not in (DONE, FAILED, PARKED, ROLLED_BACK, NEEDS_PERSON, BUSY, KILLED):
            raise Wrong(f"exit code {process.returncode}: {told}")
        return process.returncode, told

    def run(self, *command, **more):
        return self.end_of(self.start(*command, **more))

    def rotate(self, **more):
        return self.run(*self.rotation(), **more)

    def resume(self, **more):
        return self.run("resume", **more)

    @staticmethod
    def how_to_go_on(told):
        """As the program says; what waits for a person is resumed by its id alone."""
        named = re.search(r"keytide resume (r-\S+)$", told, re.M)
        return ("resume", named[1]) if named else ("resume",)

    def abandon(self, told, **more):
        named = re.search(r"keytide resume (r-\S+)$", told, re.M)[1]
        return self.run("abandon", named, "--reason", "somebody else rotates this user", **more)

    # The world

    def held(self):
        text = self.credentials.read_text()
        return tuple(re.search(rf"^{name} = (\S+)$", text, re.M)[1] for name in ("aws_access_key_id", "aws_secret_access_key"))

    def key_ids(self):
        return {key["AccessKeyId"] for key in self.iam.list_access_keys(UserName=self.name)["AccessKeyMetadata"]}

    @staticmethod
    def is_about_an_unanswered_creation(told):
        return "CreateAccessKey got no answer" in told

    @staticmethod
    def cannot_look(told):
        """The key that it knows is gone: whoever overtook it deleted it, and no resuming brings it back."""
        return "cannot be looked at" in told

    def person_settles(self, told):
        """As the question says: of a key that an unanswered call left nobody has the secret, and so it is deleted."""
        if not self.is_about_an_unanswered_creation(told):
            raise Wrong(f"a person is asked what no person was to be asked: {told}")
        for key in self.orphans():
            self.iam.delete_access_key(UserName=self.name, AccessKeyId=key)

    def orphans(self):
        """Keys that nobody uses."""
        return self.key_ids() - {self.held()[0]}

    def is_lost(self):
        """The file holds a key that is none."""
        return self.held()[0] not in self.key_ids()

    def forget(self):
        """A new ledger for the next rotation, so that reading the old one takes no time."""
        for folder in self.home.iterdir():
            if folder.name.startswith("state"):
                shutil.rmtree(folder)
