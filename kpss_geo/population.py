"""People of each obec by age, and the points where they live."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from kpss_geo.errors import N_, BadOption, FileNotUsable, UnknownTargetGroup
from kpss_geo.schema import AGE_BANDS, ANY_GROUP, CODE, PEOPLE, X, Y
from kpss_geo.territory import nearest_names
from kpss_geo.text import fold

PRECINCT: Final = "precinct"
REFERENCE: Final = "reference"

_WEIGHTS: Final = {
    "children": ("children_2011", "residents_2011", "voters_2023"),
    "seniors": ("seniors_2011", "voters_2023", "residents_2011"),
    "everyone": ("residents_2011", "voters_2023"),
}


@dataclass(frozen=True)
class TargetGroup:
    """An age group that is asked about. `of_them`: the name as "of whom" (seniorů 65+).

    `need_known` is false for a group that no age describes: then all inhabitants of the
    ages are counted, and how many of them belong to the group is not known.
    """

    id: str
    name: str
    short: str
    of_them: str
    age_from: int
    age_to: int | None
    register_groups: frozenset[str]
    aliases: tuple[str, ...]
    need_known: bool = True

    @property
    def bands(self) -> tuple[str, ...]:
        """Five-year bands of the population table that make up the group."""
        return tuple(band for band in AGE_BANDS if self._holds(band))

    def _holds(self, band: str) -> bool:
        start = int(band.split("-", maxsplit=1)[0].rstrip("+"))
        return self.age_from <= start and (self.age_to is None or start + 4 <= self.age_to)


def parse_target_groups(definitions: Mapping[str, Any], *, file: str) -> dict[str, TargetGroup]:
    """Read target groups from a parsed TOML file, by id.

    Raises
    ------
    FileNotUsable
        A group without its name, ages or groups of the register.
    BadOption
        Ages that do not fall on five-year bands.
    """
    groups = {}
    needed = ("name", "short", "of_them", "age_from", "register_groups")
    for key, value in definitions.items():
        missing = [name for name in needed if not isinstance(value, dict) or name not in value]
        if missing:
            raise FileNotUsable(file=file, why=f"[{key}]: {', '.join(missing)}?")
        age_from, age_to = int(value["age_from"]), value.get("age_to")
        if age_from % 5 or (age_to is not None and (int(age_to) + 1) % 5):
            raise BadOption(
                given=f"{age_from}–{age_to}",
                option=f"{file} [{key}]",
                possible=N_("ages that begin and end five-year bands, such as 65–84"),
            )
        theirs = value["register_groups"]
        groups[key] = TargetGroup(
            id=key,
            name=value["name"],
            short=value["short"],
            of_them=value["of_them"],
            age_from=age_from,
            age_to=None if age_to is None else int(age_to),
            register_groups=ANY_GROUP if theirs == "any" else frozenset(theirs),
            aliases=tuple(value.get("aliases", ())),
            need_known=bool(value.get("need_known", True)),
        )
    return groups


def choose_target(groups: Mapping[str, TargetGroup], given: str) -> TargetGroup:
    """Give the target group of that id, name or alias.

    Raises
    ------
    UnknownTargetGroup
        No group is called so; the nearest names are in the error.
    """
    wanted = fold(given)
    for group in groups.values():
        if wanted in {fold(text) for text in (group.id, group.name, group.short, *group.aliases)}:
            return group
    names = {group.name: group for group in groups.values()}
    raise UnknownTargetGroup(given=given, nearest=", ".join(nearest_names(given, names)))


def people_of(population: pd.DataFrame, group: TargetGroup) -> pd.Series:
    """People of the group per obec; an obec that is not in the table is not known (absent)."""
    people = population[list(group.bands)].sum(axis=1).astype("int64")
    return people.rename(PEOPLE)


def home_points(
    people: pd.Series, *, precincts: pd.DataFrame, obce: pd.DataFrame, group: TargetGroup
) -> pd.DataFrame:
    """Place the people of each obec on points; whole people, exact obec totals.

    An obec with precincts has its people shared among them in proportion to a count that
    is known for all of them (of seniors for seniors, of children for children, else of
    voters or residents); the largest remainders get the people left over. An obec without
    precincts has all its people on its reference point.

    Parameters
    ----------
    people
        People per obec code; only these obce are placed.

    Returns
    -------
    DataFrame
        Columns `code`, `people` (int), `x`, `y` (metres), `kind` (precinct, reference)
        and `weights` (the column that shared the people; empty for a reference point).
    """
    points = precincts[precincts[CODE].isin(people.index)].reset_index(drop=True)
    points = _weighted(points, _WEIGHTS[_age_kind(group)])
    points[PEOPLE] = apportion(points[CODE], points["weight"], people)
    bare = people.index.difference(pd.Index(points[CODE].unique()), sort=False)
    reference = pd.DataFrame(
        {
            CODE: bare.to_numpy(dtype=object),
            PEOPLE: people.reindex(bare).to_numpy(),
            X: obce.loc[bare, X].to_numpy(dtype=float),
            Y: obce.loc[bare, Y].to_numpy(dtype=float),
            "kind": REFERENCE,
            "weights": "",
        }
    )
    columns = [CODE, PEOPLE, X, Y, "kind", "weights"]
    both = pd.concat([points.assign(kind=PRECINCT)[columns], reference[columns]], ignore_index=True)
    return both.astype(
        {CODE: str, PEOPLE: "int64", X: float, Y: float, "kind": str, "weights": str}
    )


def apportion(keys: pd.Series, weights: pd.Series, totals: pd.Series) -> pd.Series:
    """Share whole totals among rows of each key in proportion to weights (largest remainder).

    The shares of one key add up to its total exactly, and none differs from its exact
    proportion by one or more.

    >>> keys = pd.Series(["a", "a", "a"])
    >>> apportion(keys, pd.Series([1.0, 1.0, 1.0]), pd.Series({"a": 10})).tolist()
    [4, 3, 3]
    """
    total = keys.map(totals).to_numpy(dtype=float)
    whole = weights.groupby(keys).transform("sum").to_numpy(dtype=float)
    quota = total * (weights.to_numpy(dtype=float) / whole)
    base = np.floor(quota)
    given = pd.Series(base, index=keys.index).groupby(keys).transform("sum").to_numpy(dtype=float)
    rank = pd.Series(base - quota, index=keys.index).groupby(keys).rank(method="first")
    extra = rank.to_numpy(dtype=float) <= total - given
    return pd.Series(base + extra, index=keys.index).astype("int64")


def _weighted(points: pd.DataFrame, preference: tuple[str, ...]) -> pd.DataFrame:
    """Give each point the first count known for all points of its obec; others are dropped."""
    weight = pd.Series(np.nan, index=points.index)
    name = pd.Series("", index=points.index, dtype=str)
    for column in preference:
        counts = points.groupby(CODE)[column]
        complete = points[column].notna().groupby(points[CODE]).transform("all")
        usable = weight.isna() & complete & (counts.transform("sum") > 0)
        weight = weight.where(~usable, points[column])
        name = name.where(~usable, column)
    return points.assign(weight=weight, weights=name)[weight.notna()].reset_index(drop=True)


def _age_kind(group: TargetGroup) -> str:
    if group.age_from >= 60:
        return "seniors"
    return "children" if group.age_to is not None and group.age_to < 20 else "everyone"
