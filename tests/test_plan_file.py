"""The plan file: opened, refused, copied; killed and crowded, it loses nothing acknowledged."""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing import forkserver
from pathlib import Path

import pytest

from kpss_geo import plan
from kpss_geo.errors import KpssGeoError, PlanLocked, PlanNotUsable, PlanTooNew
from kpss_geo.plan import file, migrations
from kpss_geo.plan.records import SERVED, read
from kpss_geo.text import Words

import plan_writers
from facts import REPOSITORY

CS = Words("cs")
POSIX = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")


@pytest.fixture(scope="module")
def processes():
    """Start processes from a server that has everything loaded: each takes milliseconds."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["plan_writers"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(REPOSITORY)]))
        forkserver.ensure_running()
    return context


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "plan.sqlite"


@pytest.fixture
def opened(path) -> plan.Plan:
    return plan.open_plan(path, author="koordinátorka")


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def check_whole(path: Path) -> None:
    with closing(raw(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.usefixtures("opened")
def test_a_new_plan_is_one_file_in_the_newest_form(path):
    with closing(raw(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations.MIGRATIONS),)
        assert connection.execute("PRAGMA application_id").fetchone() == (file.APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert [p.name for p in path.parent.iterdir()] == ["plan.sqlite"]


def test_every_connection_writes_through_to_the_disk(opened):
    with file.reading(opened) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_without_a_file_none_is_made(path):
    assert plan.find_plan(path) is None
    assert not path.exists()


def test_author_not_said(path):
    assert plan.open_plan(path, author="  ").author == "neuvedeno"


def test_copying_the_file_copies_the_plan(opened, path, tmp_path):
    plan.state_served(opened, [("s-1", "562777", True)])
    other = tmp_path / "usb.sqlite"
    shutil.copyfile(path, other)
    assert list(plan.served(plan.open_plan(other))["service_id"]) == ["s-1"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "prázdný"),
        (b"code;name\n562777;Rumburk\n" * 200, "není to soubor plánu"),
        (b"PK\x03\x04" + b"\0" * 3000, "není to soubor plánu"),
    ],
)
def test_what_is_no_plan_is_refused_and_left_alone(path, content, says):
    path.write_bytes(content)
    with pytest.raises(PlanNotUsable) as stop:
        plan.open_plan(path)
    assert says in CS.say(stop.value)
    assert path.read_bytes() == content


def test_a_folder_is_no_plan(tmp_path):
    with pytest.raises(PlanNotUsable):
        plan.open_plan(tmp_path)


def test_a_file_of_another_program_is_refused_and_left_alone(path):
    with closing(raw(path)) as connection:
        connection.execute("CREATE TABLE layer_styles (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(PlanNotUsable, match="not a plan file"):
        plan.open_plan(path)
    assert path.read_bytes() == before


def test_a_damaged_plan_is_refused(opened, path):
    plan.state_served(opened, [(f"s-{n}", "562777", True) for n in range(3_000)], note="x" * 40)
    content = bytearray(path.read_bytes())
    for at in range(8_192, len(content), 4_096):
        content[at : at + 64] = os.urandom(64)
    path.write_bytes(content)
    with pytest.raises(PlanNotUsable) as stop:
        plan.open_plan(path)
    assert "poškozený" in CS.say(stop.value)
    assert bytes(content) == path.read_bytes()


def test_a_plan_cut_short_is_refused(opened, path):
    plan.state_served(opened, [(f"s-{n}", "562777", True) for n in range(500)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(PlanNotUsable):
        plan.open_plan(path)


def test_damage_never_ends_in_a_traceback(opened, path):
    """Whatever bytes are turned over, an error says so or the plan opens and reads."""
    plan.state_served(opened, [(f"s-{n}", "562777", True) for n in range(200)])
    whole = path.read_bytes()
    chance = random.Random(20261122)
    said = []
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            again = plan.open_plan(path, wait_s=0.2)
            plan.served(again)
            plan.history(again)
        except KpssGeoError as error:
            said.append(CS.say(error))
    assert said
    assert all("plan.sqlite" in sentence for sentence in said)


@pytest.mark.usefixtures("opened")
def test_a_file_of_a_newer_program_is_refused_and_left_alone(path):
    with closing(raw(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(PlanTooNew, match="999"):
        plan.open_plan(path)
    assert path.read_bytes() == before


def test_a_file_that_vanished_is_never_made_anew(opened, path):
    path.unlink()
    with pytest.raises(PlanNotUsable, match="does not exist"):
        plan.served(opened)
    with pytest.raises(PlanNotUsable):
        plan.state_served(opened, [("s", "562777", True)])
    assert not path.exists()


def test_an_older_file_moves_forward_and_keeps_what_it_holds(opened, path, monkeypatch):
    plan.state_served(opened, [("s-1", "562777", True)], note="ústně")
    step = (
        "ALTER TABLE served ADD COLUMN since TEXT",
        "CREATE TABLE later_things (id INTEGER) STRICT",
    )
    monkeypatch.setattr(file, "MIGRATIONS", (*migrations.MIGRATIONS, step))
    again = plan.open_plan(path)
    assert plan.served(again)["note"].tolist() == ["ústně"]
    with closing(raw(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(file.MIGRATIONS),)
        assert connection.execute("SELECT count(*) FROM later_things").fetchone() == (0,)
    monkeypatch.undo()
    with pytest.raises(PlanTooNew):
        plan.open_plan(path)


@pytest.mark.usefixtures("opened")
def test_a_step_that_fails_leaves_the_file_as_it_was(path, monkeypatch):
    step = ("CREATE TABLE later_things (id INTEGER) STRICT", "CREATE TABLE served (id INTEGER)")
    monkeypatch.setattr(file, "MIGRATIONS", (*migrations.MIGRATIONS, step))
    with pytest.raises(PlanNotUsable):
        plan.open_plan(path)
    monkeypatch.undo()
    with closing(raw(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert "later_things" not in names
    assert plan.open_plan(path)


@pytest.fixture
def not_root() -> Iterator[Path]:
    """A folder of somebody who is not root, whom rights to files do not bind otherwise."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    mine = os.geteuid()
    if mine == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    folder.chmod(0o755)
    os.seteuid(mine)
    shutil.rmtree(folder)


