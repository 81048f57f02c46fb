"""Whom a field service serves: said obec by obec, never read from the way to its office.

Evidence from the strongest: the team has said that a service serves an obec, or that it
does not; the register names whole regions (weakest: it covers on paper only); nobody has
said anything, and then it is not known.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.schema import CODE, SERVICE_ID, X, Y

ANYBODY_ELSE: Final = "type:"
"""Before a type code: any service of this type of which nothing else is said."""


def _nothing_said() -> pd.Series:
    keys = pd.MultiIndex.from_arrays([[], []], names=[SERVICE_ID, CODE])
    return pd.Series([], index=keys, dtype=bool)


@dataclass(frozen=True)
class Served:
    """What the team has said: index (`service_id`, obec code), whether it serves it."""

    said: pd.Series = field(default_factory=_nothing_said, compare=False)
    digest: str = ""

    def matrix(self, services: pd.Index, codes: pd.Index) -> NDArray[np.float64]:
        """Give services × obce: 1 where served, 0 where it is not, NaN where nobody spoke."""
        table = np.full((len(services), len(codes)), np.nan)
        row = services.get_indexer(self.said.index.get_level_values(SERVICE_ID))
        column = codes.get_indexer(self.said.index.get_level_values(CODE))
        known = (row >= 0) & (column >= 0)
        table[row[known], column[known]] = self.said.to_numpy(dtype=float)[known]
        return table

    def declared(self, service: str) -> pd.Index:
        """Give every obec that the service is said to serve, wherever it is."""
        if service not in self.said.index.get_level_values(SERVICE_ID):
            return pd.Index([], dtype=str)
        mine = self.said.loc[service]
        codes: pd.Index = mine.index[mine.to_numpy(dtype=bool)]
        return codes


@dataclass(frozen=True)
class Ratio:
    """How much capacity the team holds to be enough: units per 1 000 people of the group."""

    per_1000: float
    unit: str

    def carries(self, count: float) -> float:
        """People whom a capacity carries; NaN for one that is not known."""
        return count * 1000 / self.per_1000


def capacity_in(capacity: Collection[tuple[str, str, float]], *, form: str, unit: str) -> float:
    """Capacity of a registration in one form and unit; NaN when the register gives none."""
    counts = [count for f, u, count in capacity if f == form and u == unit]
    return float(np.sum(counts)) if counts else float("nan")


def serving(
    towns: pd.DataFrame,
    services: pd.DataFrame,
    near: NDArray[np.bool_],
    *,
    type_code: str,
    served: Served,
    people: pd.Series,
    ratio: Ratio | None,
) -> pd.DataFrame:
    """Say of each obec which part of its people field services of one type carry.

    A declared territory is carried whole, or, where the team has stated a ratio, in the
    part that the capacity of the service suffices for; services add up to everyone. What
    is said of `ANYBODY_ELSE` counts for every service of which nothing else is said.

    Parameters
    ----------
    towns
        The obce asked about, index obec code: `x`, `y`, `region_code`, `strangers`
        (whether a district that the register does not hold is so near that a service from
        there may serve the obec).
    services
        `catalogue.Supply.field` of the type.
    near
        `may_come` of them: who may must have been asked before nobody is known to come.
    people
        People of the target group per obec, of the whole country: a declared territory may
        reach beyond the one asked about.
    ratio
        What the team holds to be enough; without it every declared territory is carried.

    Returns
    -------
    DataFrame
        Index of `towns`: `share` of people carried (0–1), `declared` (somebody is said to
        serve it), `paper` (only the register says so, by whole region), `capacity_known`,
        `known` (everybody who could serve it has been asked), `silent` (ids of the
        services that nobody has spoken of).
    """
    codes = towns.index
    said = served.matrix(services.index, codes)
    serves, silent = said == 1.0, np.isnan(said) & near
    carried = np.array(
        [
            _carried(served.declared(str(service)), capacity, people, ratio)
            for service, capacity in services["capacity"].items()
        ],
        dtype=float,
    )
    whole = _whole_regions(services, towns) & np.isnan(said)
    others = served.matrix(pd.Index([f"{ANYBODY_ELSE}{type_code}"]), codes)[0]
    strangers = towns["strangers"].to_numpy(dtype=bool) & np.isnan(others)
    silent &= np.isnan(others)
    whole &= others != 0.0
    declared = serves.any(axis=0) | (others == 1.0)
    # Nobody knows the capacity of services that are not named.
    carried = np.append(carried, 1.0 if ratio is None else np.nan)
    serves = np.vstack([serves, others == 1.0])
    return pd.DataFrame(
        {
            "share": np.minimum(np.nan_to_num(carried) @ serves, 1.0),
            "declared": declared,
            "paper": whole.any(axis=0) & ~declared,
            "capacity_known": ~serves[np.isnan(carried)].any(axis=0),
            "known": ~silent.any(axis=0) & ~strangers,
            "silent": _names(silent, services.index),
        },
        index=codes,
    )


def _whole_regions(services: pd.DataFrame, towns: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of each service (row) and obec (column) whether the register names its region."""
    region = towns["region_code"].to_numpy(dtype=object)
    rows = [np.isin(region, list(regions)) for regions in services["regions"]]
    return np.array(rows, dtype=bool).reshape(len(services), len(towns))


def _names(silent: NDArray[np.bool_], services: pd.Index) -> NDArray[np.object_]:
    """Ids of the services (rows) that nobody has spoken of, for each obec (column)."""
    column, row = np.nonzero(silent.T)
    ids = services.to_numpy(dtype=object)[row]
    starts = np.searchsorted(column, np.arange(silent.shape[1] + 1))
    names = np.empty(silent.shape[1], dtype=object)
    for number in range(len(names)):
        names[number] = tuple(ids[starts[number] : starts[number + 1]])
    return names


def _carried(
    declared: pd.Index,
    capacity: Collection[tuple[str, str, float]],
    people: pd.Series,
    ratio: Ratio | None,
) -> float:
    """Part of the people of a declared territory that the capacity suffices for, NaN unknown."""
    if ratio is None:
        return 1.0
    theirs = float(people.reindex(declared).sum())
    suffices_for = ratio.carries(capacity_in(capacity, form="ter", unit=ratio.unit))
    # np.minimum keeps NaN: what is not known must not become enough.
    return float(np.minimum(1.0, suffices_for / theirs)) if theirs > 0 else 1.0


def may_come(
    towns: pd.DataFrame, services: pd.Index, seats: pd.DataFrame, *, km: float
) -> NDArray[np.bool_]:
    """Say of each service (row) and obec (column) whether it may serve it, by its addresses.

    One with an address within `km` as the crow flies or in the same region may; so may one
    of which some address is not known. `seats` is `catalogue.Supply.seats` with the
    `region_code` of each.
    """
    gap = np.hypot(
        seats[X].to_numpy(dtype=float)[:, None] - towns[X].to_numpy(dtype=float)[None, :],
        seats[Y].to_numpy(dtype=float)[:, None] - towns[Y].to_numpy(dtype=float)[None, :],
    )
    region = seats["region_code"].to_numpy(dtype=object)[:, None]
    same = region == towns["region_code"].to_numpy(dtype=object)[None, :]
    near = ~(gap > km * 1000) | same
    of_service = np.zeros((len(services), len(towns)), dtype=bool)
    np.logical_or.at(of_service, services.get_indexer(pd.Index(seats[SERVICE_ID])), near)
    return of_service
