#!/usr/bin/python3
"""Two processes, one user: one acts, and the other one says who does and leaves with 6."""
import collections
import signal
import subprocess

from stage import KEYTIDE, Stage, main
from troubled_endpoint import PASS, TroubledEndpoint

LOOKING = {"GetCallerIdentity"}


class TwoProcesses(Stage):
    def setUp(self):
        super().setUp()
        self.endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: PASS)
        self.addCleanup(self.endpoint.close)

    def start(self, *arguments, env=None):
        process = subprocess.Popen([KEYTIDE, *arguments], env=env or self.environment(AWS_ENDPOINT_URL=self.endpoint.url), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end_of(self, process):
        out, err = process.communicate(timeout=60)
        self.no_secrets_in(out + err)
        return process.returncode, out, err

    def frozen_at(self, number):
        """A rotation whose process is stopped while that call is on its way, and the call's name."""
        reached = []
        process = []
        self.endpoint.requests.clear()
        ended_before = self.endpoint.ended

        def strike(count, name):
            if count == number and not reached:
                reached.append(name)
                process[0].send_signal(signal.SIGSTOP)
            return PASS

        self.endpoint.trouble = strike
        process.append(self.start("rotate", "--yes"))
        landed = lambda: self.endpoint.ended >= ended_before + number  # or it would, somewhen later
        while not (reached and landed()) and process[0].poll() is None:
            try:
                process[0].wait(timeout=0.01)
            except subprocess.TimeoutExpired:
                pass
        return process[0], reached[0] if reached else None

    def test_one_is_frozen_at_any_call(self):
        number = 0
        turned_away = collections.Counter()
        while True:
            number += 1
            self.old = self.held()
            frozen, name = self.frozen_at(number)
            if name is None:
                self.assertEqual(self.end_of(frozen)[0], 0)
                break
            with self.subTest(call=number, name=name):
                for command in (("rotate", "--yes"), ("resume",)):
                    before = self.credentials.read_bytes(), sorted(self.key_ids())
                    self.endpoint.requests.clear()
                    run = self.keytide(*command, env=self.environment(AWS_ENDPOINT_URL=self.endpoint.url))
                    self.assertIn(run.returncode, (0, 1, 6), run.stderr)
                    if run.returncode == 6:
                        turned_away[command[0]] += 1
                        self.assertRegex(run.stderr, rf"another process works on this user \(pid {frozen.pid}\)")
                        self.assertIn("keytide: hint: wait until it has ended", run.stderr)
                        self.assertLessEqual(set(self.endpoint.requests), LOOKING)
                        self.assertEqual((self.credentials.read_bytes(), sorted(self.key_ids())), before)
                    elif command[0] == "resume":
                        self.assertEqual(run.stdout, "nothing to resume\n")
                frozen.send_signal(signal.SIGCONT)
                code, out, err = self.end_of(frozen)
                self.assertIn(code, (0, 1), err)
                self.assertEqual(self.key_ids(), [self.held()[0]], err)
                self.assertTrue(self.accepts(self.held()))
        self.assertGreater(turned_away["rotate"], 5)
        self.assertGreater(turned_away["resume"], 5)

    def test_status_says_who_is_at_work(self):
        frozen, _ = self.frozen_at(6)
        run = self.expect(self.keytide("status"), 0, f"at work (pid {frozen.pid})")
        self.assertEqual(run.stderr, "")

    def test_many_at_once_make_one_key_each(self):
        for _ in range(5):
            self.endpoint.requests.clear()
            ends = [self.end_of(process) for process in [self.start("rotate", "--yes") for _ in range(4)]]
            codes = collections.Counter(code for code, _, _ in ends)
            self.assertLessEqual(set(codes), {0, 1, 6}, ends)
            self.assertGreaterEqual(codes[0], 1, ends)
            rotated = sum("rotated bob" in out for _, out, _ in ends)
            self.assertEqual(self.endpoint.requests.count("CreateAccessKey"), rotated, ends)
            self.assertEqual(self.key_ids(), [self.held()[0]])
            self.assertTrue(self.accepts(self.held()))

    def test_two_users_do_not_wait_for_each_other(self):
        self.user("eve", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        self.write_credentials(self.profile("default", self.old) + self.profile("eve", self.key("eve")))
        frozen, _ = self.frozen_at(6)
        self.expect(self.keytide("rotate", "--yes", "--profile", "eve"), 0)
        frozen.send_signal(signal.SIGCONT)
        code, _, err = self.end_of(frozen)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.key_ids("eve"), [self.held("eve")[0]])
        self.assertEqual(self.key_ids(), [self.held()[0]])


if __name__ == "__main__":
    main()
