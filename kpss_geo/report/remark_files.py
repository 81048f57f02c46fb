"""The settlement table (vypořádání připomínek) as a Word document and an Excel workbook."""

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Row

from kpss_geo.errors import N_
from kpss_geo.report.remarks import REACTIONS_FROM, REACTIONS_TO, Settlement, narrow
from kpss_geo.text import Words, harmless

WIDTHS_XLSX: Final = (6, 22, 28, 24, 60, 10, 10, 12, 50, 16, 13, 13)
WIDTHS_MM: Final = (9, 29, 33, 30, 68, 24, 50, 24)
"""Columns on a landscape A4 with margins of 15 mm: 267 mm."""


def settlement_xlsx(table: Settlement, words: Words) -> bytes:
    """Write the table as XLSX: counts as numbers, every text as a text, never a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": table.title})
        sheet = book.add_worksheet(words.t(N_("Settlement")))
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#dbe6f0", "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for number, (heading, width) in enumerate(zip(table.headings, WIDTHS_XLSX, strict=True)):
            sheet.write_string(0, number, heading, head)
            sheet.set_column(number, number, width)
        for line, row in enumerate(table.rows, start=1):
            for number, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, number, cell, text)
                else:
                    sheet.write_string(line, number, str(harmless(cell)), text)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headings) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def settlement_docx(table: Settlement, words: Words) -> bytes:
    """Write the table as DOCX on landscape A4, its heading repeated on each page.

    The three reactions are one column, the two dates one, so that the texts have room.
    """
    document = docx.Document()
    _landscape(document, words)
    document.core_properties.title = table.title
    document.core_properties.author = "kpss-geo"
    document.add_heading(table.title, level=1)
    if not table.rows:
        document.add_paragraph(words.t(N_("No remark has been published yet.")))
    else:
        _fill(document, [narrow(table.headings), *map(narrow, table.rows)])
        legend = " / ".join(table.headings[REACTIONS_FROM:REACTIONS_TO])
        document.add_paragraph(words.t("Reactions: {kinds}.", kinds=legend))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _landscape(document: Document, words: Words) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(9)
    style.paragraph_format.space_after = Pt(0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), {"cs": "cs-CZ", "uk": "uk-UA", "en": "en-GB"}[words.language])
    style.element.get_or_add_rPr().append(language)


def _fill(document: Document, rows: list[tuple[str, ...]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(WIDTHS_MM))
    table.style = "Table Grid"
    table.autofit = False
    for line, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        _keep_whole(row, heading=line == 0)
        for cell, text, width in zip(row.cells, cells, WIDTHS_MM, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = True if line == 0 else None
            if line and text.replace(" / ", "").isdigit():
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _keep_whole(row: _Row, *, heading: bool) -> None:
    """Let a row not break over pages; the heading comes again on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no other way
    for name in ("w:cantSplit", "w:tblHeader") if heading else ("w:cantSplit",):
        properties.append(OxmlElement(name))


WRITERS: Final[Mapping[str, Callable[[Settlement, Words], bytes]]] = {
    ".docx": settlement_docx,
    ".xlsx": settlement_xlsx,
}
"""How the table is written, by the ending of the file."""
