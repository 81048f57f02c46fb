"""Cases from real roads: an OSM extract, and the country with the register's places."""

from pathlib import Path

import numpy as np
import pandas as pd

from kpss_geo import catalogue
from kpss_geo.bench.coverage import DAY
from kpss_geo.bench.road_cases import Case, with_drawn_places
from kpss_geo.dataset import GENERALISED_ACCESS_M, Data
from kpss_geo.network.graph import DM_BITS, UNREACHED, Arcs, Ints, arcs_of, build, make_arcs
from kpss_geo.network.snap import Access, Spots, ends, snap
from kpss_geo.population import TargetGroup
from kpss_geo.schema import X, Y
from kpss_geo.sources.osm import read_osm
from kpss_geo.sources.roads_table import read_roads_table


def extract(file: Path) -> Case:
    """Give the roads for cars of an OSM extract, with places drawn at random."""
    graph, _ = build(read_osm(file, profile="car"))
    return with_drawn_places(file.name, "places and types", arcs_of(graph))


def country(file: Path, data: Data) -> Case:
    """Give a table of road lines with the register's open places, each a node of its own.

    A place is joined with both ends of the road nearest to it by what it takes to drive
    there. Places beyond `GENERALISED_ACCESS_M` of any road are left out.
    """
    graph, _ = build(read_roads_table(file))
    places = _open_places(data, data.targets["seniori"])
    xy = places[[X, Y]].to_numpy(dtype=np.float64)
    access = Access(limit_m=GENERALISED_ACCESS_M)
    spots = snap(graph, xy[:, 0], xy[:, 1], access=access)
    near = np.flatnonzero(spots.routable)
    spots, places = spots.take(near), places.iloc[near]
    number, addresses = pd.factorize(pd.MultiIndex.from_frame(places[[X, Y]]))
    node = len(graph.node_x) + number.astype(np.int64)
    legs = [_legs(ends(graph, spots, leaving=leaving), spots, node) for leaving in (True, False)]
    (end, at, out), (start, to, back) = legs
    arcs = arcs_of(graph)
    joined = make_arcs(
        np.concatenate([_tails(arcs), at, start]),
        np.concatenate([arcs.head, end, to]),
        np.concatenate([arcs.cost, out, back]),
        count=len(graph.node_x) + len(addresses),
    )
    kind, kinds = pd.factorize(places["type"])
    return Case(file.name, "nothing", joined, node, kind.astype(np.int64), len(kinds))


def _open_places(data: Data, group: TargetGroup) -> pd.DataFrame:
    """Open places of all types with their `type`; types without a place are not there."""
    found = catalogue.supplies(data.register, data.types, groups=group.register_groups, on=DAY)
    return pd.concat(
        [supply.places[[X, Y]].assign(type=code) for code, supply in found.items()],
        ignore_index=True,
    )


def _legs(way: tuple[Ints, Ints], spots: Spots, node: Ints) -> tuple[Ints, Ints, Ints]:
    """Junctions, nodes of the places, and the costs between them, where that is allowed."""
    junction, cost = way
    allowed = cost < UNREACHED
    own = np.broadcast_to(node[:, None], junction.shape)[allowed]
    # A way of no length still takes a millisecond: a sparse matrix holds no arcs of cost 0.
    whole = np.maximum(cost + spots.leg[:, None], 1 << DM_BITS)
    return junction[allowed], own, whole[allowed]


def _tails(arcs: Arcs) -> Ints:
    return np.repeat(np.arange(arcs.count), np.diff(arcs.start))
