#!/usr/bin/python3
"""The recipes of docs/destinations/exec.md, as they stand there: each delivers in a whole rotation, to an outside that also refuses,
loses answers and knows other writers."""
import base64
import json
import re
import shutil
import ssl
import subprocess

from outside import CircleCi, Gitlab, Kubernetes
from stage import SOURCE, Stage, main

NAMES = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
STRANGER = "AKIASTRANGER", "sTrAnGeRsSeCrEt/K7MDENG/bPxRfiCYEXAMPLE"

# Stands before each tool that a recipe calls. CircleCI's address is fixed in its recipe, and another one here.
WATCH = """#!/bin/sh
printf '%s\\n' "$*" >> "{folder}/arguments"
env >> "{folder}/environment"
if [ "$KEYTIDE_ACTION" = deliver ] && [ -e "{folder}/looks-fail" ]; then
    case "$0 $*" in *PUT*) ;; */curl\ *) echo "cannot be reached" >&2; exit 7 ;; esac
fi
for each; do
    shift
    case "$each" in https://circleci.com/*) each="$CIRCLECI_STANDS_AT/${{each#https://circleci.com/}}" ;; esac
    set -- "$@" "$each"
done
exec {tool} "$@"
"""


def recipe(name):
    """Its URI, and its files by name: the script, and those that begin with `# NAME`."""
    page = (SOURCE / "docs" / "destinations" / "exec.md").read_text()
    uri, block = re.search(rf"`exec:(\./{name}[^`]*)`:\n\n((?:(?:    .*)?\n)+)", page).groups()
    parts = re.split(r"\n\n# (\S+)\n", re.sub(r"^    ", "", block, flags=re.M).strip("\n"))
    assert parts[0].startswith("#!/bin/sh -eu\n"), parts[0]
    return "exec:" + uri, {name: parts[0] + "\n"} | {part: text + "\n" for part, text in zip(parts[1::2], parts[2::2])}


class Recipe(Stage):
    """One recipe in a folder of its own."""
    name, tools, token = None, ("jq",), "a-token-of-the-outside"

    def setUp(self):
        super().setUp()
        self.folder, self.watch = self.home / "recipe", self.home / "watch"
        self.folder.mkdir()
        self.watch.mkdir()
        self.uri, files = recipe(self.name)
        for name, text in files.items():
            (self.folder / name).write_text(self.adapted(text))
        (self.folder / self.name).chmod(0o755)
        for tool in self.tools:
            there = shutil.which(tool) or SOURCE / "tests" / "cli" / f"stand_in_{tool.replace('-', '_')}.py"
            (self.watch / tool).write_text(WATCH.format(folder=self.watch, tool=there))
            (self.watch / tool).chmod(0o755)
        self.addCleanup(self.no_secret_was_shown)

    def adapted(self, text):
        return text

    def environment(self, **more):
        return super().environment(PATH=f"{self.watch}:/usr/bin:/bin", **self.outside(), **more)

    def no_secret_was_shown(self):
        """Arguments are everybody's to read, and so is, for some, the environment."""
        arguments, environment = ((self.watch / name).read_text() for name in ("arguments", "environment"))
        self.no_secrets_in(arguments + environment)
        self.assertNotIn(self.token, arguments)

    def rotate(self, *options):
        return self.keytide("rotate", "--yes", "--set", "poll=0", *options, "--deliver", self.uri, cwd=self.folder)

    def statuses(self):
        return {each["AccessKeyId"]: each["Status"] for each in self.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]}

    def expect_waiting(self, run, *words):
        """Nothing is lost: the old key works, the new one is there, and the rotation can go on. Which one it is."""
        self.expect(run, 5, *words)
        self.assertEqual(list(self.statuses().values()), ["Active", "Active"])
        self.assertTrue(self.accepts(self.old))
        self.held()  # the profile's: its secret is looked for in all that follows
        return re.search(r"keytide resume (r-\S+)", run.stderr)[1]

    def expect_resumed(self, rotation):
        """From another folder than it was begun in."""
        new = self.expect_rotated(self.keytide("resume", rotation))
        self.assertEqual(self.held_outside(), new)
        return new

    # What all of them do

    def test_it_is_delivered(self):
        new = self.expect_rotated(self.rotate())
        self.assertEqual(self.held_outside(), new)
        self.assertEqual(self.rest_outside(), self.rest)

    def test_a_refusal_leaves_a_rotation_that_can_be_resumed(self):
        self.mishap("refused")
        rotation = self.expect_waiting(self.rotate(), self.refusal)
        self.assertEqual(self.held_outside(), self.old, "which is in use there")
        self.heal()
        self.expect_resumed(rotation)
        self.assertEqual(self.rest_outside(), self.rest)


