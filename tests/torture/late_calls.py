"""Calls that land late: what bounds them, and what comes of it where the bound does not hold.

Both rotations are an administrator's: its key outlives those of the user, so that nothing but time refuses its late calls.
"""
import contextlib
import copy
import datetime
import os
import signal

from life import DONE, FAILED, FULL, GRACE, SOAK, Life, Wrong
from torturer import Tally, Torturer

from stage import Lab

NEWS = {"delay": "300ms", "flapping": "700ms"}  # of all labs here
WINDOW = datetime.timedelta(seconds=10)  # in which the lab takes a signature


@contextlib.contextmanager
def administered(folder, options, *of_the_lab):
    folder.mkdir()
    lab = Lab(folder, *of_the_lab)
    home = folder / "bob"
    home.mkdir()
    try:
        yield lab, Life(lab, home, FULL, GRACE + options, administrator=lab.root)
    finally:
        lab.stop()


def now(lab):
    return datetime.datetime.fromisoformat(lab.tell("GET", "clock")["now"].replace("Z", "+00:00"))


def expired(lab, action):
    refused = lab.tell("GET", f"requests?action={action}&code=SignatureDoesNotMatch")["requests"]
    return len([call for call in refused if call.get("principal", "").endswith(":root")])


def thawed_too_late(folder, tally):
    """Frozen with a changing call on its lips; from another state folder the user rotates itself until the call's signature
    is older than the lab takes it. Thawed, it makes the call, which is refused, and comes to an end without harm."""
    window = f"{WINDOW.seconds}s"
    options = SOAK + ["--set", f"late_call_window={window}"]
    with administered(folder, options, "--signature-window", window) as (lab, life):
        freeze_and_thaw(lab, life, tally)


def freeze_and_thaw(lab, life, tally):
    lab.tell("POST", "propagation", NEWS)
    torturer = Torturer(life, tally, 0)
    itself = copy.copy(life)
    itself.administrator = None
    for action in ("CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"):
        about = "" if action == "CreateAccessKey" else f"&AccessKeyId={life.held()[0]}"  # and not one that asks what is allowed
        call = f"Action={action}&Version=2010-05-08&UserName={life.name}{about}"
        process = life.start(*life.rotation(), signal="STOP", call=call)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            raise Wrong(f"it ended without {action}: {process.communicate()[1]}")
        good_until = now(lab) + WINDOW
        while now(lab) <= good_until:
            code, told = itself.rotate(state="other")
            if code not in (DONE, FAILED):  # where two keys are there already, a third cannot be made
                raise Wrong(f"beside a frozen administrator: {code}: {told}")
        process.send_signal(signal.SIGCONT)
        code, told = life.end_of(process)
        if expired(lab, action) != 1:
            raise Wrong(f"the late {action} was not refused for its age: {code}: {told}")
        if action == "CreateAccessKey" and (code != FAILED or "nothing was changed" not in told):
            raise Wrong(f"a creation that came too late goes on: {code}: {told}")
        torturer.bring_to_an_end(code, told)
        tally.add("thawed")
        life.forget()


def held_back_too_long(folder):
    """The control: a CreateAccessKey lands long after the time that the program was told calls may take. It has made
    another key by then, and the late one is nobody's: that must show in what is counted. Tells what did."""
    with administered(folder, ["--set", "in_flight=1s"]) as (lab, life):
        return harm_of_a_late_creation(lab, life)


def harm_of_a_late_creation(lab, life):
    tally = Tally()
    torturer = Torturer(life, tally, 0)
    lab.tell("POST", "faults", {"action": "CreateAccessKey", "times": 1, "fault": "hold", "for": "10m", "hang_up": True})
    before = life.held()
    torturer.bring_to_an_end(*life.rotate())
    if life.held() == before or +tally:
        raise Wrong(f"before the late call landed: {dict(tally)}")
    lab.tell("POST", "clock", {"advance": "10m"})
    while not lab.tell("GET", "requests?action=CreateAccessKey&fault=hold")["requests"]:
        pass
    torturer.take_stock()
    if not +tally:
        raise Wrong("the harm that a call does which lands too late was not noticed")
    return "noticed, " + " ".join(f"{what}={count}" for what, count in sorted((+tally).items()))
