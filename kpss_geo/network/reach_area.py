"""Reach areas: where a home point may stand and be within so many minutes of a place.

The reached parts of edges are drawn on a grid and widened by the access leg for which
there is time left. The area holds every home point the search says is within the limit.
It may hold others too: those whose own nearest road is another one, and those up to some
three cells of the grid outside.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from kpss_geo.network.graph import CLOSED, DM_BITS, UNREACHED, Floats, Ints, RoadGraph
from kpss_geo.network.measure import Groups, Roads, seeds_of, spots_of, whole_ms
from kpss_geo.network.snap import Spots
from kpss_geo.schema import METRIC_CRS

BANDS: Final = 10
"""Widths in which the roads are widened: more are finer and slower."""

FINEST_CELL_M: Final = 20.0
CELLS_ACROSS: Final = 900
"""The grid has at most about so many cells across the area, and never finer ones."""

MARGIN_CELLS: Final = 2.75
"""How many cells the widths are rounded up by.

Both a home point and a road stand up to 0.71 cell from the middle of their cells, the
nearest sample of the road is up to 0.25 cell away, and smoothing the outline may take one
cell: together 2.67.
"""

TOLERANCE_MS: Final = 3.0
"""What rounding to whole milliseconds may take away."""


@dataclass(frozen=True)
class _Parts:
    """Straight pieces of edges that may be reached, and the cost in ms at both ends.

    Of piece `row` (to `row + 1` of the shape arrays) the shares `low` to `high` count.
    """

    row: Ints
    begin_ms: Floats
    end_ms: Floats
    low: Floats
    high: Floats


def reach_areas(
    places: pd.DataFrame, *, limits_min: tuple[float, ...], roads: Roads, towards: bool = True
) -> gpd.GeoSeries:
    """Areas within each of some limits of any of the places, by road.

    Parameters
    ----------
    places
        Table with `x`, `y` in metres.
    limits_min
        Minutes, both access legs included.
    towards
        People travel to the place; otherwise from it.

    Returns
    -------
    GeoSeries
        (Multi)polygons in EPSG:5514, indexed by minutes; empty where nothing is reached.
    """
    spots = spots_of(places, roads=roads)
    parts = _candidates(roads, spots, towards=towards, longest_ms=whole_ms(max(limits_min)))
    areas = [_area(roads, parts, float(whole_ms(limit) or 0)) for limit in limits_min]
    index = pd.Index(limits_min, name="minutes")
    return gpd.GeoSeries(areas, index=index, crs=METRIC_CRS)


def _candidates(roads: Roads, spots: Spots, *, towards: bool, longest_ms: int | None) -> _Parts:
    graph = roads.graph
    zero = np.zeros(len(spots.edge), np.int64)
    seeds = seeds_of(roads, spots, Groups(zero, zero, 1), towards=towards)
    nodes = np.arange(len(graph.node_x))
    cost, _ = roads.engine.spread(seeds, nodes, backwards=towards, limit_ms=longest_ms)
    ms = np.where(cost[:, 0] >= UNREACHED, np.inf, cost[:, 0] >> DM_BITS)
    through = _through_ends(graph, ms, towards=towards)
    direct = _direct(graph, spots.take(np.flatnonzero(spots.routable)), towards=towards)
    junctions = _junctions(graph, ms)
    return _Parts(
        *(
            np.concatenate([getattr(part, name) for part in (*through, *direct, *junctions)])
            for name in ("row", "begin_ms", "end_ms", "low", "high")
        )
    )


def _through_ends(graph: RoadGraph, ms: Floats, *, towards: bool) -> tuple[_Parts, _Parts]:
    """Points of edges that are reached by way of the edge's end."""
    at_tail, at_head = ms[graph.tail], ms[graph.head]
    on, against = graph.forward_ms != CLOSED, graph.backward_ms != CLOSED
    by_tail, by_head = (against, on) if towards else (on, against)
    tails = np.flatnonzero(graph.stoppable & by_tail & np.isfinite(at_tail))
    heads = np.flatnonzero(graph.stoppable & by_head & np.isfinite(at_head))
    # Milliseconds between a point and the tail, and between the tail and a point.
    to, out = graph.shape_backward_ms, graph.shape_forward_ms
    near, far = (to, out) if towards else (out, to)
    total = graph.forward_ms if towards else graph.backward_ms
    row, which = _pieces(graph, tails)
    edge = tails[which]
    first = _whole(row, at_tail[edge] + near[row], at_tail[edge] + near[row + 1])
    row, which = _pieces(graph, heads)
    edge = heads[which]
    base = at_head[edge] + total[edge]
    return first, _whole(row, base - far[row], base - far[row + 1])


