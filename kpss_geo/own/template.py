"""Templates of the team's own tables: headings, one example row, what belongs where."""

import csv
import io
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from kpss_geo.errors import BadOption, FileNotUsable
from kpss_geo.own.columns import Column
from kpss_geo.own.kinds import COLUMNS, TITLES, Kind
from kpss_geo.own.take import EXAMPLE
from kpss_geo.schema import AGE_BANDS
from kpss_geo.text import Words

ENDINGS: Final = (".xlsx", ".csv")
_LEFT_OUT: Final = ("age", "count")
"""Columns of tables with ages in rows; the template has ages in columns."""


def write_template(kind: Kind, out: Path, *, words: Words) -> Path:
    """Write an empty table of a kind (XLSX or CSV by the ending); gives the path.

    The headings are Czech in every language, as they are read back; a second sheet explains
    the columns. The example row is marked, and rows so marked are never taken.

    Raises
    ------
    BadOption
        The ending is neither .xlsx nor .csv.
    FileNotUsable
        The file cannot be written.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise BadOption(given=out.name, option="--out", possible=", ".join(ENDINGS))
    content = template_xlsx(kind, words=words) if ending == ".xlsx" else _csv(kind)
    half = out.with_name(out.name + ".part")
    try:
        half.write_bytes(content)
        half.replace(out)
    except OSError as error:
        raise FileNotUsable(file=out.name, why=error.strerror or str(error)) from error
    return out


def headings(kind: Kind) -> list[str]:
    """Headings of a template, in their order; ages of people stand in columns.

    >>> headings("obce")
    ['Obec', 'Kód obce', 'Okres']
    """
    return [column.heading for column in _columns(kind)] + _bands(kind)


def _columns(kind: Kind) -> list[Column]:
    return [c for c in COLUMNS[kind] if not (kind == "population" and c.key in _LEFT_OUT)]


def _bands(kind: Kind) -> list[str]:
    return [f"{band.replace('-', '–')} let" for band in AGE_BANDS] if kind == "population" else []


def _example(kind: Kind) -> list[str]:
    first, *others = (column.example for column in _columns(kind))
    return [f"{EXAMPLE}: {first}", *others, *("12" for _ in _bands(kind))]


def _csv(kind: Kind) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([headings(kind), _example(kind)])
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(kind: Kind, *, words: Words) -> bytes:
    """Make the template as XLSX; a second sheet explains the columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "font_color": "#767676", "italic": True})
        sheet = book.add_worksheet("Data")
        names = headings(kind)
        sheet.set_column(0, len(names) - 1, 18, text)
        for place, (name, example) in enumerate(zip(names, _example(kind), strict=True)):
            sheet.write_string(0, place, name, bold)
            sheet.write_string(1, place, example, grey)
        sheet.freeze_panes(1, 1)
        _explain(book.add_worksheet(words.t("Explanation")[:31]), kind, words, bold)
    return out.getvalue()


def _explain(sheet: Any, kind: Kind, words: Words, bold: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, words.t(TITLES[kind]), bold)
    sheet.write_string(0, 1, words.t("What belongs in the column"), bold)
    for row, column in enumerate(_columns(kind), start=1):
        needed = f" ({words.t('needed')})" if column.needed else ""
        sheet.write_string(row, 0, column.heading)
        sheet.write_string(row, 1, words.t(column.about) + needed)
    sheet.freeze_panes(1, 0)
