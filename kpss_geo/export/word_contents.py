"""The table of contents of a Word document: a field with its entries already in it.

Where pages end only the word processor knows. The document asks it to update its fields when
it is opened: Word asks whether it may, and then has the numbers of pages. Until then every
entry is a link without a number and without dots that would lead nowhere, and a line that
the update takes away says what to do.
"""

from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from kpss_geo.export import word_styles
from kpss_geo.export.blocks import Block, Heading

TITLE: Final = "Obsah"
HINT: Final = (
    "Čísla stran doplní Word, povolíte-li při otevření aktualizaci polí (odpověď Ano), nebo "
    "kliknete-li do obsahu a stisknete F9. Položky jsou odkazy."
)
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
    word_styles.switch_on(word, "w:updateFields")
    line = word.add_paragraph(style=word_styles.NOTE)
    _field(line, "begin")
    _instruction(line, f' TOC \\o "1-{levels}" \\h \\z \\u ')
    _field(line, "separate")
    line.add_run(HINT)
    for place, (number, level, text) in enumerate(entries):
        line = word.add_paragraph(style=f"TOC {level}")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), mark_name(number))
        link.append(line.add_run(text)._r)  # noqa: SLF001 - the library has no links inside
        line._p.append(link)  # noqa: SLF001 - as above
        if place == len(entries) - 1:
            _field(line, "end")


def apart(after: Sequence[WordParagraph]) -> None:
    """Set the text under the contents apart from them; a heading is apart by itself."""
    for line in after[:1]:
        if line.style is None or not str(line.style.name).startswith("Heading"):
            line.paragraph_format.space_before = Pt(12)


def headings(blocks: Sequence[Block]) -> list[Heading]:
    """Give the headings in the order in which they are numbered."""
    return [block for block in blocks if isinstance(block, Heading)]


def mark_name(number: int) -> str:
    """Name the bookmark of a heading as Word names those of contents."""
    return f"_Toc{FIRST_MARK + number}"


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Put a mark into a paragraph that a link can lead to."""
    for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(kind)
        mark.set(qn("w:id"), str(number))
        if kind == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001 - the library has no bookmarks


def _field(line: WordParagraph, kind: str) -> None:
    sign: Any = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(sign)  # noqa: SLF001 - the library has no fields


def _instruction(line: WordParagraph, text: str) -> None:
    code: Any = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    line.add_run()._r.append(code)  # noqa: SLF001 - as above
