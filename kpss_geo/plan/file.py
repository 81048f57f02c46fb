"""The plan file itself: opened, checked, moved to the newest form, copied.

Every operation has a connection of its own and closes it. That is safe with any number
of threads and processes, and when the last connection is closed SQLite folds its journal
into the file: between operations the plan is this one file, and copying it copies all.
"""

import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_, PlanLocked, PlanNotUsable, PlanTooNew
from kpss_geo.plan.migrations import MIGRATIONS
from kpss_geo.plan.typed import text

log = logging.getLogger(__name__)

PLAN_NAME: Final = "plan.sqlite"
NOT_SAID: Final = "neuvedeno"
"""Author of who did not say a role. Names of people are personal data: roles are better."""
APPLICATION_ID: Final = 0x4B505353
"""KPSS: tells a plan from any other SQLite file."""
WAIT_S: Final = 10.0
LONGEST_AUTHOR: Final = 100

PRAGMAS: Final = (
    "synchronous=FULL",
    "fullfsync=ON",  # macOS keeps data in the drive's own memory otherwise
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased does not stay readable in the file
    "trusted_schema=OFF",
)

NOT_A_PLAN: Final = N_("it is not a plan file; choose another file")
DAMAGED: Final = N_("it is damaged; put a copy made earlier in its place")
EMPTY: Final = N_("it is empty; delete it, or put a copy made earlier in its place")
NOT_WRITABLE: Final = N_("it cannot be written; check the rights to the file and to its folder")
DISK_FULL: Final = N_("the disk is full; make room and write again")
GONE: Final = N_("it does not exist")
THERE_ALREADY: Final = N_("such a file exists already; choose another name")

WHY: Final = {
    sqlite3.SQLITE_NOTADB: NOT_A_PLAN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: NOT_WRITABLE,
    sqlite3.SQLITE_PERM: NOT_WRITABLE,
    sqlite3.SQLITE_FULL: DISK_FULL,
}
BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@dataclass(frozen=True)
class Plan:
    """An opened plan: where it is, in whose name it is written, how long to wait for others."""

    path: Path
    author: str
    wait_s: float = WAIT_S


def open_plan(path: Path, *, author: str = "", wait_s: float = WAIT_S) -> Plan:
    """Open a plan file, made new if there is none, and move it to the newest form.

    Raises
    ------
    PlanNotUsable
        It is not a plan, damaged, empty, or cannot be written.
    PlanTooNew
        A newer program wrote it; it is left as it is.
    PlanLocked
        Somebody has been writing it for longer than `wait_s` seconds.
    """
    who = text(author, option="author", longest=LONGEST_AUTHOR) or NOT_SAID
    plan = Plan(path, who, wait_s)
    _make_file(plan)
    with explained(plan), closing(_connect(plan)) as connection:
        _judge(connection, plan)
        _use_wal(connection, plan)
        _migrate(connection, plan)
    return plan


def find_plan(path: Path, *, author: str = "", wait_s: float = WAIT_S) -> Plan | None:
    """Open the plan file if there is one; None otherwise, and none is made."""
    return open_plan(path, author=author, wait_s=wait_s) if path.exists() else None


@contextmanager
def reading(plan: Plan) -> Iterator[sqlite3.Connection]:
    """Lend a connection for one reading."""
    with explained(plan), closing(_connect(plan)) as connection:
        yield connection