def _junctions(graph: RoadGraph, ms: Floats) -> tuple[_Parts, _Parts]:
    """Give ends of one-way edges: who stands there may use the junction's other roads."""
    one_way = graph.stoppable & ((graph.forward_ms == CLOSED) | (graph.backward_ms == CLOSED))
    at_tail = np.flatnonzero(one_way & np.isfinite(ms[graph.tail]))
    at_head = np.flatnonzero(one_way & np.isfinite(ms[graph.head]))
    tail_ms, head_ms = ms[graph.tail[at_tail]], ms[graph.head[at_head]]
    zero, one = np.zeros(len(at_tail)), np.ones(len(at_head))
    last = graph.shape_start[at_head + 1] - 2
    return (
        _Parts(graph.shape_start[at_tail], tail_ms, tail_ms, zero, zero),
        _Parts(last, head_ms, head_ms, one, one),
    )


def _direct(graph: RoadGraph, spots: Spots, *, towards: bool) -> tuple[_Parts, _Parts]:
    """Points reached along the place's own edge."""
    row, who = _pieces(graph, spots.edge)
    edge = spots.edge[who]
    leg = (spots.leg[who] >> DM_BITS).astype(np.float64)
    begin, length = graph.shape_dm[row], graph.shape_dm[row + 1] - graph.shape_dm[row]
    share = np.clip((spots.dm[who] - begin) / np.maximum(length, 1), 0.0, 1.0)
    one, zero = np.ones_like(share), np.zeros_like(share)
    signs = (1.0, -1.0) if towards else (-1.0, 1.0)
    forward = [
        leg + signs[0] * (spots.forward_ms[who] - graph.shape_forward_ms[r]) for r in (row, row + 1)
    ]
    backward = [
        leg + signs[1] * (spots.backward_ms[who] - graph.shape_backward_ms[r])
        for r in (row, row + 1)
    ]
    before = begin <= spots.dm[who], (zero, share)
    after = begin + length >= spots.dm[who], (share, one)
    ahead, behind = (before, after) if towards else (after, before)
    on = graph.forward_ms[edge] != CLOSED
    against = graph.backward_ms[edge] != CLOSED
    return (
        _some(on & ahead[0], row, forward, ahead[1]),
        _some(against & behind[0], row, backward, behind[1]),
    )


def _some(
    keep: NDArray[np.bool_], row: Ints, ms: list[Floats], shares: tuple[Floats, Floats]
) -> _Parts:
    return _Parts(row[keep], ms[0][keep], ms[1][keep], shares[0][keep], shares[1][keep])


def _whole(row: Ints, begin_ms: Floats, end_ms: Floats) -> _Parts:
    return _Parts(row, begin_ms, end_ms, np.zeros(len(row)), np.ones(len(row)))


def _pieces(graph: RoadGraph, edges: Ints) -> tuple[Ints, Ints]:
    """Shape rows that begin a piece of these edges, and which of `edges` it is of."""
    counts = graph.shape_start[edges + 1] - graph.shape_start[edges] - 1
    before = np.cumsum(counts) - counts
    row = np.arange(int(counts.sum())) + np.repeat(graph.shape_start[edges] - before, counts)
    return row, np.repeat(np.arange(len(edges)), counts)


