#!/usr/bin/python3
"""--deliver: one rotation and several places, each of its kind, each done or resumed alone."""
import http.server
import json
import re
import threading

from stage import Stage, main

KEPT = '{"endpoint": "https://s3.example",  "aws": {"id": "%s", "secret": "%s"}, "last": [1, 2]}\n'

SCRIPT = """#!/bin/sh
read -r request
case "$KEYTIDE_ACTION" in
read) cat "$0.held" ;;
deliver)
    test -e "$0.broken" && { echo "the store is out of order" >&2; exit 1; }
    printf %s "$request" > "$0.held" ;;
esac
"""


class Vault(http.server.BaseHTTPRequestHandler):
    """The KV engine, version 2, as far as one secret needs it."""

    def answer(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_let_in(self):
        if self.headers["X-Vault-Token"] == "hvs.token":
            return True
        self.answer(403, {"errors": ["permission denied"]})
        return False

    def do_GET(self):
        if self.is_let_in():
            self.answer(200, {"data": {"data": self.server.data, "metadata": {"version": self.server.version}}})

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.is_let_in():
            return
        if self.path.endswith("capabilities-self"):
            self.answer(200, {"data": {"capabilities": ["root"]}})
        elif told["options"]["cas"] != self.server.version:
            self.answer(400, {"errors": ["check-and-set parameter did not match the current version"]})
        else:
            self.server.data = told["data"]
            self.server.version += 1
            self.answer(200, {"data": {"version": self.server.version}})

    def log_message(self, *_):
        pass


class Deliver(Stage):
    def setUp(self):
        super().setUp()
        self.script = self.home / "store"
        self.script.write_text(SCRIPT)
        (self.home / "store.held").write_text("{}")
        self.settings = self.home / "settings.json"
        self.settings.write_text(KEPT % ("", ""))

    def exec_uri(self, more=""):
        return f"exec:sh {self.script}{more}"

    def in_the_store(self):
        held = json.loads((self.home / "store.held").read_text())
        return held["access_key_id"], held["secret_access_key"]

    def in_the_settings(self):
        held = json.loads(self.settings.read_text())["aws"]
        return held["id"], held["secret"]

    @staticmethod
    def rotation_in(run):
        return re.search(r"keytide resume (r-\S+)", run.stderr)[1]

    def settings_uri(self):
        return f"file:{self.settings}?format=json&id=/aws/id&secret=/aws/secret"

    def test_one_rotation_reaches_every_place(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vault)
        server.data, server.version = {"other": {"kept": True}, "AWS_ACCESS_KEY_ID": self.old[0], "AWS_SECRET_ACCESS_KEY": self.old[1]}, 7
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        (self.home / "app.in").write_text("id=${AWS_ACCESS_KEY_ID};\nsecret=${AWS_SECRET_ACCESS_KEY};\n")
        env = self.environment(VAULT_ADDR=f"http://127.0.0.1:{server.server_port}", VAULT_TOKEN="hvs.token")
        run = self.keytide(
            "rotate", "--yes", "--deliver", self.settings_uri(), "--deliver", f"template:{self.home}/app?from={self.home}/app.in",
            "--deliver", self.exec_uri(), "--deliver", "vault:kv/app", "--deliver", f"env-file:{self.home}/mail?as=ses-smtp&region=us-east-1", env=env)
        self.assertEqual((run.stdout + run.stderr).count(", and read back"), 6)
        new = self.expect_rotated(run)
        self.assertEqual(self.settings.read_text(), KEPT % new)
        self.assertEqual((self.home / "app").read_text(), "id=%s;\nsecret=%s;\n" % new)
        self.assertEqual(self.in_the_store(), new)
        self.assertEqual(server.data, {"other": {"kept": True}, "AWS_ACCESS_KEY_ID": new[0], "AWS_SECRET_ACCESS_KEY": new[1]})
        mail = (self.home / "mail").read_text()
        self.assertIn(new[0], mail)
        self.assertNotIn(new[1], mail)

    def test_a_place_that_cannot_be_reached_stops_before_anything_is_made(self):
        env = self.environment(VAULT_ADDR="http://127.0.0.1:1", VAULT_TOKEN="hvs.token")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", "vault:kv/app", env=env), 1, "vault:kv/app")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", f"file:{self.home}?format=json&id=/a&secret=/b"), 1, str(self.home))
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", "vault:kv/app?address=http://vault.example"), 2, "unencrypted")

    def test_a_strangers_key_stays(self):
        (self.home / "store.held").write_text('{"access_key_id":"AKIASTRANGER","secret_access_key":"x"}')
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", self.exec_uri()), 2, "AKIASTRANGER")

    def test_one_place_that_fails_waits_for_a_person_and_disturbs_no_other(self):
        (self.home / "store.broken").touch()
        run = self.keytide("rotate", "--yes", "--deliver", self.exec_uri(), "--deliver", self.settings_uri())
        self.expect(run, 5, "exec:sh", "status 1", "the store is out of order")
        self.assertTrue(self.accepts(self.old), "the old key works everywhere")
        self.assertEqual(len(self.key_ids()), 2)
        first = self.held()
        self.assertNotEqual(first[0], self.old[0], "the profile was delivered to")
        (self.home / "store.broken").unlink()
        self.expect_rotated(self.keytide("resume", self.rotation_in(run)))
        self.assertEqual(self.in_the_store(), first)
        self.assertEqual(self.in_the_settings(), first)

    def test_a_place_that_shows_nothing_needs_consent_and_can_be_resumed(self):
        uri = self.exec_uri("?read=no")
        self.expect_untouched(self.keytide("rotate", "--deliver", uri), 2, "written whatever it holds")
        (self.home / "store.broken").touch()
        run = self.expect(self.keytide("rotate", "--yes", "--deliver", uri), 5)
        (self.home / "store.broken").unlink()
        new = self.expect_rotated(self.keytide("resume", self.rotation_in(run)))
        self.assertEqual(self.in_the_store(), new)


if __name__ == "__main__":
    main()
