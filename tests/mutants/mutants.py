#!/usr/bin/python3
"""Plants faults into the program, one at a time, and sees that each is found: by the explorer, which names the invariants
that no longer hold, or else by a test.

usage: mutants.py SOURCE WORK_FOLDER [PAGE]

Ends with `mutants: planted=N killed=N`; a survivor is a defect of the proof, and so is an invariant that is never the
only one to be violated. PAGE is written with the table.
"""
import pathlib
import re
import resource
import shutil
import subprocess
import sys

from planted import MUTANTS

INVARIANTS = ["No lock-out", "No broken consumer", "No orphan", "No blind delete", "No early delete", "No contrary act",
              "Signer", "No overwrite", "No spill", "Termination", "One at a time"]

source, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
page = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(source, work, ignore=shutil.ignore_patterns("build*", ".git", "__pycache__"))


def limit_memory():
    """Some faults make the fakes' world grow without end."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def run(*command, **more):
    return subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **more)


def build(target):
    built = run("cmake", "--build", "build", "--target", target)
    if built.returncode:
        sys.exit(f"a mutant does not compile:\n{built.stdout}")


def violated():
    """The invariants that the explorer finds violated: by any single misfortune, else by any two."""
    build("explore")
    for misfortunes in "1", "2":
        try:
            found = run("build/src/simulator/explore", "--all", misfortunes, misfortunes, timeout=600, preexec_fn=limit_memory)
        except subprocess.TimeoutExpired:
            return ["Termination"]
        names = re.findall(r"^violated: (.+)$", found.stdout, re.M)
        if found.returncode and not names:
            return ["the program fails"]
        if names:
            return names
    return []


def failing_test(program):
    """The first test of a room that fails."""
    build(program)
    try:
        found = run(f"build/src/{program.removesuffix('_test')}/{program}", "--gtest_fail_fast", "--gtest_filter=-Explorer*", timeout=300,
                    preexec_fn=limit_memory)
    except subprocess.TimeoutExpired:
        return "a test that does not end"
    if found.returncode == 0:
        return None
    names = re.findall(r"^\[  FAILED  \] ([\w/.]+)", found.stdout, re.M)
    return names[0] if names else "a test that crashes"


for _, name, standing, *_ in MUTANTS:
    count = (work / "src" / name).read_text().count(standing)
    if count != 1:
        sys.exit(f"{name}: stands {count} times, not once: {standing!r}")
run("cmake", "--preset", "release")
programs = sorted({row[4] if len(row) > 4 else "simulator_test" for row in MUTANTS})
if violated() or any(failing_test(program) for program in programs):
    sys.exit("something is found without any fault")

table, survivors, sole = [], 0, {}
for rule, name, standing, planted, *program in MUTANTS:
    path = work / "src" / name
    text = path.read_text()
    path.write_text(text.replace(standing, planted))
    names = [] if program else violated()
    test = None if names else failing_test(program[0] if program else "simulator_test")
    path.write_text(text)
    if len(names) == 1:
        sole.setdefault(names[0], rule)
    survivors += not names and not test
    table.append((rule, ", ".join(names), test or ""))
    print("killed  " if names or test else "SURVIVED", rule, "|", ", ".join(names) or test or "", flush=True)

unproved = [name for name in INVARIANTS if name not in sole]
for name in unproved:
    print(f"{name} is never the only invariant to be violated")
if page:
    head, _, rest = page.read_text().partition("<!-- mutants -->\n")
    tail = rest.partition("<!-- end of mutants -->\n")[2]
    rows = "".join(f"| {rule} | {names or '`' + test + '`'} |\n" for rule, names, test in table)
    page.write_text(f"{head}<!-- mutants -->\n| the rule that is broken | found by |\n| --- | --- |\n{rows}<!-- end of mutants -->\n{tail}")
print(f"mutants: planted={len(MUTANTS)} killed={len(MUTANTS) - survivors}")
shutil.rmtree(work)
sys.exit(1 if survivors or unproved else 0)
