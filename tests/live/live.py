#!/usr/bin/python3
"""Programs list buckets without pause while their key is rotated again and again, and none of them notices.

usage: live.py [--rotations 100] [--speed 240] JS_FOLDER LIST_BUCKETS

boto3 and the AWS CLI get the key by credential_process, the SDK for JavaScript and a C++ program from `keytide serve`.
Credentials last 30 minutes, and SDKs fetch them anew when 15 are left; libfaketime lets the time of all processes, the
lab's among them, run --speed times faster. Then the control: rotations that know nothing of what was handed out, and delete
the old key early. Last, the same key from a plain credentials file: which of them has to be started again after a rotation?

JS_FOLDER keeps what npm installs, LIST_BUCKETS is the C++ program, KEYTIDE comes from the environment. Ends with
`live: rotations=N calls=N cached_percent=N failed=0 control_failed=N`.
"""
import argparse
import datetime
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "cli"), str(HERE.parent / "clients")]

from botocore.config import Config
import botocore.session

import lab_js_test
from stage import KEYTIDE, LEAST_POLICY, Lab, clean_environment

EPOCH = datetime.timezone.utc


def pause(seconds):
    """Of the time that runs faster; time.sleep() and libfaketime do not get on."""
    select.select([], [], [], max(seconds, 0))


def now():
    return datetime.datetime.now(EPOCH)


class Client:
    """A program that lists buckets until its standard input ends."""

    def __init__(self, folder, name, command, environment):
        self.name, self.file = name, folder / f"{name}.figures"
        self.log = open(folder / f"{name}.log", "w")
        self.process = subprocess.Popen([*command, str(self.file)], env=environment, stdin=subprocess.PIPE, stderr=self.log)

    def figures(self):
        """Calls, failures, fetched credentials."""
        while True:
            try:
                calls, failures, fetched = map(int, self.file.read_text().split())
                return calls, failures, fetched
            except (FileNotFoundError, ValueError):  # not yet, or just being written
                if self.process.poll() is not None:
                    sys.exit(f"{self.name} ended by itself: {pathlib.Path(self.log.name).read_text()}")
                pause(10)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


class AwsCli(threading.Thread):
    """Each command is a process of its own, and fetches credentials anew."""
    name_of = "aws_cli"

    def __init__(self, folder, environment, endpoint):
        super().__init__()
        self.over, self.calls, self.failures = threading.Event(), 0, 0
        self.name, self.environment, self.endpoint = self.name_of, environment, endpoint
        self.log = open(folder / "aws_cli.log", "w")
        self.start()

    def run(self):
        while not self.over.is_set():
            done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.endpoint, "--cli-read-timeout", "0", "--cli-connect-timeout", "0",
                                   "s3api", "list-buckets"],
                                  env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)
            self.calls += 1
            self.failures += done.returncode != 0
            pause(300)

    def figures(self):
        while not self.calls:
            pause(10)
        return self.calls, self.failures, self.calls

    def stop(self):
        self.over.set()
        self.join()
        self.log.close()


class Scene:
    """A lab, the user bob, and one key in the profile `key`, which programs get as the profile `app` or from the server."""

    def __init__(self, js, list_buckets):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="keytide-live-"))
        self.js, self.list_buckets = js, list_buckets
        self.lab = Lab(self.home, "--propagation", "10s")
        iam = botocore.session.Session().create_client(
            "iam", region_name="us-east-1", endpoint_url=self.lab.endpoint, aws_access_key_id=self.lab.root[0],
            aws_secret_access_key=self.lab.root[1],
            config=Config(retries={"max_attempts": 0}, connect_timeout=14400, read_timeout=14400))
        iam.create_user(UserName="bob")
        iam.put_user_policy(UserName="bob", PolicyName="may", PolicyDocument=json.dumps(LEAST_POLICY))
        made = iam.create_access_key(UserName="bob")["AccessKey"]
        (self.home / ".aws").mkdir()
        self.credentials = self.home / ".aws" / "credentials"
        self.credentials.write_text(f"[key]\naws_access_key_id = {made['AccessKeyId']}\naws_secret_access_key = {made['SecretAccessKey']}\n")
        self.credentials.chmod(0o600)
        config = self.home / "config" / "keytide"
        config.mkdir(parents=True, mode=0o700)
        self.yaml = config / "keytide.yaml"
        self.yaml.write_text("keys:\n  app: {profile: key, lifetime: 30m, consumers: [javascript, cpp]}\nserve: {listen: '127.0.0.1:0'}\n")
        programs = self.home / "bin"
        programs.mkdir()
        (programs / "keytide").symlink_to(KEYTIDE)
        self.environment = clean_environment(self.home) | {
            "AWS_ENDPOINT_URL": self.lab.endpoint, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "PATH": f"{programs}:{os.environ['PATH']}"}
        self.clients, self.server = [], None
        pause(60)  # until the key is heard of

    def keytide(self, *arguments, codes=(0,), environment=None):
        run = subprocess.run([KEYTIDE, *map(str, arguments), "--output", "json"], env=environment or self.environment,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if run.returncode not in codes:
            sys.exit(f"keytide {' '.join(map(str, arguments))} ended with {run.returncode}:\n{run.stdout}\n{run.stderr}")
        return run.returncode, json.loads(run.stdout)

    def start_as_source(self):
        self.keytide("setup", "app")
        self.server = subprocess.Popen([KEYTIDE, "serve"], env=self.environment, stderr=subprocess.PIPE, text=True)
        served = [dict(word.split("=", 1) for word in self.server.stderr.readline().split()) for _ in range(2)]
        profile = self.environment | {"AWS_PROFILE": "app"}
        self.clients = [
            Client(self.home, "boto3", ["/usr/bin/python3", HERE / "list_buckets.py"], profile),
            Client(self.home, "javascript", ["node", self.js / "list_buckets.mjs"], self.environment | served[0]),
            Client(self.home, "cpp", [self.list_buckets], self.environment | served[1]),
            AwsCli(self.home, profile, self.lab.endpoint)]

    def start_with_the_file(self):
        profile = self.environment | {"AWS_PROFILE": "key"}
        self.clients = [
            Client(self.home, "boto3", ["/usr/bin/python3", HERE / "list_buckets.py"], profile),
            Client(self.home, "javascript", ["node", self.js / "list_buckets.mjs"], profile),
            AwsCli(self.home, profile, self.lab.endpoint)]

    def rotate(self):
        """One whole rotation: what parks is gone on with when its time has come."""
        code, said = self.keytide("rotate", "app", "--yes", "--probe", "s3:list-buckets", codes=(0, 3))
        while code == 3:
            [rotation] = said["rotations"]
            until = datetime.datetime.strptime(rotation["parked_until"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=EPOCH)
            pause((until - now()).total_seconds() + 2)
            code, said = self.keytide("resume", rotation["id"], codes=(0, 3))

    def rotate_early(self):
        """By who knows nothing of what was handed out, since its state is elsewhere."""
        elsewhere = self.environment | {"XDG_CONFIG_HOME": f"{self.home}/elsewhere/config", "XDG_STATE_HOME": f"{self.home}/elsewhere/state"}
        self.keytide("rotate", "app", "--yes", "--config", self.yaml, environment=elsewhere)

    def figures(self):
        return {client.name: client.figures() for client in self.clients}

    def used_by_all(self):
        """Until every program has made a call or two since now."""
        before = self.figures()
        while any(now_[0] < before[name][0] + 2 for name, now_ in self.figures().items()):
            pause(30)

    def trouble(self):
        return "".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in sorted(self.home.glob("*.log")))

    def stop(self):
        for client in self.clients:
            client.stop()
        if self.server:
            self.server.terminate()
            self.server.stderr.read()
            self.server.stderr.close()
            self.server.wait()
        self.lab.process.terminate()  # lab.stop() would wait by time.sleep()
        self.lab.process.wait()
        self.lab.process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)


