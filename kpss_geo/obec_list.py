"""A list of obce pasted from a document, understood line by line; whole areas.

Nothing here decides silently which obec is meant: lines that are not certain are given
back with their candidates.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from kpss_geo.errors import N_, BadTerritory, UnknownArea
from kpss_geo.obec_names import HINT, Match, ObecNames, clean, index_names, match, narrow
from kpss_geo.territory import nearest_names
from kpss_geo.text import fold

AreaKind = Literal["orp", "district", "region"]
AREA_COLUMNS: Final[Mapping[AreaKind, tuple[str, str]]] = {
    "orp": ("orp_code", "orp_name"),
    "district": ("district_code", "district_name"),
    "region": ("region_code", "region_name"),
}
MAX_LIST: Final = 200_000
"""Characters of a pasted list."""
_AREA = re.compile(
    r"^(?:celý\s+|celé\s+)?(?:(?P<orp>so\s+orp|správní obvod orp|orp)|(?P<district>okres)"
    r"|(?P<region>kraj))\s+(?P<name>.+)$",
    re.IGNORECASE,
)
_REGION = re.compile(r"^(?P<name>.+\s+kraj)$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n\r\v\f\u2028\u2029;|\t•·▪◦●■]+")
_NUMBER = re.compile(r"[\d\s.,%]*(?:obyv\w*|osob)?\.?", re.IGNORECASE)


@dataclass(frozen=True)
class Resolved:
    """A list of obce as understood.

    codes
        Obce that are meant for certain, in the order of the list, each once.
    areas
        Whole areas of the list, with how many obce each brought.
    likely, unclear
        Lines with one proposed obec, and lines with several or none.
    """

    codes: tuple[str, ...]
    areas: tuple[tuple[str, int], ...] = ()
    likely: tuple[Match, ...] = ()
    unclear: tuple[Match, ...] = ()

    def accepted(self) -> "Resolved":
        """Take every proposed obec for meant; what is unclear stays so."""
        proposed = (found.candidates[0].code for found in self.likely)
        return replace(self, codes=_once((*self.codes, *proposed)), likely=())


def resolve_list(text: str, *, obce: pd.DataFrame, names: ObecNames | None = None) -> Resolved:
    """Understand a list of obce pasted from a document.

    Separators, bullets, numbering, codes beside names, “obec”, “město”, “městys” and
    districts in brackets are understood; a line such as “ORP Rumburk” stands for all its
    obce. Cells that hold numbers only are left aside when something else stands beside them.

    Raises
    ------
    BadTerritory
        The list is longer than any list of obce.
    """
    if len(text) > MAX_LIST:
        why = N_("the list of obce is too long")
        raise BadTerritory(territory="?", file="?", why=why)
    names = names or index_names(obce)
    codes: list[str] = []
    areas: list[tuple[str, int]] = []
    open_lines: list[Match] = []
    for part in split_list(text, names):
        whole = _whole_area(part, obce)
        if whole is not None:
            codes += whole
            areas.append((part, len(whole)))
            continue
        found = match(part, names)
        if found.code is None:
            open_lines.append(found)
        else:
            codes.append(found.code)
    return Resolved(_once(codes), tuple(areas), *_sorted_open(open_lines))


def split_list(text: str, names: ObecNames) -> list[str]:
    """Cut a pasted list into what stands for one obec (or one area) each."""
    parts: list[str] = []
    for line in text.splitlines():
        cells = [clean(cell) for cell in _BETWEEN.split(line)]
        told = [cell for cell in cells if cell and not _bare_number(cell)]
        for cell in told or [cell for cell in cells if cell]:
            parts += _cut_commas(cell, names)
    return [part for part in parts if part]


def suggest_area(resolved: Resolved, *, obce: pd.DataFrame) -> tuple[AreaKind, str] | None:
    """Give the ORP, else the district, in which most of the certain obce lie; None without."""
    kinds: tuple[AreaKind, ...] = ("orp", "district")
    for kind in kinds:
        held = Counter(obce.loc[list(resolved.codes), AREA_COLUMNS[kind][0]]).most_common(1)
        if held and held[0][1] * 2 > len(resolved.codes):
            return kind, str(held[0][0])
    return None


def narrowed(resolved: Resolved, within: Collection[str]) -> Resolved:
    """Propose, for each unclear line, the one candidate that lies among the codes."""
    tried = [narrow(found, within) for found in resolved.unclear]
    likely, unclear = _sorted_open(tried)
    return replace(resolved, likely=(*resolved.likely, *likely), unclear=unclear)


def codes_of_area(kind: AreaKind, given: str, *, obce: pd.DataFrame) -> tuple[str, ...]:
    """Codes of all obce of an ORP, district or region given by its code or name.

    Raises
    ------
    UnknownArea
        There is no such area; the nearest names are in the error.
    """
    code_column, name_column = AREA_COLUMNS[kind]
    if name_column not in obce.columns:
        name_column = code_column
    names = {name: _bare_area(name) for name in obce[name_column].unique()}
    same = obce[code_column].str.casefold() == given.strip().casefold()
    same |= obce[name_column].map(names) == _bare_area(given)
    if not same.any():
        raise UnknownArea(given=given, nearest=", ".join(nearest_names(given, names)))
    return tuple(obce.index[same])


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _sorted_open(lines: Iterable[Match]) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """Lines with one proposed obec, and the others; the same text once."""
    once = list({found.given: found for found in lines}.values())
    likely = tuple(found for found in once if found.how == "likely")
    return likely, tuple(found for found in once if found.how != "likely")


def _bare_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and not re.fullmatch(r"\d{6}", cell)


def _bare_area(name: str) -> str:
    """Write the name of an area so that its usual spellings are equal (Brno venkov)."""
    plain = re.sub(r"\b(?:kraj|hlavni mesto|hl\. ?m\.)(?:\s|$)", " ", fold(name))
    return " ".join(plain.replace("-", " ").split())


def _whole_area(part: str, obce: pd.DataFrame) -> tuple[str, ...] | None:
    """Codes of the area that a part of the list names; None when it names none."""
    found = _AREA.match(part) or _REGION.match(part)
    if found is None:
        return None
    groups = found.groupdict()
    kind: AreaKind = "orp" if groups.get("orp") else "region"
    if groups.get("district"):
        kind = "district"
    try:
        return codes_of_area(kind, groups["name"], obce=obce)
    except UnknownArea:
        return None


def _cut_commas(cell: str, names: ObecNames) -> list[str]:
    """Cut at commas and at “a”; a district behind a comma stays with the obec before it."""
    parts: list[str] = []
    for piece in cell.split(","):
        text = piece.strip()
        joined = f"{parts[-1]}, {text}" if parts else text
        if parts and HINT.search(joined) and match(joined, names).how in ("name", "likely"):
            parts[-1] = joined
        else:
            parts += _cut_and(text, names)
    return parts


def _cut_and(text: str, names: ObecNames) -> list[str]:
    if " a " not in text or match(text, names).code is not None:
        return [text]
    return [part.strip() for part in text.split(" a ")]
