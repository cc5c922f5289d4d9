#!/usr/bin/python3
"""Rotates a key of keytide.yaml from a Python program: one JSON object on standard output (docs/output.schema.json), and
exit codes that do not change (docs/exit-codes.md).

usage: rotate.py PROGRAM NAME    PROGRAM is keytide; ends with keytide's exit code.
"""
import json
import subprocess
import sys

PARKED, NEEDS_PERSON = 3, 5


def keytide(program, *arguments):
    run = subprocess.run([program, *arguments, "--output", "json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    return run.returncode, json.loads(run.stdout)


def main(program, name):
    keytide(program, "resume", "--due")  # what an earlier run left
    code, said = keytide(program, "rotate", name, "--yes")
    if "error" in said:
        print(said["error"]["message"], said["error"]["hint"], sep="\n", file=sys.stderr)
    for rotation in said.get("rotations", []):
        print(f"{rotation['user']['name']}: {rotation.get('old_access_key_id')} -> {rotation.get('new_access_key_id')}, {rotation['result']}")
        if code == PARKED:
            print("goes on at", rotation["parked_until"])
        if code == NEEDS_PERSON:
            print("somebody is asked:", rotation["question"])
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