def _area(roads: Roads, parts: _Parts, limit_ms: float) -> shapely.Geometry:
    """Draw the parts within the limit on a grid and widen them by what time is left."""
    reached = _within(parts, limit_ms)
    if not len(reached.row):
        return shapely.Polygon()
    graph, access = roads.graph, roads.access
    box = _box(graph, reached.row, access.limit_m)
    cell = max(FINEST_CELL_M, max(box[2] - box[0], box[3] - box[1]) / CELLS_ACROSS)
    x, y, cost = _samples(graph, reached, step=cell / 2)
    left_m = np.clip((limit_ms - cost + TOLERANCE_MS) * access.kmh / 3600, 0.0, access.limit_m)
    pad = access.limit_m + (MARGIN_CELLS + 2) * cell
    origin = (x.min() - pad, y.min() - pad)
    column = ((x - origin[0]) / cell).astype(np.int64)
    row = ((y - origin[1]) / cell).astype(np.int64)
    extra = int(np.ceil(pad / cell)) + 1
    inside = np.zeros((int(row.max()) + extra, int(column.max()) + extra), bool)
    widths = max(float(left_m.max()), cell) * np.arange(1, BANDS + 1) / BANDS
    band = np.searchsorted(widths, left_m - 1e-9)
    for number, width in enumerate(widths):
        mine = band == number
        if mine.any():
            empty = np.ones(inside.shape, bool)
            empty[row[mine], column[mine]] = False
            inside |= ndimage.distance_transform_edt(empty) <= width / cell + MARGIN_CELLS
    return _outline(inside, origin, cell)


def _within(parts: _Parts, limit_ms: float) -> _Parts:
    """Cut the parts where their cost passes the limit."""
    most = limit_ms + TOLERANCE_MS
    slope = parts.end_ms - parts.begin_ms
    at = (most - parts.begin_ms) / np.where(slope == 0, 1.0, slope)
    low = np.where(slope < 0, np.maximum(parts.low, at), parts.low)
    high = np.where(slope > 0, np.minimum(parts.high, at), parts.high)
    low = np.where((slope == 0) & (parts.begin_ms > most), 2.0, low)
    keep = low <= high
    return _Parts(parts.row[keep], parts.begin_ms[keep], parts.end_ms[keep], low[keep], high[keep])


def _box(graph: RoadGraph, row: Ints, margin_m: float) -> tuple[float, float, float, float]:
    x = np.r_[graph.shape_x[row], graph.shape_x[row + 1]]
    y = np.r_[graph.shape_y[row], graph.shape_y[row + 1]]
    return (
        float(x.min() - margin_m),
        float(y.min() - margin_m),
        float(x.max() + margin_m),
        float(y.max() + margin_m),
    )


def _samples(graph: RoadGraph, parts: _Parts, *, step: float) -> tuple[Floats, Floats, Floats]:
    """Points not farther apart than `step`, and the least cost up to half way to the next."""
    x, dx = graph.shape_x[parts.row], np.diff(graph.shape_x)[parts.row]
    y, dy = graph.shape_y[parts.row], np.diff(graph.shape_y)[parts.row]
    share = parts.high - parts.low
    counts = np.ceil(np.hypot(dx, dy) * share / step).astype(np.int64) + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    gap = (share / np.maximum(counts - 1, 1))[owner]
    at = parts.low[owner] + number * gap
    slope = (parts.end_ms - parts.begin_ms)[owner]
    cost = parts.begin_ms[owner] + slope * at - np.abs(slope) * gap / 2
    return x[owner] + at * dx[owner], y[owner] + at * dy[owner], cost


def _outline(
    inside: NDArray[np.bool_], origin: tuple[float, float], cell: float
) -> shapely.Geometry:
    """Turn cells into (multi)polygons with smoothed outlines."""
    edges = np.diff(inside.astype(np.int8), axis=1, prepend=0, append=0)
    row, begin = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    boxes = shapely.box(
        origin[0] + begin * cell,
        origin[1] + row * cell,
        origin[0] + end * cell,
        origin[1] + (row + 1) * cell,
    )
    return shapely.simplify(shapely.union_all(boxes), cell)
