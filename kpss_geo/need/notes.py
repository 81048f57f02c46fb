"""What must be said with a result of need: assumptions, fall-backs, what is not known."""

from typing import Final

import numpy as np
import pandas as pd

from kpss_geo import catalogue
from kpss_geo.access import Mask
from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.need.question import NeedQuestion
from kpss_geo.need.scene import Offer, Ways
from kpss_geo.network import Roads
from kpss_geo.population import REFERENCE
from kpss_geo.schema import CODE, NAME, PEOPLE, SERVICE_ID
from kpss_geo.study import Note

UNIT_NAMES: Final = {
    "luzka": N_("beds"),
    "klient": N_("clients"),
    "kontakt": N_("contacts"),
    "interv": N_("interventions"),
    "hovor": N_("calls"),
}


def of_access(
    question: NeedQuestion,
    data: Data,
    offer: Offer,
    points: pd.DataFrame,
    ways: Ways,
    roads: Roads | None,
) -> tuple[Note, ...]:
    """Give the notes of supply against need; `points` are all home points of the country."""
    codes = list(data.territories[question.about.territory].codes)
    inside = points[CODE].isin(codes).to_numpy()
    reached = np.unique(ways.minutes[inside].indices)
    near = offer.places.iloc[reached]
    competes = np.diff(ways.minutes[:, reached].indptr) > 0
    return (
        of_way(question, roads),
        _competing(points[competes & ~inside]),
        *_choosing(question, points[inside]),
        *_capacity(near, question),
        *of_places(question, data, offer),
        *of_register(points[inside], offer, beside=~ways.whole[inside]),
        *unroutable(points[inside], roads),
        *of_people(data, points[inside], need_known=offer.need_known),
    )


def of_equity(
    question: NeedQuestion,
    data: Data,
    offer: Offer,
    points: pd.DataFrame,
    roads: Roads | None,
) -> tuple[Note, ...]:
    """Give the notes of equity; `points` are the home points of the territory."""
    return (
        of_way(question, roads),
        Note(
            N_(
                "The way is the one to the nearest place of the form, whether or not it has room; "
                "minutes and classes of the index of social exclusion are working values."
            )
        ),
        Note(
            N_(
                "Other age groups are measured where they live, to the same places; access is "
                "per 1 000 people of the target group asked about."
            )
        ),
        *of_places(question, data, offer),
        *of_register(points, offer, beside=(points["routable"] & ~points["certain"]).to_numpy()),
        *unroutable(points, roads),
        *of_people(data, points, need_known=offer.need_known),
    )


def of_way(question: NeedQuestion, roads: Roads | None) -> Note:
    """Say how ways were measured."""
    travel = question.about.travel
    if roads is None:
        template = N_(
            "Distances are straight lines × {factor} at {speed} km/h, an estimate of the "
            "way by road."
        )
        return Note(template, {"factor": travel.detour_factor, "speed": travel.speed_kmh})
    template = (
        N_("Ways are the quickest on foot by the roads of {roads}; ways abroad are not in them.")
        if travel.mode == "walk"
        else N_(
            "Ways are the quickest by car on the roads of {roads}, without time for turns; ways "
            "abroad are not in them."
        )
    )
    return Note(template, {"roads": travel.roads})


def of_places(question: NeedQuestion, data: Data, offer: Offer) -> list[Note]:
    """Say which forms are left out, and which places are on the middle of their obec."""
    notes = []
    kind = data.types[question.about.service_type]
    by_law = [form for form in kind.forms if form != question.form]
    if offer.supply.by_field or "ter" in by_law:
        notes.append(
            Note(
                N_(
                    "Only places that people travel to are counted; nobody has said yet which "
                    "obce the field form serves."
                )
            )
        )
    if set(by_law) & set(catalogue.BY_DISTANCE):
        notes.append(Note(N_("The other form that people travel to is told apart, by --form.")))
    by_obec = int((offer.places["located"] == "obec").sum())
    if by_obec:
        template = N_(
            "{count} places have no usable coordinates; the middle of their obec is used."
        )
        notes.append(Note(template, {"count": by_obec}))
    return notes


