"""The Answer: per obec who is covered, by what, how far, how firmly, and why not."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo import coverage, served
from kpss_geo.catalogue import BY_DISTANCE, FIELD, ServiceType, Supply
from kpss_geo.coverage import REASONS, Judged, Limit, Offer
from kpss_geo.dataset import Data
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.provenance import Source
from kpss_geo.schema import (
    CODE,
    COVERED,
    FORMS,
    NAME,
    NOT_COVERED,
    ON_PAPER,
    PEOPLE,
    UNKNOWN,
    VERDICTS,
    X,
    Y,
)
from kpss_geo.served import Served
from kpss_geo.study.capacity import rates_of
from kpss_geo.study.measured import Measured, Ways, measure
from kpss_geo.study.notes import notes_of
from kpss_geo.study.question import Note, Question
from kpss_geo.study.users import users_of
from kpss_geo.territory import Territory, told_apart

NOBODY: Final = ""
"""Verdict of an obec where nobody of the target group lives."""
NOTHING_SAID: Final = Served()
SHORTER, LONGER, ESTIMATED, INSIDE = "shorter", "longer", "estimated", "inside"
CHECKS: Final = (SHORTER, LONGER, ESTIMATED, INSIDE)
"""How firm a verdict is: reach a fifth shorter, a fifth longer, straight lines × 1.3 in place
of the ways, the surroundings left out."""
FIFTH: Final = 0.2
_WORST_FIRST: Final = (NOT_COVERED, UNKNOWN, ON_PAPER, COVERED)


@dataclass(frozen=True)
class Answer:
    """The result everything is drawn from.

    obce
        Index obec code; `name`, `people` (missing when not known), the four verdicts in
        people, `verdict` (that of most people; a tie goes to the worse one), `shaky`
        (names of the `CHECKS` under which it would be another one), `by_pob`, `by_amb`,
        `by_ter` (people covered by each form; one person may be covered by several),
        `nearest_m`, `nearest_min`, `nearest_place`, `nearest_form` and the same of the
        people not covered as `beyond_…`, `certain`, `reason`, `silent` (ids of field
        services of which nobody has said whether they serve the obec).
    places
        Every open place of the type, wherever it is; with the columns of `users.users_of`:
        people of the territory whose nearest place it is, and for whom that is certain.
    rates
        Registered capacity by form and unit (`capacity.rates_of`).
    bounds
        Territory sums of the four verdicts (columns) under each of the `CHECKS` (rows).
    """

    question: Question
    territory: Territory
    service_type: ServiceType
    target: TargetGroup
    obce: pd.DataFrame
    places: pd.DataFrame
    supply: Supply
    rates: pd.DataFrame
    bounds: pd.DataFrame
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    @cached_property
    def totals(self) -> dict[str, int]:
        """People of the territory, and how many of them have each verdict."""
        known = self.obce.dropna(subset=[PEOPLE])
        return {column: int(known[column].sum()) for column in (PEOPLE, *VERDICTS)}

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Obce with people not covered, most people first."""
        rows = self.obce[self.obce[NOT_COVERED].fillna(0) > 0]
        return rows.sort_values([NOT_COVERED, "beyond_m"], ascending=[False, False])

    @cached_property
    def mean_way_uncovered(self) -> tuple[float, float] | None:
        """Mean way of the people not covered to the nearest known place, metres and minutes.

        None where nobody is, or no place is known.
        """
        ways = self.gaps.dropna(subset=["beyond_m"])
        if ways.empty:
            return None
        people = ways[NOT_COVERED].astype(float)
        metres, minutes = (
            float((ways[f"beyond_{unit}"] * people).sum() / people.sum()) for unit in ("m", "min")
        )
        return metres, minutes

    @cached_property
    def minutes_beyond(self) -> pd.Series:
        """Depth of the gap per obec: people not covered × minutes beyond the limit.

        Missing where nobody is uncovered, where no place is known, and for a limit in
        kilometres that is only exceeded by metres the minutes of those metres.
        """
        reach = self.question.reach
        travel = self.question.travel
        limit = reach.value if reach.unit == "min" else _minutes(reach.value, travel.speed_kmh)
        over = (self.obce["beyond_min"] - limit).clip(lower=0.0)
        return (over * self.obce[NOT_COVERED].astype(float)).rename("minutes_beyond")


def _minutes(km: float, speed_kmh: float) -> float:
    return km / speed_kmh * 60


