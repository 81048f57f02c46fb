"""Home points × places: every pair within a limit, as sparse matrices."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from kpss_geo import network
from kpss_geo.distance import Reach, Travel
from kpss_geo.errors import RoadsMissing
from kpss_geo.network import Pairs, Roads
from kpss_geo.schema import X, Y


def pairs(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    limit_min: float,
    travel: Travel,
    roads: Roads | None = None,
) -> Pairs:
    """Minutes and metres of every pair of home point and place within `limit_min`.

    A stored 0 is a distance of 0; what is not stored is beyond the limit. By road the rows
    of home points too far from any road are empty.

    Raises
    ------
    RoadsMissing
        A way by road is asked for without roads.
    RoadsDoNotCover
        No home point is near a road.
    """
    if travel.mode == "straight":
        return _pairs_straight(home, places, Reach(limit_min, "min"), travel)
    if roads is None:
        raise RoadsMissing
    return network.pairs(home, places, limit_min=limit_min, roads=roads)


def minutes_of_all(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    limit_min: float,
    travel: Travel,
    roads: Roads | None = None,
) -> tuple[sparse.csr_array, NDArray[np.bool_]]:
    """Minutes as in `pairs`, but nobody is left without: and who is near a road.

    A home point too far from any road has the estimate by straight line, so that its
    people are not forgotten where people of others compete with them; the second value
    says which points are near a road (all of them by straight line).

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        As in `pairs`.
    """
    minutes = pairs(home, places, limit_min=limit_min, travel=travel, roads=roads).minutes
    if travel.mode == "straight" or roads is None:
        return minutes, np.ones(len(home), dtype=bool)
    near = network.routable(home, roads=roads)
    straight = replace(travel, mode="straight", roads="")
    others = pairs(home[~near], places, limit_min=limit_min, travel=straight).minutes
    # Stacked and put back in order; adding matrices up would lose their stored zeros.
    stacked = sparse.csr_array(sparse.vstack([minutes[near], others], format="csr"))
    order = np.concatenate([np.flatnonzero(near), np.flatnonzero(~near)])
    return stacked[np.argsort(order)], near


def _pairs_straight(
    home: pd.DataFrame, places: pd.DataFrame, reach: Reach, travel: Travel
) -> Pairs:
    trees = [cKDTree(table[[X, Y]].to_numpy(dtype=float)) for table in (home, places)]
    # A little more than the limit: the edge of the reach belongs to it, `Reach` decides.
    straight_m = reach.value * travel.speed_kmh * 1000 / 60 / travel.detour_factor + 1.0
    found = trees[0].sparse_distance_matrix(trees[1], straight_m, output_type="ndarray")
    metres = travel.metres(found["v"])
    minutes = travel.minutes(metres)
    held = reach.holds(metres, minutes)
    row, column = found["i"][held], found["j"][held]
    order = np.lexsort((column, row))
    starts = np.searchsorted(row[order], np.arange(len(home) + 1))
    # Built from its parts: made from coordinates, a matrix may lose its stored zeros.
    kept_m, kept_min = (
        sparse.csr_array(
            (values[held][order], column[order], starts), shape=(len(home), len(places))
        )
        for values in (metres, minutes)
    )
    return Pairs(kept_min, kept_m)
