#!/usr/bin/python3
"""What `keytide policy print` says is allowed is what a rotation needs: no less, and no more than it promises."""
import itertools
import json
import pathlib
import re
import shlex
import subprocess

import botocore.exceptions
import jsonschema

from stage import KEYTIDE, SCHEMA, SOURCE, Stage, main

WORDS = {"list": "iam:ListAccessKeys", "soak": "iam:UpdateAccessKey", "quiet": "iam:GetAccessKeyLastUsed"}
SETS = [set(c) for n in range(4) for c in itertools.combinations(WORDS, n)]


class Policy(Stage):
    def printed(self, *arguments):
        run = self.expect(self.keytide("policy", "print", *arguments), 0)
        return json.loads(run.stdout)

    def without(self, words):
        return ["--without", ",".join(sorted(words))] if words else []

    def somebody(self, name, policy, path="/"):
        """A new user with that policy and one key in a profile; the key."""
        self.iam.create_user(UserName=name, Path=path)
        self.allow(name, policy)
        key = self.key(name)
        text = self.credentials.read_text() if self.credentials.exists() else ""
        self.write_credentials(text + self.profile(name, key))
        return key

    def skipped(self, run):
        """What the rotation of this run was recorded to do without."""
        said = json.loads(run.stdout)
        [rotation] = said["rotations"]
        history = json.loads(self.expect(self.keytide("history", rotation["id"], "--output", "json"), 0).stdout)
        return set(history["events"][0]["event"]["request"]["consent"]["skipped"])

    def rotate(self, name, *options):
        return self.keytide("rotate", "--yes", "--profile", name, "--output", "json", *options)


class OwnKey(Policy):
    def test_each_permission_that_is_left_out_skips_its_guarantee_and_no_other(self):
        for number, words in enumerate(SETS):
            with self.subTest(without=words):
                name = f"user{number}"
                old = self.somebody(name, self.printed(*self.without(words)), path="/" if number % 2 else "/team/red/")
                soak = [] if "soak" in words else ["--soak", "1s"]
                run = self.expect(self.rotate(name, "--grace", "1s", *soak), 0)
                self.assertEqual(self.skipped(run), {"quiet"} | (words & {"list", "soak"}))
                self.assertNotIn(old[0], self.key_ids(name))
                self.assertEqual(self.key_ids(name), [self.held(name)[0]])

    def test_what_was_left_out_cannot_be_asked_for_and_all_else_can(self):
        for number, words in enumerate(SETS):
            name = f"user{number}"
            old = self.somebody(name, self.printed(*self.without(words)))
            with self.subTest(without=words):
                for word in words & {"soak", "quiet"}:
                    self.expect(self.rotate(name, f"--{word}", "1h"), 2, f"--{word} needs {WORDS[word]}")
                    self.assertEqual(self.key_ids(name), [old[0]])
                if "quiet" not in words:
                    run = self.expect(self.rotate(name, "--quiet", "1h", "--grace", "1s"), 3, "not quiet yet")
                    self.assertEqual(self.skipped(run), {"soak"} | (words & {"list"}))

    def test_doctor_names_what_is_left_out(self):
        for number, words in enumerate(SETS):
            name = f"user{number}"
            self.somebody(name, self.printed(*self.without(words)))
            with self.subTest(without=words):
                run = self.expect(self.keytide("doctor", "--profile", name, "--output", "json"), 7 if words else 0)
                found = {c["check"] for c in json.loads(run.stdout)["checks"] if c["status"] != "ok"}
                self.assertEqual(found, {WORDS[word] for word in words})

    def test_without_what_is_required_nothing_is_rotated(self):
        for action in ("iam:CreateAccessKey", "iam:DeleteAccessKey"):
            with self.subTest(action):
                policy = self.printed()
                policy["Statement"][0]["Action"].remove(action)
                name = action[4:10]
                old = self.somebody(name, policy)
                self.expect(self.rotate(name), 1, action)
                self.assertEqual(self.key_ids(name), [old[0]])
                self.assertEqual(self.held(name), old)

    def test_it_gives_power_over_nobody_else(self):
        self.user("jimbob", None)
        self.iam.create_user(UserName="eve", Path="/bob/")
        for policy in (self.printed(), self.printed("--user-name", "bob")):
            self.allow("bob", policy)
            bob = self.lab.client("iam", self.old)
            for name in ("jimbob", "eve", "nobody"):
                with self.assertRaises(botocore.exceptions.ClientError) as refused:
                    bob.create_access_key(UserName=name)
                self.assertEqual(refused.exception.response["Error"]["Code"], "AccessDenied")

    def test_one_user_s_policy_serves_that_user_alone(self):
        policy = self.printed("--user-name", "bob")
        self.allow("bob", policy)
        self.expect_rotated(self.keytide("rotate", "--yes"))
        old = self.somebody("eve", policy)
        self.expect(self.rotate("eve"), 1, "iam:DeleteAccessKey")
        self.assertEqual(self.key_ids("eve"), [old[0]])


