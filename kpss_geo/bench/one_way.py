"""One way on one case, in a process of its own: its memory is its own, and it can be ended.

`python -m kpss_geo.bench.one_way FOLDER WAY REPEATS` reads `case.npz` of the folder (and
`farthest.npy`: the longest way of each type in ms, once it is known). It writes
`WAY.json` anew after each step and at the end the milliseconds it found, `WAY.npy`.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from kpss_geo.bench import rivals
from kpss_geo.bench.rivals import Kinds, Search
from kpss_geo.bench.road_cases import load

NO_WAY: Final = np.iinfo(np.int32).max
"""Milliseconds stored where there is no way."""

REPEAT_S: Final = 40.0
"""Seconds within which searches are repeated; longer ones are made once, on fewer types."""

ALWAYS_ALL: Final = "scipy"
"""The way all others are compared with is asked for all types however long it takes."""

T = TypeVar("T")


@dataclass(frozen=True)
class Measured:
    """Seconds to prepare, and of each repeat for the types it was measured on.

    `peak_mib` is the most memory the process had until its last search ended.
    """

    prepare_s: float
    seconds: tuple[float, ...] = ()
    kinds: tuple[int, ...] = ()
    peak_mib: float = float("nan")


def measure(folder: Path, name: str, *, repeats: int) -> None:
    """Make a case ready for a way and search, as often as there is time for."""
    way, case = rivals.WAYS[name], load(folder / "case.npz")
    known = folder / "farthest.npy"
    farthest = np.load(known) if known.is_file() else np.zeros(case.types)
    importlib.import_module(way.package)
    rivals.warm(way)
    prepare_s, search = _timed(lambda: way.prepare(case, farthest))
    state = Measured(prepare_s)
    _write(folder / f"{name}.json", state)
    probe_s, found = _timed(lambda: search.ask([case.types // 2]))
    kinds = _kinds(search, case.types, probe_s * repeats, everything=name == ALWAYS_ALL)
    seconds = (probe_s,) if len(kinds) == 1 else ()
    state = replace(state, kinds=tuple(kinds), seconds=seconds, peak_mib=_peak_mib())
    while len(state.seconds) < repeats and _is_time(state, everything=name == ALWAYS_ALL):
        found = None  # or two answers would be in memory at once
        taken, found = _timed(lambda: search.ask(kinds))
        state = replace(state, seconds=(*state.seconds, taken), peak_mib=_peak_mib())
        _write(folder / f"{name}.json", state)
    _write(folder / f"{name}.json", state)
    ms = search.ms(found)
    np.save(folder / f"{name}.npy", np.where(np.isfinite(ms), ms, NO_WAY).astype(np.int32))


def read(path: Path) -> Measured | None:
    """Give what was measured so far; None when not even the preparation ended."""
    if not path.is_file():
        return None
    return Measured(**json.loads(path.read_text(encoding="utf-8")))


def _kinds(search: Search, types: int, one_s: float, *, everything: bool) -> Kinds:
    """Types there is time for, when one takes `one_s` with all repeats."""
    choices = (list(range(types)), [0, types // 2, types - 1], [types // 2])
    if search.at_once or everything:
        return choices[0]
    return next((kinds for kinds in choices if one_s * len(kinds) <= REPEAT_S), choices[-1])


def _is_time(state: Measured, *, everything: bool) -> bool:
    taken = state.seconds
    return everything or not taken or sum(taken) + max(taken) <= REPEAT_S


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _write(path: Path, state: Measured) -> None:
    half = path.with_suffix(".part")
    half.write_text(json.dumps(asdict(state)), encoding="utf-8")
    half.replace(path)


def _peak_mib() -> float:
    """Most memory of this process so far, where the system tells (Linux)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2], repeats=int(sys.argv[3]))
