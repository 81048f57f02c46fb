"""Everything about a territory that no threshold changes, measured once for all types.

Moving a threshold, changing the type or the form asks this again and measures nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo import catalogue, distance, population
from kpss_geo.catalogue import BY_DISTANCE, DOUBTFUL, Supply
from kpss_geo.coverage import Homes
from kpss_geo.dataset import Data
from kpss_geo.distance import Travel
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.schema import CODE, EXTENT, PEOPLE, X, Y
from kpss_geo.study.capacity import lines_of
from kpss_geo.study.question import Question
from kpss_geo.territory import Territory

OTHER_DETOUR: Final = 1.3
"""Straight line times this in place of the measured way: one of the checks of firmness."""
KINDS: Final = (*BY_DISTANCE, DOUBTFUL)


@dataclass(frozen=True)
class Ways:
    """Nearest places under one way of measuring: by type and form, for every home point."""

    nearest: Mapping[tuple[str, str], pd.DataFrame]
    to_places: Mapping[str, pd.DataFrame]
    travel: Travel
    homes: Homes


@dataclass(frozen=True)
class Measured:
    """Home points of a territory and their ways to every type of service.

    `people` is indexed by all obce of the country; `home` are the home points of the
    territory (`population.home_points`). `capacities` are the lines of capacity of
    each type (`capacity.lines_of`). `usual` are the ways asked for, `estimated` the
    straight lines × `OTHER_DETOUR`, `inside` the ways to places of the territory alone.
    `to_districts` are the straight metres from home points (rows) to the districts that the
    register does not hold (columns, by name); `field_districts` names for each obec those
    so near that a field service from there may come, the nearest first.
    """

    territory: Territory
    target: TargetGroup
    people: pd.Series
    home: pd.DataFrame
    supplies: Mapping[str, Supply]
    capacities: Mapping[str, pd.DataFrame]
    usual: Ways
    estimated: Ways
    inside: Ways
    to_districts: pd.DataFrame
    field_districts: pd.Series

    @property
    def strangers(self) -> pd.Series:
        """Whether a field service may come to an obec from a district that is not held."""
        return self.field_districts.map(bool).astype(bool).rename("strangers")


def measure(question: Question, data: Data, *, roads: Roads | None = None) -> Measured:
    """Measure all types for the territory, target group, day and travel of a question.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        The question is about ways by road, and there are none or they are elsewhere.
    """
    where = data.territories[question.territory]
    group = data.targets[question.target]
    supplies = catalogue.supplies(
        data.register, data.types, groups=group.register_groups, on=question.on
    )
    people = population.people_of(data.population, group)
    here = people.reindex(list(where.codes))
    home = population.home_points(
        here.dropna().astype("int64"), precincts=data.precincts, obce=data.obce, group=group
    )
    held = data.obce["district_code"].isin(data.register.completeness.districts)
    to_districts = _to_districts(home, data.obce[~held])
    away = to_districts.min(axis=1).fillna(np.inf).to_numpy(dtype=float)
    places, keys = _stack(supplies)
    inside = places[CODE].isin(where.codes).to_numpy(dtype=bool)
    rough = replace(question.travel, mode="straight", roads="", detour_factor=OTHER_DETOUR)

    def ways(some: pd.DataFrame, kind: pd.Series, travel: Travel) -> Ways:
        return _ways(home, some, kind, supplies, travel, roads, (where.codes, away))

    usual = ways(places, keys, question.travel)
    return Measured(
        territory=where,
        target=group,
        people=people,
        home=home,
        supplies=supplies,
        capacities={
            code: lines_of(supply, usual.to_places[code], where.codes)
            for code, supply in supplies.items()
        },
        usual=usual,
        estimated=ways(places, keys, rough),
        inside=ways(places[inside].reset_index(drop=True), keys[inside], question.travel),
        to_districts=to_districts,
        field_districts=_field_districts(data, where, held, question.field_km),
    )


def _stack(supplies: Mapping[str, Supply]) -> tuple[pd.DataFrame, pd.Series]:
    """Put the places of all types under each other, once for each form by which they count."""
    parts = []
    for code, supply in supplies.items():
        for form in BY_DISTANCE:
            rows = supply.places[catalogue.in_form(supply.places["forms"], form)]
            parts.append(rows[[X, Y, CODE]].assign(type=code, form=form, row=rows.index))
        unsure = supply.doubtful[[X, Y, CODE]]
        parts.append(unsure.assign(type=code, form=DOUBTFUL, row=unsure.index))
    table = pd.concat(parts, ignore_index=True)
    return table, table["type"] + "/" + table["form"]


def _ways(
    home: pd.DataFrame,
    places: pd.DataFrame,
    kind: pd.Series,
    supplies: Mapping[str, Supply],
    travel: Travel,
    roads: Roads | None,
    around: tuple[tuple[str, ...], np.ndarray[tuple[int], np.dtype[np.float64]]],
) -> Ways:
    kinds = {f"{code}/{form}": (code, form) for code in supplies for form in KINDS}
    by_road = roads if travel.mode != "straight" else None
    found = distance.nearest_each(
        home, places, kind.reset_index(drop=True), kinds, travel=travel, roads=by_road
    )
    row = np.r_[places["row"].to_numpy(dtype=np.int64), -1]
    nearest = {
        kinds[str(key)]: table.assign(place=row[table["place"].to_numpy()])
        for key, table in found.items()
    }
    inhabited = home[home[PEOPLE] > 0]
    back = distance.from_people(places, inhabited, travel=travel, roads=by_road)
    back = back[["metres", "minutes"]].assign(type=places["type"], row=places["row"])
    back = back[places["form"] != DOUBTFUL]
    nothing = back.iloc[:0]
    by_type = dict(tuple(back.groupby("type")))
    to_places = {
        code: by_type.get(code, nothing)
        .drop_duplicates("row")
        .set_index("row")
        .reindex(supply.places.index)[["metres", "minutes"]]
        .fillna(np.inf)
        for code, supply in supplies.items()
    }
    codes, away = around
    routable = next(iter(found.values()))["routable"].to_numpy(dtype=bool)
    homes = Homes(
        obec=pd.Index(codes).get_indexer(pd.Index(home[CODE])).astype(np.int64),
        people=home[PEOPLE].to_numpy(dtype=np.int64),
        to_not_held=travel.metres(away),
        routable=routable,
        obce=len(codes),
    )
    return Ways(nearest, to_places, travel, homes)


def _to_districts(points: pd.DataFrame, obce: pd.DataFrame) -> pd.DataFrame:
    """Straight metres from points (rows) to each district (column) that some obce make up."""
    line = Travel(detour_factor=1.0, speed_kmh=1.0)
    return pd.DataFrame(
        {
            str(name): distance.metres_to_areas(points, part, travel=line)
            for name, part in obce.groupby("district_name", observed=True)
        },
        index=range(len(points)),
    )


def _field_districts(data: Data, where: Territory, held: pd.Series, field_km: float) -> pd.Series:
    """Name for each obec the districts not held within `field_km` of it, or in its region."""
    here = data.obce.loc[list(where.codes), [X, Y, EXTENT, "region_code"]]
    others = data.obce[~held]
    away = _to_districts(here, others)
    region = others.groupby("district_name", observed=True)["region_code"].first()
    same = here["region_code"].to_numpy()[:, None] == region.reindex(away.columns).to_numpy()
    near = same | (away.to_numpy() <= field_km * 1000)
    order = away.to_numpy().argsort(axis=1, kind="stable")
    names = away.columns.to_numpy()
    named = [tuple(names[row[near[number, row]]]) for number, row in enumerate(order)]
    return pd.Series(named, index=here.index, dtype=object, name="field_districts")
