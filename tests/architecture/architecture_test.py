#!/usr/bin/python3
"""Holds the source tree against what ARCHITECTURE.md and HACKING.md say of it.

usage: architecture_test.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
src = root / "src"
findings = []


def table_of_arrows():
    """The rooms' table: | `room` | idea | may include |, closed under 'what I include may include'."""
    arrows = {}
    for line in (root / "ARCHITECTURE.md").read_text().splitlines():
        row = re.match(r"\| `(\w+)` \| .* \| ([\w, ]*) ?\|$", line)
        if row:
            arrows[row[1]] = {name.strip() for name in row[2].split(",") if name.strip()}
    for room, allowed in arrows.items():
        if "everything" in allowed:
            arrows[room] = set(arrows)
    grown = True
    while grown:
        grown = False
        for allowed in arrows.values():
            more = set().union(*(arrows.get(other, set()) for other in allowed)) - allowed
            allowed |= more
            grown = grown or bool(more)
    return arrows


def includes_of(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(), re.M)


arrows = table_of_arrows()
sources = sorted(p for p in src.rglob("*") if p.suffix in (".cpp", ".hpp"))
headers = {str(p.relative_to(src)) for p in sources if p.suffix == ".hpp"}
if len(arrows) < 10 or len(sources) < 50:
    findings.append(f"this test sees only {len(arrows)} rooms and {len(sources)} sources: it looks in the wrong place")

for room in sorted({p.relative_to(src).parts[0] for p in sources} - set(arrows)):
    findings.append(f"src/{room} is not in the table of rooms in ARCHITECTURE.md")

for path in sources:
    name = path.relative_to(src)
    room = name.parts[0]
    is_test = path.stem.endswith(("_test", "_bench"))
    for include in includes_of(path):
        other = include.split("/")[0]
        if other in arrows and other != room and other not in arrows.get(room, set()) and not is_test:
            findings.append(f"{name} includes {include}: {room} may not include {other}")
        if "/" in include and include not in headers and other in arrows and not include.endswith(".inc"):
            if not (src / include).exists():
                findings.append(f"{name} includes {include}, which is not in src/")
        if {room, other} == {"lab", "aws"}:
            findings.append(f"{name} includes {include}: lab and aws meet over HTTP alone")
    lines = path.read_text().count("\n")
    if lines > 600:
        findings.append(f"{name} has {lines} lines: perhaps two ideas")
    if re.search(r"(^|/)(util|utils|common|helper|helpers|misc|manager|base(?!64)|impl)[^/]*$", str(name)):
        findings.append(f"{name} is named for no idea")
    if re.search(r"std::cout|std::cerr", path.read_text()) and room != "cli" and not is_test:
        findings.append(f"{name} prints: only cli does")

# The linker takes one definition for all: two types of one name are read as each other.
defined = {}
for path in sources:
    namespace = []
    for line in path.read_text().splitlines():
        opened = re.match(r"(?:inline )?namespace ?([\w:]*) ?\{", line)
        if opened:
            namespace.append(opened[1] or "(of this file)")
        elif line.startswith("}  // namespace") and namespace:
            namespace.pop()
        elif "(of this file)" not in namespace:
            made = re.match(r"(?:struct|class|enum class|enum) (\w+)(?!\w|::)[^;]*\{", line)
            if made:
                defined.setdefault("::".join([*namespace, made[1]]), set()).add(str(path.relative_to(src)))
for name, places in sorted(defined.items()):
    if len(places) > 1:
        findings.append(f"{name} is defined in {' and in '.join(sorted(places))}")

included = {include for path in sources + sorted((root / "tests").rglob("*.cpp")) for include in includes_of(path)}
for header in sorted(headers - included):
    findings.append(f"{header} is included by nobody")

for path in sorted((root / "tests").rglob("*")) + sources:
    if path.is_file() and path.suffix in (".cpp", ".hpp", ".sh", ".py") and path.name != "architecture_test.py":
        if re.search(r"sleep_for\(|DISABLED_", path.read_text()):
            findings.append(f"{path.relative_to(root)} sleeps, or hides a test")

for finding in findings:
    print("FAILED", finding)
print(f"{len(sources)} sources in {len(arrows)} rooms looked at")
sys.exit(1 if findings else 0)