@POSIX
def test_a_disk_that_cannot_be_written(not_root):
    path = not_root / "plan.sqlite"
    opened = plan.open_plan(path)
    path.chmod(stat.S_IRUSR)
    not_root.chmod(stat.S_IRUSR | stat.S_IXUSR)
    for attempt in (
        lambda: plan.open_plan(path),
        lambda: plan.state_served(opened, [("s", "562777", True)]),
        lambda: plan.open_plan(not_root / "new.sqlite"),
        lambda: plan.copy_plan(opened, not_root / "copy.sqlite"),
    ):
        with pytest.raises(PlanNotUsable) as stop:
            attempt()
        assert "zkontrolujte práva" in CS.say(stop.value)


@POSIX
@pytest.mark.usefixtures("opened")
def test_locked_too_long_says_so(path, processes):
    ready, theirs = processes.Pipe()
    other = processes.Process(target=plan_writers.hold_the_lock, args=(path, theirs, 30))
    other.start()
    try:
        assert ready.poll(60), "the other process did not begin"
        assert ready.recv() == "held"
        hasty = plan.Plan(path, "spěchající", wait_s=0.2)
        start = time.monotonic()
        with pytest.raises(PlanLocked, match=r"plan\.sqlite"):
            plan.state_served(hasty, [("s", "562777", True)])
        assert time.monotonic() - start < 5
        assert plan.served(hasty).empty  # reading is never locked out
    finally:
        other.kill()
        other.join()
    plan.state_served(hasty, [("s", "562777", True)])


@POSIX
def test_a_killed_process_loses_nothing_it_acknowledged(opened, path, processes):
    chance = random.Random(562777)
    acknowledged: set[str] = set()
    start = 0
    rounds = 40
    for _ in range(rounds):
        listening, said = processes.Pipe(duplex=False)
        child = processes.Process(target=plan_writers.write_and_say, args=(path, start, said))
        child.start()
        said.close()
        numbers = [listening.recv()]
        time.sleep(chance.random() * 0.05)
        child.kill()
        with suppress(EOFError, OSError):
            while True:
                numbers.append(listening.recv())
        child.join()
        acknowledged |= {f"s-{number}" for number in numbers}
        start = numbers[-1] + 2  # the batch being written may have got in or not
    check_whole(path)
    held = plan.served(plan.open_plan(path))
    sizes = held.groupby("service_id").size()
    assert len(acknowledged) > rounds
    assert acknowledged <= set(sizes.index)
    assert set(sizes) == {plan_writers.BATCH}  # a batch is in whole or not at all
    assert len(sizes) <= len(acknowledged) + rounds
    assert len(plan.history(opened)) == len(held)


@POSIX
@pytest.mark.usefixtures("opened")
def test_right_after_the_kill_the_bare_file_holds_it_too(path, processes, tmp_path):
    """Acknowledged means folded into the one file, if nobody else had it open."""
    listening, said = processes.Pipe(duplex=False)
    child = processes.Process(target=plan_writers.write_and_say, args=(path, 0, said))
    child.start()
    said.close()
    numbers = [listening.recv() for _ in range(20)]
    child.kill()
    child.join()
    bare = tmp_path / "bare.sqlite"
    shutil.copyfile(path, bare)
    assert {f"s-{n}" for n in numbers} <= set(plan.served(plan.open_plan(bare))["service_id"])


