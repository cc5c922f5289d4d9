#!/usr/bin/python3
"""The real program, tortured: killed at every durable step, at random, and between CreateAccessKey and the record of its
answer; frozen while others work; on yesterday's ledger; from two state folders; on a full disk. All the while a
client calls S3 with what the credentials file holds.

usage: torture.py [--kills N] [--seed N]

Ends with `torture: kills=… completed=… rolled_back=… needs_person=… failed_calls=0 orphans=0 lost=0`. A person is needed
where the protocol says so alone: when CreateAccessKey was done and its answer lost, on behalf of a user for whom
others too may make keys. The person of this harness then deletes the key whose secret nobody has.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback

from consumer import Consumer
from life import BUSY, DONE, FAILED, FULL, KILLED, LEAST, NEEDS_PERSON, PARKED, ROLLED_BACK, Life, Wrong

from stage import Lab

ROOM_OF_OUR_OWN = "KEYTIDE_TORTURE_MOUNTS"
PAGE = 4096


class Tally(collections.Counter):
    """What all lives add up to; each adds under the lock."""

    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def add(self, what, count=1):
        with self.lock:
            self[what] += count


class Torturer:
    def __init__(self, life, tally, seed):
        self.life, self.tally, self.dice = life, tally, random.Random(seed)

    def run(self, *command, **strike):
        code, told = self.life.run(*command, **strike)
        if code == KILLED:
            self.tally.add("kills")
        return code, told

    def killed_after(self, seconds, *command):
        process = self.life.start(*command)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        code, told = self.life.end_of(process)
        if code == KILLED:
            self.tally.add("kills")
        return code, told

    def rotate(self):
        return ("rotate", "--yes", *self.life.options)

    def bring_to_an_end(self, code, told):
        """Resumes until nothing is left to resume, struck again now and then."""
        for attempt in range(40):
            if code == NEEDS_PERSON:
                self.tally.add("needs_person")
                self.life.person_settles(told)
            elif code == ROLLED_BACK:
                self.tally.add("rolled_back")
                break
            elif code in (DONE, FAILED):
                break
            if code == PARKED:
                code, told = self.run("resume", "--due")
            elif code == KILLED and attempt < 4 and self.dice.random() < 0.2:
                code, told = self.killed_after(self.dice.uniform(0, 4), "resume")
            else:
                code, told = self.run(*self.life.how_to_go_on(told))
        else:
            raise Wrong(f"{self.life.name}: it does not end: {code}: {told}")
        self.tally.add("orphans", len(self.life.orphans()))
        self.tally.add("lost", self.life.is_lost())

    def turn(self, act):
        """One rotation in which something happens, and its end."""
        before = self.life.held()
        self.bring_to_an_end(*act())
        if self.life.held() != before:
            self.tally.add("completed")
        self.life.forget()


def at_every_durable_step(torturer, stride):
    """The program counts its own steps: the first one that it survives is beyond the last."""
    for after in (False, True):
        step, code = torturer.dice.randint(1, stride) - stride, KILLED
        while code == KILLED:
            step += stride
            strike = {"sync": step} | ({"after": 1} if after else {})

            def act():
                nonlocal code
                code, told = torturer.run(*torturer.rotate(), **strike)
                return code, told

            torturer.turn(act)
            yield


def before_the_answer_is_kept(torturer, _):
    while True:
        torturer.turn(lambda: torturer.run(*torturer.rotate(), answer="<CreateAccessKeyResult>"))
        torturer.tally.add("unkept")
        yield


def at_random(torturer, _):
    while True:
        torturer.turn(lambda: torturer.killed_after(torturer.dice.uniform(0, 5), *torturer.rotate()))
        yield


def frozen(torturer, _):
    """Stopped at a durable step: here another process is turned away; from another state folder, which knows nothing of
    it, the same user is rotated beyond the window in which its late call would be taken. Then it goes on."""
    life = torturer.life
    step = 0
    while True:
        step += 3
        process = life.start(*torturer.rotate(), signal="STOP", sync=step)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
            torturer.bring_to_an_end(process.returncode, "")
            life.forget()
            step = 0
            continue
        code, told = life.rotate()
        if code not in (BUSY, DONE):  # before it has taken its lock, it is in nobody's way
            raise Wrong(f"beside a frozen process: {code}: {told}")
        torturer.tally.add("turned_away" if code == BUSY else "overtook")
        code, told = life.rotate(state="other")
        if code == NEEDS_PERSON:
            life.person_settles(told)
            code, told = life.run(*life.how_to_go_on(told), state="other")
        process.send_signal(signal.SIGCONT)
        code, told = life.end_of(process)
        if code == NEEDS_PERSON:  # another ledger was at work on its user, as a stranger is
            torturer.tally.add("needs_person")
            code, told = life.abandon(told)
        torturer.bring_to_an_end(code, told)
        torturer.tally.add("frozen")
        life.forget()
        yield


def on_yesterdays_ledger(torturer, _):
    """Restored with its anchor or without: it repeats nothing, and deletes no key that is in use."""
    life = torturer.life
    while True:
        life.rotate()
        yesterday = life.home / "yesterday"
        torturer.run(*torturer.rotate(), sync=torturer.dice.randint(5, 40))
        folders = ["state", "state-config"] if torturer.dice.random() < 0.5 else ["state"]
        for folder in folders:
            shutil.copytree(life.home / folder, yesterday / folder)
        torturer.bring_to_an_end(*life.resume())
        for folder in folders:
            shutil.rmtree(life.home / folder)
            shutil.move(yesterday / folder, life.home / folder)
        in_use = life.held()
        code, told = life.resume()
        if "state-config" not in folders and code != FAILED:
            raise Wrong(f"a ledger behind its anchor acts: {code}: {told}")
        if life.held() != in_use or in_use[0] not in life.key_ids():
            raise Wrong(f"yesterday's ledger took the key in use away: {told}")
        torturer.tally.add("yesterdays")
        life.forget()
        yield


def on_a_full_disk(torturer, _):
    """The home folder is a file system of four MiB, and so much of it is left."""
    life = torturer.life
    filler = life.home / "filler"
    while True:
        left = torturer.dice.choice((torturer.dice.randint(0, 24), torturer.dice.randint(0, 160)))
        free = os.statvfs(life.home).f_bavail
        filler.write_bytes(b"x" * PAGE * max(0, free - left))
        code, told = torturer.run(*torturer.rotate())
        filler.unlink()
        if code == DONE and "completed" in told:
            torturer.tally.add("completed")
        torturer.bring_to_an_end(code, told)
        torturer.tally.add("full_disks")
        life.forget()
        yield


# What the lab does to all of them.
NEWS = {"delay": "300ms", "flapping": "700ms"}
# And to those whose calls may be struck, too: others count their own steps, or say who is turned away.
CHANGES = ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"]
FAULTS = [
    {"service": ["iam", "sts"], "probability": 0.02, "fault": "refuse", "code": "Throttling"},
    {"service": ["iam", "sts"], "probability": 0.01, "fault": "refuse", "code": "ServiceUnavailable", "status": 503},
    {"service": ["iam", "sts"], "probability": 0.01, "fault": "close"},
    {"service": ["iam", "sts"], "probability": 0.01, "fault": "truncate", "after": 20},
    {"service": ["iam", "sts"], "probability": 0.01, "fault": "html"},
    {"service": ["iam", "sts"], "probability": 0.02, "fault": "delay", "before": "200ms"},
    {"service": "iam", "action": CHANGES, "probability": 0.04, "fault": "lose_answer"},
    {"service": "iam", "action": CHANGES, "probability": 0.02, "fault": "reset", "acts": True},
    {"service": "iam", "action": CHANGES, "probability": 0.04, "fault": "hold", "for": "1s", "hang_up": True},  # below in_flight
]
STRUCK = {before_the_answer_is_kept, at_random, on_a_full_disk}

# Each life: what bob may do, what is asked for, what is done to it.
DEADLINES = ["--set", "verify_deadline=20s", "--set", "settle_deadline=20s"]
SPREAD = ["--verify-spread", "1500ms"]  # longer than news travels, as an operator would set it
GRACE = DEADLINES + SPREAD + ["--grace", "1s"]  # for the client between its reading of the file and its call
SOAK = ["--soak", "1s"]
LIVES = [
    (LEAST, GRACE, at_every_durable_step),
    (FULL, GRACE + SOAK, at_every_durable_step),
    (LEAST, GRACE, before_the_answer_is_kept),
    (FULL, GRACE, before_the_answer_is_kept),
    (FULL, GRACE + ["--sole-writer"], before_the_answer_is_kept),
    (LEAST, GRACE, at_random),
    (FULL, GRACE + SOAK, at_random),
    (FULL, GRACE + SOAK + ["--sole-writer"], at_random),
    (FULL, GRACE, frozen),
    (LEAST, GRACE, frozen),
    (FULL, GRACE, on_yesterdays_ledger),
    (FULL, GRACE, on_a_full_disk),
]


def live(torturer, what, asked, problems):
    """Until enough were killed; a life that takes its steps one by one takes them all."""
    tally = torturer.tally
    try:
        for _ in what(torturer, max(1, 1000 // asked.kills)):
            unkept = what is before_the_answer_is_kept and tally["unkept"] < asked.kills // 10
            if problems or (what is not at_every_durable_step and tally["kills"] >= asked.kills and not unkept):
                return
    except Exception as problem:
        story = "".join(traceback.format_exception(problem))
        problems.append(f"{torturer.life.name}, {what.__name__}, seed {asked.seed}:\n{story}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tally, problems = Tally(), []
    with tempfile.TemporaryDirectory(prefix="keytide-torture-") as name:
        folder = pathlib.Path(name)
        lab = Lab(folder)
        lives = []
        for number, (permissions, options, what) in enumerate(LIVES):
            home = folder / f"user{number}"
            home.mkdir()
            if what is on_a_full_disk:
                disk = home
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", disk], check=True)
            lives.append(Torturer(Life(lab, home, permissions, options), tally, asked.seed * 1000 + number))
        lab.tell("POST", "propagation", NEWS)
        struck = [f"user{number}" for number, (_, _, what) in enumerate(LIVES) if what in STRUCK]
        lab.tell("POST", "faults", {"rules": [rule | {"principal": struck, "seed": asked.seed} for rule in FAULTS]})
        consumer = Consumer(lab.endpoint, [torturer.life.credentials for torturer in lives])
        with concurrent.futures.ThreadPoolExecutor(len(lives)) as pool:
            ends = [pool.submit(live, torturer, what, asked, problems)
                    for torturer, (_, _, what) in zip(lives, LIVES)]
        for end in ends:
            end.result()
        seen = consumer.stop()
        lab.stop()
        subprocess.run(["umount", "--lazy", disk], check=True)
    for problem in problems + seen["failed"][:20]:
        print(problem)
    print(", ".join(f"{what} {count}" for what, count in sorted(tally.items())) + f", calls {seen['calls']}")
    tally["failed_calls"] = len(seen["failed"])
    print("torture: " + " ".join(f"{what}={tally[what]}" for what in (
        "kills", "completed", "rolled_back", "needs_person", "failed_calls", "orphans", "lost")))
    return 1 if problems or tally["failed_calls"] or tally["orphans"] or tally["lost"] else 0


if __name__ == "__main__":
    if ROOM_OF_OUR_OWN not in os.environ:  # a view of the file systems that only this run has, for its small disk
        if os.geteuid() != 0:
            sys.exit("torture: needs root, to mount a small disk")
        os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], os.environ | {ROOM_OF_OUR_OWN: "1"})
    sys.exit(main())
