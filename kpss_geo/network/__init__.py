"""Roads as a graph: who reaches which place by road, how far and how long.

Time is what is made least, in whole milliseconds; the metres are those of the fastest
way. Turn costs are left out.
"""

from kpss_geo.network.graph import RoadGraph, build
from kpss_geo.network.measure import Roads, prepare, routable, spots_of, unroutable
from kpss_geo.network.nearest import (
    NO_PLACE,
    Pairs,
    nearest,
    nearest_each,
    nearest_few,
    pairs,
)
from kpss_geo.network.reach_area import reach_areas
from kpss_geo.network.snap import Access, Spots, snap, usual_access
from kpss_geo.network.store import has_fast_extra, open_graph, open_roads, save_graph

__all__ = [
    "NO_PLACE",
    "Access",
    "Pairs",
    "RoadGraph",
    "Roads",
    "Spots",
    "build",
    "has_fast_extra",
    "nearest",
    "nearest_each",
    "nearest_few",
    "open_graph",
    "open_roads",
    "pairs",
    "prepare",
    "reach_areas",
    "routable",
    "save_graph",
    "snap",
    "spots_of",
    "unroutable",
    "usual_access",
]
