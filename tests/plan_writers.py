"""What other processes do with a plan file in the tests; started by name, so it stands alone."""

import time
from multiprocessing.connection import Connection
from pathlib import Path

from kpss_geo import plan
from kpss_geo.errors import ChangedMeanwhile

BATCH = 25


def write_and_say(path: Path, start: int, said: Connection) -> None:
    """Write batches of statements one after another, and say each number once it is written."""
    opened = plan.open_plan(path, author="zapisovatel")
    number = start
    while True:
        codes = [f"{562_000 + n}" for n in range(BATCH)]
        plan.state_served(opened, [(f"s-{number}", code, True) for code in codes])
        said.send(number)
        number += 1


def add_one(path: Path, times: int) -> None:
    """Raise one shared number by one, again and again, as a person would: read, add, write."""
    opened = plan.open_plan(path, author="sčítač", wait_s=30)
    done = 0
    while done < times:
        now = plan.thresholds(opened, {})["13", "pob"]
        more = plan.Threshold((now.value or 0) + 1, "min", reason="+1", revision=now.revision)
        try:
            plan.set_threshold(opened, type_code="13", form="pob", threshold=more)
        except ChangedMeanwhile:
            continue
        done += 1


def write_own_rows(path: Path, name: str, count: int) -> None:
    """Write rows that nobody else writes; nothing may stand in the way."""
    opened = plan.open_plan(path, author=name, wait_s=30)
    for number in range(count):
        plan.state_served(opened, [(f"{name}-{number}", "562777", True)])


def open_it(path: Path, said: Connection) -> None:
    """Open (or make) the plan at the same time as others do."""
    try:
        plan.open_plan(path, author="první")
        said.send("ok")
    except Exception as error:  # noqa: BLE001 - the other side asserts on it
        said.send(repr(error))


def hold_the_lock(path: Path, ready: Connection, seconds: float) -> None:
    """Keep a write transaction open."""
    from kpss_geo.plan.file import writing

    with writing(plan.open_plan(path, author="pomalý")) as connection:
        connection.execute("SELECT 1")
        ready.send("held")
        time.sleep(seconds)


def fill_the_disk(path: Path, most_bytes: int, said: Connection) -> None:
    """Write until the disk (here a limit of this process) is full; say what was acknowledged."""
    import resource
    import signal

    opened = plan.open_plan(path, author="plný disk")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    number = 0
    try:
        while number < 5_000:
            plan.state_served(opened, [(f"s-{number}", "562777", True)], note="x" * 1_000)
            said.send(number)
            number += 1
    except Exception as error:  # noqa: BLE001 - the other side asserts on it
        said.send(repr(error))


def write_remarks(path: Path, name: str, count: int) -> None:
    """Write remarks and agree with each of them, as a busy table does."""
    opened = plan.open_plan(path, author="public", wait_s=30)
    for number in range(count):
        remark = plan.Remark(f"{name} {number}", "public", "sluknovsko", code="562777")
        plan.react(opened, plan.write_remark(opened, remark), visit=name, kind="agree")
