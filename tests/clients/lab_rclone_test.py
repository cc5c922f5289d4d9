#!/usr/bin/python3
"""rclone on the lab: lsd, copy, check and purge. KEYTIDE comes from the environment."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from stage import Lab, clean_environment


class Rclone(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="keytide-rclone-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.lab = Lab(self.home)
        self.addCleanup(self.lab.stop)

    def rclone(self, *arguments, status=0):
        environment = clean_environment(self.home) | {
            "RCLONE_CONFIG_LAB_TYPE": "s3", "RCLONE_CONFIG_LAB_PROVIDER": "Other", "RCLONE_CONFIG_LAB_REGION": "us-east-1",
            "RCLONE_CONFIG_LAB_ENDPOINT": self.lab.endpoint, "RCLONE_CONFIG_LAB_FORCE_PATH_STYLE": "true",
            "RCLONE_CONFIG_LAB_ACCESS_KEY_ID": self.lab.root[0],
            "RCLONE_CONFIG_LAB_SECRET_ACCESS_KEY": self.lab.root[1]}
        run = subprocess.run(["rclone", "--retries", "1", "--low-level-retries", "1", *map(str, arguments)], env=environment,
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_a_folder_is_copied_and_checked(self):
        folder = self.home / "folder"
        (folder / "below").mkdir(parents=True)
        (folder / "a b.txt").write_text("text")
        (folder / "below" / "large.bin").write_bytes(os.urandom(7 * 1024 * 1024))
        self.rclone("mkdir", "lab:copied")
        self.assertIn("copied", self.rclone("lsd", "lab:"))
        self.rclone("copy", folder, "lab:copied/here")
        self.assertIn("0 differences found", self.rclone("check", folder, "lab:copied/here"))
        self.assertIn("0 differences found", self.rclone("check", "--download", folder, "lab:copied/here"))
        self.rclone("copy", "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", folder, "lab:copied/parts")
        self.assertIn("0 differences found", self.rclone("check", folder, "lab:copied/parts"))
        self.rclone("copy", "lab:copied/here", self.home / "back")
        self.assertEqual((self.home / "back" / "a b.txt").read_text(), "text")
        (folder / "a b.txt").write_text("another")
        self.assertIn("1 differences found", self.rclone("check", folder, "lab:copied/here", status=1))
        self.rclone("purge", "lab:copied")
        self.assertNotIn("copied", self.rclone("lsd", "lab:"))


if __name__ == "__main__":
    if not shutil.which("rclone"):
        print("SKIP: rclone is not installed: it was not tried on the lab")
        sys.exit(77)
    unittest.main()
