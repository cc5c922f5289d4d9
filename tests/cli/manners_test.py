#!/usr/bin/python3
"""How the program behaves towards its surroundings: terminals, pipes, signals, other programs, scripts."""
import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import threading

import jsonschema

from stage import KEYTIDE, SCHEMA, Stage, main
from troubled_endpoint import LOSE_ANSWER, LOSE_REQUEST, PASS, SILENT, TroubledEndpoint

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Manners(Stage):
    def endpoint(self, trouble=lambda number, name: PASS):
        troubled = TroubledEndpoint(self.lab.endpoint, trouble)
        self.addCleanup(troubled.close)
        return troubled

    def start(self, *arguments, env=None, **more):
        process = subprocess.Popen([KEYTIDE, *arguments], env=env or self.environment(), text=True,
                                   **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more))
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end_of(self, process):
        """What it said, once it has ended."""
        out, err = process.communicate(timeout=60)
        self.no_secrets_in((out or "") + (err or ""))
        return out, err


    def object(self, run):
        """The one object on standard output, by its schema."""
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual(said["exit_code"], run.returncode)
        return said

    def rotation_in(self, run):
        return re.search(r"r-\w+-\w+", run.stdout + run.stderr)[0]

    def at_a_terminal(self, *arguments, typed, env=None):
        """What the program says, and its exit code, when `typed` answers its question."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(KEYTIDE, [KEYTIDE, *arguments], env or self.environment())
        said = b""
        asked = False
        try:
            while True:
                said += os.read(terminal, 4096)
                if b"[y/N]" in said and not asked:
                    asked = os.write(terminal, typed)
        except OSError:
            pass  # it has ended
        os.close(terminal)
        self.no_secrets_in(said.decode())
        return said.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def ask(self):
        """A rotation that waits for a person."""
        lost = []
        endpoint = self.endpoint(lambda number, name: PASS if name != "CreateAccessKey" or lost else lost.append(1) or LOSE_ANSWER)
        return self.rotation_in(self.expect(self.keytide("rotate", "--yes", "--endpoint-url", endpoint.url, "--set", "in_flight=0"), 5))


class Secrets(Manners):
    def test_no_core_is_written_of_a_process_that_holds_secrets(self):
        called = threading.Event()
        endpoint = self.endpoint(lambda number, name: called.set() or SILENT)
        process = self.start("rotate", "--yes", env=self.environment(AWS_ENDPOINT_URL=endpoint.url), cwd=self.home,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2))
        self.assertTrue(called.wait(30))
        limits = open(f"/proc/{process.pid}/limits").read()
        self.assertRegex(limits, r"Max core file size +0 ")
        process.send_signal(signal.SIGQUIT)
        self.end_of(process)
        self.assertEqual(process.returncode, -signal.SIGQUIT)
        self.assertEqual([p.name for p in self.home.glob("*core*")], [])

    def test_programs_that_it_starts_may_dump_theirs(self):
        limit = ("sh", "-c", 'ulimit -c 7; exec "$0" "$@"')
        run = self.keytide("exec", "--", "sh", "-c", "ulimit -c", prefix=limit)
        self.assertEqual(run.stdout, "7\n", run.stderr)
        self.expect_rotated(self.keytide("rotate", "--yes", "--probe", "exec:test $(ulimit -c) = 7", prefix=limit))


class Power(Manners):
    """What a key may do is said before somebody is asked whether to go on with it."""

    def test_an_administrator_s_key_is_named_as_such(self):
        self.allow("bob", EVERYTHING)
        said, code = self.at_a_terminal("rotate", typed=b"n\n")
        self.assertEqual(code, 2, said)
        self.assertLess(said.index("this key is an administrator's"), said.index("[y/N]"))

    def test_so_is_one_over_production(self):
        readable = ["iam:Get*", "iam:List*", "iam:CreateAccessKey", "iam:DeleteAccessKey"]
        self.allow("bob", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": readable, "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-prod/*"}]})
        said, _ = self.at_a_terminal("rotate", typed=b"n\n")
        self.assertIn("this key may use iam, s3; its policies name production: arn:aws:s3:::acme-prod/*", said)

    def test_where_policies_may_not_be_read_nothing_is_said(self):
        said, _ = self.at_a_terminal("rotate", typed=b"n\n")
        self.assertIn("[y/N]", said)
        self.assertNotIn("keytide: this key", said)


class Probes(Manners):
    def started_probe(self):
        """A rotation whose probe has begun, and a pipe that ends when all of the probe has."""
        pipe = self.home / "pipe"
        os.mkfifo(pipe)
        probe = f"exec:(echo started; exec sleep 1000) > {pipe} & wait"
        process = self.start("rotate", "--yes", "--probe", probe)
        reader = open(pipe)
        self.addCleanup(reader.close)
        self.assertEqual(reader.readline(), "started\n")
        return process, reader

    def assertEnded(self, reader):
        self.assertTrue(select.select([reader], [], [], 30)[0], "the probe's children live on")
        self.assertEqual(reader.read(), "")

    def test_an_interruption_ends_them(self):
        process, reader = self.started_probe()
        process.send_signal(signal.SIGINT)
        _, said = self.end_of(process)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("keytide: keys: ", said)
        self.assertEnded(reader)

    def test_they_do_not_outlive_us(self):
        process, reader = self.started_probe()
        process.kill()
        self.assertEnded(reader)
        self.end_of(process)

    def test_an_interruption_abandons_a_call_that_only_reads(self):
        called = threading.Event()
        endpoint = self.endpoint(lambda number, name: called.set() or SILENT)
        process = self.start("rotate", "--yes", "--endpoint-url", endpoint.url, "--cli-read-timeout", "3600")
        self.assertTrue(called.wait(30))
        process.send_signal(signal.SIGINT)
        _, said = self.end_of(process)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("keytide: error: interrupted\nkeytide: hint: nothing was changed", said)


class Streams(Manners):
    def test_a_reader_that_goes_does_not_end_a_rotation(self):
        reading, writing = os.pipe()
        endpoint = self.endpoint(lambda number, name: (name == "CreateAccessKey" and os.close(reading)) or PASS)
        process = self.start("rotate", "--yes", "--endpoint-url", endpoint.url, stderr=writing)
        os.close(writing)
        self.end_of(process)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.key_ids(), [self.held()[0]])
        self.assertNotEqual(self.held(), self.old)

    def test_closed_streams_are_nobodys_file(self):
        process = self.start("rotate", "--yes", stdout=None, stderr=None,
                             preexec_fn=lambda: [os.close(number) for number in (0, 1, 2)])
        self.end_of(process)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.credentials.read_text(), self.profile("default", self.held()))

    def test_programs_that_it_starts_hear_of_it(self):
        broken = "yes | head -n 1 > /dev/null; test ${PIPESTATUS[0]} = 141"
        self.assertEqual(self.keytide("exec", "--", "bash", "-c", broken).returncode, 0)
        self.expect_rotated(self.keytide("rotate", "--yes", "--probe", f"exec:bash -c '{broken}'"))


class Scripts(Manners):
    def test_json_of_several_rotations_is_one_object(self):
        self.user("eve", EVERYTHING)
        eve = self.key("eve")
        self.write_credentials(self.profile("default", self.old) + self.profile("eve", eve))
        for profile in ("default", "eve"):
            self.expect(self.keytide("rotate", "--yes", "--profile", profile, "--grace", "2h"), 3)
        early = self.object(self.keytide("resume", "--output", "json"))
        self.assertEqual((early["exit_code"], len(early["rotations"])), (3, 2))
        late = self.object(self.keytide("resume", "--due", "--output", "json", prefix=("faketime", "-f", "+3h")))
        self.assertEqual([r["result"] for r in late["rotations"]], ["parked", "parked"], "AWS's clock counts, not ours")

    def test_json_of_wrong_use(self):
        for arguments in (("rotate", "--nonsense", "--output", "json"), ("--output=json",), ("fly", "--output", "json"),
                          ("demo", "--output", "json"), ("history", "r-nobody", "--output", "json")):
            with self.subTest(arguments):
                said = self.object(self.expect(self.keytide(*arguments), 2))
                self.assertTrue(said["error"]["hint"])
        self.assertEqual(self.object(self.keytide("--output", "json", "exec", "--", "/no/such/program"))["exit_code"], 127)
        self.assertEqual(self.object(self.keytide("--output", "json", "exec", "--", str(self.home)))["exit_code"], 126)
        self.assertEqual(self.keytide("rotate", "--nonsense", "--", "--output", "json").stdout, "")

    def test_json_is_utf8_also_when_a_path_is_not(self):
        folder = os.fsencode(self.home) + b"/\xff"
        os.mkdir(folder)
        with open(folder + b"/credentials", "w") as file:
            file.write("[default]\nbroken")
        env = self.environment(AWS_SHARED_CREDENTIALS_FILE=os.fsdecode(folder + b"/credentials"))
        self.assertIn("/\ufffd/credentials", self.object(self.keytide("rotate", "--yes", "--output", "json", env=env))["error"]["message"])

    def test_a_message_of_aws_forges_no_line(self):
        message = b"x\x1b[2J\xc2\x9b2J\nkeytide: keys: old key deleted\xff"
        body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>" + message + b"</Message></Error></ErrorResponse>"
        endpoint = self.endpoint()
        endpoint.serve = lambda client, request: (
            endpoint.send(client, b"HTTP/1.1 403 X\r\nContent-Length: %d\r\n\r\n" % len(body) + body), client.close())
        for output in ("text", "json"):
            run = self.expect(self.keytide("rotate", "--yes", "--endpoint-url", endpoint.url, "--output", output), 1, "x\\x1b[2J")
            self.assertNotRegex(run.stdout + run.stderr, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
            self.assertNotIn("\nkeytide: keys:", run.stderr)
        self.object(run)

    def test_a_path_moves_no_cursor(self):
        path = self.home / "\x1b[2J\nkeytide: keys: \x9b"
        path.write_text("broken")
        run = self.keytide("rotate", "--yes", env=self.environment(AWS_CONFIG_FILE=str(path)))
        self.expect(run, 2, "\\x1b[2J\\x0akeytide: keys: \\x9b")
        self.assertNotRegex(run.stderr, "[\x1b\x9b]")

    def test_resume_names_what_waits(self):
        asked = self.ask()
        for arguments in (("resume",), ("resume", "--due")):
            self.expect(self.keytide(*arguments), 5, asked, "keytide: question: ", "keytide: hint: ", "keytide: keys: ")
        self.object(self.keytide("resume", "--output", "json"))

    def test_resume_names_what_is_not_due(self):
        parked = self.rotation_in(self.expect(self.keytide("rotate", "--yes", "--grace", "2h"), 3))
        for arguments in (("resume",), ("resume", "--due")):
            self.expect(self.keytide(*arguments), 3, parked, "keytide: parked: ", "until ")

    def test_a_bundle_of_certificates_is_recorded_with_its_folder(self):
        (self.home / "ca.pem").write_text("")
        for given in (("--ca-bundle", "ca.pem"), ()):
            env = self.environment(**({} if given else {"AWS_CA_BUNDLE": "ca.pem"}))
            self.expect(self.keytide("rotate", "--yes", *given, cwd=self.home, env=env), 0)
            rotation = json.loads(self.keytide("history", "--output", "json").stdout)["rotations"][-1]["id"]
            history = self.keytide("history", rotation, "--output", "json")
            request = json.loads(history.stdout)["events"][0]["event"]["request"]
            self.assertEqual(request["connection"]["ca_bundle"], str(self.home / "ca.pem"))

    def test_exec_hands_the_way_to_aws_on(self):
        (self.home / ".aws" / "config").write_text(
            f"[default]\nendpoint_url = http://127.0.0.1:9\n[profile bob]\nendpoint_url = {self.lab.endpoint}\nregion = eu-west-1\nca_bundle = ca.pem\n[profile aws]\n")
        self.write_credentials(self.profile("bob", self.old) + self.profile("aws", self.old))
        env = self.environment()
        del env["AWS_ENDPOINT_URL"], env["AWS_REGION"]
        say = ("--", "sh", "-c", 'echo "$AWS_ENDPOINT_URL $AWS_ENDPOINT_URL_IAM $AWS_ENDPOINT_URL_S3 $AWS_CA_BUNDLE $AWS_REGION $AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"')
        shown = self.keytide("exec", "--profile", "bob", *say, env=env, cwd=self.home).stdout
        self.assertEqual(shown, f"{self.lab.endpoint} {self.lab.endpoint} {self.lab.endpoint} {self.home}/ca.pem eu-west-1 \n")
        shown = self.keytide("exec", "--profile", "bob", "--endpoint-url", "https://example.com", *say, env=env, cwd=self.home).stdout
        self.assertTrue(shown.startswith("https://example.com " * 3), shown)
        shown = self.keytide("exec", "--profile", "aws", *say, env=env).stdout
        self.assertEqual(shown.split(), ["true"], "the endpoint of [default] is not this profile's")


class AtTheTerminal(Manners):
    def test_an_interrupted_question(self):
        said, code = self.at_a_terminal("rotate", typed=b"\x03")
        self.assertEqual(code, 130)
        self.assertRegex(said, "keytide: error:.* interrupted\r\nkeytide: hint: nothing was changed")
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_the_question_answered(self):
        said, code = self.at_a_terminal("rotate", "--color", "never", typed=b"n\n")
        self.assertEqual(code, 2)
        self.assertIn("keytide: error: not consented", said)
        self.assertEqual(self.at_a_terminal("rotate", typed=b"y\n")[1], 0)

    def test_a_rotation_that_is_carried_out_right_now(self):
        process = self.start("rotate", "--yes", "--grace", "50s")
        for line in process.stderr:
            if line.startswith("  delivered"):
                break
        self.expect(self.keytide("status"), 0, f"at work (pid {process.pid})")
        self.assertEqual(self.object(self.keytide("status", "--output", "json"))["rotations"][0]["result"], "at_work")
        process.terminate()
        self.end_of(process)
        self.assertIn("interrupted in overlap", self.expect(self.keytide("status"), 0).stdout)


class HalfWay(Manners):
    def test_an_administrator_resumes_in_an_outage(self):
        down = []
        endpoint = self.endpoint(lambda number, name: LOSE_REQUEST if down else PASS)
        self.write_credentials(self.profile("default", self.lab.root))
        run = self.keytide("rotate", "--user-name", "bob", "--deliver", f"env-file:{self.home}/b.env", "--yes",
                           "--endpoint-url", endpoint.url, "--grace", "2h")
        rotation = self.rotation_in(self.expect(run, 3))
        down.append(True)
        late = {"prefix": ("faketime", "-f", "+3h")}
        run = self.expect(self.keytide("resume", rotation, **late), 3, "keytide: error: ", "keytide: keys: old ", f"keytide resume {rotation}")
        self.assertNotIn("nothing was changed", run.stderr)
        said = self.object(self.keytide("resume", rotation, "--output", "json", **late))
        self.assertEqual((said["exit_code"], said["rotations"][0]["id"]), (3, rotation))
        down.clear()
        self.write_credentials(self.profile("default", self.old))
        self.expect(self.keytide("resume", rotation, **late), 2, "keytide: keys: old ")
        self.write_credentials("")
        self.expect(self.keytide("resume", rotation, **late), 2, "keytide: keys: old ")

    def test_a_ledger_that_is_gone(self):
        rotation = self.rotation_in(self.expect(self.keytide("rotate", "--yes", "--grace", "2h"), 3))
        for file in (self.home / "state" / "keytide").glob("ledger.db*"):
            file.unlink()
        [anchor] = (self.home / "config" / "keytide" / "anchors").iterdir()
        before = self.key_ids()
        for arguments in (("rotate", "--yes"), ("rotate", "--dry-run"), ("resume",), ("resume", rotation), ("status",), ("history",)):
            with self.subTest(arguments):
                self.expect(self.keytide(*arguments), 1, str(anchor), "may be unfinished", "remove")
        self.assertEqual(self.key_ids(), before)
        anchor.unlink()
        self.expect(self.keytide("status"), 0)


class Plans(Manners):
    """A dry run names the calls of the real one: all of them, in their order."""

    @staticmethod
    def calls_of(steps):
        calls = []
        for step in steps:
            times = re.search(r"(\d+) times in a row", step)
            calls += re.findall(r"\b(?:iam|sts|s3):(\w+)", step) * int(times[1] if times else 1)
        return calls

    def expect_as_planned(self, *arguments, deactivates=False):
        planned = self.object(self.keytide(*arguments, "--dry-run", "--output", "json"))["plan"]["steps"]
        planned = [step for step in planned if deactivates or "where that is allowed" not in step]
        endpoint = self.endpoint()
        self.expect(self.keytide(*arguments, "--yes", "--endpoint-url", endpoint.url), 0)
        self.assertEqual(self.calls_of(planned), endpoint.requests, planned)

    def test_a_user_who_may_not_list(self):
        self.expect_as_planned("rotate")

    def test_a_user_who_may_list(self):
        self.allow("bob", EVERYTHING)
        self.expect_as_planned("rotate", "--grace", "1s", deactivates=True)

    def test_an_administrator(self):
        self.write_credentials(self.profile("default", self.lab.root))
        self.expect_as_planned("rotate", "--user-name", "bob", "--deliver", f"env-file:{self.home}/b.env", deactivates=True)

    def test_a_first_key(self):
        self.user("carol", None)
        self.write_credentials(self.profile("default", self.lab.root))
        self.expect_as_planned("issue", "--user-name", "carol", "--deliver", f"env-file:{self.home}/c.env")


if __name__ == "__main__":
    main()
