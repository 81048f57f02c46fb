"""Ways to find the nearest place of every type from every node of a road graph.

Ours, scipy's, and those of igraph, networkx and pandana where they are installed. All
minimise whole milliseconds, towards the place.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kpss_geo.bench.road_cases import Case, synthetic
from kpss_geo.network.graph import DM_BITS, Floats, Ints

Kinds = list[int]

WORTH_THREADS: Final = 2_000_000
"""Numbers from which they are written faster by more than one thread."""


@dataclass(frozen=True)
class Search:
    """A graph made ready: `ask` searches for some types, `ms` reads the answer.

    `ms` gives milliseconds by type and node, infinite where there is no way. With
    `at_once` all types are always asked for together.
    """

    ask: Callable[[Kinds], Any]
    ms: Callable[[Any], Any]
    at_once: bool = False


@dataclass(frozen=True)
class Way:
    """One way: what it is called, the package it needs, how a case is made ready for it."""

    label: str
    package: str
    prepare: Callable[[Case, Floats], Search]


def warm(way: Way) -> None:
    """Let numba compile, or read what it compiled before, so that this is not measured."""
    if way.package == "numba":
        small = synthetic(400)
        way.prepare(small, np.zeros(0)).ask(list(range(small.types)))


def _floor(case: Case, _farthest: Floats) -> Search:
    """Write as many numbers as the answer has, in as many threads as there are processors."""
    shape = (case.arcs.count, case.types)
    threads = (os.cpu_count() or 1) if np.prod(shape) > WORTH_THREADS else 1

    def ask(_kinds: Kinds) -> NDArray[np.int32]:
        found = np.empty(shape, np.int32)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda part: part.fill(1), np.array_split(found, threads)))
        return found

    return Search(ask, lambda found: found.T, at_once=True)


def _minutes(case: Case, _farthest: Floats) -> Search:
    from kpss_geo.network.hierarchy import hierarchy_of  # noqa: PLC0415 - an optional extra
    from kpss_geo.network.sweep import FAR  # noqa: PLC0415

    hierarchy, seeds = hierarchy_of(case.arcs), case.seeds()

    def ms(blocks: NDArray[np.int32]) -> Floats:
        rows = np.concatenate(list(blocks), axis=1)[hierarchy.position, : case.types]
        return np.where(rows < FAR, rows, np.inf).T

    return Search(lambda _kinds: hierarchy.all_ms(seeds, backwards=True), ms, at_once=True)


def _whole(case: Case, _farthest: Floats) -> Search:
    from kpss_geo.network.graph import UNREACHED  # noqa: PLC0415
    from kpss_geo.network.hierarchy import hierarchy_of  # noqa: PLC0415 - an optional extra

    hierarchy, seeds, everywhere = hierarchy_of(case.arcs), case.seeds(), np.arange(case.arcs.count)

    def ask(_kinds: Kinds) -> tuple[Ints, NDArray[np.int32]]:
        return hierarchy.spread(seeds, everywhere, backwards=True, limit_ms=None)

    def ms(found: tuple[Ints, NDArray[np.int32]]) -> Floats:
        return np.where(found[0] < UNREACHED, found[0] >> DM_BITS, np.inf).T

    return Search(ask, ms, at_once=True)


def _scipy(case: Case, _farthest: Floats) -> Search:
    into = case.into()
    return Search(
        lambda kinds: [
            csgraph.dijkstra(into, indices=case.places(kind), min_only=True) for kind in kinds
        ],
        np.stack,
    )


def _ends(into: sparse.csr_array) -> tuple[Ints, Ints]:
    entries = into.tocoo()
    return entries.coords[0].astype(np.int64), entries.coords[1].astype(np.int64)


def _igraph(case: Case, _farthest: Floats) -> Search:
    import igraph  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415

    into, count = case.into(), case.arcs.count
    tail, head = _ends(into)
    # igraph has no search from many sources: one more vertex for each type leads to its places.
    edges = np.r_[np.c_[tail, head], np.c_[count + case.kind, case.node]]
    graph = igraph.Graph(count + case.types, edges, directed=True)
    weights = [*into.data.tolist(), *[0.0] * len(case.node)]
    return Search(
        lambda kinds: [graph.distances(source=count + kind, weights=weights) for kind in kinds],
        lambda found: np.array([rows[0][:count] for rows in found]),
    )


def _networkx(case: Case, _farthest: Floats) -> Search:
    import networkx as nx  # noqa: PLC0415

    graph = nx.from_scipy_sparse_array(case.into(), create_using=nx.DiGraph)

    def ms(found: list[dict[int, float]]) -> Floats:
        rows = np.full((len(found), case.arcs.count), np.inf)
        for row, lengths in zip(rows, found, strict=True):
            row[list(lengths)] = list(lengths.values())
        return rows

    return Search(
        lambda kinds: [
            nx.multi_source_dijkstra_path_length(graph, set(case.places(kind).tolist()))
            for kind in kinds
        ],
        ms,
    )


def _pandana(case: Case, farthest: Floats) -> Search:
    import pandana  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    into = case.into()
    head, tail = _ends(into)
    # It finds the node of a place by coordinates; these tell all nodes apart.
    x, y = pd.Series(np.arange(case.arcs.count, dtype=float)), pd.Series(np.zeros(case.arcs.count))
    # It keeps thousandths of the unit in 32 bits and cuts off the rest: of seconds these
    # are whole milliseconds, safe from rounding by half of one.
    seconds = pd.DataFrame({"seconds": (into.data + 0.5) / 1000})
    network = pandana.Network(x, y, pd.Series(tail), pd.Series(head), seconds, twoway=False)

    def nearest(kind: int) -> Any:
        # It needs a limit, and takes longer with a larger one: the longest way there is.
        far, places = farthest[kind] / 1000 + 1, case.places(kind)
        network.set_pois("places", far, 1, x[places], y[places])
        return network.nearest_pois(far, "places", num_pois=1)

    return Search(
        lambda kinds: [nearest(kind) for kind in kinds],
        lambda found: np.stack([np.rint(table[1].to_numpy() * 1000) for table in found]),
    )


WAYS: Final = {
    "floor": Way("floor: writing", "numpy", _floor),
    "minutes": Way("kpss_geo, minutes", "numba", _minutes),
    "whole": Way("… with metres, place", "numba", _whole),
    "scipy": Way("scipy dijkstra", "scipy", _scipy),
    "igraph": Way("igraph", "igraph", _igraph),
    "networkx": Way("networkx", "networkx", _networkx),
    "pandana": Way("pandana", "pandana", _pandana),
}
"""In this order: scipy's answer is what the others are compared with."""
