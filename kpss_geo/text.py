"""Czech, English and Ukrainian words, numbers and order.

Texts in the code are English; `locale/<language>.po` holds what people see. Names that
come from the data (obce, services, paragraphs) are never translated.
"""

import gettext
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, TypeVar

import babel.dates
import babel.numbers
import czech_sort
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kpss_geo.errors import Finding, KpssGeoError, Phrase

Language = Literal["cs", "en", "uk"]
LANGUAGES: Final[tuple[Language, ...]] = ("cs", "en", "uk")
LANGUAGE_NAMES: Final = {"cs": "Čeština", "en": "English", "uk": "Українська"}
NBSP: Final = "\u00a0"

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters by which a spreadsheet takes a text for a formula."""
PHONE: Final = re.compile(r"\+[1-9]\d{0,2}(?:[ \u00a0]\d{2,4}){2,4}")
"""A telephone in groups: nothing that a spreadsheet could count, though it begins with a plus."""
COUNTS: Final = frozenset({"count", "most", "over"})
"""Fields of errors and findings that are numbers of things, written with spaces."""

_BEFORE_FIELD: Final = re.compile(r"(?<!\w)(?P<said>[zskvZSKV])(?P<to>[ \u00a0]\{(?P<field>\w+)\})")
_CARDINAL: Final = re.compile(r"\d+(?:[ \u00a0]\d{3})*(?![\d/]|\.[ \u00a0]?\d)")

T = TypeVar("T")


def known_language(given: str) -> Language:
    """Give the language if it is one of ours, else Czech."""
    return next((language for language in LANGUAGES if language == given), "cs")


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    path = Path(__file__).parent / "locale" / f"{language}.po"
    if not path.exists():  # English is the language of the texts in the code
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def half_up(value: float, *, digits: int = 0) -> Decimal:
    """Round as people are taught to: a half goes away from nought, by the decimals one reads.

    0.25 is written 0.3, and 0.15, which no binary number is, 0.2.

    >>> [str(half_up(value, digits=1)) for value in (4.25, 0.25, 0.15, -0.25, -0.04)]
    ['4.3', '0.3', '0.2', '-0.3', '0.0']
    """
    exact = Decimal(str(value))
    if not exact.is_finite():
        return exact
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


@lru_cache(maxsize=20_000)
def _decimal(value: float, digits: int, language: Language) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    rounded = half_up(value, digits=digits)
    return babel.numbers.format_decimal(rounded, format=pattern, locale=language)


@dataclass(frozen=True)
class Words:
    """Texts and numbers of one language."""

    language: Language = "cs"

    def t(self, template: str, /, **fields: object) -> str:
        """Translate a template and fill it with its fields.

        >>> Words("cs").t("{name} ({count} of {total})", name="Péče", count=3, total=4)
        'Péče (3 ze 4)'
        """
        translated = _catalogue(self.language).gettext(template) if template else ""
        return self._filled(translated, fields) if fields else translated

    def n(self, singular: str, plural: str, count: int, /, **fields: object) -> str:
        """Translate a counted template; `{count}` in it is the number, well written.

        >>> Words("cs").n("{count} obec", "{count} obce", 5)
        '5 obcí'
        """
        translated = _catalogue(self.language).ngettext(singular, plural, count)
        return self._filled(translated, {"count": self.number(count), **fields})

    def _filled(self, translated: str, fields: Mapping[str, object]) -> str:
        if self.language == "cs":
            translated = vocalised(translated, fields)
        return translated.format(**fields)

    def number(self, value: float, *, digits: int = 0) -> str:
        r"""Write a number with the language's own separators and `digits` decimals, half up.

        >>> Words("cs").number(1234.56, digits=1)
        '1\xa0234,6'
        """
        return _decimal(float(value), digits, self.language)

    def percent(self, part: float, whole: float) -> str:
        r"""Write a share in whole per cent, never 0 or 100 unless it is exactly that.

        >>> Words("cs").percent(1, 1000), Words("cs").percent(999, 1000)
        ('méně než 1\xa0%', 'více než 99\xa0%')
        """
        if whole <= 0:
            return "–"
        share = 100 * part / whole
        if 0 < share < 1:
            return self.t("less than {share}", share=f"1{self._percent_sign}")
        if 99 < share < 100:
            return self.t("more than {share}", share=f"99{self._percent_sign}")
        return f"{self.number(share)}{self._percent_sign}"

    @property
    def _percent_sign(self) -> str:
        return "%" if self.language == "en" else f"{NBSP}%"

    def km(self, metres: float) -> str:
        r"""Write a distance in kilometres: one decimal under 100 km, none above.

        A decimal keeps 15.2 km apart from a limit of 15 km.

        >>> Words("cs").km(3210.0), Words("cs").km(121040.0)
        ('3,2\xa0km', '121\xa0km')
        """
        digits = 1 if metres < 99_950 else 0
        return f"{self.number(metres / 1000, digits=digits)}{NBSP}{self.t('km')}"

    def minutes(self, minutes: float) -> str:
        r"""Write a travel time in whole minutes.

        >>> Words("cs").minutes(14.2)
        '14\xa0min'
        """
        return f"{self.number(minutes)}{NBSP}{self.t('min')}"

    def date(self, iso: str) -> str:
        r"""Write an ISO date, or a month given as YYYY-MM; other text is given back.

        >>> Words("cs").date("2026-11-22"), Words("cs").date("2026-09")
        ('22.\xa011.\xa02026', '9/2026')
        """
        match iso.split("-"):
            case [year, month] if year.isdigit() and month.isdigit():
                return f"{int(month)}/{year}"
            case [year, month, day] if len(year) == 4 and (month + day).isdigit():
                if self.language == "cs":
                    return f"{int(day)}.{NBSP}{int(month)}.{NBSP}{year}"
                parsed = babel.dates.parse_date(iso, locale="en", format="yyyy-MM-dd")
                return babel.dates.format_date(parsed, format="long", locale=self.language)
            case _:
                return iso

    def say(self, what: KpssGeoError | Finding) -> str:
        """Turn an error or a finding into a sentence of this language."""
        return self.t(what.template, **{k: self._said(k, v) for k, v in what.fields.items()})

    def _said(self, name: str, value: object) -> object:
        if isinstance(value, Phrase):
            return self.t(value)
        return self.number(value) if name in COUNTS and isinstance(value, int) else value


def vocalised(template: str, fields: Mapping[str, object]) -> str:
    """Write the prepositions of a Czech template as they are said before the numbers filled in.

    >>> vocalised("{a} z {b} v {c}", {"a": 3, "b": "4 923", "c": "Kaplici"})
    '{a} ze {b} v {c}'
    """
    return _BEFORE_FIELD.sub(
        lambda found: preposition(found["said"], str(fields.get(found["field"], ""))) + found["to"],
        template,
    )


def preposition(said: str, number: str) -> str:
    """Write z, s, k or v as it is said before a number; before an ordinal or a word as it is.

    Before two, three, four, twelve, hundred and what begins with them all four are vocalised,
    z and s before six and seven too (Internetová jazyková příručka, Vokalizace předložek).

    >>> [preposition("z", number) for number in ("4 923", "1 000", "60", "31. 12. 2020")]
    ['ze', 'z', 'ze', 'z']
    >>> preposition("v", "6"), preposition("K", "100")
    ('v', 'Ke')
    """
    digits = _CARDINAL.match(number)
    if not digits:
        return said
    first = _first_spoken(int(re.sub(r"\D", "", digits[0])))
    hissing = first in (6, 7) and said in "zsZS"
    return f"{said}e" if hissing or first in (2, 3, 4, 100) else said


def _first_spoken(number: int) -> int:
    """Give the number whose word comes first when a number is said; 2 to 9 of tens and hundreds.

    >>> [_first_spoken(number) for number in (1_250, 12, 15, 47, 147, 350, 73_000, 2_000_000)]
    [1000, 2, 5, 4, 100, 3, 7, 2]
    """
    for unit in (1_000_000, 1_000):
        if number >= unit:
            return unit if number < 2 * unit else _first_spoken(number // unit)
    if number >= 100:
        return 100 if number < 200 else number // 100
    if 10 < number < 20:
        return number - 10 if number > 11 else 1
    return number if number < 11 else number // 10


def in_order(items: Iterable[T], *, key: Callable[[T], str] = str) -> list[T]:
    """Sort by the Czech alphabet (Ch after H, Č after C).

    >>> in_order(["Chřibská", "Cvikov", "Česká", "Horní"])
    ['Cvikov', 'Česká', 'Horní', 'Chřibská']
    """
    return sorted(items, key=lambda item: czech_sort.key(key(item)))


def fold(text: str) -> str:
    """Lower case without diacritics and outer spaces, for comparing what people type.

    >>> fold(" Týdenní stacionáře ")
    'tydenni stacionare'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().strip())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def harmless(cell: object) -> object:
    """Make a text that a spreadsheet would run as a formula plain text again.

    >>> harmless("=1+1"), harmless("Domov"), harmless(-3), harmless("+420 483 356 201")
    ("'=1+1", 'Domov', -3, '+420 483 356 201')
    """
    if not isinstance(cell, str) or PHONE.fullmatch(cell):
        return cell
    if cell.lstrip(" \u00a0").startswith(DANGEROUS):
        return f"'{cell}"
    return cell