def answer(
    question: Question,
    data: Data,
    *,
    roads: Roads | None = None,
    said: Served = NOTHING_SAID,
    measured: Measured | None = None,
) -> Answer:
    """Answer a question from the data; pure: nothing is read, written or remembered.

    `measured` is what `measure` gave for the same territory, target group, day and travel.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        The question is about ways by road, and there are none or they are elsewhere.
    """
    known = measured or measure(question, data, roads=roads)
    kind = data.types[question.service_type]
    supply = known.supplies[kind.code]
    limits = {limit.form: limit for limit in question.limits}
    serving = _serving(question, data, known, said, limits)
    judged = _judge(question, known.usual, supply, serving, 1.0)
    checks = {
        SHORTER: _judge(question, known.usual, supply, serving, 1 - FIFTH),
        LONGER: _judge(question, known.usual, supply, serving, 1 + FIFTH),
        ESTIMATED: _judge(question, known.estimated, supply, serving, 1.0),
        INSIDE: _judge(question, known.inside, supply, serving, 1.0),
    }
    counted = {
        name: coverage.people_by_verdict(known.usual.homes, each) for name, each in checks.items()
    }
    rows, users = _rows(question, known, judged, counted, serving)
    rows.insert(0, NAME, told_apart(data.obce.loc[rows.index]))
    places = supply.places.join(users)
    return Answer(
        question=question,
        territory=known.territory,
        service_type=kind,
        target=known.target,
        obce=rows,
        places=places,
        supply=supply,
        rates=rates_of(
            known.capacities[kind.code],
            pd.Index(known.territory.codes),
            limits,
            said,
            people=_people_known(known),
        ),
        bounds=pd.DataFrame(
            [counts.sum(axis=0) for counts in counted.values()], list(counted), list(VERDICTS)
        ),
        notes=notes_of(question, data, known, rows, roads=roads),
        sources=data.sources,
    )


def _people_known(known: Measured) -> float | None:
    people = float(known.people.reindex(list(known.territory.codes)).sum())
    return people if known.target.need_known and people > 0 else None


def _serving(
    question: Question,
    data: Data,
    known: Measured,
    said: Served,
    limits: dict[str, Limit],
) -> pd.DataFrame | None:
    """Say per obec what field services carry; None when the field form is not asked."""
    kind = data.types[question.service_type]
    supply = known.supplies[kind.code]
    if FIELD not in limits or not supply.by_field:
        return None
    towns = data.obce.loc[list(known.territory.codes), [X, Y, "region_code"]]
    region = data.obce["region_code"].reindex(supply.seats[CODE]).to_numpy()
    km = np.inf if kind.anywhere else question.field_km
    return served.serving(
        towns.assign(strangers=known.strangers | kind.anywhere),
        supply.field,
        served.may_come(towns, supply.field.index, supply.seats.assign(region_code=region), km=km),
        type_code=kind.code,
        served=said,
        people=known.people,
        ratio=limits[FIELD].ratio,
    )


def _judge(
    question: Question,
    ways: Ways,
    supply: Supply,
    serving: pd.DataFrame | None,
    factor: float,
) -> Judged:
    kind = question.service_type
    asked = question if factor == 1.0 else question.scaled(factor)
    forms = {form: table for (code, form), table in ways.nearest.items() if code == kind}
    return coverage.judge(
        ways.homes,
        Offer(supply, forms, ways.to_places[kind], serving),
        limits={limit.form: limit for limit in asked.limits},
        travel=ways.travel,
    )


