"""Telephones, web addresses and names of organisations, written one way wherever they are read."""

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from kpss_geo.text import NBSP

COUNTRY: Final = "CZ"
COUNTRY_CODE: Final = 420
SHORT: Final = re.compile(r"(?<![\d+])(?:1\d{2}|116\s?\d{3})(?!\s?\d)")
"""Lines with a number of three or six digits: 112, 116 111."""
_DIGITS: Final = re.compile(r"\d")
_LOST_COLON: Final = re.compile(r"^(https?)(?::?/{1,2}|:)(?=[\w-]+\.)", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?",
                            re.IGNORECASE)  # fmt: skip
_LEGAL: Final = re.compile(
    r"(?:(?<![\w.])(?:(s)\. ?(r)\. ?(o)|(o)\. ?(p)\. ?(s)|(z)\. ?(s)|(z)\. ?(ú)|(a)\. ?(s)"
    r"|(p)\. ?(o)|(v)\. ?(o)\. ?(s))|(?<=spol\. s )(r)\. ?(o))(?:\.(?!\w)|\.?$)"
)
"""Legal forms by their letters, however they are spaced; the last dot may be missing at the end."""
_QUOTED: Final = re.compile(r'^["„“]([^"„“”]+)["“”]$')
"""A whole name in quotes, which say nothing of it."""
_CLOSE_COMMA: Final = re.compile(r"\s*,(?=[^\W\d_])")


def numbers_of(text: str) -> list[PhoneNumber]:
    """Read the telephone numbers that exist in a text, each once; Czech ones need no prefix.

    >>> [number.national_number for number in numbers_of("412358411, +420 777 665 571, kl. 12")]
    [412358411, 777665571]
    >>> numbers_of("80012411")
    []
    """
    found = (match.number for match in phonenumbers.PhoneNumberMatcher(text, COUNTRY))
    return list({phonenumbers.format_number(n, PhoneNumberFormat.E164): n for n in found}.values())


def number_words(number: PhoneNumber) -> str:
    """Write a number in threes; one of another country with its prefix.

    >>> [number_words(number) for number in numbers_of("+420483356201 +421 2 5938 0111")]
    ['483 356 201', '+421 2 593 801 11']
    """
    home = number.country_code == COUNTRY_CODE
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


@lru_cache(maxsize=50_000)
def phone_words(text: str) -> str:
    """Write a cell with a telephone as people read it; what is no known number stays as it is.

    >>> [phone_words(cell) for cell in ("+420483356201", "+ 420 483 356 201", "483356201")]
    ['483 356 201', '483 356 201', '483 356 201']
    >>> [phone_words(cell) for cell in ("80012411", "487 832 378, 120", "na vrátnici", "116111")]
    ['80012411', '487 832 378, 120', 'na vrátnici', '116 111']
    """
    cleaned = re.sub(r"(?<!\d)\+\s+(?=\d)", "+", text.strip())
    written = cleaned
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(cleaned, COUNTRY))):
        if match.number.extension is None:
            shown = number_words(match.number)
            written = f"{written[: match.start]}{shown}{written[match.end :]}"
    return re.sub(r"^116(\d{3})$", r"116 \1", written)


def is_odd_phone(text: str) -> bool:
    """Whether a cell has digits of a telephone, but no number that exists.

    >>> [is_odd_phone(cell) for cell in ("80012411", "483 356 201", "112", "na vrátnici", "")]
    [True, False, False, False, False]
    """
    digits = len(_DIGITS.findall(text))
    return digits > 0 and not numbers_of(text) and not SHORT.search(text)


def web_words(text: str) -> str:
    """Write a web address with what is obviously missing in its beginning.

    >>> web_words("https//www.ponikla.cz"), web_words("http:/domov.cz"), web_words(" www.a.cz ")
    ('https://www.ponikla.cz', 'http://domov.cz', 'www.a.cz')
    """
    return _LOST_COLON.sub(lambda start: f"{start[1].lower()}://", text.strip())


def is_odd_web(text: str) -> bool:
    """Whether a cell with a web address has none that could be followed.

    >>> [is_odd_web(cell) for cell in ("www.domov.cz/kontakt", "není", "www,domov.cz", "")]
    [False, True, True, False]
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return bool(first) and not _DOMAIN.fullmatch(first)


def name_words(text: str) -> str:
    r"""Write the name of an organisation with its legal form as Czech writes it, unbroken.

    >>> name_words("ICOS, o.p. s.") == name_words("ICOS, o.p.s.") == name_words("ICOS,o. p. s.")
    True
    >>> name_words("Lék spol. s r.o.")
    'Lék spol. s r.\xa0o.'
    >>> name_words("Péče s.r.o."), name_words("Žabka p.o.s. Domov"), name_words("HVĚZDA z.ú.")
    ('Péče s.\xa0r.\xa0o.', 'Žabka p.o.s. Domov', 'HVĚZDA z.\xa0ú.')
    >>> name_words('"HVĚZDA z.ú."'), name_words('"Dům" a "Byt"')
    ('HVĚZDA z.\xa0ú.', '"Dům" a "Byt"')
    """
    spaced = _CLOSE_COMMA.sub(", ", _QUOTED.sub(r"\1", text))
    return _LEGAL.sub(_spaced, spaced)


def _spaced(form: re.Match[str]) -> str:
    return NBSP.join(f"{letter}." for letter in form.groups() if letter)


def same_name(text: str) -> str:
    """Give what two writings of one name share: its letters and digits alone.

    >>> same_name("ADP - ANNA s.r.o.") == same_name("Adp-Anna, s. r. o.")
    True
    """
    return "".join(sign for sign in text.casefold() if sign.isalnum())
