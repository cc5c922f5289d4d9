#!/usr/bin/python3
"""`aws s3` of the AWS CLI v2 on the lab: cp, ls, mv, sync, presign and rm, with a file that goes in parts.

KEYTIDE and AWS (the CLI's program) come from the environment.
"""
import filecmp
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from stage import Lab, clean_environment

AWS = os.environ.get("AWS", "/usr/bin/aws")


class AwsS3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="keytide-s3-cli-")
        cls.home = pathlib.Path(cls.folder.name)
        cls.lab = Lab(cls.home)

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        cls.folder.cleanup()

    def aws(self, *arguments, status=0):
        environment = clean_environment(self.home) | {
            "AWS_ENDPOINT_URL": self.lab.endpoint, "AWS_ACCESS_KEY_ID": self.lab.root[0],
            "AWS_SECRET_ACCESS_KEY": self.lab.root[1], "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "LC_ALL": "C.UTF-8"}
        # Debian's CLI is older than AWS_ENDPOINT_URL.
        run = subprocess.run([AWS, "--endpoint-url", self.lab.endpoint, *map(str, arguments)], env=environment,
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def file(self, name, data):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def test_a_small_file_goes_there_and_back(self):
        self.aws("s3", "mb", "s3://small")
        there = self.file("small/a b é.txt", b"text\n")
        self.aws("s3", "cp", there, "s3://small/x/a b é.txt", "--metadata", "colour=blue")
        self.assertIn("a b é.txt", self.aws("s3", "ls", "s3://small/x/"))
        self.assertIn("PRE x/", self.aws("s3", "ls", "s3://small"))
        back = self.home / "back.txt"
        self.aws("s3", "cp", "s3://small/x/a b é.txt", back)
        self.assertEqual(back.read_bytes(), b"text\n")
        self.aws("s3", "mv", "s3://small/x/a b é.txt", "s3://small/moved.txt")
        self.assertIn("404", self.aws("s3", "cp", "s3://small/x/a b é.txt", back, status=1))
        self.assertIn('"colour": "blue"', self.aws("s3api", "head-object", "--bucket", "small", "--key", "moved.txt"))
        self.assertIn('"ContentType": "text/plain"',
                      self.aws("s3api", "head-object", "--bucket", "small", "--key", "moved.txt"))
        self.assertIn("BucketNotEmpty", self.aws("s3", "rb", "s3://small", status=1))
        self.aws("s3", "rb", "s3://small", "--force")
        self.assertIn("NoSuchBucket", self.aws("s3", "ls", "s3://small", status=254))

    def test_twenty_megabytes_go_in_parts(self):
        self.aws("s3", "mb", "s3://large")
        there = self.file("large.bin", os.urandom(20 * 1024 * 1024))
        self.aws("s3", "cp", there, "s3://large/large.bin")
        self.assertIn('-3\\""', self.aws("s3api", "head-object", "--bucket", "large", "--key", "large.bin"))
        self.aws("s3", "cp", "s3://large/large.bin", "s3://large/copy.bin")
        back = self.home / "large.back"
        self.aws("s3", "cp", "s3://large/copy.bin", back)
        self.assertTrue(filecmp.cmp(there, back, shallow=False))
        self.assertNotIn('"UploadId":', self.aws("s3api", "list-multipart-uploads", "--bucket", "large"))

    def test_a_folder_is_synchronised(self):
        self.aws("s3", "mb", "s3://synced")
        for name in ("a.txt", "b/c.txt", "b/d.txt"):
            self.file(f"synced/{name}", name.encode())
        self.aws("s3", "sync", self.home / "synced", "s3://synced/copy")
        self.assertEqual(self.aws("s3", "sync", self.home / "synced", "s3://synced/copy"), "", "nothing is left to do")
        (self.home / "synced/b/c.txt").unlink()
        self.file("synced/a.txt", b"longer than before")
        said = self.aws("s3", "sync", "--delete", self.home / "synced", "s3://synced/copy")
        self.assertIn("delete: s3://synced/copy/b/c.txt", said)
        self.assertIn("upload: ", said)
        self.aws("s3", "sync", "s3://synced/copy", self.home / "again")
        self.assertEqual((self.home / "again/a.txt").read_bytes(), b"longer than before")
        self.assertFalse((self.home / "again/b/c.txt").exists())
        self.aws("s3", "rm", "--recursive", "s3://synced/copy")
        self.assertEqual(self.aws("s3", "ls", "--recursive", "s3://synced"), "")

    def test_a_presigned_address_is_good_for_what_it_says(self):
        self.aws("s3", "mb", "s3://signed")
        self.aws("s3", "cp", self.file("signed.txt", b"text"), "s3://signed/k")
        address = self.aws("s3", "presign", "s3://signed/k").strip()
        self.assertEqual(urllib.request.urlopen(address).read(), b"text")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address.replace("/signed/k", "/signed/other"))
        self.assertEqual(refused.exception.code, 403)

    def test_checksums_travel_behind_the_data(self):
        self.aws("s3api", "create-bucket", "--bucket", "checked")
        there = self.file("checked.txt", b"123456789")
        for algorithm, value in (("CRC32", "y/Q5Jg=="), ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")):
            said = self.aws("s3api", "put-object", "--bucket", "checked", "--key", "k", "--body", there,
                            "--checksum-algorithm", algorithm)
            self.assertIn(value, said)
            self.assertIn(value, self.aws("s3api", "head-object", "--bucket", "checked", "--key", "k",
                                          "--checksum-mode", "ENABLED"))


if __name__ == "__main__":
    if subprocess.run([AWS, "--version"], capture_output=True).returncode != 0:
        print(f"SKIP: no AWS CLI at {AWS}: aws s3 was not tried on the lab")
        sys.exit(77)
    unittest.main()
