#!/usr/bin/python3
"""The examples, as their readers would run them: the C++ one as a project of its own, with find_package(keytide).

KEYTIDE_BUILD is the build folder that is installed from."""
import os
import subprocess
import sys

from stage import KEYTIDE, SOURCE, Stage, main

EXAMPLES = SOURCE / "examples"


class Examples(Stage):
    def setUp(self):
        super().setUp()
        path = self.home / "config" / "keytide" / "keytide.yaml"
        path.parent.mkdir(parents=True, mode=0o700)
        path.write_text("keys: {app: {profile: default}}")

    def run_it(self, *command, code=0):
        run = subprocess.run([*map(str, command)], env=self.environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.no_secrets_in(run.stdout + run.stderr)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def built(self):
        prefix, build = self.home / "installed", self.home / "build"
        environment = dict(os.environ)
        for command in (["cmake", "--install", os.environ["KEYTIDE_BUILD"], "--component", "library", "--prefix", prefix],
                        ["cmake", "-S", EXAMPLES, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}"],
                        ["cmake", "--build", build]):
            run = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return build / "rotate"

    def test_python(self):
        run = self.run_it(sys.executable, EXAMPLES / "rotate.py", KEYTIDE, "app")
        self.assertIn(f"bob: {self.old[0]} -> {self.held()[0]}, completed", run.stdout)
        run = self.run_it(sys.executable, EXAMPLES / "rotate.py", KEYTIDE, "ap", code=2)
        self.assertIn("did you mean 'app'?", run.stderr)

    def test_cpp_finds_the_package(self):
        program = self.built()
        run = self.run_it(program, KEYTIDE, "app")
        self.assertIn(f"bob: {self.old[0]} -> {self.held()[0]}, completed", run.stdout)
        self.assertEqual(self.key_ids(), [self.held()[0]])
        self.assertIn("did you mean 'app'?", self.run_it(program, KEYTIDE, "ap", code=2).stderr)
        self.assertIn("cannot be run", self.run_it(program, "/no/such/keytide", "app", code=1).stderr)


if __name__ == "__main__":
    main()