class Readable:
    """Those that show what they hold."""

    def test_a_strangers_key_stays(self):
        self.put(STRANGER)
        self.expect_untouched(self.rotate(), 2, STRANGER[0], "never overwritten")
        self.assertEqual(self.held_outside(), STRANGER)

    def test_who_is_not_let_in_begins_nothing(self):
        self.server.token = "another token"
        self.expect_untouched(self.rotate(), 1, f"exec:./{self.name}", "ended with status")
        self.assertEqual(self.held_outside(), self.old)

    def test_it_goes_back(self):
        run = self.expect(self.rotate("--grace", "1h"), 3)
        self.assertEqual(self.held_outside(), self.held())
        rotation = re.search(r"r-\d{8}T\d{6}Z-[0-9a-f]{6}", run.stderr)[0]
        self.expect(self.keytide("rollback", rotation), 3)
        self.assertEqual(self.held_outside(), self.old)
        self.lab.tell("POST", "clock", {"advance": "2h"})
        self.expect(self.keytide("resume", rotation), 4)
        self.assertEqual(self.held_outside(), self.old)
        self.assertEqual(self.statuses(), {self.old[0]: "Active"})
        self.assertEqual(self.rest_outside(), self.rest)

    def test_an_answer_that_is_lost_is_settled_by_looking(self):
        self.mishap(*self.lost)
        run = self.rotate()
        new = self.expect_rotated(run) if run.returncode == 0 else self.expect_resumed(self.expect_waiting(run))
        self.assertEqual(self.held_outside(), new)
        self.assertEqual(self.rest_outside(), self.rest)


class Served:
    """Those whose outside is a server."""

    def mishap(self, *mishaps):
        self.server.mishaps[:] = mishaps

    def heal(self):
        self.server.mishaps.clear()


class ToGitlab(Readable, Served, Recipe):
    name, tools = "to-gitlab", ("jq", "curl")
    refusal, lost = "403", ("", "lost")

    def setUp(self):
        super().setUp()
        self.server = Gitlab.start(self)
        self.server.token = self.token
        self.server.variables = [self.variable("OTHER", "kept", masked=False)] + [
            self.variable(name, "", protected=True) for name in NAMES]
        self.put(self.old)
        self.rest = self.rest_outside()

    @staticmethod
    def variable(key, value, **more):
        return {"variable_type": "env_var", "key": key, "value": value, "protected": False, "masked": True, "hidden": False, "raw": False,
                "environment_scope": "*", "description": None} | more

    def outside(self):
        return {"CI_API_V4_URL": f"{self.server.url}/api/v4", "GITLAB_TOKEN": self.token}

    def put(self, key):
        for variable in self.server.variables:
            if variable["key"] in NAMES:
                variable["value"] = key[NAMES.index(variable["key"])]

    def held_outside(self):
        held = {each["key"]: each["value"] for each in self.server.variables}
        return tuple(held[name] for name in NAMES)

    def rest_outside(self):
        return [each | {"value": ""} if each["key"] in NAMES else dict(each) for each in self.server.variables]

    def test_variables_without_a_key_are_filled(self):
        self.put(("", ""))
        for variable in self.server.variables:
            variable["masked"] = False
        self.assertEqual(self.expect_rotated(self.rotate()), self.held_outside())

    def test_variables_that_cannot_be_told_begin_nothing(self):
        whole = list(self.server.variables)
        for name in NAMES:
            without = [each for each in whole if each["key"] != name]
            of_two = self.variable(name, "x", environment_scope="production")
            hidden = self.variable(name, "x", hidden=True)
            for variables in (without, whole + [of_two], without + [hidden]):
                self.server.variables = variables
                self.expect_untouched(self.rotate(), 1, "exec:./to-gitlab", "ended with status")
        self.assertEqual(self.server.writes, 0)

    def test_nothing_is_written_unless_it_was_looked_at_before(self):
        (self.watch / "looks-fail").touch()
        rotation = self.expect_waiting(self.rotate(), "the command refused")
        self.assertEqual((self.held_outside(), self.server.writes), (self.old, 0))
        (self.watch / "looks-fail").unlink()
        self.expect_resumed(rotation)

    def test_half_of_a_pair_is_made_whole(self):
        self.mishap("", "refused")
        rotation = self.expect_waiting(self.rotate(), "403")
        self.assertEqual(self.held_outside(), (self.held()[0], self.old[1]))
        self.heal()
        self.expect_resumed(rotation)


