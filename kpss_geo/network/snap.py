"""Points to the nearest edge: where on it, how far from it, or that no road is near."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from kpss_geo.errors import BadOption
from kpss_geo.network.graph import CLOSED, UNREACHED, Floats, Ints, RoadGraph, cost_of

NOWHERE: Final = -1
"""Edge of a point that is too far from any road."""

WALK_KMH: Final = 4.5
DRIVE_KMH: Final = 15.0


@dataclass(frozen=True)
class Access:
    """The leg between a point and the road: a straight line at `kmh`, at most `limit_m`."""

    kmh: float = DRIVE_KMH
    limit_m: float = 1_000.0

    def __post_init__(self) -> None:
        if not 0 < self.kmh <= 130:
            raise BadOption(given=self.kmh, option="access kmh", possible="0–130")
        if not 0 < self.limit_m <= 50_000:
            raise BadOption(given=self.limit_m, option="access limit_m", possible="0–50 000")

    def cost(self, metres: Floats) -> Ints:
        """Cost of legs of these metres."""
        ms = np.rint(metres * 3600 / self.kmh).astype(np.int64)
        return cost_of(ms, np.rint(metres * 10).astype(np.int64))


def usual_access(profile: str) -> Access:
    """Give the leg people make when nobody said otherwise: by the mode of the roads."""
    return Access(kmh=WALK_KMH if profile == "walk" else DRIVE_KMH)


@dataclass(frozen=True)
class Spots:
    """Where points stand on the roads, one row for each point.

    `edge` is `NOWHERE` beyond the limit; then nothing else in the row is to be used.
    `forward_ms` is counted from the tail, `backward_ms` back to it; `leg` is the cost of
    the straight line between point and road, `leg_m` its metres.
    """

    edge: Ints
    dm: Ints
    forward_ms: Ints
    backward_ms: Ints
    leg: Ints
    leg_m: Floats

    @property
    def routable(self) -> NDArray[np.bool_]:
        """Whether a road is near enough."""
        near: NDArray[np.bool_] = self.edge != NOWHERE
        return near

    def take(self, rows: Ints) -> "Spots":
        """Give the spots of some points."""
        return Spots(
            self.edge[rows],
            self.dm[rows],
            self.forward_ms[rows],
            self.backward_ms[rows],
            self.leg[rows],
            self.leg_m[rows],
        )


def snap(graph: RoadGraph, x: Floats, y: Floats, *, access: Access) -> Spots:
    """Find the nearest point on a stoppable edge for every point in EPSG:5514.

    Motorways and ferries are passed over: nobody enters them between junctions.
    """
    edge = np.full(len(x), NOWHERE, np.int64)
    metres = np.full(len(x), np.inf)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(known):
        near = _edges_near(graph, x[known], y[known], access.limit_m)
        if len(near):
            points = shapely.points(x[known], y[known])
            tree = shapely.STRtree(lines_of(graph, near))
            (who, hit), found = tree.query_nearest(
                points, max_distance=access.limit_m, return_distance=True, all_matches=False
            )
            edge[known[who]], metres[known[who]] = near[hit], found
    dm, forward, backward = _project(graph, edge, x, y)
    leg = access.cost(np.where(edge == NOWHERE, 0.0, metres))
    return Spots(edge, dm, forward, backward, leg, metres)


def lines_of(graph: RoadGraph, edges: Ints) -> NDArray[np.object_]:
    """Shapes of some edges as lines."""
    counts = graph.shape_start[edges + 1] - graph.shape_start[edges]
    rows = _rows(graph.shape_start[edges], counts)
    xy = np.column_stack([graph.shape_x[rows], graph.shape_y[rows]])
    owner = np.repeat(np.arange(len(edges)), counts)
    return np.asarray(shapely.linestrings(xy, indices=owner), dtype=object)


def ends(graph: RoadGraph, spots: Spots, *, leaving: bool) -> tuple[Ints, Ints]:
    """Junctions at both ends of each spot's edge and what the way there costs.

    With `leaving` from the spot to the junction, otherwise from the junction to the spot.
    Two columns, tail and head; `UNREACHED` where that is not allowed. A spot right at a
    junction costs nothing there whatever the direction of its edge. Legs are not included.
    """
    at = np.where(spots.routable, spots.edge, 0)
    length = graph.length_dm[at]
    forward, backward = graph.forward_ms[at], graph.backward_ms[at]
    to_tail = cost_of(spots.backward_ms, spots.dm)
    from_tail = cost_of(spots.forward_ms, spots.dm)
    to_head = cost_of(forward - spots.forward_ms, length - spots.dm)
    from_head = cost_of(backward - spots.backward_ms, length - spots.dm)
    on, against = forward != CLOSED, backward != CLOSED
    node = np.column_stack([graph.tail[at], graph.head[at]])
    tail_cost = (
        np.where(against, to_tail, UNREACHED) if leaving else np.where(on, from_tail, UNREACHED)
    )
    head_cost = (
        np.where(on, to_head, UNREACHED) if leaving else np.where(against, from_head, UNREACHED)
    )
    cost = np.column_stack(
        [np.where(spots.dm == 0, 0, tail_cost), np.where(spots.dm == length, 0, head_cost)]
    )
    return node, np.where(spots.routable[:, None], cost, UNREACHED)


def along(graph: RoadGraph, origin: Spots, target: Spots) -> Ints:
    """Cost from spot to spot without leaving their common edge, row by row.

    `UNREACHED` where they are on different edges or the edge is closed that way.
    """
    same = (origin.edge == target.edge) & origin.routable
    at = np.where(same, origin.edge, 0)
    ahead = target.dm - origin.dm
    on = same & (graph.forward_ms[at] != CLOSED) & (ahead >= 0)
    against = same & (graph.backward_ms[at] != CLOSED) & (ahead <= 0)
    forward = cost_of(np.maximum(target.forward_ms - origin.forward_ms, 0), np.abs(ahead))
    backward = cost_of(np.maximum(origin.backward_ms - target.backward_ms, 0), np.abs(ahead))
    best = np.minimum(np.where(on, forward, UNREACHED), np.where(against, backward, UNREACHED))
    return np.where(same & (ahead == 0), 0, best)


def _rows(start: Ints, counts: Ints) -> Ints:
    before = np.cumsum(counts) - counts
    rows: Ints = np.arange(int(counts.sum())) + np.repeat(start - before, counts)
    return rows


def _edges_near(graph: RoadGraph, x: Floats, y: Floats, limit_m: float) -> Ints:
    """Stoppable edges with a shape point in the box of the points, widened by the limit."""
    first = graph.shape_start[:-1]
    low_x, high_x = (
        np.minimum.reduceat(graph.shape_x, first),
        np.maximum.reduceat(graph.shape_x, first),
    )
    low_y, high_y = (
        np.minimum.reduceat(graph.shape_y, first),
        np.maximum.reduceat(graph.shape_y, first),
    )
    return np.flatnonzero(
        graph.stoppable
        & (high_x >= x.min() - limit_m)
        & (low_x <= x.max() + limit_m)
        & (high_y >= y.min() - limit_m)
        & (low_y <= y.max() + limit_m)
    )


def _project(graph: RoadGraph, edge: Ints, x: Floats, y: Floats) -> tuple[Ints, Ints, Ints]:
    """Decimetres and milliseconds of the nearest point of each point's own edge."""
    result = np.zeros((3, len(edge)), np.int64)
    who = np.flatnonzero(edge != NOWHERE)
    if not len(who):
        return result[0], result[1], result[2]
    pieces = graph.shape_start[edge[who] + 1] - graph.shape_start[edge[who]] - 1
    rows = _rows(graph.shape_start[edge[who]], pieces)
    owner = np.repeat(np.arange(len(who)), pieces)
    px, py = x[who][owner], y[who][owner]
    ax, ay = graph.shape_x[rows], graph.shape_y[rows]
    dx, dy = graph.shape_x[rows + 1] - ax, graph.shape_y[rows + 1] - ay
    square = dx * dx + dy * dy
    share = ((px - ax) * dx + (py - ay) * dy) / np.where(square > 0, square, 1.0)
    share = np.clip(share, 0.0, 1.0)
    gap = np.hypot(px - ax - share * dx, py - ay - share * dy)
    # The nearest piece of each point: sorted by point, then by distance.
    order = np.lexsort((gap, owner))
    best = order[np.cumsum(pieces) - pieces]
    row, part = rows[best], share[best]
    for k, sums in enumerate((graph.shape_dm, graph.shape_forward_ms, graph.shape_backward_ms)):
        before = sums[row].astype(np.int64)
        result[k, who] = before + np.rint(part * (sums[row + 1] - before)).astype(np.int64)
    return result[0], result[1], result[2]
