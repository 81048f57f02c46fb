"""Yes, no and not known, as people write them into a table."""

import unicodedata
from typing import Final

from kpss_geo.text import fold

YES: Final = frozenset(
    {"ano", "a", "yes", "y", "true", "pravda", "x", "1", "так", "т", "х"}  # the last is Cyrillic
    | {"✓", "✔", "☑", "✅", "√"}
)
NO: Final = frozenset({"ne", "n", "no", "false", "nepravda", "0", "ні", "н"} | {"✗", "✘", "❌"})
NOT_KNOWN: Final = frozenset({"?", "nevime", "nevim", "nezname", "neznamo", "невідомо"})
"""Said in words: it takes back what was stated. An empty cell says nothing."""
AROUND: Final = " .,;:!\"'„“”‚‘’()[]"


class NotAnAnswer(ValueError):
    """A cell that says neither yes nor no nor that it is not known."""


def answer(cell: str) -> bool | None:
    r"""Read a cell that is not empty: True, False, or None for "not known".

    Spaces, invisible characters and marks that come from Word do not matter.

    >>> answer(" ANO\u00a0"), answer("ne."), answer("✓"), answer("0"), answer("?")
    (True, False, True, False, None)

    Raises
    ------
    NotAnAnswer
        It is something else.
    """
    said = tidy(cell)
    if said in YES:
        return True
    if said in NO:
        return False
    if said in NOT_KNOWN:
        return None
    raise NotAnAnswer(said)


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing."""
    return not _visible(cell).strip()


def tidy(cell: str) -> str:
    """Text of a cell for comparing: lower case, no diacritics, no marks around it."""
    seen = _visible(cell)
    return fold(" ".join(seen.split()).strip(AROUND)) or seen.strip()


def _visible(text: str) -> str:
    """Without the characters that take no room, such as a zero-width space."""
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return "".join("" if "\ufe00" <= c <= "\ufe0f" else c for c in kept)