def of_people(data: Data, points: pd.DataFrame, *, need_known: bool) -> list[Note]:
    """Say what the register holds, and where people are on one point or not known."""
    notes = []
    if not need_known:
        template = N_(
            "How many people of this group live here is not known from age tables; all "
            "inhabitants are counted, and no capacity is set against them."
        )
        notes.append(Note(template))
    if data.register.completeness.note:
        what = data.register.completeness.note
        notes.append(Note(N_("The register here holds {what}."), {"what": what}))
    lost = points.loc[points[PEOPLE].isna(), CODE].unique()
    if len(lost):
        template = N_("How many people live in {names} is not known; they are in no sum.")
        notes.append(Note(template, {"names": ", ".join(data.obce.loc[lost, NAME])}))
    bare = points.loc[points["kind"] == REFERENCE, CODE].nunique()
    if bare:
        template = N_("In {count} obce all people stand on one point, the middle of the obec.")
        notes.append(Note(template, {"count": bare}))
    notes.append(Note(N_("Services abroad are not in the register and are not counted.")))
    return notes


def of_register(points: pd.DataFrame, offer: Offer, *, beside: Mask) -> list[Note]:
    """Say why the register cannot tell, and how many people it concerns."""
    supply = offer.supply
    reasons = (
        (supply.known_day, N_(
            "The register in the data is newer than the day asked about; services that ended "
            "before are not in it."
        )),
        (supply.known_type, N_("The register in the data does not hold this type of service.")),
        (supply.known_group, N_(
            "The register in the data does not hold services for this target group."
        )),
        (offer.placed, N_(
            "Where a place of this service stands is not known, not even its obec; see the "
            "faults of the data."
        )),
    )  # fmt: skip
    notes = [Note(template) for known, template in reasons if not known]
    people = int(points.loc[beside, PEOPLE].sum())
    if not notes and people:
        template = N_(
            "For {people} people it is not known: a place in a district whose services are not in "
            "the data, or one whose form or type is not known, may be within reach or nearer."
        )
        notes.append(Note(template, {"people": people}))
    return notes


def unroutable(points: pd.DataFrame, roads: Roads | None) -> list[Note]:
    """Say who stands too far from any road."""
    lost = points[~points["routable"].to_numpy(dtype=bool)]
    if roads is None or lost.empty:
        return []
    template = N_(
        "{people} people live more than {metres} m from any road of the data (obce: {codes}); "
        "whether a place is within their reach is not known."
    )
    fields = {
        "people": int(lost[PEOPLE].sum()),
        "metres": roads.access.limit_m,
        "codes": ", ".join(sorted(set(lost[CODE]))),
    }
    return [Note(template, fields)]


def _competing(others: pd.DataFrame) -> Note:
    template = N_(
        "{people} people of the target group from {obce} obce outside the territory reach the "
        "same places and compete for them."
    )
    return Note(template, {"people": int(others[PEOPLE].sum()), "obce": others[CODE].nunique()})


def _choosing(question: NeedQuestion, points: pd.DataFrame) -> list[Note]:
    """Say why so much is not known where people choose."""
    if question.method != "3sfca" or points["per_1000"].notna().all():
        return []
    template = N_(
        "With 3sfca people choose among all places they reach. Where somebody may reach a place "
        "that is not known, the shares of the places he or she does reach are not known either."
    )
    return [Note(template)]


def _capacity(near: pd.DataFrame, question: NeedQuestion) -> list[Note]:
    notes = [
        Note(
            N_(
                "Capacity is the registered maximum in {unit} for all target groups of a service "
                "together, not free places; units are never added to each other."
            ),
            {"unit": UNIT_NAMES[question.unit]},
        )
    ]
    many = near.loc[near["addresses"] > 1, SERVICE_ID].nunique()
    if many:
        template = N_(
            "{count} services within reach have more addresses; the capacity of each is shared "
            "equally among them, an assumption."
        )
        notes.append(Note(template, {"count": many}))
    lost = near.loc[near["capacity_here"].isna()]
    if len(lost):
        template = N_(
            "{count} places within reach give no capacity in {unit} ({names}): the access of "
            "people who reach them is not known."
        )
        names = ", ".join(
            f"{name} ({obec})" for name, obec in zip(lost[NAME], lost["obec"], strict=True)
        )
        fields = {"count": len(lost), "unit": UNIT_NAMES[question.unit], "names": names}
        notes.append(Note(template, fields))
    return notes
