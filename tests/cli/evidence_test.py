#!/usr/bin/python3
"""`keytide evidence`: what is exported is verified elsewhere, with the public key alone, and no change passes."""
import base64
import http.server
import json
import random
import shutil
import sqlite3
import subprocess
import threading
import urllib.parse

import jsonschema

from stage import SCHEMA, Stage, clean_environment, main


class Evidence(Stage):
    def setUp(self):
        super().setUp()
        self.expect(self.keytide("rotate", "--yes"), 0)

    def export(self, *options):
        run = self.expect(self.keytide("evidence", "export", *options), 0)
        return run.stdout

    def public_key(self):
        return self.expect(self.keytide("evidence", "public-key"), 0).stdout.strip()

    def verify(self, code, bundle, *options, key=None):
        """On another machine: nothing there but the bundle and the public key."""
        elsewhere = self.home / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        elsewhere.mkdir()
        file = elsewhere / "bundle.jsonl"
        file.write_bytes(bundle if isinstance(bundle, bytes) else bundle.encode())
        run = self.keytide("evidence", "verify", file, "--public-key", key or self.key, "--output", "json", *options,
                           env=clean_environment(elsewhere))
        self.expect(run, code)
        self.assertEqual([p.name for p in elsewhere.iterdir()], ["bundle.jsonl"], "verifying leaves nothing")
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        return said["evidence"]

    def anchor(self):
        [file] = (self.home / "config" / "keytide" / "anchors").iterdir()
        return file


