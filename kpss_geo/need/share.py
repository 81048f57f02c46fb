"""Supply against need by obec: how much capacity people reach, and who reaches none."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpss_geo.catalogue import ServiceType
from kpss_geo.dataset import Data
from kpss_geo.equity import mean
from kpss_geo.need import notes, scene
from kpss_geo.need.question import NeedQuestion
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.provenance import Source
from kpss_geo.schema import CODE, NAME, PEOPLE, UNKNOWN
from kpss_geo.study import Note
from kpss_geo.territory import Territory

PER_1000 = "per_1000"
LEAST = "least_per_1000"
NO_ACCESS = "no_access"
MAYBE = "maybe_no_access"
COUNTED = (PEOPLE, NO_ACCESS, MAYBE, UNKNOWN)


@dataclass(frozen=True)
class AccessAnswer:
    """Supply against need in a territory.

    obce
        Index obec code; `name`, `people` of the target group (missing when not known),
        `per_1000` (capacity per 1 000 people, mean over them; NaN unless it is known for all
        of them), `least_per_1000` (what they surely have by all that is known), `no_access`
        (people who reach nothing), `maybe_no_access` (who may reach nothing, of `unknown`).
    places
        Open places of the form, wherever they are: `capacity_here` (NaN when not known),
        `per_1000` (capacity per 1 000 people who compete for it), `inside` the territory.
    """

    question: NeedQuestion
    territory: Territory
    service_type: ServiceType
    target: TargetGroup
    obce: pd.DataFrame
    places: pd.DataFrame
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    @property
    def totals(self) -> dict[str, float]:
        """People of the territory and their access; capacity inside it and its plain rate.

        `capacity_inside` leaves out the places whose capacity is not known
        (`capacity_unknown` counts them) and `rate_inside` is per 1 000 people who live there.
        """
        known = self.obce.dropna(subset=[PEOPLE])
        people = known[PEOPLE].to_numpy(dtype=float)
        sums = {column: float(known[column].sum()) for column in COUNTED}
        inside = self.places.loc[self.places["inside"], "capacity_here"]
        means = {
            column: mean(known[column].fillna(0).to_numpy(dtype=float), people)
            for column in (PER_1000, LEAST)
        }
        return {
            **sums,
            PER_1000: np.nan if sums[UNKNOWN] else means[PER_1000],
            LEAST: means[LEAST],
            "capacity_inside": float(inside.sum()),
            "capacity_unknown": float(inside.isna().sum()),
            "rate_inside": 1000 * float(inside.sum()) / sums[PEOPLE] if sums[PEOPLE] else np.nan,
        }


def access_of(question: NeedQuestion, data: Data, *, roads: Roads | None = None) -> AccessAnswer:
    """Set supply against need in the territory of a question; pure.

    Everybody of the target group in the whole country who reaches a place competes for it,
    so that people beyond the territory's border are never forgotten; their own access is
    not told. Beyond reach is 0; where a capacity, a number of people or the register
    itself is not known, so is the access of all who depend on it.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        The question is about ways by road, and there are none or they are elsewhere.
    """
    where = data.territories[question.about.territory]
    group = data.targets[question.about.target]
    offer = scene.offer_of(question, data)
    home = scene.homes(data, group, data.obce.index)
    ways = scene.ways_of(home, offer, question, data, roads)
    shares = scene.share(home, offer, ways, question)
    held = scene.receive(ways, shares, question)
    points = home.assign(
        per_1000=held.per_1000, least_per_1000=held.at_least, routable=ways.routable
    )
    codes = pd.Index(where.codes, name=CODE)
    obce = by_obec(points[points[CODE].isin(codes)]).reindex(codes)
    obce.insert(0, NAME, data.obce.loc[codes, NAME])
    places = offer.places.assign(
        per_1000=shares.per_1000, inside=offer.places[CODE].isin(codes).to_numpy()
    )
    return AccessAnswer(
        question=question,
        territory=where,
        service_type=data.types[question.about.service_type],
        target=group,
        obce=obce,
        places=places,
        notes=notes.of_access(question, data, offer, points, ways, roads),
        sources=data.sources,
    )


def by_obec(points: pd.DataFrame) -> pd.DataFrame:
    """Add up home points per obec: `people`, `per_1000` (NaN = not known), the least of it."""
    access, people = points[PER_1000], points[PEOPLE]
    rows = pd.DataFrame(
        {
            CODE: points[CODE],
            PEOPLE: people,
            NO_ACCESS: people.where(access == 0, 0.0),
            MAYBE: people.where(access.isna() & (points[LEAST] == 0), 0.0),
            UNKNOWN: people.where(access.isna(), 0.0),
            PER_1000: access.fillna(0) * people,
            LEAST: points[LEAST] * people,
        }
    )
    sums = rows.groupby(CODE).sum()
    lost = people.isna().groupby(points[CODE]).any()
    table = pd.DataFrame(index=sums.index)
    for column in COUNTED:
        table[column] = sums[column].mask(lost).round().astype("Int64")
    some = (sums[PEOPLE] > 0) & ~lost
    for column in (PER_1000, LEAST):
        table[column] = (sums[column] / sums[PEOPLE].where(some)).astype(float)
    table[PER_1000] = table[PER_1000].where(sums[UNKNOWN] == 0)
    return table
