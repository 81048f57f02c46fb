"""The team's plan as accessible tables: limits, corrections, who changed what and when."""

from collections.abc import Iterable, Mapping

import pandas as pd

from kpss_geo.catalogue import ServiceType
from kpss_geo.distance import Reach
from kpss_geo.plan import STATE_WORDS, Correction, Thresholds
from kpss_geo.plan.correction_files import field_words
from kpss_geo.report.html import render
from kpss_geo.report.sentences import FORM_WORDS, UNIT_WORDS, reach_words
from kpss_geo.text import Words, in_order

LATEST = 50
"""How many changes of the plan a page shows, the latest first."""


def limits_table(values: Thresholds, types: Mapping[str, ServiceType], words: Words) -> str:
    """Write every working value in force: the team's own and the product's."""
    known = [(code, form) for code, form in values if code in types]
    rows = []
    for code, form in in_order(known, key=lambda key: types[key[0]].name):
        value = values[code, form]
        reach = ratio = "–"
        if value.value is not None and value.unit is not None:
            reach = reach_words(Reach(value.value, value.unit), words)
        if value.per_1000 is not None and value.capacity_unit in UNIT_WORDS:
            ratio = words.n(*UNIT_WORDS[value.capacity_unit], round(value.per_1000))
        author = value.author if value.own else words.t("the product's proposal")
        when = words.date(value.when.date().isoformat()) if value.when else ""
        rows.append(
            (types[code].name, words.t(FORM_WORDS[form]), reach, ratio, value.reason, author, when)
        )
    headings = (
        words.t("Service"), words.t("form"), words.t("Within"), words.t("per 1,000 people"),
        words.t("Reason"), words.t("Who"), words.t("When"),
    )  # fmt: skip
    return _table("limits", words.t("Limits in force (working values, not norms)"), headings, rows)


def corrections_table(known: Iterable[Correction], words: Words) -> str:
    """Write every correction of the register, with who, when and why."""
    rows = [
        (
            correction.service_id,
            field_words(correction.field, words),
            correction.original or "–",
            correction.new,
            correction.reason,
            words.t(STATE_WORDS[correction.state]),
            correction.author,
            words.date(correction.when.date().isoformat()) if correction.when else "",
        )
        for correction in known
    ]
    headings = (
        words.t("Number of the service"), words.t("What is corrected"),
        words.t("The register said"), words.t("Correct is"), words.t("Reason"),
        words.t("State"), words.t("Who"), words.t("When"),
    )  # fmt: skip
    return _table("corrections", words.t("Corrections of the register"), headings, rows)


def history_table(changes: pd.DataFrame, words: Words) -> str:
    """Write the latest changes of the plan: when, who, what."""
    latest = changes.iloc[::-1].head(LATEST)
    rows = [
        (
            words.date(str(row["when"])[:10]) + " " + str(row["when"])[11:16],
            row["author"],
            row["action"],
            row["table"],
            " · ".join(map(str, row["key"])),
            row["reason"],
        )
        for row in latest.to_dict("records")
    ]
    headings = (
        words.t("When"), words.t("Who"), words.t("Action"), words.t("Table"),
        words.t("Row of the plan"), words.t("Reason"),
    )  # fmt: skip
    return _table("history", words.t("Latest changes of the plan"), headings, rows)


def _table(
    name: str, caption: str, headings: Iterable[str], rows: Iterable[Iterable[object]]
) -> str:
    return render("plain.html", name=name, caption=caption, headings=headings, rows=rows)
