#!/usr/bin/python3
"""The commands of docs/audit.md, as they stand there, one after the other."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from stage import KEYTIDE, SOURCE, clean_environment, main

FINDINGS = 7


class Guide(unittest.TestCase):
    def test_the_commands_of_the_page_do_what_it_says(self):
        home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-guide-"))
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        commands = re.findall(r"^    \$ (.*)$", (SOURCE / "docs" / "audit.md").read_text(), re.M)
        self.assertGreater(len(commands), 20)
        # The lab's is the first: it goes with the shell.
        script = ["set -u", "trap 'kill %1' EXIT"]
        for number, command in enumerate(commands):
            script += [command, f"echo \"{number} $?\" >> codes"]
        environment = clean_environment(home) | {"PATH": f"{pathlib.Path(KEYTIDE).parent}:/usr/bin:/bin", "XDG_CONFIG_HOME": f"{home}/.config"}
        run = subprocess.run(["bash", "-mc", "\n".join(script)], cwd=home, env=environment, capture_output=True, text=True, timeout=300)
        codes = [int(line.split()[1]) for line in (home / "codes").read_text().splitlines()]
        self.assertEqual(len(codes), len(commands), run.stderr)
        for command, code in zip(commands, codes):
            # Root has a key in a lab, and bob's is a hundred days old.
            expected = FINDINGS if command.startswith("keytide audit") else 0
            with self.subTest(command):
                self.assertEqual(code, expected, run.stderr)
        self.assertIn("100 days old", run.stdout)
        self.assertIn("the evidence is sound", run.stdout)
        self.assertIn("<svg", (home / "audit.html").read_text())


if __name__ == "__main__":
    main()
