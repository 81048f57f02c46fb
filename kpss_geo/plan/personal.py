"""What in a text looks like personal data: a warning before it is written, never a ban."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from kpss_geo.errors import N_, Phrase

EMAIL: Final = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[a-z]{2,}", re.IGNORECASE)
PHONE: Final = re.compile(
    r"(?<!\d)(?<!\d[.,/])(?:(?:\+|00)42[01][ \u00a0.-]?)?[2-9]\d{2}([ \u00a0.-]?)\d{3}\1\d{3}"
    r"(?![\d/]|[.,]\d|[ \u00a0]?(?:Kč|CZK|EUR|€|,-))"
)
BIRTH_NUMBER: Final = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2}) ?(/?) ?(\d{3,4})(?!\d)")
MONTH_SHIFTS: Final = (0, 20, 50, 70)
"""Women have 50 more; where numbers of a day ran out, 20 more (since 2004)."""


def personal_data(text: str) -> tuple[Phrase, ...]:
    """Name the kinds of personal data that a text seems to hold.

    A birth number must have a possible month and day; one of ten digits must be divisible
    by 11 (until 1985 some gave 10, written as 0).

    >>> personal_data("Volejte 412 386 312, paní č. 735617/0008, rozpočet 250 000 000 Kč.")
    ('a telephone number', 'a birth number')
    """
    return tuple(kind for kind, holds in _TESTS.items() if holds(text))


def _holds_birth_number(text: str) -> bool:
    return any(_is_birth_number(found) for found in BIRTH_NUMBER.finditer(text))


def _is_birth_number(found: re.Match[str]) -> bool:
    year, month, day, slash, ending = found.groups()
    possible = any(1 <= int(month) - shift <= 12 for shift in MONTH_SHIFTS)
    if not possible or not 1 <= int(day) <= 31:
        return False
    if len(ending) == 3:  # before 1954, no check digit; without the slash it is any number
        return bool(slash) and int(year) < 54
    first = int(year + month + day + ending[:3]) % 11
    return first % 10 == int(ending[3])


_TESTS: Final[Mapping[Phrase, Callable[[str], bool]]] = {
    N_("a telephone number"): lambda text: bool(PHONE.search(text)),
    N_("an e-mail address"): lambda text: bool(EMAIL.search(text)),
    N_("a birth number"): _holds_birth_number,
}
