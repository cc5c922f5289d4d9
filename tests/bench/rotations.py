#!/usr/bin/python3
"""One rotation by keytide, beside the six calls of the AWS CLI that do the same on the same lab.

usage: rotations.py KEYTIDE [PAIRS]
"""
import os
import pathlib
import resource
import subprocess
import sys
import time

os.environ["KEYTIDE"] = str(pathlib.Path(sys.argv[1]).resolve())
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from paired import ratio
from stage import Stage

PAIRS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
AWS = "/usr/bin/aws"  # Debian's AWS CLI


def measured(work):
    """CPU and wall seconds of the child processes that `work` runs to their end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


class Rotations(Stage):
    """One rotation, by keytide and by the six calls of the AWS CLI, on one lab."""

    def runTest(self):
        pass

    def aws(self, key, *arguments, refused=False):
        env = self.environment(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1], AWS_DEFAULT_REGION="us-east-1",
                               AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="", AWS_CONFIG_FILE="/dev/null",
                               AWS_SHARED_CREDENTIALS_FILE="/dev/null")
        run = subprocess.run([AWS, "--endpoint-url", self.lab.endpoint, "--output", "text", *arguments], env=env,
                             capture_output=True, text=True)
        assert (run.returncode != 0) == refused, run.stderr
        return run.stdout

    def by_keytide(self):
        self.expect(self.keytide("rotate", "--yes", "--probe", "s3:list-buckets"), 0)

    def by_the_aws_cli(self):
        old = self.held()
        self.aws(old, "sts", "get-caller-identity")
        made = self.aws(old, "iam", "create-access-key", "--user-name", "bob", "--query",
                        "AccessKey.[AccessKeyId,SecretAccessKey]").split()
        self.aws(made, "sts", "get-caller-identity")
        self.aws(made, "s3api", "list-buckets")
        self.aws(made, "iam", "delete-access-key", "--user-name", "bob", "--access-key-id", old[0])
        self.aws(old, "s3api", "list-buckets", refused=True)
        self.write_credentials(self.profile("default", made))


def main():
    stage = Rotations()
    stage.setUp()
    pairs = [(measured(stage.by_keytide), measured(stage.by_the_aws_cli)) for _ in range(PAIRS)]
    ratio("rotation, CPU seconds beside the AWS CLI's six calls", [a[0] for a, _ in pairs], [b[0] for _, b in pairs])
    ratio("rotation, wall seconds beside the AWS CLI's six calls", [a[1] for a, _ in pairs], [b[1] for _, b in pairs])
    stage.doCleanups()


main()
