#!/usr/bin/python3
"""Bad input and bad days: each gets an error that says what happened, a documented code, and nothing is lost."""
import os
import re
import signal
import sqlite3
import subprocess

from stage import KEYTIDE, LEAST_POLICY, Stage, main
from troubled_endpoint import HTML, LOSE_ANSWER, LOSE_REQUEST, PASS, SILENT, THROTTLED, TroubledEndpoint


class BadInput(Stage):
    def rotate(self, *more, **options):
        return self.keytide("rotate", "--yes", *more, **options)

    def test_unknown_profile(self):
        self.expect_untouched(self.rotate("--profile", "nobody"), 2, "nobody")

    def test_no_credentials_at_all(self):
        self.credentials.unlink()
        self.expect_untouched(self.rotate(), 2)

    def test_credentials_file_is_a_folder(self):
        self.credentials.unlink()
        self.credentials.mkdir()
        self.expect_untouched(self.rotate(), 1, str(self.credentials))

    def test_credentials_file_is_a_fifo(self):
        self.credentials.unlink()
        os.mkfifo(self.credentials)
        self.expect_untouched(self.rotate(), 1, str(self.credentials))

    def test_duplicate_section(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("default", self.old))
        self.expect_untouched(self.rotate(), 2, "default")

    def test_half_written_line(self):
        self.write_credentials(f"[default]\naws_access_key_id = {self.old[0]}\naws_secret_acc")
        self.expect_untouched(self.rotate(), 2, str(self.credentials))

    def test_secret_missing(self):
        self.write_credentials(f"[default]\naws_access_key_id = {self.old[0]}\n")
        self.expect_untouched(self.rotate(), 2, "aws_secret_access_key")

    def test_wrong_secret(self):
        self.write_credentials(self.profile("default", (self.old[0], "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")))
        self.expect_untouched(self.rotate(), 1, self.old[0])

    def test_deleted_key(self):
        self.write_credentials(self.profile("default", ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")))
        self.expect_untouched(self.rotate(), 1, "InvalidClientTokenId")

    def test_not_rotated_with_advice(self):
        config = self.home / ".aws" / "config"
        config.write_text(
            f"[profile sso]\nsso_start_url = https://example.com\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n"
            f"[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = default\n"
            f"[profile process]\ncredential_process = /bin/true\n")
        temporary = f"[temporary]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\naws_session_token = t\n"
        self.write_credentials(self.profile("default", self.old) + self.profile("root", self.lab.root) + temporary)
        for profile in ("sso", "role", "process", "root", "temporary"):
            with self.subTest(profile):
                self.expect_untouched(self.rotate("--profile", profile), 2)

    def test_plain_http_beyond_loopback(self):
        self.expect_untouched(self.rotate("--endpoint-url", "http://example.com"), 2, "http://example.com")

    def test_unknown_destination_and_number(self):
        self.expect_untouched(self.rotate("--deliver", "carrier-pigeon:x"), 2, "carrier-pigeon")
        self.expect_untouched(self.rotate("--set", "pigeons=3"), 2, "pigeons")
        self.expect_untouched(self.rotate("--grace", "soon"), 2, "soon")

    def test_both_slots_taken(self):
        self.key("bob")
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        run = self.expect(self.rotate(), 1, "both access key slots", self.old[0])
        self.assertIn("nothing was changed", run.stderr)
        self.assertEqual(len(self.key_ids()), 2)

    def test_both_slots_taken_and_listing_not_allowed(self):
        self.key("bob")
        self.expect(self.rotate(), 1, "LimitExceeded")
        self.assertEqual(len(self.key_ids()), 2)

    def test_no_permission_to_delete(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}]})
        self.expect_untouched(self.rotate(), 1, "iam:DeleteAccessKey")

    def test_no_permission_to_create(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:DeleteAccessKey", "Resource": "*"}]})
        self.expect_untouched(self.rotate(), 1, "iam:CreateAccessKey")

    def test_a_destination_that_holds_a_strangers_key(self):
        place = self.home / "x.env"
        place.write_text("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY=x\n")
        before = place.read_bytes()
        self.expect_untouched(self.rotate("--deliver", f"env-file:{place}"), 2, "AKIAIOSFODNN7EXAMPLE")
        self.assertEqual(place.read_bytes(), before)

    def test_a_clock_that_is_wrong_by_an_hour_is_corrected(self):
        for wrong in ("+1h", "-1h"):
            with self.subTest(wrong):
                self.old = self.held()
                self.expect_rotated(self.rotate(prefix=("faketime", "-f", wrong)))

    def test_the_ledger_is_locked(self):
        self.expect_rotated(self.rotate())
        self.old = self.held()
        [database] = (self.home / "state" / "keytide").glob("*.db")
        lock = sqlite3.connect(database, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        self.expect_untouched(self.rotate(), 6, "ledger")
        lock.close()

    def test_a_destination_that_cannot_be_written(self):
        place = self.home / "no" / "x.env"
        place.parent.write_text("a file")
        self.expect_untouched(self.rotate("--deliver", f"env-file:{place}"), 1, str(place.parent))

    def test_the_state_folder_cannot_be_made(self):
        (self.home / "state").write_text("a file")
        self.expect_untouched(self.rotate(), 1, "state")


class BadEndpoint(Stage):
    def endpoint(self, trouble):
        troubled = TroubledEndpoint(self.lab.endpoint, trouble)
        self.addCleanup(troubled.close)
        return troubled

    def rotate_over(self, endpoint, *more):
        return self.keytide("rotate", "--yes", "--endpoint-url", endpoint.url, *more)

    @staticmethod
    def once(call, what):
        happened = []

        def trouble(number, name):
            if name != call or happened:
                return PASS
            happened.append(name)
            return what

        return trouble

    def always(self, what):
        return self.endpoint(lambda number, name: what)

    def test_down(self):
        endpoint = TroubledEndpoint(self.lab.endpoint, lambda number, name: PASS)
        endpoint.close()
        self.expect_untouched(self.keytide("rotate", "--yes", "--endpoint-url", endpoint.url), 1)

    def test_closes_after_reading(self):
        self.expect_untouched(self.rotate_over(self.always(LOSE_REQUEST)), 1)

    def test_answers_html(self):
        self.expect_untouched(self.rotate_over(self.always(HTML)), 1)

    def test_never_answers(self):
        self.expect_untouched(self.rotate_over(self.always(SILENT), "--cli-read-timeout", "1"), 1)

    def test_a_read_before_the_rotation_is_throttled_or_lost(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        for call in ("GetCallerIdentity", "ListAccessKeys"):
            for what in (THROTTLED, LOSE_REQUEST, LOSE_ANSWER, HTML):
                with self.subTest(call=call, what=what):
                    self.old = self.held()
                    endpoint = self.endpoint(self.once(call, what))
                    self.expect_rotated(self.rotate_over(endpoint))
                    first = endpoint.requests.index(call)
                    self.assertEqual(endpoint.requests[first + 1], call, "the same call again")
                    self.assertLess(first, endpoint.requests.index("CreateAccessKey"))

    def test_reads_by_an_administrator_are_throttled(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("root", self.lab.root))
        throttled = set()

        def each_once(number, name):
            if name in throttled or name not in ("GetCallerIdentity", "GetUser", "ListAccessKeys"):
                return PASS
            throttled.add(name)
            return THROTTLED

        place = f"credentials-file:{self.credentials}?profile=default"
        self.expect_rotated(self.rotate_over(self.endpoint(each_once), "--profile", "root", "--user-name", "bob", "--deliver", place))
        self.assertEqual(throttled, {"GetCallerIdentity", "GetUser", "ListAccessKeys"})

    def test_an_administrator_comes_back_to_an_aws_that_throttles(self):
        self.write_credentials(self.profile("default", self.old) + self.profile("root", self.lab.root))
        place = f"credentials-file:{self.credentials}?profile=default"
        endpoint = self.always(PASS)
        signer = ("--profile", "root")
        run = self.rotate_over(endpoint, *signer, "--user-name", "bob", "--deliver", place, "--grace", "2h")
        rotation = re.search(r"r-\w+-\w+", self.expect(run, 3).stderr)[0]
        endpoint.requests.clear()
        endpoint.trouble = lambda number, name: THROTTLED if number == 1 else PASS
        self.expect(self.keytide("resume", rotation, *signer), 3)
        self.assertEqual(endpoint.requests[:2], ["GetCallerIdentity"] * 2)

    def test_throttled_all_the_time(self):
        endpoint = self.always(THROTTLED)
        self.expect_untouched(self.rotate_over(endpoint), 1, "too many requests", "Throttling", "try again later")
        self.assertEqual(endpoint.requests, ["GetCallerIdentity"] * 3)

    def test_the_question_whether_deleting_is_allowed_is_asked_once(self):
        endpoint = self.endpoint(lambda number, name: LOSE_REQUEST if name == "DeleteAccessKey" else PASS)
        self.expect_untouched(self.rotate_over(endpoint), 1)
        self.assertEqual(endpoint.requests.count("DeleteAccessKey"), 1)

    def test_a_rotation_makes_its_own_reads_again_by_itself_alone(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        lists = []

        def all_but_the_first(number, name):
            if name == "ListAccessKeys":
                lists.append(name)
            return THROTTLED if name == "ListAccessKeys" and len(lists) > 1 else PASS

        self.expect_untouched(self.rotate_over(self.endpoint(all_but_the_first), "--set", "settle_deadline=1s"), 1, "Throttling")
        self.assertEqual(len(lists), 3, "the survey's, and two by the protocol, a second apart")

    def test_the_answer_of_create_is_lost_and_nobody_may_list(self):
        endpoint = self.endpoint(self.once("CreateAccessKey", LOSE_ANSWER))
        run = self.expect(self.rotate_over(endpoint, "--set", "in_flight=0"), 5, "keytide: keys: ", self.old[0])
        self.assertIn("iam:ListAccessKeys", run.stderr)
        self.assertTrue(self.accepts(self.held()))

    def test_the_answer_of_create_is_lost_and_the_list_shows_the_key(self):
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]})
        endpoint = self.endpoint(lambda number, name: LOSE_ANSWER if name == "CreateAccessKey" else PASS)
        run = self.expect(self.rotate_over(endpoint, "--set", "in_flight=0", "--set", "poll=0"), 5, "aws iam delete-access-key")
        [lost] = set(self.key_ids()) - {self.old[0]}
        self.assertIn(lost, run.stderr)
        self.iam.delete_access_key(UserName="bob", AccessKeyId=lost)
        [rotation] = [word for word in run.stderr.split() if word.startswith("r-")][:1]
        endpoint.trouble = lambda number, name: PASS
        self.expect_rotated(self.keytide("resume", rotation.strip("'.,;:")))

    def test_the_answer_of_delete_is_lost(self):
        lost = []

        def once(number, name):
            if name == "DeleteAccessKey" and len(lost) < 2:  # the first asks for permission
                lost.append(name)
                return LOSE_ANSWER if len(lost) == 2 else PASS
            return PASS

        self.expect_rotated(self.rotate_over(self.endpoint(once), "--set", "poll=0"))
        self.assertEqual(len(lost), 2)

    def test_the_answer_of_create_is_a_page_of_html(self):
        endpoint = self.endpoint(lambda number, name: HTML if name == "CreateAccessKey" else PASS)
        self.allow("bob", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]})
        self.expect(self.rotate_over(endpoint, "--set", "in_flight=0", "--set", "poll=0"), 3, "keytide: parked: ", "keytide: keys: ")
        self.assertEqual(self.key_ids(), [self.old[0]], "no key was made, and none deleted")
        self.assertTrue(self.accepts(self.held()))