class Administrator(Policy):
    def rotate_bob(self, *options):
        return self.keytide("rotate", "--yes", "--profile", "admin", "--user-name", "bob", "--all-profiles", "--output", "json",
                            "--deliver", f"env-file:{self.home}/bob.env", *options)

    def administer(self, *arguments):
        policy = self.printed("--administrator", *arguments)
        if not (self.home / "made").exists():
            (self.home / "made").touch()
            self.somebody("admin", policy)
        self.allow("admin", policy)

    def test_each_permission_that_is_left_out_skips_its_guarantee_and_no_other(self):
        for words in SETS:
            with self.subTest(without=words):
                self.administer(*self.without(words))
                old = self.held()[0]
                name = ["--access-key-id", old] if "list" in words else []
                if "list" in words:
                    self.expect(self.rotate_bob(), 2, "--access-key-id")
                soak = [] if "soak" in words else ["--soak", "1s"]
                run = self.expect(self.rotate_bob("--grace", "1s", *soak, *name), 0)
                also = {"confirm"} if "list" in words else set()
                self.assertEqual(self.skipped(run), {"quiet"} | (words & {"list", "soak"}) | also)
                self.assertEqual(self.key_ids(), [self.held()[0]])

    def test_doctor_names_what_is_left_out(self):
        self.write_credentials(self.profile("bob", self.old))
        for words in SETS:
            with self.subTest(without=words):
                self.administer(*self.without(words))
                run = self.expect(self.keytide("doctor", "--profile", "admin", "--user-name", "bob", "--output", "json"), 7)
                found = {c["check"] for c in json.loads(run.stdout)["checks"] if c["check"].startswith("iam:") and c["status"] == "warning"}
                # which key's last use, when none is listed?
                self.assertEqual(found, {WORDS[word] for word in words} - ({WORDS["quiet"]} if "list" in words else set()))

    def test_without_what_is_required_nothing_is_rotated(self):
        self.administer()
        for action in ("iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:GetUser"):
            with self.subTest(action):
                policy = self.printed("--administrator")
                policy["Statement"][0]["Action"].remove(action)
                self.allow("admin", policy)
                self.expect(self.rotate_bob(), 1, action)
                self.assertEqual(self.key_ids(), [self.old[0]])

    def test_one_user_s_administrator_rotates_that_user_alone(self):
        self.administer("--user-name", "bob")
        self.user("eve", None)
        self.key("eve")
        rotate = ("rotate", "--yes", "--profile", "admin", "--deliver", f"env-file:{self.home}/x.env", "--all-profiles", "--user-name")
        self.expect(self.keytide(*rotate, "eve"), 1, "iam:GetUser")
        self.expect(self.keytide(*rotate, "bob"), 0)


