"""Graphs with places of many types on their nodes, to measure searches on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from kpss_geo.network.graph import DM_BITS, Arcs, Ints, make_arcs
from kpss_geo.network.search import Seeds

TYPES: Final = 33
LEAST_PLACES, MOST_PLACES = 50, 1_000
JUNCTIONS: Final = 1_000_000
ROADS_PER_JUNCTION: Final = 1.3
SPACING_M: Final = 120.0
KMH: Final = (30.0, 50.0, 90.0)
SEED: Final = 2026


@dataclass(frozen=True)
class Case:
    """Arcs between nodes, and the node and the type of every place.

    `title` says which roads they are, `made_up` what of it is not real.
    """

    title: str
    made_up: str
    arcs: Arcs
    node: Ints
    kind: Ints
    types: int

    def places(self, kind: int) -> Ints:
        """Nodes of the places of a type."""
        found: Ints = self.node[self.kind == kind]
        return found

    def seeds(self) -> Seeds:
        """Give all places as beginnings of searches, one search for each type."""
        count = len(self.node)
        return Seeds(self.node, np.zeros(count, np.int64), self.kind, np.arange(count), self.types)

    def into(self) -> sparse.csr_array:
        """Milliseconds of the arcs, turned round: ways from places are then ways to them."""
        ms = (self.arcs.cost >> DM_BITS).astype(np.float64)
        shape = (self.arcs.count, self.arcs.count)
        return sparse.csr_array((ms, self.arcs.head, self.arcs.start), shape=shape).T.tocsr()


def synthetic(junctions: int) -> Case:
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
    kept = np.isin(tail * junctions + head, _keys(tree, junctions))
    more = round(junctions * ROADS_PER_JUNCTION) - int(kept.sum())
    kept[rng.choice(np.flatnonzero(~kept), more, replace=False)] = True
    tail, head, metres = tail[kept], head[kept], metres[kept]
    ms = np.maximum(np.rint(metres * 3600 / rng.choice(KMH, len(metres))), 1).astype(np.int64)
    cost = (ms << DM_BITS) | np.rint(metres * 10).astype(np.int64)
    both = (np.r_[tail, head], np.r_[head, tail], np.r_[cost, cost])
    return with_drawn_places("synthetic", "roads and places", make_arcs(*both, count=junctions))


def with_drawn_places(title: str, made_up: str, arcs: Arcs) -> Case:
    """Put `TYPES` types of places on nodes drawn at random, of each type more than of the last."""
    rng = np.random.default_rng(SEED)
    most = max(min(MOST_PLACES, arcs.count // 10), LEAST_PLACES)
    sizes = np.minimum(np.linspace(LEAST_PLACES, most, TYPES).astype(int), arcs.count)
    node = np.concatenate([rng.choice(arcs.count, size, replace=False) for size in sizes])
    kind = np.repeat(np.arange(TYPES), sizes)
    return Case(title, made_up, arcs, node, kind, TYPES)


def save(case: Case, path: Path) -> None:
    """Write a case for another process."""
    arcs = case.arcs
    np.savez(
        path,
        text=np.array([case.title, case.made_up]),
        types=np.array(case.types),
        start=arcs.start,
        head=arcs.head,
        cost=arcs.cost,
        node=case.node,
        kind=case.kind,
    )


def load(path: Path) -> Case:
    """Read a case that another process wrote."""
    with np.load(path, allow_pickle=False) as stored:
        title, made_up = map(str, stored["text"])
        arcs = Arcs(stored["start"], stored["head"], stored["cost"])
        return Case(title, made_up, arcs, stored["node"], stored["kind"], int(stored["types"]))


def _keys(matrix: sparse.csr_array, count: int) -> Ints:
    entries = matrix.tocoo()
    a, b = entries.coords[0].astype(np.int64), entries.coords[1].astype(np.int64)
    return np.minimum(a, b) * count + np.maximum(a, b)
