#!/usr/bin/python3
"""`keytide audit`: how an account stands before the rules about its keys."""
import collections
import csv
import html.parser
import http.server
import io
import json
import threading

import botocore.session
import botocore.validate
import jsonschema

from stage import SCHEMA, Stage, main


class Page(html.parser.HTMLParser):
    """Which elements there are, whether each ends, and what a browser would fetch."""
    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.loads, self.tags = [], [], collections.Counter()

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        self.loads += [value for name, value in attributes if name in ("src", "href", "data", "srcset")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags[tag] += 1

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> ends nothing"


class SecurityHub:
    """Takes findings as its model has them, but for those that it is told to refuse; counts them by call."""

    def __init__(self, refuse=(), throttle=0):
        hub = self
        self.calls, self.refuse, self.throttle = [], set(refuse), throttle

        class Answering(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.path == "/findings/import" and "/securityhub/aws4_request" in self.headers["Authorization"]
                if hub.throttle:
                    hub.throttle -= 1
                    return self.say(429, {"__type": "TooManyRequestsException", "message": "Too Many Requests"})
                hub.calls.append(asked["Findings"])
                failed = [{"Id": f["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "no"} for f in asked["Findings"] if f["AwsAccountId"] in hub.refuse]
                self.say(200, {"SuccessCount": len(asked["Findings"]) - len(failed), "FailedCount": len(failed), "FailedFindings": failed})

            def say(self, status, what):
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class Audit(Stage):
    """Root's own key audits; it is a finding of IAM.4 itself."""

    def setUp(self):
        super().setUp()
        self.write_credentials(self.profile("default", self.lab.root) + self.profile("bob", self.old))

    def advance(self, time):
        self.lab.tell("POST", "clock", {"advance": time})

    def audit(self, code, *options):
        run = self.expect(self.keytide("audit", "--output", "json", *options), code)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual(said["exit_code"], code)
        return said["audit"]

    def failed(self, audit, control=None):
        return [(f["control"], f.get("user"), f.get("key", {}).get("id")) for f in audit["findings"]
                if f["verdict"] == "failed" and control in (None, f["control"])]

    def calls(self):
        """What was asked of the lab since the last time, by the action."""
        answer = self.lab.tell("GET", f"requests?since={getattr(self, 'seen', 0)}")
        self.seen = answer["next"]
        return [r["action"] for r in answer["requests"]]


class TheNinetyDays(Audit):
    def test_a_key_of_89_days_passes_and_one_of_91_fails(self):
        self.advance("89d")
        self.assertEqual(self.failed(self.audit(0, "--check", "IAM.3")), [])
        self.advance("2d")
        for options in ((), ("--live",)):
            with self.subTest(options=options):
                audit = self.audit(7, "--check", "IAM.3", *options)
                self.assertEqual(self.failed(audit), [("IAM.3", "bob", self.old[0])])
                [control] = audit["controls"]
                self.assertEqual((control["looked_at"], control["failed"]), (1, 1))
                [finding] = audit["findings"]
                self.assertIn("91 days old", finding["message"])
                self.assertIn(f"keytide rotate --user-name bob --access-key-id {self.old[0]}", finding["hint"])

    def test_the_table_says_the_same(self):
        self.advance("91d")
        run = self.expect(self.keytide("audit", "--check", "IAM.3"), 7, "1 finding", "91 days old", "1 of 1 failed",
                          "Access keys are rotated every 90 days or less")
        self.assertRegex(run.stdout, rf"(?m)^failed    IAM.3  bob +{self.old[0]}  ")
        self.assertEqual(run.stderr, "")

    def test_a_rotation_ends_the_finding(self):
        self.advance("91d")
        self.audit(7, "--check", "IAM.3")
        self.expect(self.keytide("rotate", "--yes", "--profile", "bob"), 0)
        self.assertEqual(self.audit(0, "--check", "IAM.3", "--live")["findings"], [])


class TheOtherRules(Audit):
    def test_credentials_that_nobody_uses(self):
        self.advance("46d")
        live = ("--live",)
        self.assertEqual(self.failed(self.audit(7, "--check", "IAM.22", *live), "IAM.22"), [("IAM.22", "bob", self.old[0])])
        self.assertEqual(self.failed(self.audit(7, "--check", "IAM.8", *live)), [])
        self.advance("45d")
        self.assertEqual(self.failed(self.audit(7, "--check", "IAM.8", *live)), [("IAM.8", "bob", self.old[0])])
        self.assertTrue(self.accepts(self.old))
        self.assertEqual(self.failed(self.audit(7, "--check", "IAM.8,IAM.22", *live)), [])

    def test_keys_that_were_switched_off(self):
        self.iam.update_access_key(UserName="bob", AccessKeyId=self.old[0], Status="Inactive")
        self.assertEqual(self.audit(0, "--check", "inactive-key", "--live")["findings"], [])
        self.advance("8d")
        self.assertEqual(self.failed(self.audit(7, "--check", "inactive-key", "--live")), [("inactive-key", "bob", self.old[0])])

    def test_the_overlap_of_a_rotation_is_no_second_key(self):
        key = self.key("bob")
        cis = ("--standard", "cis-3.0", "--check", "1.13", "--live")
        self.assertEqual(self.failed(self.audit(7, *cis)), [("1.13", "bob", None)])
        self.iam.delete_access_key(UserName="bob", AccessKeyId=key[0])
        self.expect(self.keytide("rotate", "--yes", "--profile", "bob", "--grace", "1h"), 3)
        self.assertEqual(len(self.key_ids()), 2)
        [finding] = self.audit(0, *cis)["findings"]
        self.assertEqual(finding["verdict"], "rotating")
        self.assertIn("keytide resume r-", finding["hint"])

    def test_a_user_that_should_be_a_role_is_advice(self):
        self.user("github-actions", None)
        self.key("github-actions")
        [finding] = self.audit(0, "--check", "better-as-role", "--live")["findings"]
        self.assertEqual((finding["user"], finding["verdict"]), ("github-actions", "advice"))
        self.assertIn("OpenID Connect", finding["hint"])


class WhatCannotBeSeen(Audit):
    def auditor(self, *actions):
        self.user("auditor", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
        self.write_credentials(self.profile("default", self.key("auditor")))

    def test_without_any_right_it_fails_and_says_which_policy_would_do(self):
        self.auditor("s3:ListAllMyBuckets")
        self.expect(self.keytide("audit"), 1, "users cannot be listed (AccessDenied", "SecurityAudit")

    def test_without_the_list_of_keys_nothing_passes(self):
        self.auditor("iam:ListUsers")
        audit = self.audit(7, "--check", "IAM.3", "--live")
        self.assertEqual({f["verdict"] for f in audit["findings"]}, {"unknown"})
        self.assertFalse(audit["passed"])
        self.assertIn("the keys of bob (AccessDenied", " ".join(audit["not_seen"]))

    def test_without_last_uses_what_is_unused_is_not_known(self):
        self.auditor("iam:ListUsers", "iam:ListAccessKeys")
        audit = self.audit(7, "--check", "IAM.22", "--live")
        self.assertIn("unknown", {f["verdict"] for f in audit["findings"] if f.get("user") == "bob"})


class Forms(Audit):
    def test_csv_has_a_line_for_each_finding_and_no_formula(self):
        self.user("=1+1", None)
        self.key("=1+1")
        self.advance("91d")
        run = self.expect(self.keytide("audit", "--check", "IAM.3", "--output", "csv", "--live"), 7)
        rows = list(csv.DictReader(io.StringIO(run.stdout)))
        self.assertEqual([r["user"] for r in rows], ["'=1+1", "bob"])
        self.assertEqual(rows[1]["access_key_id"], self.old[0])
        self.assertEqual(rows[1]["account"], "123456789012")

    def test_asff_is_what_security_hub_takes(self):
        """As botocore's model has BatchImportFindings; what its documentation asks for beyond the model is asked for here."""
        self.user("two", None)
        self.iam.update_access_key(UserName="two", AccessKeyId=self.key("two")[0], Status="Inactive")
        self.user("github", None)
        self.key("github")
        self.advance("91d")
        run = self.expect(self.keytide("audit", "--output", "asff", "--live"), 7)
        findings = json.loads(run.stdout)
        model = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
        report = botocore.validate.ParamValidator().validate({"Findings": findings}, model.input_shape)
        self.assertFalse(report.has_errors(), report.generate_report())
        known = model.input_shape.members["Findings"].member.members

        def check(value, shape, path):
            """Botocore lets unknown members and any text pass."""
            if shape.type_name == "structure":
                for name, part in value.items():
                    self.assertIn(name, shape.members, path)
                    check(part, shape.members[name], f"{path}.{name}")
            elif shape.type_name == "list":
                for part in value:
                    check(part, shape.member, path)
            elif getattr(shape, "enum", None):
                self.assertIn(value, shape.enum, path)
        for finding in findings:
            for name, value in finding.items():
                check(value, known[name], name)
            self.assertEqual(set(finding["FindingProviderFields"]), {"Severity", "Types"})
            self.assertRegex(finding["ProductArn"], r"^arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default$")
            for time in ("CreatedAt", "UpdatedAt"):
                self.assertRegex(finding[time], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(len({f["Id"] for f in findings}), len(findings))
        [old] = [f for f in findings if f["GeneratorId"] == "keytide/security-hub/IAM.3" and self.old[0] in f["Id"]]
        self.assertEqual(old["Compliance"]["Status"], "FAILED")
        self.assertEqual(old["FindingProviderFields"]["Severity"]["Label"], "MEDIUM")
        self.assertEqual([r["Type"] for r in old["Resources"]], ["AwsIamAccessKey", "AwsIamUser"])

    def send_to(self, hub):
        self.addCleanup(hub.server.shutdown)
        return self.keytide("audit", "--check", "IAM.3,IAM.4", "--live", "--send", "--output", "json",
                            env=self.environment(AWS_ENDPOINT_URL_SECURITYHUB=hub.url))

    def test_findings_are_sent_to_security_hub_a_hundred_a_call(self):
        for n in range(120):
            self.user(f"user{n}", None)
            self.key(f"user{n}")
        self.advance("91d")
        hub = SecurityHub(throttle=1)
        run = self.expect(self.send_to(hub), 7, "122 findings sent to Security Hub in us-east-1")
        self.assertEqual([len(call) for call in hub.calls], [100, 22])
        self.assertEqual(len(json.loads(run.stdout)["audit"]["findings"]), 122)
        model = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
        for call in hub.calls:
            self.assertFalse(botocore.validate.ParamValidator().validate({"Findings": call}, model.input_shape).has_errors())

    def test_what_security_hub_refuses_is_told(self):
        run = self.expect(self.send_to(SecurityHub(refuse=["123456789012"])), 1, "refused 1 of 1 findings", "InvalidInput: no")
        self.assertEqual(len(json.loads(run.stdout)["audit"]["findings"]), 1)

    def test_the_page_stands_alone(self):
        self.user("a@b.example", None)
        self.key("a@b.example")
        self.advance("91d")
        page = self.expect(self.keytide("audit", "--output", "html", "--live"), 7).stdout
        read = Page()
        read.feed(page)
        self.assertEqual(read.open, [], "each element is closed")
        self.assertEqual(read.tags["svg"], 2)
        self.assertNotIn("script", read.tags)
        self.assertEqual(read.loads, [])
        self.assertIn("2 of 2 are older than 90 days", page)
        self.assertIn(self.old[0], page)

    def test_wrong_use_is_told(self):
        self.expect(self.keytide("audit", "--check", "IAM.99"), 2, "no check 'IAM.99'", "IAM.3")
        self.expect(self.keytide("audit", "--check", "1.14"), 2, "cis-1.4, cis-1.5, cis-3.0, cis-4.0")
        self.expect(self.keytide("audit", "--standard", "cis-9"), 2, "cis-5.0")
        self.expect(self.keytide("status", "--output", "csv"), 2, "only 'keytide audit'")


if __name__ == "__main__":
    main()
