#!/usr/bin/python3
"""The lab's CloudTrail before botocore: the history of an account, as its model has it."""
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.exceptions

from stage import Stage, main


class Trail(Stage):
    def setUp(self):
        super().setUp()
        self.trail = self.lab.client("cloudtrail")

    def events(self, **attributes):
        asked = [{"AttributeKey": name, "AttributeValue": value} for name, value in attributes.items()]
        pages = self.trail.get_paginator("lookup_events").paginate(LookupAttributes=asked)
        return [event for page in pages for event in page["Events"]]

    def refusal(self, **asked):
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            self.trail.lookup_events(**asked)
        return refused.exception.response["Error"]["Code"]

    def test_each_call_is_remembered_with_who_and_how(self):
        self.lab.client("sts", self.old).get_caller_identity()
        with self.assertRaises(botocore.exceptions.ClientError):
            self.lab.client("iam", self.old).list_users()
        denied, done = self.events(AccessKeyId=self.old[0])
        self.assertEqual((done["EventName"], done["EventSource"], done["Username"], done["ReadOnly"]),
                         ("GetCallerIdentity", "sts.amazonaws.com", "bob", "true"))
        record = json.loads(denied["CloudTrailEvent"])
        self.assertEqual(record["errorCode"], "AccessDenied")
        self.assertEqual(record["eventID"], denied["EventId"])
        self.assertEqual(record["userIdentity"]["arn"], "arn:aws:iam::123456789012:user/bob")
        self.assertEqual(record["userIdentity"]["type"], "IAMUser")
        self.assertEqual(record["sourceIPAddress"], "127.0.0.1")
        self.assertIn("Botocore/", record["userAgent"])

    def test_events_are_found_by_their_attributes(self):
        names = [e["EventName"] for e in self.events(Username="root")]
        self.assertEqual(names[::-1][:3], ["CreateUser", "PutUserPolicy", "CreateAccessKey"])
        [made] = self.events(EventName="CreateUser")
        self.assertEqual(made["ReadOnly"], "false")
        self.assertEqual(self.events(EventId=made["EventId"]), [made])
        self.assertEqual({e["EventName"] for e in self.events(ReadOnly="false")}, {"CreateUser", "PutUserPolicy", "CreateAccessKey"})
        self.assertEqual({e["EventSource"] for e in self.events(EventSource="iam.amazonaws.com")}, {"iam.amazonaws.com"})

    def test_pages_are_of_fifty_the_latest_first_and_nothing_shifts(self):
        sts = self.lab.client("sts", self.old)
        for _ in range(70):
            sts.get_caller_identity()
        first = self.trail.lookup_events(LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": self.old[0]}])
        self.assertEqual(len(first["Events"]), 50)
        sts.get_caller_identity()
        rest = self.trail.lookup_events(LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": self.old[0]}],
                                        NextToken=first["NextToken"])
        self.assertEqual(len(rest["Events"]), 20)
        self.assertNotIn("NextToken", rest)
        self.assertEqual(len({e["EventId"] for e in first["Events"] + rest["Events"]}), 70)

    def test_objects_are_data_events_and_not_among_them(self):
        s3 = self.lab.client("s3")
        s3.create_bucket(Bucket="my-bucket")
        s3.put_object(Bucket="my-bucket", Key="a", Body=b"x")
        s3.list_buckets()
        self.assertEqual([e["EventName"] for e in self.events(EventSource="s3.amazonaws.com")], ["ListBuckets", "CreateBucket"])

    def test_they_are_kept_for_ninety_days_and_found_by_time(self):
        self.lab.tell("POST", "clock", {"advance": "60d"})
        self.lab.client("sts", self.old).get_caller_identity()
        now = self.lab.tell("GET", "clock")["now"]
        later = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")) - datetime.timedelta(days=1)
        self.assertEqual([e["EventName"] for e in self.trail.lookup_events(StartTime=later)["Events"]], ["GetCallerIdentity"])
        self.assertIn("CreateUser", [e["EventName"] for e in self.trail.lookup_events(EndTime=later)["Events"]])
        self.lab.tell("POST", "clock", {"advance": "31d"})
        self.assertNotIn("CreateUser", [e["EventName"] for e in self.events()])

    def test_what_is_wrong_is_refused(self):
        self.assertEqual(self.refusal(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": "x"}]), "InvalidLookupAttributesException")
        self.assertEqual(self.refusal(NextToken="x"), "InvalidNextTokenException")
        self.assertEqual(self.refusal(EventCategory="insight"), "ValidationException")
        self.assertEqual(self.refusal(StartTime=datetime.datetime(2026, 2, 1), EndTime=datetime.datetime(2026, 1, 1)), "InvalidTimeRangeException")
        self.trail = self.lab.client("cloudtrail", self.old)
        self.assertEqual(self.refusal(), "AccessDeniedException")
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            self.lab.client("cloudtrail").describe_trails()
        self.assertEqual(refused.exception.response["Error"]["Code"], "UnknownOperationException")


if __name__ == "__main__":
    main()
