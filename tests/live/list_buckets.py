"""boto3 lists buckets all the while. usage: list_buckets.py FILE

FILE is told the figures, over and over: calls, failures, fetched credentials. Ends when standard input does."""
import os
import select
import sys

import boto3
from botocore.config import Config

# libfaketime shortens what is waited for by poll(2), so the limits are long.
s3 = boto3.Session().client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=Config(retries={"max_attempts": 0}, connect_timeout=14400, read_timeout=14400))
calls = failures = fetched = 0
last = None
while True:
    calls += 1
    try:
        s3.list_buckets()
    except Exception as trouble:
        failures += 1
        print("boto3:", trouble, file=sys.stderr, flush=True)
    held = getattr(s3._request_signer._credentials, "_expiry_time", "static")
    fetched += held != last
    last = held
    with open(sys.argv[1], "w") as file:
        file.write(f"{calls} {failures} {fetched}\n")
    if select.select([sys.stdin], [], [], 2)[0]:
        break
