"""What was fetched from official sources and how old it is, in words and as a table."""

from typing import Final

from kpss_geo.errors import N_, Finding
from kpss_geo.official import Change, FetchReport, Outcome, SourceStatus
from kpss_geo.report.html import render
from kpss_geo.text import Words

STATES: Final = {
    "done": N_("fetched"),
    "unchanged": N_("nothing newer"),
    "none": N_("has nothing for this territory"),
    "kept": N_("own file kept"),
    "failed": N_("failed"),
}
FILE_STATES: Final = {
    "fetched": N_("fetched"),
    "own": N_("own file"),
    "absent": N_("not fetched"),
}
HEADINGS: Final = (
    N_("source"), N_("state"), N_("file"), N_("data of"), N_("age in days"), N_("licence"),
)  # fmt: skip
NEWS: Final = 30
"""How many news of a source a page lists."""


def status_cells(row: SourceStatus, words: Words) -> tuple[str, ...]:
    """Write the state of one source in the order of `HEADINGS`."""
    age = "–" if row.age_days is None else words.number(row.age_days)
    more = f" (+{len(row.files) - 1})" if len(row.files) > 1 else ""
    return (
        words.t(row.source.title),
        words.t(FILE_STATES[row.state]),
        (row.files[0] if row.files else "–") + more,
        words.date(row.as_of) or "–",
        f"{age} – {words.t('stale')}" if row.stale else age,
        row.licence if row.state == "fetched" else "–",
    )


def status_table(rows: tuple[SourceStatus, ...], words: Words) -> str:
    """Write the state of every official source as an HTML table."""
    return render(
        "plain.html",
        name="status",
        caption=words.t("Official data in the data folder"),
        headings=[words.t(heading) for heading in HEADINGS],
        rows=[status_cells(row, words) for row in rows],
    )


def report_table(report: FetchReport, words: Words) -> str:
    """Write what a fetch brought, source by source, as an HTML table."""
    return render(
        "plain.html",
        name="fetched",
        caption=words.t("What was fetched for {name}", name=report.territory.name),
        headings=[words.t("source"), words.t("state"), words.t("What it means")],
        rows=[
            (words.t(o.source.title), words.t(STATES[o.state]), _meaning(o, words))
            for o in report.outcomes
        ],
    )


def _meaning(outcome: Outcome, words: Words) -> str:
    parts = []
    if outcome.error is not None:
        parts.append(words.say(outcome.error))
    if outcome.state == "failed":
        parts.append(without(outcome, words))
    parts += [words.say(as_finding(change)) for change in outcome.news[:NEWS]]
    if len(outcome.news) > NEWS:
        parts.append(words.t("and {count} more", count=words.number(len(outcome.news) - NEWS)))
    return " ".join(parts)


def as_finding(change: Change) -> Finding:
    """Give a change of the data as a finding, for its sentence."""
    return Finding("note", change.key, change.template, fields=change.fields)


def without(outcome: Outcome, words: Words) -> str:
    """Say what still works where a source failed."""
    if outcome.older:
        day = words.date(outcome.older)
        return words.t("Data fetched before stay in use, of {day}.", day=day)
    return words.t(outcome.source.without)
