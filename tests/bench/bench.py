#!/usr/bin/python3
"""The README's figures: ratios of paired runs on one machine, never a test.

usage: bench.py KEYTIDE [PAIRS]
"""
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["KEYTIDE"] = str(pathlib.Path(sys.argv[1]).resolve())
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.session

from stage import KEYTIDE, LEAST_POLICY, Lab, Stage, clean_environment

PAIRS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
AWS = "/usr/bin/aws"  # Debian's AWS CLI


def measured(work):
    """CPU and wall seconds of the child processes that `work` runs to their end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def ratio(name, ours, theirs, better="less"):
    ratios = [b / a if better == "less" else a / b for a, b in zip(ours, theirs)]
    print(f"{name}: {statistics.median(ours):.4g} beside {statistics.median(theirs):.4g}, "
          f"ratio {statistics.median(ratios):.3g} (pairs: {len(ratios)}, from {min(ratios):.3g} to {max(ratios):.3g})")


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


def rotations():
    stage = Rotations()
    stage.setUp()
    pairs = [(measured(stage.by_keytide), measured(stage.by_the_aws_cli)) for _ in range(PAIRS)]
    ratio("rotation, CPU seconds beside the AWS CLI's six calls", [a[0] for a, _ in pairs], [b[0] for _, b in pairs])
    ratio("rotation, wall seconds beside the AWS CLI's six calls", [a[1] for a, _ in pairs], [b[1] for _, b in pairs])
    stage.doCleanups()


def signed_list_buckets(endpoint, key):
    request = botocore.awsrequest.AWSRequest("GET", endpoint + "/", headers={"Host": endpoint.removeprefix("http://")})
    botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(*key), "s3", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def per_second(endpoint, key, seconds=3):
    headers = [part for name, value in signed_list_buckets(endpoint, key).items() for part in ("-H", f"{name}: {value}")]
    said = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", *headers, endpoint + "/"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec: *([\d.]+)", said)[1])


class Moto:
    def __init__(self, folder, port=5998):
        self.endpoint = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(["moto_server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=clean_environment(folder) | {"INITIAL_NO_AUTH_ACTION_COUNT": "4"})
        self.client = lambda service, key=("x", "y"): Lab.client(self, service, key)
        while True:
            try:
                self.client("iam").list_users()
                return
            except botocore.exceptions.EndpointConnectionError:
                time.sleep(0.005)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def key_of_a_user_who_lists(endpoint):
    iam = endpoint.client("iam")
    iam.create_user(UserName="bob")
    iam.put_user_policy(UserName="bob", PolicyName="may", PolicyDocument=str(LEAST_POLICY).replace("'", '"'))
    made = iam.create_access_key(UserName="bob")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def first_answer(start):
    begun = time.monotonic()
    endpoint = start()
    if isinstance(endpoint, Lab):
        endpoint.client("iam").list_users()
    return endpoint, time.monotonic() - begun


def lab_beside_moto():
    if not shutil.which("moto_server"):
        print("SKIP: moto_server is not installed; the lab's figures stand alone nowhere")
        return
    starts, rates = [], []
    for _ in range(max(PAIRS // 3, 2)):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="keytide-bench-"))
        lab, lab_start = first_answer(lambda: Lab(folder))
        moto, moto_start = first_answer(lambda: Moto(folder))
        starts.append((lab_start, moto_start))
        rates.append((per_second(lab.endpoint, key_of_a_user_who_lists(lab)), per_second(moto.endpoint, key_of_a_user_who_lists(moto))))
        lab.stop()
        moto.stop()
        shutil.rmtree(folder)
    ratio("seconds to the first answered signed request, lab beside moto", [a for a, _ in starts], [b for _, b in starts])
    ratio("signed ListBuckets per second, permissions enforced, lab beside moto", [a for a, _ in rates], [b for _, b in rates], "more")


rotations()
lab_beside_moto()