class ToKubectl(Readable, Served, Recipe):
    name, tools = "to-kubectl", ("jq", "kubectl")
    refusal, lost = "is forbidden", ("lost",)

    def setUp(self):
        super().setUp()
        # kubectl shows its token to nobody else.
        whole = self.home / "whole.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=cluster", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", whole, "-out", self.home / "certificate.pem"],
                       check=True, capture_output=True)
        with whole.open("a") as both:
            both.write((self.home / "certificate.pem").read_text())
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(whole)
        self.server = Kubernetes.start(self, tls)
        self.server.token = self.token
        self.server.secret = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"other": "a2VwdA=="},
                              "metadata": {"name": "aws", "namespace": "shop", "resourceVersion": "7", "labels": {"app": "shop"}}}
        self.put(self.old)
        self.rest = self.rest_outside()
        self.config = self.home / "kubeconfig"
        self.config.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": self.server.url, "certificate-authority": str(self.home / "certificate.pem")}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}], "users": [{"name": "u", "user": {"token": self.token}}]}))

    def outside(self):
        return {"KUBECONFIG": str(self.config)}

    def put(self, key):
        self.server.secret["data"] |= {name: base64.b64encode(value.encode()).decode() for name, value in zip(NAMES, key)}

    def held_outside(self):
        return tuple(base64.b64decode(self.server.secret["data"][name]).decode() for name in NAMES)

    def rest_outside(self):
        data = {name: value for name, value in self.server.secret["data"].items() if name not in NAMES}
        return self.server.secret | {"data": data, "metadata": self.server.secret["metadata"] | {"resourceVersion": ""}}

    def test_a_secret_without_a_key_is_filled(self):
        for there in ({"other": "a2VwdA=="}, None):
            self.server.secret["data"] = there
            self.old = self.expect_rotated(self.rotate())
            self.assertEqual(self.held_outside(), self.old)

    def test_a_secret_that_is_not_there_begins_nothing(self):
        self.uri = self.uri.replace("shop aws", "shop none")
        self.expect_untouched(self.rotate(), 1, "not found")

    def test_another_writer_is_not_overwritten(self):
        def another_writes():
            self.server.secret["data"]["theirs"] = "bmV3"
            metadata = self.server.secret["metadata"]
            metadata["resourceVersion"] = str(int(metadata["resourceVersion"]) + 1)
        self.server.another_writes = another_writes
        self.mishap("beaten")
        rotation = self.expect_waiting(self.rotate(), "has been modified")
        self.assertEqual(self.held_outside(), self.old)
        self.heal()
        self.expect_resumed(rotation)
        self.assertEqual(self.server.secret["data"]["theirs"], "bmV3")