def live(scene, rotations):
    scene.start_as_source()
    scene.used_by_all()
    for number in range(1, rotations + 1):
        scene.rotate()
        scene_figures = scene.figures()
        if number % 10 == 0 or number == rotations:
            print(f"  {number} rotations:", ", ".join(f"{name} {f[0]} calls" for name, f in scene_figures.items()), flush=True)
        if any(f[1] for f in scene_figures.values()):
            break
    scene.used_by_all()
    figures = scene.figures()
    failed = sum(f[1] for f in figures.values())
    if failed:
        print(scene.trouble(), file=sys.stderr)
    return number, figures, failed


def control(scene):
    scene.start_as_source()
    scene.used_by_all()
    for _ in range(2):
        scene.rotate_early()
        pause(1800)
    return sum(f[1] for f in scene.figures().values())


def from_a_file(scene):
    """Who goes on after a rotation, and who has to be started again."""
    scene.start_with_the_file()
    scene.used_by_all()
    scene.keytide("rotate", "--profile", "key", "--yes")
    pause(120)  # until the deletion is heard of everywhere
    scene.used_by_all()
    between = scene.figures()
    scene.used_by_all()
    after = scene.figures()
    return {name: after[name][1] > between[name][1] for name in after}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rotations", type=int, default=100)
    options.add_argument("--speed", type=int, default=240)
    options.add_argument("js", type=pathlib.Path)
    options.add_argument("list_buckets")
    asked = options.parse_args()
    missing = [program for program in ("node", "npm", "faketime", "/usr/bin/aws") if not shutil.which(program)]
    if missing:
        print(f"SKIP: {' and '.join(missing)} not installed: no programs were tried while their key is rotated")
        return 77
    if "KEYTIDE_LIVE_INSIDE" not in os.environ:
        lab_js_test.install(asked.js)
        shutil.copy(HERE / "list_buckets.mjs", asked.js)
        os.execvpe("faketime", ["faketime", "--exclude-monotonic", "-f", f"+0 x{asked.speed}", sys.executable, *sys.argv],
                   os.environ | {"KEYTIDE_LIVE_INSIDE": "1"})

    def with_a_scene(what, *more):
        scene = Scene(asked.js, asked.list_buckets)
        try:
            return what(scene, *more)
        finally:
            scene.stop()

    rotations, figures, failed = with_a_scene(live, asked.rotations)
    for name, (calls, failures, fetched) in figures.items():
        print(f"  {name}: {calls} calls, {calls - fetched} from cached credentials, {failures} failed", flush=True)
    control_failed = with_a_scene(control)
    restarts = with_a_scene(from_a_file)
    print("from a plain credentials file, after one rotation:")
    for name, needs_restart in restarts.items():
        print(f"  {name}: {'has to be started again' if needs_restart else 'goes on'}")
    calls, fetched = sum(f[0] for f in figures.values()), sum(f[2] for f in figures.values())
    cached = 100 * (calls - fetched) / calls
    print(f"live: rotations={rotations} calls={calls} cached_percent={cached:.1f} failed={failed} control_failed={control_failed}")
    return 0 if not failed and control_failed and cached > 90 and rotations == asked.rotations else 1


if __name__ == "__main__":
    sys.exit(main())