def _rows(
    question: Question,
    known: Measured,
    judged: Judged,
    checks: dict[str, NDArray[np.int64]],
    serving: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add up per obec; also how many people have each place as their nearest."""
    homes = known.usual.homes
    codes = pd.Index(known.territory.codes)
    people = known.people.reindex(codes)
    counts = coverage.people_by_verdict(homes, judged)
    verdict = _main(counts, people)
    nearest = _nearest(known.usual, question)
    columns: dict[str, object] = {
        PEOPLE: people,
        **{name: counts[:, number] for number, name in enumerate(VERDICTS)},
        "verdict": verdict,
        "shaky": _shaky(verdict, {name: _main(each, people) for name, each in checks.items()}),
        **_by_form(known, judged),
        **_ways_per_obec(known, nearest, judged),
        "reason": _reasons(known, judged),
        "silent": serving["silent"].to_numpy() if serving is not None else [()] * len(codes),
    }
    table = pd.DataFrame(columns, index=codes)
    in_people = [*VERDICTS, *(f"by_{form}" for form in FORMS)]
    if people.isna().any():
        table[in_people] = table[in_people].mask(people.isna(), axis=0)
    whole = [PEOPLE, *in_people, "nearest_place", "beyond_place"]
    count = len(known.supplies[question.service_type].places)
    users = users_of(homes, nearest, {limit.form: limit for limit in question.limits}, count=count)
    return table.astype(dict.fromkeys(whole, "Int64")), users


def _main(counts: NDArray[np.int64], people: pd.Series) -> NDArray[np.object_]:
    """Verdict of most people in each obec; unknown where their number is not known."""
    columns = [VERDICTS.index(verdict) for verdict in _WORST_FIRST]
    words: NDArray[np.object_] = np.array(_WORST_FIRST, dtype=object)
    verdict: NDArray[np.object_] = words[counts[:, columns].argmax(axis=1)]
    verdict[people.isna().to_numpy()] = UNKNOWN
    verdict[people.eq(0).fillna(value=False).to_numpy(dtype=bool)] = NOBODY
    return verdict


def _shaky(
    verdict: NDArray[np.object_], others: dict[str, NDArray[np.object_]]
) -> NDArray[np.object_]:
    """Names of the checks that give another verdict; none where nothing is decided."""
    lost: NDArray[np.object_] = np.empty(len(verdict), dtype=object)
    lost.fill(())
    decided = (verdict != UNKNOWN) & (verdict != NOBODY)
    for name in CHECKS:
        for row in np.flatnonzero(decided & (others[name] != verdict)):
            lost[row] = (*lost[row], name)
    return lost


def _by_form(known: Measured, judged: Judged) -> dict[str, NDArray[np.float64]]:
    """People of each obec covered by each form; one person may be covered by several."""
    homes = known.usual.homes
    nobody = np.zeros(len(homes.people))
    return {
        f"by_{form}": np.floor(
            np.bincount(
                homes.obec,
                weights=homes.people * judged.by_form.get(form, nobody),
                minlength=homes.obce,
            )
            + 1e-6
        )
        for form in FORMS
    }


def _nearest(ways: Ways, question: Question) -> pd.DataFrame:
    """Nearest place by any of the forms asked for: `place`, `metres`, `minutes`, `form`."""
    best: pd.DataFrame | None = None
    for form in BY_DISTANCE:
        if form not in {limit.form for limit in question.limits}:
            continue
        table = ways.nearest[question.service_type, form].assign(form=FORMS.index(form))
        if best is None:
            best = table
        else:
            nearer = table["minutes"] < best["minutes"]
            best = best.where(~nearer, table)
    if best is None:
        some = next(iter(ways.nearest.values()))
        return some.assign(place=-1, metres=np.inf, minutes=np.inf, form=-1)
    return best


def _ways_per_obec(
    known: Measured, nearest: pd.DataFrame, judged: Judged
) -> dict[str, NDArray[np.generic]]:
    """Mean ways over people whose way is known, and the place nearest to most of them."""
    homes = known.usual.homes
    everyone = np.bincount(homes.obec, weights=homes.people, minlength=homes.obce)
    weight = np.where(everyone[homes.obec] > 0, homes.people, 1).astype(float)
    place = nearest["place"].to_numpy(dtype=np.int64)
    form = nearest["form"].to_numpy(dtype=np.int64)
    finite = np.isfinite(nearest["metres"].to_numpy(dtype=float))
    beyond = finite & judged.not_covered & (weight > 0)
    columns: dict[str, NDArray[np.generic]] = {}
    for prefix, rows in (("nearest", finite), ("beyond", beyond)):
        obec, part = homes.obec[rows], weight[rows]
        total = np.bincount(obec, weights=part, minlength=homes.obce)
        for suffix, unit in (("m", "metres"), ("min", "minutes")):
            values = nearest[unit].to_numpy(dtype=float)[rows]
            sums = np.bincount(obec, weights=part * values, minlength=homes.obce)
            with np.errstate(invalid="ignore"):
                columns[f"{prefix}_{suffix}"] = sums / np.where(total > 0, total, np.nan)
        most = coverage.of_most(obec, place[rows], part, obce=homes.obce)
        columns[f"{prefix}_place"] = most
        columns[f"{prefix}_form"] = coverage.of_most(obec, form[rows], part, obce=homes.obce)
    columns["certain"] = _certain(known, nearest, place, weight)
    return columns


def _certain(
    known: Measured,
    nearest: pd.DataFrame,
    place: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Whether in no obec a place that the register does not hold can be nearer."""
    homes = known.usual.homes
    near = (nearest["metres"].to_numpy(dtype=float) <= homes.to_not_held) & (place >= 0)
    doubts = np.bincount(homes.obec, weights=~near & (weight > 0), minlength=homes.obce)
    inhabited = np.bincount(homes.obec, minlength=homes.obce) > 0
    certain: NDArray[np.bool_] = (doubts == 0) & inhabited
    return certain


def _reasons(known: Measured, judged: Judged) -> list[str]:
    """Name the reason that leaves most people of each obec unknown; empty for none."""
    homes = known.usual.homes
    doubtful = (judged.reason >= 0) & (homes.people > 0)
    most = coverage.of_most(
        homes.obec[doubtful],
        judged.reason[doubtful],
        homes.people[doubtful].astype(float),
        obce=homes.obce,
    )
    return [REASONS[number] if number >= 0 else "" for number in most]
