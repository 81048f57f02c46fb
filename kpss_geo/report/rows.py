"""An Answer as plain rows: the same numbers for the table, CSV, JSON and GeoJSON."""

from collections.abc import Hashable, Mapping
from typing import Any, Final, Literal, TypedDict

import pandas as pd

from kpss_geo.schema import COVERED, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN
from kpss_geo.study import Answer
from kpss_geo.text import in_order


class Row(TypedDict):
    """One obec and one service type. Missing numbers are None: not known, or no place."""

    code: str
    name: str
    service_type: str
    service_name: str
    form: str
    target: str
    population: int | None
    covered: int | None
    on_paper: int | None
    not_covered: int | None
    unknown: int | None
    unknown_reason: str
    nearest_m: int | None
    nearest_min: float | None
    nearest_place: str | None
    nearest_obec: str | None
    nearest_certain: bool
    reach: float
    reach_unit: str
    travel: str
    roads: str
    on: str
    data: str


FIELDS: Final = tuple(Row.__annotations__)


def rows(answer: Answer) -> list[Row]:
    """Give one row per obec, in the Czech alphabet.

    `population` and the four verdicts count people of the target group and add up;
    `nearest_m` is the mean way by (estimated) road to the nearest known place, and
    `nearest_certain` says that no place the register does not hold can be nearer.
    """
    return in_order(_rows(answer, answer.obce), key=lambda row: row["name"])


def gap_rows(answer: Answer) -> list[Row]:
    """Give the rows of obce with people not covered, most people first.

    Here `nearest_…` is about the people not covered alone.
    """
    return _rows(answer, answer.gaps, prefix="beyond")


def _rows(
    answer: Answer, obce: pd.DataFrame, *, prefix: Literal["nearest", "beyond"] = "nearest"
) -> list[Row]:
    places = answer.places.to_dict("records")
    return [
        _row(answer, str(code), obec, places, prefix)
        for code, obec in zip(obce.index, obce.to_dict("records"), strict=True)
    ]


def _row(
    answer: Answer,
    code: str,
    obec: Mapping[Hashable, Any],
    places: list[dict[Hashable, Any]],
    prefix: str,
) -> Row:
    number = obec[f"{prefix}_place"]
    place = places[number] if number >= 0 else None
    metres, minutes = obec[f"{prefix}_m"], obec[f"{prefix}_min"]
    question = answer.question
    place = answer.places.loc[obec["nearest_place"]] if obec["nearest_place"] >= 0 else None
    return Row(
        code=code,
        name=str(obec[NAME]),
        service_type=answer.service_type.code,
        service_name=answer.service_type.name,
        form=question.form or "",
        target=answer.target.id,
        population=_whole(obec[PEOPLE]),
        covered=_whole(obec[COVERED]),
        on_paper=_whole(obec[ON_PAPER]),
        not_covered=_whole(obec[NOT_COVERED]),
        unknown=_whole(obec[UNKNOWN]),
        unknown_reason=str(obec["reason"]),
        nearest_m=_whole(metres),
        nearest_min=None if pd.isna(minutes) else round(float(minutes), 1),
        nearest_place=None if place is None else f"{place[NAME]}, {place['obec']}",
        nearest_obec=None if place is None else str(place["obec"]),
        nearest_certain=bool(obec["certain"]),
        reach=question.reach.value,
        reach_unit=question.reach.unit,
        travel=question.travel.mode,
        roads=question.travel.roads,
        on=question.on.isoformat(),
        data=question.data_digest,
    )


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else round(float(value))  # type: ignore[arg-type,call-overload]