class Bundles(Evidence):
    def test_what_was_done_is_told_to_whoever_has_the_public_key(self):
        bundle, self.key = self.export(), self.public_key()
        said = self.verify(0, bundle)
        self.assertTrue(said["sound"])
        lines = self.expect(self.keytide("ledger", "export"), 0).stdout.splitlines()
        self.assertEqual(bundle.splitlines()[1:-1], lines)
        self.assertEqual((said["events"], said["rotations"]), (len(lines), 1))
        [summary] = said["summary"]
        for part in ("arn:aws:iam::123456789012:user/bob", self.old[0], self.held()[0], "completed", "by consent of --yes",
                     "without ", "verified by sts as", "delivered to credentials-file:", "old key deleted",
                     "old key refused with InvalidClientTokenId"):
            self.assertIn(part, summary)
        header = json.loads(bundle.splitlines()[0])
        self.assertEqual(header["public_key"], self.key)
        self.assertEqual(header["ledger"], self.anchor().name)

    def test_a_signature_is_what_others_call_ed25519(self):
        """As libsodium's neighbour OpenSSL has it."""
        bundle, key = self.export(), self.public_key()
        last = bundle.rindex("\n", 0, -1) + 1
        files = {"text": b"keytide evidence 1\n" + bundle[:last].encode(),
                 "signature": base64.b64decode(json.loads(bundle[last:])["signature"]),
                 "key": bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key)}  # RFC 8410
        for name, data in files.items():
            (self.home / name).write_bytes(data)
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", self.home / "key", "-rawin",
                        "-in", self.home / "text", "-sigfile", self.home / "signature"], check=True, capture_output=True)

    def test_no_event_is_changed_removed_moved_or_cut_off_unseen(self):
        bundle, self.key = self.export(), self.public_key()
        lines = bundle.splitlines(keepends=True)
        events = range(1, len(lines) - 1)
        for n in events:
            with self.subTest(event=n):
                ways = (lines[:n] + lines[n + 1:], lines[:n] + [lines[n + 1], lines[n]] + lines[n + 2:],
                        lines[:n] + [lines[n], lines[n]] + lines[n + 1:], lines[:n],
                        lines[:n] + [lines[n].replace('"v":1', '"v":2')] + lines[n + 1:])
                said = self.verify(7, "".join(ways[n % len(ways)]))
                self.assertFalse(said["sound"])
                self.assertEqual(said["summary"], [])

    def test_no_byte_is_changed_unseen(self):
        """Some of them here; src/evidence tries every one."""
        bundle, self.key = self.export().encode(), self.public_key()
        self.verify(0, bundle)
        for at in random.Random(1).sample(range(len(bundle)), 10):
            changed = bytearray(bundle)
            changed[at] ^= 1
            self.verify(7, bytes(changed))

    def test_another_key_s_signature_is_none(self):
        bundle = self.export()
        shutil.move(self.home / "config" / "keytide" / "evidence.key", self.home / "old.key")
        self.key = self.public_key()
        self.verify(7, bundle)

    def test_a_ledger_whose_end_was_cut_off_is_told_by_its_anchor(self):
        early, self.key = self.export(), self.public_key()
        self.verify(0, early, "--anchor", self.anchor())
        self.old = self.held()
        self.expect(self.keytide("rotate", "--yes"), 0)
        self.verify(0, self.export(), "--anchor", self.anchor())
        said = self.verify(7, early, "--anchor", self.anchor())
        self.assertIn("the end was cut off", said["findings"][0])
        count, link = self.anchor().read_text().split()
        self.verify(7, self.export(), "--anchor", f"{count} {'0' * len(link)}")

    def test_a_time_has_its_events_and_the_place_in_the_chain(self):
        self.lab.tell("POST", "clock", {"advance": "2d"})
        self.old = self.held()
        self.expect(self.keytide("rotate", "--yes"), 0)
        self.key = self.public_key()
        at = [json.loads(line)["event"]["at"] for line in self.export("--to", "2100-01-01").splitlines()[1:-1]]
        later = next(t for t in at if t[:10] != at[0][:10])
        parts = [self.export("--to", later), self.export("--from", later, "--to", "2100-01-01")]
        heads = [json.loads(p.splitlines()[0]) for p in parts]
        self.assertEqual(sum(h["events"] for h in heads), len(at))
        self.assertEqual(heads[1]["before"]["link"], json.loads(parts[0].splitlines()[-2])["hash"])
        for part in parts:
            self.assertEqual(self.verify(0, part)["rotations"], 1)
        empty = self.export("--from", "2001-01-01", "--to", "2001-02-01")
        self.assertEqual(self.verify(0, empty)["events"], 0)

    def test_of_a_ledger_that_is_not_sound_there_is_no_evidence(self):
        shutil.copy(self.home / "state" / "keytide" / "ledger.db", self.home / "early.db")
        self.anchor().write_text("9999 " + "0" * 64 + "\n")
        run = self.expect(self.keytide("evidence", "export"), 7, "not sound")
        self.assertEqual(run.stdout, "")

    def test_the_key_is_closed_to_others_and_stays(self):
        self.key = self.public_key()
        file = self.home / "config" / "keytide" / "evidence.key"
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.secrets.add(file.read_text().strip())
        self.assertEqual(self.public_key(), self.key)
        self.export()

    def test_wrong_use_is_told(self):
        self.key = self.public_key()
        self.expect(self.keytide("evidence", "export", "--from", "yesterday"), 2, "--from 'yesterday' is not a time")
        self.expect(self.keytide("evidence", "export", "--from", "2026-01-02", "--to", "2026-01-02"), 2)
        self.expect(self.keytide("evidence", "verify", self.home / "none", "--public-key", self.key), 2, "cannot be read")
        self.expect(self.keytide("evidence", "verify", self.home / "none", "--public-key", "x"), 2, "not a public key")
        self.expect(self.keytide("evidence", "verify", self.home / "none"), 2)
        self.expect(self.keytide("evidence", "export", "--output", "json"), 2)


