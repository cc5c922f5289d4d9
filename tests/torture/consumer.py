#!/usr/bin/python3
"""A client that calls S3 without pause with what credentials files hold, read anew for each call.

usage: consumer.py ENDPOINT FILE...       until its standard input ends; then it tells what it saw, as JSON
"""
import configparser
import json
import pathlib
import select
import subprocess
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PACE = 0.01  # seconds; the other processes want to live too


class Client:
    """Of one file; made anew when the file holds another key."""

    session = botocore.session.Session()

    def __init__(self, endpoint, file):
        self.endpoint, self.file = endpoint, file
        self.key = self.s3 = None

    def call(self):
        """Nothing, or why the call failed."""
        found = configparser.ConfigParser()
        found.read(self.file)
        key = dict(found["default"])
        if key != self.key:
            self.key = key
            self.s3 = self.session.create_client("s3", region_name="us-east-1", endpoint_url=self.endpoint,
                                                 config=Config(retries={"max_attempts": 0}), **key)
        try:
            self.s3.list_buckets()
            return None
        except (ClientError, BotoCoreError) as problem:
            return f"{self.file}: {key['aws_access_key_id']}: {problem}"


def main(endpoint, *files):
    clients = [Client(endpoint, file) for file in files]
    calls, failed = 0, []
    while True:
        for client in clients:
            if select.select([sys.stdin], [], [], PACE)[0]:
                print(json.dumps({"calls": calls, "failed": failed}))
                return
            why = client.call()
            calls += 1
            if why:
                failed.append(why)


class Consumer:
    """That client as a process of its own."""

    def __init__(self, endpoint, files):
        self.process = subprocess.Popen([sys.executable, pathlib.Path(__file__), endpoint, *map(str, files)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self):
        told, _ = self.process.communicate()
        return json.loads(told)


if __name__ == "__main__":
    main(*sys.argv[1:])
