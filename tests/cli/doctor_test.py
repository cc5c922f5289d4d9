#!/usr/bin/python3
"""What `keytide doctor` finds, each with its fault planted; and that it changes nothing and goes on."""
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading

import jsonschema

from mfa_device import ONLY_WITH_MFA, MfaDevice
from stage import KEYTIDE, LEAST_POLICY, SCHEMA, Stage, main
from troubled_endpoint import LOSE_ANSWER, PASS, SILENT, THROTTLED, TroubledEndpoint

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OFFLINE = {"identity", "key", "lock", "permissions"}


class Doctor(Stage):
    def setUp(self):
        super().setUp()
        self.allow("bob", EVERYTHING)

    def found(self, code, *arguments, env=None, prefix=()):
        """What is not ok, by status: {"problem": {"clock": [message and hint]}}."""
        run = self.expect(self.keytide("doctor", "--output", "json", *arguments, env=env, prefix=prefix), code)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        self.assertEqual((said["exit_code"], run.stderr), (code, ""))
        self.checks = {}
        result = {}
        for check in said["checks"]:
            text = check["message"] + " -> " + check.get("hint", "")
            self.checks.setdefault(check["check"], []).append(text)
            if check["status"] != "ok":
                result.setdefault(check["status"], {}).setdefault(check["check"], []).append(text)
            if check["status"] in ("warning", "problem"):
                self.assertTrue(check.get("hint"), f"{check['check']} does not say what to do")
        return result

    def only(self, status, name, *words, code=7, **more):
        """This is the one finding; what hangs on it may be unchecked."""
        found = self.found(code, **more)
        found.pop("unchecked", None)
        self.assertEqual({s: set(names) for s, names in found.items()}, {status: {name}})
        for word in words:
            self.assertIn(word, "\n".join(found[status][name]))
        return found

    def state(self):
        """All that could have been changed: files with their modes, and the user's keys."""
        files = {}
        for path in sorted(self.home.rglob("*")):
            if not path.name.endswith(("-shm", "-wal")):  # SQLite's, for readers too
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
                files[str(path)] = (path.lstat().st_mode, content)
        return files, self.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]


class Health(Doctor):
    def test_nothing_needs_doing(self):
        run = self.expect(self.keytide("doctor"), 0)
        self.assertEqual({line.split()[0] for line in run.stdout.splitlines()}, {"ok", "nothing"})
        self.assertEqual(run.stdout.splitlines()[-1], "nothing needs doing")
        self.expect_rotated(self.keytide("rotate", "--yes"))
        self.assertEqual(self.found(0), {})
        self.assertIn("1 recorded, and none unfinished", self.checks["rotations"][0])

    def test_it_changes_nothing(self):
        for step in ("before any rotation", "after one"):
            with self.subTest(step):
                before = self.state()
                self.found(0)
                self.assertEqual(self.state(), before)
                self.expect(self.keytide("rotate", "--yes"), 0)

    def test_a_user_with_the_least_policy_hears_what_is_skipped_for_want_of_what(self):
        self.allow("bob", LEAST_POLICY)
        found = self.found(7)
        self.assertEqual(set(found), {"warning"})
        self.assertEqual(set(found["warning"]), {"iam:ListAccessKeys", "iam:UpdateAccessKey", "iam:GetAccessKeyLastUsed"})
        self.assertIn("--soak, --compromised cannot be used", found["warning"]["iam:UpdateAccessKey"][0])
        self.assertIn("keytide policy print", found["warning"]["iam:ListAccessKeys"][0])

    def test_wrong_use_is_told(self):
        self.expect(self.keytide("doctor", "--access-key-id", "not a key"), 2, "not an access key id")


