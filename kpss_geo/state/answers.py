"""Answers remembered for the process: of a view, of a whole board, of a finder."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from threading import Lock

import pandas as pd

from kpss_geo import dataset, finder, settings, study
from kpss_geo.distance import Mode, Reach
from kpss_geo.finder import Found
from kpss_geo.network import Roads
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.state.address import View, situation
from kpss_geo.state.tables import data, the_team
from kpss_geo.study import Answer, Comparison, Measured, Question

_roads: dict[Mode, Roads | None] = {}
_opening = Lock()


def roads(mode: Mode, *, progress: Progress = silent) -> Roads | None:
    """Roads of this process for a mode, made ready once; None without a road file.

    Who comes while another visitor has them made ready waits for that.
    """
    with _opening:
        if mode not in _roads:
            opened = dataset.open_roads(settings.current(), mode, progress=progress)
            _roads[mode] = None if opened is None else opened[0]
        return _roads[mode]


def question(view: View, *, on: date | None = None) -> Question:
    """Make the Question of a view, for today or another day.

    Raises
    ------
    KpssGeoError
        The view asks for a way by road, and the roads are missing or cannot be used.
    """
    return study.ask(
        data(),
        settings.current(),
        territory_id=view.territory,
        service=view.service,
        target=view.target,
        form=view.form or None,
        reach=None if view.reach is None else Reach(view.reach, view.unit or "km"),
        limits=the_team().limits,
        said_digest=the_team().served.digest,
        mode=view.travel,
        roads=roads(view.travel),
        on=on or study.today(),
    )


def usual_limits(view: View) -> Question:
    """Make the Question of a view with the team's own working values, by straight line."""
    return question(replace(view, reach=None, travel="straight"))


def board(view: View) -> tuple[Answer, ...]:
    """Answer the view for every type of service."""
    asked = replace(view, form="")
    return tuple(answer(question(replace(asked, service=code))) for code in data().types)


def sides(view: View) -> tuple[tuple[str, date], tuple[str, date]]:
    """Give territory and day of both sides that a view compares.

    Where it names neither another territory nor another day, the second side is the first
    territory of the list that is not the same.
    """
    first = view.day or study.today()
    other = view.other or view.territory
    if not view.other and view.other_day is None:
        other = next((key for key in data().territories if key != view.territory), other)
    return (view.territory, first), (other, view.other_day or first)


def compared(view: View) -> tuple[Comparison, ...]:
    """Compare both sides of a view for every type of service that the data hold.

    Raises
    ------
    KpssGeoError
        The view asks for a way by road, and the roads are missing or cannot be used.
    """
    held = data().register.completeness.type_codes
    boards = [
        [
            question(replace(view, territory=where, service=code, form=""), on=on)
            for code in data().types
            if code in held
        ]
        for where, on in sides(view)
    ]
    return tuple(_compared(a, b) for a, b in zip(*boards, strict=True))


@lru_cache(maxsize=128)
def _compared(a: Question, b: Question) -> Comparison:
    return study.compare(answer(a), answer(b), data=data())


@lru_cache(maxsize=12)
def _measured(basis: Question) -> Measured:
    return study.measure(basis, data(), roads=roads(basis.travel.mode))


def measured(asked: Question) -> Measured:
    """Ways to all types that a question needs; the last 12 are remembered.

    The type, the form and the thresholds change nothing in them.
    """
    return _measured(replace(asked, service_type="", limits=(), form=None, said_digest=""))


def answer(asked: Question) -> Answer:
    """Answer a Question; the last 512 are remembered. An Answer is never written to."""
    return _answer(asked)


@lru_cache(maxsize=512)
def _answer(asked: Question) -> Answer:
    now = the_team().served
    return study.answer(
        asked, data(), roads=roads(asked.travel.mode), said=now, measured=measured(asked)
    )


def found(view: View, start: pd.DataFrame | None = None) -> Found:
    """Find services for the obec and the situation of a view, for today.

    A `start` that a person gave (`finder.start_at`) is used and not remembered.

    Raises
    ------
    KpssGeoError
        The view asks for a way by road, and the roads are missing or cannot be used.
    """
    life = situation(view.situation, data())
    if start is not None:
        return _look(view.obec, life.types, life.groups, view.travel, study.today(), start)
    return _find(view.obec, life.types, life.groups, view.travel)


def serving(view: View) -> Found:
    """Find the services of every type that the data hold for the obec of a view."""
    held = data().register.completeness.type_codes
    types = tuple(code for code in data().types if code in held)
    return _find(view.obec, types, data().targets[view.target].register_groups, "straight")


def _find(obec: str, types: tuple[str, ...], groups: frozenset[str], mode: Mode) -> Found:
    state_of_things = (data().digest, the_team().served.digest)
    return _found(obec, types, groups, mode, study.today(), state_of_things)


@lru_cache(maxsize=64)
def _found(
    obec: str,
    types: tuple[str, ...],
    groups: frozenset[str],
    mode: Mode,
    on: date,
    _of: tuple[str, str],
) -> Found:
    return _look(obec, types, groups, mode, on, None)


def _look(
    obec: str,
    types: tuple[str, ...],
    groups: frozenset[str],
    mode: Mode,
    on: date,
    start: pd.DataFrame | None,
) -> Found:
    current, network = settings.current(), roads(mode)
    return finder.find(
        obec,
        types,
        data(),
        groups=groups,
        travel=study.travel_of(current, mode, network),
        roads=network,
        said=the_team().served,
        field_km=current.field_km,
        on=on,
        start=start,
    )


def forget() -> None:
    """Forget what was reckoned."""
    _roads.clear()
    for remembered in (_measured, _answer, _compared, _found):
        remembered.cache_clear()
