#!/usr/bin/python3
"""How the program behaves towards its surroundings: terminals, pipes, signals, other programs, scripts."""
import os
import resource
import select
import signal
import subprocess
import threading

from stage import KEYTIDE, Stage, main
from troubled_endpoint import PASS, SILENT, TroubledEndpoint


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


if __name__ == "__main__":
    main()
