#!/usr/bin/python3
"""A key that only a human can change: docs/destinations/person.md, as it happens."""
import re
import subprocess
import urllib.parse

from stage import Stage, main

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}]}


class Person(Stage):
    def setUp(self):
        super().setUp()
        self.allow("bob", EVERYTHING)
        self.identity = self.home / "vera.key"
        made = subprocess.run(["age-keygen", "-o", self.identity], capture_output=True, text=True)
        self.vera = re.search(r"age1\w+", made.stderr)[0]

    def message(self, command, suffix):
        [file] = (self.home / "state" / "keytide" / "outbox").glob(f"*.{suffix}")
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.no_secrets_in(file.read_text())
        said = subprocess.run([*command, file], capture_output=True, text=True).stdout
        return dict(line.split("=", 1) for line in said.splitlines())

    def rotation(self, run):
        return re.search(r"r-\d{8}T\d{6}Z-[0-9a-f]{6}", run.stderr)[0]

    def test_the_story(self):
        run = self.expect(self.keytide("rotate", "--yes", "--quiet", "1h", "--set", "last_use_lag=0s", "--deliver", f"person:{self.vera}"),
                          5, "delivered  to person:", "has not said yet", "keytide ack")
        self.assertNotIn("and read back", run.stdout + run.stderr, "nobody can look there")
        rotation = self.rotation(run)
        new = self.message(["age", "--decrypt", "--identity", self.identity], "age")
        key = new["AWS_ACCESS_KEY_ID"], new["AWS_SECRET_ACCESS_KEY"]
        self.secrets.add(key[1])
        self.assertTrue(self.accepts(key))
        self.assertTrue(self.accepts(self.old))
        self.expect(self.keytide("status"), 0, f"person:{self.vera} was handed the new key {key[0]} at 20", f"keytide ack {rotation}")
        self.expect(self.keytide("resume", "--due"), 5, "has not said yet")

        self.expect(self.keytide("ack", rotation), 3, "not quiet yet")
        self.expect(self.keytide("ack", rotation), 2, "waits for nobody")
        self.assertTrue(self.accepts(self.old))
        self.lab.tell("POST", "clock", {"advance": "50m"})
        self.assertTrue(self.accepts(self.old))
        self.lab.tell("POST", "clock", {"advance": "20m"})
        self.expect(self.keytide("resume", rotation, prefix=("faketime", "-f", "+70m")), 3, "not quiet yet")
        self.lab.tell("POST", "clock", {"advance": "3h"})
        self.expect_rotated(self.keytide("resume", rotation, prefix=("faketime", "-f", "+250m")))

    def post(self):
        """A command that sends a message as this person would: it goes to a folder, with what was said beside it."""
        script = self.home / "post"
        script.write_text('#!/bin/sh\n[ ! -e closed ] || exit 3\ncat > "sent.$KEYTIDE_ACTION.age"\n'
                          'echo "$KEYTIDE_ACTION $KEYTIDE_ACCESS_KEY_ID $KEYTIDE_ROTATION $KEYTIDE_SINCE" >> sent\n')
        script.chmod(0o755)
        return urllib.parse.quote(f"cd {self.home} && ./post")

    def sent(self):
        return [line.split() for line in (self.home / "sent").read_text().splitlines()]

    def test_who_does_not_answer_is_reminded_until_they_do(self):
        run = self.expect(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}?remind=2h&send={self.post()}"), 5, "keytide ack")
        rotation = self.rotation(run)
        [new] = set(self.key_ids()) - {self.old[0]}
        self.assertEqual(self.sent(), [["deliver", new]])
        self.expect(self.keytide("resume", "--due"), 5, "has not said yet")
        self.assertEqual(len(self.sent()), 1, "no two hours have gone by")

        later = ("faketime", "-f", "+2h")
        run = self.expect(self.keytide("resume", "--due", prefix=later), 5, "reminded", "has not said yet", f"keytide ack {rotation}")
        [_, reminder] = self.sent()
        self.assertEqual(reminder[:3], ["remind", new, rotation])
        self.assertRegex(reminder[3], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertEqual((self.home / "sent.remind.age").read_text(), (self.home / "sent.deliver.age").read_text())
        self.expect(self.keytide("status"), 0, "reminded: 1 time, last at")
        self.expect(self.keytide("resume", "--due", prefix=later), 5)
        self.assertEqual(len(self.sent()), 2, "it was reminded just now")

        (self.home / "closed").touch()
        much_later = ("faketime", "-f", "+5h")
        self.expect(self.keytide("resume", "--due", prefix=much_later), 5, "warning: not reminded", "ended with status 3", f"keytide ack {rotation}")
        (self.home / "closed").unlink()
        self.expect(self.keytide("resume", "--due", prefix=much_later), 5, "reminded")
        self.assertEqual(len(self.sent()), 3)
        self.expect(self.keytide("history", rotation), 0, "Reminded")
        self.expect_rotated(self.keytide("ack", rotation))
        self.expect(self.keytide("resume", "--due", prefix=("faketime", "-f", "+9h")), 0, "nothing to resume")
        self.assertEqual(len(self.sent()), 3)

    def test_a_message_that_cannot_be_sent_is_sent_once_it_can(self):
        post = self.post()
        (self.home / "closed").touch()
        run = self.expect(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}?send={post}"), 5, "could not be delivered", "status 3")
        self.assertTrue(self.accepts(self.old))
        (self.home / "closed").unlink()
        self.expect(self.keytide("resume", self.rotation(run)), 5, "has not said yet")
        self.assertEqual([action for action, _ in self.sent()], ["deliver"])
        self.expect_rotated(self.keytide("ack", self.rotation(run)))

    def test_when_and_how_to_remind_is_said_before_anything_is_made(self):
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}?remind=1d"), 2, "send=COMMAND")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}?send=true&remind=often"), 2, "'often'", "12h")

    def test_going_back_hands_over_the_old_key(self):
        run = self.expect(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}"), 5)
        self.expect(self.keytide("rollback", self.rotation(run)), 5, "was handed the old key")
        self.expect(self.keytide("ack", self.rotation(run)), 4)
        self.assertEqual(self.key_ids(), [self.old[0]])

    def test_whoever_cannot_be_written_to_stops_it_before_it_begins(self):
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", "person:age1nobody"), 1, "did not encrypt")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}", env=self.environment() | {"PATH": str(self.home)}),
                              1, "age is not installed", "install it")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", "person:nobody@example.com",
                                           env=self.environment(GNUPGHOME=str(self.home))), 1, "did not encrypt")

    def test_an_outbox_that_takes_no_message_stops_it_before_it_begins(self):
        outbox = self.home / "state" / "keytide" / "outbox"
        outbox.parent.mkdir(parents=True, mode=0o700)
        outbox.write_text("no folder\n")
        self.expect_untouched(self.keytide("rotate", "--yes", "--deliver", f"person:{self.vera}"), 1, f"person:{self.vera}", str(outbox))

    def test_gpg(self):
        ring = self.home / "gnupg"
        ring.mkdir(mode=0o700)
        env = self.environment(GNUPGHOME=str(ring))
        subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "vera@example.com"], env=env, check=True)
        self.addCleanup(subprocess.run, ["gpgconf", "--kill", "all"], env=env)
        self.expect(self.keytide("rotate", "--yes", "--deliver", "person:vera@example.com", env=env), 5, "has not said yet")
        file = next((self.home / "state" / "keytide" / "outbox").glob("*.asc"))
        said = subprocess.run(["gpg", "--batch", "--quiet", "--decrypt", file], env=env, capture_output=True, text=True).stdout
        new = dict(line.split("=", 1) for line in said.splitlines())
        self.assertTrue(self.accepts((new["AWS_ACCESS_KEY_ID"], new["AWS_SECRET_ACCESS_KEY"])))


if __name__ == "__main__":
    main()
