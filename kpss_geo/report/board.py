"""All types of services of a territory at once: what is missing where, on one screen."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from kpss_geo.dataset import Data
from kpss_geo.report.html import render
from kpss_geo.report.reasons import firm, firmness_mark, reason
from kpss_geo.report.sentences import VERDICT_WORDS
from kpss_geo.report.standing import standing_words
from kpss_geo.schema import COVERED, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN, VERDICTS
from kpss_geo.study import NOBODY, Answer
from kpss_geo.territory import Territory, told_apart
from kpss_geo.text import Words, in_order

MANY_OBCE: Final = 60
"""A territory with more obce than this is shown by ORP, and its obce inside one ORP."""
SIGNS: Final = {COVERED: "✓", ON_PAPER: "≈", NOT_COVERED: "✗", UNKNOWN: "?", NOBODY: ""}
"""The verdict of a cell without its colour."""


Reason = Callable[[Answer, Mapping[Any, Any], Words], str]
"""How the deciding fact of a row of `Answer.obce` is written."""


@dataclass(frozen=True)
class Line:
    """One row of the board: an obec, or an ORP with several."""

    key: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One line and one type of service, in people; `verdict` is that of most of them."""

    people: int | None
    counts: Mapping[str, int]
    verdict: str
    firm: bool | None


def held(answers: Sequence[Answer]) -> list[Answer]:
    """Give the answers about types that the data hold."""
    return [answer for answer in answers if answer.supply.known_type]


def group_of(territory: Territory, answer: Answer, words: Words) -> str:
    """Name the first working group of the plan that talks about the type of an answer."""
    kind = answer.service_type
    names = (group.name for group in territory.working_groups if kind.of_group(group))
    return next(names, words.t("without a working group"))


def lines_of(territory: Territory, data: Data, *, orp: str = "") -> list[Line]:
    """Give the rows of a board: obce; of a large territory its ORP, or the obce of one."""
    obce = data.obce.loc[list(territory.codes)]
    if len(obce) <= MANY_OBCE or orp:
        rows = obce[obce["orp_code"] == orp] if orp else obce
        lines = [Line(str(c), str(n), (str(c),)) for c, n in told_apart(obce)[rows.index].items()]
    else:
        lines = [
            Line(str(code), str(part["orp_name"].iloc[0]), tuple(map(str, part.index)))
            for code, part in obce.groupby("orp_code")
        ]
    return in_order(lines, key=lambda line: line.name)


def cells(answer: Answer, lines: Sequence[Line]) -> list[Cell]:
    """Add up an answer for each line; obce whose people are not known are in no sum."""
    columns = answer.obce[[PEOPLE, *VERDICTS, "verdict", "shaky"]]
    rows: dict[Hashable, Mapping[Hashable, Any]] = {
        code: dict(zip(columns, values, strict=True))
        for code, *values in columns.itertuples(name=None)
    }
    return [_cell([rows[code] for code in line.codes]) for line in lines]


def _cell(rows: Sequence[Mapping[Hashable, Any]]) -> Cell:
    known = [row for row in rows if not pd.isna(row[PEOPLE])]
    if not known:
        return Cell(None, dict.fromkeys(VERDICTS, 0), UNKNOWN, None)
    counts = {verdict: int(sum(row[verdict] for row in known)) for verdict in VERDICTS}
    people = int(sum(row[PEOPLE] for row in known))
    if len(rows) == 1:
        return Cell(people, counts, str(rows[0]["verdict"]), firm(rows[0]))
    worst_first = (NOT_COVERED, UNKNOWN, ON_PAPER, COVERED)
    most = max(worst_first, key=lambda verdict: counts[verdict]) if people else NOBODY
    sure = [holds for holds in map(firm, known) if holds is not None]
    return Cell(people, counts, most, all(sure) if sure else None)


def summary(answers: Sequence[Answer], words: Words) -> list[dict[str, Any]]:
    """Give one row per type: people by verdict, obce with people not covered, firmness.

    Most people not covered first, then those of whom most is not known. Between which numbers
    the people not covered lie is None where nothing is known of anybody.
    """
    rows: list[dict[str, Any]] = []
    for answer in answers:
        totals = answer.totals
        lacking = [totals[NOT_COVERED], *map(int, answer.bounds[NOT_COVERED])]
        depth = answer.minutes_beyond.dropna()
        known = totals[UNKNOWN] < totals[PEOPLE]
        rows.append(
            {
                "service_type": answer.service_type.code,
                "service_name": answer.service_type.name,
                "working_group": group_of(answer.territory, answer, words),
                **totals,
                "obce_not_covered": len(answer.gaps),
                "not_covered_low": min(lacking) if known else None,
                "not_covered_high": max(lacking) if known else None,
                "minutes_beyond": round(float(depth.sum())) if len(depth) else None,
                "held": answer.supply.known_type,
            }
        )
    return sorted(rows, key=lambda row: (-row[NOT_COVERED], -row[ON_PAPER], row[UNKNOWN]))


def worst(answers: Sequence[Answer]) -> Answer | None:
    """Give the type of service that most people lack; None when nobody is known to lack any."""
    by_code = {_code(answer): answer for answer in held(answers)}
    for row in summary(tuple(by_code.values()), Words())[:1]:
        if row[NOT_COVERED] > 0:
            return by_code[row["service_type"]]
    return None


