#!/usr/bin/python3
"""Every S3 operation that the lab serves, called through boto3 where it is installed and botocore else, and parsed.

KEYTIDE comes from the environment.
"""
import io
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from stage import Lab

try:
    import boto3
except ImportError:
    boto3 = None


class S3Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="keytide-s3-api-")
        cls.lab = Lab(pathlib.Path(cls.folder.name))
        cls.s3 = cls.client(cls.lab.root)
        cls.s3.create_bucket(Bucket="api")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        cls.folder.cleanup()

    @classmethod
    def client(cls, key, service="s3"):
        session = boto3.session.Session() if boto3 else botocore.session.Session()
        make = session.client if boto3 else session.create_client
        return make(service, region_name="us-east-1", endpoint_url=cls.lab.endpoint, aws_access_key_id=key[0],
                    aws_secret_access_key=key[1], config=Config(retries={"max_attempts": 0}))

    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as raised:
            call(**arguments)
        self.assertEqual(raised.exception.response["Error"]["Code"], code)
        return raised.exception.response

    def test_buckets(self):
        self.s3.create_bucket(Bucket="there", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        self.assertEqual(self.s3.get_bucket_location(Bucket="there")["LocationConstraint"], "eu-central-1")
        self.assertIsNone(self.s3.get_bucket_location(Bucket="api")["LocationConstraint"])
        self.assertIn("there", [b["Name"] for b in self.s3.list_buckets()["Buckets"]])
        self.s3.head_bucket(Bucket="there")
        self.s3.put_object(Bucket="there", Key="k", Body=b"x")
        self.refused("BucketNotEmpty", self.s3.delete_bucket, Bucket="there")
        self.s3.delete_object(Bucket="there", Key="k")
        self.s3.delete_bucket(Bucket="there")
        self.refused("404", self.s3.head_bucket, Bucket="there")
        self.refused("NoSuchBucket", self.s3.get_object, Bucket="there", Key="k")

    def test_objects(self):
        put = self.s3.put_object(Bucket="api", Key="a b/+é%", Body=b"0123456789", ContentType="text/plain",
                                 CacheControl="no-store", Metadata={"colour": "blue"})
        self.assertEqual(put["ETag"], '"781e5e245d69b566979b86e28d23f2c7"')
        got = self.s3.get_object(Bucket="api", Key="a b/+é%")
        self.assertEqual((got["Body"].read(), got["ContentType"], got["CacheControl"], got["Metadata"], got["ETag"]),
                         (b"0123456789", "text/plain", "no-store", {"colour": "blue"}, put["ETag"]))
        head = self.s3.head_object(Bucket="api", Key="a b/+é%")
        self.assertEqual((head["ContentLength"], head["ETag"], head["LastModified"]),
                         (10, put["ETag"], got["LastModified"]))
        part = self.s3.get_object(Bucket="api", Key="a b/+é%", Range="bytes=2-4")
        self.assertEqual((part["Body"].read(), part["ContentRange"]), (b"234", "bytes 2-4/10"))
        self.refused("InvalidRange", self.s3.get_object, Bucket="api", Key="a b/+é%", Range="bytes=10-")
        self.refused("304", self.s3.get_object, Bucket="api", Key="a b/+é%", IfNoneMatch=put["ETag"])
        self.refused("PreconditionFailed", self.s3.get_object, Bucket="api", Key="a b/+é%", IfMatch='"x"')
        self.assertEqual(self.s3.get_object(Bucket="api", Key="a b/+é%", ResponseContentType="a/b")["ContentType"], "a/b")
        copied = self.s3.copy_object(Bucket="api", Key="copy", CopySource={"Bucket": "api", "Key": "a b/+é%"})
        self.assertEqual(copied["CopyObjectResult"]["ETag"], put["ETag"])
        self.assertEqual(self.s3.head_object(Bucket="api", Key="copy")["Metadata"], {"colour": "blue"})
        self.s3.delete_object(Bucket="api", Key="a b/+é%")
        self.refused("NoSuchKey", self.s3.get_object, Bucket="api", Key="a b/+é%")
        self.refused("404", self.s3.head_object, Bucket="api", Key="a b/+é%")
        deleted = self.s3.delete_objects(Bucket="api", Delete={"Objects": [{"Key": "copy"}, {"Key": "never"}]})
        self.assertEqual({d["Key"] for d in deleted["Deleted"]}, {"copy", "never"})
        self.refused("404", self.s3.head_object, Bucket="api", Key="copy")

    def test_checksums(self):
        values = {"CRC32": "y/Q5Jg==", "SHA1": "98O8HYCOBHMq32eZZczDTKeuNEE=",
                  "SHA256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}
        for algorithm, value in values.items():
            put = self.s3.put_object(Bucket="api", Key="sum", Body=b"123456789", ChecksumAlgorithm=algorithm)
            self.assertEqual(put["Checksum" + algorithm], value)
            got = self.s3.get_object(Bucket="api", Key="sum", ChecksumMode="ENABLED")
            self.assertEqual((got["Body"].read(), got["Checksum" + algorithm]), (b"123456789", value))
            self.refused("BadDigest", self.s3.put_object, Bucket="api", Key="sum", Body=b"12345678",
                         **{"Checksum" + algorithm: value})
        self.refused("BadDigest", self.s3.put_object, Bucket="api", Key="sum", Body=b"x",
                     ContentMD5="JfnnlDI7RTiF9RgfG2JNCw==")
        self.refused("InvalidDigest", self.s3.put_object, Bucket="api", Key="sum", Body=b"x", ContentMD5="nonsense")

    def test_listings(self):
        self.s3.create_bucket(Bucket="listed")
        for number in range(25):
            self.s3.put_object(Bucket="listed", Key=f"folder {number % 3}/a+b&{number:02}", Body=b"x")
        keys = sorted(f"folder {n % 3}/a+b&{n:02}" for n in range(25))
        for operation in ("list_objects_v2", "list_objects"):
            pages = self.s3.get_paginator(operation).paginate(Bucket="listed", PaginationConfig={"PageSize": 7})
            self.assertEqual([c["Key"] for page in pages for c in page["Contents"]], keys)
            top = getattr(self.s3, operation)(Bucket="listed", Delimiter="/")
            self.assertEqual([p["Prefix"] for p in top["CommonPrefixes"]], ["folder 0/", "folder 1/", "folder 2/"])
            self.assertNotIn("Contents", top)
        after = self.s3.list_objects_v2(Bucket="listed", StartAfter=keys[20], FetchOwner=True)
        self.assertEqual([c["Key"] for c in after["Contents"]], keys[21:])
        self.assertEqual(len(after["Contents"][0]["Owner"]["ID"]), 64)
        self.assertEqual((after["KeyCount"], after["IsTruncated"]), (4, False))

    def test_uploads_in_parts(self):
        data = os.urandom(6 * 1024 * 1024)
        upload = self.s3.create_multipart_upload(Bucket="api", Key="parts", Metadata={"a": "1"})["UploadId"]
        self.assertEqual([u["UploadId"] for u in self.s3.list_multipart_uploads(Bucket="api")["Uploads"]], [upload])
        self.s3.put_object(Bucket="api", Key="source", Body=b"0123456789")
        first = self.s3.upload_part(Bucket="api", Key="parts", UploadId=upload, PartNumber=1, Body=data)["ETag"]
        second = self.s3.upload_part_copy(Bucket="api", Key="parts", UploadId=upload, PartNumber=2,
                                          CopySource="api/source", CopySourceRange="bytes=2-4")["CopyPartResult"]["ETag"]
        listed = self.s3.list_parts(Bucket="api", Key="parts", UploadId=upload)["Parts"]
        self.assertEqual([(p["PartNumber"], p["Size"]) for p in listed], [(1, len(data)), (2, 3)])
        parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
        self.refused("InvalidPartOrder", self.s3.complete_multipart_upload, Bucket="api", Key="parts", UploadId=upload,
                     MultipartUpload={"Parts": parts[::-1]})
        done = self.s3.complete_multipart_upload(Bucket="api", Key="parts", UploadId=upload,
                                                 MultipartUpload={"Parts": parts})
        self.assertTrue(done["ETag"].endswith('-2"'))
        got = self.s3.get_object(Bucket="api", Key="parts")
        self.assertEqual((got["Body"].read(), got["Metadata"]), (data + b"234", {"a": "1"}))
        upload = self.s3.create_multipart_upload(Bucket="api", Key="parts")["UploadId"]
        self.s3.abort_multipart_upload(Bucket="api", Key="parts", UploadId=upload)
        self.refused("NoSuchUpload", self.s3.abort_multipart_upload, Bucket="api", Key="parts", UploadId=upload)

    def test_tags(self):
        self.s3.put_object(Bucket="api", Key="tagged", Body=b"x", Tagging="team=blue")
        self.assertEqual(self.s3.get_object_tagging(Bucket="api", Key="tagged")["TagSet"],
                         [{"Key": "team", "Value": "blue"}])
        self.s3.put_object_tagging(Bucket="api", Key="tagged", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        self.assertEqual(self.s3.get_object_tagging(Bucket="api", Key="tagged")["TagSet"], [{"Key": "a", "Value": "b"}])
        self.s3.delete_object_tagging(Bucket="api", Key="tagged")
        self.assertEqual(self.s3.get_object_tagging(Bucket="api", Key="tagged")["TagSet"], [])

    def test_what_is_not_there_is_refused(self):
        for call in (self.s3.get_bucket_versioning, self.s3.get_bucket_acl, self.s3.get_bucket_website,
                     self.s3.get_bucket_policy, self.s3.list_object_versions):
            self.assertEqual(self.refused("NotImplemented", call, Bucket="api")["ResponseMetadata"]["HTTPStatusCode"], 501)
        self.refused("NotImplemented", self.s3.put_object, Bucket="api", Key="k", Body=b"x", ServerSideEncryption="aws:kms")

    def test_bodies_are_bounded_for_all_other_services(self):
        self.s3.put_object(Bucket="api", Key="big", Body=bytes(5 * 1024 * 1024))
        iam = self.client(self.lab.root, "iam")
        with self.assertRaises(Exception) as raised:
            iam.put_user_policy(UserName="nobody", PolicyName="p", PolicyDocument="x" * (3 * 1024 * 1024))
        self.assertNotIn("NoSuchEntity", str(raised.exception))

    @unittest.skipUnless(boto3, "boto3 is not installed: its transfers were not tried")
    def test_transfers_of_boto3(self):
        data = os.urandom(20 * 1024 * 1024)
        self.s3.upload_fileobj(io.BytesIO(data), "api", "transferred")
        back = io.BytesIO()
        self.s3.download_fileobj("api", "transferred", back)
        self.assertEqual(back.getvalue(), data)
        self.s3.copy({"Bucket": "api", "Key": "transferred"}, "api", "transferred again")
        self.assertEqual(self.s3.head_object(Bucket="api", Key="transferred again")["ContentLength"], len(data))


if __name__ == "__main__":
    print("through", f"boto3 {boto3.__version__}" if boto3 else f"botocore {botocore.__version__}; boto3 is not installed")
    unittest.main()
