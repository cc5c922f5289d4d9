#!/usr/bin/python3
"""Every action of Secrets Manager and Parameter Store that the lab serves, called by boto3's core, which checks what goes out and
parses what comes back; every error that its model names for them, but those that have no cause here; and the AWS CLI."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from botocore.exceptions import ClientError
from botocore.loaders import Loader

from stage import SOURCE, Lab, clean_environment

FIRST, SECOND, THIRD = "1" * 32, "2" * 32, "3" * 32

# Without a cause in the lab, for any action: nothing is encrypted here, one call is served at a time, whole, and there are no
# replicas, resource policies, parameter policies, or quotas of ten thousand.
NEVER = {"InternalServiceError", "EncryptionFailure", "DecryptionFailure", "PreconditionNotMetException",
         "MalformedPolicyDocumentException", "InternalServerError", "TooManyUpdates", "InvalidKeyId", "ParameterLimitExceeded",
         "UnsupportedParameterType", "PoliciesLimitExceededException", "InvalidPolicyTypeException",
         "InvalidPolicyAttributeException", "IncompatiblePolicyException", "InvalidFilterValue"}
# Without a cause for this action: what is wrong there is a ValidationException, or finds nothing.
NOT_HERE = {(action, code) for code, actions in {
    "InvalidParameterException": "GetSecretValue DescribeSecret ListSecretVersionIds RestoreSecret UntagResource",
    "InvalidRequestException": "ListSecrets RestoreSecret",
    "LimitExceededException": "CreateSecret UpdateSecret",
    "ResourceNotFoundException": "CreateSecret",
}.items() for action in actions.split()}

answered, failed = set(), set()


class LabStores(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="keytide-lab-stores-")
        cls.home = pathlib.Path(cls.folder.name)
        cls.lab = Lab(cls.home)
        cls.clients = {service: cls.lab.client(service) for service in ("secretsmanager", "ssm")}

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        cls.folder.cleanup()
        for service, version in (("secretsmanager", "2017-10-17"), ("ssm", "2014-11-06")):
            model = Loader().load_service_model(service, "service-2", version)
            served = re.findall(r'^    \{"(\w+)", ', (SOURCE / f"src/lab/{service}/{service}.cpp").read_text(), re.M)
            assert len(served) >= 12, served
            missing = sorted(set(served) - {action for known, action in answered if known == service})
            assert not missing, f"never answered: {missing}"
            for action in served:
                named = {error["shape"] for error in model["operations"][action].get("errors", [])} - NEVER
                seen = {shape for shape in named if (action, shape) in failed}
                excused = {shape for shape in named if (action, shape) in NOT_HERE}
                assert not named - seen - excused, f"{action} never failed with {sorted(named - seen - excused)}"
                assert not seen & excused, f"{action} does fail with {sorted(seen & excused)}"

    def call(self, service, action, **parameters):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action).lower()
        answer = getattr(self.clients[service], name)(**parameters)
        answered.add((service, action))
        return answer

    def secrets(self, action, **parameters):
        return self.call("secretsmanager", action, **parameters)

    def ssm(self, action, **parameters):
        return self.call("ssm", action, **parameters)

    def fails(self, code, call, action, **parameters):
        with self.assertRaises(ClientError, msg=action) as refused:
            call(action, **parameters)
        response = refused.exception.response
        self.assertEqual(response["Error"]["Code"], code, (action, refused.exception))
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertIn("RequestId", response["ResponseMetadata"])
        failed.add((action, code))

    def test_values_and_their_versions(self):
        secrets = self.secrets
        made = secrets("CreateSecret", Name="a", SecretString="one", ClientRequestToken=FIRST, Description="d",
                       KmsKeyId="alias/k", Tags=[{"Key": "k", "Value": "v"}])
        self.assertRegex(made["ARN"], r":secret:a-\w{6}$")
        self.assertEqual(made["VersionId"], FIRST)
        put = secrets("PutSecretValue", SecretId="a", SecretBinary=b"\0two", ClientRequestToken=SECOND, VersionStages=["AWSPENDING"])
        self.assertEqual(put["VersionStages"], ["AWSPENDING"])
        read = secrets("GetSecretValue", SecretId="a", VersionStage="AWSPENDING")
        self.assertEqual((read["SecretBinary"], read["VersionId"]), (b"\0two", SECOND))
        secrets("UpdateSecretVersionStage", SecretId="a", VersionStage="AWSCURRENT", RemoveFromVersionId=FIRST, MoveToVersionId=SECOND)
        described = secrets("DescribeSecret", SecretId="a")
        self.assertEqual(described["VersionIdsToStages"], {FIRST: ["AWSPREVIOUS"], SECOND: ["AWSCURRENT", "AWSPENDING"]})
        self.assertEqual((described["Description"], described["KmsKeyId"], described["Tags"]), ("d", "alias/k", [{"Key": "k", "Value": "v"}]))
        self.assertEqual(secrets("UpdateSecret", SecretId="a", SecretString="three", ClientRequestToken=THIRD, Description="e")["VersionId"], THIRD)
        self.assertNotIn("VersionId", secrets("UpdateSecret", SecretId="a", Description="f"))
        versions = secrets("ListSecretVersionIds", SecretId="a", IncludeDeprecated=True)["Versions"]
        self.assertEqual([one["VersionId"] for one in versions], [FIRST, SECOND, THIRD])
        self.assertEqual(versions[0]["KmsKeyIds"], ["alias/k"])
        page = secrets("ListSecretVersionIds", SecretId="a", MaxResults=1)
        self.assertEqual(secrets("ListSecretVersionIds", SecretId="a", NextToken=page["NextToken"])["Versions"][0]["VersionId"], THIRD)
        self.assertEqual(secrets("GetSecretValue", SecretId="a")["CreatedDate"].year, described["CreatedDate"].year)

    def test_what_values_are_refused_for(self):
        secrets, fails = self.secrets, self.fails
        secrets("CreateSecret", Name="b", SecretString="one", ClientRequestToken=FIRST)
        for action in "GetSecretValue DescribeSecret ListSecretVersionIds DeleteSecret RestoreSecret".split():
            fails("ResourceNotFoundException", secrets, action, SecretId="none")
        fails("ResourceNotFoundException", secrets, "PutSecretValue", SecretId="none", SecretString="x")
        fails("ResourceNotFoundException", secrets, "UpdateSecret", SecretId="none", SecretString="x")
        fails("ResourceNotFoundException", secrets, "UpdateSecretVersionStage", SecretId="none", VersionStage="s", MoveToVersionId=FIRST)
        fails("ResourceNotFoundException", secrets, "TagResource", SecretId="none", Tags=[])
        fails("ResourceNotFoundException", secrets, "UntagResource", SecretId="none", TagKeys=[])
        fails("ResourceExistsException", secrets, "CreateSecret", Name="b", SecretString="two", ClientRequestToken=FIRST)
        fails("ResourceExistsException", secrets, "PutSecretValue", SecretId="b", SecretString="two", ClientRequestToken=FIRST)
        fails("ResourceExistsException", secrets, "UpdateSecret", SecretId="b", SecretString="two", ClientRequestToken=FIRST)
        both = {"SecretString": "x", "SecretBinary": b"x"}
        fails("InvalidParameterException", secrets, "CreateSecret", Name="c", **both)
        fails("InvalidParameterException", secrets, "PutSecretValue", SecretId="b", **both)
        fails("InvalidParameterException", secrets, "UpdateSecret", SecretId="b", **both)
        fails("InvalidParameterException", secrets, "UpdateSecretVersionStage", SecretId="b", VersionStage="AWSCURRENT", RemoveFromVersionId=FIRST)
        fails("InvalidParameterException", secrets, "TagResource", SecretId="b", Tags=[{"Key": "aws:x", "Value": ""}])
        fails("InvalidParameterException", secrets, "DeleteSecret", SecretId="b", RecoveryWindowInDays=6)
        fails("InvalidParameterException", secrets, "ListSecrets", Filters=[{"Key": "all", "Values": ["x"]}])
        fails("InvalidNextTokenException", secrets, "ListSecrets", NextToken="not one")
        fails("InvalidNextTokenException", secrets, "ListSecretVersionIds", SecretId="b", NextToken="not one")
        many = [f"s{number}" for number in range(20)]
        secrets("PutSecretValue", SecretId="b", SecretString="two", ClientRequestToken=SECOND, VersionStages=many)
        fails("LimitExceededException", secrets, "UpdateSecretVersionStage", SecretId="b", VersionStage="more", MoveToVersionId=SECOND)
        secrets("CreateSecret", Name="empty")
        fails("LimitExceededException", secrets, "PutSecretValue", SecretId="empty", SecretString="x", VersionStages=many)

    def test_secrets_come_go_and_come_back(self):
        secrets, fails = self.secrets, self.fails
        made = secrets("CreateSecret", Name="gone", SecretString="x", ClientRequestToken=FIRST)
        secrets("TagResource", SecretId="gone", Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
        secrets("UntagResource", SecretId="gone", TagKeys=["a"])
        [listed] = secrets("ListSecrets", Filters=[{"Key": "name", "Values": ["gon"]}], SortOrder="desc")["SecretList"]
        self.assertEqual((listed["Tags"], listed["SecretVersionsToStages"]), ([{"Key": "A", "Value": "2"}], {FIRST: ["AWSCURRENT"]}))
        window = secrets("DeleteSecret", SecretId=made["ARN"], RecoveryWindowInDays=7)
        self.assertEqual(window["ARN"], made["ARN"])
        for action in "GetSecretValue DeleteSecret".split():
            fails("InvalidRequestException", secrets, action, SecretId="gone")
        for action in "PutSecretValue UpdateSecret".split():
            fails("InvalidRequestException", secrets, action, SecretId="gone", SecretString="x")
        fails("InvalidRequestException", secrets, "CreateSecret", Name="gone", SecretString="x")
        fails("InvalidRequestException", secrets, "UpdateSecretVersionStage", SecretId="gone", VersionStage="s", MoveToVersionId=FIRST)
        fails("InvalidRequestException", secrets, "TagResource", SecretId="gone", Tags=[])
        fails("InvalidRequestException", secrets, "UntagResource", SecretId="gone", TagKeys=[])
        self.assertIn("DeletedDate", secrets("DescribeSecret", SecretId="gone"))
        secrets("RestoreSecret", SecretId="gone")
        self.assertEqual(secrets("GetSecretValue", SecretId="gone")["SecretString"], "x")
        secrets("DeleteSecret", SecretId="gone", ForceDeleteWithoutRecovery=True)
        self.assertNotEqual(secrets("CreateSecret", Name="gone")["ARN"], made["ARN"])

    def test_parameters(self):
        ssm, fails = self.ssm, self.fails
        put = ssm("PutParameter", Name="/p/a", Value="one", Type="SecureString", KeyId="alias/k", Tags=[{"Key": "k", "Value": "v"}])
        self.assertEqual((put["Version"], put["Tier"]), (1, "Standard"))
        ssm("PutParameter", Name="/p/a", Value="two", KeyId="alias/k", Overwrite=True, Description="d")
        read = ssm("GetParameter", Name="/p/a", WithDecryption=True)["Parameter"]
        self.assertEqual((read["Value"], read["Version"], read["Type"], read["DataType"]), ("two", 2, "SecureString", "text"))
        self.assertNotEqual(ssm("GetParameter", Name="/p/a")["Parameter"]["Value"], "two")
        ssm("LabelParameterVersion", Name="/p/a", ParameterVersion=1, Labels=["old"])
        self.assertEqual(ssm("GetParameter", Name="/p/a:old", WithDecryption=True)["Parameter"]["Selector"], ":old")
        history = ssm("GetParameterHistory", Name="/p/a", WithDecryption=True)["Parameters"]
        self.assertEqual([(one["Value"], one["KeyId"], one["Labels"]) for one in history], [("one", "alias/k", ["old"]), ("two", "alias/k", [])])
        self.assertEqual(ssm("UnlabelParameterVersion", Name="/p/a", ParameterVersion=1, Labels=["old", "x"])["InvalidLabels"], ["x"])
        ssm("PutParameter", Name="/p/b", Value="x,y", Type="StringList")
        self.assertEqual([one["Name"] for one in ssm("GetParametersByPath", Path="/p")["Parameters"]], ["/p/a", "/p/b"])
        several = ssm("GetParameters", Names=["/p/b", "/p/none"])
        self.assertEqual((several["Parameters"][0]["Value"], several["InvalidParameters"]), ("x,y", ["/p/none"]))
        [metadata] = ssm("DescribeParameters", ParameterFilters=[{"Key": "Type", "Values": ["SecureString"]}])["Parameters"]
        self.assertEqual((metadata["KeyId"], metadata["Description"], metadata["LastModifiedUser"]), ("alias/k", "d", "arn:aws:iam::123456789012:root"))
        tagged = {"ResourceType": "Parameter", "ResourceId": "/p/a"}
        ssm("AddTagsToResource", Tags=[{"Key": "more", "Value": "-"}], **tagged)
        ssm("RemoveTagsFromResource", TagKeys=["k"], **tagged)
        self.assertEqual(ssm("ListTagsForResource", **tagged)["TagList"], [{"Key": "more", "Value": "-"}])

        fails("ParameterAlreadyExists", ssm, "PutParameter", Name="/p/a", Value="x", Type="SecureString")
        fails("HierarchyTypeMismatchException", ssm, "PutParameter", Name="/p/a", Value="x", Type="String", Overwrite=True)
        fails("HierarchyLevelLimitExceededException", ssm, "PutParameter", Name="/x" * 16, Value="x", Type="String")
        fails("InvalidAllowedPatternException", ssm, "PutParameter", Name="/p/c", Value="x", Type="String", AllowedPattern="(")
        fails("ParameterPatternMismatchException", ssm, "PutParameter", Name="/p/c", Value="x", Type="String", AllowedPattern="y")
        for _ in range(98):
            ssm("PutParameter", Name="/p/a", Value="x", Overwrite=True)
        ssm("LabelParameterVersion", Name="/p/a", ParameterVersion=1, Labels=["l"])
        fails("ParameterMaxVersionLimitExceeded", ssm, "PutParameter", Name="/p/a", Value="x", Overwrite=True)
        fails("ParameterVersionLabelLimitExceeded", ssm, "LabelParameterVersion", Name="/p/a", ParameterVersion=1,
              Labels=[f"l{number}" for number in range(10)])
        for action, more in (("GetParameter", {}), ("GetParameterHistory", {}), ("DeleteParameter", {}), ("LabelParameterVersion", {"Labels": ["l"]}),
                             ("UnlabelParameterVersion", {"Labels": ["l"], "ParameterVersion": 1})):
            fails("ParameterNotFound", ssm, action, Name="/none", **more)
        fails("ParameterVersionNotFound", ssm, "GetParameter", Name="/p/a:999")
        for action in ("LabelParameterVersion", "UnlabelParameterVersion"):
            fails("ParameterVersionNotFound", ssm, action, Name="/p/a", ParameterVersion=999, Labels=["l"])
        for action, more in (("GetParametersByPath", {"Path": "/"}), ("DescribeParameters", {}), ("GetParameterHistory", {"Name": "/p/a"})):
            fails("InvalidNextToken", ssm, action, NextToken="not one", **more)
        for action, more in (("GetParametersByPath", {"Path": "/"}), ("DescribeParameters", {})):
            fails("InvalidFilterKey", ssm, action, ParameterFilters=[{"Key": "Label", "Values": ["x"]}], **more)
            fails("InvalidFilterOption", ssm, action, ParameterFilters=[{"Key": "Type", "Option": "Near", "Values": ["x"]}], **more)
        for action, more in (("AddTagsToResource", {"Tags": []}), ("RemoveTagsFromResource", {"TagKeys": []}), ("ListTagsForResource", {})):
            fails("InvalidResourceId", ssm, action, ResourceType="Parameter", ResourceId="/none", **more)
            fails("InvalidResourceType", ssm, action, ResourceType="Document", ResourceId="/p/a", **more)
        fails("TooManyTagsError", ssm, "AddTagsToResource", Tags=[{"Key": f"k{number}", "Value": "-"} for number in range(51)], **tagged)
        ssm("DeleteParameter", Name="/p/a")
        self.assertEqual(ssm("DeleteParameters", Names=["/p/b", "/p/none"]), {
            "DeletedParameters": ["/p/b"], "InvalidParameters": ["/p/none"], "ResponseMetadata": unittest.mock.ANY})

    def test_misbehaviour_is_told_by_service_and_action(self):
        rule = self.lab.tell("POST", "faults", {"service": "ssm", "action": "GetParameter", "times": 1, "fault": "refuse", "code": "InternalServerError", "status": 500})
        with self.assertRaises(ClientError) as refused:
            self.ssm("GetParameter", Name="/x")
        self.assertEqual(refused.exception.response["Error"]["Code"], "InternalServerError")
        self.lab.tell("POST", "faults", {"service": "secretsmanager", "rate": 0, "burst": 0, "fault": "throttle"})
        with self.assertRaises(ClientError) as refused:
            self.secrets("ListSecrets")
        self.assertEqual(refused.exception.response["Error"]["Code"], "ThrottlingException")
        self.lab.tell("DELETE", "faults")
        asked = self.lab.tell("GET", "requests?service=ssm&action=GetParameter&limit=10000")["requests"]
        self.assertIn(rule["rules"][0]["id"], [one.get("rule") for one in asked])

    def test_the_aws_cli(self):
        aws = shutil.which("aws", path="/usr/bin") or shutil.which("aws")
        if not aws:
            self.skipTest("SKIP: no AWS CLI here, so it was not tried on the lab's stores")

        def cli(*arguments):
            run = subprocess.run([aws, "--output", "json", *arguments], capture_output=True, text=True, timeout=120,
                                 env=clean_environment(self.home) | {
                "AWS_ENDPOINT_URL": self.lab.endpoint, "AWS_ACCESS_KEY_ID": self.lab.root[0], "AWS_SECRET_ACCESS_KEY": self.lab.root[1],
                "AWS_DEFAULT_REGION": "us-east-1"})
            return run.returncode, run.stdout, run.stderr

        endpoint = ["--endpoint-url", self.lab.endpoint]
        code, out, err = cli("secretsmanager", "create-secret", "--name", "cli", "--secret-string", "x", *endpoint)
        self.assertEqual(code, 0, err)
        code, out, err = cli("secretsmanager", "get-secret-value", "--secret-id", json.loads(out)["ARN"], *endpoint)
        self.assertEqual(json.loads(out)["SecretString"], "x", err)
        code, out, err = cli("secretsmanager", "get-secret-value", "--secret-id", "none", *endpoint)
        self.assertIn("(ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.", err)
        code, out, err = cli("ssm", "put-parameter", "--name", "/cli", "--type", "String", "--value", "x", *endpoint)
        self.assertEqual(json.loads(out)["Version"], 1, err)
        code, out, err = cli("ssm", "get-parameter", "--name", "/cli", *endpoint)
        self.assertEqual(json.loads(out)["Parameter"]["Value"], "x", err)


if __name__ == "__main__":
    unittest.main()
