"""What must be said with a result: how it was measured and what the data do not hold."""

from typing import Final

import pandas as pd

from kpss_geo import population
from kpss_geo.coverage import Limit
from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.network import Roads
from kpss_geo.schema import CODE, NAME, PEOPLE, UNKNOWN
from kpss_geo.study.measured import Measured
from kpss_geo.study.question import Note, Question


def notes_of(
    question: Question,
    data: Data,
    measured: Measured,
    rows: pd.DataFrame,
    *,
    roads: Roads | None,
) -> tuple[Note, ...]:
    """Name every fall-back and limit of an Answer whose rows per obec are given."""
    return (
        *_ways(question, roads, measured),
        *_people(measured, rows),
        *_capacity(question.limits),
        *_limits(data, measured, rows, question.service_type),
    )


def _people(measured: Measured, rows: pd.DataFrame) -> list[Note]:
    notes = []
    if not measured.target.need_known:
        template = N_(
            "How many people of this group live here is not known from age tables; all "
            "inhabitants are counted, and no capacity is set against them."
        )
        notes.append(Note(template))
    without = rows[rows[PEOPLE].isna()]
    if len(without):
        template = N_("How many people live in {names} is not known; they are in no sum.")
        notes.append(Note(template, {"names": ", ".join(without[NAME])}))
    bare = measured.home.loc[measured.home["kind"] == population.REFERENCE, CODE].nunique()
    if bare:
        template = N_("In {count} obce all people stand on one point, the middle of the obec.")
        notes.append(Note(template, {"count": bare}))
    return notes


def _capacity(limits: tuple[Limit, ...]) -> list[Note]:
    if any(limit.ratio is not None for limit in limits):
        template = N_(
            "Whether capacity suffices is judged by the team's ratio: registered capacity within "
            "reach, once for each registration, against all people of the group in the "
            "territory; people across the border who use it too are not taken off."
        )
        return [Note(template)]
    return [
        Note(N_("The team has stated no ratio of capacity to people, so capacity is not judged."))
    ]


def _ways(question: Question, roads: Roads | None, measured: Measured) -> tuple[Note, ...]:
    """Say how ways were measured, and who stands too far from any road."""
    home = measured.home
    travel = question.travel
    estimate = {"factor": travel.detour_factor, "speed": travel.speed_kmh}
    if roads is None:
        template = N_(
            "Distances are straight lines × {factor} at {speed} km/h, an estimate of the "
            "way by road."
        )
        return (Note(template, estimate),)
    facts = {"roads": travel.roads, "metres": roads.access.limit_m}
    template = (
        N_("Ways are the quickest on foot by the roads of {roads}; ways abroad are not in them.")
        if travel.mode == "walk"
        else N_(
            "Ways are the quickest by car on the roads of {roads}, without time for turns; ways "
            "abroad are not in them."
        )
    )
    notes = [
        Note(template, facts),
        Note(
            N_(
                "How near a place could be in a district that is not in the data is estimated by "
                "a straight line × {factor} at {speed} km/h."
            ),
            estimate,
        ),
    ]
    lost = home[~measured.usual.homes.routable]
    if len(lost):
        template = N_(
            "{people} people live more than {metres} m from any road of the data (obce: {codes}); "
            "whether a place is within their reach is not known."
        )
        codes = ", ".join(sorted(set(lost[CODE])))
        notes.append(Note(template, {**facts, "people": int(lost[PEOPLE].sum()), "codes": codes}))
    return tuple(notes)


def _limits(
    data: Data, measured: Measured, rows: pd.DataFrame, service_type: str
) -> tuple[Note, ...]:
    """Say what the data do not hold, each fall-back with how many it concerns."""
    offered = measured.supplies[service_type]
    notes = []
    if data.register.completeness.note:
        what = data.register.completeness.note
        notes.append(Note(N_("The register here holds {what}."), {"what": what}))
    notes += _located(offered.places)
    if (rows[UNKNOWN].fillna(0) > 0).any() or not offered.places.empty:
        notes.append(Note(N_("Services abroad are not in the register and are not counted.")))
    return tuple(notes)


FALL_BACKS: Final = (
    ("obec", N_("{count} places have no usable coordinates; the middle of their obec is used.")),
    ("obec_part", N_(
        "{count} places have no usable address; the middle of their part of the obec is used."
    )),
    ("street", N_("{count} places have no usable number; the middle of their street is used.")),
)  # fmt: skip
"""Where places stand that were not found by their address."""


def _located(places: pd.DataFrame) -> list[Note]:
    """Say how many places do not stand at their address, and in whose middle they do."""
    secret = places["secret"].astype(bool)
    notes = []
    if secret.any():
        template = N_(
            "{count} places keep their address secret; they are measured from the middle of their "
            "obec and are not drawn."
        )
        notes.append(Note(template, {"count": int(secret.sum())}))
    for level, template in FALL_BACKS:
        count = int((places["located"].eq(level) & ~secret).sum())
        if count:
            notes.append(Note(template, {"count": count}))
    return notes
