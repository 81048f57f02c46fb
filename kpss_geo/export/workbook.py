"""The data behind the chapter as one Excel workbook: numbers as numbers, texts as texts."""

import io
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpss_geo.errors import N_
from kpss_geo.export import listing, whole
from kpss_geo.export.bundle import Bundle, question_lines
from kpss_geo.export.columns import (
    GAP_COLUMNS,
    ROW_COLUMNS,
    SERVICE_COLUMNS,
    SUMMARY_COLUMNS,
    Column,
)
from kpss_geo.report import board, glossary, reasons, rows, sentences, unknown
from kpss_geo.report.definitions import DEFINITIONS
from kpss_geo.sources import geocode
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer
from kpss_geo.text import Words, harmless

SOURCE_COLUMNS: Final = (
    Column("title", "Tabulka", "text", "název tabulky", 50),
    Column("source", "Zdroj", "text", "kdo údaje zveřejnil", 40),
    Column("as_of", "Stav", "datum", "ke kterému dni platí", 24),
    Column("licence", "Licence", "text", "podmínky užití", 30),
    Column("not_for", "K čemu se nehodí", "text", "meze použití", 70),
)
LIMIT_COLUMNS: Final = (
    Column("service_name", "Druh služby", "text", "název druhu", 44),
    Column("form", "Forma", "text", "forma služby", 14),
    Column("reach", "Mez", "číslo", "jak blízko je dost blízko", 8),
    Column(
        "unit", "Jednotka", "text", "km po silnici, minuty, obsluhované území, nebo na dálku", 20
    ),
    Column("per_1000", "Kapacita na 1 000 lidí", "číslo", "prázdné: tým poměr nestanovil", 14),
    Column("capacity_unit", "Jednotka kapacity", "text", "jednotka registru", 14),
    Column("what", "Povaha", "text", "co hodnota je; prázdné: žádná není", 32),
)
SERVED_COLUMNS: Final = (
    Column("service_name", "Druh služby", "text", "název druhu", 44),
    Column("provider", "Poskytovatel", "text", "koho se zeptat", 44),
    Column("name", "Zařízení", "text", "název zařízení", 40),
    Column("town", "Obec", "text", "obec místa služby v registru", 22),
    Column("obce", "Obcí bez vyjádření", "obce", "o kolika obcích území nikdo nic neřekl", 12),
)
QUESTION_COLUMNS: Final = (
    Column("what", "Otázka", "text", "na co výpočet odpovídá", 30),
    Column("value", "Hodnota", "text", "jak byla zadána", 110),
)
TERM_COLUMNS: Final = (
    Column("term", "Pojem", "text", "co stojí nad číslem na stránkách", 30),
    Column("meaning", "Co znamená", "text", "definice", 80),
    Column("not_said", "Co neříká", "text", "meze výkladu", 60),
    Column("sources", "Zdroj", "text", "odkud a z kterého dne", 60),
)
DICTIONARY_COLUMNS: Final = (
    Column("sheet", "List", "text", "list sešitu", 20),
    Column("heading", "Sloupec", "text", "nadpis sloupce", 26),
    Column("name", "Název v datech", "text", "název ve výstupech pro počítač", 20),
    Column("unit", "Jednotka", "text", "v čem se měří", 22),
    Column("meaning", "Význam", "text", "co hodnota znamená", 70),
)
STANDING: Final = {
    geocode.ADDRESS: "na své adrese",
    geocode.NOWHERE: "nevíme kde",
    listing.SECRET: listing.KEPT_SECRET,
}
"""Where a place stands, beside what `geocode.LOCATED_WORDS` says of places found otherwise."""
LINE_PT: Final = 15
"""A line of text in a row; who opens the file may not measure rows of its own accord."""
TALLEST_PT: Final = 405
"""A spreadsheet allows no higher row."""
SMALL, CAPITAL, BOLD = 0.93, 1.2, 1.15
"""Width of letters (small, capital, bold) beside that of a digit, the measure of columns."""
PAGE_CHARACTERS: Final = 260
"""So many characters stand beside each other on a printed page and can be read."""
Rows = Iterable[Mapping[str, Any]]


