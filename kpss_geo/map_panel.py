"""What stands beside a map: signs of places, how many people, nearest places that lie off it."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from kpss_geo.catalogue import in_form
from kpss_geo.errors import N_
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


def signs(answer: Answer, axes: Axes, words: Words, *, letters: float) -> list[Line2D]:
    """Give the signs of places that are in view for the legend; of secret ones there is none."""
    residential = in_form(in_view(answer, axes)["forms"], "pob")
    given = (
        (residential.any(), "#111111", N_("residential place")),
        ((~residential).any(), "#ffffff", N_("ambulatory place")),
    )
    return [
        Line2D(
            [], [], marker="o", linestyle="", markersize=5.5 * letters, markerfacecolor=face,
            markeredgecolor="#111111", label=words.t(text),
        )
        for held, face, text in given
        if held
    ]  # fmt: skip


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
