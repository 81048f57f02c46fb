"""Districts whose services the register does not hold: how near they are, and which matter."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from kpss_geo.catalogue import FIELD
from kpss_geo.coverage import DISTRICT_NOT_HELD, FIELD_NOT_HELD, REASONS, Judged
from kpss_geo.study.measured import Measured
from kpss_geo.study.question import Question

Names = tuple[str, ...]


def districts_per_obec(
    known: Measured, judged: Judged, question: Question, serving: pd.DataFrame | None
) -> dict[str, list[Names]]:
    """Name for each obec the districts not held that leave it unknown, the nearest first.

    `near_districts` are those into which the reach crosses from where people live of whom
    for that reason nothing is known; `field_districts` those from which a field service may
    come, where the data hold none that could be asked. Empty where there is no such doubt.
    """
    return {
        "near_districts": _within_reach(known, judged, question),
        "field_districts": _of_field(known, judged, serving),
    }


def _within_reach(known: Measured, judged: Judged, question: Question) -> list[Names]:
    homes = known.usual.homes
    doubtful = (judged.reason == REASONS.index(DISTRICT_NOT_HELD)) & (homes.people > 0)
    metres = known.usual.travel.metres(known.to_districts.to_numpy(dtype=float)[doubtful])
    minutes = known.usual.travel.minutes(metres)
    inside = np.zeros(metres.shape, dtype=bool)
    for limit in question.limits:
        if limit.form != FIELD:
            inside |= limit.reach.holds(metres, minutes)
    least = pd.DataFrame(np.where(inside, metres, np.inf), columns=known.to_districts.columns)
    by_obec = least.groupby(homes.obec[doubtful]).min()
    found = dict(zip(by_obec.index, map(_nearest_first, by_obec.to_dict("records")), strict=True))
    return [found.get(number, ()) for number in range(homes.obce)]


def _nearest_first(metres: Mapping[Hashable, float]) -> Names:
    near = [name for name in metres if np.isfinite(metres[name])]
    return tuple(str(name) for name in sorted(near, key=lambda name: metres[name]))


def _of_field(known: Measured, judged: Judged, serving: pd.DataFrame | None) -> list[Names]:
    homes = known.usual.homes
    if serving is None:
        return [()] * homes.obce
    doubts = [REASONS.index(reason) for reason in (DISTRICT_NOT_HELD, FIELD_NOT_HELD)]
    doubtful = np.bincount(
        homes.obec, weights=np.isin(judged.reason, doubts) & (homes.people > 0),
        minlength=homes.obce,
    )  # fmt: skip
    open_ = ~serving["known"].to_numpy(dtype=bool) & serving["silent"].map(len).eq(0).to_numpy()
    names = known.field_districts
    return [some if here else () for some, here in zip(names, open_ & (doubtful > 0), strict=True)]