class Forms(Policy):
    def test_the_template_is_deployed_and_rotates(self):
        template = self.home / "template.yaml"
        template.write_text(self.keytide("policy", "print", "--format", "cloudformation", "--user-name", "bob").stdout)
        self.iam.delete_user_policy(UserName="bob", PolicyName="may")
        self.expect(self.keytide("rotate", "--yes"), 1)
        root = dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), self.lab.root))
        deployed = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.lab.endpoint, "cloudformation", "deploy", "--stack-name", "rotates",
                                   "--template-file", template, "--capabilities", "CAPABILITY_IAM"],
                                  env=self.environment(**root), capture_output=True, text=True)
        self.assertEqual(deployed.returncode, 0, deployed.stderr)
        [name] = self.iam.list_user_policies(UserName="bob")["PolicyNames"]
        self.assertEqual(self.iam.get_user_policy(UserName="bob", PolicyName=name)["PolicyDocument"], self.printed("--user-name", "bob"))
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.expect(self.keytide("doctor"), 0)

    def test_the_forms_say_the_same(self):
        for chosen in ((), ("--user-name", "bob"), ("--administrator",), ("--administrator", "--user-name", "bob"), ("--without", "all")):
            policy = self.printed(*chosen)
            actions = [a for s in policy["Statement"] for a in s["Action"]]
            for form in ("cloudformation", "terraform"):
                with self.subTest(chosen=chosen, form=form):
                    text = self.expect(self.keytide("policy", "print", "--format", form, *chosen), 0).stdout
                    self.assertEqual(re.findall(r"iam:[A-Z]\w+", text), actions)
                    self.assertEqual(re.findall(r"(?:Sid: |sid +=) ?\"?(\w+)", text), [s["Sid"] for s in policy["Statement"]])
                    arns = [r.replace("${", "&{") if form == "terraform" else r for s in policy["Statement"] for r in s["Resource"]]
                    self.assertEqual(re.findall(r"\"(arn:[^\"]*)\"", text), arns)

    def test_the_partition_is_the_region_s(self):
        for region, partition in (("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-central-1", "aws")):
            for statement in self.printed("--region", region)["Statement"]:
                for arn in statement["Resource"]:
                    self.assertTrue(arn.startswith(f"arn:{partition}:iam::*:user/"), arn)

    def test_json_output_is_one_object(self):
        run = self.expect(self.keytide("policy", "print", "--output", "json", "--without", "quiet"), 0)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual(json.loads(said["policy"]["text"]), self.printed("--without", "quiet"))
        self.assertEqual([p["action"] for p in said["policy"]["permissions"] if p["required"]], ["iam:CreateAccessKey", "iam:DeleteAccessKey"])
        self.assertEqual([p["guarantee"] for p in said["policy"]["permissions"] if not p["required"]], ["list", "soak"])
        self.assertEqual(run.stderr, "")

    def test_wrong_use_is_told(self):
        self.expect(self.keytide("policy", "print", "--without", "grace"), 2, "no guarantee 'grace'", "list, soak, quiet and all")
        self.expect(self.keytide("policy", "print", "--user-name", 'a"b'), 2, "not the name of an IAM user")
        self.expect(self.keytide("policy", "print", "--user-name", "team/bob"), 2, "without its path")
        self.expect(self.keytide("policy"), 2)

    def test_the_page_shows_what_is_printed(self):
        page = (pathlib.Path(SOURCE) / "docs" / "permissions.md").read_text()
        shown = re.findall(r"^    \$ keytide (policy print.*)\n((?:    .*\n|\n(?=    ))+)", page, re.M)
        self.assertGreaterEqual(len(shown), 2)
        for command, text in shown:
            with self.subTest(command):
                printed = self.keytide(*shlex.split(command)).stdout
                self.assertEqual(re.sub(r"^    ", "", text, flags=re.M), printed)


