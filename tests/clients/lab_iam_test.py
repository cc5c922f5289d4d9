#!/usr/bin/python3
"""Every action of IAM and STS that the lab serves, called by botocore, which checks what goes out and parses what comes back;
and every error that botocore's model names for them, but those that have no cause here (docs/lab.md lists them)."""
import base64
import csv
import hashlib
import hmac
import io
import json
import pathlib
import re
import struct
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.session
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from stage import SOURCE, Lab

ALLOW = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}})
NONE = "arn:aws:iam::123456789012:policy/none"  # a policy that is not there
NO_ARN = "arn:aws:s3:::a-bucket-and-no-policy"
DUPLICATE = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]

# Without a cause in the lab, for any action: one call is served at a time, whole, and there are no service-linked roles.
NEVER = {"ServiceFailureException", "ConcurrentModificationException", "EntityTemporarilyUnmodifiableException",
         "UnmodifiableEntityException", "PolicyNotAttachableException", "RegionDisabledException", "PolicyEvaluationException"}
# Without a cause for this action: deleting, detaching and renaming exceed no quota, and so on.
NOT_HERE = {(action, "LimitExceededException") for action in (
    "UpdateUser DeleteUser UpdateAccessKey DeleteAccessKey UpdateGroup DeleteGroup RemoveUserFromGroup DeleteRole DeleteUserPolicy"
    " DeleteGroupPolicy DeleteRolePolicy DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion DetachUserPolicy DetachGroupPolicy"
    " DetachRolePolicy CreateVirtualMFADevice DeactivateMFADevice ResyncMFADevice DeleteVirtualMFADevice CreateLoginProfile"
    " UpdateLoginProfile DeleteLoginProfile ChangePassword CreateAccountAlias DeleteAccountAlias GenerateCredentialReport").split()}
NOT_HERE |= {("CreateGroup", "NoSuchEntityException"), ("AssumeRole", "ExpiredTokenException"),
             ("UpdateAccessKey", "InvalidInputException"),
             ("ListAttachedUserPolicies", "InvalidInputException"), ("ListAttachedGroupPolicies", "InvalidInputException"),
             ("ListAttachedRolePolicies", "InvalidInputException")}
# Five thousand users: quotas are tried beside the code (src/lab/state/quotas_test.cpp).
NOT_HERE |= {("CreateUser", "LimitExceededException")}


def totp(seed, steps=0):
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(seed + "=" * (-len(seed) % 8)), counter, hashlib.sha1).digest()
    return f"{(struct.unpack('>I', digest[digest[19] & 15:][:4])[0] & 0x7FFFFFFF) % 1000000:06}"


class Recorder:
    """A client that remembers what was answered and which errors came."""

    def __init__(self, lab, service, key=None):
        self.client = lab.client(service, key)
        self.service = service

    def __call__(self, action, **parameters):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=MFA)(?=Device)", "_", action).lower()
        answer = getattr(self.client, name)(**parameters)
        answered.add(action)
        return answer


answered, failed = set(), set()


