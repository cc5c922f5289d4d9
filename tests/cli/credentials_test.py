#!/usr/bin/python3
"""Keytide as the credential source: credential_process, the container protocol on loopback, and how long the old key stays."""
import datetime
import http.client
import json
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from stage import KEYTIDE, Stage, main

HOUR_LATER = {"prefix": ("faketime", "-f", "+2h")}


class Credentials(Stage):
    def setUp(self):
        super().setUp()
        self.configure("keys: {app: {profile: default, lifetime: 1h, consumers: [web, worker]}}\nserve: {listen: '127.0.0.1:0'}\n")
        programs = self.home / "bin"
        programs.mkdir()
        (programs / "keytide").symlink_to(KEYTIDE)
        self.path = f"{programs}:/usr/bin:/bin"

    def configure(self, text):
        path = self.home / "config" / "keytide" / "keytide.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        path.write_text(text)

    def handed(self, *arguments, **more):
        """What credential_process gets."""
        run = subprocess.run([KEYTIDE, "credentials", *arguments], env=self.environment(), capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, **more)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stderr, "")
        return json.loads(run.stdout)

    def rotation(self, run):
        return re.search(r"r-\d{8}T\d{6}Z-[0-9a-f]{6}", run.stderr)[0]

    def test_credential_process_gets_the_key_with_an_expiration(self):
        handed = self.handed("app")
        self.assertEqual(set(handed), {"Version", "AccessKeyId", "SecretAccessKey", "Expiration"})
        self.assertEqual(handed["Version"], 1)
        self.assertEqual((handed["AccessKeyId"], handed["SecretAccessKey"]), self.old)
        until = datetime.datetime.strptime(handed["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
        left = until - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(left - datetime.timedelta(hours=1)), datetime.timedelta(minutes=1))
        for path in (self.home / "state").rglob("*"):
            if path.is_file():
                self.assertNotIn(self.old[1].encode(), path.read_bytes(), path)

    def test_the_old_key_outlives_what_was_handed_out_and_only_the_new_one_follows(self):
        self.handed("app")
        run = self.expect(self.keytide("rotate", "app", "--yes"), 3, "were handed out, and last until")
        self.assertTrue(self.accepts(self.old))
        self.assertEqual(self.handed("app")["AccessKeyId"], self.held()[0])
        self.assertIn("HandedOut", self.expect(self.keytide("history", self.rotation(run)), 0).stdout)
        self.lab.tell("POST", "clock", {"advance": "2h"})
        self.expect_rotated(self.keytide("resume", self.rotation(run), **HOUR_LATER))

    def test_a_rotation_that_knows_the_profile_alone_waits_too(self):
        self.handed("app")
        self.expect(self.keytide("rotate", "--yes"), 3, "were handed out, and last until")
        self.assertTrue(self.accepts(self.old))

    def test_what_cannot_be_recorded_is_not_handed_out(self):
        self.handed("app")
        record = next((self.home / "state" / "keytide" / "handed-out").glob("*.until"))
        record.write_text("soon\n")
        run = subprocess.run([KEYTIDE, "credentials", "app"], env=self.environment(), capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout, "")
        self.expect(self.keytide("rotate", "--yes"), 5, "cannot be seen")
        self.assertTrue(self.accepts(self.old))

    def test_no_secret_is_shown_at_a_terminal(self):
        run = subprocess.run(["script", "-qec", f"{KEYTIDE} credentials app", "/dev/null"], env=self.environment(), capture_output=True,
                             text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, 2, run.stdout)
        self.no_secrets_in(run.stdout)
        self.assertIn("keytide setup app", run.stdout)

    def test_setup_writes_a_profile_that_the_aws_cli_understands(self):
        config = self.home / ".aws" / "config"
        config.write_text("# mine\n[default]\nregion = us-east-1\n")
        self.expect(self.keytide("setup", "app"), 0, str(config), "credential_process = keytide credentials app")
        self.assertEqual(config.read_text().split("\n[profile app]\n")[0].rstrip(), "# mine\n[default]\nregion = us-east-1")
        before = config.read_bytes()
        self.expect(self.keytide("setup", "app"), 0, "has it already")
        self.assertEqual(config.read_bytes(), before)
        said = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.lab.endpoint, "--profile", "app", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
                              env=self.environment(PATH=self.path), capture_output=True, text=True)
        self.assertEqual(said.stdout.strip(), "arn:aws:iam::123456789012:user/bob", said.stderr)

    def test_setup_refuses_a_profile_that_the_sdks_would_read_first(self):
        self.configure("keys: {default: {profile: default}, app: {profile: default}}")
        self.expect(self.keytide("setup", "default"), 2, "holds the key itself")
        self.write_credentials(self.profile("default", self.old) + self.profile("app", ("AKIAIOSFODNN7EXAMPLE", "x")))
        self.expect(self.keytide("setup", "app"), 2, "holds a key itself")
        self.assertFalse((self.home / ".aws" / "config").exists())

    # The server

    def serve(self):
        server = subprocess.Popen([KEYTIDE, "serve"], env=self.environment(), stderr=subprocess.PIPE, text=True)
        said = [server.stderr.readline() for _ in range(2)]
        def stop():
            server.send_signal(signal.SIGTERM)
            self.said = server.stderr.read()
            server.stderr.close()
            self.assertEqual(server.wait(), 0)
        self.addCleanup(stop)
        found = [re.match(r"AWS_CONTAINER_CREDENTIALS_FULL_URI=(\S+) AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=(\S+)\n", line) for line in said]
        self.secrets |= {open(each[2]).read() for each in found}
        return [(each[1], open(each[2]).read()) for each in found], stop

    def fetch(self, uri, token, method="GET"):
        try:
            with urllib.request.urlopen(urllib.request.Request(uri, method=method, headers={"Authorization": token}), timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def test_each_consumer_is_served_by_its_own_path_and_token(self):
        ((web, web_token), (worker, worker_token)), _ = self.serve()
        status, handed = self.fetch(web, web_token)
        self.assertEqual(status, 200)
        self.assertEqual((handed["AccessKeyId"], handed["SecretAccessKey"], handed["Token"]), (*self.old, ""))
        self.assertEqual(self.fetch(worker, worker_token)[0], 200)
        refused = self.fetch(web, worker_token)
        self.assertEqual(refused[0], 401)
        self.assertEqual(refused, self.fetch(web, ""))
        self.assertEqual(refused, self.fetch(web + "x", web_token), "nobody learns who is served")
        self.assertEqual(self.fetch(web, web_token, "POST")[0], 405)
        self.no_secrets_in(refused[1])

    def test_sdks_fetch_it_and_the_rotation_waits_for_them(self):
        ((web, token), _), _ = self.serve()
        said = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url", self.lab.endpoint, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"], capture_output=True, text=True,
            env=self.environment(AWS_CONTAINER_CREDENTIALS_FULL_URI=web, AWS_CONTAINER_AUTHORIZATION_TOKEN=token,
                                 AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_CONFIG_FILE="/dev/null"))
        self.assertEqual(said.stdout.strip(), "arn:aws:iam::123456789012:user/bob", said.stderr)
        self.expect(self.keytide("rotate", "app", "--yes"), 3, "were handed out")
        self.assertEqual(self.fetch(web, token)[1]["AccessKeyId"], self.held()[0])

    def test_tokens_outlive_the_server_and_are_nobody_elses(self):
        first, stop = self.serve()
        self.doCleanups_of(stop)
        again, _ = self.serve()
        self.assertEqual([token for _, token in first], [token for _, token in again])
        file = self.home / "state" / "keytide" / "tokens" / "app" / "web"
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def token_file(self, consumer):
        return self.home / "state" / "keytide" / "tokens" / "app" / consumer

    def replace_token(self, consumer, text, mode=0o600):
        new = self.home / "new-token"
        new.write_text(text)
        new.chmod(mode)
        new.replace(self.token_file(consumer))
        self.secrets |= {text.strip()} - {""}

    def test_a_token_that_is_replaced_holds_from_the_next_request_on(self):
        ((web, first), (worker, worker_token)), stop = self.serve()
        self.replace_token("web", "second" * 8)
        refused = self.fetch(web, first)
        self.assertEqual(refused[0], 401)
        self.assertEqual(self.fetch(web, "second" * 8)[0], 200)
        with open(self.token_file("web"), "r+") as in_place:
            in_place.truncate()
            in_place.write("third" * 10 + "\n")
        self.assertEqual(self.fetch(web, "second" * 8), refused)
        self.assertEqual(self.fetch(web, "third" * 10)[0], 200)
        self.assertEqual(self.fetch(worker, "third" * 10), refused)
        self.assertEqual(self.fetch(worker, worker_token)[0], 200)
        self.doCleanups_of(stop)
        self.assertEqual(self.said, "")
        self.assertEqual(self.serve()[0][0][1].strip(), "third" * 10, "and after the next start")

    def test_one_connection_is_asked_for_the_token_at_each_request(self):
        ((web, token), _), _ = self.serve()
        url = urllib.parse.urlsplit(web)
        connection = http.client.HTTPConnection(url.netloc, timeout=30)
        self.addCleanup(connection.close)
        def status():
            connection.request("GET", url.path, headers={"Authorization": token})
            with connection.getresponse() as answer:
                answer.read()
                return answer.status
        self.assertEqual(status(), 200)
        self.replace_token("web", "second" * 8)
        self.assertEqual(status(), 401)

    def test_a_token_that_cannot_be_read_lets_nobody_in(self):
        ((web, token), (worker, worker_token)), stop = self.serve()
        nobody_is_let_in = self.fetch(worker, token)
        self.assertEqual(nobody_is_let_in[0], 401)
        file = self.token_file("web")
        def others_may_read_it():
            self.replace_token("web", token, mode=0o644)
        for spoil, tried in ((lambda: self.replace_token("web", ""), ("", token)), (lambda: self.replace_token("web", "\n"), ("", "\t")),
                             (lambda: self.replace_token("web", "short"), ("short", token)), (others_may_read_it, (token,)),
                             (file.unlink, ("", token)), (file.mkdir, ("", token))):
            spoil()
            for each in tried:
                self.assertEqual(self.fetch(web, each), nobody_is_let_in)
            self.assertEqual(self.fetch(worker, worker_token)[0], 200, "the others go on")
        file.rmdir()
        self.replace_token("web", token)
        self.assertEqual(self.fetch(web, token)[0], 200, "and is let in again, once it can be read")
        self.doCleanups_of(stop)
        self.no_secrets_in(self.said)
        for words in ("holds no token", "is open to other users", "is not there", "is not a regular file"):
            self.assertEqual(self.said.count(f"keytide: error: {file} {words}"), 1, self.said)

    def doCleanups_of(self, stop):
        self._cleanups = [each for each in self._cleanups if each[0] is not stop]
        stop()

    def test_nothing_is_served_beyond_this_machine_nor_to_nobody(self):
        self.configure("keys: {app: {profile: default, consumers: [web]}}\nserve: {listen: '0.0.0.0:0'}\n")
        self.expect(self.keytide("serve"), 2, "loopback")
        self.configure("keys: {app: {profile: default}}")
        self.expect(self.keytide("serve"), 2, "consumers")


if __name__ == "__main__":
    main()
