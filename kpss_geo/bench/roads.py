"""Nearest place of every type from every junction, next to what people use now.

All run in one process on the same graph, with whole milliseconds as weights: the sweep
over a hierarchy (`kpss_geo.network.hierarchy`), scipy's Dijkstra, and igraph, networkx
and pandana where they are installed. Ours is compared with scipy on all junctions and
types. What takes long is measured on the first types and scaled to all; the table says
on how many. Needs the extra `roads`.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy import sparse
from scipy.sparse import csgraph

from kpss_geo.bench import rivals
from kpss_geo.network.graph import DM_BITS, Arcs, Floats, Ints, arcs_of, build, make_arcs
from kpss_geo.network.hierarchy import Hierarchy, hierarchy_of
from kpss_geo.network.search import Seeds
from kpss_geo.network.sweep import FAR
from kpss_geo.sources.roads_table import read_roads_table

TYPES = 33
LEAST_PLACES, MOST_PLACES = 50, 1_000
JUNCTIONS, ROADS = 1_000_000, 1_300_000
SPACING_M = 120.0
KMH = (30.0, 50.0, 90.0)
SEED = 2026
LONG_S = 20.0
"""A way that takes longer for all types is measured once, on the first types only."""


@dataclass(frozen=True)
class _Case:
    """A graph, the places of all types on it, and the hierarchy made from it."""

    arcs: Arcs
    x: Floats
    y: Floats
    seeds: Seeds
    hierarchy: Hierarchy

    def places(self, kind: int) -> Ints:
        found: Ints = self.seeds.node[self.seeds.group == kind]
        return found


@dataclass(frozen=True)
class _Time:
    """Seconds for all types, and on how many types they were measured."""

    seconds: list[float]
    types: int
    build_s: float = 0.0


def run(*, roads_file: Path | None = None, repeats: int = 5, junctions: int = JUNCTIONS) -> None:
    """Time all ways on a synthetic road-like graph and on a road table, when one is given."""
    console = Console()
    _report("synthetic", *synthetic(junctions), repeats=repeats, console=console)
    if roads_file is not None:
        graph, _ = build(read_roads_table(roads_file))
        name = roads_file.name
        _report(name, arcs_of(graph), graph.node_x, graph.node_y, repeats=repeats, console=console)


def synthetic(junctions: int) -> tuple[Arcs, Floats, Floats]:
    """Give a road-like graph: a crooked lattice, its least spanning tree and some links more.

    Two-way roads, 1.3 to a junction, so most junctions have two or three of them.
    """
    rng = np.random.default_rng(SEED)
    side = int(np.ceil(np.sqrt(junctions)))
    row, column = np.divmod(np.arange(junctions), side)
    x, y = ((v + rng.uniform(-0.4, 0.4, junctions)) * SPACING_M for v in (column, row))
    node = np.arange(junctions)
    right, below = node[(column < side - 1) & (node + 1 < junctions)], node[: junctions - side]
    tail = np.r_[right, below]
    head = np.r_[right + 1, below + side]
    metres = np.hypot(x[tail] - x[head], y[tail] - y[head])
    shape = (junctions, junctions)
    tree = csgraph.minimum_spanning_tree(sparse.csr_array((metres, (tail, head)), shape=shape))
    spanned = np.isin(tail * junctions + head, _keys(tree, junctions))
    more = round(junctions * ROADS / JUNCTIONS) - int(spanned.sum())
    spanned[rng.choice(np.flatnonzero(~spanned), more, replace=False)] = True
    tail, head, metres = tail[spanned], head[spanned], metres[spanned]
    ms = np.maximum(np.rint(metres * 3600 / rng.choice(KMH, len(metres))), 1).astype(np.int64)
    cost = (ms << DM_BITS) | np.rint(metres * 10).astype(np.int64)
    both = (np.r_[tail, head], np.r_[head, tail], np.r_[cost, cost])
    return make_arcs(*both, count=junctions), x, y


def _keys(matrix: sparse.csr_array, count: int) -> Ints:
    entries = matrix.tocoo()
    a, b = entries.coords[0].astype(np.int64), entries.coords[1].astype(np.int64)
    return np.minimum(a, b) * count + np.maximum(a, b)


def _seeds(count: int) -> Seeds:
    rng = np.random.default_rng(SEED)
    sizes = np.linspace(LEAST_PLACES, min(MOST_PLACES, count // 10), TYPES).astype(int)
    node = np.concatenate([rng.choice(count, size, replace=False) for size in sizes])
    group = np.repeat(np.arange(TYPES), sizes)
    return Seeds(node, np.zeros(len(node), np.int64), group, np.arange(len(node)), TYPES)


def _report(name: str, arcs: Arcs, x: Floats, y: Floats, *, repeats: int, console: Console) -> None:
    hierarchy_of(_tiny()[0])  # numba compiles, or reads what it compiled before
    started = time.perf_counter()
    hierarchy = hierarchy_of(arcs)
    prepared = time.perf_counter() - started
    case = _Case(arcs, x, y, _seeds(arcs.count), hierarchy)
    case.hierarchy.all_ms(case.seeds, backwards=True)
    everywhere = np.arange(arcs.count)
    times = {
        "floor: writing the results": _timed(lambda: _floor(arcs.count), repeats),
        "kpss_geo: minutes": _timed(
            lambda: case.hierarchy.all_ms(case.seeds, backwards=True), repeats, prepared
        ),
        "kpss_geo: minutes, metres, place": _timed(
            lambda: case.hierarchy.spread(case.seeds, everywhere, backwards=True, limit_ms=None),
            repeats,
            prepared,
        ),
    }
    peak = _peak_mb()
    into = sparse.csr_array(
        ((arcs.cost >> DM_BITS).astype(np.float64), arcs.head, arcs.start),
        shape=(arcs.count, arcs.count),
    ).T.tocsr()
    times["scipy: dijkstra(min_only=True)"] = _each(lambda kind: _scipy(into, case, kind), repeats)
    blocks = case.hierarchy.all_ms(case.seeds, backwards=True)
    farthest = float(blocks[blocks < FAR].max())
    for rival in rivals.installed(into, x, y, farthest_ms=farthest):
        times[rival.name] = _each(
            lambda kind, rival=rival: rival.nearest(case.places(kind)),  # type: ignore[misc]
            repeats,
            rival.build_s,
        )
    same = _equal(case, into)
    _print(console, name, case, times, peak_mb=peak, same=same)


def _tiny() -> tuple[Arcs, Floats, Floats]:
    return synthetic(100)


def _floor(count: int) -> NDArray[np.int32]:
    return np.full((count, TYPES), FAR, np.int32)


def _scipy(into: sparse.csr_array, case: _Case, kind: int) -> Floats:
    return np.asarray(csgraph.dijkstra(into, indices=case.places(kind), min_only=True))


def _equal(case: _Case, into: sparse.csr_array) -> bool:
    """Whether the sweep gives what scipy gives, on all junctions for all types."""
    blocks = case.hierarchy.all_ms(case.seeds, backwards=True)
    for kind in range(TYPES):
        block, column = divmod(kind, blocks.shape[2])
        ours = blocks[block, :, column][case.hierarchy.position].astype(np.float64)
        ours[ours >= FAR] = np.inf
        if not np.array_equal(ours, _scipy(into, case, kind)):
            return False
    return True


def _timed(work: Callable[[], object], repeats: int, build_s: float = 0.0) -> _Time:
    return _Time([_once(work) for _ in range(repeats)], TYPES, build_s)


def _each(work: Callable[[int], object], repeats: int, build_s: float = 0.0) -> _Time:
    """Time a search for one type after another; only some types when one takes long."""
    middle = TYPES // 2
    one = _once(lambda: work(middle))
    types = TYPES if one * TYPES <= LONG_S else 3
    if one * types > LONG_S:
        return _Time([one * TYPES], 1, build_s)
    chosen = range(TYPES) if types == TYPES else (0, middle, TYPES - 1)
    whole = [sum(_once(lambda k=k: work(k)) for k in chosen) for _ in range(repeats)]  # type: ignore[misc]
    return _Time([seconds * TYPES / types for seconds in whole], types, build_s)


def _once(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak_mb() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _print(
    console: Console,
    name: str,
    case: _Case,
    times: dict[str, _Time],
    *,
    peak_mb: float,
    same: bool,
) -> None:
    title = (
        f"{name}: {case.arcs.count:,} junctions, {len(case.arcs.head):,} arcs, "
        f"{TYPES} types, {len(case.seeds.node):,} places".replace(",", " ")
    )
    table = Table("way", "prepare s", "median s", "least s", "× ours", "types", title=title)
    ours = statistics.median(times["kpss_geo: minutes"].seconds)
    for label, taken in times.items():
        median = statistics.median(taken.seconds)
        table.add_row(
            label,
            f"{taken.build_s:.1f}" if taken.build_s else "",
            f"{median:.3f}",
            f"{min(taken.seconds):.3f}",
            f"{median / ours:.1f}",
            str(taken.types),
        )
    console.print(table)
    console.print(
        f"The sweep equals scipy on all junctions and types: {'yes' if same else 'NO'}. "
        f"Peak memory before the others ran: {peak_mb:,.0f} MB. "
        f"Threads of ours and of pandana: {numba.get_num_threads()}; of the others: 1.".replace(
            ",", " "
        )
    )
