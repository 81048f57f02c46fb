"""Ages as tables write them: 65–69, 65 až 69 let, 85 a více, 85+, single years."""

import re
from collections.abc import Collection
from typing import Final

from kpss_geo.schema import AGE_BANDS
from kpss_geo.text import fold

Ages = tuple[int, int]
"""First and last year of age; the last is `OLDEST` where there is no upper end."""
OLDEST: Final = 150
_OPEN_END = re.compile(r"^(\d{1,3})\s*(?:\+|let a vice|a vice|a starsi|and over|a stars)")
_HALF_OPEN = re.compile(r"^(\d{1,3}) az (\d{1,3}) \(vice nebo rovno \d+ a mene nez \d+\)$")
_HALF_OPEN_END = re.compile(r"^od (\d{1,3}) \(vice nebo rovno \d+\)$")
_RANGE = re.compile(r"^(\d{1,3})\s*(?:-|–|—|az|to)\s*(\d{1,3})(?!\d)")
_SINGLE = re.compile(r"^(\d{1,3})(?:\s*(?:let|rok|roky))?$")
_PEOPLE = re.compile(r"^(?:muzi|zeny|celkem|obyvatele|pocet|vek|muz|zena)\s*[:,_ ]*\s*")


def ages_of(text: str) -> Ages | None:
    """Ages that a heading or a cell names; None when it names none.

    >>> ages_of("65–69 let"), ages_of("85 a více"), ages_of("Muži 0-4"), ages_of("Obec")
    ((65, 69), (85, 150), (0, 4), None)
    """
    plain = _PEOPLE.sub("", " ".join(fold(text).split()))
    if found := _HALF_OPEN.match(plain):
        return int(found[1]), int(found[2]) - 1
    if found := _HALF_OPEN_END.match(plain) or _OPEN_END.match(plain):
        return int(found[1]), OLDEST
    if found := _RANGE.match(plain):
        return (int(found[1]), int(found[2])) if int(found[1]) <= int(found[2]) else None
    if found := _SINGLE.match(plain):
        return int(found[1]), int(found[1])
    return None


def sex_of(text: str) -> str:
    """Sex that a text names: male, female, or all.

    >>> sex_of("Muži 0-4"), sex_of("ženy"), sex_of("celkem")
    ('male', 'female', 'all')
    """
    plain = fold(text)
    if plain in ("1", "m") or plain.startswith(("muz", "male")):
        return "male"
    if plain in ("2", "z", "f") or plain.startswith(("zen", "female")):
        return "female"
    return "all"


def band_of(ages: Ages) -> str | None:
    """Five-year band of the population table in which the ages lie whole; None across bands."""
    for band, (first, last) in BANDS.items():
        if first <= ages[0] and ages[1] <= last:
            return band
    return None


def bands_not_covered(given: Collection[Ages]) -> list[str]:
    """Bands that the ages do not make up exactly, each year once; the last band is open."""
    faulty = []
    for band, (first, last) in BANDS.items():
        inside = sorted(ages for ages in given if band_of(ages) == band)
        years = [year for low, high in inside for year in range(low, high + 1)]
        if years != list(range(first, last + 1)):
            faulty.append(band)
    return faulty


def _ends(band: str) -> Ages:
    first, _, last = band.rstrip("+").partition("-")
    return int(first), int(last) if last else OLDEST


BANDS: Final = {band: _ends(band) for band in AGE_BANDS}