class Files(Doctor):
    def test_a_credentials_file_that_others_can_read(self):
        self.credentials.chmod(0o640)
        self.only("warning", "credentials-file", "mode 0640", "chmod go-rwx")

    def test_a_folder_that_others_can_write(self):
        self.credentials.parent.chmod(0o777)
        self.only("warning", "credentials-file", "mode 0777", "chmod go-w")

    def test_a_folder_that_cannot_be_written(self):
        """As a user who is not root: root may write everywhere."""
        shutil.copy(KEYTIDE, self.home / "keytide")
        subprocess.run(["chown", "-R", "nobody:nogroup", self.home], check=True)
        self.home.chmod(0o755)
        self.credentials.parent.chmod(0o555)
        run = subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", self.home / "keytide", "doctor"],
                             env=self.environment(), capture_output=True, text=True, cwd="/")
        self.assertEqual(run.returncode, 7, run.stderr)
        self.assertIn("problem    credentials-file: the folder", run.stdout)
        self.assertIn("Permission denied", run.stdout)
        self.assertIn("1 problem, 0 warnings, 0 not checked", run.stdout)

    def test_links_are_followed(self):
        real = self.home / "vault" / "keys"
        real.parent.mkdir()
        self.credentials.rename(real)
        self.credentials.symlink_to(real)
        self.assertEqual(self.found(0), {})
        self.assertIn(f"leads to {real}", self.checks["credentials-file"][0])
        os.link(real, self.home / "copy")
        self.only("problem", "credentials-file", "2 names")

    def test_a_file_that_makes_no_sense_hides_nothing_else(self):
        (self.home / ".aws" / "config").write_text("region = nowhere\n")
        found = self.found(7)
        self.assertEqual(set(found["problem"]), {"config-file", "configuration"})
        self.assertIn("closed to others", self.checks["credentials-file"][0])
        self.assertTrue(OFFLINE <= set(found["unchecked"]))

    def test_the_same_key_in_another_profile_is_seen_also_offline(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("copy", self.old))
        self.only("warning", "same-key", "the profile copy", "--all-profiles")
        found = self.found(7, "--endpoint-url", "http://127.0.0.1:9")
        self.assertIn("same-key", found["warning"])


class Records(Doctor):
    def test_folders_of_our_own(self):
        self.expect(self.keytide("rotate", "--yes"), 0)
        for name, folder in (("state-folder", "state"), ("config-folder", "config")):
            (self.home / folder / "keytide").chmod(0o770)
            found = self.found(7)
            self.assertIn("chmod go-rwx", found["problem"][name][0])
            (self.home / folder / "keytide").chmod(0o700)
        self.assertEqual(self.found(0), {})

    def test_the_sealing_key(self):
        self.expect(self.keytide("rotate", "--yes"), 0)
        key = self.home / "config" / "keytide" / "sealing.key"
        key.chmod(0o644)
        self.assertIn("mode 0644", self.found(7)["problem"]["sealing-key"][0])
        key.rename(self.home / "elsewhere")
        found = self.found(7)
        self.assertIn("missing", found["problem"]["sealing-key"][0])
        self.assertIn("rotations", found["unchecked"])

    def test_a_ledger_that_was_put_back_from_a_backup(self):
        self.expect(self.keytide("rotate", "--yes"), 0)
        state = self.home / "state"
        shutil.copytree(state, self.home / "backup")
        self.expect(self.keytide("rotate", "--yes"), 0)
        shutil.rmtree(state)
        shutil.copytree(self.home / "backup", state)
        self.only("problem", "ledger", "older than its anchor")
        shutil.rmtree(state)
        self.only("problem", "ledger", "is gone")

    def test_unfinished_rotations_are_named(self):
        run = self.expect(self.keytide("rotate", "--yes", "--grace", "2h"), 3)
        self.only("warning", "rotations", "of bob has not ended: parked until", "resume --due")

    def test_a_rotation_at_work_is_no_finding_but_its_lock_is(self):
        process = subprocess.Popen([KEYTIDE, "rotate", "--yes", "--grace", "50s"], env=self.environment(),
                                   stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in process.stderr:
            if line.startswith("  delivered"):
                break
        found = self.found(7)
        self.assertIn(f"(pid {process.pid})", found["warning"]["lock"][0])
        self.assertIn(f"is at work (pid {process.pid})", self.checks["rotations"][0])
        process.terminate()
        process.communicate(timeout=30)

    def test_a_full_disk(self):
        full = self.home / "full"
        full.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full], capture_output=True).returncode != 0:
            self.skipTest("no file system may be mounted here: the full disk was not tried")
        self.addCleanup(subprocess.run, ["umount", full], check=True)
        self.only("problem", "disk", "KiB", env=self.environment(XDG_STATE_HOME=str(full)))


