"""Blocks → a Word document with styles that a team can restyle, or in its own template."""

import io
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.export import word_contents, word_styles
from kpss_geo.export.blocks import (
    Block,
    Card,
    Document,
    Heading,
    Paragraph,
    Picture,
    Points,
    References,
    Table,
)
from kpss_geo.export.typeset import typeset
from kpss_geo.export.word_styles import CAPTION, CELL, FACT, LEAD, NOTE, POINTER, TABLE, TEXT_MM
from kpss_geo.text import NBSP

_CELL_MARGINS: Final = (
    '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="55" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="55" w:type="dxa"/></w:tblCellMar>'
)
"""A millimetre beside a text: words of a narrow column stay whole."""
ENDS: Final = 3
"""So many rows of a table stand together at least, before and after the end of a page."""
BESIDE: Final = 2
"""More numbers than these stand under the text that refers to them, not beside it."""
TABLE_PT: Final = 6
"""Space above the caption of a table, and under that of a picture."""
UNDER_PT: Final = 4
"""Space under a table."""
PICTURE_MM: Final = 134.0
"""A wider picture leaves more of a page empty; in a smaller one letters are hard to read."""


def to_docx(document: Document, *, template: Path | None = None) -> bytes:
    """Write a document as DOCX; with a template in its styles, which are added where missing.

    Raises
    ------
    FileNotUsable
        The template is no Word document.
    """
    document = typeset(document)
    word = _open(template)
    word_styles.prepare(word, own=template is None)
    if document.large:
        word_styles.enlarge(word)
    if document.tight and template is None:
        word_styles.tighten(word)
    _front(word, document)
    word_contents.contents(word, document.blocks, levels=document.contents)
    _number = {Table: 0, Picture: 0, Heading: -1}
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        if type(block) in _number:
            _number[type(block)] += 1
        beside = None if document.large else after  # in large print nothing waits for the rest
        _block(word, block, _number.get(type(block), 0), after=beside)
    _page_numbers(word)
    _running(word, document.running)
    if template is None and not document.large:
        word_styles.hyphenate(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _open(template: Path | None) -> WordFile:
    if template is None:
        return docx.Document()
    try:
        word = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError, OSError) as error:
        raise FileNotUsable(file=template.name, why=N_("it is not a Word document")) from error
    body = word.element.body
    for child in list(body):  # the text of a template goes, its page and styles stay
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return word


def _front(word: WordFile, document: Document) -> None:
    core = word.core_properties
    core.title, core.subject, core.language = document.title, document.subtitle, "cs-CZ"
    core.author, core.comments = "kpss-geo", document.about[:255]
    core.keywords = document.about[:255]
    word.add_paragraph(document.title, style=_known(word, "Title"))
    word.add_paragraph(document.subtitle, style=_known(word, "Subtitle"))
    if document.opening:
        word.add_paragraph(document.opening, style=word_styles.NOTE)


def _known(word: WordFile, name: str) -> str:
    return name if name in {style.name for style in word.styles} else "Normal"


def _introduces(after: Block | None) -> bool:
    """Whether a text is about what a heading after it begins: one of a part is not."""
    return isinstance(after, Heading) and after.level > 1


def _block(word: WordFile, block: Block, number: int, *, after: Block | None) -> None:
    """Write a block; what is `after` it says what it stays with."""
    match block:
        case Table():
            _table(word, block, number, after=after)
        case Picture():
            _picture(word, block, number)
        case Card():
            _card(word, block)
        case Heading():
            _heading(word, block, number)
        case _:
            _text(word, block, joined=_introduces(after))


def _heading(word: WordFile, block: Heading, number: int) -> None:
    """Write a heading that the contents can point to."""
    paragraph = word.add_paragraph(style=f"Heading {block.level}")
    _bookmark(paragraph, word_contents.mark_name(number), word_contents.FIRST_MARK + number)
    paragraph.add_run(block.text)
    paragraph.paragraph_format.page_break_before = block.new_page or None


def _text(word: WordFile, block: Paragraph | Points | References, *, joined: bool) -> None:
    """Write a text; one `joined` to the heading that it introduces stays with it."""
    match block:
        case Paragraph():
            style = {"text": "Normal", "lead": LEAD, "note": NOTE}[block.style]
            line = word.add_paragraph(block.text, style=style)
            if joined and block.style == "text":
                line.paragraph_format.keep_with_next = True
        case Points():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case References():
            for text, numbers in block.items:
                _reference(word, text, numbers)


def _card(word: WordFile, card: Card) -> None:
    """Write a card that stays on one page, or in two parts; its heading can be pointed to."""
    head = word.add_paragraph(style="Heading 3")
    _bookmark(head, f"karta{card.number}", card.number)
    head.add_run(f"{card.number}. {_printable(card.title)}")
    for number, (name, text) in enumerate(card.facts, start=1):
        line = word.add_paragraph(style=FACT)
        line.add_run(f"{name}: ").bold = True
        line.add_run(_printable(text))
        line.paragraph_format.keep_together = True
        line.paragraph_format.keep_with_next = number not in (card.kept, len(card.facts))


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(kind)
        mark.set(qn("w:id"), str(number))
        if kind == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001 - the library has no bookmarks


