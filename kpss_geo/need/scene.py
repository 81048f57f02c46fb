"""Home points, places and the ways between them: what both questions of need start from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from kpss_geo import access, catalogue, distance, matrix, population
from kpss_geo.access import Access, Mask, Shares, Weights
from kpss_geo.catalogue import Supply
from kpss_geo.dataset import Data
from kpss_geo.decay import Numbers
from kpss_geo.need.question import NeedQuestion
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.schema import CODE, PEOPLE, X, Y


@dataclass(frozen=True)
class Offer:
    """Places of one form with the capacity of each in one unit.

    places
        The open places of the form; `capacity_here` is the registered capacity of the form
        in the unit, shared equally among the addresses of the registration; NaN where the
        register does not give it.
    placed
        Whether the place of every service is known.
    need_known
        Whether it is known how many people of the target group there are.
    """

    supply: Supply
    places: pd.DataFrame
    placed: bool
    need_known: bool

    @property
    def known(self) -> bool:
        """Whether the register holds this type, target group and day whole, with all places."""
        known = self.supply
        return known.known_day and known.known_type and known.known_group and self.placed


@dataclass(frozen=True)
class Ways:
    """What home points reach within the limit.

    minutes
        Home points × places of the `Offer`.
    least_m, least_min
        No place that is not known can be nearer: one in a district that the register does
        not hold, or of a service whose form or type is not known. 0 where the register
        says nothing of the type, target group or day.
    whole
        Whether every place within the limit is among them.
    routable
        Whether the point is near a road (always by straight line). The ways of one that
        is not are estimated by straight line, so that its people still compete.
    """

    minutes: sparse.csr_array
    least_m: Numbers
    least_min: Numbers
    whole: Mask
    routable: Mask


def offer_of(question: NeedQuestion, data: Data) -> Offer:
    """Give the places of the question with what each of them can take."""
    about = question.about
    kind, group = data.types[about.service_type], data.targets[about.target]
    supplied = catalogue.supplies(
        data.register, {kind.code: kind}, groups=group.register_groups, on=about.on
    )[kind.code]
    in_form = catalogue.in_form(supplied.places["forms"], question.form)
    places = supplied.places[in_form].reset_index(drop=True)
    shared = capacity_here(places, form=question.form, unit=question.unit)
    return Offer(
        supplied,
        places.assign(capacity_here=shared),
        placed=not supplied.unlocated & {question.form, catalogue.DOUBTFUL},
        need_known=group.need_known,
    )


def capacity_here(places: pd.DataFrame, *, form: str, unit: str) -> Numbers:
    """Capacity of each place in a form and unit: an equal share of its registration's.

    NaN where the registration gives the form no such capacity, or one that is not possible.
    """
    of_service = (_counts(capacity, form, unit) for capacity in places["capacity"])
    whole = np.array([sum(counts) if counts else np.nan for counts in of_service], dtype=float)
    shared: Numbers = whole / places["addresses"].to_numpy(dtype=np.float64)
    return shared


def _counts(capacity: tuple[tuple[str, str, float], ...], form: str, unit: str) -> list[float]:
    return [count for f, u, count in capacity if (f, u) == (form, unit)]


def homes(data: Data, group: TargetGroup, codes: pd.Index) -> pd.DataFrame:
    """Home points of the obce with the people of a group.

    Where they are not known, every point of the obec where somebody may live has NaN.
    """
    people = population.people_of(data.population, group).reindex(codes)
    known = population.home_points(
        people.dropna().astype("int64"), precincts=data.precincts, obce=data.obce, group=group
    ).astype({PEOPLE: float})
    lost = people.index[people.isna()]
    if lost.empty:
        return known
    middle = data.obce.loc[lost, [X, Y]].reset_index(names=CODE)
    others = data.precincts.loc[data.precincts[CODE].isin(lost), [CODE, X, Y]]
    unsure = pd.concat([middle, others]).assign(people=np.nan, kind="", weights="")
    return pd.concat([known, unsure], ignore_index=True)


def ways_of(
    home: pd.DataFrame, offer: Offer, question: NeedQuestion, data: Data, roads: Roads | None
) -> Ways:
    """Measure what home points reach, and whether it is all there is."""
    travel, limit_min = question.about.travel, question.limit_min
    minutes, routable = matrix.minutes_of_all(
        home, offer.places, limit_min=limit_min, travel=travel, roads=roads
    )
    least_m, least_min = _least(home, offer, question, data, roads)
    near = distance.Reach(limit_min, "min").holds(least_m, least_min)
    return Ways(minutes, least_m, least_min, ~near, routable)


def _least(
    home: pd.DataFrame, offer: Offer, question: NeedQuestion, data: Data, roads: Roads | None
) -> tuple[Numbers, Numbers]:
    """Metres and minutes within which no place can be that is not known."""
    travel = question.about.travel
    held = data.obce["district_code"].isin(data.register.completeness.districts)
    away_m = distance.metres_to_areas(home, data.obce[~held], travel=travel)
    maybe = distance.nearest(home, offer.supply.doubtful, travel=travel, roads=roads)
    metres, minutes = (maybe[unit].to_numpy(dtype=float) for unit in ("metres", "minutes"))
    return (
        np.where(offer.known, np.minimum(metres, away_m), 0.0),
        np.where(offer.known, np.minimum(minutes, travel.minutes(away_m)), 0.0),
    )


def share(home: pd.DataFrame, offer: Offer, ways: Ways, question: NeedQuestion) -> Shares:
    """Share the capacity among all people who reach it, those far from any road too."""
    people = home[PEOPLE].to_numpy(dtype=float)
    return access.share(
        _weights(ways, question),
        capacity=offer.places["capacity_here"].to_numpy(dtype=float),
        people=people if offer.need_known else np.full(len(home), np.nan),
        whole=ways.whole,
    )


def receive(ways: Ways, shares: Shares, question: NeedQuestion) -> Access:
    """Give what home points have of the places; not known far from any road."""
    held = access.receive(_weights(ways, question), shares, whole=ways.whole & ways.routable)
    return Access(held.per_1000, np.where(ways.routable, held.at_least, 0.0))


def _weights(ways: Ways, question: NeedQuestion) -> Weights:
    return access.weigh(ways.minutes, method=question.method, decay=question.fading)