class Check(Policy):
    SAMPLE = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:ListBuckets", "s3:ListAllMyBuckets"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey"],
     "Resource": "arn:aws:iam::123456789012:user/bob"}
  ]
}
"""

    def file(self, policy, name="policy.json"):
        path = self.home / name
        path.write_text(policy if isinstance(policy, str) else json.dumps(policy))
        return str(path)

    def checked(self, policy, code, *arguments):
        run = self.expect(self.keytide("policy", "check", self.file(policy), "--output", "json", *arguments), code)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        return said["policy_check"]

    def allowed(self, policy, code=0, *arguments):
        return {p["action"]: p["allowed"] for p in self.checked(policy, code, *arguments)["permissions"]}

    def test_the_sample_names_an_action_that_does_not_exist(self):
        check = self.checked(self.SAMPLE, 7)
        [finding] = check["findings"]
        self.assertEqual((finding["fault"], finding["line"], finding["action"], finding["suggestion"]),
                         ("unknown_action", 4, "s3:ListBuckets", "s3:ListAllMyBuckets"))
        self.assertEqual(check["user"], "arn:aws:iam::123456789012:user/bob")
        text = self.expect(self.keytide("policy", "check", self.file(self.SAMPLE)), 7).stdout
        self.assertIn("policy.json:4: s3:ListBuckets does not exist: s3:ListAllMyBuckets\n1 finding\n", text)

    def test_what_it_says_is_allowed_is_what_a_rotation_finds_allowed(self):
        for number, words in enumerate(SETS):
            with self.subTest(without=words):
                policy = self.printed(*self.without(words))
                expected = {"iam:CreateAccessKey": "yes", "iam:DeleteAccessKey": "yes"}
                expected |= {WORDS[word]: "no" if word in words else "yes" for word in WORDS}
                self.assertEqual(self.allowed(policy), expected)
                name = f"user{number}"
                self.somebody(name, policy)
                run = self.keytide("doctor", "--profile", name, "--output", "json")
                lacking = {c["check"] for c in json.loads(run.stdout)["checks"] if c["status"] != "ok"}
                self.assertEqual(lacking, {action for action, may in expected.items() if may == "no"})

    def test_a_policy_is_looked_at_for_the_user_who_has_it(self):
        policy = self.printed("--user-name", "bob")
        self.assertEqual(set(self.allowed(policy).values()), {"yes"})
        self.assertEqual(set(self.allowed(policy, 0, "--user-name", "bob").values()), {"yes"})
        self.assertEqual(set(self.allowed(policy, 0, "--user-name", "eve").values()), {"no"})
        self.assertEqual(set(self.allowed(self.printed("--region", "cn-north-1")).values()), {"yes"})

    def test_what_depends_on_a_condition_is_said(self):
        policy = self.printed()
        policy["Statement"].append({"Effect": "Deny", "Action": "iam:DeleteAccessKey", "Resource": "*",
                                    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}})
        found = {p["action"]: p for p in self.checked(policy, 0)["permissions"]}
        self.assertEqual(found["iam:CreateAccessKey"]["allowed"], "yes")
        self.assertEqual(found["iam:DeleteAccessKey"]["allowed"], "conditional")
        self.assertEqual(found["iam:DeleteAccessKey"]["conditions"],
                         ["denied if aws:multifactorauthpresent is false, or there is none"])

    def test_pairs_that_never_meet_and_policies_that_grant_nothing_are_found(self):
        policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:s3:::b"}}
        self.assertEqual([f["fault"] for f in self.checked(policy, 7)["findings"]], ["never_meet", "grants_nothing"])

    def test_what_aws_would_not_store_is_a_finding(self):
        for policy, words in (("{", "Syntax errors in policy"), ("", "Syntax errors in policy"), (" " * 200000, "Syntax errors in policy"),
                              ({"Statement": {"Effect": "Allow", "Action": "ListBuckets", "Resource": "*"}}, "must be prefaced by a vendor"),
                              ({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}}, "should not specify a principal")):
            [finding] = self.checked(policy, 7)["findings"]
            self.assertEqual(finding["fault"], "malformed")
            self.assertIn(words, finding["message"])

    def test_without_a_file_it_is_what_aws_has(self):
        self.user("admin", {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}})
        self.write_credentials(self.profile("default", self.old) + self.profile("admin", self.key("admin")))

        def may():
            run = self.expect(self.keytide("policy", "check", "--user-name", "bob", "--profile", "admin", "--output", "json"), 0)
            said = json.loads(run.stdout)
            jsonschema.validate(said, json.loads(SCHEMA.read_text()))
            self.assertEqual(said["policy_check"]["decided_by"], decided_by)
            return {p["action"] for p in said["policy_check"]["permissions"] if p["allowed"] == "yes"}

        decided_by = "aws"
        least = {"iam:CreateAccessKey", "iam:DeleteAccessKey"}
        self.assertEqual(may(), least)
        policy = self.iam.create_policy(PolicyName="soak", PolicyDocument=json.dumps(self.printed("--without", "list,quiet")))["Policy"]["Arn"]
        self.iam.create_group(GroupName="rotators")
        self.iam.add_user_to_group(GroupName="rotators", UserName="bob")
        self.iam.attach_group_policy(GroupName="rotators", PolicyArn=policy)
        self.assertEqual(may(), least | {"iam:UpdateAccessKey"})
        quiet = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:GetAccessKeyLastUsed", "Resource": "*"}}
        self.iam.put_group_policy(GroupName="rotators", PolicyName="quiet", PolicyDocument=json.dumps(quiet))
        self.assertEqual(may(), least | {"iam:UpdateAccessKey", "iam:GetAccessKeyLastUsed"})
        self.iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=policy)
        self.assertEqual(may(), least | {"iam:UpdateAccessKey"})

        # Where AWS may not be asked to simulate, the policies decide, and say the same.
        self.allow("admin", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:SimulatePrincipalPolicy", "Resource": "*"}]})
        decided_by = "policies"
        self.assertEqual(may(), least | {"iam:UpdateAccessKey"})

    def test_what_may_not_be_read_is_told(self):
        self.expect(self.keytide("policy", "check", "--user-name", "bob"), 1, "the policies of bob cannot be read", "AccessDenied", "iam:GetUser")

    def test_the_page_shows_what_is_said(self):
        self.file(self.SAMPLE)
        page = (pathlib.Path(SOURCE) / "docs" / "permissions.md").read_text()
        [shown] = re.findall(r"^    \$ keytide policy check policy.json\n((?:    .*\n|\n(?=    ))+)", page, re.M)
        said = self.keytide("policy", "check", "policy.json", cwd=self.home).stdout
        self.assertEqual(re.sub(r"^    ", "", shown, flags=re.M), said)

    def test_standard_input_is_read(self):
        run = subprocess.run([KEYTIDE, "policy", "check", "-"], input=self.SAMPLE, env=self.environment(), capture_output=True, text=True)
        self.assertEqual(run.returncode, 7, run.stderr)
        self.assertIn("standard input:4: s3:ListBuckets does not exist", run.stdout)

    def test_wrong_use_is_told(self):
        self.expect(self.keytide("policy", "check"), 2)
        self.expect(self.keytide("policy", "check", str(self.home / "none")), 2, "cannot be read")
        self.expect(self.keytide("policy", "check", str(self.home)), 2, "cannot be read")
        self.expect(self.keytide("policy", "check", self.file("{}"), "--user-name", "team/bob"), 2, "without its path")


if __name__ == "__main__":
    main()