class Interrupted(Stage):
    """A signal at every single call, before it is passed on and after it was answered."""

    def interrupt_everywhere(self, sent, expected):
        number = 0
        rotations = 0
        while True:
            number += 1
            with self.subTest(call=number):
                self.old = self.held()
                process = []
                reached = []

                def strike(count, name):
                    if count == number:
                        reached.append(name)
                        process[0].send_signal(sent)
                    return PASS

                endpoint = TroubledEndpoint(self.lab.endpoint, strike)
                process.append(subprocess.Popen(
                    [KEYTIDE, "rotate", "--yes", "--endpoint-url", endpoint.url], env=self.environment(),
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
                out, err = process[0].communicate(timeout=60)
                self.no_secrets_in(out + err)
                self.assertTrue(self.accepts(self.held()), "whoever reads the file is served")
                if not reached:
                    endpoint.close()
                    self.assertEqual(process[0].returncode, 0, err)
                    break
                self.assertIn(process[0].returncode, expected, err)
                endpoint.trouble = lambda count, name: PASS
                code = self.keytide("resume").returncode
                if code == 5:  # CreateAccessKey was at work, and its secret is lost
                    self.assertEqual(reached, ["CreateAccessKey"])
                    [lost] = set(self.key_ids()) - {self.old[0]}
                    self.iam.delete_access_key(UserName="bob", AccessKeyId=lost)
                    code = self.keytide("rotate", "--yes", "--endpoint-url", endpoint.url).returncode
                self.assertEqual(code, 0)
                self.assertEqual(self.key_ids(), [self.held()[0]])
                self.assertTrue(self.accepts(self.held()))
                rotations += self.held() != self.old
                endpoint.close()
        self.assertGreater(rotations, 3)

    def test_sigint(self):
        self.interrupt_everywhere(signal.SIGINT, (0, 1, 130))

    def test_sigterm(self):
        self.interrupt_everywhere(signal.SIGTERM, (0, 1, 130))

    def test_sigkill(self):
        self.interrupt_everywhere(signal.SIGKILL, (-signal.SIGKILL,))


if __name__ == "__main__":
    main()
