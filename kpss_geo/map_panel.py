"""What is written beside a map: how many people, and which nearest places lie off it."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from kpss_geo.report import sentences
from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.schema import X, Y
from kpss_geo.study import Answer
from kpss_geo.text import NBSP, Words

NAMED: Final = 6
"""So many towns off the map are named, those with the most people first."""


def below(answer: Answer, axes: Axes, words: Words, *, last: str = "") -> str:
    """Write what stands under the legend: people by verdict, places off the map, and `last`."""
    totals = answer.totals
    counts = [  # each share rounded by itself, as in the sentences beside the map
        f"{words.t(word)}: {words.number(totals[verdict])} "
        f"({words.percent(totals[verdict], totals['people'])})"
        for verdict, word in sentences.VERDICT_WORDS.items()
    ]
    known = f"{words.t(answer.target.short)}: {words.number(totals['people'])}"
    parts = ["\n".join([known, *counts]), off_words(answer, axes, words), last]
    return "\n\n".join(filter(None, parts))


def in_view(answer: Answer, axes: Axes) -> pd.DataFrame:
    """Give the places of an Answer that the map shows; secret ones never."""
    public = answer.places[~answer.places["secret"].astype(bool)]
    seen: pd.DataFrame = public[
        public[X].between(*axes.get_xlim()) & public[Y].between(*axes.get_ylim())
    ]
    return seen


def off_words(answer: Answer, axes: Axes, words: Words) -> str:
    """Name the towns of the nearest places that the map does not show; empty without any."""
    places = nearest(answer)
    away = places[~places.index.isin(in_view(answer, axes).index) & ~places["secret"].astype(bool)]
    if away.empty:
        return ""
    counts = away.groupby("obec", sort=False).size()
    named = [f"{town}{NBSP}({words.number(count)})" for town, count in counts[:NAMED].items()]
    rest = int(counts[NAMED:].sum())
    if rest:
        named.append(words.t("and {count} more", count=words.number(rest)))
    return words.t("Nearest places off the map: {towns}.", towns=", ".join(named))


def nearest(answer: Answer) -> pd.DataFrame:
    """Give the places nearest to some obec, those nearest for the most people first.

    Not of obce whose verdict hangs on who comes to them.
    """
    people: dict[int, float] = {}
    for obec in answer.obce.to_dict("records"):
        number = obec["nearest_place"]
        if not pd.isna(number) and number >= 0 and not hangs_on_field(answer, obec):
            known = 0.0 if pd.isna(obec["people"]) else float(obec["people"])
            people[int(number)] = people.get(int(number), 0.0) + known
    order = sorted(people, key=lambda number: -people[number])
    return answer.places.loc[order]
