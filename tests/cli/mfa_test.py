#!/usr/bin/python3
"""Users who may change their keys only with MFA, at a terminal and without one."""
import json
import os
import pty
import re
import signal

import jsonschema

from mfa_device import ONLY_WITH_MFA, MfaDevice
from recording_endpoint import RecordingEndpoint
from stage import KEYTIDE, LEAST_POLICY, SCHEMA, Stage, main

SERIAL = "arn:aws:iam::123456789012:mfa/bob"
WRONG = "999999"


class Mfa(Stage):
    def setUp(self):
        super().setUp()
        self.allow("bob", LEAST_POLICY | {"Statement": [*LEAST_POLICY["Statement"], ONLY_WITH_MFA]})
        self.bobs = MfaDevice(self.lab, "bob")
        self.device(SERIAL)
        self.endpoint = RecordingEndpoint(self.lab.endpoint)
        self.addCleanup(self.endpoint.close)
        self.secrets.add(WRONG)

    def device(self, serial):
        (self.home / ".aws" / "config").write_text(f"[default]\nmfa_serial = {serial}\n")

    def code(self, device=None):
        """What the device shows next. Nothing that the program prints may hold it."""
        shown = (device or self.bobs).show()
        self.secrets.add(shown)
        return shown

    def environment(self, **more):
        return super().environment(AWS_ENDPOINT_URL=self.endpoint.url) | more

    def at_a_terminal(self, *arguments, typed=(), interrupt=False):
        """Types one line at each prompt."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(KEYTIDE, [KEYTIDE, *arguments], self.environment())
        said, typed, answered = b"", list(typed), 0
        try:
            while True:
                said += os.read(terminal, 4096)
                if len(re.findall(rb"Enter MFA code for [^\r\n]*: $", said)) and said.count(b"Enter MFA code") > answered:
                    answered += 1
                    if interrupt:
                        os.kill(pid, signal.SIGINT)
                    else:
                        line = typed.pop(0) if typed else ""
                        os.write(terminal, (line() if callable(line) else line).encode() + b"\n")
        except OSError:
            pass  # it has ended
        os.close(terminal)
        self.no_secrets_in(said.decode())
        return said.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def rotation_in(self, run):
        return re.search(r"r-\w+-\w+", run.stdout + run.stderr)[0]

    def expect_sessions_alone_at_iam(self):
        for call in self.endpoint.calls:
            of_iam = not call.startswith(("GetCallerIdentity", "ListBuckets", "GetSessionToken"))
            self.assertEqual(of_iam, "by session of" in call, call)

    def expect_new_key(self):
        new = self.held()
        self.assertEqual(self.key_ids(), [new[0]])
        self.assertTrue(self.accepts(new))
        self.assertFalse(self.accepts(self.old))
        self.expect_sessions_alone_at_iam()
        self.assertIn(f"DeleteAccessKey by session of {new[0]}", self.endpoint.calls)


class AtATerminal(Mfa):
    def test_two_codes_rotate(self):
        said, code = self.at_a_terminal("rotate", "--yes", typed=[self.code, self.code])
        self.assertEqual(code, 0, said)
        self.expect_new_key()
        prompts = re.findall(r"Enter MFA code for .*: ", said)
        self.assertEqual(prompts[0], f"Enter MFA code for {SERIAL}: ")
        self.assertIn("works once", prompts[1])
        self.assertEqual(len(prompts), 2, said)

    def test_what_is_refused_or_no_code_is_asked_for_again(self):
        said, code = self.at_a_terminal("rotate", "--yes", typed=["12345", WRONG, self.code, self.code])
        self.assertEqual(code, 0, said)
        self.assertIn("six digits", said)
        self.assertIn("refused the last one", said)
        self.expect_new_key()

    def test_nobody_has_the_device(self):
        said, code = self.at_a_terminal("rotate", "--yes", typed=[self.code, ""])
        self.assertEqual(code, 5, said)
        self.assertEqual(len(self.key_ids()), 2)
        said, code = self.at_a_terminal("resume", re.search(r"r-\w+-\w+", said)[0], typed=[self.code])
        self.assertEqual(code, 0, said)
        self.expect_new_key()

    def test_an_interruption_at_the_prompt(self):
        said, code = self.at_a_terminal("rotate", "--yes", interrupt=True)
        self.assertEqual(code, 130, said)
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_an_interruption_at_the_second_prompt(self):
        said, code = self.at_a_terminal("rotate", "--yes", "--token-code", self.code(), interrupt=True)
        self.assertEqual(code, 130, said)
        self.assertIn("keytide resume r-", said)
        said, code = self.at_a_terminal("resume", typed=[self.code])
        self.assertEqual(code, 0, said)
        self.expect_new_key()


class WithoutATerminal(Mfa):
    def park(self):
        run = self.expect(self.keytide("rotate", "--yes", "--token-code", self.code()), 5, SERIAL, "--token-code CODE")
        self.assertEqual(len(self.key_ids()), 2)
        self.assertTrue(self.accepts(self.held()))
        self.assertTrue(self.accepts(self.old))
        return self.rotation_in(run)

    def test_parks_until_there_is_a_further_code(self):
        rotation = self.park()
        self.expect(self.keytide("status"), 0, "waits for an MFA code", f"keytide resume {rotation} --token-code CODE")
        self.expect(self.keytide("history", rotation), 0, "NeedsMfa")
        self.expect(self.keytide("resume"), 5, SERIAL)
        self.expect(self.keytide("resume", rotation), 5, SERIAL)
        self.expect(self.keytide("resume", rotation, "--token-code", self.code()), 0)
        self.expect_new_key()

    def test_a_used_code_is_refused(self):
        used = self.code()
        rotation = self.rotation_in(self.expect(self.keytide("rotate", "--yes", "--token-code", used), 5))
        run = self.keytide("resume", rotation, "--token-code", used)
        self.expect(run, 5, "MultiFactorAuthentication failed with invalid MFA one time pass code")
        self.expect(self.keytide("resume", rotation, "--token-code", self.code()), 0)
        self.expect_new_key()

    def test_no_rotation_begins_without_a_code(self):
        self.expect_untouched(self.keytide("rotate", "--yes"), 2, SERIAL, "--token-code")
        self.expect_untouched(self.keytide("rotate", "--yes", "--token-code", WRONG), 2, "one time pass code")
        self.expect(self.keytide("status"), 0, "no unfinished rotations")

    def test_going_back_takes_a_code(self):
        rotation = self.park()
        self.expect(self.keytide("rollback", rotation), 5, SERIAL)
        self.expect(self.keytide("resume", rotation, "--token-code", self.code()), 5, self.old[0])
        self.expect(self.keytide("resume", rotation, "--token-code", self.code()), 4)
        self.assertEqual(self.key_ids(), [self.old[0]])
        self.assertEqual(self.held(), self.old)
        self.expect_sessions_alone_at_iam()

    def test_json_obeys_its_schema(self):
        run = self.keytide("rotate", "--yes", "--output", "json", "--token-code", self.code())
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual((said["exit_code"], said["rotations"][0]["result"]), (5, "needs_mfa"))
        self.assertEqual(said["rotations"][0]["mfa_serial"], SERIAL)

    def test_neither_codes_nor_sessions_are_kept(self):
        rotation = self.park()
        self.expect(self.keytide("--debug", "resume", rotation, "--token-code", self.code()), 0, "GetSessionToken")
        codes = [text.encode() for text in self.secrets if re.fullmatch(r"\d{6}", text)]
        for folder in ("state", "config"):
            for path in (self.home / folder).rglob("*"):
                if path.is_file():
                    for kept in (*codes, b"ASIA", *self.endpoint.tokens):
                        self.assertNotIn(kept, path.read_bytes(), path)

    def test_the_device_of_the_command_line(self):
        self.device("GAHT12345678")
        self.expect_untouched(self.keytide("rotate", "--yes", "--token-code", self.code()), 2, "GAHT12345678")
        self.expect(self.keytide("rotate", "--yes", "--serial-number", SERIAL, "--token-code", self.code()), 5, SERIAL)

    def test_none_is_asked_for_where_none_is_named(self):
        self.allow("bob", LEAST_POLICY)
        self.expect_rotated(self.keytide("rotate", "--yes", "--serial-number", ""))

    def test_an_administrator(self):
        self.user("ada", {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, ONLY_WITH_MFA]})
        adas = MfaDevice(self.lab, "ada")
        self.device(adas.serial)
        self.write_credentials(self.profile("default", self.key("ada")) + self.profile("bob", self.old))
        place = self.home / "bob.env"
        self.expect(self.keytide("rotate", "--yes", "--user-name", "bob", "--deliver", f"env-file:{place}", "--all-profiles",
                                 "--token-code", self.code(adas)), 0)
        self.assertEqual(self.key_ids(), [self.held("bob")[0]])
        self.assertFalse(self.accepts(self.old))
        self.expect_sessions_alone_at_iam()
        self.assertEqual(sum(call.startswith("GetSessionToken") for call in self.endpoint.calls), 1)

    def test_a_dry_run_names_the_sessions(self):
        run = self.keytide("rotate", "--dry-run", "--token-code", self.code())
        self.expect_untouched(run, 0, SERIAL)
        self.assertEqual(run.stdout.count("sts:GetSessionToken"), 2)

    def test_wrong_use(self):
        for arguments in (("rotate", "--token-code", "12345x"), ("rotate", "--token-code", "1234567"),
                          ("resume", "--token-code", self.code()), ("rotate", "--yes", "--serial-number", "too short"),
                          ("rotate", "--yes", "--serial-number", "arn:aws:iam::123456789012:mfa/b b")):
            with self.subTest(arguments):
                run = self.keytide(*arguments)
                self.expect_untouched(run, 2)
                if "--token-code" in arguments:
                    self.assertNotIn(arguments[-1], run.stderr)


if __name__ == "__main__":
    main()
