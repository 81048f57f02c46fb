"""Where an obec stands with one type: the verdict, and whether everyone there shares it."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_
from kpss_geo.report.sentences import VERDICT_WORDS
from kpss_geo.schema import COVERED, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN
from kpss_geo.text import Words

PARTLY: Final = "partly"
"""Some people of the obec are covered and some are not; else the verdict itself stands."""
STANDINGS: Final = (COVERED, PARTLY, ON_PAPER, NOT_COVERED, UNKNOWN)
_SHARED_BY_SOME: Final = {
    PARTLY: N_("partly covered"),
    ON_PAPER: N_("partly on paper only"),
    NOT_COVERED: N_("partly not covered"),
    UNKNOWN: N_("partly not known"),
}


def standings(obce: pd.DataFrame) -> pd.Series:
    """Give where each obec stands, from `Answer.obce`: one of `STANDINGS`, empty for nobody.

    `COVERED` means that everyone of the group is covered, never most of them.
    """
    people, covered = obce[PEOPLE], obce[COVERED]
    some = ((covered > 0) & (covered < people)).fillna(value=False).astype(bool)
    return obce["verdict"].astype(object).mask(some, PARTLY)


def standing_words(obec: Mapping[Hashable, Any], words: Words) -> str:
    """Write the verdict of an obec (a row of `Answer.obce`), “partly” where not all share it."""
    verdict = str(obec["verdict"])
    if not verdict:
        return "–"
    if pd.isna(obec[PEOPLE]) or obec[verdict] == obec[PEOPLE]:
        return words.t(VERDICT_WORDS[verdict])
    return words.t(_SHARED_BY_SOME[PARTLY if obec[COVERED] > 0 else verdict])
