#!/usr/bin/python3
"""The sealing key is lost, or another one, at every moment of a rotation: nothing is done, and nothing is harmed.

Without it no word of the ledger can be believed, and so the program does not even guess. Put back, it goes on. A value that
alone is damaged is another matter: the key is in use, and read there, or goes back.
"""
import os
import shutil
import signal
import sqlite3
import subprocess

from stage import KEYTIDE, Stage, main
from troubled_endpoint import PASS, TroubledEndpoint


class Killed(Stage):
    """A rotation that is killed at a call."""

    def setUp(self):
        super().setUp()
        self.sealing_key = self.home / "config" / "keytide" / "sealing.key"
        self.endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: PASS)
        self.addCleanup(self.endpoint.close)

    def killed_at(self, number):
        """A rotation whose process is killed at that call. The call's name; None when there were not so many."""
        reached = []
        process = []
        self.endpoint.requests.clear()

        def strike(count, name):
            if count == number and not reached:
                reached.append(name)
                process[0].send_signal(signal.SIGKILL)
            return PASS

        self.endpoint.trouble = strike
        process.append(subprocess.Popen([KEYTIDE, "rotate", "--yes", "--endpoint-url", self.endpoint.url], env=self.environment(),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        process[0].wait(timeout=60)
        self.endpoint.trouble = lambda count, name: PASS
        return reached[0] if reached else None


class LostSealingKey(Killed):
    def losses(self):
        """Each a name and what does it to the file."""
        def replace(content, mode=0o600):
            self.sealing_key.write_bytes(content)
            self.sealing_key.chmod(mode)

        key = self.sealing_key.read_bytes()
        yield "missing", self.sealing_key.unlink
        yield "empty", lambda: replace(b"")
        yield "cut", lambda: replace(key[:31])
        yield "another", lambda: replace(os.urandom(32))
        yield "open to others", lambda: replace(key, 0o644)
        yield "a folder", lambda: (self.sealing_key.unlink(), self.sealing_key.mkdir())

    def state(self):
        ledger = sqlite3.connect(self.home / "state" / "keytide" / "ledger.db")
        kept = [ledger.execute(f"SELECT * FROM {table}").fetchall() for table in ("events", "sealed")]
        ledger.close()
        return kept, self.credentials.read_bytes(), sorted(self.key_ids())

    def expect_refusals(self):
        before = self.state()
        calls = len(self.endpoint.requests)
        seen = self.sealing_key.read_bytes() if self.sealing_key.is_file() else None
        for command in (("status",), ("history",), ("resume",), ("resume", "--due"), ("rotate", "--yes", "--endpoint-url", self.endpoint.url)):
            run = self.keytide(*command)
            self.expect(run, 1, str(self.sealing_key))
        self.assertEqual(self.state(), before)
        self.assertEqual(len(self.endpoint.requests), calls, "nobody was called")
        self.assertEqual(self.sealing_key.read_bytes() if self.sealing_key.is_file() else None, seen, "and no key was made up")
        self.assertTrue(self.accepts(self.held()))

    def test_at_every_call(self):
        number = 0
        while True:
            number += 1
            self.old = self.held()
            name = self.killed_at(number)
            if name is None:
                break
            if not self.sealing_key.exists():
                continue  # no ledger yet, and nothing sealed
            key = self.sealing_key.read_bytes()
            for loss, lose in self.losses():
                with self.subTest(call=number, name=name, loss=loss):
                    lose()
                    self.expect_refusals()
                if self.sealing_key.is_dir():
                    self.sealing_key.rmdir()
                self.sealing_key.write_bytes(key)
                self.sealing_key.chmod(0o600)
            code = self.keytide("resume").returncode
            if code == 5:  # CreateAccessKey was at work, and its secret is lost
                self.assertEqual(name, "CreateAccessKey")
                [lost] = set(self.key_ids()) - {self.old[0]}
                self.iam.delete_access_key(UserName="bob", AccessKeyId=lost)
                code = self.keytide("rotate", "--yes", "--endpoint-url", self.endpoint.url).returncode
            self.assertEqual(code, 0, name)
            self.assertEqual(self.key_ids(), [self.held()[0]])
            self.assertTrue(self.accepts(self.held()))
        self.assertGreater(number, 8)


class DamagedValue(Killed):
    """The sealing key is there, and a value that it sealed is not what it was."""

    def damage(self, which):
        ledger = sqlite3.connect(self.home / "state" / "keytide" / "ledger.db", isolation_level=None)
        condition = {"old": "access_key_id = ?", "new": "access_key_id <> ?", "both": "? <> ''"}[which]
        changed = ledger.execute(f"UPDATE sealed SET ciphertext = randomblob(length(ciphertext)) WHERE {condition}", (self.old[0],)).rowcount
        ledger.close()
        return changed

    def start_anew(self):
        for key in self.key_ids():
            if key != self.held()[0]:
                self.iam.delete_access_key(UserName="bob", AccessKeyId=key)
        shutil.rmtree(self.home / "state", ignore_errors=True)
        shutil.rmtree(self.home / "config", ignore_errors=True)

    def test_at_every_call(self):
        """The file that is to hold the key can be read, so that every rotation ends by itself."""
        number = 0
        ends = set()
        name = ""
        while name is not None:
            number += 1
            for which in ("old", "new", "both"):
                self.start_anew()
                self.old = self.held()
                name = self.killed_at(number)
                if name is None or not self.sealing_key.exists() or not self.damage(which):
                    continue
                with self.subTest(call=number, name=name, which=which):
                    run = self.keytide("resume")
                    if name == "CreateAccessKey":  # nobody can tell whose the key is that it left
                        self.assertEqual(run.returncode, 5, run.stderr)
                    else:
                        self.assertIn(run.returncode, (0, 4), run.stderr)
                        self.assertEqual(self.key_ids(), [self.held()[0]], "the key in use, and no other")
                    if run.returncode == 4:
                        self.assertIn("cannot be opened", run.stderr)
                        self.assertEqual(self.held(), self.old)
                    self.assertTrue(self.accepts(self.held()), "whoever reads the file is served")
                    ends.add((which, run.returncode))
        self.assertLessEqual({("old", 0), ("new", 4), ("new", 0), ("both", 4), ("both", 0)}, ends)


if __name__ == "__main__":
    main()
