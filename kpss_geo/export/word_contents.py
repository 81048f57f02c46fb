"""The table of contents of a Word document: a field with its entries already in it.

Nothing is marked as out of date, so Word asks nobody anything. Where pages end only Word
knows: the entries are links, and get page numbers when somebody updates the field.
"""

from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from kpss_geo.export.blocks import Block, Heading

TITLE: Final = "Obsah"
TITLE_STYLE: Final = "TOC Heading"
FIRST_MARK: Final = 1_000_000
"""Numbers of bookmarks from here on are headings, below are cards."""


def contents(word: WordFile, blocks: Sequence[Block], *, levels: int) -> None:
    """Write the title and a field with a link to every heading down to a level."""
    entries = [
        (number, block.level, block.text)
        for number, block in enumerate(headings(blocks))
        if block.level <= levels
    ]
    if not entries:
        return
    word.add_paragraph(TITLE, style=TITLE_STYLE)
    for place, (number, level, text) in enumerate(entries):
        line = word.add_paragraph(style=f"TOC {level}")
        if place == 0:
            _field(line, "begin")
            _instruction(line, f' TOC \\o "1-{levels}" \\h \\z \\u ')
            _field(line, "separate")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), mark_name(number))
        link.append(line.add_run(text)._r)  # noqa: SLF001 - the library has no links inside
        line._p.append(link)  # noqa: SLF001 - as above
        if place == len(entries) - 1:
            _field(line, "end")


def headings(blocks: Sequence[Block]) -> list[Heading]:
    """Give the headings in the order in which they are numbered."""
    return [block for block in blocks if isinstance(block, Heading)]


def mark_name(number: int) -> str:
    """Name the bookmark of a heading as Word names those of contents."""
    return f"_Toc{FIRST_MARK + number}"


def _field(line: WordParagraph, kind: str) -> None:
    sign: Any = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(sign)  # noqa: SLF001 - the library has no fields


def _instruction(line: WordParagraph, text: str) -> None:
    code: Any = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    line.add_run()._r.append(code)  # noqa: SLF001 - as above
