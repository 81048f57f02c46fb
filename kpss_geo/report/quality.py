"""The quality report: every fault of the data, what it does to the results, what to do next."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import xlsxwriter

from kpss_geo.dataset import Data
from kpss_geo.errors import N_, FileNotUsable, Finding
from kpss_geo.sources import geocode
from kpss_geo.sources.taken import Note
from kpss_geo.text import Words

EFFECTS: Final[Mapping[str, str]] = {
    "obce": N_("An obec that is left out is in no result."),
    "population": N_("The people of the obec are not known and are in no sum."),
    "precincts": N_("People are spread within the obec less exactly; sums stay as they are."),
    "register": N_("A service may be missing or stand elsewhere; verdicts near it may be wrong."),
    "providers": N_("A service may be missing or stand elsewhere; verdicts near it may be wrong."),
    "served": N_("Whom the field service serves is not known."),
    "boundaries": N_("The map draws schematic cells there; numbers stay as they are."),
    "territories": N_("The territory cannot be chosen."),
}
"""What a fault in a table does to the results, by the name of the table without its ending."""
OTHER_EFFECT: Final = N_("Results that use the table may be incomplete.")
NO_EFFECT: Final = N_("None; it is said so that it can be checked.")
NEXT_STEPS: Final[Mapping[str, str]] = {
    "error": N_("Correct it in the file, then run kpss-geo data check again."),
    "warning": N_("Look at it; correct it in the file if it is wrong."),
    "note": N_("Nothing, if it is right."),
}
SEVERITIES: Final[Mapping[str, str]] = {
    "error": N_("error"),
    "warning": N_("warning"),
    "note": N_("note"),
}
HEADINGS: Final = (
    N_("Severity"), N_("File"), N_("Row"), N_("Column"), N_("What is wrong"),
    N_("What it does to the results"), N_("Next step"),
)  # fmt: skip
WIDTHS: Final = (12, 24, 8, 20, 80, 50, 44)
COUNT_HEADINGS: Final = (N_("Table"), N_("Used"), N_("Left out"), N_("Not known"))
COUNT_WIDTHS: Final = (48, 12, 12, 12)


ROUGHLY: Final = N_("Places found by street or part of the obec")


class Fault(NamedTuple):
    """One line of the report, in words."""

    severity: str
    file: str
    row: int | None
    column: str
    what: str
    effect: str
    next_step: str


class Count(NamedTuple):
    """How much of a table was used, left out, or is not known."""

    table: str
    used: int
    left_out: int
    unknown: int


def faults(findings: Iterable[Finding], words: Words) -> list[Fault]:
    """Give every finding as a line of the report: errors first, then by file and row."""
    order = list(SEVERITIES)
    ranked = sorted(findings, key=lambda f: (order.index(f.severity), f.file, f.row or 0))
    return [
        Fault(
            severity=words.t(SEVERITIES[finding.severity]),
            file=finding.file,
            row=finding.row,
            column=finding.column or "",
            what=words.say(finding),
            effect=words.t(_effect(finding)),
            next_step=words.t(NEXT_STEPS[finding.severity]),
        )
        for finding in ranked
    ]


def counts(data: Data, words: Words, *, notes: Mapping[str, Note]) -> list[Count]:
    """Count what of each table is used, left out and not known.

    Rows left out are those that a finding says are left out, each once.
    """
    left = _left_out(data.findings)
    services, people = data.register.services, len(data.population)
    located = data.register.places["located"].value_counts()
    clear = int(services["clear"].astype(bool).sum())
    nowhere = int(located.get(geocode.NOWHERE, 0))
    areas = 0 if data.boundaries is None else len(data.boundaries)
    lines = (
        (N_("Obce"), len(data.obce), "obce.csv", 0),
        (N_("Obce with people by age"), people, "population.csv", len(data.obce) - people),
        (N_("Points where people live"), len(data.precincts), "precincts.csv", 0),
        (N_("Services"), clear, "register.csv", len(services) - clear),
        *(
            (what, int(sum(located.get(level, 0) for level in levels)), "", unknown)
            for what, levels, unknown in (
                (N_("Places with their own address"), (geocode.ADDRESS, geocode.PARTS), nowhere),
                (ROUGHLY, (geocode.STREET, geocode.OBEC_PART), 0),
                (N_("Places at the middle of their obec"), (geocode.OBEC,), 0),
            )
        ),
        (N_("Obce with a real boundary"), areas, "boundaries.parquet", 0),
    )
    result = [
        Count(words.t(what), used, left.get(file, 0), unknown)
        for what, used, file, unknown in lines
    ]
    return result + [
        Count(note.from_file, note.rows_read - note.rows_left_out, note.rows_left_out, 0)
        for note in notes.values()
    ]


def write_quality(out: Path, lines: Sequence[Fault], sums: Sequence[Count], words: Words) -> Path:
    """Write the report as XLSX, whole or not at all; texts are never taken for formulas.

    Raises
    ------
    FileNotUsable
        The file cannot be written.
    """
    content = _workbook(lines, sums, words)
    half = out.with_name(out.name + ".part")
    try:
        half.write_bytes(content)
        half.replace(out)
    except OSError as error:
        raise FileNotUsable(file=out.name, why=error.strerror or str(error)) from error
    return out


def _effect(finding: Finding) -> str:
    if finding.severity == "note":
        return NO_EFFECT
    return EFFECTS.get(finding.file.partition(".")[0], OTHER_EFFECT)


def _left_out(findings: Iterable[Finding]) -> dict[str, int]:
    rows = {(f.file, f.row) for f in findings if f.row is not None and "left out" in f.template}
    files = [file for file, _ in rows]
    return {file: files.count(file) for file in set(files)}


def _workbook(lines: Sequence[Fault], sums: Sequence[Count], words: Words) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        faults_sheet = book.add_worksheet(words.t("Faults")[:31])
        _fill(faults_sheet, [words.t(h) for h in HEADINGS], lines, WIDTHS, (head, cell))
        sums_sheet = book.add_worksheet(words.t("What was used")[:31])
        _fill(sums_sheet, [words.t(h) for h in COUNT_HEADINGS], sums, COUNT_WIDTHS, (head, cell))
    return out.getvalue()


def _fill(
    sheet: Any,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[int],
    formats: tuple[Any, Any],
) -> None:
    head, cell = formats
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(place, place, width, cell)
        sheet.write_string(0, place, heading, head)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, place, value, cell)
            elif value is not None:
                sheet.write_string(number, place, str(value)[:32_767], cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
