#!/usr/bin/python3
"""A stack's life on the lab, as `aws cloudformation deploy` of Debian's AWS CLI v2 leads it, and every answer of
CloudFormation as botocore reads it.

usage: lab_cloudformation_test.py KEYTIDE
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

os.environ["KEYTIDE"] = sys.argv.pop(1)
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import botocore.exceptions  # noqa: E402
from stage import Lab, clean_environment  # noqa: E402

AWS = "/usr/bin/aws"

TEMPLATE = """
Parameters:
  Name: {Type: String, AllowedPattern: '[a-z]+', Description: whose it is}
  Action: {Type: String, Default: 's3:GetObject'}
Conditions:
  HasKey: !Equals [!Ref Name, bob]
Resources:
  User:
    Type: AWS::IAM::User
    Properties: {UserName: !Ref Name}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Users: [!Ref User]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: !Ref Action, Resource: !Sub '${Data.Arn}/${User}/*'}
  Data:
    Type: AWS::S3::Bucket
  Key:
    Type: AWS::IAM::AccessKey
    Condition: HasKey
    Properties: {UserName: !Ref User}
Outputs:
  Arn: {Value: !GetAtt User.Arn, Description: the user}
  Bucket: {Value: !Ref Data}
"""


class WithLab(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-test-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.lab = Lab(self.home)
        self.addCleanup(self.lab.stop)
        self.iam = self.lab.client("iam")
        self.cloudformation = self.lab.client("cloudformation")

    def stack(self):
        return self.cloudformation.describe_stacks(StackName="s")["Stacks"][0]

    def policy(self, user):
        return self.iam.get_user_policy(UserName=user, PolicyName="p")["PolicyDocument"]["Statement"]

    def users(self):
        return [user["UserName"] for user in self.iam.list_users()["Users"]]


@unittest.skipUnless(os.path.exists(AWS), "no AWS CLI v2 of Debian's here")
class Deploy(WithLab):
    def aws(self, *arguments):
        environment = clean_environment(self.home) | {
            "AWS_ACCESS_KEY_ID": self.lab.root[0], "AWS_SECRET_ACCESS_KEY": self.lab.root[1],
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true"}
        return subprocess.run([AWS, "--endpoint-url", self.lab.endpoint, "cloudformation", *arguments], env=environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)

    def deploy(self, *overrides):
        template = self.home / "template.yaml"
        template.write_text(TEMPLATE)
        return self.aws("deploy", "--template-file", str(template), "--stack-name", "s",
                        "--capabilities", "CAPABILITY_NAMED_IAM", "--parameter-overrides", *overrides)

    def works(self, run):
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run

    def test_a_stack_lives(self):
        refused = self.deploy("Name=Bob")
        self.assertIn("Parameter 'Name' must match pattern [a-z]+", refused.stderr)

        self.works(self.deploy("Name=bob"))
        self.assertEqual(self.stack()["StackStatus"], "CREATE_COMPLETE")
        outputs = {one["OutputKey"]: one["OutputValue"] for one in self.stack()["Outputs"]}
        self.assertEqual(outputs["Arn"], "arn:aws:iam::123456789012:user/bob")
        self.assertEqual(self.policy("bob")["Resource"], f"arn:aws:s3:::{outputs['Bucket']}/bob/*")

        # In place: the other parameter keeps its value.
        self.works(self.deploy("Action=s3:PutObject"))
        self.assertEqual(self.stack()["StackStatus"], "UPDATE_COMPLETE")
        self.assertEqual(self.policy("bob")["Action"], "s3:PutObject")
        self.assertIn("No changes to deploy", self.works(self.deploy("Action=s3:PutObject")).stdout)

        # With replacement: all that names the user follows, and its key goes with the condition.
        self.works(self.deploy("Name=alice"))
        self.assertEqual(self.users(), ["alice"])
        self.assertIn("/alice/*", self.policy("alice")["Resource"])
        self.assertEqual(self.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"], [])

        # A failing one is rolled back.
        self.iam.create_user(UserName="taken")
        failed = self.deploy("Name=taken", "Action=s3:DeleteObject")
        self.assertNotEqual(failed.returncode, 0)
        self.assertEqual(self.stack()["StackStatus"], "UPDATE_ROLLBACK_COMPLETE")
        self.assertEqual(self.users(), ["alice", "taken"])
        self.assertEqual(self.policy("alice")["Action"], "s3:PutObject")

        self.works(self.aws("delete-stack", "--stack-name", "s"))
        self.works(self.aws("wait", "stack-delete-complete", "--stack-name", "s"))
        self.assertEqual(self.users(), ["taken"])


class EveryOperation(WithLab):
    """Each is called through botocore, which reads the answer by AWS's own model."""

    def put(self, operation, name="bob", **more):
        return getattr(self.cloudformation, operation)(
            StackName="s", Capabilities=["CAPABILITY_NAMED_IAM"], TemplateBody=TEMPLATE,
            Parameters=[{"ParameterKey": "Name", "ParameterValue": name}], **more)

    def refused(self, call, code, words):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call()
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        self.assertIn(words, caught.exception.response["Error"]["Message"])

    def test_answers(self):
        client = self.cloudformation
        made = self.put("create_stack")
        self.assertTrue(made["StackId"].startswith("arn:aws:cloudformation:us-east-1:123456789012:stack/s/"))
        self.refused(lambda: self.put("create_stack"), "AlreadyExistsException", "Stack [s] already exists")
        self.refused(lambda: self.put("update_stack"), "ValidationError", "No updates are to be performed.")

        stack = self.stack()
        self.assertEqual({one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]},
                         {"Name": "bob", "Action": "s3:GetObject"})
        self.assertEqual(stack["Capabilities"], ["CAPABILITY_NAMED_IAM"])
        events = client.describe_stack_events(StackName="s")["StackEvents"]
        self.assertEqual((events[0]["ResourceStatus"], events[-1]["ResourceStatus"]), ("CREATE_COMPLETE", "CREATE_IN_PROGRESS"))
        self.assertEqual(events[-1]["ResourceStatusReason"], "User Initiated")
        resources = client.describe_stack_resources(StackName="s")["StackResources"]
        self.assertEqual([one["LogicalResourceId"] for one in resources], ["User", "Data", "Key", "Policy"])
        detail = client.describe_stack_resource(StackName="s", LogicalResourceId="User")["StackResourceDetail"]
        self.assertEqual(detail["PhysicalResourceId"], "bob")
        listed = client.list_stack_resources(StackName="s")["StackResourceSummaries"]
        self.assertEqual({one["ResourceType"] for one in listed},
                         {"AWS::IAM::User", "AWS::IAM::Policy", "AWS::S3::Bucket", "AWS::IAM::AccessKey"})
        self.assertEqual(client.get_template(StackName="s")["TemplateBody"], TEMPLATE)
        summary = client.get_template_summary(StackName="s")
        self.assertEqual([one["ParameterKey"] for one in summary["Parameters"]], ["Name", "Action"])
        self.assertEqual(summary["Capabilities"], ["CAPABILITY_NAMED_IAM"])
        valid = client.validate_template(TemplateBody=TEMPLATE)
        self.assertEqual(valid["Parameters"][0]["Description"], "whose it is")

        change_set = self.put("create_change_set", "alice", ChangeSetName="c", Description="another name")
        described = client.describe_change_set(ChangeSetName=change_set["Id"])
        changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in described["Changes"]}
        self.assertEqual(changes["User"]["Replacement"], "True")
        self.assertEqual(changes["Key"]["Action"], "Remove")
        self.assertEqual(client.list_change_sets(StackName="s")["Summaries"][0]["ChangeSetName"], "c")
        self.put("create_change_set", "carol", ChangeSetName="d")
        client.delete_change_set(StackName="s", ChangeSetName="d")
        client.execute_change_set(ChangeSetName=change_set["Id"])
        client.get_waiter("stack_update_complete").wait(StackName="s")
        self.assertEqual(self.users(), ["alice"])
        self.put("update_stack", "carol")
        self.assertEqual(self.users(), ["carol"])

        client.update_termination_protection(StackName="s", EnableTerminationProtection=True)
        self.refused(lambda: client.delete_stack(StackName="s"), "ValidationError", "TerminationProtection")
        client.update_termination_protection(StackName="s", EnableTerminationProtection=False)
        client.delete_stack(StackName="s")
        client.get_waiter("stack_delete_complete").wait(StackName=made["StackId"])
        self.assertEqual(client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"][0]["StackName"], "s")

    def test_tags_and_pages(self):
        client = self.cloudformation
        resources = "".join(f"  G{number}: {{Type: AWS::IAM::Group}}\n" for number in range(101))
        client.create_stack(StackName="s", Capabilities=["CAPABILITY_IAM"], Tags=[{"Key": "team", "Value": "red"}],
                            TemplateBody=f"Resources:\n  User: {{Type: AWS::IAM::User}}\n{resources}")
        self.assertEqual(self.stack()["Tags"], [{"Key": "team", "Value": "red"}])
        self.assertEqual(self.iam.list_user_tags(UserName=self.users()[0])["Tags"], [{"Key": "team", "Value": "red"}])
        pages = list(client.get_paginator("list_stack_resources").paginate(StackName="s"))
        self.assertEqual([len(page["StackResourceSummaries"]) for page in pages], [100, 2])
        events = [event for page in client.get_paginator("describe_stack_events").paginate(StackName="s")
                  for event in page["StackEvents"]]
        self.assertEqual(len({event["EventId"] for event in events}), 3 * 102 + 2)

    def test_refusals_that_the_model_names(self):
        client = self.cloudformation
        self.refused(lambda: client.create_stack(StackName="s", TemplateBody=TEMPLATE,
                                                 Parameters=[{"ParameterKey": "Name", "ParameterValue": "bob"}]),
                     "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]")
        self.put("create_stack")
        self.put("create_change_set", "alice", ChangeSetName="c")
        self.refused(lambda: self.put("create_change_set", "alice", ChangeSetName="c"), "AlreadyExistsException", "[c]")
        self.refused(lambda: client.describe_change_set(StackName="s", ChangeSetName="x"), "ChangeSetNotFound", "[x]")
        self.put("create_change_set", "bob", ChangeSetName="same")
        self.refused(lambda: client.execute_change_set(StackName="s", ChangeSetName="same"), "InvalidChangeSetStatus", "FAILED")
        self.refused(lambda: client.describe_stacks(StackName="x"), "ValidationError", "Stack with id x does not exist")


if __name__ == "__main__":
    unittest.main()
