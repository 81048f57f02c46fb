"""Styles of our Word documents: added where a template lacks them, ours where there is none."""

from typing import Any, Final

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

LEAD: Final = "KPSS Hlavní sdělení"
NOTE: Final = "KPSS Poznámka"
CAPTION: Final = "Caption"
CELL: Final = "KPSS Buňka"
FACT: Final = "KPSS Údaj"
POINTER: Final = "KPSS Odkaz"
TABLE: Final = "Table Grid"
CONTENTS: Final = ("TOC Heading", "TOC 1", "TOC 2")
"""Title and levels of the table of contents, as Word names them."""
LATER_SETTINGS: Final = (
    "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids",
    "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
)  # fmt: skip
"""Settings of a document that stand behind those that we switch on."""
OF_TEXT: Final = (LEAD, NOTE, CELL, FACT, POINTER, CAPTION, "List Bullet", *CONTENTS)
"""Styles of what is read between the headings."""
TEXT_MM: Final = 166.0
LARGE_PT: Final = 18


def prepare(word: WordFile, *, own: bool) -> None:
    """Add the styles that are missing; in our own file set how all of them look."""
    known = {style.name for style in word.styles}
    for name in (*OF_TEXT, *(f"Heading {n}" for n in (1, 2, 3))):
        if name not in known:
            added = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            added.base_style = word.styles["Normal"]
    if TABLE not in known:
        word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    _look(word, CELL, size=8.5, after=0)
    _look(word, NOTE, size=9, after=4, colour="444444")
    _look(word, FACT, size=10, after=1)
    _look(word, POINTER, size=10, after=1)
    _look(word, "TOC 1", size=10.5, after=1, bold=True)
    _look(word, "TOC 2", size=10, after=1)
    word.styles["TOC 2"].paragraph_format.left_indent = Mm(5)
    for name in ("TOC 1", "TOC 2"):
        _leader(word, name, _text_mm(word))
    if own:
        _own(word)


def _own(word: WordFile) -> None:
    """Set page and styles of a document that is in no template."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - TEXT_MM) / 2)
    section.top_margin = section.bottom_margin = Mm(22)
    _look(word, "Normal", size=11, after=6)
    _look(word, LEAD, size=12, after=8, bold=True)
    _look(word, CAPTION, size=9, after=3, colour="1F3B57", bold=True)
    _look(word, "TOC Heading", size=13.5, after=4, colour="0B4F8A", bold=True)
    _look(word, "Title", size=22, after=6, colour="0B4F8A", bold=True)
    _look(word, "Subtitle", size=12, after=10, colour="444444")
    word.styles["Subtitle"].font.italic = False
    for name in (POINTER, "TOC 1", "TOC 2"):
        _leader(word, name, TEXT_MM)
    word.styles["Normal"].paragraph_format.widow_control = True
    _look(word, "Header", size=9, after=0, colour="444444")
    _look(word, "Footer", size=9, after=0, colour="444444")
    for level, size in ((1, 17), (2, 13.5), (3, 11.5)):
        _look(word, f"Heading {level}", size=size, after=6, colour="0B4F8A", bold=True)
        word.styles[f"Heading {level}"].paragraph_format.space_before = Pt(14)
    for name in (LEAD, "Title", "Subtitle", *(f"Heading {n}" for n in (1, 2, 3))):
        _unbroken(word, name)
    _language(word)


def hyphenate(word: WordFile) -> None:
    """Let Word divide words at the ends of lines, other than in headings."""
    switch_on(word, "w:autoHyphenation", before=("w:characterSpacingControl", *LATER_SETTINGS))


def switch_on(word: WordFile, name: str, *, before: tuple[str, ...] = LATER_SETTINGS) -> None:
    """Switch a setting of the document on; the format prescribes which it stands before."""
    settings: Any = word.settings.element
    if settings.find(qn(name)) is not None:
        return
    setting = OxmlElement(name)
    later = next((each for each in settings if each.tag in set(map(qn, before))), None)
    if later is None:
        settings.append(setting)
    else:
        later.addprevious(setting)


def _unbroken(word: WordFile, name: str) -> None:
    """Keep words of a style whole."""
    properties = word.styles[name].element.get_or_add_pPr()
    whole: Any = OxmlElement("w:suppressAutoHyphens")
    properties.insert_element_before(whole, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _text_mm(word: WordFile) -> float:
    """Give how wide the text of the first section is; ours where a template does not say."""
    section = word.sections[0]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    known = width is not None and left is not None and right is not None
    return float((width - left - right) / Mm(1)) if known else TEXT_MM  # type: ignore[operator]


def _leader(word: WordFile, name: str, width_mm: float) -> None:
    """Let dots lead from a text to its number at the right edge."""
    stops: Any = word.styles[name].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def tighten(word: WordFile) -> None:
    """Set a page that must hold much: narrow margins above and below, smaller letters."""
    section = word.sections[0]
    section.top_margin, section.bottom_margin = Mm(20), Mm(16)
    section.header_distance, section.footer_distance = Mm(9), Mm(8)
    for name, size, after in (("Normal", 10, 4), ("List Bullet", 9.5, 2), (NOTE, 8.5, 2)):
        _look(word, name, size=size, after=after)
    _look(word, CELL, size=9, after=0)
    _unbroken(word, CELL)
    word.styles["Heading 1"].paragraph_format.space_before = Pt(0)  # it begins a page


def enlarge(word: WordFile) -> None:
    """Set large print: no letter under 18 points, black on white, no slanted ones."""
    for name in ("Normal", "Subtitle", *OF_TEXT):
        after = 2 if name in (FACT, POINTER, *CONTENTS) else 6
        bold = name in (LEAD, CAPTION, *CONTENTS)
        _look(word, name, size=LARGE_PT, after=after, colour="000000", bold=bold)
        word.styles[name].font.italic = False
    for level, size in ((1, 28), (2, 24), (3, 20)):
        _look(word, f"Heading {level}", size=size, after=8, colour="000000", bold=True)
    _look(word, "Title", size=32, after=12, colour="000000", bold=True)
    for line in word.styles["Title"].element.iter(qn("w:bottom")):  # a rule in colour
        line.set(qn("w:color"), "000000")
        line.attrib.pop(qn("w:themeColor"), None)
    section = word.sections[0]
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.header_distance = Mm(25), Mm(11)
    section.bottom_margin, section.footer_distance = Mm(19), Mm(8)
    for name in (POINTER, "TOC 1", "TOC 2"):
        _leader(word, name, 176)
    for name in ("Header", "Footer"):
        _look(word, name, size=LARGE_PT, after=0, colour="000000")


def _look(
    word: WordFile, name: str, *, size: float, after: float, colour: str = "", bold: bool = False
) -> None:
    style: Any = word.styles[name]
    style.font.size, style.font.bold = Pt(size), bold or None
    style.font.name = "Calibri"
    properties = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        properties.set(qn(script), "Calibri")
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        properties.attrib.pop(qn(theme), None)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.keep_with_next = bool(name.startswith("Heading") or name == LEAD)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)


def _language(word: WordFile) -> None:
    """Say that the text is Czech, so that Word checks and reads it as Czech."""
    defaults = word.styles.element.find(".//" + qn("w:rPrDefault") + "/" + qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), "cs-CZ")