class Way(Doctor):
    def test_the_clock(self):
        self.only("warning", "clock", "ahead of AWS's", prefix=("faketime", "-f", "+5m"))
        self.only("problem", "clock", "behind AWS's", "NTP", prefix=("faketime", "-f", "-2h"))
        self.assertEqual(self.found(0, prefix=("faketime", "-f", "+10s")), {})

    def test_nobody_answers(self):
        found = self.found(7, "--endpoint-url", "http://127.0.0.1:9")
        self.assertEqual(set(found["problem"]), {"iam", "sts"})
        self.assertEqual(set(found["warning"]), {"s3"})
        self.assertEqual(set(found["unchecked"]), OFFLINE | {"clock"})

    def test_one_endpoint_alone(self):
        found = self.found(7, env=self.environment(AWS_ENDPOINT_URL_IAM="http://127.0.0.1:9"))
        self.assertEqual(set(found["problem"]), {"iam"})
        self.assertEqual(set(found["unchecked"]), OFFLINE - {"identity"})
        self.assertIn("user/bob", self.checks["identity"][0])

    def test_a_name_that_nobody_has(self):
        found = self.found(7, "--endpoint-url", "https://keytide.invalid")
        self.assertIn("DNS", found["problem"]["sts"][0])

    def test_plain_http_beyond_loopback(self):
        found = self.found(7, "--endpoint-url", "http://keytide.invalid")
        for name in ("iam", "sts", "s3"):
            self.assertIn("plain http", found["problem"][name][0])

    def test_a_certificate_that_nobody_vouches_for(self):
        pem = self.home / "own.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-keyout", self.home / "own.key", "-out", pem], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, self.home / "own.key")
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            while True:
                try:
                    connection = listener.accept()[0]
                except OSError:
                    return
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        secure.recv(4096)
                        secure.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                except OSError:
                    pass
        threading.Thread(target=serve, daemon=True).start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        self.assertIn("--ca-bundle", self.found(7, "--endpoint-url", url)["problem"]["sts"][0])
        found = self.found(7, "--endpoint-url", url, "--ca-bundle", str(pem))
        self.assertNotIn("sts", found["problem"])
        self.assertIn("answers", self.checks["sts"][0])

    def test_a_proxy_that_is_not_there_is_named_without_its_password(self):
        self.secrets.add("hunter2")
        env = self.environment(HTTPS_PROXY="http://bob:hunter2@127.0.0.1:9")
        found = self.found(7, "--endpoint-url", "https://keytide.invalid", env=env)
        self.assertIn("through the proxy http://127.0.0.1:9", found["problem"]["iam"][0])
        self.assertIn("HTTPS_PROXY", found["problem"]["iam"][0])


