"""A comparison as a workbook that people read: headings and words of their language."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.report import files
from kpss_geo.report.compared import line_name, outcome_words
from kpss_geo.report.compared_rows import FIELDS, rows
from kpss_geo.report.compared_words import balance, cautions, headline, small_print
from kpss_geo.report.sentences import FORM_WORDS
from kpss_geo.study import Comparison
from kpss_geo.text import Words

HEADINGS: Final[Mapping[str, str]] = {
    "service_type": N_("Code of the type"),
    "service_name": N_("Type of service"),
    "measure": N_("Measure"),
    "form": N_("form"),
    "territory_a": N_("Territory A"),
    "on_a": N_("Day A"),
    "a": N_("Value A"),
    "share_a": N_("Share A"),
    "territory_b": N_("Territory B"),
    "on_b": N_("Day B"),
    "b": N_("Value B"),
    "share_b": N_("Share B"),
    "difference": N_("Difference B − A"),
    "share_difference": N_("Difference of shares"),
    "outcome": N_("does the difference of shares hold?"),
}
"""Columns of the sheet, in the order of `FIELDS`, as people read them."""


def workbook(
    comparisons: Sequence[Comparison], data: Data, words: Words, *, about: Comparison
) -> bytes:
    """Make the workbook: the comparison, what can be said of one of its types, the sources."""
    said = [
        headline(about, words),
        small_print(about, words),
        balance(comparisons, words),
        *cautions(about, data, words),
    ]
    return files.to_xlsx(
        {
            words.t("Comparison"): [_spoken(row, words) for row in _named(comparisons, words)],
            words.t("What it says"): [{words.t("How to read the numbers"): text} for text in said],
            words.t("Sources"): [
                {
                    words.t("Sources"): source.title,
                    words.t("data of"): words.date(source.as_of),
                    words.t("licence"): source.licence,
                }
                for source in data.sources
            ],
        }
    )


def _named(comparisons: Sequence[Comparison], words: Words) -> list[dict[str, Any]]:
    """Give the rows with names in place of the codes of measures and territories."""
    named = []
    for each in comparisons:
        sides = {"territory_a": each.a.territory.name, "territory_b": each.b.territory.name}
        for row, line in zip(rows([each]), each.lines, strict=True):
            said = {"measure": line_name(line, words), "outcome": outcome_words(line, words)}
            named.append({**row, **sides, **said})
    return named


def _spoken(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    spoken = {**row, "form": words.t(FORM_WORDS[row["form"]]) if row["form"] else ""}
    return {words.t(HEADINGS[name]): spoken[name] for name in FIELDS if name in HEADINGS}
