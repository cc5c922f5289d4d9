#!/usr/bin/python3
"""keytide.yaml: keys by name. JSON is YAML, so that what the schema says of an example can be asked of the program too."""
import json

import jsonschema

from stage import SCHEMA, SOURCE, Stage, main


class Config(Stage):
    def configure(self, text):
        path = self.home / "config" / "keytide" / "keytide.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return path

    def test_a_key_is_rotated_by_its_name(self):
        env = self.home / "app.env"
        self.configure(f"keys:\n  app:\n    profile: default\n    destinations: ['env-file:{env}']\n")
        new = self.expect_rotated(self.keytide("rotate", "app", "--yes"))
        self.assertIn(new[0], env.read_text())

    def test_an_administrator_rotates_a_users_key_by_name(self):
        place = self.home / "bob.credentials"
        place.write_text(self.profile("bob", self.old))
        place.chmod(0o600)
        self.write_credentials(self.profile("admin", self.lab.root))
        self.configure({"keys": {"bobs": {"profile": "admin", "user-name": "bob",
                                          "destinations": [f"credentials-file:{place}?profile=bob"]}}})
        self.expect_rotated(self.keytide("rotate", "bobs", "--yes"), "bob", place)
        run = self.keytide("exec", "bobs", "--", "sh", "-c", 'test "$AWS_ACCESS_KEY_ID" = "$0" && exit 7', self.held("bob", place)[0])
        self.assertEqual(run.returncode, 7, run.stderr)

    def test_exec_runs_a_program_with_a_key_by_its_name(self):
        other = self.key("bob")
        self.write_credentials(self.profile("default", self.old) + self.profile("work", other))
        self.configure("keys: {app: {profile: work}}")
        run = self.keytide("exec", "app", "--", "sh", "-c", 'test "$AWS_ACCESS_KEY_ID" = "$0" && exit 7', other[0])
        self.assertEqual(run.returncode, 7, run.stderr)
        run = self.keytide("exec", "--", "sh", "-c", 'test "$AWS_ACCESS_KEY_ID" = "$0" && exit 8', self.old[0])
        self.assertEqual(run.returncode, 8, run.stderr)

    def test_a_relative_place_is_beside_the_file(self):
        folder = self.home / "here"
        folder.mkdir()
        (folder / "k.yaml").write_text("keys: {app: {profile: default, destinations: ['env-file:app.env']}}")
        self.expect_rotated(self.keytide("rotate", "app", "--yes", "--config", folder / "k.yaml", cwd=self.home))
        self.assertTrue((folder / "app.env").exists())

    def test_names_that_are_not_there(self):
        self.expect_untouched(self.keytide("rotate", "app", "--yes"), 2, "keytide.yaml", "--config")
        self.configure("keys: {app: {profile: default}}")
        self.expect_untouched(self.keytide("rotate", "ap", "--yes"), 2, "no key 'ap'", "did you mean 'app'?")
        self.expect_untouched(self.keytide("rotate", "app", "--profile", "default", "--yes"), 2, "--profile")
        self.expect_untouched(self.keytide("rotate", "app", "--user-name", "bob", "--yes"), 2, "--user-name")

    def test_what_is_wrong_is_refused_and_told(self):
        path = self.configure("keys:\n  app:\n    profile: default\n    destinatons: []\n  b: {profile: x, destinations: ['nowhere:x']}\n")
        self.expect_untouched(self.keytide("rotate", "app", "--yes"), 2, f"{path}:4:", "did you mean 'destinations'?")
        self.expect(self.keytide("config", "check"), 7, f"{path}:4:", "destinatons")
        self.configure("keys:\n  b: {profile: x, destinations: ['nowhere:x']}\n")
        self.expect(self.keytide("config", "check"), 7, ":2: the key 'b'", "nowhere:x")

    def test_what_is_in_force_is_shown(self):
        self.configure("keys: {app: {profile: default, destinations: ['env-file:/x'], consumers: [web]}}")
        self.expect(self.keytide("config", "check"), 0, "1 key")
        self.expect(self.keytide("config", "show"), 0, "app: the profile default", "env-file:/x?format=export", "served to web")

    def test_json_obeys_its_schema(self):
        schema = json.loads(SCHEMA.read_text())
        for text in ("keys: {app: {profile: default, consumers: [web]}}", "keys: {app: {profle: default}}"):
            self.configure(text)
            for what in ("check", "show", "schema"):
                run = self.keytide("config", what, "--output", "json")
                said = json.loads(run.stdout)
                jsonschema.validate(said, schema)
                self.assertEqual(said["exit_code"], run.returncode)

    def test_the_schema_and_the_program_agree(self):
        schema = json.loads(self.keytide("config", "schema").stdout)
        self.assertEqual(schema, json.loads((SOURCE / "docs" / "keytide.schema.json").read_text()))
        jsonschema.Draft202012Validator.check_schema(schema)
        valid = jsonschema.Draft202012Validator(schema)
        key = {"profile": "p"}
        for document in (
                {}, None, {"keys": {}}, {"keys": {"a": key}}, {"keys": {"a.b-c_1": key}}, {"keys": {"-a": key}}, {"keys": {"a": {}}},
                {"keys": {"a": key | {"lifetime": "1h"}}}, {"keys": {"a": key | {"lifetime": "soon"}}},
                {"keys": {"a": key | {"user-name": "u"}}}, {"keys": {"a": key | {"user-name": "u", "destinations": []}}},
                {"keys": {"a": key | {"user-name": "u", "destinations": ["env-file:/x"]}}},
                {"keys": {"a": key | {"destinations": "env-file:/x"}}}, {"keys": {"a": key | {"consumers": ["w", "w"]}}},
                {"keys": {"a": key | {"consumers": ["w", "x"]}}}, {"keys": {"a": key | {"more": 1}}}, {"serve": {"listen": "127.0.0.1:1"}},
                {"serve": {"port": 1}}, {"keys": []}, {"other": {}}, []):
            self.configure(document)
            self.assertEqual(self.keytide("config", "check").returncode == 0, valid.is_valid(document), document)


if __name__ == "__main__":
    main()