class Topic:
    """An SNS that takes every message, and keeps it."""

    def __init__(self, status=200):
        self.messages = []
        taken = self.messages

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                taken.append({name: value for name, [value] in form.items()} | {"signed": self.headers["Authorization"]})
                answer = (b"<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>" if status == 200 else
                          b"<ErrorResponse><Error><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>")
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Anchors(Evidence):
    topic_arn = "arn:aws:sns:eu-central-1:123456789012:anchors"

    def setUp(self):
        super().setUp()
        self.as_root = self.environment(AWS_ACCESS_KEY_ID=self.lab.root[0], AWS_SECRET_ACCESS_KEY=self.lab.root[1])

    def test_an_anchor_says_how_far_the_ledger_has_come(self):
        run = self.expect(self.keytide("evidence", "anchor"), 0)
        self.assertEqual(run.stdout, self.anchor().read_text())
        self.assertEqual(run.stdout.split()[0], str(len(self.expect(self.keytide("ledger", "export"), 0).stdout.splitlines())))

    def test_a_file_gets_a_line_each_time_and_the_last_one_counts(self):
        file = self.home / "anchors"
        place = f"file:{file}"
        self.expect(self.keytide("evidence", "anchor", "--to", place), 0, f"anchored at {place}")
        early, self.key = self.export(), self.public_key()
        self.verify(0, early, "--anchor", file)
        self.expect(self.keytide("rotate", "--yes"), 0)
        self.expect(self.keytide("evidence", "anchor", "--to", place), 0)
        self.assertEqual(len(file.read_text().splitlines()), 2)
        self.verify(0, self.export(), "--anchor", file)
        self.assertFalse(self.verify(7, early, "--anchor", file)["sound"], "what came after it is missing")

    def test_an_object_in_s3_holds_it_under_its_key_or_the_ledger_s_id(self):
        s3 = self.lab.client("s3")
        s3.create_bucket(Bucket="anchors")
        run = self.expect(self.keytide("evidence", "anchor", "--output", "json", "--to", "s3://anchors/of keytide/now",
                                       "--to", "s3://anchors/by-id/", env=self.as_root), 0)
        said = json.loads(run.stdout)
        jsonschema.validate(said, json.loads(SCHEMA.read_text()))
        keys = [o["Key"] for o in s3.list_objects_v2(Bucket="anchors")["Contents"]]
        self.assertEqual(keys, ["by-id/" + said["anchor"]["ledger"], "of keytide/now"])
        for key in keys:
            self.assertEqual(s3.get_object(Bucket="anchors", Key=key)["Body"].read().decode(), said["anchor"]["anchor"] + "\n")

    def test_a_topic_is_told(self):
        topic = Topic()
        self.addCleanup(topic.stop)
        env = self.as_root | {"AWS_ENDPOINT_URL_SNS": topic.endpoint}
        self.expect(self.keytide("evidence", "anchor", "--to", f"sns:{self.topic_arn}", env=env), 0)
        [message] = topic.messages
        self.assertEqual((message["Action"], message["TopicArn"]), ("Publish", self.topic_arn))
        self.assertEqual(message["Message"] + "\n", self.anchor().read_text())
        self.assertIn("/eu-central-1/sns/aws4_request", message["signed"])

    def test_a_place_that_does_not_take_it_is_named_and_the_others_have_it(self):
        topic = Topic(404)
        self.addCleanup(topic.stop)
        env = self.as_root | {"AWS_ENDPOINT_URL_SNS": topic.endpoint}
        file = self.home / "anchors"
        self.expect(self.keytide("evidence", "anchor", "--to", f"sns:{self.topic_arn}", "--to", f"file:{file}", env=env),
                    1, "NotFound: Topic does not exist", f"anchored at file:{file}")
        self.expect(self.keytide("evidence", "anchor", "--to", "s3://no-such-bucket/key", env=env), 1, "NoSuchBucket")
        self.expect(self.keytide("evidence", "anchor", "--to", "file:/no/such/folder/anchors"), 1, "/no/such/folder/anchors", "No such file")
        self.expect(self.keytide("evidence", "anchor", "--to", "ftp://x"), 2, "no place for an anchor")
        self.expect(self.keytide("evidence", "anchor", "--to", "s3://bucket"), 2, "s3://BUCKET/KEY")

    def test_a_ledger_that_is_not_sound_is_not_anchored(self):
        with sqlite3.connect(next((self.home / "state" / "keytide").glob("*.db"))) as changed:
            changed.execute("DROP TRIGGER events_are_never_changed")
            changed.execute("UPDATE events SET json = replace(json, '--yes', 'prompt')")
        self.expect(self.keytide("evidence", "anchor"), 7, "not sound")


if __name__ == "__main__":
    main()