@contextmanager
def writing(plan: Plan) -> Iterator[sqlite3.Connection]:
    """Lend a connection for one transaction: everything in it is written, or nothing.

    On leaving, the change is on the disk (`synchronous=FULL`) and the file is whole.
    """
    with explained(plan), closing(_connect(plan)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def explained(plan: Plan) -> Iterator[None]:
    """Turn what SQLite and the disk say into an error that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary in BUSY:
            raise PlanLocked(file=plan.path.name, seconds=f"{plan.wait_s:g}") from error
        why: object = WHY.get(primary, str(error))
        if primary == sqlite3.SQLITE_CANTOPEN and not plan.path.exists():
            why = GONE
        raise PlanNotUsable(file=plan.path.name, why=why) from error
    except UnicodeDecodeError as error:  # texts that are none, or a message that quotes them
        raise PlanNotUsable(file=plan.path.name, why=DAMAGED) from error


def copy_plan(plan: Plan, to: Path) -> Path:
    """Copy the plan as it stands at one moment, others may go on writing; give the copy's path.

    `to` is a new file, or a folder that has none of the plan's name. The copy is one
    closed file that opens from a read-only medium too.

    Raises
    ------
    PlanNotUsable
        Such a file exists, it cannot be written, or the plan is damaged.
    """
    target = to / plan.path.name if to.is_dir() else to
    if target.exists():
        raise PlanNotUsable(file=target.name, why=THERE_ALREADY)
    half = target.with_name(target.name + ".part")
    try:
        _back_up(plan, half)
        for ending in ("-wal", "-shm"):  # left by another file of that name
            Path(f"{target}{ending}").unlink(missing_ok=True)
        half.replace(target)
    except OSError as error:
        if isinstance(error, PlanNotUsable | PlanLocked):
            raise
        raise PlanNotUsable(file=target.name, why=NOT_WRITABLE) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return target


def plan_bytes(plan: Plan) -> bytes:
    """Give a consistent copy of the plan as bytes, for a download."""
    with tempfile.TemporaryDirectory() as folder:
        return copy_plan(plan, Path(folder)).read_bytes()


def _back_up(plan: Plan, half: Path) -> None:
    half.unlink(missing_ok=True)
    copy = Plan(half, plan.author, plan.wait_s)
    with reading(plan) as source, explained(copy), closing(sqlite3.connect(half)) as target:
        source.backup(target)
        if target.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise PlanNotUsable(file=plan.path.name, why=DAMAGED)
        target.execute("PRAGMA journal_mode=DELETE")


def _connect(plan: Plan) -> sqlite3.Connection:
    """Connect to a file that exists; one that has vanished is never made anew."""
    connection = sqlite3.connect(
        f"{plan.path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=plan.wait_s,
        isolation_level=None,
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_file(plan: Plan) -> None:
    """Make an empty file if there is none, and wait for another process that just did."""
    try:
        plan.path.parent.mkdir(parents=True, exist_ok=True)
        plan.path.touch(exist_ok=False)
    except FileExistsError:
        until = time.monotonic() + min(plan.wait_s, 1.0)
        while _is_empty(plan):
            if time.monotonic() > until:
                raise PlanNotUsable(file=plan.path.name, why=EMPTY) from None
            time.sleep(0.01)
    except OSError as error:
        raise PlanNotUsable(file=plan.path.name, why=NOT_WRITABLE) from error


def _is_empty(plan: Plan) -> bool:
    if not plan.path.is_file():
        raise PlanNotUsable(file=plan.path.name, why=NOT_A_PLAN)
    return plan.path.stat().st_size == 0


def _judge(connection: sqlite3.Connection, plan: Plan) -> None:
    """Refuse a file that is damaged, of another program, or of a newer version."""
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise PlanNotUsable(file=plan.path.name, why=DAMAGED)
    connection.execute("BEGIN")
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("COMMIT")
    if mark != APPLICATION_ID and (mark or version or tables):
        raise PlanNotUsable(file=plan.path.name, why=NOT_A_PLAN)
    if version > len(MIGRATIONS):
        raise PlanTooNew(file=plan.path.name, found=version, known=len(MIGRATIONS))


def _use_wal(connection: sqlite3.Connection, plan: Plan) -> None:
    """Turn on the write-ahead journal once; SQLite does not wait for others here, so we do."""
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    until = time.monotonic() + plan.wait_s
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            break
    if mode != "wal":  # a network drive without shared memory; changes are as safe, only slower
        log.warning("%s: the disk has no write-ahead journal, %s is used", plan.path.name, mode)


def _migrate(connection: sqlite3.Connection, plan: Plan) -> None:
    """Take the steps that the file has not been through, all or none."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()  # another may have been first
    if version > len(MIGRATIONS):
        raise PlanTooNew(file=plan.path.name, found=version, known=len(MIGRATIONS))
    for statement in (sql for step in MIGRATIONS[version:] for sql in step):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
    connection.execute("COMMIT")