class LabIam(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="keytide-lab-iam-")
        cls.lab = Lab(pathlib.Path(cls.folder.name))
        cls.iam, cls.sts = Recorder(cls.lab, "iam"), Recorder(cls.lab, "sts")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        cls.folder.cleanup()
        # What is left to be seen, once all tests have run.
        for service, version, file in (("iam", "2010-05-08", "iam/iam.cpp"), ("sts", "2011-06-15", "sts/sts.cpp")):
            model = Loader().load_service_model(service, "service-2", version)
            served = re.findall(r'^    \{"(\w+)", ', (SOURCE / "src/lab" / file).read_text(), re.M)
            assert len(served) >= 4, served
            missing = sorted(set(served) - answered)
            assert not missing, f"never answered: {missing}"
            for action in served:
                named = {error["shape"] for error in model["operations"][action].get("errors", [])} - NEVER
                seen = {shape for shape in named
                        if (action, model["shapes"][shape]["error"].get("code", shape)) in failed}
                excused = {shape for shape in named if (action, shape) in NOT_HERE}
                assert not named - seen - excused, f"{action} never failed with {sorted(named - seen - excused)}"
                assert not seen & excused, f"{action} does fail with {sorted(seen & excused)}"

    def fails(self, code, action, client=None, **parameters):
        client = client or self.iam
        with self.assertRaises(ClientError, msg=action) as refused:
            client(action, **parameters)
        self.assertEqual(refused.exception.response["Error"]["Code"], code, (action, refused.exception))
        self.assertIn("RequestId", refused.exception.response["ResponseMetadata"])
        failed.add((action, code))

    def test_users_and_keys(self):
        iam = self.iam
        user = iam("CreateUser", UserName="u", Path="/a/", Tags=[{"Key": "k", "Value": "v"}],
                   PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess")["User"]
        self.assertEqual(user["Tags"], [{"Key": "k", "Value": "v"}])
        self.assertEqual(user["PermissionsBoundary"]["PermissionsBoundaryArn"], "arn:aws:iam::aws:policy/AdministratorAccess")
        self.fails("EntityAlreadyExists", "CreateUser", UserName="U")
        self.fails("NoSuchEntity", "CreateUser", UserName="v", PermissionsBoundary=NONE)
        self.fails("InvalidInput", "CreateUser", UserName="v", Tags=DUPLICATE)
        iam("UpdateUser", UserName="u", NewUserName="w", NewPath="/")
        self.assertEqual(iam("GetUser", UserName="w")["User"]["UserId"], user["UserId"])
        self.assertIn("w", [one["UserName"] for one in iam("ListUsers")["Users"]])
        self.fails("NoSuchEntity", "UpdateUser", UserName="u", NewUserName="x")
        iam("CreateUser", UserName="u")
        self.fails("EntityAlreadyExists", "UpdateUser", UserName="u", NewUserName="w")
        self.fails("NoSuchEntity", "GetUser", UserName="nobody")

        key = iam("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
        iam("CreateAccessKey", UserName="u")
        self.fails("LimitExceeded", "CreateAccessKey", UserName="u")
        self.fails("NoSuchEntity", "CreateAccessKey", UserName="nobody")
        self.assertEqual(len(iam("ListAccessKeys", UserName="u")["AccessKeyMetadata"]), 2)
        self.fails("NoSuchEntity", "ListAccessKeys", UserName="nobody")
        iam("UpdateAccessKey", UserName="u", AccessKeyId=key, Status="Inactive")
        self.fails("NoSuchEntity", "UpdateAccessKey", UserName="w", AccessKeyId=key, Status="Active")
        self.assertEqual(iam("GetAccessKeyLastUsed", AccessKeyId=key)["AccessKeyLastUsed"]["ServiceName"], "N/A")
        self.fails("NoSuchEntity", "GetAccessKeyLastUsed", AccessKeyId="AKIAIOSFODNN7UNKNOWN")
        self.assertEqual(self.sts("GetAccessKeyInfo", AccessKeyId=key)["Account"], "123456789012")
        self.fails("DeleteConflict", "DeleteUser", UserName="u")
        for one in iam("ListAccessKeys", UserName="u")["AccessKeyMetadata"]:
            iam("DeleteAccessKey", UserName="u", AccessKeyId=one["AccessKeyId"])
        self.fails("NoSuchEntity", "DeleteAccessKey", UserName="u", AccessKeyId=key)
        iam("DeleteUser", UserName="u")
        self.fails("NoSuchEntity", "DeleteUser", UserName="u")

    def test_groups(self):
        iam = self.iam
        iam("CreateUser", UserName="member")
        group = iam("CreateGroup", GroupName="g", Path="/a/")["Group"]
        self.fails("EntityAlreadyExists", "CreateGroup", GroupName="G")
        iam("UpdateGroup", GroupName="g", NewGroupName="h")
        self.fails("NoSuchEntity", "UpdateGroup", GroupName="g", NewGroupName="i")
        iam("CreateGroup", GroupName="g")
        self.fails("EntityAlreadyExists", "UpdateGroup", GroupName="g", NewGroupName="h")
        iam("AddUserToGroup", GroupName="h", UserName="member")
        self.fails("NoSuchEntity", "AddUserToGroup", GroupName="h", UserName="nobody")
        found = iam("GetGroup", GroupName="h")
        self.assertEqual((found["Group"]["GroupId"], found["Users"][0]["UserName"]), (group["GroupId"], "member"))
        self.fails("NoSuchEntity", "GetGroup", GroupName="none")
        self.assertEqual(iam("ListGroupsForUser", UserName="member")["Groups"][0]["GroupName"], "h")
        self.fails("NoSuchEntity", "ListGroupsForUser", UserName="nobody")
        self.fails("DeleteConflict", "DeleteGroup", GroupName="h")
        iam("RemoveUserFromGroup", GroupName="h", UserName="member")
        self.fails("NoSuchEntity", "RemoveUserFromGroup", GroupName="none", UserName="member")
        iam("DeleteGroup", GroupName="h")
        self.fails("NoSuchEntity", "DeleteGroup", GroupName="h")
        for number in range(299):
            iam("CreateGroup", GroupName=f"many{number}")
        self.fails("LimitExceeded", "CreateGroup", GroupName="one-too-many")
        for number in range(10):
            iam("AddUserToGroup", GroupName=f"many{number}", UserName="member")
        self.fails("LimitExceeded", "AddUserToGroup", GroupName="many10", UserName="member")
        pages = list(iam.client.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 120}))
        self.assertEqual([len(page["Groups"]) for page in pages], [120, 120, 60])
        answered.add("ListGroups")
        for number in range(299):
            if number < 10:
                iam("RemoveUserFromGroup", GroupName=f"many{number}", UserName="member")
            iam("DeleteGroup", GroupName=f"many{number}")

    def test_roles(self):
        iam = self.iam
        role = iam("CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=7200,
                   Tags=[{"Key": "k", "Value": "v"}])["Role"]
        self.assertEqual(role["AssumeRolePolicyDocument"], json.loads(TRUST))
        self.fails("EntityAlreadyExists", "CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST)
        self.fails("InvalidInput", "CreateRole", RoleName="s", AssumeRolePolicyDocument=TRUST, Tags=DUPLICATE)
        self.fails("MalformedPolicyDocument", "CreateRole", RoleName="s", AssumeRolePolicyDocument="{}")
        long = TRUST.replace('{"Effect"', '{"Sid": "%s", "Effect"' % ("x" * 2100))
        self.fails("LimitExceeded", "CreateRole", RoleName="s", AssumeRolePolicyDocument=long)
        self.assertEqual(iam("GetRole", RoleName="r")["Role"]["RoleLastUsed"], {})
        self.fails("NoSuchEntity", "GetRole", RoleName="none")
        self.assertIn(("r", 7200), [(one["RoleName"], one["MaxSessionDuration"]) for one in iam("ListRoles")["Roles"]])
        iam("UpdateRole", RoleName="r", Description="d")
        self.fails("NoSuchEntity", "UpdateRole", RoleName="none")
        self.assertEqual(iam("UpdateRoleDescription", RoleName="r", Description="e")["Role"]["Description"], "e")
        self.fails("NoSuchEntity", "UpdateRoleDescription", RoleName="none", Description="e")
        iam("UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=TRUST)
        self.fails("NoSuchEntity", "UpdateAssumeRolePolicy", RoleName="none", PolicyDocument=TRUST)
        self.fails("MalformedPolicyDocument", "UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=ALLOW)
        self.fails("LimitExceeded", "UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=long)
        iam("PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=ALLOW)
        self.fails("DeleteConflict", "DeleteRole", RoleName="r")
        iam("DeleteRolePolicy", RoleName="r", PolicyName="p")
        iam("DeleteRole", RoleName="r")
        self.fails("NoSuchEntity", "DeleteRole", RoleName="r")

    def test_policies_of_users_groups_and_roles(self):
        iam = self.iam
        iam("CreateUser", UserName="holder")
        iam("CreateGroup", GroupName="holder")
        iam("CreateRole", RoleName="holder", AssumeRolePolicyDocument=TRUST)
        for number in range(11):
            iam("CreatePolicy", PolicyName=f"of-holders-{number}", PolicyDocument=ALLOW)
        arns = [f"arn:aws:iam::123456789012:policy/of-holders-{number}" for number in range(11)]
        long = ALLOW.replace('{"Effect"', '{"Sid": "%s", "Effect"' % ("x" * 11000))
        for kind in ("User", "Group", "Role"):
            holder, nobody = {f"{kind}Name": "holder"}, {f"{kind}Name": "nobody"}
            iam(f"Put{kind}Policy", **holder, PolicyName="p", PolicyDocument=ALLOW)
            self.fails("NoSuchEntity", f"Put{kind}Policy", **nobody, PolicyName="p", PolicyDocument=ALLOW)
            self.fails("MalformedPolicyDocument", f"Put{kind}Policy", **holder, PolicyName="p", PolicyDocument="{}")
            self.fails("LimitExceeded", f"Put{kind}Policy", **holder, PolicyName="q", PolicyDocument=long)
            self.assertEqual(iam(f"Get{kind}Policy", **holder, PolicyName="p")["PolicyDocument"], json.loads(ALLOW))
            self.fails("NoSuchEntity", f"Get{kind}Policy", **holder, PolicyName="q")
            self.assertEqual(iam(f"List{kind}Policies", **holder)["PolicyNames"], ["p"])
            self.fails("NoSuchEntity", f"List{kind}Policies", **nobody)
            iam(f"Delete{kind}Policy", **holder, PolicyName="p")
            self.fails("NoSuchEntity", f"Delete{kind}Policy", **holder, PolicyName="p")
            for arn in arns[:10]:
                iam(f"Attach{kind}Policy", **holder, PolicyArn=arn)
            self.fails("LimitExceeded", f"Attach{kind}Policy", **holder, PolicyArn=arns[10])
            self.fails("NoSuchEntity", f"Attach{kind}Policy", **holder, PolicyArn=NONE)
            self.fails("InvalidInput", f"Attach{kind}Policy", **holder, PolicyArn=NO_ARN)
            self.assertEqual(len(iam(f"ListAttached{kind}Policies", **holder)["AttachedPolicies"]), 10)
            self.fails("NoSuchEntity", f"ListAttached{kind}Policies", **nobody)
            iam(f"Detach{kind}Policy", **holder, PolicyArn=arns[0])
            self.fails("NoSuchEntity", f"Detach{kind}Policy", **holder, PolicyArn=arns[0])
            self.fails("InvalidInput", f"Detach{kind}Policy", **holder, PolicyArn=NO_ARN)
        entities = iam("ListEntitiesForPolicy", PolicyArn=arns[1])
        self.assertEqual([len(entities[f"Policy{kind}s"]) for kind in ("User", "Group", "Role")], [1, 1, 1])
        self.assertEqual(entities["PolicyRoles"][0]["RoleName"], "holder")
        self.fails("NoSuchEntity", "ListEntitiesForPolicy", PolicyArn=NONE)
        self.fails("InvalidInput", "ListEntitiesForPolicy", PolicyArn=NO_ARN)
        for kind in ("User", "Role"):
            holder, nobody = {f"{kind}Name": "holder"}, {f"{kind}Name": "nobody"}
            iam(f"Put{kind}PermissionsBoundary", **holder, PermissionsBoundary=arns[2])
            self.fails("NoSuchEntity", f"Put{kind}PermissionsBoundary", **holder, PermissionsBoundary=NONE)
            self.fails("InvalidInput", f"Put{kind}PermissionsBoundary", **holder, PermissionsBoundary=NO_ARN)
            iam(f"Delete{kind}PermissionsBoundary", **holder)
            self.fails("NoSuchEntity", f"Delete{kind}PermissionsBoundary", **nobody)

    def test_managed_policies(self):
        iam = self.iam
        arn = iam("CreatePolicy", PolicyName="p", PolicyDocument=ALLOW, Description="d")["Policy"]["Arn"]
        self.fails("EntityAlreadyExists", "CreatePolicy", PolicyName="P", PolicyDocument=ALLOW)
        self.fails("MalformedPolicyDocument", "CreatePolicy", PolicyName="q", PolicyDocument="{}")
        self.fails("InvalidInput", "CreatePolicy", PolicyName="q", PolicyDocument=ALLOW, Tags=DUPLICATE)
        long = ALLOW.replace('{"Effect"', '{"Sid": "%s", "Effect"' % ("x" * 6200))
        self.fails("LimitExceeded", "CreatePolicy", PolicyName="q", PolicyDocument=long)
        self.assertEqual(iam("GetPolicy", PolicyArn=arn)["Policy"]["AttachmentCount"], 0)
        self.assertTrue(iam("ListPolicies", Scope="AWS")["Policies"])
        for action, further in (("GetPolicy", {}), ("DeletePolicy", {}), ("ListPolicyVersions", {}), ("ListPolicyTags", {}),
                                ("CreatePolicyVersion", {"PolicyDocument": ALLOW}), ("GetPolicyVersion", {"VersionId": "v1"}),
                                ("DeletePolicyVersion", {"VersionId": "v1"}), ("SetDefaultPolicyVersion", {"VersionId": "v1"}),
                                ("TagPolicy", {"Tags": [{"Key": "k", "Value": "v"}]}), ("UntagPolicy", {"TagKeys": ["k"]})):
            self.fails("NoSuchEntity", action, PolicyArn=NONE, **further)
            self.fails("InvalidInput", action, PolicyArn=NO_ARN, **further)
        self.assertFalse(iam("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=ALLOW)["PolicyVersion"]["IsDefaultVersion"])
        self.fails("MalformedPolicyDocument", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument="{}")
        iam("SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v2")
        self.fails("DeleteConflict", "DeletePolicyVersion", PolicyArn=arn, VersionId="v2")
        self.fails("DeleteConflict", "DeletePolicy", PolicyArn=arn)
        self.assertEqual(iam("GetPolicyVersion", PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"], json.loads(ALLOW))
        iam("DeletePolicyVersion", PolicyArn=arn, VersionId="v1")
        self.assertEqual([one["VersionId"] for one in iam("ListPolicyVersions", PolicyArn=arn)["Versions"]], ["v2"])
        for _ in range(4):
            iam("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=ALLOW)
        self.fails("LimitExceeded", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=ALLOW)
        for number in range(3, 7):
            iam("DeletePolicyVersion", PolicyArn=arn, VersionId=f"v{number}")
        iam("DeletePolicy", PolicyArn=arn)

    def test_tags(self):
        iam = self.iam
        iam("CreateUser", UserName="tagged")
        iam("CreateRole", RoleName="tagged", AssumeRolePolicyDocument=TRUST)
        arn = iam("CreatePolicy", PolicyName="tagged", PolicyDocument=ALLOW)["Policy"]["Arn"]
        for kind, it, nothing in (("User", {"UserName": "tagged"}, {"UserName": "nobody"}),
                                  ("Role", {"RoleName": "tagged"}, {"RoleName": "nobody"}),
                                  ("Policy", {"PolicyArn": arn}, {"PolicyArn": NONE})):
            iam(f"Tag{kind}", **it, Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
            self.fails("LimitExceeded", f"Tag{kind}", **it, Tags=[{"Key": "k50", "Value": ""}])
            self.fails("InvalidInput", f"Tag{kind}", **it, Tags=DUPLICATE)
            self.fails("NoSuchEntity", f"Tag{kind}", **nothing, Tags=[{"Key": "k", "Value": ""}])
            self.assertEqual(len(iam(f"List{kind}Tags", **it)["Tags"]), 50)
            self.fails("NoSuchEntity", f"List{kind}Tags", **nothing)
            iam(f"Untag{kind}", **it, TagKeys=["k1", "K2"])
            self.assertEqual(len(iam(f"List{kind}Tags", **it)["Tags"]), 48)
            self.fails("NoSuchEntity", f"Untag{kind}", **nothing, TagKeys=["k"])

    def test_devices_and_sessions(self):
        iam = self.iam
        for name in ("bob", "eve"):
            iam("CreateUser", UserName=name)
            iam("PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=ALLOW)
        seeds = {}
        for number in range(9):
            made = iam("CreateVirtualMFADevice", VirtualMFADeviceName=f"d{number}")["VirtualMFADevice"]
            seeds[made["SerialNumber"]] = made["Base32StringSeed"].decode()
        self.fails("EntityAlreadyExists", "CreateVirtualMFADevice", VirtualMFADeviceName="d0")
        self.fails("InvalidInput", "CreateVirtualMFADevice", VirtualMFADeviceName="d9", Tags=DUPLICATE)

        def codes(serial, first=-3):
            return {"AuthenticationCode1": totp(seeds[serial], first), "AuthenticationCode2": totp(seeds[serial], first + 1)}
        serials = sorted(seeds)
        for serial in serials[:8]:
            iam("EnableMFADevice", UserName="bob", SerialNumber=serial, **codes(serial))
        self.fails("LimitExceeded", "EnableMFADevice", UserName="bob", SerialNumber=serials[8], **codes(serials[8]))
        self.fails("EntityAlreadyExists", "EnableMFADevice", UserName="eve", SerialNumber=serials[0], **codes(serials[0]))
        self.fails("NoSuchEntity", "EnableMFADevice", UserName="eve", SerialNumber=serials[0] + "x", **codes(serials[0]))
        self.fails("InvalidAuthenticationCode", "EnableMFADevice", UserName="eve", SerialNumber=serials[8], **codes(serials[0]))
        iam("ResyncMFADevice", UserName="bob", SerialNumber=serials[1], **codes(serials[1], 2))
        self.fails("InvalidAuthenticationCode", "ResyncMFADevice", UserName="bob", SerialNumber=serials[1], **codes(serials[2]))
        self.fails("NoSuchEntity", "ResyncMFADevice", UserName="eve", SerialNumber=serials[1], **codes(serials[1]))
        self.assertEqual(len(iam("ListMFADevices", UserName="bob")["MFADevices"]), 8)
        self.fails("NoSuchEntity", "ListMFADevices", UserName="nobody")
        unassigned = iam("ListVirtualMFADevices", AssignmentStatus="Unassigned")["VirtualMFADevices"]
        self.assertEqual([one["SerialNumber"] for one in unassigned], [serials[8]])
        self.fails("DeleteConflict", "DeleteVirtualMFADevice", SerialNumber=serials[2])
        iam("DeactivateMFADevice", UserName="bob", SerialNumber=serials[2])
        self.fails("NoSuchEntity", "DeactivateMFADevice", UserName="bob", SerialNumber=serials[2])
        iam("DeleteVirtualMFADevice", SerialNumber=serials[2])
        self.fails("NoSuchEntity", "DeleteVirtualMFADevice", SerialNumber=serials[2])

        made = iam("CreateAccessKey", UserName="bob")["AccessKey"]
        bob = (made["AccessKeyId"], made["SecretAccessKey"])
        sts = Recorder(self.lab, "sts", bob)
        self.fails("AccessDenied", "GetSessionToken", client=sts, SerialNumber=serials[8], TokenCode=totp(seeds[serials[8]]))
        serial = serials[0]
        got = sts("GetSessionToken", SerialNumber=serial, TokenCode=totp(seeds[serial]))["Credentials"]
        session = self.session_client("sts", got)
        self.assertEqual(session.get_caller_identity()["Arn"], "arn:aws:iam::123456789012:user/bob")
        answered.add("GetCallerIdentity")
        self.assertIn("bob", [one["UserName"] for one in self.session_client("iam", got).list_users()["Users"]])

        role = iam("CreateRole", RoleName="assumed", AssumeRolePolicyDocument=TRUST)["Role"]
        iam("AttachRolePolicy", RoleName="assumed", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        assumed = sts("AssumeRole", RoleArn=role["Arn"], RoleSessionName="work", DurationSeconds=900, Policy=ALLOW)
        self.assertEqual(assumed["AssumedRoleUser"]["Arn"], "arn:aws:sts::123456789012:assumed-role/assumed/work")
        self.assertEqual(self.session_client("s3", assumed["Credentials"]).list_buckets()["Buckets"], [])
        self.fails("MalformedPolicyDocument", "AssumeRole", client=sts, RoleArn=role["Arn"], RoleSessionName="work", Policy="{}")
        long = ALLOW.replace('{"Effect"', '{"Sid": "%s", "Effect"' % ("x" * 2100))
        self.fails("PackedPolicyTooLarge", "AssumeRole", client=sts, RoleArn=role["Arn"], RoleSessionName="work", Policy=long)

    def test_passwords(self):
        iam = self.iam
        iam("CreateUser", UserName="console")
        iam("PutUserPolicy", UserName="console", PolicyName="p", PolicyDocument=ALLOW)
        made = iam("CreateLoginProfile", UserName="console", Password="First-secret-1", PasswordResetRequired=True)["LoginProfile"]
        self.assertEqual((made["UserName"], made["PasswordResetRequired"]), ("console", True))
        self.assertEqual(iam("GetLoginProfile", UserName="console")["LoginProfile"], made)
        self.fails("EntityAlreadyExists", "CreateLoginProfile", UserName="console", Password="First-secret-1")
        self.fails("NoSuchEntity", "CreateLoginProfile", UserName="nobody", Password="First-secret-1")
        self.fails("PasswordPolicyViolation", "CreateLoginProfile", UserName="console", Password="1")
        self.fails("NoSuchEntity", "GetLoginProfile", UserName="nobody")
        iam("UpdateLoginProfile", UserName="console", Password="Second-secret-2")
        self.fails("NoSuchEntity", "UpdateLoginProfile", UserName="nobody", Password="Second-secret-2")
        self.fails("PasswordPolicyViolation", "UpdateLoginProfile", UserName="console", Password="12345678")
        key = iam("CreateAccessKey", UserName="console")["AccessKey"]
        console = Recorder(self.lab, "iam", (key["AccessKeyId"], key["SecretAccessKey"]))
        console("ChangePassword", OldPassword="Second-secret-2", NewPassword="Third-secret-3")
        self.fails("AccessDenied", "ChangePassword", client=console, OldPassword="Second-secret-2", NewPassword="Third-secret-3")
        self.fails("PasswordPolicyViolation", "ChangePassword", client=console, OldPassword="Third-secret-3", NewPassword="3")
        self.fails("InvalidUserType", "ChangePassword", OldPassword="Third-secret-3", NewPassword="Fourth-secret-4")
        iam("DeleteLoginProfile", UserName="console")
        self.fails("NoSuchEntity", "DeleteLoginProfile", UserName="console")
        self.fails("NoSuchEntity", "ChangePassword", client=console, OldPassword="Third-secret-3", NewPassword="Fourth-secret-4")

    def test_accounts(self):
        iam = self.iam
        iam("CreateAccountAlias", AccountAlias="acme")
        self.fails("EntityAlreadyExists", "CreateAccountAlias", AccountAlias="acme")
        self.assertEqual(iam("ListAccountAliases")["AccountAliases"], ["acme"])
        iam("DeleteAccountAlias", AccountAlias="acme")
        self.fails("NoSuchEntity", "DeleteAccountAlias", AccountAlias="acme")
        summary = iam("GetAccountSummary")["SummaryMap"]
        keys = Loader().load_service_model("iam", "service-2", "2010-05-08")["shapes"]["summaryKeyType"]["enum"]
        self.assertLessEqual(set(keys), set(summary))
        self.assertEqual((summary["AccountAccessKeysPresent"], summary["UsersQuota"]), (1, 5000))

    def test_credential_reports(self):
        with tempfile.TemporaryDirectory(prefix="keytide-lab-report-") as folder:
            lab = Lab(pathlib.Path(folder))  # whose time goes faster
            self.addCleanup(lab.stop)
            iam = Recorder(lab, "iam")
            iam("CreateUser", UserName="bob")
            iam("CreateAccessKey", UserName="bob")
            self.fails("ReportNotPresent", "GetCredentialReport", client=iam)
            self.assertEqual(iam("GenerateCredentialReport")["State"], "STARTED")
            self.fails("ReportInProgress", "GetCredentialReport", client=iam)
            self.assertEqual(iam("GenerateCredentialReport")["State"], "COMPLETE")
            report = iam("GetCredentialReport")
            self.assertEqual(report["ReportFormat"], "text/csv")
            root, bob = csv.DictReader(io.StringIO(report["Content"].decode()))
            self.assertEqual((root["user"], root["password_enabled"]), ("<root_account>", "not_supported"))
            self.assertEqual((bob["user"], bob["access_key_1_active"], bob["access_key_1_last_used_date"], bob["access_key_2_active"]),
                             ("bob", "true", "N/A", "false"))
            lab.tell("POST", "clock", {"advance": "5h"})
            self.fails("ReportExpired", "GetCredentialReport", client=iam)
            self.assertEqual(iam("GenerateCredentialReport")["State"], "STARTED")

    def test_authorization_details(self):
        iam = self.iam
        iam("CreateUser", UserName="detailed", Tags=[{"Key": "k", "Value": "v"}])
        iam("PutUserPolicy", UserName="detailed", PolicyName="p", PolicyDocument=ALLOW)
        iam("AttachUserPolicy", UserName="detailed", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
        iam("CreateRole", RoleName="detailed", AssumeRolePolicyDocument=TRUST)
        details = iam("GetAccountAuthorizationDetails", Filter=["User", "Role", "AWSManagedPolicy"], MaxItems=1000)
        user = next(one for one in details["UserDetailList"] if one["UserName"] == "detailed")
        self.assertEqual(user["UserPolicyList"], [{"PolicyName": "p", "PolicyDocument": json.loads(ALLOW)}])
        self.assertEqual(user["AttachedManagedPolicies"][0]["PolicyName"], "IAMReadOnlyAccess")
        self.assertEqual(user["Tags"], [{"Key": "k", "Value": "v"}])
        role = next(one for one in details["RoleDetailList"] if one["RoleName"] == "detailed")
        self.assertEqual(role["AssumeRolePolicyDocument"], json.loads(TRUST))
        policy = next(one for one in details["Policies"] if one["PolicyName"] == "IAMReadOnlyAccess")
        self.assertEqual(policy["PolicyVersionList"][0]["Document"]["Version"], "2012-10-17")
        pages = iam.client.get_paginator("get_account_authorization_details").paginate(
            Filter=["User"], PaginationConfig={"PageSize": 1})
        self.assertIn("detailed", [one["UserName"] for page in pages for one in page["UserDetailList"]])

    def test_simulations(self):
        iam = self.iam
        arn = iam("CreateUser", UserName="simulated")["User"]["Arn"]
        own = json.dumps({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}})
        iam("PutUserPolicy", UserName="simulated", PolicyName="p", PolicyDocument=own)
        asked = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject", "s3:PutObject"], "ResourceArns": ["arn:aws:s3:::b/k"]}
        results = iam("SimulatePrincipalPolicy", **asked)["EvaluationResults"]
        self.assertEqual([one["EvalDecision"] for one in results], ["implicitDeny", "implicitDeny"])
        self.assertEqual(results[0]["ResourceSpecificResults"][0]["MissingContextValues"], ["aws:SourceIp"])
        inside = [{"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["192.0.2.7"], "ContextKeyType": "ip"}]
        pages = iam.client.get_paginator("simulate_principal_policy").paginate(
            **asked, ContextEntries=inside, PaginationConfig={"PageSize": 1})
        results = [one for page in pages for one in page["EvaluationResults"]]
        self.assertEqual([one["EvalDecision"] for one in results], ["allowed", "allowed"])
        self.assertEqual(results[0]["MatchedStatements"][0]["SourcePolicyId"], "user_simulated_p")
        self.fails("NoSuchEntity", "SimulatePrincipalPolicy", PolicySourceArn=arn + "x", ActionNames=["s3:GetObject"])
        self.fails("InvalidInput", "SimulatePrincipalPolicy", PolicySourceArn=NO_ARN, ActionNames=["s3:GetObject"])
        results = iam("SimulateCustomPolicy", PolicyInputList=[ALLOW], ActionNames=["s3:GetObject"],
                      PermissionsBoundaryPolicyInputList=[own])["EvaluationResults"]
        self.assertFalse(results[0]["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"])
        self.fails("InvalidInput", "SimulateCustomPolicy", PolicyInputList=["{}"], ActionNames=["s3:GetObject"])
        self.assertEqual(iam("GetContextKeysForCustomPolicy", PolicyInputList=[own])["ContextKeyNames"], ["aws:SourceIp"])
        self.fails("InvalidInput", "GetContextKeysForCustomPolicy", PolicyInputList=["{}"])
        self.assertEqual(iam("GetContextKeysForPrincipalPolicy", PolicySourceArn=arn)["ContextKeyNames"], ["aws:SourceIp"])
        self.fails("NoSuchEntity", "GetContextKeysForPrincipalPolicy", PolicySourceArn=arn + "x")
        self.fails("InvalidInput", "GetContextKeysForPrincipalPolicy", PolicySourceArn=NO_ARN)

    def session_client(self, service, credentials):
        return botocore.session.Session().create_client(
            service, region_name="us-east-1", endpoint_url=self.lab.endpoint, aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials["SessionToken"])


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")  # botocore leaves its sockets to the collector