@POSIX
def test_a_full_disk_is_said_and_loses_nothing(opened, path, processes):
    listening, said = processes.Pipe(duplex=False)
    child = processes.Process(target=plan_writers.fill_the_disk, args=(path, 300_000, said))
    child.start()
    said.close()
    heard = []
    try:
        while True:
            heard.append(listening.recv())
    except EOFError:
        child.join()
    assert "PlanNotUsable" in heard[-1]
    numbers = heard[:-1]
    assert len(numbers) > 10
    check_whole(path)
    assert {f"s-{n}" for n in numbers} <= set(plan.served(opened)["service_id"])


def test_two_processes_lose_no_update(opened, path, processes):
    start = plan.Threshold(1, "min", reason="začátek")
    plan.set_threshold(opened, type_code="13", form="pob", threshold=start)
    children = [processes.Process(target=plan_writers.add_one, args=(path, 40)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert plan.thresholds(opened, {})["13", "pob"].value == 1 + 3 * 40
    assert len(plan.history(opened)) == 1 + 3 * 40


def test_many_processes_write_at_once_without_a_lock_error(opened, path, processes):
    names = ["a", "b", "c", "d"]
    children = [
        processes.Process(target=plan_writers.write_own_rows, args=(path, name, 50))
        for name in names
    ]
    for child in children:
        child.start()
    while any(child.is_alive() for child in children):
        plan.served(opened)  # somebody reads all the time
    assert [child.exitcode for child in children] == [0] * 4
    assert len(plan.served(opened)) == 200
    check_whole(path)


def test_many_processes_make_the_plan_at_once(path, processes):
    for round_ in range(5):
        fresh = path.with_name(f"{round_}.sqlite")
        pipes = [processes.Pipe(duplex=False) for _ in range(4)]
        children = [
            processes.Process(target=plan_writers.open_it, args=(fresh, said)) for _, said in pipes
        ]
        for child in children:
            child.start()
        assert [listening.recv() for listening, _ in pipes] == ["ok"] * 4
        for child in children:
            child.join()


def test_many_threads_of_one_process(opened):
    faults = []

    def work(name: str) -> None:
        try:
            for number in range(20):
                plan.state_served(opened, [(f"{name}-{number}", "562777", True)])
                plan.served(opened)
        except Exception as error:  # noqa: BLE001 - asserted below
            faults.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(read(opened, SERVED)) == 120


def test_a_copy_is_consistent_while_others_write(opened, path, tmp_path, processes):
    child = processes.Process(target=plan_writers.write_own_rows, args=(path, "a", 60))
    child.start()
    seen = []
    while child.is_alive() and len(seen) < 20:
        copy = plan.copy_plan(opened, tmp_path / f"copy-{len(seen)}.sqlite")
        check_whole(copy)
        with closing(raw(copy)) as connection:
            (rows,) = connection.execute("SELECT count(*) FROM served").fetchone()
            (changes,) = connection.execute("SELECT count(*) FROM history").fetchone()
        assert rows == changes
        seen.append(rows)
    child.join()
    assert seen == sorted(seen)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("copy") and "-wal" in p.name]


def test_a_copy_opens_as_a_plan_and_stands_alone(opened, tmp_path):
    plan.state_served(opened, [("s-1", "562777", False)])
    folder = tmp_path / "usb"
    folder.mkdir()
    copy = plan.copy_plan(opened, folder)
    assert copy == folder / "plan.sqlite"
    assert [p.name for p in folder.iterdir()] == ["plan.sqlite"]
    assert plan.served(plan.open_plan(copy))["serves"].tolist() == [False]
    (tmp_path / "down.sqlite").write_bytes(plan.plan_bytes(opened))
    assert len(plan.served(plan.open_plan(tmp_path / "down.sqlite"))) == 1


def test_a_copy_never_overwrites(opened, path, tmp_path):
    there = tmp_path / "there.sqlite"
    there.write_text("mine")
    for target in (there, path, tmp_path):
        with pytest.raises(PlanNotUsable, match="exists already"):
            plan.copy_plan(opened, target)
    assert there.read_text() == "mine"


def test_the_journal_of_a_former_copy_does_not_get_into_the_new_one(opened, tmp_path):
    target = tmp_path / "copy.sqlite"
    Path(f"{target}-wal").write_bytes(os.urandom(5_000))
    plan.copy_plan(opened, target)
    assert plan.served(plan.open_plan(target)).empty


def test_a_copy_of_a_damaged_plan_is_not_made(opened, path, tmp_path):
    plan.state_served(opened, [(f"s-{n}", "562777", True) for n in range(3_000)])
    content = bytearray(path.read_bytes())
    for at in range(8_192, len(content), 4_096):
        content[at : at + 64] = os.urandom(64)
    path.write_bytes(content)
    with pytest.raises(PlanNotUsable, match="damaged"):
        plan.copy_plan(opened, tmp_path / "copy.sqlite")
    assert [p.name for p in tmp_path.iterdir()] == ["plan.sqlite"]
