#!/usr/bin/python3
"""The real program, tortured: killed at every durable step, at random, and between CreateAccessKey and the record of its
answer; frozen while others work, and longer than its signatures are good; on yesterday's ledger; from two state folders;
on a full disk. All the while a client calls S3 with what the credentials file holds.

That it notices harm is seen in a control run: a call lands later than the program was told that calls do, and leaves
an orphan.

usage: torture.py [--kills N] [--seed N]

Ends with `torture: kills=… completed=… rolled_back=… needs_person=… failed_calls=0 orphans=0 lost=0`. A person is needed
where the protocol says so alone: when CreateAccessKey was done and its answer lost, on behalf of a user for whom
others too may make keys, and when two ledgers meet on one user. The person of this harness then deletes the key whose
secret nobody has, or gives one of the two rotations up.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

import late_calls
from consumer import Consumer
from life import BUSY, DONE, FAILED, FULL, GRACE, KILLED, LEAST, NEEDS_PERSON, SOAK, Life, Wrong
from torturer import UNANSWERED, Tally, Torturer

from stage import Lab

ROOM_OF_OUR_OWN = "KEYTIDE_TORTURE_MOUNTS"
PAGE = 4096


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
    """Stopped at a durable step: here another process is turned away, and from another state folder, which knows nothing
    of it, the same user is rotated. Then it goes on."""
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
            torturer.asked(UNANSWERED)
            life.person_settles(told)
            code, told = life.run(*life.how_to_go_on(told), state="other")
        process.send_signal(signal.SIGCONT)
        torturer.bring_to_an_end(*life.end_of(process), strangers=True)
        torturer.take_stock()
        torturer.tally.add("frozen")
        life.forget()
        yield


def from_two_folders(torturer, _):
    """Two ledgers that know nothing of each other are at work on one user at the same time, and one is struck down."""
    life = torturer.life
    while True:
        before = life.held()
        first = life.start(*torturer.rotate())
        second = torturer.killed_after(torturer.dice.uniform(0, 5), *torturer.rotate(), state="other")
        torturer.bring_to_an_end(*life.end_of(first), strangers=True)
        torturer.bring_to_an_end(*second, state="other", strangers=True)
        torturer.take_stock()
        torturer.tally.add("completed", life.held() != before)
        torturer.tally.add("two_folders")
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


# What the lab does, beside being late with all news, to those whose calls may be struck: others count their own steps, or say who is turned away.
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
    (FULL, GRACE, from_two_folders),
    (LEAST, GRACE, from_two_folders),
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


def attempt(problems, what, *arguments):
    try:
        return what(*arguments)
    except Exception as problem:
        problems.append(f"{what.__name__}:\n" + "".join(traceback.format_exception(problem)))


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
        lab.tell("POST", "propagation", late_calls.NEWS)
        struck = [f"user{number}" for number, (_, _, what) in enumerate(LIVES) if what in STRUCK]
        lab.tell("POST", "faults", {"rules": [rule | {"principal": struck, "seed": asked.seed} for rule in FAULTS]})
        consumer = Consumer(lab.endpoint, [torturer.life.credentials for torturer in lives])
        with concurrent.futures.ThreadPoolExecutor(len(lives) + 2) as pool:
            ends = [pool.submit(live, torturer, what, asked, problems)
                    for torturer, (_, _, what) in zip(lives, LIVES)]
            ends.append(pool.submit(attempt, problems, late_calls.thawed_too_late, folder / "thawed", tally))
            control = pool.submit(attempt, problems, late_calls.held_back_too_long, folder / "control")
        for end in ends:
            end.result()
        seen = consumer.stop()
        lab.stop()
        subprocess.run(["umount", "--lazy", disk], check=True)
    for problem in problems + seen["failed"][:20]:
        print(problem)
    print(", ".join(f"{what} {count}" for what, count in sorted(tally.items())) + f", calls {seen['calls']}")
    for why, times in sorted(tally.reasons.items()):
        print(f"a person was asked {times} times because {why}")
    print(f"control: a call that lands later than in_flight allows: {control.result()}")
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
