#!/usr/bin/python3
"""keytide rotate on the lab: what it does, and what it refuses to do."""
import json
import subprocess

import jsonschema

from stage import KEYTIDE, LEAST_POLICY, SCHEMA, Stage, clean_environment, main


class Rotate(Stage):
    def test_a_user_who_may_only_create_and_delete(self):
        run = self.keytide("rotate", "--yes", "--probe", "s3:list-buckets")
        new = self.expect_rotated(run)
        self.assertIn(new[0], run.stdout)
        self.assertIn(self.old[0], run.stdout)

    def test_the_file_keeps_every_byte_that_is_not_the_key(self):
        text = ("# my keys ; keep\r\n[other]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\naws_secret_access_key=x/y+z\n\n"
                f"[default]  \n  aws_access_key_id   =   {self.old[0]}\n# between\naws_secret_access_key={self.old[1]}\nregion = us-east-1\n"
                "[last]\nregion=eu-west-1")
        self.write_credentials(text)
        self.credentials.chmod(0o640)
        real = self.home / "elsewhere"
        self.credentials.rename(real)
        self.credentials.symlink_to(real)
        self.expect(self.keytide("rotate", "--yes"), 0)
        after = real.read_bytes().decode()
        new_id = self.key_ids()[0]
        new_secret = after.split("# between\naws_secret_access_key=")[1].split("\n")[0]
        self.assertEqual(after, text.encode().decode().replace(self.old[0], new_id).replace(self.old[1], new_secret))
        self.assertEqual(real.stat().st_mode & 0o777, 0o640)
        self.assertTrue(self.credentials.is_symlink())
        self.assertTrue(self.accepts((new_id, new_secret)))

    def test_consent_is_needed_without_a_terminal(self):
        self.expect_untouched(self.keytide("rotate"), 2, "--yes", "grace")

    def test_a_dry_run_changes_nothing(self):
        run = self.keytide("rotate", "--dry-run")
        self.expect_untouched(run, 0, "iam:CreateAccessKey", "iam:DeleteAccessKey", self.old[0])
        self.assertFalse((self.home / "state").exists())

    def test_json_obeys_its_schema(self):
        schema = json.loads(SCHEMA.read_text())
        for arguments in (("rotate", "--dry-run"), ("rotate",), ("rotate", "--yes"), ("status",), ("history",), ("rotate", "--set", "x=y")):
            run = self.keytide(*arguments, "--output", "json")
            said = json.loads(run.stdout)
            jsonschema.validate(said, schema)
            self.assertEqual(said["exit_code"], run.returncode)
        rotation = json.loads(self.keytide("history", "--output", "json").stdout)["rotations"][0]
        said = json.loads(self.keytide("history", rotation["id"], "--output", "json").stdout)
        jsonschema.validate(said, schema)
        self.assertEqual(said["events"][0]["event"]["event"], "Started")
        self.assertEqual(said["events"][-1]["event"]["event"], "Completed")

    def test_the_ledger_keeps_no_secret(self):
        self.expect_rotated(self.keytide("rotate", "--yes"))
        for path in (self.home / "state").rglob("*"):
            if path.is_file():
                for secret in self.secrets:
                    self.assertNotIn(secret.encode(), path.read_bytes(), path)
        for folder in (self.home / "state" / "keytide", self.home / "config" / "keytide"):
            self.assertEqual(folder.stat().st_mode & 0o777, 0o700, folder)

    def test_a_key_in_the_environment_needs_a_place_to_go(self):
        self.credentials.unlink()
        env = self.environment(AWS_ACCESS_KEY_ID=self.old[0], AWS_SECRET_ACCESS_KEY=self.old[1])
        self.expect_untouched(self.keytide("rotate", "--yes", env=env), 2, "--deliver")
        file = self.home / "key.env"
        run = self.expect(self.keytide("rotate", "--yes", "--deliver", f"env-file:{file}", env=env), 0)
        shown = subprocess.run(["sh", "-c", f". {file}; printf '%s %s' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\""],
                               capture_output=True, text=True, env={}).stdout.split(" ")
        self.assertIn("AWS_ACCESS_KEY_ID in this environment is still the old key", run.stderr)
        self.assertEqual(self.key_ids(), [shown[0]])
        self.assertTrue(self.accepts(tuple(shown)))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def test_the_endpoint_of_the_profile(self):
        (self.home / ".aws" / "config").write_text(
            "[default]\nregion = us-east-1\nservices = here\nendpoint_url = http://127.0.0.1:9\n"
            f"[services here]\niam =\n  endpoint_url = {self.lab.endpoint}\nsts =\n  endpoint_url = {self.lab.endpoint}\n")
        self.expect_rotated(self.keytide("rotate", "--yes", env=clean_environment(self.home)))

    def test_a_long_grace_parks_and_is_finished_when_due(self):
        run = self.keytide("rotate", "--yes", "--grace", "2h")
        self.expect(run, 3)
        self.assertEqual(len(self.key_ids()), 2)
        self.assertTrue(self.accepts(self.held()))
        self.expect(self.keytide("status"), 0, self.old[0], "parked until")
        self.expect(self.keytide("resume", "--due"), 3)
        self.assertEqual(len(self.key_ids()), 2, "an hour too early")
        self.expect(self.keytide("rotate", "--yes"), 3)

    def test_the_same_key_in_another_profile(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("copy", self.old))
        self.expect_untouched(self.keytide("rotate", "--yes"), 2, "copy", "--all-profiles")
        new = self.expect_rotated(self.keytide("rotate", "--yes", "--all-profiles"))
        self.assertEqual(self.held("copy"), new)

    def test_an_administrator_rotates_a_users_key(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("admin", self.lab.root))
        self.expect_untouched(self.keytide("rotate", "--yes", "--profile", "admin", "--user-name", "bob"), 2, "--deliver")
        file = self.home / "bob.env"
        place = f"env-file:{file}"
        rotate = ("rotate", "--yes", "--profile", "admin", "--user-name", "bob", "--deliver", place)
        self.expect_untouched(self.keytide(*rotate), 2, "default", "--all-profiles")
        new = self.expect_rotated(self.keytide(*rotate, "--all-profiles"))
        self.assertIn(new[0], file.read_text())

    def test_issue_makes_a_first_key(self):
        self.user("carol", LEAST_POLICY)
        self.write_credentials(self.profile("default", self.old) + self.profile("admin", self.lab.root))
        place = f"credentials-file:{self.credentials}?profile=carol"
        self.expect(self.keytide("issue", "--yes", "--profile", "admin", "--user-name", "carol", "--deliver", place), 0)
        self.assertEqual(self.key_ids("carol"), [self.held("carol")[0]])
        self.assertTrue(self.accepts(self.held("carol")))
        again = self.keytide("issue", "--yes", "--profile", "admin", "--user-name", "carol", "--deliver", f"env-file:{self.home}/x")
        self.expect(again, 2, "has a key already")

    def test_exec_runs_a_program_with_the_key(self):
        run = self.keytide("exec", "--", "sh", "-c", 'test "$AWS_ACCESS_KEY_ID" = "$0" && exit 7', self.old[0])
        self.assertEqual(run.returncode, 7, run.stderr)
        temporary = self.environment(AWS_ACCESS_KEY_ID="ASIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x", AWS_SESSION_TOKEN="a token")
        run = self.keytide("exec", "--", "sh", "-c", 'test "$AWS_SESSION_TOKEN" = "a token" && exit 8', env=temporary)
        self.assertEqual(run.returncode, 8, run.stderr)
        self.assertEqual(self.keytide("exec", "--", "/no/such/program").returncode, 127)

    def test_another_process_is_at_work(self):
        first = subprocess.Popen([KEYTIDE, "rotate", "--yes", "--grace", "50s"], env=self.environment(),
                                 stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in first.stderr:
            if line.startswith("  delivered"):
                break
        self.expect(self.keytide("rotate", "--yes"), 6, "another process")
        first.terminate()
        first.stderr.read()
        first.stderr.close()
        self.assertEqual(first.wait(timeout=30), 130)


if __name__ == "__main__":
    main()