def _reference(word: WordFile, text: str, numbers: tuple[int, ...]) -> None:
    """Write a line with links to the cards of the numbers."""
    sign = "\t" if len(numbers) <= BESIDE else "\n"
    line: Any = word.add_paragraph(f"{_printable(text)}{sign}", style=POINTER)
    for place, number in enumerate(numbers):
        if place:
            line.add_run(f",{NBSP}" if sign == "\t" else ", ")  # beside the text they stay together
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"karta{number}")
        link.append(line.add_run(f"č.\u00a0{number}")._r)  # noqa: SLF001 - as above
        line._p.append(link)  # noqa: SLF001 - as above


def _picture(word: WordFile, block: Picture, number: int) -> None:
    holder = word.add_paragraph()
    holder.paragraph_format.keep_with_next = True
    shape = holder.add_run().add_picture(
        io.BytesIO(block.data), width=Mm(min(block.width_mm, PICTURE_MM))
    )
    facts = shape._inline.docPr  # noqa: SLF001 - the library has no other way to describe it
    facts.set("descr", block.alt)
    caption = word.add_paragraph(f"Obrázek {number}. {block.caption}", style=CAPTION)
    caption.paragraph_format.space_after = Pt(TABLE_PT)


def _table(word: WordFile, block: Table, number: int, *, after: Block | None) -> None:
    """Write a table; the small print that explains it stays under its last row."""
    caption = word.add_paragraph(f"Tabulka {number}. {block.caption}", style=CAPTION)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(TABLE_PT)
    noted = isinstance(after, Paragraph) and after.style == "note"
    end = word.add_paragraph(style=NOTE)
    table = parse_xml(table_xml(block, style=_id(word, TABLE), cell=_id(word, CELL), noted=noted))
    end._p.addprevious(table)  # noqa: SLF001 - the library has no other way
    if noted:
        end.paragraph_format.keep_with_next = True
    _flat(end, after_pt=UNDER_PT if after else 0)


def _flat(line: Any, *, after_pt: float) -> None:
    """Make the empty line after a table, which Word wants, too low for a page of its own."""
    shape = line.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(0), Pt(after_pt), Pt(1)


def _id(word: WordFile, name: str) -> str:
    return str(word.styles[name].style_id)


def table_xml(block: Table, *, style: str, cell: str, noted: bool = False) -> str:
    """Write a table as WordprocessingML; cell by cell the library needs minutes for a region."""
    parts = block.widths or (1.0,) * len(block.head)
    twips = [round(TEXT_MM / 25.4 * 1440 * part / sum(parts)) for part in parts]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    last = len(block.rows) - 1 if block.sums else -1
    rows = [_row_xml(block.head, twips, block.right, cell, bold=True, head=True, joined=True)] + [
        _row_xml(
            row,
            twips,
            block.right,
            cell,
            bold=number == last,
            head=False,
            joined=_joined(block, number, noted=noted),
        )
        for number, row in enumerate(block.rows)
    ]
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblStyle w:val={quoteattr(style)}/>"
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{_CELL_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _joined(block: Table, number: int, *, noted: bool) -> bool:
    """Whether a row stays with what is under it: all of a short table, of a long one both ends."""
    rest = len(block.rows) - number - (0 if noted else 1)
    return rest > 0 and (block.whole or number < ENDS - 1 or rest < ENDS)


def _row_xml(
    row: tuple[str, ...],
    twips: list[int],
    right: frozenset[int],
    style: str,
    *,
    bold: bool,
    head: bool,
    joined: bool,
) -> str:
    """Write a row; one that is `joined` stays on the page of the next."""
    keep = "<w:keepNext/>" if joined else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="DBE6F0"/>' if head else ""
    cells = []
    for number, (text, width) in enumerate(zip(row, twips, strict=True)):
        side = '<w:jc w:val="right"/>' if number in right else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>'
            f"<w:pStyle w:val={quoteattr(style)}/>{keep}{side}</w:pPr><w:r>{weight}"
            f'<w:t xml:space="preserve">{escape(_printable(text))}</w:t></w:r></w:p></w:tc>'
        )
    header = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"


def _printable(text: str) -> str:
    """Leave out control characters, which no XML can hold."""
    return "".join(sign for sign in text if sign >= " ")


def _page_numbers(word: WordFile) -> None:
    footer = word.sections[0].footer
    if "".join(p.text for p in footer.paragraphs).strip():
        return  # the template has its own
    paragraph = footer.paragraphs[0] if footer.paragraphs else footer.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for place, name in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" / ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        paragraph._p.append(field)  # noqa: SLF001 - the library has no fields


def _running(word: WordFile, text: str) -> None:
    """Write at the head of every page whose document it is, unless the template says more."""
    header = word.sections[0].header
    if text and not "".join(p.text for p in header.paragraphs).strip():
        first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        first.text = text
