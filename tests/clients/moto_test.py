#!/usr/bin/python3
"""keytide rotate against moto_server: an endpoint that no one here wrote, with its authentication switched on."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

if not shutil.which("moto_server"):
    print("SKIP: moto_server is not installed (pip install 'moto[server]'), so keytide was not tried against it")
    sys.exit(77)

import botocore.session
from botocore.config import Config

keytide = sys.argv[1]
home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-moto-"))
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
endpoint = f"http://127.0.0.1:{port}"
environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
    "HOME": str(home), "XDG_STATE_HOME": f"{home}/state", "XDG_CONFIG_HOME": f"{home}/config",
    "INITIAL_NO_AUTH_ACTION_COUNT": "3"}  # the three calls that make the user; from then on moto asks for permissions
moto = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(port)], env=environment, stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE, text=True)


def client(service, key=("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")):
    return botocore.session.Session().create_client(
        service, region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id=key[0], aws_secret_access_key=key[1],
        config=Config(retries={"max_attempts": 0}))


def held():
    lines = dict(line.split(" = ") for line in (home / "credentials").read_text().splitlines() if " = " in line)
    return lines["aws_access_key_id"], lines["aws_secret_access_key"]


def refused_with(call):
    try:
        call()
    except botocore.exceptions.ClientError as refusal:
        return refusal.response["Error"]["Code"]
    return None


try:
    for line in moto.stderr:  # werkzeug says when it listens
        if "Running on" in line:
            break
    iam = client("iam")
    iam.create_user(UserName="bob")
    iam.put_user_policy(UserName="bob", PolicyName="may", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey", "s3:ListAllMyBuckets"], "Resource": "*"}]}))
    made = iam.create_access_key(UserName="bob")["AccessKey"]
    old = made["AccessKeyId"], made["SecretAccessKey"]
    assert refused_with(lambda: client("iam", old).list_access_keys(UserName="bob")) == "AccessDenied", "moto does not ask for permissions"

    (home / "credentials").write_text(f"[default]\naws_access_key_id = {old[0]}\naws_secret_access_key = {old[1]}\n")
    run = subprocess.run([keytide, "rotate", "--yes", "--probe", "s3:list-buckets", "--endpoint-url", endpoint, "--region", "us-east-1"],
                         env=environment | {"AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials")}, capture_output=True, text=True, timeout=120)
    print(run.stdout + run.stderr)
    assert run.returncode == 0, run.returncode
    new = held()
    assert new[0] != old[0] and new[0] in run.stdout
    assert new[1] not in run.stdout + run.stderr and old[1] not in run.stdout + run.stderr, "a secret was printed"
    assert client("sts", new).get_caller_identity()["Arn"].endswith(":user/bob")
    assert refused_with(lambda: client("sts", old).get_caller_identity()) == "InvalidClientTokenId"
    assert refused_with(lambda: client("s3", old).list_buckets()) == "InvalidAccessKeyId"
    print("rotated on moto: the new key works, the old one is refused")
finally:
    moto.terminate()
    moto.wait()
    moto.stderr.close()
    shutil.rmtree(home)
