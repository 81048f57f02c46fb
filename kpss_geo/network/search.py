"""Costs between spots and junctions over the whole graph: the plain search by scipy.

This is the reference. `hierarchy` gives the same costs and the same places, faster.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kpss_geo.network.graph import (
    DM_BITS,
    UNREACHED,
    Arcs,
    Floats,
    Ints,
    RoadGraph,
    arcs_of,
)

NO_LABEL: Final = np.iinfo(np.int32).max
"""Label of what no seed reaches."""


@dataclass(frozen=True)
class Seeds:
    """Where searches begin: junction, cost already spent, group, and whose seed it is.

    One search is made for each of `groups`; labels are not negative. Of seeds that reach
    a junction at the same cost the lowest label counts.
    """

    node: Ints
    cost: Ints
    group: Ints
    label: Ints
    groups: int


class Engine(Protocol):
    """Whatever can spread from seeds to junctions along a graph or against it."""

    def spread(
        self, seeds: Seeds, targets: Ints, *, backwards: bool, limit_ms: int | None
    ) -> tuple[Ints, NDArray[np.int32]]:
        """Least cost and its label for every target (rows) and group (columns).

        `backwards` searches against the arcs: costs from the target to the seed. What is
        farther than `limit_ms` is `UNREACHED` with `NO_LABEL`.
        """


@dataclass(frozen=True)
class Plain:
    """Dijkstra's search by scipy, one for each group from all its seeds at once."""

    forwards: Arcs
    backwards: Arcs

    def spread(
        self, seeds: Seeds, targets: Ints, *, backwards: bool, limit_ms: int | None
    ) -> tuple[Ints, NDArray[np.int32]]:
        """See `Engine.spread`."""
        arcs = self.backwards if backwards else self.forwards
        cost = np.full((len(targets), seeds.groups), UNREACHED, np.int64)
        label = np.full((len(targets), seeds.groups), NO_LABEL, np.int32)
        limit = np.inf if limit_ms is None else float(((limit_ms + 1) << DM_BITS) - 1)
        usable = np.flatnonzero(seeds.cost < UNREACHED)
        with_seeds = _with_seeds(arcs, seeds.node[usable], seeds.cost[usable])
        for group in np.unique(seeds.group[usable]):
            mine = np.flatnonzero(seeds.group[usable] == group)
            spread, source = _one(with_seeds, arcs.count + mine, limit)
            reached = np.isfinite(spread[: arcs.count])
            total = np.where(reached, spread[: arcs.count], 0).astype(np.int64) - 1
            total[~reached] = UNREACHED
            owner = np.full(arcs.count, NO_LABEL, np.int64)
            who = source[: arcs.count][reached] - arcs.count
            owner[reached] = seeds.label[usable][who]
            rows = usable[mine]
            seeded = (seeds.node[rows], seeds.cost[rows], seeds.label[rows])
            _settle_ties(arcs, total, owner, seeded)
            cost[:, group], label[:, group] = total[targets], owner[targets]
        return cost, label


def plain(graph: RoadGraph) -> Plain:
    """Prepare the plain search of a graph."""
    return Plain(arcs_of(graph), arcs_of(graph, backwards=True))


def matrix_of(arcs: Arcs) -> sparse.csr_array:
    """Arcs as a sparse matrix of costs, for scipy's searches."""
    shape = (arcs.count, arcs.count)
    return sparse.csr_array((arcs.cost.astype(np.float64), arcs.head, arcs.start), shape=shape)


def _with_seeds(arcs: Arcs, node: Ints, cost: Ints) -> sparse.csr_array:
    # Each seed is a point of its own with one arc into the graph. The arc costs one more
    # than the seed, because a sparse matrix holds no arcs of cost 0; taken off again above.
    count = arcs.count + len(node)
    start = np.r_[arcs.start, arcs.start[-1] + np.arange(1, len(node) + 1)]
    data = np.r_[arcs.cost, cost + 1].astype(np.float64)
    return sparse.csr_array((data, np.r_[arcs.head, node], start), shape=(count, count))


def _one(matrix: sparse.csr_array, sources: Ints, limit: float) -> tuple[Floats, Ints]:
    spread, _, source = csgraph.dijkstra(
        matrix, indices=sources, min_only=True, return_predecessors=True, limit=limit + 1
    )
    return np.asarray(spread), np.asarray(source, np.int64)


def _settle_ties(arcs: Arcs, total: Ints, owner: Ints, seeded: tuple[Ints, Ints, Ints]) -> None:
    """Where several seeds reach a junction at one cost, give it to the lowest label."""
    node, cost, label = seeded
    exact = total[node] == cost
    np.minimum.at(owner, node[exact], label[exact])
    tail = np.repeat(np.arange(arcs.count), np.diff(arcs.start))
    tight = np.flatnonzero(
        (total[tail] < UNREACHED) & (total[tail] + arcs.cost == total[arcs.head])
    )
    tail, head = tail[tight], arcs.head[tight]
    while True:
        better = owner[tail] < owner[head]
        if not better.any():
            return
        np.minimum.at(owner, head[better], owner[tail][better])
