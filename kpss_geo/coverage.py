"""Who is within reach and who is not: four verdicts that add up to everyone.

covered
    People with an open place within reach.
on_paper
    People whom a declared territory covers beyond what its capacity can carry. Nobody
    declares a territory yet, so this is 0 wherever a verdict is known.
not_covered
    People for whom the register is known to hold no place within reach.
unknown
    Everyone else. A missing fact is never read as a missing service.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.catalogue import Supply
from kpss_geo.distance import NO_PLACE, Reach, Travel, nearest
from kpss_geo.network import Roads
from kpss_geo.schema import CODE, COVERED, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN, VERDICTS

TYPE_NOT_HELD: Final = "type_not_held"
GROUP_NOT_HELD: Final = "group_not_held"
FORM_NOT_GIVEN: Final = "form_not_given"
FIELD_NOT_DECLARED: Final = "field_not_declared"
DISTRICT_NOT_HELD: Final = "district_not_held"
NOT_NEAR_A_ROAD: Final = "not_near_a_road"
DAY_NOT_HELD: Final = "day_not_held"
PLACE_NOT_LOCATED: Final = "place_not_located"
REASONS: Final = (
    NOT_NEAR_A_ROAD, DAY_NOT_HELD, TYPE_NOT_HELD, GROUP_NOT_HELD, FORM_NOT_GIVEN,
    FIELD_NOT_DECLARED, PLACE_NOT_LOCATED, DISTRICT_NOT_HELD,
)  # fmt: skip
"""Why a verdict is unknown, the reason that decides first."""


def judge(
    home: pd.DataFrame,
    supply: Supply,
    *,
    reach: Reach,
    travel: Travel,
    roads: Roads | None = None,
    to_not_held: NDArray[np.float64],
) -> pd.DataFrame:
    """Judge every home point.

    Parameters
    ----------
    home
        Home points with `x`, `y` in metres.
    roads
        Roads made ready; needed unless people travel by straight line.
    to_not_held
        Metres from each home point to where the register is not whole, and a place may
        stand that is not known (`distance.metres_to_areas`).

    Returns
    -------
    DataFrame
        On the index of `home`: `place`, `metres`, `minutes` of the nearest known place,
        `verdict` (one of the four), `reason` (why unknown, else empty) and `certain`
        (no unknown place can be nearer).
    """
    found = nearest(home, supply.places, travel=travel, roads=roads)
    covered = reach.within(found)
    everyone = np.ones(len(home), dtype=bool)
    conditions = (
        ~found["routable"].to_numpy(dtype=bool),
        everyone & (not supply.known_day),
        everyone & (not supply.known_type),
        everyone & (not supply.known_group),
        reach.within(nearest(home, supply.doubtful, travel=travel, roads=roads)),
        everyone & supply.by_field,
        everyone & supply.unlocated,
        reach.holds(to_not_held, travel.minutes(to_not_held)),
    )
    reason = np.where(covered, "", np.select(conditions, REASONS, ""))
    verdict = np.where(covered, COVERED, np.where(reason == "", NOT_COVERED, UNKNOWN))
    whole = supply.known_day and supply.known_type and supply.known_group and not supply.unlocated
    metres = found["metres"].to_numpy(dtype=float)
    certain = whole & (metres <= to_not_held) & (found["place"].to_numpy() != NO_PLACE)
    return found.assign(verdict=verdict, reason=reason, certain=certain)


def by_obec(home: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """Add up the verdicts per obec.

    Returns
    -------
    DataFrame
        Index obec code: `people`, the four verdicts (people), `nearest_m` and
        `nearest_min` (mean over people whose way is known; over points where nobody of the
        group lives; NaN without any), `nearest_place` (nearest for most people; -1 without
        any), the same three as `beyond_…` of the people not covered alone, `certain`,
        `reason` (of most people with an unknown verdict, else empty).
    """
    rows = home[[CODE, PEOPLE]].join(judged)
    people = rows.groupby(CODE)[PEOPLE].sum()
    table = pd.DataFrame({PEOPLE: people})
    split = rows.pivot_table(
        index=CODE, columns="verdict", values=PEOPLE, aggfunc="sum", fill_value=0
    )
    for verdict in VERDICTS:
        known = split[verdict] if verdict in split.columns else pd.Series(0, index=table.index)
        table[verdict] = known.reindex(table.index).astype("int64")
    rows["weight"] = rows[PEOPLE].where(rows[CODE].map(people) > 0, 1).astype(float)
    measured = rows[np.isfinite(rows["metres"])]
    beyond = measured[(measured["verdict"] == NOT_COVERED) & (measured["weight"] > 0)]
    for prefix, part in (("nearest", measured), ("beyond", beyond)):
        total = part.groupby(CODE)["weight"].sum()
        for suffix, unit in (("m", "metres"), ("min", "minutes")):
            mean = (part[unit] * part["weight"]).groupby(part[CODE]).sum() / total
            table[f"{prefix}_{suffix}"] = mean.reindex(table.index).astype(float)
        best = _of_most(part, "place").reindex(table.index)
        table[f"{prefix}_place"] = best.fillna(NO_PLACE).astype("int64")
    table["certain"] = (rows["certain"] | (rows["weight"] == 0)).groupby(rows[CODE]).all()
    doubtful = rows[rows["verdict"] == UNKNOWN]
    table["reason"] = _of_most(doubtful, "reason").reindex(table.index).fillna("").astype(str)
    return table


def _of_most(rows: pd.DataFrame, column: str) -> pd.Series:
    """Value of the column that holds most weight in each obec (the first on a tie)."""
    weights = rows.groupby([CODE, column])["weight"].sum().reset_index()
    best = weights.sort_values("weight", ascending=False, kind="stable").drop_duplicates(CODE)
    return best.set_index(CODE)[column]


__all__ = ["COVERED", "NOT_COVERED", "ON_PAPER", "REASONS", "UNKNOWN", "by_obec", "judge"]
