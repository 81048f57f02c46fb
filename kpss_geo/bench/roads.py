"""Nearest place of every type by road from every node, next to what people use now.

Every way (`rivals`) works on the same graph in a process of its own, one after another,
so its memory is its own and one that takes too long can be ended. What takes long is
measured on fewer types and scaled to all; the table says on how many and how often.
Every answer is compared with scipy's on all nodes. Needs the extra `roads`.
"""

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

import kpss_geo
from kpss_geo.bench import one_way, real_cases, road_cases
from kpss_geo.bench.one_way import NO_WAY, Measured
from kpss_geo.bench.rivals import WAYS
from kpss_geo.bench.road_cases import Case
from kpss_geo.dataset import Data

LIMIT_S: Final = 300.0
"""Seconds after which a way is ended."""

WIDTH: Final = 110

LEGEND: Final = f"""\
Seconds are for all types; measured on fewer they are scaled to all. "floor" only writes
as many numbers as the answer has. MiB is the most memory of a process that does this
alone; the floor's is Python, the case and the numbers. "off" is the largest difference
from scipy on any node. Each way is ended after {LIMIT_S:.0f} s; up to {one_way.REPEAT_S:.0f} s are
spent on repeats. Only kpss_geo and pandana use more than one processor."""


@dataclass(frozen=True)
class Row:
    """What was measured of a way, and how its answer differs from scipy's.

    `measured` is None when not even the preparation ended. `ended` says why there is no
    more, and is empty when all went well. `off_ms` is None where there is nothing to compare.
    """

    measured: Measured | None
    ended: str
    off_ms: int | None


def run(
    data: Data,
    *,
    roads: Path | None = None,
    osm: Path | None = None,
    junctions: int = road_cases.JUNCTIONS,
    repeats: int = 5,
) -> None:
    """Print tables for the extract, for the road table, and for made-up roads."""
    console = Console(width=WIDTH)
    console.print(_machine(), LEGEND, sep="\n")
    for case in _cases(data, roads, osm, junctions):
        console.print(f"\nload before: {_load()}")
        _print(console, case, measure(case, repeats=repeats))
        console.print(f"load after: {_load()}")


def measure(case: Case, *, repeats: int, limit_s: float = LIMIT_S) -> dict[str, Row]:
    """Measure every way that is installed on one case."""
    found = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        road_cases.save(case, folder / "case.npz")
        for key, way in WAYS.items():
            if find_spec(way.package):
                ended = _in_own_process(folder, key, repeats, limit_s)
                found[key] = Row(one_way.read(folder / f"{key}.json"), ended, None)
            if key == "scipy" and not ended:
                ms = np.load(folder / "scipy.npy")
                np.save(folder / "farthest.npy", np.where(ms < NO_WAY, ms, 0).max(axis=1))
        return {key: replace(row, off_ms=_off_ms(folder, key, row)) for key, row in found.items()}


def _cases(data: Data, roads: Path | None, osm: Path | None, junctions: int) -> Iterator[Case]:
    if osm is not None:
        yield real_cases.extract(osm)
    if roads is not None:
        yield real_cases.country(roads, data)
    yield road_cases.synthetic(junctions)


def _in_own_process(folder: Path, way: str, repeats: int, limit_s: float) -> str:
    """Measure one way; say how that ended when it did not end well."""
    command = [sys.executable, "-m", one_way.__name__, str(folder), way, str(repeats)]
    here = str(Path(kpss_geo.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(  # noqa: S603 - this Python, this package
            command,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,  # pandana talks
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done in {limit_s:.0f} s"
    return "failed" if done.returncode else ""


def _off_ms(folder: Path, way: str, row: Row) -> int | None:
    """Largest difference from scipy's answer on any node, for the types that were measured."""
    ours, theirs = folder / f"{way}.npy", folder / "scipy.npy"
    if row.measured is None or way == "floor" or not (ours.is_file() and theirs.is_file()):
        return None
    expected = np.load(theirs, mmap_mode="r")[list(row.measured.kinds)].astype(np.int64)
    return int(np.abs(expected - np.load(ours)).max())


def _seconds(row: Row, types: int) -> list[float]:
    """Seconds of each repeat, for all types."""
    if row.measured is None:
        return []
    return [taken * types / len(row.measured.kinds) for taken in row.measured.seconds]


def _print(console: Console, case: Case, found: dict[str, Row]) -> None:
    console.print(
        f"{case.title}: {case.arcs.count} nodes, {len(case.arcs.head)} arcs, "
        f"{case.types} types, {len(case.node)} places; made up: {case.made_up}"
    )
    names = ("way", "prepare s", "median s", "least s", "× ours", "types × times", "MiB", "off, ms")
    table = Table(*names, box=None)
    ours = _seconds(found["minutes"], case.types)
    base = statistics.median(ours) if ours else float("nan")
    for key, row in found.items():
        table.add_row(WAYS[key].label, *_cells(row, case.types, base))
    console.print(table)


def _cells(row: Row, types: int, base: float) -> list[str]:
    """Figures of a row; where there are none, why."""
    seconds, measured = _seconds(row, types), row.measured
    if measured is None:
        return [row.ended]
    prepared = _short(measured.prepare_s)
    if not seconds:
        return [prepared, row.ended]
    median = statistics.median(seconds)
    return [
        prepared,
        _short(median),
        _short(min(seconds)),
        _short(median / base),
        f"{len(measured.kinds)} × {len(seconds)} {row.ended}",
        f"{measured.peak_mib:.0f}",
        "" if row.off_ms is None else str(row.off_ms),
    ]


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _machine() -> str:
    """Say what this was measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    processor = next(named, platform.processor())
    return f"{processor}, {os.cpu_count()} processors, {platform.system()}"


def _load() -> str:
    """Say how many processes wanted a processor in the last minute, where the system tells."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "not known"
