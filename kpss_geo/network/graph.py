"""The road graph: junctions, edges between them, and the shape of every edge."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kpss_geo.errors import N_, Finding, NoRoads
from kpss_geo.network.chains import Chains, join_chains
from kpss_geo.sources.segments import Origin, Progress, Segments, silent

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CLOSED: Final = -1
"""Milliseconds of a direction that may not be used."""

DM_BITS: Final = 26
"""A cost is `milliseconds << DM_BITS | decimetres`: the fastest way, then the shortest.

Whole numbers add up exactly in any order, so every search gives the same cost. Up to
2**53 (37 hours, 6 700 km) they are exact in floating point too.
"""

DM_MASK: Final = (1 << DM_BITS) - 1
UNREACHED: Final = 1 << 60
"""Cost of what cannot be reached."""


@dataclass(frozen=True)
class RoadGraph:
    """Roads of one profile, joined and strongly connected, in EPSG:5514.

    Edge `e` leads from junction `tail[e]` to `head[e]`; `forward_ms` and `backward_ms` are
    the milliseconds along and against it (`CLOSED` = not allowed). Its shape is the rows
    `shape_start[e]:shape_start[e + 1]` of the shape arrays: coordinates, decimetres from
    the tail, milliseconds from the tail and back to the tail. Nobody enters or leaves an
    edge between its ends unless it is `stoppable`.
    """

    node_x: Floats
    node_y: Floats
    tail: Ints
    head: Ints
    forward_ms: Ints
    backward_ms: Ints
    stoppable: NDArray[np.bool_]
    shape_start: Ints
    shape_x: Floats
    shape_y: Floats
    shape_dm: NDArray[np.int32]
    shape_forward_ms: NDArray[np.int32]
    shape_backward_ms: NDArray[np.int32]
    origin: Origin

    @property
    def length_dm(self) -> Ints:
        """Decimetres of each edge."""
        return self.shape_dm[self.shape_start[1:] - 1].astype(np.int64)


@dataclass(frozen=True)
class Arcs:
    """Directed arcs of a graph in CSR form, without loops, the cheapest of parallel ones.

    Arcs leaving node `v` are `start[v]:start[v + 1]`; heads ascend within a node.
    """

    start: Ints
    head: Ints
    cost: Ints

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.start) - 1


def build(
    segments: Segments, *, progress: Progress = silent
) -> tuple[RoadGraph, tuple[Finding, ...]]:
    """Join straight pieces into a graph, and say what was left out of it.

    Only the largest strongly connected part is kept: from each of its points every other
    can be reached. The islands around it are reported with their length.

    Raises
    ------
    NoRoads
        No two pieces join both ways.
    """
    metres = np.hypot(
        segments.x[segments.tail] - segments.x[segments.head],
        segments.y[segments.tail] - segments.y[segments.head],
    )
    forward, backward = _ms(metres, segments.forward_kmh), _ms(metres, segments.backward_kmh)
    progress(N_("Looking for islands"), len(metres))
    kept = _largest_part(segments, forward >= 0, backward >= 0)
    if not kept.any():
        raise NoRoads(
            file=segments.origin.file,
            profile=segments.origin.profile,
            why=N_("its roads do not join"),
        )
    findings = (*segments.findings, *_islands(segments, metres, kept))
    progress(N_("Joining roads"), int(kept.sum()))
    chains = join_chains(
        segments.tail[kept],
        segments.head[kept],
        is_open=(forward[kept] >= 0, backward[kept] >= 0),
        kind=segments.stoppable[kept],
    )
    dm = np.rint(metres[kept] * 10).astype(np.int64)
    return _assemble(segments, chains, forward[kept], backward[kept], dm, kept), findings


def arcs_of(graph: RoadGraph, *, backwards: bool = False) -> Arcs:
    """Give the directed arcs of a graph; `backwards` turns every one round."""
    on, against = graph.forward_ms >= 0, graph.backward_ms >= 0
    dm = graph.length_dm
    tail = np.r_[graph.tail[on], graph.head[against]]
    head = np.r_[graph.head[on], graph.tail[against]]
    cost = np.r_[
        cost_of(graph.forward_ms[on], dm[on]), cost_of(graph.backward_ms[against], dm[against])
    ]
    if backwards:
        tail, head = head, tail
    return make_arcs(tail, head, cost, count=len(graph.node_x))


def make_arcs(tail: Ints, head: Ints, cost: Ints, *, count: int) -> Arcs:
    """Sort arcs into CSR form; loops are dropped, of parallel arcs the cheapest stays."""
    proper = np.flatnonzero(tail != head)
    key = tail[proper] * count + head[proper]
    order = np.argsort(key, kind="stable")
    key, cost = key[order], cost[proper][order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
    cheapest = np.minimum.reduceat(cost, first) if len(key) else cost
    start = np.searchsorted(key[first] // count, np.arange(count + 1))
    return Arcs(start.astype(np.int64), key[first] % count, cheapest.astype(np.int64))


def cost_of(ms: Ints, dm: Ints) -> Ints:
    """Cost of some milliseconds over some decimetres."""
    return (ms.astype(np.int64) << DM_BITS) | dm


def minutes_of(cost: Ints) -> Floats:
    """Minutes of a cost; infinite when unreached."""
    return np.where(cost >= UNREACHED, np.inf, (cost >> DM_BITS) / 60_000)


def metres_of(cost: Ints) -> Floats:
    """Metres along the fastest way of a cost; infinite when unreached."""
    return np.where(cost >= UNREACHED, np.inf, (cost & DM_MASK) / 10)


def _ms(metres: Floats, kmh: Floats) -> Ints:
    with np.errstate(divide="ignore", invalid="ignore"):
        ms = np.rint(metres * 3600 / kmh)
    # A piece of no length still takes a millisecond: a search needs costs above zero.
    return np.where(kmh > 0, np.maximum(np.nan_to_num(ms), 1), CLOSED).astype(np.int64)


def _largest_part(
    segments: Segments, forward: NDArray[np.bool_], backward: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    count = len(segments.x)
    tail = np.r_[segments.tail[forward], segments.head[backward]]
    head = np.r_[segments.head[forward], segments.tail[backward]]
    matrix = sparse.csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(count, count))
    _, part = csgraph.connected_components(matrix, directed=True, connection="strong")
    largest = int(np.bincount(part).argmax())
    inside: NDArray[np.bool_] = (
        (part[segments.tail] == largest)
        & (part[segments.head] == largest)
        & (segments.tail != segments.head)
    )
    return inside


def _islands(segments: Segments, metres: Floats, kept: NDArray[np.bool_]) -> list[Finding]:
    if kept.all():
        return []
    template = N_(
        "{km} km of road out of {all_km} km do not join the rest both ways. They are not used."
    )
    left = {
        "km": round(float(metres[~kept].sum()) / 1000, 1),
        "all_km": round(float(metres.sum()) / 1000, 1),
    }
    return [Finding("note", segments.origin.file, template, fields=left)]


def _assemble(
    segments: Segments,
    chains: Chains,
    forward: Ints,
    backward: Ints,
    dm: Ints,
    kept: NDArray[np.bool_],
) -> RoadGraph:
    half, start = chains.half, chains.start
    piece, reverse = half >> 1, (half & 1).astype(bool)
    along = np.where(reverse, backward[piece], forward[piece])
    against = np.where(reverse, forward[piece], backward[piece])
    shape_start = start + np.arange(len(start))
    sums = [_running(np.maximum(v, 0), start) for v in (dm[piece], along, against)]
    last = shape_start[1:] - 1
    first = start[:-1]
    vertex = chains.vertex
    return RoadGraph(
        node_x=segments.x[chains.junction],
        node_y=segments.y[chains.junction],
        tail=chains.tail,
        head=chains.head,
        forward_ms=np.where(along[first] >= 0, sums[1][last], CLOSED).astype(np.int64),
        backward_ms=np.where(against[first] >= 0, sums[2][last], CLOSED).astype(np.int64),
        stoppable=segments.stoppable[kept][piece[first]],
        shape_start=shape_start,
        shape_x=segments.x[vertex],
        shape_y=segments.y[vertex],
        shape_dm=sums[0].astype(np.int32),
        shape_forward_ms=sums[1].astype(np.int32),
        shape_backward_ms=sums[2].astype(np.int32),
        origin=segments.origin,
    )


def _running(values: Ints, start: Ints) -> Ints:
    """Give sums from the beginning of each chain, one value more than the chain has pieces."""
    total = np.r_[0, np.cumsum(values)]
    rows = np.arange(len(values) + len(start) - 1) - np.repeat(
        np.arange(len(start) - 1), np.diff(start) + 1
    )
    sums: Ints = total[rows] - np.repeat(total[start[:-1]], np.diff(start) + 1)
    return sums
