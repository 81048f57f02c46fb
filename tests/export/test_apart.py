"""Outputs made in a process of their own: the same files, errors that arrive, nothing left."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from kpss_geo import export
from kpss_geo.errors import CannotWrite, ExportEnded, FileNotUsable
from kpss_geo.export import apart


class Watch:
    """Keeps what was told."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.shares: list[float] = []
        self.stop_after = stop_after

    def __call__(self, share: float, _step: str, _count: int) -> None:
        self.shares.append(share)
        if len(self.shares) > self.stop_after:
            raise KeyboardInterrupt


class Bomb:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (3,)


def _running() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "kpss_geo.export.apart" in text and f"{os.sep}job" in text:
            found.append(text)
    return found


def test_the_files_are_those_that_are_made_here(one_obec, tmp_path):
    watch = Watch()
    there = apart.write_apart(one_obec, tmp_path / "a", outputs=["csv", "hsds"], tell=watch)
    here = export.write(one_obec, tmp_path / "b", outputs=["csv", "hsds"])
    assert [p.name for p in there] == [p.name for p in here]
    for mine, other in zip(there, here, strict=True):
        assert mine.read_bytes() == other.read_bytes()
    large = apart.write_apart(
        replace(one_obec, answers=one_obec.answers[:1]),
        tmp_path / "c",
        outputs=["maps"],
        size="a3",
        tell=Watch(),
    )
    assert all("a3" in path.name for path in large)
    assert watch.shares == sorted(watch.shares)
    assert 0.0 <= watch.shares[0] < watch.shares[-1] < 1.0


def test_an_error_arrives_as_it_is(one_obec, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWrite) as caught:
        apart.write_apart(one_obec, tmp_path / "out", outputs=["csv"], tell=Watch())
    assert caught.value.fields["file"].endswith(".csv")
    bad = tmp_path / "vzor.docx"
    bad.write_text("no document")
    with pytest.raises(FileNotUsable, match=r"vzor\.docx"):
        apart.write_apart(one_obec, tmp_path / "b", outputs=["sheets"], template=bad, tell=Watch())


def test_a_process_that_dies_is_told(tmp_path):
    with pytest.raises(ExportEnded):
        apart.write_apart(Bomb(), tmp_path, outputs=["csv"], tell=Watch())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
def test_whoever_goes_away_ends_the_work(one_obec, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        apart.write_apart(one_obec, tmp_path, outputs=["csv", "maps"], tell=Watch(stop_after=3))
    assert _running() == []
    apart.write_apart(one_obec, tmp_path, outputs=["hsds"], tell=Watch())  # the turn is free again


def test_two_at_once_wait_for_each_other_and_keep_apart(one_obec, bundled, tmp_path):
    made: dict[str, list[Path]] = {}

    def go(name, bundle):
        made[name] = apart.write_apart(bundle, tmp_path / name, outputs=["hsds"], tell=Watch())

    jobs = {"one": one_obec, "two": bundled("sluknovsko")}
    threads = [threading.Thread(target=go, args=job) for job in jobs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for name, bundle in jobs.items():
        assert [p.parent.name for p in made[name]] == [name]
        assert bundle.territory.name in made[name][0].read_text(encoding="utf-8").replace(
            '\\"', '"'
        )
