"""Obce of similar size: how many types of services each of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from kpss_geo.report.standing import STANDINGS, standings
from kpss_geo.schema import COVERED, NAME
from kpss_geo.study import Answer

SIZES: Final = (0, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lower bounds of the size classes of obce that the statistical office uses (ČSÚ)."""
FEW: Final = 5
"""With fewer obce of one class the next class on each side is taken too, and no farther."""
LEAST: Final = 3
"""With fewer obce, the one asked about among them, there is nothing to compare."""


@dataclass(frozen=True)
class Peers:
    """Obce of a territory of similar size, with the one asked about.

    table
        Index obec code; `name`, `inhabitants`, and how many types stand how
        (`standing.STANDINGS`). Most covered for everyone first.
    """

    table: pd.DataFrame

    def rank(self, code: str) -> tuple[int, int]:
        """First and last place by types covered for everyone, shared with the obce equal to it."""
        covered = self.table[COVERED].astype(int)
        return 1 + int((covered > covered[code]).sum()), int((covered >= covered[code]).sum())


def counts_of(answers: Sequence[Answer]) -> pd.DataFrame:
    """Count per obec how many types stand how; obec codes × `standing.STANDINGS`.

    A type counts as covered only where everyone of the group in the obec is covered.
    """
    table = pd.DataFrame({a.service_type.code: standings(a.obce) for a in answers})
    return pd.DataFrame({each: table.isin([each]).sum(axis=1) for each in STANDINGS})


def peers_of(
    answers: Sequence[Answer],
    code: str,
    inhabitants: pd.Series,
    *,
    counts: pd.DataFrame | None = None,
) -> Peers | None:
    """Give the obce of the territory in the size class of one, a class wider where they are few.

    `inhabitants` per obec code; None when those of the obec are not known, when nobody lives
    there and when there are too few to compare. Obce where nobody lives are nobody's peers.
    Who asks about many obce hands in `counts_of` the answers, so that they are counted once.
    """
    counts = counts_of(answers) if counts is None else counts
    people = inhabitants.reindex(counts.index).dropna().astype("int64")
    people = people[people > 0]
    if code not in people.index:
        return None
    mine = sum(people[code] >= low for low in SIZES) - 1
    chosen = _in_classes(people, mine, mine)
    if len(chosen) < FEW:
        chosen = _in_classes(people, mine - 1, mine + 1)
    if len(chosen) < LEAST:
        return None
    table = counts.loc[chosen.index].assign(
        name=answers[0].obce.loc[chosen.index, NAME], inhabitants=chosen
    )
    return Peers(table.sort_values([COVERED, "inhabitants"], ascending=False))


def _in_classes(people: pd.Series, first: int, last: int) -> pd.Series:
    """Leave the obce in the size classes from one to another."""
    known = people[people >= SIZES[max(first, 0)]]
    return known[known < SIZES[last + 1]] if last + 1 < len(SIZES) else known
