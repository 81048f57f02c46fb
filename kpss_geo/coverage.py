"""Who is within reach and who is not: four verdicts that add up to everyone.

covered
    People with an open place within reach, or in the declared territory of a field
    service, as far as its capacity carries.
on_paper
    People within reach or declared whom the capacity does not carry at the ratio the team
    has stated, or whom only the register's "whole region" covers.
not_covered
    People for whom it is known that nothing is within reach and nobody serves them.
unknown
    Everyone else. A missing fact is never read as a missing service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.catalogue import DOUBTFUL, FIELD, Supply, in_form
from kpss_geo.distance import Reach, Travel
from kpss_geo.schema import COVERED, NOT_COVERED, ON_PAPER, SERVICE_ID, UNKNOWN, VERDICTS
from kpss_geo.served import Ratio, capacity_in

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

NOT_NEAR_A_ROAD: Final = "not_near_a_road"
DAY_NOT_HELD: Final = "day_not_held"
TYPE_NOT_HELD: Final = "type_not_held"
GROUP_NOT_HELD: Final = "group_not_held"
FORM_NOT_GIVEN: Final = "form_not_given"
CAPACITY_NOT_GIVEN: Final = "capacity_not_given"
FIELD_NOT_DECLARED: Final = "field_not_declared"
PLACE_NOT_LOCATED: Final = "place_not_located"
DISTRICT_NOT_HELD: Final = "district_not_held"
FIELD_NOT_HELD: Final = "field_not_held"
REASONS: Final = (
    NOT_NEAR_A_ROAD, DAY_NOT_HELD, TYPE_NOT_HELD, GROUP_NOT_HELD, FORM_NOT_GIVEN,
    CAPACITY_NOT_GIVEN, FIELD_NOT_DECLARED, PLACE_NOT_LOCATED, DISTRICT_NOT_HELD,
    FIELD_NOT_HELD,
)  # fmt: skip
"""Why a verdict is unknown, the reason that decides first."""
FIELD_OPEN: Final = (FIELD_NOT_DECLARED, FIELD_NOT_HELD)
"""Reasons for which whom field services serve is all that is open."""


@dataclass(frozen=True)
class Limit:
    """The team's working value for one form of a service: how near, and how much, is enough.

    `reach` says nothing of the field form, which comes to people. Without a `ratio` the
    capacity is not judged. `reason` and `author` are what the team wrote down of it.
    """

    form: str
    reach: Reach
    ratio: Ratio | None = None
    reason: str = ""
    author: str = ""


@dataclass(frozen=True)
class Homes:
    """Home points as arrays: obec as a row number of the territory, people, metres to unknown.

    `to_not_held` are metres to where the register is not whole, and a place may stand that
    is not known (`distance.metres_to_areas`).
    """

    obec: Ints
    people: Ints
    to_not_held: Floats
    routable: Flags
    obce: int


@dataclass(frozen=True)
class Judged:
    """The verdict of every home point, as arrays.

    `share` of its people is covered (0–1), the rest of a point that is `reached` is on
    paper, or unknown where `reason` says so; a point not reached is unknown with a reason
    and not covered without. `reason` is a row number in `REASONS`, -1 for none. `by_form`
    says which share each form covers.
    """

    share: Floats
    reached: Flags
    reason: Ints
    by_form: Mapping[str, Floats]

    @property
    def not_covered(self) -> Flags:
        """Points whose people have nothing."""
        lacking: Flags = ~self.reached & (self.reason < 0)
        return lacking


@dataclass(frozen=True)
class Offer:
    """What one type of service offers to the home points, measured but not yet judged.

    ways
        For each form that people travel to, and for `DOUBTFUL`, the nearest place of every
        home point: `place`, `metres`, `minutes` (as `distance.nearest` gives them).
    to_places
        For each row of `supply.places` the way to it from the nearest point where people
        of the target group live: `metres`, `minutes`.
    serving
        What field services carry per obec (`served.serving`); None when they are not asked.
    """

    supply: Supply
    ways: Mapping[str, pd.DataFrame]
    to_places: pd.DataFrame
    serving: pd.DataFrame | None


def judge(homes: Homes, offer: Offer, *, limits: Mapping[str, Limit], travel: Travel) -> Judged:
    """Judge every home point by every form that has a limit."""
    count = len(homes.people)
    by_form: dict[str, Floats] = {}
    reached = np.zeros(count, dtype=bool)
    lacking = np.zeros(count, dtype=bool)
    for form, limit in limits.items():
        if form == FIELD:
            continue
        within = limit.reach.within(offer.ways[form])
        part, known = _carried(homes, offer, limit)
        by_form[form] = np.where(within, part, 0.0)
        reached |= within
        lacking |= within & (not known)
    if offer.serving is not None:
        field = {name: column.to_numpy()[homes.obec] for name, column in offer.serving.items()}
        by_form[FIELD] = field["share"].astype(float)
        reached |= (field["declared"] | field["paper"]).astype(bool)
        lacking |= ~field["capacity_known"].astype(bool)
    share = np.minimum(sum(by_form.values(), np.zeros(count)), 1.0)
    reason = np.where(reached, -1, _reasons(homes, offer, limits=limits, travel=travel))
    reason[reached & lacking & (share < 1.0)] = REASONS.index(CAPACITY_NOT_GIVEN)
    return Judged(share, reached, reason, by_form)


def _reasons(homes: Homes, offer: Offer, *, limits: Mapping[str, Limit], travel: Travel) -> Ints:
    """Say why it cannot be known that a point has nothing; -1 where it is known."""
    nobody = np.zeros(len(homes.people), dtype=bool)
    travelled = [limit.reach for form, limit in limits.items() if form != FIELD]
    minutes = travel.minutes(homes.to_not_held)
    doubtful = [reach.within(offer.ways[DOUBTFUL]) for reach in travelled]
    strangers = [reach.holds(homes.to_not_held, minutes) for reach in travelled]
    supply, serving = offer.supply, offer.serving
    undeclared, not_held = nobody, nobody
    if serving is not None:
        asked = serving["silent"].map(len).to_numpy()[homes.obec] > 0
        open_ = ~serving["known"].to_numpy(bool)[homes.obec]
        undeclared, not_held = open_ & asked, open_ & ~asked
    conditions = {
        NOT_NEAR_A_ROAD: ~homes.routable & bool(travelled),
        DAY_NOT_HELD: nobody | (not supply.known_day),
        TYPE_NOT_HELD: nobody | (not supply.known_type),
        GROUP_NOT_HELD: nobody | (not supply.known_group),
        FORM_NOT_GIVEN: np.logical_or.reduce([nobody, *doubtful]),
        FIELD_NOT_DECLARED: undeclared,
        PLACE_NOT_LOCATED: nobody | bool(supply.unlocated & {DOUBTFUL, *limits}),
        DISTRICT_NOT_HELD: np.logical_or.reduce([nobody, *strangers]),
        FIELD_NOT_HELD: not_held,
    }
    numbers = [REASONS.index(reason) for reason in conditions]
    chosen: Ints = np.select(list(conditions.values()), numbers, -1).astype(np.int64)
    return chosen


def _carried(homes: Homes, offer: Offer, limit: Limit) -> tuple[float, bool]:
    """Part of the territory's people whom the capacity within reach suffices for.

    Registrations with a place within reach of anybody in the territory are added up, once
    each, and compared with all its people of the target group. The second value says
    whether the capacity of all of them is known.
    """
    if limit.ratio is None:
        return 1.0, True
    places = offer.supply.places
    within = limit.reach.within(offer.to_places)
    services = places[within & in_form(places["forms"], limit.form)].drop_duplicates(SERVICE_ID)
    counts = np.array(
        [capacity_in(c, form=limit.form, unit=limit.ratio.unit) for c in services["capacity"]]
    )
    everyone = float(homes.people.sum())
    suffices_for = limit.ratio.carries(float(np.nansum(counts)))
    part = min(1.0, suffices_for / everyone) if everyone > 0 else 1.0
    return part, not np.isnan(counts).any()


def people_by_verdict(homes: Homes, judged: Judged) -> Ints:
    """Count people per obec (rows) and verdict (columns as in `VERDICTS`); they add up.

    Where capacity carries a part of the people, the covered of an obec are whole people,
    rounded down.
    """

    def add(share: Floats | Flags) -> Floats:
        total = np.bincount(homes.obec, weights=homes.people * share, minlength=homes.obce)
        return total.astype(np.float64)

    half_known = judged.reached & (judged.reason >= 0)
    everyone, reached = add(np.ones(len(judged.share))), add(judged.reached)
    covered = np.floor(add(judged.share) + 1e-6)
    beyond = reached - covered
    not_sure = np.ceil(add((1 - judged.share) * half_known) - 1e-6)
    only_not_sure = add((1 - judged.share) * (judged.reached & (judged.reason < 0))) <= 1e-6
    not_sure = np.where(only_not_sure & (not_sure > 0), beyond, np.minimum(not_sure, beyond))
    lacking = add(judged.not_covered)
    columns = {
        COVERED: covered,
        ON_PAPER: beyond - not_sure,
        NOT_COVERED: lacking,
        UNKNOWN: everyone - reached - lacking + not_sure,
    }
    return np.column_stack([columns[verdict] for verdict in VERDICTS]).astype(np.int64)


def of_most(obec: Ints, value: Ints, weight: Floats, *, obce: int) -> Ints:
    """Value that holds most weight in each obec (the lowest on a tie); -1 without any."""
    best = np.full(obce, -1, dtype=np.int64)
    if not len(obec):
        return best
    span = int(value.max()) + 1
    keys, which = np.unique(obec * span + value, return_inverse=True)
    total = np.bincount(which, weights=weight)
    where, what = np.divmod(keys, span)
    order = np.lexsort((what, -total, where))
    first = np.unique(where[order], return_index=True)[1]
    best[where[order][first]] = what[order][first]
    return best