def headline(answers: Sequence[Answer], words: Words) -> str:
    """Say in one sentence what the territory lacks most."""
    known = held(answers)
    lacking = [row for row in summary(known, words) if row[NOT_COVERED] > 0]
    territory = answers[0].territory
    facts = {
        "name": territory.name,
        "where": territory.in_name,
        "group": words.t(answers[0].target.short),
        "of_them": answers[0].target.of_them,
    }
    if not lacking:
        return words.t("{name}: no type of service is known to be missing for “{group}”.", **facts)
    worst = lacking[0]
    said = words.t(
        "{name}: “{service}” is missing for most people of the group “{group}” ({count} of "
        "{total}); of {types} types in the data {some} are missing for somebody.",
        service=worst["service_name"],
        count=words.number(worst[NOT_COVERED]),
        total=words.number(worst[PEOPLE]),
        types=words.number(len(known)),
        some=words.number(len(lacking)),
        **facts,
    )
    equal = [r["service_name"] for r in lacking[1:] if r[NOT_COVERED] == worst[NOT_COVERED]]
    if not equal:
        return said
    return f"{said} {words.t('Missing for just as many: {services}.', services=', '.join(equal))}"


def board_table(
    answers: Sequence[Answer],
    lines: Sequence[Line],
    words: Words,
    *,
    links: Mapping[tuple[str, str], str],
    selected: str = "",
) -> str:
    """Write the matrix line × type of those types that the data hold, as an HTML table.

    `links` gives an address for (line key, type code), and for ("", type code) that of a
    whole column; what has none is no link.
    """
    shown = held(answers)
    groups: dict[str, list[Answer]] = {}
    for answer in shown:
        groups.setdefault(group_of(answer.territory, answer, words), []).append(answer)
    ordered = [answer for part in groups.values() for answer in part]
    by_type = {_code(answer): cells(answer, lines) for answer in ordered}
    rows = [
        {
            "name": line.name,
            "key": line.key,
            "cells": [
                _cell_words(found[number], links.get((line.key, code), ""), words)
                for code, found in by_type.items()
            ],
        }
        for number, line in enumerate(lines)
    ]
    return render(
        "board.html",
        caption=words.t(
            "{name}, {group}: people not covered by type of service",
            name=answers[0].territory.name,
            group=words.t(answers[0].target.short),
        ),
        groups=[(name, len(part)) for name, part in groups.items()],
        types=[
            (a.service_type.label, a.service_type.name, links.get(("", _code(a)), ""))
            for a in ordered
        ],
        rows=rows,
        sums=[answer.totals for answer in ordered],
        selected=selected,
        number=words.number,
        t=words.t,
    )


def _code(answer: Answer) -> str:
    return answer.service_type.code


def _cell_words(found: Cell, link: str, words: Words) -> dict[str, Any]:
    lacking = found.counts[NOT_COVERED] + found.counts[ON_PAPER]
    parts = [
        f"{words.t(VERDICT_WORDS[verdict])} {words.number(found.counts[verdict])}"
        for verdict in VERDICTS
        if found.counts[verdict]
    ]
    if found.verdict in (COVERED, NOT_COVERED, ON_PAPER) and found.firm is False:
        parts.append(words.t("not firm"))
    partly = " + ?" if found.counts[UNKNOWN] and found.verdict != UNKNOWN else ""
    some = " + ✓" if found.counts[COVERED] and found.verdict == UNKNOWN else ""
    return {
        "verdict": found.verdict or "nobody",
        "sign": f"{SIGNS[found.verdict]}{partly}{some}",
        "lacking": f"{words.number(lacking)}{partly}" if lacking else "",
        "firm": found.firm is not False,
        "title": ", ".join(parts) or words.t("nobody of the target group lives here"),
        "link": link,
    }


def not_held_words(answers: Sequence[Answer], words: Words) -> str:
    """Name the types of which the data hold nothing; empty when they hold all."""
    names = [a.service_type.name for a in answers if not a.supply.known_type]
    if not names:
        return ""
    return words.t(
        "Of {count} types of services the register in the data holds nothing, so it is not known "
        "who has them: {names}.",
        count=words.number(len(names)),
        names=", ".join(names),
    )


def summary_table(
    answers: Sequence[Answer], words: Words, *, links: Mapping[tuple[str, str], str]
) -> str:
    """Write the sums of every type that the data hold, most people not covered first.

    `links` gives an address for ("", type code), as for `board_table`.
    """
    return render(
        "summary.html",
        caption=words.t(
            "{name}, {group}: every type of service, most people not covered first",
            name=answers[0].territory.name,
            group=words.t(answers[0].target.short),
        ),
        rows=[
            {**row, "link": links.get(("", row["service_type"]), "")}
            for row in summary(answers, words)
            if row["held"]
        ],
        number=words.number,
        t=words.t,
    )


def obec_table(answers: Sequence[Answer], code: str, words: Words, *, said: Reason = reason) -> str:
    """Write every type of service for one obec: verdict, firmness, the deciding fact.

    `said` writes the deciding fact: `reasons.reason`, or shorter `reasons.brief`.
    """
    rows = []
    for answer in held(answers):
        record = answer.obce.loc[code].to_dict()
        verdict = str(record["verdict"])
        rows.append(
            {
                "service": answer.service_type.label,
                "verdict": verdict or "nobody",
                "word": standing_words(record, words),
                "lacking": _lacking(record, words),
                "mark": firmness_mark(firm(record), len(record["shaky"])),
                "reason": said(answer, record, words),
            }
        )
    return render(
        "obec.html",
        caption=words.t("{name}: every type of service in the data", name=_name(answers, code)),
        rows=rows,
        t=words.t,
    )


def _lacking(record: Mapping[Any, Any], words: Words) -> str:
    if pd.isna(record[PEOPLE]):
        return "–"
    lacking = int(record[NOT_COVERED]) + int(record[ON_PAPER])
    if record[UNKNOWN] == 0:
        return words.number(lacking)
    return f"{words.number(lacking)} + ?" if lacking else "?"


def _name(answers: Sequence[Answer], code: str) -> str:
    return str(answers[0].obce.at[code, NAME])
