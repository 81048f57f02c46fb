"""Territories: named, free lists of obec codes, with their surroundings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree

from kpss_geo.errors import (
    N_,
    BadTerritory,
    NoSuchObec,
    SeveralObce,
    UnknownObec,
    UnknownTerritory,
)
from kpss_geo.schema import NAME, X, Y
from kpss_geo.text import fold

NEAREST_NAMES = 3
MAX_SURROUNDINGS_KM = 100.0


@dataclass(frozen=True)
class WorkingGroup:
    """A working group of the plan, and which types of service it talks about.

    A group of the product names `keys`, which the types name too (`types.csv`); one that
    the team wrote into its plan names the `type_codes` themselves.
    """

    name: str
    keys: tuple[str, ...] = ()
    type_codes: tuple[str, ...] = ()

    def talks_about(self, type_code: str, keys: Collection[str]) -> bool:
        """Whether the group talks about a type with this code and these keys."""
        return type_code in self.type_codes or not set(self.keys).isdisjoint(keys)


@dataclass(frozen=True)
class Territory:
    """A named list of obec codes. `in_name` is the name as "where" (na Šluknovsku).

    `surroundings_km` None leaves the distance of the surroundings to the settings.
    """

    id: str
    name: str
    in_name: str
    plan: str
    codes: tuple[str, ...]
    working_groups: tuple[WorkingGroup, ...]
    surroundings_km: float | None = None


def parse_territories(
    definitions: Mapping[str, Any], *, obce: pd.DataFrame, file: str
) -> dict[str, Territory]:
    """Read territories from a parsed TOML file, by id.

    Raises
    ------
    BadTerritory
        A definition without a name or with an empty or repeated list of codes.
    UnknownObec
        A code that no obec has; all such codes are named.
    """
    return {key: _parse(key, value, obce=obce, file=file) for key, value in definitions.items()}


def _parse(key: str, value: Any, *, obce: pd.DataFrame, file: str) -> Territory:
    def bad(why: str) -> BadTerritory:
        return BadTerritory(territory=key, file=file, why=why)

    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise bad(N_("it has no name"))
    codes = value.get("codes")
    if not isinstance(codes, list) or not codes:
        raise bad(N_("it lists no obec codes"))
    texts = [str(code).strip() for code in codes]
    if len(set(texts)) < len(texts):
        raise bad(N_("an obec code stands in it twice"))
    strangers = [code for code in texts if code not in obce.index]
    if strangers:
        raise UnknownObec(territory=key, file=file, codes=", ".join(strangers[:10]))
    groups = value.get("working_groups", [])
    if not isinstance(groups, list) or not all(
        isinstance(g, dict) and isinstance(g.get("name"), str) and isinstance(g.get("keys"), list)
        for g in groups
    ):
        raise bad(N_("a working group needs a name and a list of keys"))
    km = value.get("surroundings_km")
    if km is not None and not _possible_km(km):
        raise bad(N_("surroundings_km must be a number from 0 to 100"))
    name = value["name"]
    return Territory(
        id=key,
        name=name,
        in_name=str(value.get("in_name", f"v území {name}")),
        plan=str(value.get("plan", "")),
        codes=tuple(texts),
        working_groups=tuple(WorkingGroup(g["name"], tuple(map(str, g["keys"]))) for g in groups),
        surroundings_km=None if km is None else float(km),
    )


def _possible_km(km: Any) -> bool:
    number = isinstance(km, int | float) and not isinstance(km, bool)
    return number and 0 <= km <= MAX_SURROUNDINGS_KM


def choose(territories: Mapping[str, Territory], given: str) -> Territory:
    """Give the territory of that id or name.

    Raises
    ------
    UnknownTerritory
        There is none; the nearest ids are named.
    """
    if given in territories:
        return territories[given]
    wanted = fold(given)
    for territory in territories.values():
        if wanted in (fold(territory.name), fold(territory.id)):
            return territory
    raise UnknownTerritory(given=given, nearest=", ".join(nearest_names(given, territories)))


def choose_obec(obce: pd.DataFrame, given: str) -> str:
    """Give the code of the obec of that code or name; diacritics and capitals are equal.

    Raises
    ------
    NoSuchObec, SeveralObce
        No obec is called so, or more of them are; the error names what is possible.
    """
    if given.strip() in obce.index:
        return given.strip()
    wanted = fold(given)
    codes = [str(code) for code, name in obce[NAME].items() if fold(str(name)) == wanted]
    if len(codes) > 1:
        named = (f"{code} ({obce.at[code, 'district_name']!s})" for code in codes)
        raise SeveralObce(given=given, possible=", ".join(named))
    if not codes:
        nearest = nearest_names(given, obce[NAME].astype(str).unique())
        raise NoSuchObec(given=given, nearest=", ".join(nearest))
    return codes[0]


def nearest_names(given: str, names: Iterable[str]) -> list[str]:
    """Give the up to three names most like the given one, best first; diacritics are equal."""
    found = process.extract(
        given, list(names), scorer=fuzz.ratio, processor=fold, limit=NEAREST_NAMES
    )
    return [name for name, _, _ in found]


def km_around(territory: Territory, *, usual_km: float) -> float:
    """Distance of the surroundings: the territory's own, else the usual one."""
    return usual_km if territory.surroundings_km is None else territory.surroundings_km


def told_apart(obce: pd.DataFrame) -> pd.Series:
    """Give the names of obce, each but once: of namesakes with their ORP, else with their code.

    Index as of `obce`. Whoever reads Hodonín must not take the village for the town.
    """
    plain = obce[NAME].astype(object)
    names = plain
    for more in ("ORP " + obce["orp_name"].astype(object), obce.index.to_series().astype(object)):
        names = names.where(~names.duplicated(keep=False), plain + " (" + more + ")")
    return names


def surroundings(territory: Territory, *, obce: pd.DataFrame, km: float) -> pd.Index:
    """Codes of obce outside the territory whose reference point is within `km` of one in it."""
    near = metres_from(territory, obce=obce) <= km * 1000
    return obce.index[near & ~obce.index.isin(territory.codes)]


def metres_from(territory: Territory, *, obce: pd.DataFrame) -> pd.Series:
    """Metres as the crow flies from the reference point of each obec to the nearest of those in it.

    Index as of `obce`; 0 inside.
    """
    inside = obce.loc[obce.index.isin(territory.codes), [X, Y]].to_numpy(dtype=float)
    metres, _ = cKDTree(inside).query(obce[[X, Y]].to_numpy(dtype=float))
    return pd.Series(metres, index=obce.index)
