"""A document before it is Word or PDF: headings, paragraphs, lists, tables, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

SHORT: Final = 10
"""A table of so many rows is not broken; of a longer one only the sums never stand alone."""
Style = Literal["text", "note", "lead"]


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1; `new_page` begins a page with it.

    What follows a heading of the first level may stand in `columns` of a PDF.
    """

    text: str
    level: int = 1
    new_page: bool = False
    columns: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; `lead` is what matters most, `note` is small print.

    One that `closes` the table above it belongs on its page.
    """

    text: str
    style: Style = "text"
    closes: bool = False


@dataclass(frozen=True)
class Points:
    """A list with bullets."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first column is its heading of rows.

    `right` numbers the columns that hold numbers; `widths` are parts of the page; one that
    is `unbroken` stays on one page however many rows it has.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    sums: bool = False
    unbroken: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is so short that it stays on one page."""
        return self.unbroken or len(self.rows) <= SHORT


@dataclass(frozen=True)
class Picture:
    """A picture with its caption, and in words what is on it; Word takes PNG alone."""

    data: bytes
    caption: str
    alt: str
    width_mm: float = 160
    format: Literal["png", "svg"] = "png"


@dataclass(frozen=True)
class Card:
    """A numbered entry: what it is called, and what is known of it as name and value.

    It stands on one page; with `kept` only so many facts stay with its name, and the others
    together.
    """

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    kept: int = 0


@dataclass(frozen=True)
class References:
    """Lines that point to cards by their numbers."""

    items: tuple[tuple[str, tuple[int, ...]], ...]


Block = Heading | Paragraph | Points | Table | Picture | Card | References


@dataclass(frozen=True)
class Document:
    """A document: its title, what stands under it, and its blocks.

    `running` is what every page says at its head: the territory and the day.
    `opening` is a note between the subtitle and the contents: how the document is read.
    `contents` is how many levels of headings the table of contents lists, 0 for none;
    `large` asks for large print, `tight` for narrow margins;
    `letters_pt` is the size of letters in the tables of a PDF.
    """

    title: str
    subtitle: str
    about: str
    blocks: tuple[Block, ...]
    running: str = ""
    opening: str = ""
    contents: int = 0
    large: bool = False
    tight: bool = False
    letters_pt: float = 8.0


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: range | None = None,
    widths: Sequence[float] = (),
    sums: bool = False,
    unbroken: bool = False,
) -> Table:
    """Make a table; all columns but the first hold numbers where it is not said which do."""
    return Table(
        caption,
        tuple(head),
        tuple(tuple(row) for row in rows),
        frozenset(range(1, len(head)) if numbers is None else numbers),
        tuple(widths),
        sums,
        unbroken,
    )
