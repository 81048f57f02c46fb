"""Home points × places by road: the nearest place, the nearest few, all within a limit."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from kpss_geo.errors import BadOption
from kpss_geo.network.graph import UNREACHED, Ints, metres_of, minutes_of
from kpss_geo.network.measure import Groups, Roads, homes_of, measure, spots_of, whole_ms
from kpss_geo.network.search import NO_LABEL
from kpss_geo.network.snap import Spots

NO_PLACE: Final = -1
AT_ONCE: Final = 256
"""Places measured one by one at a time; bounds the memory."""


def nearest(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    roads: Roads,
    towards: bool = True,
    limit_min: float | None = None,
    spots: tuple[Spots, Spots] | None = None,
) -> pd.DataFrame:
    """Nearest place of every home point by road, in time.

    Time is what is made least; of ways that take the same time the shortest counts.
    Both access legs are in the time and the metres.

    Parameters
    ----------
    home, places
        Tables with `x`, `y` in metres; places have a range index.
    towards
        People travel from home to the place; otherwise from the place to the home.
    limit_min
        Minutes beyond which places are not looked for; none means anywhere.
    spots
        What `spots_of` gave for `home` and for `places`, when it is known already; looking
        for the nearest edges takes most of the time on a large graph.

    Returns
    -------
    DataFrame
        On the index of `home`: `place` (row number in `places`; -1 when there is none),
        `metres` along the fastest way and `minutes` (infinite when there is none),
        `routable` (false when the home point is too far from any road).

    Raises
    ------
    RoadsDoNotCover
        No home point is near a road: the roads are those of another place.
    """
    one = pd.Series(0, index=places.index)
    tables = nearest_each(
        home,
        places,
        one,
        roads=roads,
        towards=towards,
        limit_min=limit_min,
        spots=spots,
    )
    if tables:
        return tables[0]
    nothing = np.full(len(home), UNREACHED), np.full(len(home), NO_LABEL, np.int32)
    return _answer(home.index, *nothing, spots[0] if spots else homes_of(home, roads))


def nearest_each(
    home: pd.DataFrame,
    places: pd.DataFrame,
    kind: pd.Series,
    *,
    roads: Roads,
    towards: bool = True,
    limit_min: float | None = None,
    spots: tuple[Spots, Spots] | None = None,
) -> dict[Hashable, pd.DataFrame]:
    """Nearest place of each kind for every home point, all kinds in one search.

    `kind` says of each place what it is (a service type). The result has a table like
    that of `nearest` for every kind; `place` is a row number in the whole of `places`.
    """
    homes, stands = spots or (homes_of(home, roads), spots_of(places, roads=roads))
    group, kinds = pd.factorize(kind.to_numpy())
    cost, label = measure(
        roads,
        homes,
        stands,
        Groups(group.astype(np.int64), np.arange(len(places)), len(kinds)),
        towards=towards,
        limit_ms=whole_ms(limit_min),
    )
    return {
        value: _answer(home.index, cost[:, column], label[:, column], homes)
        for column, value in enumerate(kinds)
    }


@dataclass(frozen=True)
class Pairs:
    """Minutes and metres of all pairs within a limit: home points in rows, places in columns.

    Both matrices store the same pairs; a stored 0 is a distance of 0, what is not stored
    is beyond the limit.
    """

    minutes: sparse.csr_array
    metres: sparse.csr_array


def pairs(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    roads: Roads,
    limit_min: float,
    towards: bool = True,
    spots: tuple[Spots, Spots] | None = None,
) -> Pairs:
    """Measure every pair of home point and place not farther apart than `limit_min`."""
    homes, stands = spots or (homes_of(home, roads), spots_of(places, roads=roads))
    rows, columns, costs = [], [], []
    for start in range(0, len(places), AT_ONCE):
        cost = _one_by_one(roads, homes, stands, start, towards=towards, limit_min=limit_min)
        row, column = np.nonzero(cost < UNREACHED)
        rows.append(row)
        columns.append(column + start)
        costs.append(cost[row, column])
    row, column, found = (
        np.concatenate(part) if part else np.empty(0, np.int64) for part in (rows, columns, costs)
    )
    order = np.lexsort((column, row))
    starts = np.searchsorted(row[order], np.arange(len(home) + 1))
    shape = (len(home), len(places))
    minutes, metres = (
        sparse.csr_array((values[order], column[order], starts), shape=shape)
        for values in (minutes_of(found), metres_of(found))
    )
    return Pairs(minutes, metres)


def nearest_few(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    k: int,
    roads: Roads,
    towards: bool = True,
    limit_min: float | None = None,
    spots: tuple[Spots, Spots] | None = None,
) -> pd.DataFrame:
    """Nearest `k` places of every home point, the nearest first.

    Returns
    -------
    DataFrame
        Index: that of `home` and `rank` from 1; columns `place`, `metres`, `minutes`.
        A home point that reaches fewer places has fewer rows.
    """
    if k < 1:
        raise BadOption(given=k, option="k", possible="1, 2, …")
    homes, stands = spots or (homes_of(home, roads), spots_of(places, roads=roads))
    cost = np.full((len(home), k), UNREACHED)
    place = np.full((len(home), k), NO_PLACE)
    for start in range(0, len(places), AT_ONCE):
        more = _one_by_one(roads, homes, stands, start, towards=towards, limit_min=limit_min)
        cost = np.hstack([cost, more])
        these = np.broadcast_to(np.arange(start, start + more.shape[1]), more.shape)
        place = np.hstack([place, these])
        best = np.argsort(cost, axis=1, kind="stable")[:, :k]
        cost = np.take_along_axis(cost, best, axis=1)
        place = np.take_along_axis(place, best, axis=1)
    row, rank = np.nonzero(cost < UNREACHED)
    found = cost[row, rank]
    return pd.DataFrame(
        {"place": place[row, rank], "metres": metres_of(found), "minutes": minutes_of(found)},
        index=pd.MultiIndex.from_arrays(
            [home.index[row], rank + 1], names=[home.index.name or "home", "rank"]
        ),
    )


def _one_by_one(
    roads: Roads,
    homes: Spots,
    spots: Spots,
    start: int,
    *,
    towards: bool,
    limit_min: float | None,
) -> Ints:
    """Costs of some places from `start` on, each by itself, in columns."""
    some = np.arange(start, min(start + AT_ONCE, len(spots.edge)))
    each = np.arange(len(some))
    cost, _ = measure(
        roads,
        homes,
        spots.take(some),
        Groups(each, each, len(some)),
        towards=towards,
        limit_ms=whole_ms(limit_min),
    )
    return cost


def _answer(index: pd.Index, cost: Ints, label: NDArray[np.int32], homes: Spots) -> pd.DataFrame:
    place = np.where(label == NO_LABEL, NO_PLACE, label)
    return pd.DataFrame(
        {
            "place": place,
            "metres": metres_of(cost),
            "minutes": minutes_of(cost),
            "routable": homes.routable,
        },
        index=index,
    )
