"""Who strikes, resumes until all is settled, and counts what became of it."""
import collections
import random
import subprocess
import threading

from life import DONE, FAILED, KILLED, NEEDS_PERSON, PARKED, ROLLED_BACK, Wrong


class Tally(collections.Counter):
    """What all lives add up to; each adds under the lock."""

    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()
        self.reasons = collections.Counter()  # why a person was asked

    def add(self, what, count=1):
        with self.lock:
            self[what] += count


UNANSWERED = "a CreateAccessKey got no answer, and others may make keys for the user too"
TWO_LEDGERS = "two ledgers met on one user, and to each the other is a stranger"


class Torturer:
    def __init__(self, life, tally, seed):
        self.life, self.tally, self.dice = life, tally, random.Random(seed)

    def asked(self, why):
        """A person is, as the protocol says."""
        self.tally.add("needs_person")
        self.tally.reasons[why] += 1

    def run(self, *command, **strike):
        code, told = self.life.run(*command, **strike)
        if code == KILLED:
            self.tally.add("kills")
        return code, told

    def killed_after(self, seconds, *command, **more):
        process = self.life.start(*command, **more)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        code, told = self.life.end_of(process)
        if code == KILLED:
            self.tally.add("kills")
        return code, told

    def rotate(self):
        return self.life.rotation()

    def bring_to_an_end(self, code, told, state="state", strangers=False):
        """Resumes until nothing is left to resume, struck again now and then. `strangers`: somebody else rotates this user, too."""
        for attempt in range(40):
            unanswered = self.life.is_about_an_unanswered_creation(told)
            if code == NEEDS_PERSON and strangers and (self.life.cannot_look(told) or not unanswered):
                self.asked(TWO_LEDGERS)
                if unanswered:
                    self.life.person_settles(told)
                code, told = self.life.abandon(told, state=state)
                continue
            if code == NEEDS_PERSON:
                self.asked(UNANSWERED)
                self.life.person_settles(told)
            elif code == ROLLED_BACK:
                self.tally.add("rolled_back")
                break
            elif code in (DONE, FAILED):
                break
            if code == PARKED:
                code, told = self.run("resume", "--due", state=state)
            elif code == KILLED and attempt < 4 and self.dice.random() < 0.2:
                code, told = self.killed_after(self.dice.uniform(0, 4), "resume", state=state)
            else:
                code, told = self.run(*self.life.how_to_go_on(told), state=state)
        else:
            raise Wrong(f"{self.life.name}: it does not end: {code}: {told}")
        if not strangers:
            self.take_stock()

    def take_stock(self):
        """Of the harm that was done."""
        self.tally.add("orphans", len(self.life.orphans()))
        self.tally.add("lost", self.life.is_lost())

    def turn(self, act):
        """One rotation in which something happens, and its end."""
        before = self.life.held()
        self.bring_to_an_end(*act())
        if self.life.held() != before:
            self.tally.add("completed")
        self.life.forget()
