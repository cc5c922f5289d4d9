#!/usr/bin/python3
"""`keytide rehearse`: a rotation on a copy of the account, before it happens."""
import json

import jsonschema

from stage import SCHEMA, Stage, main

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Rehearse(Stage):
    def setUp(self):
        super().setUp()
        self.before = self.credentials.read_text()
        self.asked_before = self.changing_calls()

    def changing_calls(self):
        """What the lab was asked, other than to read."""
        calls = self.lab.tell("GET", "requests")["requests"]
        return [c["action"] for c in calls if not c["action"].startswith(("Get", "List"))]

    def rehearse(self, *options, code=0, env=None):
        run = self.expect(self.keytide("rehearse", "--output", "json", *options, env=env), code)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual(self.credentials.read_text(), self.before, "the real place is not touched")
        self.assertEqual(self.changing_calls(), self.asked_before, "and the real account is only read")
        self.assertEqual([p.name for p in self.home.glob("state/**/*") if p.is_file()], [], "nor is there a ledger")
        return said.get("rehearsal", said)

    @staticmethod
    def scene(rehearsal, name):
        [found] = [s for s in rehearsal["scenes"] if s["misfortune"] == name]
        return found

    def test_a_rotation_is_played_from_its_beginning_to_its_end_in_no_time(self):
        self.allow("bob", EVERYTHING)
        self.asked_before = self.changing_calls()
        rehearsal = self.rehearse("--grace", "7d", "--soak", "1d", "--quiet", "1h")
        usual = self.scene(rehearsal, "none")
        self.assertIn(f"rotated bob: {self.old[0]} -> AKIA", usual["outcome"])
        self.assertGreaterEqual(usual["seconds"], 8 * 86400, "the waits are waited for, by the lab's clock")
        told = "\n".join(usual["timeline"])
        for step in ("created", "verified", "delivered", "quiet", "inactive", "deleted", "refused"):
            self.assertIn(step, told)
        self.assertIn(f"credentials-file:{self.credentials}", told, "the real place is named, not what stands in for it")
        self.assertEqual((rehearsal["copied"]["users"], rehearsal["not_seen"]), (1, []))
        self.assertEqual([s["exit_code"] for s in rehearsal["scenes"]], [0, 0, 5, 0, 0, 0])

    def test_what_a_person_would_be_asked_is_told_with_the_answers(self):
        rehearsal = self.rehearse()
        self.assertIn("no grace time", " ".join(rehearsal["asked"]))
        self.assertIn("iam:ListAccessKeys", " ".join(rehearsal["asked"]))

        self.allow("bob", EVERYTHING)
        self.asked_before = self.changing_calls()
        lost = self.scene(self.rehearse(), "create_unanswered")
        self.assertEqual(lost["exit_code"], 5)
        self.assertIn("aws iam delete-access-key", " ".join(lost["answers"]))
        lost = self.scene(self.rehearse("--sole-writer"), "create_unanswered")
        self.assertEqual(lost["exit_code"], 0, "that declaration settles it")

    def test_the_permissions_are_those_of_the_account(self):
        """Of a user that may delete no key, by a boundary: as in the account, it does not begin."""
        boundary = self.iam.create_policy(PolicyName="limits", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:DeleteAccessKey", "Resource": "*"}]}))["Policy"]["Arn"]
        self.allow("bob", EVERYTHING)
        self.iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=boundary)
        self.asked_before = self.changing_calls()
        rehearsal = self.rehearse(code=1)
        [only] = rehearsal["scenes"]
        self.assertIn("does not begin", only["outcome"])
        self.assertIn("iam:DeleteAccessKey", only["outcome"])

    def test_groups_tags_and_aws_own_policies_are_copied(self):
        self.iam.delete_user_policy(UserName="bob", PolicyName="may")
        self.iam.create_group(GroupName="rotators")
        self.iam.attach_group_policy(GroupName="rotators", PolicyArn="arn:aws:iam::aws:policy/IAMFullAccess")
        self.iam.add_user_to_group(GroupName="rotators", UserName="bob")
        self.asked_before = self.changing_calls()
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal["copied"], {"users": 1, "groups": 1, "policies": 1})
        self.assertEqual(self.scene(rehearsal, "none")["exit_code"], 0)

        self.iam.remove_user_from_group(GroupName="rotators", UserName="bob")
        self.allow("bob", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/may": "rotate"}}}]})
        self.iam.tag_user(UserName="bob", Tags=[{"Key": "may", "Value": "rotate"}])
        self.asked_before = self.changing_calls()
        self.assertEqual(self.scene(self.rehearse(), "none")["exit_code"], 0)

    def test_an_administrator_rehearses_for_another(self):
        self.user("ada", EVERYTHING)
        ada = self.key("ada")
        self.write_credentials(self.profile("default", ada))
        self.before = self.credentials.read_text()
        self.asked_before = self.changing_calls()
        place = self.home / "app.env"
        place.write_text(f"AWS_ACCESS_KEY_ID={self.old[0]}\nAWS_SECRET_ACCESS_KEY={self.old[1]}\n")
        place.chmod(0o600)
        held = place.read_text()
        rehearsal = self.rehearse("--user-name", "bob", "--deliver", f"env-file:{place}?format=dotenv",
                                  "--on-delivered", "notify-command:touch told")
        usual = self.scene(rehearsal, "none")
        self.assertIn(f"rotated bob: {self.old[0]} -> AKIA", usual["outcome"])
        self.assertEqual(place.read_text(), held)
        self.assertIn("notify-command:touch%20told", " ".join(rehearsal["left_out"]))
        self.assertEqual(len(rehearsal["stood_in_for"]), 1)

    def test_a_user_whose_policies_nobody_may_read_is_given_the_least(self):
        rehearsal = self.rehearse()
        self.assertIn("AccessDenied", " ".join(rehearsal["not_seen"]))
        self.assertIn("the least that a rotation needs", " ".join(rehearsal["left_out"]))
        self.assertEqual(self.scene(rehearsal, "none")["exit_code"], 0)

    def test_what_stands_in_the_way_of_a_rotation_is_told_as_by_the_rotation(self):
        self.key("bob")  # the second slot
        self.allow("bob", EVERYTHING)
        self.asked_before = self.changing_calls()
        self.expect(self.keytide("rehearse"), 1, "both access key slots of bob are taken")

    def test_as_text_it_ends_with_what_a_person_would_be_asked(self):
        run = self.expect(self.keytide("rehearse"), 0, "1. nothing goes wrong", "rotated bob")
        self.assertIn("done without", run.stdout.rsplit("What would be asked of a person:", 1)[1])
        self.assertEqual(run.stderr, "")


if __name__ == "__main__":
    main()
