#!/usr/bin/python3
"""The ledger as an audit trail: verified, exported, rekeyed, backed up and put back, as an operator does it."""
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading

import jsonschema

from stage import KEYTIDE, SCHEMA, Stage, main
from troubled_endpoint import SILENT, TroubledEndpoint

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}]}


class Ledger(Stage):
    def setUp(self):
        super().setUp()
        self.allow("bob", EVERYTHING)
        self.state = self.home / "state" / "keytide"
        self.config = self.home / "config" / "keytide"
        self.database = self.state / "ledger.db"
        self.key_file = self.config / "sealing.key"

    def begin(self, **more):
        """A rotation that waits for its soak time, both keys sealed."""
        run = self.expect(self.keytide("rotate", "--yes", "--soak", "2h", **more), 3)
        return re.search(r"r-\w+-\w+", run.stderr)[0]

    def meddle(self, sql):
        """What somebody with sqlite3 does, who puts the triggers back."""
        with sqlite3.connect(self.database) as ledger:
            triggers = [row[0] for row in ledger.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
            ledger.executescript("DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted;" + sql)
            for trigger in triggers:
                ledger.execute(trigger)
        ledger.close()

    def object(self, run):
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual(said["exit_code"], run.returncode)
        return said

    def exported(self, run):
        return [json.loads(line) for line in run.stdout.splitlines()]

    def nowhere(self):
        """Neither AWS nor a key of it."""
        self.credentials.unlink()
        env = self.environment(AWS_ENDPOINT_URL="http://127.0.0.1:9")
        del env["AWS_REGION"]
        return env


class Verify(Ledger):
    def test_without_a_ledger(self):
        self.expect(self.keytide("ledger", "verify"), 0, "no ledger yet")
        self.object(self.keytide("ledger", "verify", "--output", "json"))
        self.assertFalse((self.home / "state").exists(), "looking makes nothing")

    def test_a_sound_ledger_needs_neither_aws_nor_a_key_of_it(self):
        self.begin()
        env = self.nowhere()
        run = self.expect(self.keytide("ledger", "verify", env=env), 0, "the ledger is sound", "1 rotation", "2 sealed secrets")
        self.assertEqual(len(run.stdout.splitlines()), 1)
        said = self.object(self.keytide("ledger", "verify", "--output", "json", env=env))["ledger"]
        self.assertEqual((said["sound"], said["findings"], said["rotations"]), (True, [], 1))

    def test_what_is_wrong_is_said_and_where(self):
        rotation = self.begin()
        self.meddle("UPDATE events SET json = replace(json, '\"KeyCreated\"', '\"KeyForgotten\"') WHERE sequence = 4;"
                    "UPDATE events SET sequence = 70 WHERE sequence = 7")
        for command in ("status", "resume", "history"):
            self.expect(self.keytide(command), 1, "not whole")
        run = self.expect(self.keytide("ledger", "verify"), 7, "keytide: error: the ledger is not sound: 2 findings", "keytide: hint: ")
        first, second = run.stdout.splitlines()
        self.assertEqual(first, f"event 4 was changed: it is not what its chain hash was made of (rotation {rotation}, its event 4)")
        self.assertEqual(second, f"event 7 had its number changed from 7 to 70 (rotation {rotation}, its event 7)")
        findings = self.object(self.keytide("ledger", "verify", "--output", "json"))["ledger"]["findings"]
        self.assertEqual([(f["event"], f["rotation"], f["sequence"]) for f in findings], [(4, rotation, 4), (7, rotation, 7)])

    def test_a_ledger_that_is_gone_is_a_finding(self):
        self.begin()
        self.database.unlink()
        self.expect(self.keytide("ledger", "verify"), 7, "is gone")
        self.object(self.keytide("ledger", "verify", "--output", "json"))
        self.expect(self.keytide("ledger", "rekey"), 1, "is gone")

    def test_a_file_of_noise_is_a_finding(self):
        self.begin()
        self.database.write_bytes(os.urandom(20000))
        self.expect(self.keytide("ledger", "verify"), 7, "damaged")
        self.object(self.keytide("ledger", "verify", "--output", "json"))


class Export(Ledger):
    def test_every_event_as_it_is_stored(self):
        rotation = self.begin()
        run = self.expect(self.keytide("ledger", "export", env=self.nowhere()), 0)
        self.assertEqual(run.stderr, "")
        lines = self.exported(run)
        self.assertEqual([line["position"] for line in lines], list(range(1, len(lines) + 1)))
        self.assertEqual({line["rotation"] for line in lines}, {rotation})
        events = json.loads(self.keytide("history", rotation, "--output", "json").stdout)["events"]
        self.assertEqual([{"sequence": line["sequence"], "event": line["event"]} for line in lines],
                         [{"sequence": event["sequence"], "event": event["event"]} for event in events])

    def test_the_chain_can_be_computed_again_from_an_export(self):
        self.begin()
        lines = self.keytide("ledger", "export").stdout.splitlines()
        with sqlite3.connect(self.database) as ledger:
            [(name,)] = ledger.execute("SELECT id FROM ledger").fetchall()
        ledger.close()
        # crypto_kdf_derive_from_key(2, "keytide_"), as docs/ledger.md has it
        chain_key = hashlib.blake2b(b"", digest_size=32, key=self.key_file.read_bytes(), salt=(2).to_bytes(8, "little").ljust(16, b"\0"),
                                    person=b"keytide_".ljust(16, b"\0")).digest()

        def number(n):
            return n.to_bytes(8, "little")

        def text(t):
            return number(len(t.encode())) + t.encode()

        link = hashlib.blake2b(text("keytide ledger 1") + text(name), digest_size=32, key=chain_key).digest()
        for line in lines:
            o = json.loads(line)
            event = line[line.index('"event":') + len('"event":'):-1]
            self.assertEqual(json.loads(event), o["event"])
            link = hashlib.blake2b(link + number(o["position"]) + text(o["rotation"]) + number(o["sequence"]) + text(event),
                                   digest_size=32, key=chain_key).digest()
            self.assertEqual(link.hex(), o["hash"])

    def test_no_sealed_value_is_in_it(self):
        self.begin()
        run = self.keytide("ledger", "export")
        with sqlite3.connect(self.database) as ledger:
            values = [value for row in ledger.execute("SELECT nonce, ciphertext FROM sealed") for value in row]
        ledger.close()
        self.assertEqual(len(values), 4)
        for value in values:
            for form in (value.hex(), base64.b64encode(value).decode()):
                self.assertNotIn(form, run.stdout)

    def test_a_damaged_ledger_is_exported_as_far_as_it_can_be_read(self):
        self.begin()
        whole = self.exported(self.keytide("ledger", "export"))
        self.meddle("DELETE FROM events WHERE position = 3; UPDATE events SET json = 'no\njson' WHERE position = 2")
        run = self.expect(self.keytide("ledger", "export"), 7, "keytide: finding: event 3 was removed", "not sound")
        lines = self.exported(run)
        self.assertEqual([line for line in lines if "damaged" not in line], whole[:1] + whole[3:])
        self.assertEqual([line["damaged"] for line in lines if "damaged" in line], ["no\njson"])

    def test_nothing_and_no_object(self):
        self.assertEqual(self.expect(self.keytide("ledger", "export"), 0, "no ledger yet").stdout, "")
        self.expect(self.keytide("ledger", "export", "--output", "json"), 2, "one JSON object a line")
        self.expect(self.keytide("ledger"), 2)

    def test_a_reader_who_goes_is_an_error(self):
        self.begin()
        with open("/dev/full", "w") as full:
            run = subprocess.run([KEYTIDE, "ledger", "export"], env=self.environment(), stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("could not be written", run.stderr)


class Rekey(Ledger):
    def test_in_the_middle_of_a_rotation(self):
        rotation = self.begin()
        old = self.key_file.read_bytes()
        hashes = [line["hash"] for line in self.exported(self.keytide("ledger", "export"))]
        run = self.expect(self.keytide("ledger", "rekey"), 0, "2 secrets sealed again", "back it up")
        self.assertNotEqual(self.key_file.read_bytes(), old)
        self.assertEqual([line["hash"] for line in self.exported(self.keytide("ledger", "export"))], hashes, "no link is made again")
        self.expect(self.keytide("ledger", "verify"), 0, "sound")
        self.expect(self.keytide("rollback", rotation, "--reason", "needs the old secret, which is sealed"), 4)
        self.assertEqual(self.held(), self.old)
        new = self.key_file.read_bytes()
        self.key_file.write_bytes(old)
        before, after = re.search(r"from (\w{16}) to (\w{16});", run.stdout).groups()
        self.expect(self.keytide("resume"), 1, f"is not the one of the ledger {self.database} (key {after})", f"(key {before})")
        self.key_file.write_bytes(new)
        said = self.object(self.keytide("ledger", "rekey", "--output", "json"))["rekeyed"]
        self.assertEqual((said["old_key"], said["resealed"]), (after, 0))

    def test_not_while_a_rotation_is_carried_out(self):
        called = threading.Event()
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: (name == "CreateAccessKey" and called.set()) or (SILENT if called.is_set() else "pass"))
        self.addCleanup(endpoint.close)
        process = subprocess.Popen([KEYTIDE, "rotate", "--yes", "--endpoint-url", endpoint.url], env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertTrue(called.wait(30))
        key = self.key_file.read_bytes()
        self.expect(self.keytide("ledger", "rekey"), 6, "other processes work with the ledger")
        process.kill()
        process.communicate()
        self.assertEqual(self.key_file.read_bytes(), key)
        self.expect(self.keytide("ledger", "rekey"), 0)
        self.expect(self.keytide("ledger", "verify"), 0)

    def test_without_a_ledger(self):
        self.expect(self.keytide("ledger", "rekey"), 2, "no ledger")

    def test_a_key_of_the_operators_own(self):
        self.begin()
        new = self.home / "new.key"
        self.expect(self.keytide("ledger", "rekey", "--new-key-file", new), 2, str(new), "openssl rand")
        new.write_text(base64.b64encode(b"n" * 32).decode() + "\n")
        new.chmod(0o644)
        self.expect(self.keytide("ledger", "rekey", "--new-key-file", new), 1, "open to other users")
        new.chmod(0o600)
        self.expect(self.keytide("ledger", "rekey", "--new-key-file", new), 0)
        self.assertEqual(self.key_file.read_bytes(), b"n" * 32)
        self.expect(self.keytide("ledger", "verify"), 0)


class KeySources(Ledger):
    A = b"A" * 32
    B = b"B" * 32

    @staticmethod
    def text(key):
        return base64.b64encode(key).decode()

    def credential(self, content):
        folder = self.home / "credentials"
        folder.mkdir(exist_ok=True)
        (folder / "keytide-sealing-key").write_bytes(content)
        return str(folder)

    def sources(self, key):
        """The same key by each way."""
        (self.home / "printed").write_text(self.text(key) + "\n")
        return {
            "environment": {"KEYTIDE_SEALING_KEY": self.text(key)},
            "command": {"KEYTIDE_SEALING_KEY_COMMAND": f"cat '{self.home}/printed'"},
            "credential": {"CREDENTIALS_DIRECTORY": self.credential(key)},
            "credential in base64": {"CREDENTIALS_DIRECTORY": self.credential(self.text(key).encode())},
        }

    def test_each_opens_the_same_ledger(self):
        rotation = None
        for name, variables in self.sources(self.A).items():
            with self.subTest(name):
                env = self.environment(**variables)
                if rotation is None:
                    rotation = self.begin(env=env)
                self.expect(self.keytide("ledger", "verify", env=env), 0, "2 sealed secrets")
                self.expect(self.keytide("status", env=env), 0, rotation)
        self.assertFalse(self.key_file.exists(), "a given key is not written anywhere")
        self.expect(self.keytide("resume"), 1, "sealing.key is missing")
        self.expect(self.keytide("rollback", rotation, env=self.environment(**self.sources(self.A)["command"])), 4)

    def test_a_wrong_key_is_called_that_and_nothing_is_done(self):
        self.begin(env=self.environment(KEYTIDE_SEALING_KEY=self.text(self.A)))
        keys, bytes_before = self.key_ids(), self.database.read_bytes()
        for name, variables in self.sources(self.B).items():
            for command in (("resume",), ("rotate", "--yes"), ("ledger", "verify"), ("ledger", "export"), ("ledger", "rekey", "--new-key-file", "-")):
                with self.subTest(name, command=command):
                    env = self.environment(**variables)
                    run = subprocess.run([KEYTIDE, *command], env=env, text=True, capture_output=True, input=self.text(b"C" * 32))
                    self.expect(run, 1, "the sealing key is not the one of the ledger", "(key ")
                    self.assertEqual(run.stdout, "")
        self.assertEqual(self.key_ids(), keys)
        self.assertEqual(self.database.read_bytes(), bytes_before)

    def test_two_ways_at_once_are_an_error(self):
        ways = list(self.sources(self.A).values())
        for one, other in ((0, 1), (1, 2), (0, 2)):
            run = self.keytide("ledger", "verify", env=self.environment(**ways[one], **ways[other]))
            self.expect(run, 2, "given more than once", *(name for name in ways[one] if name != "CREDENTIALS_DIRECTORY"))

    def test_a_file_with_another_key_is_an_error_and_with_the_same_is_none(self):
        self.begin()
        key = self.key_file.read_bytes()
        self.expect(self.keytide("ledger", "verify", env=self.environment(KEYTIDE_SEALING_KEY=self.text(key))), 0)
        run = self.keytide("ledger", "verify", env=self.environment(KEYTIDE_SEALING_KEY=self.text(self.B)))
        self.expect(run, 2, "two sealing keys", str(self.key_file))

    def test_what_is_no_key(self):
        for value in ("x", "AAAA", self.text(b"A" * 31), self.text(b"A" * 33), "A" * 32, "!" + self.text(self.A)):
            run = self.keytide("ledger", "verify", env=self.environment(KEYTIDE_SEALING_KEY=value))
            self.expect(run, 2, "KEYTIDE_SEALING_KEY holds no sealing key", "base64")
            self.assertNotIn(value, run.stderr.replace("KEYTIDE_SEALING_KEY", "")) if len(value) > 20 else None
        self.expect(self.keytide("ledger", "verify", env=self.environment(KEYTIDE_SEALING_KEY="")), 0)
        self.expect(self.keytide("rotate", "--yes", env=self.environment(CREDENTIALS_DIRECTORY=self.credential(b"short"))), 2, "holds no sealing key")
        self.assertEqual(self.key_ids(), [self.old[0]])

    def command(self, text):
        return self.keytide("ledger", "verify", env=self.environment(KEYTIDE_SEALING_KEY_COMMAND=text))

    def test_a_command_that_does_not_print_a_key(self):
        self.expect(self.command("false"), 2, "the command 'false' ended with status 1")
        self.expect(self.command("/no/such/program x"), 2, "could not be started: No such file")
        self.expect(self.command("sh -c 'kill -9 $$'"), 2, "was ended by signal 9")
        self.expect(self.command("echo 'unending"), 2, "quote")
        self.expect(self.command("cat /dev/zero"), 2, "too much")
        run = self.expect(self.command("echo this is not a key"), 2, "holds no sealing key")
        self.assertNotIn("this is not a key\n", run.stderr.replace("'echo this is not a key'", ""))

    def test_a_command_is_no_shell(self):
        self.begin(env=self.environment(KEYTIDE_SEALING_KEY=self.text(self.A)))
        (self.home / "two words").write_text(f"  {self.text(self.A)}\n\n")
        self.expect(self.command(f"cat {self.home}/two\\ words"), 0)
        self.expect(self.command(f'cat "{self.home}/two words"'), 0)
        for shell in (f"cat $HOME/two\\ words", f"cat {self.home}/two*", f"cat < '{self.home}/two words'", f"true; cat '{self.home}/two words'"):
            with self.subTest(shell):
                self.expect(self.command(shell), 2)
        self.expect(self.command(f"sh -c 'echo said >&2; cat $HOME/two*'"), 0, "said")

    def test_a_command_is_run_once_and_gets_no_input(self):
        self.begin(env=self.environment(KEYTIDE_SEALING_KEY=self.text(self.A)))
        log = self.home / "log"
        script = f"sh -c 'cat; echo run >> {log}; echo {self.text(self.A)}'"
        env = self.environment(KEYTIDE_SEALING_KEY_COMMAND=script)
        run = subprocess.run([KEYTIDE, "resume", "--due"], env=env, input="not for you", text=True, capture_output=True)
        self.expect(run, 3)
        self.assertEqual(log.read_text(), "run\n")

    def test_an_interruption_ends_a_command(self):
        pipe = self.home / "pipe"
        os.mkfifo(pipe)
        env = self.environment(KEYTIDE_SEALING_KEY_COMMAND=f"sh -c 'echo started > {pipe}; exec sleep 1000'")
        process = subprocess.Popen([KEYTIDE, "resume"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(pipe.read_text(), "started\n")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, said)

    def test_no_child_gets_the_key_and_nobody_reads_it_in_proc(self):
        env = self.environment(KEYTIDE_SEALING_KEY=self.text(self.A))
        said = self.expect(self.keytide("exec", "--", "sh", "-c", "env | cut -d= -f1", env=env), 0).stdout
        self.assertIn("AWS_ACCESS_KEY_ID", said)
        self.assertNotIn("KEYTIDE_SEALING_KEY", said)
        seen = self.home / "seen"
        self.expect(self.keytide("rotate", "--yes", "--probe", f"exec:env > {seen}", env=env), 0)
        self.assertIn("AWS_ACCESS_KEY_ID", seen.read_text())
        self.assertNotIn("KEYTIDE_SEALING_KEY", seen.read_text())
        self.assertEqual(self.held()[0], self.key_ids()[0])

        in_proc = []
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: (number == 1 and in_proc.append(open(f"/proc/{process.pid}/environ", "rb").read())) or "pass")
        self.addCleanup(endpoint.close)
        if os.geteuid() != 0:
            self.skipTest("only root may read /proc/PID/environ of a process that guards its memory")
        process = subprocess.Popen([KEYTIDE, "rotate", "--dry-run", "--endpoint-url", endpoint.url], env=env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(process.wait(60), 0)
        self.assertIn(b"HOME=", in_proc[0], "else the test sees nothing")
        self.assertNotIn(self.text(self.A).encode(), in_proc[0])

    def test_rekeying_a_key_that_is_no_file(self):
        new = self.home / "new.key"
        new.write_text(self.text(self.B) + "\n")
        new.chmod(0o600)
        rotation = self.begin(env=self.environment(KEYTIDE_SEALING_KEY=self.text(self.A)))
        env, then = self.environment(KEYTIDE_SEALING_KEY=self.text(self.A)), self.environment(KEYTIDE_SEALING_KEY=self.text(self.B))
        self.expect(self.keytide("ledger", "rekey", env=env), 2, "KEYTIDE_SEALING_KEY", "--new-key-file")
        self.expect(self.keytide("ledger", "rekey", "--new-key-file", new, env=env), 0, "2 secrets sealed again", "give the new key", "KEYTIDE_SEALING_KEY")
        self.expect(self.keytide("status", env=env), 1, "is not the one of the ledger")
        self.expect(self.keytide("ledger", "rekey", "--new-key-file", new, env=env), 0, "already")
        self.expect(self.keytide("ledger", "verify", env=then), 0)
        self.expect(self.keytide("rollback", rotation, env=then), 4)
        self.assertFalse(self.key_file.exists())


class Backup(Ledger):
    """A copy of the state folder from the middle of a rotation is put back after it has ended."""

    def setUp(self):
        super().setUp()
        self.rotation = re.search(r"r-\w+-\w+", self.expect(self.keytide("rotate", "--yes", "--grace", "2s"), 0).stdout + self.keytide("history").stdout)[0]
        self.old = self.held()
        run = self.expect(self.keytide("rotate", "--yes", "--soak", "2h"), 3)
        self.rotation = re.search(r"r-\w+-\w+", run.stderr)[0]
        self.new = self.held()
        self.backup = self.home / "backup"
        shutil.copytree(self.state, self.backup)
        self.expect(self.keytide("rollback", self.rotation, "--reason", "a consumer broke"), 4)
        self.assertEqual((self.held(), self.key_ids()), (self.old, [self.old[0]]))
        self.newest = self.home / "newest"
        shutil.move(self.state, self.newest)
        shutil.copytree(self.backup, self.state)

    def calls(self, *arguments):
        """What it asks of the lab."""
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: "pass")
        run = self.keytide(*arguments, env=self.environment(AWS_ENDPOINT_URL=endpoint.url))
        endpoint.close()
        return run, endpoint.requests

    def test_an_old_copy_never_acts(self):
        credentials = self.credentials.read_bytes()
        for command in (("resume",), ("resume", self.rotation), ("resume", "--due"), ("rollback", self.rotation),
                        ("abandon", self.rotation, "--reason", "x"), ("status",), ("ledger", "rekey")):
            with self.subTest(command):
                run, calls = self.calls(*command)
                self.expect(run, 1, "older than its anchor", "restored from a backup")
                self.assertEqual(calls, [])
        run, calls = self.calls("rotate", "--yes")
        self.expect(run, 1, "older than its anchor")
        self.assertFalse({"CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"} & set(calls))
        self.assertEqual(self.key_ids(), [self.old[0]])
        self.assertTrue(self.accepts(self.old))
        self.assertEqual(self.credentials.read_bytes(), credentials)

    def test_verify_says_why_and_export_what_it_knew(self):
        run = self.expect(self.keytide("ledger", "verify"), 7, "missing at the end", "older than its anchor, as a restored backup is")
        self.assertEqual(len(run.stdout.splitlines()), 1)
        lines = self.exported(self.expect(self.keytide("ledger", "export"), 7))
        self.assertEqual({line["rotation"] for line in lines} & {self.rotation}, {self.rotation})
        self.assertEqual(lines[-1]["event"]["event"], "Parked")

    def test_the_newest_copy_put_back_goes_on(self):
        shutil.rmtree(self.state)
        shutil.move(self.newest, self.state)
        self.expect(self.keytide("ledger", "verify"), 0)
        self.expect(self.keytide("resume"), 0, "nothing to resume")
        self.expect_rotated(self.keytide("rotate", "--yes"))

    def test_a_new_ledger_when_the_newest_is_lost(self):
        """As docs/operations.md has it: export, settle by hand, set aside, begin anew."""
        shutil.rmtree(self.newest)
        self.expect(self.keytide("ledger", "export"), 7)
        [anchor] = (self.config / "anchors").iterdir()
        aside = self.home / "aside"
        aside.mkdir()
        shutil.move(self.state, aside / "state")
        self.expect(self.keytide("resume"), 1, "is gone", str(anchor))
        shutil.move(anchor, aside)
        self.expect(self.keytide("status"), 0, "no unfinished rotations")
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.expect(self.keytide("ledger", "verify"), 0)

    def test_a_copy_is_looked_at_where_it_lies(self):
        shutil.rmtree(self.state)
        shutil.move(self.newest, self.state)
        self.expect(self.keytide("ledger", "verify", "--state-dir", self.backup), 7, "older than its anchor")
        self.expect(self.keytide("ledger", "verify", "--state-dir", self.state), 0)

    def test_a_copy_without_its_log_is_found_out(self):
        """The file alone, copied while a process was at work."""
        shutil.rmtree(self.state)
        shutil.move(self.newest, self.state)
        called = threading.Event()
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: SILENT if name == "CreateAccessKey" and (called.set() or True) else "pass")
        self.addCleanup(endpoint.close)
        process = subprocess.Popen([KEYTIDE, "rotate", "--yes"], env=self.environment(AWS_ENDPOINT_URL=endpoint.url),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(called.wait(30))
        process.kill()
        process.wait()
        (self.state / "ledger.db-wal").unlink()
        self.expect(self.keytide("ledger", "verify"), 7, "missing at the end")
        self.expect(self.keytide("resume"), 1, "older than its anchor")


if __name__ == "__main__":
    main()
