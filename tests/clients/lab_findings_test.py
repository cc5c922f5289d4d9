#!/usr/bin/python3
"""The lab's Security Hub before botocore: findings go in, and come out again."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.exceptions

from stage import Stage, main

PRODUCT = "arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default"


def finding(id, **more):
    return {"SchemaVersion": "2018-10-08", "Id": id, "ProductArn": PRODUCT, "GeneratorId": "g", "AwsAccountId": "123456789012",
            "CreatedAt": "2026-01-31T12:00:00.000Z", "UpdatedAt": "2026-01-31T12:00:00.000Z", "Title": "t", "Description": "d",
            "Types": ["Software and Configuration Checks"], "Severity": {"Label": "LOW"},
            "Resources": [{"Type": "Other", "Id": "r"}]} | more


class Findings(Stage):
    def setUp(self):
        super().setUp()
        self.hub = self.lab.client("securityhub")

    def held(self, **asked):
        return [f for page in self.hub.get_paginator("get_findings").paginate(**asked) for f in page["Findings"]]

    def refusal(self, call, **asked):
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            call(**asked)
        return refused.exception.response["Error"]["Code"]

    def test_what_goes_in_comes_out_and_an_id_is_there_once(self):
        answer = self.hub.batch_import_findings(Findings=[finding("a"), finding("b")])
        self.assertEqual((answer["SuccessCount"], answer["FailedCount"], answer["FailedFindings"]), (2, 0, []))
        self.hub.batch_import_findings(Findings=[finding("a", Title="again")])
        self.assertEqual([(f["Id"], f["Title"]) for f in self.held()], [("a", "again"), ("b", "t")])

    def test_pages(self):
        for n in range(0, 250, 50):
            self.hub.batch_import_findings(Findings=[finding(f"{n + i}") for i in range(50)])
        self.assertEqual([f["Id"] for f in self.held()], [str(n) for n in range(250)])
        self.assertEqual(len(self.hub.get_findings(MaxResults=7)["Findings"]), 7)

    def test_each_finding_is_judged_alone(self):
        answer = self.hub.batch_import_findings(Findings=[
            finding("good"), finding("of another", AwsAccountId="999999999999"),
            finding("of a partner", ProductArn="arn:aws:securityhub:us-east-1::product/acme/scanner"), finding("old", SchemaVersion="2017"),
            {name: value for name, value in finding("bare").items() if name not in ("Severity",)}])
        self.assertEqual((answer["SuccessCount"], answer["FailedCount"]), (1, 4))
        self.assertEqual([f["Id"] for f in answer["FailedFindings"]], ["of another", "of a partner", "old", "bare"])
        self.assertEqual({f["ErrorCode"] for f in answer["FailedFindings"]}, {"InvalidInput"})
        self.assertEqual([f["Id"] for f in self.held()], ["good"])

    def test_a_call_takes_one_to_a_hundred(self):
        self.assertEqual(self.refusal(self.hub.batch_import_findings, Findings=[finding(str(n)) for n in range(101)]), "InvalidInputException")
        self.assertEqual(self.refusal(self.hub.get_findings, Filters={"Id": [{"Value": "a", "Comparison": "EQUALS"}]}), "InvalidInputException")
        self.assertEqual(self.held(), [])

    def test_permissions_hold_here_too(self):
        bobs = self.lab.client("securityhub", self.old)
        self.assertEqual(self.refusal(bobs.batch_import_findings, Findings=[finding("a")]), "AccessDeniedException")
        self.allow("bob", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "securityhub:BatchImportFindings", "Resource": PRODUCT}]})
        self.assertEqual(bobs.batch_import_findings(Findings=[finding("a")])["SuccessCount"], 1)
        self.assertEqual(self.refusal(bobs.get_findings), "AccessDeniedException")

    def test_a_bucket_may_be_called_findings(self):
        s3 = self.lab.client("s3")
        s3.create_bucket(Bucket="findings")
        s3.put_object(Bucket="findings", Key="import", Body=b"x")
        self.assertEqual(s3.get_object(Bucket="findings", Key="import")["Body"].read(), b"x")
        upload = s3.create_multipart_upload(Bucket="findings", Key="import")
        self.assertIn("UploadId", upload)

    def test_what_an_audit_sends_is_there(self):
        self.lab.tell("POST", "clock", {"advance": "91d"})
        self.expect(self.keytide("audit", "--check", "IAM.3", "--live", "--send",
                                 env=self.environment(AWS_ACCESS_KEY_ID=self.lab.root[0], AWS_SECRET_ACCESS_KEY=self.lab.root[1])),
                    7, "1 finding sent to Security Hub in us-east-1")
        [sent] = self.held()
        self.assertIn(self.old[0], sent["Id"])
        self.assertEqual(sent["Compliance"]["Status"], "FAILED")


if __name__ == "__main__":
    main()
