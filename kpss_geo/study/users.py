"""Who has which place as the nearest: for how many that is certain, and not out of the way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo.catalogue import BY_DISTANCE
from kpss_geo.coverage import Homes, Limit
from kpss_geo.schema import FORMS

FAR: Final = 2.0
"""So many times the team's limit: a place farther than that is nobody's neighbour."""


def users_of(
    homes: Homes, nearest: pd.DataFrame, limits: Mapping[str, Limit], *, count: int
) -> pd.DataFrame:
    """Count people of the territory by the place nearest to them.

    Parameters
    ----------
    nearest
        One row per home: `place` (row number, −1 without any), `metres`, `minutes`, `form`
        (number in `FORMS`).
    count
        How many places there are.

    Returns
    -------
    DataFrame
        One row per place: `used` (people whose nearest known place it is), `used_surely`
        (those of them for whom no place in a district that the register does not hold can
        be nearer), `used_near` (those of these who have it within `FAR` times the limit).
    """
    place = nearest["place"].to_numpy(dtype=np.int64)
    known = place >= 0
    sure = known & (nearest["metres"].to_numpy(dtype=float) <= homes.to_not_held)
    near = np.zeros(len(place), dtype=bool)
    for form in set(BY_DISTANCE) & set(limits):
        reach = limits[form].reach
        mine = nearest["form"].eq(FORMS.index(form)).to_numpy(dtype=bool)
        near |= mine & replace(reach, value=min(FAR * reach.value, 500.0)).within(nearest)
    return pd.DataFrame(
        {
            name: np.bincount(place[who], homes.people[who], minlength=count).astype(np.int64)
            for name, who in (("used", known), ("used_surely", sure), ("used_near", sure & near))
        }
    )
