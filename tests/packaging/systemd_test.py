#!/usr/bin/python3
"""systemd reads the units as they are meant, where systemd-analyze is installed.

usage: systemd_test.py KEYTIDE
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

units = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "systemd"
analyze = shutil.which("systemd-analyze")
if not analyze:
    print("SKIPPED: systemd-analyze is not installed, so that nobody here can say whether the units are right")
    sys.exit(77)

failures = []
with tempfile.TemporaryDirectory() as folder:
    for unit in units.iterdir():
        text = unit.read_text()
        if unit.suffix == ".service":
            if "ExecStart=keytide " not in text:
                failures.append(f"{unit.name} does not start keytide")
            text = text.replace("ExecStart=keytide ", f"ExecStart={sys.argv[1]} ")  # where it is built
        (pathlib.Path(folder) / unit.name).write_text(text)
    for manager in ("--system", "--user"):
        for unit in sorted(pathlib.Path(folder).iterdir()):
            run = subprocess.run([analyze, manager, "--man=no", "--recursive-errors=no", "verify", unit],
                                 capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": folder, "XDG_RUNTIME_DIR": folder})
            if run.returncode != 0 or folder in run.stderr:
                failures.append(f"{manager} {unit.name}: {run.stdout}{run.stderr}")
    broken = pathlib.Path(folder) / "broken.service"
    broken.write_text("[Service]\nExecStart=/no/such/program\nNoSuchSetting=1\n")
    run = subprocess.run([analyze, "--system", "--man=no", "--recursive-errors=no", "verify", broken], capture_output=True, text=True)
    if run.returncode == 0:
        failures.append("systemd-analyze finds nothing wrong with a broken unit, so that its word is worth nothing")

for failure in failures:
    print("FAILED", failure)
print(f"{len(list(units.iterdir()))} units looked at")
sys.exit(1 if failures else 0)
