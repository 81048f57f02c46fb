"""What people typed, checked before it is written."""

import math
import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Final

from kpss_geo.errors import N_, BadOption

LONGEST: Final = 2_000
"""Characters of a reason or a remark."""
FORBIDDEN: Final = ("Cc", "Cs")
"""Control characters and halves of characters: they come from broken files, not from people."""

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
        raise BadOption(given="", option=option, possible=N_("a text that says why"))
    return cleaned


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
