"""What people typed, checked before it is written."""

import math
import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Final

from kpss_geo.errors import N_, BadOption, ReasonMissing, TextEmpty, TextTooLong

LONGEST: Final = 2_000
"""Characters of a reason or a remark."""
FORBIDDEN: Final = ("Cc", "Cs")
"""Control characters and halves of characters: they come from broken files, not from people."""

BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the order of what stands around them; right-to-left letters need none."""
NONCHARACTERS: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
"""What no XML holds, so no Word and no Excel file."""

_CODE = re.compile(r"^[0-9]{6}$")
_CZECH_DAY = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$")


def text(given: str, *, option: str, longest: int = LONGEST, needed: bool = False) -> str:
    r"""Give a text without outer spaces, in one Unicode form.

    >>> text("  Rumburk\u00a0 ", option="name")
    'Rumburk'

    Raises
    ------
    BadOption
        It holds control characters, is too long, or empty although needed.
    """
    cleaned = unicodedata.normalize("NFC", given).strip()
    if any(unicodedata.category(c) in FORBIDDEN and c not in "\n\t" for c in cleaned):
        raise BadOption(given=repr(cleaned[:40]), option=option, possible=N_("plain text"))
    if len(cleaned) > longest:
        raise BadOption(given=f"{cleaned[:20]}…", option=option, possible=N_("a shorter text"))
    if needed and not cleaned:
        raise BadOption(given="", option=option, possible=N_("a text"))
    return cleaned


def reason_of(given: str) -> str:
    """Give the reason of a change that may not be made without one.

    Raises
    ------
    BadOption
        It holds control characters or is too long.
    ReasonMissing
        It is empty.
    """
    why = text(given, option="reason")
    if not why:
        raise ReasonMissing
    return why


def free_text(given: str, *, most: int = LONGEST) -> str:
    r"""Give a text of many lines that is safe to show anywhere; nothing visible is lost.

    Control characters, marks that turn the order of letters around them and broken halves
    of characters go out; emoji and right-to-left letters stay. More than one empty line in a
    row is one.

    >>> free_text("Chybí\u202e lékař\x00.\r\n\r\n\r\n\r\nA řidič \U0001f68c. ")
    'Chybí lékař.\n\nA řidič 🚌.'

    Raises
    ------
    TextEmpty, TextTooLong
        Nothing visible remains, or more than `most` characters.
    """
    lines = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", given)
    whole = NONCHARACTERS.sub("", unicodedata.normalize("NFC", lines))
    kept = (c for c in whole if c in "\n\t" or _is_of_text(c))
    cleaned = re.sub(r"\n[ \t\n]*\n[ \t]*", "\n\n", "".join(kept)).strip()
    if not any(unicodedata.category(c)[0] in "LNPS" for c in cleaned):
        raise TextEmpty
    if len(cleaned) > most:
        raise TextTooLong(count=len(cleaned), most=most, over=len(cleaned) - most)
    return cleaned


def _is_of_text(character: str) -> bool:
    return unicodedata.category(character) not in FORBIDDEN and character not in BIDI


def one_line(given: str, *, most: int) -> str:
    """Give a short text of one line, made safe as `free_text` does; it may be empty.

    Raises
    ------
    TextTooLong
        It has more than `most` characters.
    """
    try:
        return " ".join(free_text(given, most=most).split())
    except TextEmpty:
        return ""


def obec_code(given: str) -> str:
    """Give an obec code of six digits.

    Raises
    ------
    BadOption
        It is something else.
    """
    if not _CODE.match(given):
        raise BadOption(given=given[:40], option="code", possible=N_("six digits"))
    return given


def number(given: float | None, *, option: str, greatest: float) -> float | None:
    """Give a number above 0 and at most `greatest`, or None.

    Raises
    ------
    BadOption
        It is not such a number.
    """
    if given is None:
        return None
    if not (math.isfinite(given) and 0 < given <= greatest):
        raise BadOption(given=given, option=option, possible=f"0–{greatest:g}")
    return float(given)


def one_of(given: str, *, option: str, possible: Collection[str]) -> str:
    """Give the value if it is one of the possible ones.

    Raises
    ------
    BadOption
        It is not.
    """
    if given not in possible:
        raise BadOption(given=given[:60], option=option, possible=", ".join(possible))
    return given


def day(given: str, *, option: str) -> date | None:
    """Give the day written as 2026-12-31 or 31. 12. 2026; None when nothing is written.

    >>> day("31. 12. 2026", option="until")
    datetime.date(2026, 12, 31)

    Raises
    ------
    BadOption
        It is no day.
    """
    if not given.strip():
        return None
    czech = _CZECH_DAY.match(given.strip())
    iso = f"{czech[3]}-{czech[2]:0>2}-{czech[1]:0>2}" if czech else given.strip()
    try:
        return date.fromisoformat(iso)
    except ValueError as error:
        raise BadOption(given=given[:40], option=option, possible="YYYY-MM-DD") from error
