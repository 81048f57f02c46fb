"""How far the people of an obec have it: all of them, those not covered, those within reach."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo import coverage
from kpss_geo.catalogue import BY_DISTANCE
from kpss_geo.coverage import Judged, Limit
from kpss_geo.schema import FORMS
from kpss_geo.study.measured import Measured, Ways
from kpss_geo.study.question import Question

PREFIXES: Final = ("nearest", "beyond", "within")
"""Of whose ways columns tell: of everyone, of the people not covered, of those within reach."""


@dataclass(frozen=True)
class Nearest:
    """Of every home point the nearest place by any form asked for, and the one within reach.

    Both have `place` (row number, -1 without any), `metres`, `minutes`, `form` (number in
    `FORMS`, -1 without any) and `limit_min`, the limit of that form in minutes. `within` is
    the nearest of the places that are within the limit of their form: where limits differ
    by form, that may be another one than the nearest of all.
    """

    nearest: pd.DataFrame
    within: pd.DataFrame


def nearest_of(ways: Ways, question: Question) -> Nearest:
    """Choose for every home point the nearest place of the forms that people travel to."""
    best = _nowhere(len(ways.homes.people))
    within = best
    for form in BY_DISTANCE:
        limit = next((limit for limit in question.limits if limit.form == form), None)
        if limit is None:
            continue
        table = ways.nearest[question.service_type, form].assign(
            form=FORMS.index(form), limit_min=_minutes(limit, question)
        )[best.columns]
        best = _nearer(best, table)
        near = limit.reach.within(table)
        within = _nearer(within, table.where(pd.Series(near, index=table.index), within))
    return Nearest(best, within)


def _nowhere(count: int) -> pd.DataFrame:
    nothing = {"place": -1, "metres": np.inf, "minutes": np.inf, "form": -1, "limit_min": np.nan}
    return pd.DataFrame(nothing, index=range(count))


def _nearer(best: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Take rows of the second table where they are nearer, or where the first has no form."""
    return best.where((best["minutes"] <= table["minutes"]) & (best["form"] >= 0), table)


def _minutes(limit: Limit, question: Question) -> float:
    """Write a limit in minutes; kilometres by the speed of the estimate."""
    reach = limit.reach
    if reach.unit == "min":
        return reach.value
    return float(question.travel.minutes(np.array([reach.value * 1000.0]))[0])


def ways_per_obec(known: Measured, ways: Nearest, judged: Judged) -> dict[str, NDArray[np.generic]]:
    """Mean ways over people whose way is known, and the place nearest to most of them.

    For each of `PREFIXES`: `_m`, `_min`, `_limit_min` (means), `_place` and its `_form`.
    """
    homes = known.usual.homes
    everyone = np.bincount(homes.obec, weights=homes.people, minlength=homes.obce)
    weight = np.where(everyone[homes.obec] > 0, homes.people, 1).astype(float)
    finite = np.isfinite(ways.nearest["metres"].to_numpy(dtype=float))
    beyond = finite & judged.not_covered & (weight > 0)
    near = (ways.within["place"].to_numpy(dtype=np.int64) >= 0) & (weight > 0)
    columns: dict[str, NDArray[np.generic]] = {}
    for prefix, table, rows in zip(
        PREFIXES, (ways.nearest, ways.nearest, ways.within), (finite, beyond, near), strict=True
    ):
        part = _of_rows(table[rows], homes.obec[rows], weight[rows], obce=homes.obce)
        columns |= {f"{prefix}_{name}": values for name, values in part.items()}
    columns["certain"] = _certain(known, ways.nearest, weight)
    return columns


def _of_rows(
    table: pd.DataFrame, obec: NDArray[np.int64], weight: NDArray[np.float64], *, obce: int
) -> dict[str, NDArray[np.generic]]:
    total = np.bincount(obec, weights=weight, minlength=obce)
    columns: dict[str, NDArray[np.generic]] = {}
    for suffix, unit in (("m", "metres"), ("min", "minutes"), ("limit_min", "limit_min")):
        values = table[unit].to_numpy(dtype=float)
        sums = np.bincount(obec, weights=weight * values, minlength=obce)
        with np.errstate(invalid="ignore"):
            columns[suffix] = sums / np.where(total > 0, total, np.nan)
    place, form = (table[name].to_numpy(dtype=np.int64) for name in ("place", "form"))
    # Place and form go together: the form told is that of the place told.
    both = coverage.of_most(obec, place * len(FORMS) + form, weight, obce=obce)
    columns["place"] = np.where(both < 0, -1, both // len(FORMS))
    columns["form"] = np.where(both < 0, -1, both % len(FORMS))
    return columns


def _certain(
    known: Measured, nearest: pd.DataFrame, weight: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether in no obec a place that the register does not hold can be nearer."""
    homes = known.usual.homes
    place = nearest["place"].to_numpy(dtype=np.int64)
    near = (nearest["metres"].to_numpy(dtype=float) <= homes.to_not_held) & (place >= 0)
    doubts = np.bincount(homes.obec, weights=~near & (weight > 0), minlength=homes.obce)
    inhabited = np.bincount(homes.obec, minlength=homes.obce) > 0
    certain: NDArray[np.bool_] = (doubts == 0) & inhabited
    return certain
