"""Obce of similar size: how many types of services each of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from kpss_geo.schema import COVERED, NAME, VERDICTS
from kpss_geo.study import Answer

SIZES: Final = (0, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lower bounds of the size classes of obce that the statistical office uses (ČSÚ)."""
FEW: Final = 5
"""With fewer obce of one class the neighbouring classes are taken too."""


@dataclass(frozen=True)
class Peers:
    """Obce of a territory of similar size, with the one asked about.

    table
        Index obec code; `name`, `inhabitants`, and how many types have each of the
        verdicts (that of most people). Most covered first.
    """

    table: pd.DataFrame

    def rank(self, code: str) -> tuple[int, int]:
        """First and last of the places by types covered that an obec shares with its equals."""
        covered = self.table[COVERED].astype(int)
        return 1 + int((covered > covered[code]).sum()), int((covered >= covered[code]).sum())


def counts_of(answers: Sequence[Answer]) -> pd.DataFrame:
    """Count per obec how many types have each verdict; obec codes × verdicts."""
    given = {answer.service_type.code: answer.obce["verdict"] for answer in answers}
    verdicts = pd.DataFrame(given)
    return pd.DataFrame({each: verdicts.isin([each]).sum(axis=1) for each in VERDICTS})


def peers_of(
    answers: Sequence[Answer],
    code: str,
    inhabitants: pd.Series,
    *,
    counts: pd.DataFrame | None = None,
) -> Peers | None:
    """Give the obce of the territory in the size class of one, wider where they are few.

    `inhabitants` per obec code; None when those of the obec are not known. Who asks about
    many obce hands in `counts_of` the answers, so that they are counted once.
    """
    counts = counts_of(answers) if counts is None else counts
    people = inhabitants.reindex(counts.index).dropna().astype("int64")
    if code not in people.index:
        return None
    mine = sum(people[code] >= low for low in SIZES) - 1
    first = last = mine
    while True:
        low, high = SIZES[first], SIZES[last + 1] if last + 1 < len(SIZES) else None
        chosen = people[(people >= low) & (people < (high or people.max() + 1))]
        if len(chosen) >= FEW or (first == 0 and last + 1 == len(SIZES)):
            break
        first, last = max(first - 1, 0), min(last + 1, len(SIZES) - 1)
    table = counts.loc[chosen.index].assign(
        name=answers[0].obce.loc[chosen.index, NAME], inhabitants=chosen
    )
    return Peers(table.sort_values([COVERED, "inhabitants"], ascending=False))