def write_workbook(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the workbook of a territory into the folder; give its path."""
    progress(N_("Writing the workbook"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}-data.xlsx"
    return [whole.write(path, workbook(bundle))]


def workbook(bundle: Bundle) -> bytes:
    """Make the workbook: the question, then every list on a sheet of its own."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "nan_inf_to_errors": False}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": bundle.title, "subject": "Dostupnost sociálních služeb",
         "comments": "; ".join(": ".join(line) for line in question_lines(bundle))}
    )  # fmt: skip
    for name, (columns, records) in sheets(bundle).items():
        _sheet(book, name, columns, records)
    book.close()
    return out.getvalue()


def sheets(bundle: Bundle) -> dict[str, tuple[Sequence[Column], Rows]]:
    """Give every list by its name, with its columns; the last explains the columns."""
    found = _lists(bundle)
    return {**found, "Slovník dat": (DICTIONARY_COLUMNS, _dictionary(found))}


def _lists(bundle: Bundle) -> dict[str, tuple[Sequence[Column], Rows]]:
    words, all_ = bundle.words, bundle.answers
    return {
        "Otázka": (
            QUESTION_COLUMNS,
            [{"what": what, "value": value} for what, value in question_lines(bundle)]
            + [{"what": "Výhrada", "value": text} for text in listing.notes(bundle)],
        ),
        "Souhrn": (SUMMARY_COLUMNS, board.summary(bundle.answers, words)),
        "Pokrytí": (
            ROW_COLUMNS,
            [_spoken(row, a, words) for a in all_ for row in rows.rows(a, words=words)],
        ),
        "Mezery": (
            GAP_COLUMNS,
            (
                _spoken(row, a, words)
                for a in bundle.answers
                for row in rows.gap_rows(a, words=words)
            ),
        ),
        "Služby": (SERVICE_COLUMNS, [_standing(row, words) for row in listing.services(bundle)]),
        "Obsluhovaná území": (SERVED_COLUMNS, _served(bundle)),
        "Limity": (
            LIMIT_COLUMNS,
            [{**row, "reach": _short(row["reach"])} for row in listing.limits(bundle)],
        ),
        "Zdroje": (SOURCE_COLUMNS, listing.dated_sources(bundle)),
        "Pojmy": (
            TERM_COLUMNS,
            [glossary.entry(each, bundle.data.sources, words) for each in DEFINITIONS],
        ),
    }


def _served(bundle: Bundle) -> list[dict[str, Any]]:
    return [
        {"service_name": answer.service_type.name, **{str(k): v for k, v in record.items()}}
        for answer in bundle.answers
        for record in listing.silent_services(answer).to_dict("records")
    ]


def _spoken(row: rows.Row, answer: Answer, words: Words) -> dict[str, Any]:
    """Write what the row holds as codes in the words people know; where nobody lives, no way."""
    lost, obec = row["firm_lost"], answer.obce.loc[row["code"]].to_dict()
    checks = [words.t(reasons.CHECK_WORDS[name]) for name in lost.split(rows.BETWEEN) if name]
    return {
        **row,
        "verdict": words.t(sentences.VERDICT_WORDS.get(row["verdict"], "")),
        "form": words.t(sentences.FORM_WORDS.get(row["form"], "")),
        "form_asked": words.t(sentences.FORM_WORDS.get(row["form_asked"], "")),
        "target": words.t(answer.target.name),
        "unknown_reason": unknown.reason_words(answer, obec, words),
        "firm_lost": "; ".join(checks),
        "nearest_certain": row["nearest_certain"] if row["population"] != 0 else None,
        "reach": _short(row["reach"]),
        "reach_unit": listing.unit_words(answer, row["reach_unit"], words),
        "travel": words.t(sentences.MODE_WORDS[answer.question.travel.mode]),
        "on": answer.question.on,
    }


