#!/usr/bin/python3
"""`keytide audit` of an account of 10,000 users, beside a boto3 script that asks and tells the same.

usage: audit.py KEYTIDE CROWDED_LAB [PAIRS]
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

from paired import ratio

KEYTIDE, CROWDED_LAB = sys.argv[1:3]
PAIRS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
USERS, OLD = 10_000, 100

# What somebody would write: the report, and the key ids of whoever is late.
SCRIPT = """
import csv, datetime, io, os, time, boto3
iam = boto3.client("iam", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
while iam.generate_credential_report()["State"] != "COMPLETE":
    time.sleep(2)
now = datetime.datetime.now(datetime.timezone.utc)
late = set()
for user in csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode())):
    if user["user"] == "<root_account>":
        continue
    for n in "12":
        if user[f"access_key_{n}_active"] == "true":
            if now - datetime.datetime.fromisoformat(user[f"access_key_{n}_last_rotated"]) > datetime.timedelta(days=90):
                late.add(user["user"])
for user in sorted(late):
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        if key["Status"] == "Active" and now - key["CreateDate"] > datetime.timedelta(days=90):
            print(user, key["AccessKeyId"], key["CreateDate"])
"""


def cpu_of(command, environment, expected):
    """Seconds of CPU in user and system, and what was printed."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in expected, (command, status)
    return usage.ru_utime + usage.ru_stime, said


def calls_since(endpoint, token, since):
    request = urllib.request.Request(f"{endpoint}/_lab/requests?since={since}&limit=10000", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        said = json.load(answer)
    return said["next"], [r["action"] for r in said["requests"]]


def main():
    home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-bench-"))
    lab = subprocess.Popen([CROWDED_LAB, str(USERS), str(OLD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        endpoint, key_id, secret, token = lab.stdout.readline().split()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key_id,
                       "AWS_SECRET_ACCESS_KEY": secret, "AWS_DEFAULT_REGION": "us-east-1"}
        audit = [KEYTIDE, "audit", "--check", "IAM.3", "--output", "json"]
        cpu_of(audit, environment, (7,))  # the report is made, for both
        ours, theirs, seen = [], [], calls_since(endpoint, token, 0)[0]
        for _ in range(PAIRS):
            used, said = cpu_of(audit, environment, (7,))
            findings = json.loads(said)["audit"]["findings"]
            assert len(findings) == OLD and all(f["key"]["id"] for f in findings)
            ours.append(used)
            seen, calls = calls_since(endpoint, token, seen)
            used, said = cpu_of([sys.executable, "-c", SCRIPT], environment, (0,))
            assert {line.split()[1] for line in said.splitlines()} == {f["key"]["id"] for f in findings}
            theirs.append(used)
            seen, their_calls = calls_since(endpoint, token, seen)
        assert len(calls) == 2 + OLD <= len(their_calls), (calls, their_calls)
        ratio(f"CPU seconds of an audit of {USERS} users, {OLD} of them late, {len(calls)} calls, beside boto3", ours, theirs)
        assert max(ours) < 2, ours
        whole, _ = cpu_of([KEYTIDE, "audit", "--output", "json"], environment, (7,))
        seen, calls = calls_since(endpoint, token, seen)
        print(f"CPU seconds of one with all checks: {whole:.3g}, {len(calls)} calls", flush=True)
    finally:
        lab.stdin.close()
        lab.wait()
        shutil.rmtree(home)


main()
