"""Who bears the distance: measures of ways and access by obec, age, size, exclusion, ORP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo import distance, equity
from kpss_geo.access import Shares
from kpss_geo.catalogue import ServiceType
from kpss_geo.dataset import Data
from kpss_geo.equity import Link
from kpss_geo.need import notes, scene
from kpss_geo.need.measures import AGE, EXCLUSION, ORP, SIZE, TERRITORY, measures, per_obec, ranked
from kpss_geo.need.question import NeedQuestion
from kpss_geo.need.scene import Offer
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.provenance import Source
from kpss_geo.schema import CODE
from kpss_geo.study import Note
from kpss_geo.territory import Territory

LIMITS_MIN: Final = (15.0, 30.0, 45.0)
"""Minutes beyond which people are counted; working values, not a norm."""


@dataclass(frozen=True)
class Equity:
    """Who bears the distance in a territory.

    parts
        One row per part of the people, in the order of `KINDS`: the whole territory; each
        age group; obce by size and by index of social exclusion; every ORP of the
        region(s), for comparison. `kind`, `key`, `name`, `obce`, `people`, then

        - of the way of everyone to the nearest place `mean_m`, `mean_min`, `median_min` and
          `p90_min`, each as `least_…` and `most_…`: equal where it is known, apart where a
          place that the data do not hold may be nearer (infinite without any place);
          `unknown_way` counts the people for whom it may;
        - `beyond_15_min` people who surely have it farther, `unknown_15_min` who may, and
          so for each limit;
        - of access: `per_1000` (mean; NaN unless it is known for everyone) and
          `least_per_1000`, people with `no_access`, with `maybe_no_access` and all with
          `unknown_access`; `gini`, `palma`, `top_10`, `bottom_40` over the people whose
          access is known;
        - `rank_best`, `rank_worst`: the places that the part may hold among `ranked` ORP of
          the region by its mean way, the shortest first; missing where nothing is ranked.
    way_link, access_link
        Rank correlation of the mean way and of access with the index of social exclusion,
        over the obce of the territory all of whose people are known.
    """

    question: NeedQuestion
    territory: Territory
    service_type: ServiceType
    target: TargetGroup
    limits_min: tuple[float, ...]
    parts: pd.DataFrame
    way_link: Link
    access_link: Link
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    @property
    def whole(self) -> Mapping[str, float]:
        """The measures of the whole territory."""
        return self.parts.loc[self.parts["kind"] == TERRITORY].iloc[0].astype(object).to_dict()  # type: ignore[return-value]


@dataclass(frozen=True)
class _Setting:
    """What every set of points is measured against."""

    question: NeedQuestion
    data: Data
    roads: Roads | None
    offer: Offer
    shares: Shares


def equity_of(
    question: NeedQuestion,
    data: Data,
    *,
    limits_min: tuple[float, ...] = LIMITS_MIN,
    roads: Roads | None = None,
) -> Equity:
    """Measure who bears the distance in the territory of a question; pure.

    The way is the one to the nearest place of the form, however far; access is that of
    `access_of`. Other age groups are measured where they live, to the same places, with
    access as the asked target group shares it.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        The question is about ways by road, and there are none or they are elsewhere.
    """
    about = question.about
    where, group = data.territories[about.territory], data.targets[about.target]
    setting = _setting(question, data, group, roads)
    codes = pd.Index(where.codes, name=CODE)
    region = data.obce.loc[codes, "region_code"].unique()
    around = codes.union(data.obce.index[data.obce["region_code"].isin(region)])
    points = _points(setting, group, around)
    inside = points[points[CODE].isin(codes)]
    parts = _parts(setting, points, codes, limits_min=limits_min)
    ways, reached = per_obec(inside)
    return Equity(
        question=question,
        territory=where,
        service_type=data.types[about.service_type],
        target=group,
        limits_min=limits_min,
        parts=ranked(parts, inside=data.obce.loc[codes, "orp_code"]),
        way_link=equity.link(ways, data.exclusion),
        access_link=equity.link(reached, data.exclusion),
        notes=notes.of_equity(question, data, setting.offer, inside, roads),
        sources=(*data.sources, *filter(None, [data.exclusion_source])),
    )


def _parts(
    setting: _Setting, points: pd.DataFrame, codes: pd.Index, *, limits_min: tuple[float, ...]
) -> pd.DataFrame:
    """Measure every part of the people of a territory; `points` are those of its region too."""
    data, about = setting.data, setting.question.about
    inside = points[points[CODE].isin(codes)]
    ages = (
        (key, other.short, inside if key == about.target else _points(setting, other, codes))
        for key, other in data.targets.items()
        if other.need_known
    )
    where = data.territories[about.territory]
    rows = [
        (TERRITORY, where.id, where.name, inside),
        *((AGE, *row) for row in ages),
        *_by_class(SIZE, inside, equity.size_class(data.population.sum(axis=1))),
        *_by_class(EXCLUSION, inside, equity.exclusion_class(data.exclusion)),
        *_by_orp(points, data),
    ]
    return pd.DataFrame(
        [
            {"kind": kind, "key": key, "name": name, **measures(part, limits_min=limits_min)}
            for kind, key, name, part in rows
        ]
    )


def _setting(
    question: NeedQuestion, data: Data, group: TargetGroup, roads: Roads | None
) -> _Setting:
    offer = scene.offer_of(question, data)
    home = scene.homes(data, group, data.obce.index)
    ways = scene.ways_of(home, offer, question, data, roads)
    return _Setting(question, data, roads, offer, scene.share(home, offer, ways, question))


def _points(setting: _Setting, group: TargetGroup, codes: pd.Index) -> pd.DataFrame:
    """Home points of a group: the way to the nearest place, how sure it is, and access."""
    question, data, offer = setting.question, setting.data, setting.offer
    travel = question.about.travel
    home = scene.homes(data, group, codes)
    found = distance.nearest(home, offer.places, travel=travel, roads=setting.roads)
    ways = scene.ways_of(home, offer, question, data, setting.roads)
    held = scene.receive(ways, setting.shares, question)
    routable = ways.routable
    metres, minutes = (found[unit].to_numpy(dtype=float) for unit in ("metres", "minutes"))
    return home.assign(
        most_m=metres,
        most_min=minutes,
        least_m=np.where(routable, np.minimum(metres, ways.least_m), 0.0),
        least_min=np.where(routable, np.minimum(minutes, ways.least_min), 0.0),
        certain=routable & np.isfinite(minutes) & (minutes <= ways.least_min),
        routable=routable,
        per_1000=held.per_1000,
        least_per_1000=held.at_least,
    )


def _by_class(
    kind: str, points: pd.DataFrame, classes: pd.Series
) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    own = points[CODE].map(classes)
    for name in classes.cat.categories:
        part = points[own == name]
        if len(part):
            yield kind, name, name, part
    if own.isna().any():
        yield kind, "", "", points[own.isna()]


def _by_orp(points: pd.DataFrame, data: Data) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Give every whole ORP among the points; parts of one beyond the region are left out."""
    orp = data.obce["orp_code"]
    here = orp[data.obce.index.isin(points[CODE])].value_counts()
    complete = here == orp.value_counts().reindex(here.index)
    names = data.obce.drop_duplicates("orp_code").set_index("orp_code")["orp_name"]
    own = points[CODE].map(orp)
    for code in complete.index[complete]:
        yield ORP, str(code), str(names[code]), points[own == code]
