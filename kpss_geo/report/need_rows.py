"""Supply against need and equity as plain rows: the same numbers for table, CSV and JSON."""

from collections.abc import Hashable, Mapping
from typing import Any, Final, TypedDict

import numpy as np
import pandas as pd

from kpss_geo.need import AccessAnswer, Equity, NeedQuestion
from kpss_geo.need.measures import TERRITORY
from kpss_geo.schema import NAME, PEOPLE, UNKNOWN
from kpss_geo.text import in_order

BOUNDED: Final = ("mean_m", "mean_min", "median_min", "p90_min")
"""Measures of the way, each with a bound on both sides."""
NO_ACCESS: Final = ("no_access", "maybe_no_access", "unknown_access")
RANKS: Final = ("rank_best", "rank_worst", "ranked")
DIGITS: Final = {
    "per_1000": 2, "least_per_1000": 2, "gini": 3, "palma": 3, "top_10": 3, "bottom_40": 3,
}  # fmt: skip


class AccessRow(TypedDict):
    """One obec and one service type. Missing numbers are None: not known.

    `per_1000` is missing unless it is known for everybody; `least_per_1000` is what people
    surely have. `maybe_no_access` counts, of `unknown`, those who may reach nothing.
    """

    code: str
    name: str
    service_type: str
    service_name: str
    form: str
    unit: str
    target: str
    method: str
    decay: str
    population: int | None
    per_1000: float | None
    least_per_1000: float | None
    no_access: int | None
    maybe_no_access: int | None
    unknown: int | None
    limit_min: float
    travel: str
    roads: str
    on: str
    data: str


ACCESS_FIELDS: Final = tuple(AccessRow.__annotations__)


def access_rows(answer: AccessAnswer) -> list[AccessRow]:
    """Give one row per obec, in the Czech alphabet."""
    rows = [
        _access_row(answer, str(code), obec)
        for code, obec in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    ]
    return in_order(rows, key=lambda row: row["name"])


def _access_row(answer: AccessAnswer, code: str, obec: Mapping[Hashable, Any]) -> AccessRow:
    question = answer.question
    return AccessRow(
        code=code,
        name=str(obec[NAME]),
        service_type=answer.service_type.code,
        service_name=answer.service_type.name,
        form=question.form,
        unit=question.unit,
        target=answer.target.id,
        method=question.method,
        decay=question.decay,
        population=whole(obec[PEOPLE]),
        per_1000=rounded(obec["per_1000"], 2),
        least_per_1000=rounded(obec["least_per_1000"], 2),
        no_access=whole(obec["no_access"]),
        maybe_no_access=whole(obec["maybe_no_access"]),
        unknown=whole(obec[UNKNOWN]),
        limit_min=question.limit_min,
        travel=question.about.travel.mode,
        roads=question.about.travel.roads,
        on=question.about.on.isoformat(),
        data=question.about.data_digest,
    )


def equity_rows(equity: Equity) -> list[dict[str, object]]:
    """Give one row per part of the people, in the order of `Equity.parts`.

    A measure of the way (`mean_min`, …) is None unless it is known; `least_…` and `most_…`
    bound it, and a `most_…` that is None has no bound. The rank correlations with the index
    of social exclusion stand in the row of the whole territory.
    """
    return [_equity_row(equity, part) for part in equity.parts.to_dict("records")]


def _equity_row(equity: Equity, part: Mapping[Hashable, Any]) -> dict[str, object]:
    counted = [f"{of}_{limit:g}_min" for limit in equity.limits_min for of in ("beyond", "unknown")]
    return {
        **{key: str(part[key]) for key in ("kind", "key", "name")},
        "service_type": equity.service_type.code,
        "service_name": equity.service_type.name,
        **_asked(equity.question, equity.target.id),
        "obce": whole(part["obce"]),
        "population": whole(part[PEOPLE]),
        **_ways(part),
        **{name: whole(part[name]) for name in ("unknown_way", *counted)},
        **{name: rounded(part[name], digits) for name, digits in DIGITS.items()},
        **{name: whole(part[name]) for name in (*NO_ACCESS, *RANKS)},
        **_links(equity, of_whole=part["kind"] == TERRITORY),
    }


def _ways(part: Mapping[Hashable, Any]) -> dict[str, float | None]:
    row = {}
    for measure in BOUNDED:
        digits = 0 if measure.endswith("_m") else 1
        least, most = part[f"least_{measure}"], part[f"most_{measure}"]
        row[measure] = rounded(least, digits) if known(least, most) else None
        row[f"least_{measure}"] = rounded(least, digits)
        row[f"most_{measure}"] = rounded(most, digits)
    return row


def _links(equity: Equity, *, of_whole: bool) -> dict[str, float | None]:
    row: dict[str, float | None] = {}
    for name, link in (("way", equity.way_link), ("access", equity.access_link)):
        row[f"{name}_exclusion_rho"] = rounded(link.rho, 2) if of_whole else None
        row[f"{name}_exclusion_obce"] = link.obce if of_whole else None
    return row


def _asked(question: NeedQuestion, target: str) -> dict[str, object]:
    about = question.about
    return {
        "form": question.form,
        "unit": question.unit,
        "target": target,
        "method": question.method,
        "decay": question.decay,
        "limit_min": question.limit_min,
        "travel": about.travel.mode,
        "roads": about.travel.roads,
        "on": about.on.isoformat(),
        "data": about.data_digest,
    }


def known(least: float, most: float) -> bool:
    """Whether the bounds of a measure agree, so that it is known."""
    return bool(np.isclose(least, most, rtol=1e-9, atol=1e-9))


def rounded(value: Any, digits: int) -> float | None:
    """Give a number with so many decimals; None when it is missing or has no bound."""
    if pd.isna(value) or np.isinf(value):
        return None
    return round(float(value), digits)


def whole(value: Any) -> int | None:
    """Give a whole number; None when it is missing."""
    return None if pd.isna(value) else round(float(value))
