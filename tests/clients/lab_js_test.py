#!/usr/bin/python3
"""The AWS SDK for JavaScript v3 on the lab: installs what js/package-lock.json pins, and runs js/lab.mjs.

usage: lab_js_test.py FOLDER      FOLDER, below build/, keeps what npm installs; KEYTIDE comes from the environment.
"""
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from stage import Lab, clean_environment

HERE = pathlib.Path(__file__).resolve().parent / "js"


def install(folder):
    """Once for each lock file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "lab.mjs"):
        shutil.copy(HERE / name, folder)
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"npm could not install the SDK:\n{run.stderr[-2000:]}")
    stamp.write_text(wanted)


def main():
    missing = [program for program in ("node", "npm") if not shutil.which(program)]
    if missing:
        print(f"SKIP: {' and '.join(missing)} not installed: the AWS SDK for JavaScript was not tried on the lab")
        return 77
    folder = pathlib.Path(sys.argv[1])
    install(folder)
    with tempfile.TemporaryDirectory(prefix="keytide-js-") as home:
        lab = Lab(pathlib.Path(home))
        environment = clean_environment(home) | {
            "AWS_ENDPOINT_URL": lab.endpoint, "AWS_ACCESS_KEY_ID": lab.root[0], "AWS_SECRET_ACCESS_KEY": lab.root[1],
            "AWS_REGION": "us-east-1"}
        run = subprocess.run(["node", "--test", "lab.mjs"], cwd=folder, env=environment, capture_output=True, text=True)
        lab.stop()
    print(run.stdout + run.stderr)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