def _short(value: float | None) -> float | None:
    """Write a limit of thirty minutes as 30, not 30.0."""
    return int(value) if value is not None and value == int(value) else value


def _standing(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Say how certain it is where a place stands."""
    known = geocode.LOCATED_WORDS.get(row["located"])
    return {**row, "located": words.t(known) if known else STANDING.get(row["located"], "")}


def _dictionary(
    lists: Mapping[str, tuple[Sequence[Column], Rows]],
) -> list[dict[str, str]]:
    return [
        {"sheet": name, "heading": c.heading, "name": c.name, "unit": c.unit, "meaning": c.meaning}
        for name, (columns, _) in lists.items()
        for c in columns
    ]


def _sheet(book: Workbook, name: str, columns: Sequence[Column], records: Rows) -> None:
    """Write records under frozen headings; what is missing stays an empty cell.

    No text is cut: a long one goes on below, and its row is as high as it needs.
    """
    sheet = book.add_worksheet(name)
    looks = _looks(book)
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.heading, looks["head"])
        sheet.set_column(number, number, _width(column))
    _high(sheet, 0, [(column.heading, _width(column) - 1) for column in columns])
    count = 0
    for count, record in enumerate(records, start=1):
        for number, column in enumerate(columns):
            _cell(sheet, (count, number), record.get(column.name), looks)
        _high(sheet, count, [(record.get(column.name), _width(column)) for column in columns])
    sheet.freeze_panes(1, 2 if len(columns) > 5 else 0)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts
    _printed(sheet, columns)


def _width(column: Column) -> int:
    """Say how wide a column is in digits: so that no word of its heading is broken."""
    longest = max(map(len, column.heading.split()))
    return max(column.width, math.ceil(BOLD * longest) + 2)


def _looks(book: Workbook) -> dict[str, Format]:
    kinds: dict[str, dict[str, Any]] = {
        "head": {
            "bold": True,
            "text_wrap": True,
            "align": "left",
            "indent": 1,
            "bg_color": "#dbe6f0",
            "border": 1,
        },
        "words": {"text_wrap": True, "align": "left", "indent": 1},
        "whole": {"num_format": "#,##0"},
        "decimal": {"num_format": "#,##0.0"},
        "day": {"num_format": "d. m. yyyy"},
    }
    return {name: book.add_format({**look, "valign": "top"}) for name, look in kinds.items()}


def _cell(sheet: Worksheet, at: tuple[int, int], value: object, looks: dict[str, Format]) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(*at, "ano" if value else "ne", looks["words"])
        case int():
            sheet.write_number(*at, value, looks["whole"])
        case float():
            sheet.write_number(*at, value, looks["decimal"])
        case date():
            sheet.write_datetime(*at, value, looks["day"])
        case _:
            sheet.write_string(*at, str(harmless(str(value))), looks["words"])


def _high(sheet: Worksheet, number: int, cells: Sequence[tuple[object, int]]) -> None:
    """Make a row as high as the longest text in it; LibreOffice does not do it by itself."""
    most = max(lines(text, width) for text, width in cells)
    if most > 1:
        sheet.set_row(number, min(TALLEST_PT, most * LINE_PT))


def lines(text: object, width: int) -> int:
    """Say on how many lines a value stands in a column so many digits wide.

    >>> lines("Centrum denních služeb", 20), lines("ČSÚ", 20), lines(1_250, 2)
    (2, 1, 1)
    """
    if not isinstance(text, str):
        return 1
    width -= 1  # the indent that parts a text from the number before it
    capitals = sum(map(str.isupper, text))
    wide = SMALL * (len(text) - capitals) + CAPITAL * capitals
    if wide <= width:
        return 1
    return max(1, len(textwrap.wrap(text, max(1, int(width * len(text) / wide)))))


def _printed(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Print on so many pages beside each other that letters can be read; rows keep their names."""
    across = math.ceil(sum(map(_width, columns)) / PAGE_CHARACTERS)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    if across > 1:
        sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(across, 0)
    sheet.set_footer("&L&F – &A&R&P / &N")