class Identity(Doctor):
    def test_without_credentials_the_rest_is_checked(self):
        self.credentials.unlink()
        found = self.found(7)
        self.assertEqual(set(found["problem"]), {"credentials"})
        self.assertEqual(set(found["unchecked"]), OFFLINE | {"same-key"})
        for name in ("iam", "sts", "s3", "clock", "ledger", "disk"):
            self.assertNotIn(name, found["unchecked"])

    def test_root_and_administrators(self):
        self.write_credentials(self.profile("default", self.lab.root))
        self.assertIn("root user", self.found(7)["problem"]["key"][0])
        self.assertEqual(self.found(0, "--user-name", "bob"), {})
        self.assertIn("account's root user", self.checks["identity"][0])
        other = self.key("bob")
        self.assertIn("--access-key-id", self.found(7, "--user-name", "bob")["problem"]["key"][0])
        found = self.found(7, "--user-name", "bob", "--access-key-id", other[0])
        self.assertIn("both access key slots", found["problem"]["key"][0])
        self.assertIn("nobody", self.found(7, "--user-name", "nobody")["problem"]["key"][0])

    def test_a_key_that_is_unknown(self):
        self.write_credentials(self.profile("default", ("AKIAIOSFODNN7EXAMPLE", self.old[1])))
        found = self.found(7)
        self.assertEqual(set(found["problem"]), {"identity"})
        self.assertIn("does not know the key", found["problem"]["identity"][0])

    def test_a_secret_of_another_key(self):
        self.write_credentials(self.profile("default", (self.old[0], self.lab.root[1])))
        self.assertIn("does not belong", self.found(7)["problem"]["identity"][0])

    def test_temporary_credentials_and_profiles_that_are_not_rotated(self):
        self.write_credentials("[default]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\naws_session_token = y\n")
        self.assertIn("temporary", self.found(7)["problem"]["credentials"][0])
        self.write_credentials("[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = other\n")
        self.assertIn("assumes a role", self.found(7)["problem"]["credentials"][0])
        self.assertIn("nope", self.found(7, "--profile", "nope")["problem"]["configuration"][0])

    def test_both_slots_taken_hides_no_permission(self):
        self.key("bob")
        self.only("problem", "key", "both access key slots")
        self.assertIn("iam:UpdateAccessKey", self.checks)

    def test_what_is_required_and_not_allowed(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:DeleteAccessKey", "Resource": "*"}]})
        self.only("problem", "iam:DeleteAccessKey", "no rotation begins", "policy print")

    def test_users_who_sign_with_mfa(self):
        device = MfaDevice(self.lab, "bob")
        (self.home / ".aws" / "config").write_text(f"[default]\nmfa_serial = {device.serial}\n")
        self.allow("bob", {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, ONLY_WITH_MFA]})
        found = self.found(7)
        self.assertEqual(set(found["problem"]), {"mfa"})
        self.assertIn("--token-code", found["problem"]["mfa"][0])
        self.assertEqual(set(found["unchecked"]), {"key", "permissions"})
        code = device.show()
        self.secrets.add(code)
        self.assertEqual(self.found(0, "--token-code", code), {})
        self.assertIn(device.serial, self.checks["mfa"][0])
        self.assertIn("SERIAL", self.found(7, "--serial-number", "no")["problem"]["mfa"][0].upper())

    def test_reads_that_are_throttled_or_lost_once_are_no_finding(self):
        for what in (THROTTLED, LOSE_ANSWER):
            met = []

            def each_once(number, name):
                if name in met or name not in ("GetCallerIdentity", "ListAccessKeys", "GetAccessKeyLastUsed"):
                    return PASS
                met.append(name)
                return what

            endpoint = TroubledEndpoint(self.lab.endpoint, each_once)
            self.addCleanup(endpoint.close)
            self.assertEqual(self.found(0, "--endpoint-url", endpoint.url), {})
            self.assertEqual(met, ["GetCallerIdentity", "ListAccessKeys", "GetAccessKeyLastUsed"])

    def test_a_permission_that_no_answer_tells_is_not_said_to_be_missing(self):
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: SILENT if name == "UpdateAccessKey" else PASS)
        self.addCleanup(endpoint.close)
        found = self.found(7, "--endpoint-url", endpoint.url, "--cli-read-timeout", "1")
        self.assertEqual({s: set(names) for s, names in found.items()}, {"unchecked": {"iam:UpdateAccessKey"}})


if __name__ == "__main__":
    main()
