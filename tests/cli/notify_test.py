#!/usr/bin/python3
"""Those who use a key are told that a new one was delivered, before the old one goes."""
import http.server
import json
import subprocess
import sys
import threading
import unittest

from stage import Stage, main

# Goes on with the key that it read until it gets SIGHUP, as daemons do, and writes down what it uses.
DAEMON = """
import configparser, signal, sys
def read(*_):
    file = configparser.ConfigParser()
    file.read(sys.argv[1])
    print(file["default"]["aws_access_key_id"], flush=True)
signal.signal(signal.SIGHUP, read)
read()
while True:
    signal.pause()
"""


class Hook(http.server.ThreadingHTTPServer):
    """A consumer that looks for itself when it is told."""

    def __init__(self, look):
        self.seen, self.status = [], 204
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.seen.append((self.path, json.loads(body), look()))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Notify(Stage):
    def rotation(self):
        return json.loads(self.keytide("status", "--output", "json").stdout)["rotations"][0]["id"]

    def hook(self):
        made = Hook(lambda: (self.held()[0], sorted(self.key_ids())))
        self.addCleanup(made.server_close)
        self.addCleanup(made.shutdown)
        return made

    def test_a_daemon_takes_the_new_key_while_both_work(self):
        daemon = subprocess.Popen([sys.executable, "-c", DAEMON, self.credentials], stdout=subprocess.PIPE, text=True)
        self.addCleanup(daemon.stdout.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        self.assertEqual(daemon.stdout.readline().strip(), self.old[0])
        (self.home / "pid").write_text(f"{daemon.pid}\n")
        hook = self.hook()
        said = self.expect(self.keytide("rotate", "--yes", "--on-delivered", f"notify-signal:{self.home}/pid",
                                        "--on-delivered", f"notify-url:{hook.url}/rotated"), 0)
        new = self.held()[0]
        self.assertEqual(daemon.stdout.readline().strip(), new)
        self.assertEqual(hook.seen, [("/rotated", {"version": 1, "event": "delivered", "access_key_id": new},
                                      (new, sorted([self.old[0], new])))], "told once, with the new key in place and both alive")
        self.assertEqual(self.key_ids(), [new])
        self.assertIn("told       notify-signal:", said.stdout + said.stderr)

    def test_a_unit_is_reloaded(self):
        tools = self.home / "tools"
        tools.mkdir()
        (tools / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{self.home}/asked\n')
        (tools / "systemctl").chmod(0o755)
        env = self.environment()
        env["PATH"] = f"{tools}:{env['PATH']}"
        self.expect(self.keytide("rotate", "--yes", "--on-delivered", "notify-unit:app@1.service",
                                 "--on-delivered", "notify-unit:b.timer?do=restart&manager=user", env=env), 0)
        self.assertEqual((self.home / "asked").read_text(),
                         "--system reload -- app@1.service\n--user restart -- b.timer\n")

    def test_whoever_cannot_be_told_keeps_the_old_key_alive(self):
        hook = self.hook()
        hook.status = 503
        waiting = self.keytide("rotate", "--yes", "--set", "poll=1s", "--on-delivered", f"notify-url:{hook.url}")
        self.expect(waiting, 5)
        self.assertIn("could not be told to notify-url:", waiting.stdout + waiting.stderr)
        new = self.held()[0]
        self.assertEqual(sorted(self.key_ids()), sorted([self.old[0], new]))
        self.assertTrue(self.accepts(self.old))
        hook.status = 200
        self.expect(self.keytide("resume", self.rotation()), 0)
        self.assertEqual(self.key_ids(), [new])

    def test_on_the_way_back_it_is_told_of_the_old_key(self):
        hook = self.hook()
        self.expect(self.keytide("rotate", "--yes", "--grace", "1h", "--on-delivered", f"notify-url:{hook.url}"), 3)
        self.expect(self.keytide("rollback", self.rotation()), 3)  # the grace time runs for the way back, too
        self.assertEqual([told["access_key_id"] for _, told, _ in hook.seen][-1], self.old[0])
        self.assertEqual(self.held(), self.old)

    def test_a_dry_run_tells_nobody_and_says_whom_it_would_tell(self):
        hook = self.hook()
        said = self.expect(self.keytide("rotate", "--dry-run", "--on-delivered", f"notify-url:{hook.url}"), 0)
        self.assertEqual(hook.seen, [])
        self.assertIn(f"tell notify-url:{hook.url}", said.stdout)

    def test_a_pid_file_of_nobody_is_found_before_anything_is_made(self):
        (self.home / "pid").write_text("not a number\n")
        refused = self.expect(self.keytide("rotate", "--yes", "--on-delivered", f"notify-signal:{self.home}/pid"), 1)
        self.assertIn("the file holds no process id", refused.stderr)
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_a_notice_is_no_place_and_a_place_no_notice(self):
        for option, uri in (("--deliver", "notify-unit:a"), ("--on-delivered", "env-file:a")):
            refused = self.expect(self.keytide("rotate", "--yes", option, uri), 2)
            self.assertIn("notify-", refused.stderr)
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_a_named_key_says_whom_to_tell(self):
        folder = self.home / "config" / "keytide"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keytide.yaml").write_text(
            "keys:\n  app:\n    profile: default\n    on-delivered: ['notify-command:echo $KEYTIDE_ACCESS_KEY_ID >told']\n")
        self.expect(self.keytide("config", "check"), 0)
        self.assertIn("then told: notify-command:", self.expect(self.keytide("config", "show"), 0).stdout)
        self.expect(self.keytide("rotate", "app", "--yes"), 0)
        self.assertEqual((folder / "told").read_text().strip(), self.held()[0])


main()
