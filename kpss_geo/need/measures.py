"""Measures of one part of the people: their ways, their access, where the part stands."""

from typing import Final

import numpy as np
import pandas as pd

from kpss_geo import equity
from kpss_geo.decay import Numbers
from kpss_geo.schema import CODE, PEOPLE

TERRITORY: Final = "territory"
AGE: Final = "age"
SIZE: Final = "size"
EXCLUSION: Final = "exclusion"
ORP: Final = "orp"
KINDS: Final = (TERRITORY, AGE, SIZE, EXCLUSION, ORP)
"""Kinds of parts, in the order they are told."""


def measures(points: pd.DataFrame, *, limits_min: tuple[float, ...]) -> dict[str, float]:
    """Measure one part of the people; see `Equity.parts`.

    Parameters
    ----------
    points
        Home points with `people` (NaN = not known, left out), `most_m`, `most_min` to the
        nearest known place (infinite without any), `least_m`, `least_min` (no place can be
        nearer), `certain`, `per_1000` (NaN = not known), `least_per_1000`.
    """
    known = points[points[PEOPLE].notna()]
    people, reached, surely = (
        known[column].to_numpy(dtype=float) for column in (PEOPLE, "per_1000", "least_per_1000")
    )
    lost = equity.unknown(reached, people)
    top, bottom = equity.palma_shares(reached, people)
    return {
        "obce": points[CODE].nunique(),
        PEOPLE: people.sum(),
        **_ways(known, people),
        "unknown_way": float(people[~known["certain"].to_numpy(dtype=bool)].sum()),
        **_beyond(known, people, limits_min),
        "per_1000": equity.mean(reached, people) if not lost else np.nan,
        "least_per_1000": equity.mean(surely, people),
        "no_access": float(people[reached == 0].sum()),
        "maybe_no_access": float(people[np.isnan(reached) & (surely == 0)].sum()),
        "unknown_access": lost,
        "gini": equity.gini(reached, people),
        "palma": equity.palma(reached, people),
        "top_10": top,
        "bottom_40": bottom,
    }


def _ways(points: pd.DataFrame, people: Numbers) -> dict[str, float]:
    result = {}
    for bound in ("least", "most"):
        metres, minutes = (points[f"{bound}_{unit}"].to_numpy(dtype=float) for unit in ("m", "min"))
        result[f"{bound}_mean_m"] = equity.mean(metres, people)
        result[f"{bound}_mean_min"] = equity.mean(minutes, people)
        result[f"{bound}_median_min"] = equity.quantile(minutes, people, 0.5)
        result[f"{bound}_p90_min"] = equity.quantile(minutes, people, 0.9)
    return result


def _beyond(
    points: pd.DataFrame, people: Numbers, limits_min: tuple[float, ...]
) -> dict[str, float]:
    least, most = (points[name].to_numpy(dtype=float) for name in ("least_min", "most_min"))
    result = {}
    for limit in limits_min:
        surely = equity.beyond(least, people, limit)
        result[f"beyond_{limit:g}_min"] = surely
        result[f"unknown_{limit:g}_min"] = equity.beyond(most, people, limit) - surely
    return result


def per_obec(points: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Mean way (minutes) and access per obec; NaN where somebody's is not known."""
    rows = points.assign(
        way=points["most_min"].where(points["certain"]) * points[PEOPLE],
        held=points["per_1000"] * points[PEOPLE],
    )
    some = rows[rows[PEOPLE] != 0].groupby(CODE)
    people = some[PEOPLE].sum(min_count=1)
    ways, held = (
        some[column].agg(lambda values: values.sum(skipna=False)) / people
        for column in ("way", "held")
    )
    return ways, held


def ranked(parts: pd.DataFrame, *, inside: pd.Series) -> pd.DataFrame:
    """Add the places that the territory and each ORP may hold by mean way."""
    orp = parts["kind"] == ORP
    least, most = parts["least_mean_min"], parts["most_mean_min"]
    best, worst, among = (pd.Series(pd.NA, index=parts.index, dtype="Int64") for _ in range(3))
    for row in parts.index[orp | (parts["kind"] == TERRITORY)]:
        own_part = parts["key"].isin(inside) if not orp[row] else parts.index == row
        others = orp & ~own_part
        if not others.any() or np.isnan(least[row]):
            continue
        best[row] = 1 + int((most[others] < least[row]).sum())
        worst[row] = 1 + int((least[others] < most[row]).sum())
        among[row] = int(others.sum()) + 1
    return parts.assign(rank_best=best, rank_worst=worst, ranked=among)
