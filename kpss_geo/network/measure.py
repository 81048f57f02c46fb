"""Costs between home points and places: snapped, searched, with both access legs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import BadOption, RoadsDoNotCover
from kpss_geo.network.graph import DM_BITS, UNREACHED, Ints, RoadGraph
from kpss_geo.network.search import NO_LABEL, Engine, Seeds, plain
from kpss_geo.network.snap import Access, Spots, along, ends, snap, usual_access
from kpss_geo.schema import X, Y


@dataclass(frozen=True)
class Roads:
    """A graph made ready to be asked: its search and its access legs."""

    graph: RoadGraph
    engine: Engine
    access: Access


@dataclass(frozen=True)
class Groups:
    """Which search each place belongs to, and the label it has there."""

    of: Ints
    label: Ints
    count: int


def prepare(
    graph: RoadGraph, *, access: Access | None = None, engine: Engine | None = None
) -> Roads:
    """Make a graph ready to be asked; by the plain search unless another one is given."""
    return Roads(graph, engine or plain(graph), access or usual_access(graph.origin.profile))


def spots_of(table: pd.DataFrame, *, roads: Roads) -> Spots:
    """Find where the rows of a table with `x`, `y` stand on the roads."""
    xy = table[[X, Y]].to_numpy(dtype=np.float64)
    return snap(roads.graph, xy[:, 0], xy[:, 1], access=roads.access)


def homes_of(home: pd.DataFrame, roads: Roads) -> Spots:
    """Find where home points stand; raises `RoadsDoNotCover` when none is near a road."""
    spots = spots_of(home, roads=roads)
    if len(home) and not spots.routable.any():
        raise RoadsDoNotCover(
            file=roads.graph.origin.file, count=len(home), limit=round(roads.access.limit_m)
        )
    return spots


def routable(home: pd.DataFrame, *, roads: Roads) -> NDArray[np.bool_]:
    """Whether a road is near enough to each row; raises `RoadsDoNotCover` when to none."""
    return homes_of(home, roads).routable


def unroutable(table: pd.DataFrame, *, roads: Roads) -> pd.DataFrame:
    """List the rows too far from any road to be measured."""
    return table[~spots_of(table, roads=roads).routable]


def whole_ms(limit_min: float | None) -> int | None:
    """Give a limit in whole milliseconds; None stays None."""
    if limit_min is None:
        return None
    if not limit_min > 0:
        raise BadOption(given=limit_min, option="limit_min", possible="> 0")
    return int(np.floor(limit_min * 60_000 + 1e-6))


def seeds_of(roads: Roads, spots: Spots, groups: Groups, *, towards: bool) -> Seeds:
    """Give the junctions at both ends of the places' edges with what it takes to get there."""
    node, cost = ends(roads.graph, spots, leaving=not towards)
    cost = np.minimum(cost + spots.leg[:, None], UNREACHED)
    usable = cost < UNREACHED
    twice = np.repeat(np.arange(len(spots.edge)), 2).reshape(-1, 2)[usable]
    return Seeds(node[usable], cost[usable], groups.of[twice], groups.label[twice], groups.count)


def measure(
    roads: Roads,
    homes: Spots,
    spots: Spots,
    groups: Groups,
    *,
    towards: bool,
    limit_ms: int | None,
) -> tuple[Ints, NDArray[np.int32]]:
    """Least cost with both legs, and whose it is, for every home point and group."""
    seeds = seeds_of(roads, spots, groups, towards=towards)
    node, gap = ends(roads.graph, homes, leaving=towards)
    targets, row = np.unique(node, return_inverse=True)
    spread, owner = roads.engine.spread(seeds, targets, backwards=towards, limit_ms=limit_ms)
    row = row.reshape(node.shape)
    cost, label = spread[row[:, 0]] + gap[:, :1], owner[row[:, 0]]
    other, other_label = spread[row[:, 1]] + gap[:, 1:], owner[row[:, 1]]
    better = (other < cost) | ((other == cost) & (other_label < label))
    cost, label = np.where(better, other, cost), np.where(better, other_label, label)
    _same_edge(roads.graph, homes, spots, groups, cost, label, towards=towards)
    cost = cost + homes.leg[:, None]
    far = (cost >= UNREACHED) | ~homes.routable[:, None]
    if limit_ms is not None:
        far |= (cost >> DM_BITS) > limit_ms
    return np.where(far, UNREACHED, cost), np.where(far, NO_LABEL, label).astype(np.int32)


def _same_edge(
    graph: RoadGraph,
    homes: Spots,
    spots: Spots,
    groups: Groups,
    cost: Ints,
    label: NDArray[np.int32],
    *,
    towards: bool,
) -> None:
    """Let the way along a common edge count, where it is the better one."""
    one = pd.DataFrame({"edge": homes.edge, "home": np.arange(len(homes.edge))})
    two = pd.DataFrame({"edge": spots.edge, "spot": np.arange(len(spots.edge))})
    both = one[homes.routable].merge(two[spots.routable], on="edge")
    at, to = both["home"].to_numpy(), both["spot"].to_numpy()
    ours, theirs = homes.take(at), spots.take(to)
    way = along(graph, ours, theirs) if towards else along(graph, theirs, ours)
    way = np.minimum(way + theirs.leg, UNREACHED)
    group, whose = groups.of[to], groups.label[to]
    before = cost[at, group]
    np.minimum.at(cost, (at, group), way)
    now = cost[at, group]
    shorter = now < before
    label[at[shorter], group[shorter]] = NO_LABEL
    exact = (way == now) & (now < UNREACHED)
    np.minimum.at(label, (at[exact], group[exact]), whose[exact].astype(np.int32))
