"""A hierarchy over the junctions: one sweep answers for all kinds of places at once.

Prepared once for a graph. A search climbs from its seeds over ever higher junctions and
then sweeps once down over all that matter, row by row, all groups side by side (PHAST:
Delling, Goldberg, Nowatzyk, Werneck 2011). Costs are whole numbers, so they equal those
of the plain search exactly. Needs the extra `roads`; see `prepare_hierarchy`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpss_geo.errors import N_
from kpss_geo.network import order, shortcuts, sweep
from kpss_geo.network.graph import DM_BITS, UNREACHED, Arcs, Ints, RoadGraph, arcs_of
from kpss_geo.network.search import Seeds
from kpss_geo.sources.segments import Progress, silent

Positions = NDArray[np.int32]


@dataclass(frozen=True)
class Half:
    """Arcs between junctions and higher ones, by position of the lower end, in CSR form.

    Higher junctions have smaller positions. `ms` are the milliseconds of `cost`.
    """

    start: Ints
    head: Positions
    cost: Ints
    ms: Positions


@dataclass(frozen=True)
class Hierarchy:
    """Junctions in the order of a sweep, with the shortcuts a sweep needs.

    `position` gives the place of every node in that order; `parent` is the elimination
    tree in positions (-1 for a root). `rise` are arcs to higher junctions, `fall` those
    from higher junctions.
    """

    position: Positions
    parent: Positions
    rise: Half
    fall: Half

    def spread(
        self, seeds: Seeds, targets: Ints, *, backwards: bool, limit_ms: int | None
    ) -> tuple[Ints, NDArray[np.int32]]:
        """See `search.Engine.spread`."""
        usable = seeds.cost < UNREACHED
        at, goals = self.position[seeds.node[usable]], self.position[targets]
        needed = np.zeros(len(self.parent), bool)
        sweep.mark_above(self.parent, at, needed)
        sweep.mark_above(self.parent, goals, needed)
        rows = np.flatnonzero(needed)
        row_of = np.full(len(self.parent), -1, np.int32)
        row_of[rows] = np.arange(len(rows))
        up, down = (self.fall, self.rise) if backwards else (self.rise, self.fall)
        label = seeds.label[usable].astype(np.int32)
        beyond = UNREACHED if limit_ms is None else min((limit_ms + 1) << DM_BITS, UNREACHED)
        return sweep.spread(
            _only(up, rows, row_of),
            _only(down, rows, row_of),
            (row_of[at], seeds.cost[usable], seeds.group[usable], label),
            row_of[goals],
            groups=seeds.groups,
            beyond=beyond,
        )

    def all_ms(self, seeds: Seeds, *, backwards: bool) -> NDArray[np.int32]:
        """Milliseconds to every junction for every group, without whose seed it is.

        Shape: blocks of groups × junctions × groups of a block; columns beyond the last
        group are `sweep.FAR`, as is what cannot be reached. Rows are in the order of the
        sweep: that of node `v` is `position[v]`. Ways of 12 days and more count as `FAR`.
        """
        usable = seeds.cost < UNREACHED
        up, down = (self.fall, self.rise) if backwards else (self.rise, self.fall)
        ms = (seeds.cost[usable] >> DM_BITS).astype(np.int32)
        return sweep.all_ms(
            (up.start, up.head, up.ms),
            (down.start, down.head, down.ms),
            (self.position[seeds.node[usable]], ms, seeds.group[usable]),
            seeds.groups,
        )


def prepare_hierarchy(graph: RoadGraph, *, progress: Progress = silent) -> Hierarchy:
    """Prepare the hierarchy of a graph; a million junctions take some seconds."""
    return hierarchy_of(arcs_of(graph), progress=progress)


def hierarchy_of(arcs: Arcs, *, progress: Progress = silent) -> Hierarchy:
    """Prepare the hierarchy of arcs."""
    tail = np.repeat(np.arange(arcs.count), np.diff(arcs.start))
    progress(N_("Ordering junctions"), arcs.count)
    rank = order.order_of(tail, arcs.head, arcs.count).astype(np.int64)
    progress(N_("Making shortcuts"), len(arcs.head))
    low, high = rank[tail], rank[arcs.head]
    start, near = order.neighbours(low, high, arcs.count)
    up_start, up, parent = shortcuts.chordal(start, near)
    rise, fall = shortcuts.place_costs(up_start, up, low, high, arcs.cost)
    shortcuts.customize(up_start, up, rise, fall)
    least_rise, least_fall = shortcuts.perfect(up_start, up, rise, fall)
    position = shortcuts.preorder(parent).astype(np.int32)
    above = np.full(arcs.count, -1, np.int32)
    above[position] = np.where(parent >= 0, position[parent], -1)
    rising = (rise == least_rise) & (rise < UNREACHED)
    falling = (fall == least_fall) & (fall < UNREACHED)
    return Hierarchy(
        position[rank],
        above,
        _half(*sweep.arrange(up_start, up, rise, rising, position)),
        _half(*sweep.arrange(up_start, up, fall, falling, position)),
    )


def _only(half: Half, rows: Ints, row_of: Positions) -> tuple[Ints, Positions, Ints]:
    arrays = half.start, half.head, half.cost
    everything = len(rows) == len(row_of)
    return arrays if everything else sweep.restrict(*arrays, rows, row_of)


def _half(start: Ints, head: Positions, cost: Ints) -> Half:
    ms = np.minimum(cost >> DM_BITS, sweep.FAR).astype(np.int32)
    return Half(start, head, cost, ms)
