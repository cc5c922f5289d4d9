#!/usr/bin/python3
"""The real program on real disks that are full or may not be written: it says so, and no key is harmed.

Needs the right to mount a small file system, in a view of the file systems that only this test has (unshare).
"""
import os
import subprocess
import sys
import unittest

from stage import Stage, main

ROOM_OF_OUR_OWN = "KEYTIDE_TEST_MOUNTS"
PAGE = 4096


def may_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode == 0


@unittest.skipUnless(os.environ.get(ROOM_OF_OUR_OWN), "needs root, to mount a small file system: the real program was seen on no full disk")
class OnADiskOfItsOwn(Stage):
    """State, configuration and credentials lie on a file system of 4 MiB."""

    def setUp(self):
        super().setUp()
        self.disk = self.home / "disk"
        self.disk.mkdir()
        self.mount("size=4m,mode=0700")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.credentials = self.disk / ".aws" / "credentials"
        self.credentials.parent.mkdir()
        self.write_credentials(self.profile("default", self.old))

    def mount(self, options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", self.disk], check=True)

    def environment(self, **more):
        return super().environment(HOME=str(self.disk), XDG_STATE_HOME=f"{self.disk}/state", XDG_CONFIG_HOME=f"{self.disk}/config", **more)

    def fill(self, left):
        """Until only so many pages are left."""
        free = os.statvfs(self.disk).f_bavail
        self.assertGreaterEqual(free, left)
        with open(self.disk / "filler", "wb") as filler:
            filler.write(b"x" * PAGE * (free - left))
        self.assertEqual(os.statvfs(self.disk).f_bavail, left)

    def make_room(self):
        (self.disk / "filler").unlink()

    def bring_to_its_end(self):
        """With the disk mended. Whether the key was replaced by it."""
        self.assertTrue(self.accepts(self.held()), "whoever reads the file is served")
        self.expect(self.keytide("resume"), 0)
        self.assertEqual(self.key_ids(), [self.held()[0]])
        self.assertTrue(self.accepts(self.held()))
        self.assertEqual(self.keytide("status").stdout, "no unfinished rotations\n")
        return self.held() != self.old


class FullDisk(OnADiskOfItsOwn):
    def rotate_with(self, left):
        self.old = self.held()
        self.fill(left)
        run = self.keytide("rotate", "--yes")
        self.assertIn(run.returncode, (0, 1, 3), run.stderr)
        if run.returncode != 0:
            self.assertRegex(run.stderr, "room|No space left")
            self.assertIn("keytide: hint: ", run.stderr)
        if run.returncode == 1:
            self.assertEqual(self.key_ids(), [self.old[0]], "1 says that nothing was changed")
            self.assertEqual(self.held(), self.old)
        self.make_room()
        replaced = self.bring_to_its_end()
        if run.returncode == 0:
            self.assertTrue(replaced)
        return run.returncode

    def fill_up_everywhere(self, last):
        codes = set()
        left = 0
        while True:
            with self.subTest(pages=left):
                code = self.rotate_with(left)
                codes.add(code)
            left += 1 if left < 24 else 4
            if left > last or (code == 0 and left > 80):
                break
        self.assertIn(0, codes)
        self.assertIn(1, codes)

    def test_before_the_first_rotation(self):
        codes = set()
        for left in (*range(0, 160, 4), 200):
            with self.subTest(pages=left):
                codes.add(self.rotate_with(left))
                subprocess.run(["rm", "-rf", self.disk / "state", self.disk / "config"], check=True)
        self.assertLessEqual({0, 1}, codes)

    def test_with_a_ledger(self):
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.fill_up_everywhere(200)

    def test_a_full_disk_and_looking(self):
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.fill(0)
        self.expect(self.keytide("history"), 0, "completed")
        self.make_room()
        self.expect(self.keytide("rotate", "--yes", "--grace", "1h"), 3, "parked")
        self.fill(0)
        self.expect(self.keytide("status"), 0, "parked until", self.held()[0])


class NoLargeFiles(Stage):
    def test_a_limit_on_the_size_of_files(self):
        codes = set()
        least = 4 if "TSAN_OPTIONS" in os.environ else 0  # ThreadSanitizer writes a page to a file before main() begins
        for kilobytes in (least, 8, 16, 40, 100, 300, 1000):
            with self.subTest(kilobytes=kilobytes):
                self.old = self.held()
                run = self.keytide("rotate", "--yes", prefix=("bash", "-c", f'ulimit -f {kilobytes}; exec "$0" "$@"'))
                codes.add(run.returncode)
                if run.returncode == 0:
                    self.expect_rotated(run)
                else:
                    self.expect_untouched(run, 1)
                    self.assertRegex(run.stderr, "room|limit|too large")
        self.assertEqual(codes, {0, 1})


class ReadOnlyDisk(OnADiskOfItsOwn):
    def test_before_the_first_rotation(self):
        self.mount_read_only()
        self.expect_untouched(self.keytide("rotate", "--yes"), 1, str(self.disk))

    def test_with_a_ledger(self):
        self.old = self.expect_rotated(self.keytide("rotate", "--yes"))
        self.mount_read_only()
        self.expect_untouched(self.keytide("rotate", "--yes"), 1, str(self.disk))

    def test_in_the_middle_of_a_rotation(self):
        self.expect(self.keytide("rotate", "--yes", "--grace", "1h"), 3, "parked")
        held = self.held()
        self.mount_read_only()
        run = self.expect(self.keytide("resume", "--due"), 1, str(self.disk), "writable")
        self.assertEqual(sorted(self.key_ids()), sorted([self.old[0], held[0]]), run.stderr)
        self.assertTrue(self.accepts(self.old) and self.accepts(held))

    def mount_read_only(self):
        self.mount("remount,ro,size=4m")


if __name__ == "__main__":
    if ROOM_OF_OUR_OWN not in os.environ and may_mount():
        os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], os.environ | {ROOM_OF_OUR_OWN: "1"})
    main()
