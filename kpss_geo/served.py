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
"""Before a type code: "any service of this type that is not in the list"."""


def _nothing_said() -> pd.Series:
    keys = pd.MultiIndex.from_arrays([[], []], names=[SERVICE_ID, CODE])
    return pd.Series([], index=keys, dtype=bool)


@dataclass(frozen=True)
class Served:
    """What the team has said: index (`service_id`, obec code), whether it serves it."""

    said: pd.Series = field(default_factory=_nothing_said, compare=False)
    digest: str = ""

    def of(self, service: str, codes: pd.Index) -> pd.Series:
        """Give 1 where the service serves an obec, 0 where it does not, NaN where not said."""
        if service not in self.said.index.get_level_values(SERVICE_ID):
            return pd.Series(np.nan, index=codes)
        return pd.Series(self.said.loc[service].astype(float).reindex(codes))

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
    *,
    type_code: str,
    served: Served,
    people: pd.Series,
    ratio: Ratio | None,
    km: float,
) -> pd.DataFrame:
    """Say of each obec which part of its people field services of one type carry.

    A declared territory is carried whole, or, where the team has stated a ratio, in the
    part that the capacity of the service suffices for; services add up to everyone.

    Parameters
    ----------
    towns
        The obce asked about, index obec code: `x`, `y`, `region_code`, `strangers`
        (whether a district that the register does not hold is so near that a service from
        there may serve the obec).
    services
        `catalogue.Supply.field` of the type.
    people
        People of the target group per obec, of the whole country: a declared territory may
        reach beyond the one asked about.
    ratio
        What the team holds to be enough; without it every declared territory is carried.
    km
        A service with a seat nearer than this must have been asked whether it serves an
        obec, before nobody is known to.

    Returns
    -------
    DataFrame
        Index of `towns`: `share` of people carried (0–1), `declared` (somebody is said to
        serve it), `paper` (only the register says so, by whole region), `capacity_known`,
        `known` (everybody who could serve it has been asked), `silent` (ids of the
        services that nobody has spoken of).
    """
    codes = towns.index
    near = _near_seats(towns, services, km=km)
    table = pd.DataFrame(
        {"share": 0.0, "declared": False, "paper": False, "capacity_known": True}, index=codes
    )
    silent: dict[str, list[str]] = {str(code): [] for code in codes}
    for number, (service, facts) in enumerate(
        zip(services.index, services.to_dict("records"), strict=True)
    ):
        said = served.of(str(service), codes)
        serves, open_question = said.eq(1.0).to_numpy(), said.isna().to_numpy()
        carried = _carried(served.declared(str(service)), facts["capacity"], people, ratio)
        if np.isnan(carried):
            table["capacity_known"] &= ~serves
        else:
            table["share"] += np.where(serves, carried, 0.0)
        table["declared"] |= serves
        table["paper"] |= towns["region_code"].isin(facts["regions"]).to_numpy() & open_question
        for code in codes[open_question & near[:, number]]:
            silent[str(code)].append(str(service))
    table["share"] = table["share"].clip(upper=1.0)
    table["paper"] &= ~table["declared"]
    table["silent"] = pd.Series({code: tuple(ids) for code, ids in silent.items()}, dtype=object)
    nobody_else = served.of(f"{ANYBODY_ELSE}{type_code}", codes).eq(0.0)
    table["known"] = table["silent"].map(len).eq(0) & (nobody_else | ~towns["strangers"])
    return table


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


def _near_seats(towns: pd.DataFrame, services: pd.DataFrame, *, km: float) -> NDArray[np.bool_]:
    """Say of each obec (row) and service (column) whether the seat lies within `km`.

    As the crow flies. A seat that is not known may be anywhere, so it counts as near.
    """
    gap = np.hypot(
        towns[X].to_numpy(dtype=float)[:, None] - services[X].to_numpy(dtype=float)[None, :],
        towns[Y].to_numpy(dtype=float)[:, None] - services[Y].to_numpy(dtype=float)[None, :],
    )
    near: NDArray[np.bool_] = ~(gap > km * 1000)
    return near
