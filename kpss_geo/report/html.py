"""An Answer as accessible HTML: the table that equals the map, the figures, the legend.

Every value passes through Jinja's autoescape, so that a name from a register stays text.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from kpss_geo.errors import N_, Finding
from kpss_geo.provenance import Source
from kpss_geo.report.reasons import firmness_mark
from kpss_geo.report.rows import Row, gap_rows, rows
from kpss_geo.report.sentences import VERDICT_WORDS, limits_of, service_words
from kpss_geo.report.ways import way
from kpss_geo.schema import PEOPLE, VERDICTS
from kpss_geo.study import Answer
from kpss_geo.text import Words

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kpss_geo.report", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

SEVERITY_WORDS: Final = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
CAPTION_ALL: Final = N_("{service}, {name}: {group} by obec, within {reach}")
CAPTION_GAPS: Final = N_(
    "Obce not covered: {service}, {name}, {group} beyond {reach}, most people first"
)
CAPTION_ALL_FIELD: Final = N_("{service}, {name}: {group} by obec")
CAPTION_GAPS_FIELD: Final = N_("Obce not covered: {service}, {name}, {group}, most people first")


def render(template: str, **values: object) -> str:
    """Fill one of the templates beside this module; every value is escaped."""
    return _ENVIRONMENT.get_template(template).render(**values)


def figures(answer: Answer, words: Words, *, code: str = "") -> str:
    """Draw the four verdicts as figures with bars; they add up to everyone.

    With a `code` those of one obec; nothing where its people are not known.
    """
    totals = answer.totals if not code else _of_obec(answer, code)
    if not totals:
        return ""
    whole = totals[PEOPLE]
    cards = [
        {
            "verdict": verdict,
            "label": words.t(VERDICT_WORDS[verdict]),
            "people": words.number(totals[verdict]),
            "share": words.percent(totals[verdict], whole),
            "width": 100 * totals[verdict] / whole if whole else 0,
        }
        for verdict in VERDICTS
    ]
    return render("figures.html", cards=cards)


def _of_obec(answer: Answer, code: str) -> dict[str, int]:
    obec = answer.obce.loc[code].to_dict()
    counts = {column: obec[column] for column in (PEOPLE, *VERDICTS)}
    known = not any(pd.isna(count) for count in counts.values())
    return {column: int(count) for column, count in counts.items()} if known else {}


def obce_table(answer: Answer, words: Words, *, selected: str | None = None) -> str:
    """Write every obec as a table row, the Czech alphabet, sums at the bottom."""
    return _table(answer, words, rows(answer, words=words), selected=selected, only_gaps=False)


def gaps_table(answer: Answer, words: Words, *, selected: str | None = None) -> str:
    """Write the obce with people not covered, most people first."""
    return _table(answer, words, gap_rows(answer, words=words), selected=selected, only_gaps=True)


def _table(
    answer: Answer, words: Words, records: list[Row], *, selected: str | None, only_gaps: bool
) -> str:
    if answer.question.only_field:
        template = CAPTION_GAPS_FIELD if only_gaps else CAPTION_ALL_FIELD
    else:
        template = CAPTION_GAPS if only_gaps else CAPTION_ALL
    caption = words.t(
        template,
        service=service_words(answer, words),
        where=answer.territory.in_name,
        name=answer.territory.name,
        group=words.t(answer.target.short),
        reach=limits_of(answer, words),
    )
    return render(
        "obce.html",
        caption=caption,
        group=words.t(answer.target.short),
        rows=records,
        totals=answer.totals if not only_gaps else _sums(records),
        only_gaps=only_gaps,
        selected=selected,
        t=words.t,
        number=lambda value: "–" if value is None else words.number(value),
        km=lambda value: _way(answer, value, words),
        minutes=lambda value: "–" if value is None else words.minutes(value),
        mark=lambda row: firmness_mark(row["firm"], len(row["firm_lost"].split("|"))),
    )


def _way(answer: Answer, metres: float | None, words: Words) -> str:
    if metres is None:
        return "–"
    return way(metres, None, answer.question.reach, words, beyond=True)


def _sums(records: list[Row]) -> dict[str, int]:
    return {
        "people": sum(row["population"] or 0 for row in records),
        "not_covered": sum(row["not_covered"] or 0 for row in records),
    }


def sources_table(sources: Sequence[Source], words: Words) -> str:
    """Write the sources with licence, date and what they are not good for."""
    return render("sources.html", sources=sources, t=words.t, date=words.date)


def findings_table(findings: Sequence[Finding], words: Words, *, caption: str = "") -> str:
    """Write the faults found in the data: file, row, column, what is wrong, what was done."""
    return render(
        "findings.html",
        caption=caption or words.t("Faults found in the data"),
        findings=[(finding, words.say(finding)) for finding in findings],
        severities={kind: words.t(text) for kind, text in SEVERITY_WORDS.items()},
        t=words.t,
    )
