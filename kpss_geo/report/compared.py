"""A comparison as accessible tables."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_
from kpss_geo.report.html import render
from kpss_geo.report.sentences import FORM_WORDS, VERDICT_WORDS, unit_name
from kpss_geo.schema import NAME, PEOPLE, VERDICTS
from kpss_geo.study import Answer, Comparison, Line
from kpss_geo.study.compared import (
    ENDED,
    LESS,
    MORE,
    NOT_JUDGED,
    PER_1000,
    SAME,
    STARTED,
    WAY_M,
    WITHIN,
)
from kpss_geo.text import Words, in_order

OUTCOME_WORDS: Final = {
    MORE: N_("more in B, in every check"),
    LESS: N_("less in B, in every check"),
    SAME: N_("no difference"),
    WITHIN: N_("within the uncertainty"),
    NOT_JUDGED: "–",
}
TERMS: Final = {WAY_M: "way", PER_1000: "capacity"}
"""Definitions of those measures that are not called by them."""
CHANGE_WORDS: Final = {STARTED: N_("started"), ENDED: N_("ended")}
SMALLEST: Final = {WAY_M: 100.0, PER_1000: 0.1}
"""Least difference that is written; a smaller one is said to be less than it."""


def side_names(comparison: Comparison, words: Words) -> tuple[str, str]:
    """Name the sides by what tells them apart: the territory, the day, or both."""
    a, b = comparison.a, comparison.b
    days = [words.date(answer.question.on.isoformat()) for answer in (a, b)]
    if a.question.on == b.question.on:
        return a.territory.name, b.territory.name
    if a.territory.id == b.territory.id:
        return days[0], days[1]
    return f"{a.territory.name}, {days[0]}", f"{b.territory.name}, {days[1]}"


def lines_table(comparison: Comparison, words: Words) -> str:
    """Write one type of service: every measure on both sides, the verdicts with their sum."""
    people, others = comparison.line(PEOPLE), comparison.lines[1:]
    return render(
        "compared.html",
        caption=words.t(
            "{service}, {group}: A = {a}, B = {b}",
            service=comparison.a.service_type.label,
            group=words.t(comparison.a.target.short),
            a=side_names(comparison, words)[0],
            b=side_names(comparison, words)[1],
        ),
        names=side_names(comparison, words),
        verdicts=[_cells(line, comparison, words) for line in others if line.measure in VERDICTS],
        whole=_cells(people, comparison, words),
        others=[_cells(line, comparison, words) for line in others if line.measure not in VERDICTS],
        uncertain=not all(map(way_certain, (comparison.a, comparison.b))),
        t=words.t,
    )


def _cells(line: Line, comparison: Comparison, words: Words) -> dict[str, str]:
    mark = [
        "" if line.measure != WAY_M or value is None or way_certain(answer) else " *"
        for answer, value in ((comparison.a, line.a), (comparison.b, line.b))
    ]
    return {
        "key": TERMS.get(line.measure, line.measure),
        "name": line_name(line, words),
        "a": amount(line, line.a, words) + mark[0],
        "b": amount(line, line.b, words) + mark[1],
        "share_a": share(line.share_a, words),
        "share_b": share(line.share_b, words),
        "difference": amount(line, line.difference, words, signed=True),
        "points": points(line.share_difference, words),
        "outcome": outcome_words(line, words),
    }


def line_name(line: Line, words: Words) -> str:
    """Say what a line measures."""
    if line.measure in VERDICT_WORDS:
        return words.t(VERDICT_WORDS[line.measure])
    if line.measure == WAY_M:
        return words.t("mean way to the nearest place")
    if line.measure == PER_1000:
        return words.t(
            "registered capacity in the territory per 1,000 people: {form}, {unit}",
            form=words.t(FORM_WORDS[line.form]),
            unit=unit_name(line.unit, words),
        )
    return words.t("People in all")


def amount(line: Line, value: float | None, words: Words, *, signed: bool = False) -> str:
    """Write a value of a line in its own unit; a difference always with its sign."""
    if value is None:
        return "–"
    sign, size = _sign(value) if signed else "", abs(value)
    if signed and line.measure in SMALLEST and 0 < size < SMALLEST[line.measure] / 2:
        least = amount(line, SMALLEST[line.measure], words)
        return sign + words.t("less than {share}", share=least)
    if line.measure == WAY_M:
        return sign + words.km(size)
    return sign + words.number(size, digits=1 if line.measure == PER_1000 and size else 0)


def share(value: float | None, words: Words) -> str:
    """Write a share of people in whole per cent."""
    return "–" if value is None else words.percent(value, 1.0)


def points(value: float | None, words: Words) -> str:
    r"""Write a difference of shares in percentage points, with its sign.

    >>> points(-0.0714, Words("cs")), points(0.0001, Words("cs"))
    ('−7,1', '+méně než 0,1')
    """
    if value is None:
        return "–"
    size = abs(value) * 100
    if 0 < size < 0.05:
        return _sign(value) + words.t("less than {share}", share=words.number(0.1, digits=1))
    return _sign(value) + words.number(size, digits=1 if size else 0)


def outcome_words(line: Line, words: Words) -> str:
    """Say whether the difference of shares of a line holds."""
    if line.outcome == WITHIN and not line.share_difference:
        return words.t("none, but possible")
    return words.t(OUTCOME_WORDS[line.outcome])


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


def way_certain(answer: Answer) -> bool:
    """Whether no place that the data do not hold can be nearer in any obec."""
    return bool(answer.obce["certain"].all())


def types_table(
    comparisons: Sequence[Comparison], words: Words, *, links: Mapping[str, str], selected: str
) -> str:
    """Write every type of service: the four verdicts of both sides as shares, the difference.

    `links` gives the address of each type's own comparison, by its code.
    """
    names = side_names(comparisons[0], words)
    return render(
        "compared_types.html",
        caption=words.t(
            "Every type of service in the data, shares of {group}: A = {a}, B = {b}",
            group=words.t(comparisons[0].a.target.short),
            a=names[0],
            b=names[1],
        ),
        names=names,
        verdicts=[(verdict, words.t(VERDICT_WORDS[verdict])) for verdict in VERDICTS],
        rows=[_type_row(each, links, selected, words) for each in comparisons],
        t=words.t,
    )


def _type_row(
    comparison: Comparison, links: Mapping[str, str], selected: str, words: Words
) -> dict[str, Any]:
    kind = comparison.a.service_type
    lines = [comparison.line(verdict) for verdict in VERDICTS]
    judged = comparison.line("not_covered")
    return {
        "service": kind.name,
        "link": links.get(kind.code, ""),
        "selected": kind.code == selected,
        "a": [share(line.share_a, words) for line in lines],
        "b": [share(line.share_b, words) for line in lines],
        "points": points(judged.share_difference, words),
        "outcome": outcome_words(judged, words),
    }


def obce_table(answer: Answer, words: Words, *, name: str) -> str:
    """Write the obce of one side: people by verdict, the sums below; equals its map."""
    records = [
        {
            "code": str(code),
            "name": str(row[NAME]),
            "cells": [_people(row[column], words) for column in (PEOPLE, *VERDICTS)],
        }
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    ]
    return render(
        "compared_obce.html",
        caption=words.t("{name}: people by obec", name=name),
        headings=[words.t(answer.target.short), *map(words.t, VERDICT_WORDS.values())],
        rows=in_order(records, key=lambda record: str(record["name"])),
        sums=[words.number(answer.totals[column]) for column in (PEOPLE, *VERDICTS)],
        t=words.t,
    )


def changed_table(comparison: Comparison, changed: pd.DataFrame, words: Words) -> str:
    """Write the obce whose people have another verdict on the second day, with sums."""
    records = [
        {
            "code": str(code),
            "name": str(row[NAME]),
            "cells": [
                _people(row[PEOPLE], words),
                *(_verdict(row[f"verdict_{side}"], words) for side in ("a", "b")),
                *(_signed(row[verdict], words) for verdict in VERDICTS),
            ],
        }
        for code, row in zip(changed.index, changed.to_dict("records"), strict=True)
    ]
    names = side_names(comparison, words)
    return render(
        "compared_obce.html",
        caption=words.t("Obce with another verdict, by how many people more or less"),
        headings=[
            words.t(comparison.a.target.short),
            *(words.t("most people, {side}", side=name) for name in names),
            *map(words.t, VERDICT_WORDS.values()),
        ],
        rows=records,
        sums=[
            words.number(int(changed[PEOPLE].fillna(0).sum())), "", "",
            *(_signed(changed[verdict].sum(), words) for verdict in VERDICTS),
        ],
        t=words.t,
    )  # fmt: skip


def _people(value: Any, words: Words) -> str:
    return "–" if pd.isna(value) else words.number(int(value))


def _signed(value: float, words: Words) -> str:
    return _sign(value) + words.number(abs(int(value)))


def _verdict(verdict: str, words: Words) -> str:
    return words.t(VERDICT_WORDS[verdict]) if verdict else "–"


def services_table(changed: pd.DataFrame, words: Words) -> str:
    """Write the services started or ended between two days."""
    headings = [
        words.t(text)
        for text in (
            N_("Service"), N_("change"), N_("provider"), N_("obec"), N_("open from"),
            N_("open until"),
        )
    ]  # fmt: skip
    cells = [
        (
            row[NAME] or row["provider"],
            words.t(CHANGE_WORDS[row["change"]]),
            row["provider"],
            row["town"] or "–",
            *(words.date(day.isoformat()) if day else "–" for day in (row["since"], row["until"])),
        )
        for row in changed.to_dict("records")
    ]
    return render(
        "plain.html",
        name="services-changed",
        caption=words.t("Services of this type started or ended in the register in between"),
        headings=headings,
        rows=cells,
    )