class ToCircleci(Served, Recipe):
    name, tools = "to-circleci", ("jq", "curl")
    refusal = "403"

    def setUp(self):
        super().setUp()
        self.server = CircleCi.start(self)
        self.server.token = self.token
        self.server.variables = {"OTHER": "kept"} | dict(zip(NAMES, self.old))
        self.rest = self.rest_outside()

    def outside(self):
        return {"CIRCLECI_STANDS_AT": self.server.url, "CIRCLE_TOKEN": self.token}

    def held_outside(self):
        return tuple(self.server.variables[name] for name in NAMES)

    def rest_outside(self):
        return {name: value for name, value in self.server.variables.items() if name not in NAMES}

    def test_that_nothing_is_compared_needs_consent(self):
        run = self.keytide("rotate", "--deliver", self.uri, cwd=self.folder)
        self.expect_untouched(run, 2, "written whatever it holds")
        self.expect_rotated(self.rotate())

    def test_half_of_a_pair_is_made_whole(self):
        for mishaps in (("", "refused"), ("", "lost"), ("lost",)):
            self.mishap(*mishaps)
            rotation = self.expect_waiting(self.rotate())
            self.heal()
            self.old = self.expect_resumed(rotation)


class ToHosts(Recipe):
    name, tools, refusal = "to-hosts", ("jq", "ansible-playbook"), "app2"
    rest = None

    def setUp(self):
        super().setUp()
        self.hosts = [self.home / name for name in ("app1", "app2")]
        for host in self.hosts:
            host.mkdir()
            (host / "credentials").write_text(self.profile("default", self.old))
        self.heal()
        (self.home / "run").mkdir()

    def adapted(self, text):
        return text.replace("dest: /srv/app/", f'dest: "{self.home}/{{{{ inventory_hostname }}}}/').replace('/credentials, mode', '/credentials", mode')

    def inventory(self, *variables):
        (self.home / "hosts").write_text("[app]\n" + "".join(f"app{n} {text}\n" for n, text in enumerate(variables, 1)))

    def outside(self):
        return {"ANSIBLE_INVENTORY": str(self.home / "hosts"), "ANSIBLE_HOST_KEY_CHECKING": "False", "LC_ALL": "C.UTF-8",
                "XDG_RUNTIME_DIR": str(self.home / "run")}

    def mishap(self, _):
        self.inventory(*["ansible_host=127.0.0.1 ansible_port=1"] * 2)

    def heal(self):
        self.inventory(*["ansible_connection=local"] * 2)

    def held_outside(self):
        [held] = {self.held(path=host / "credentials") for host in self.hosts}
        return held

    def rest_outside(self):
        """Of what lay in memory, nothing is left."""
        self.assertEqual(list((self.home / "run").iterdir()), [])
        self.assertEqual({(host / "credentials").stat().st_mode & 0o777 for host in self.hosts} - {0o600, 0o644}, set())

    def test_one_host_of_many_may_have_it_when_another_cannot_be_reached(self):
        self.inventory("ansible_connection=local", "ansible_host=127.0.0.1 ansible_port=1")
        rotation = self.expect_waiting(self.rotate(), "ended with status 1")
        self.assertEqual(self.held(path=self.hosts[0] / "credentials"), self.held())
        self.assertEqual(self.held(path=self.hosts[1] / "credentials"), self.old)
        self.rest_outside()
        self.heal()
        self.expect_resumed(rotation)

    def test_a_task_that_fails_is_no_delivery(self):
        shutil.rmtree(self.hosts[1])
        rotation = self.expect_waiting(self.rotate(), "ended with status 1")
        self.hosts[1].mkdir()
        self.expect_resumed(rotation)
        self.assertEqual((self.hosts[1] / "credentials").stat().st_mode & 0o777, 0o600)


del Recipe  # it is none itself


if __name__ == "__main__":
    main()
