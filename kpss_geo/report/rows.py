"""An Answer as plain rows: the same numbers for the table, CSV, JSON and GeoJSON."""

from collections.abc import Hashable, Mapping
from typing import Any, Final, Literal, TypedDict

import pandas as pd

from kpss_geo.distance import Reach, Unit
from kpss_geo.report.reasons import firm, gap_reason, main_form, nearest_form, reason
from kpss_geo.report.ways import way
from kpss_geo.schema import COVERED, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN
from kpss_geo.study import Answer
from kpss_geo.text import Words, in_order

CZECH: Final = Words("cs")
BETWEEN: Final = "|"
"""What stands between the names of checks in `firm_lost`."""
DOUBT: Final = "*"
"""Behind a way: a place that the data do not hold may be nearer."""


class Row(TypedDict):
    """One obec and one service type. Missing numbers are None: not known, or no place."""

    code: str
    name: str
    service_type: str
    service_name: str
    form: str
    form_asked: str
    target: str
    verdict: str
    population: int | None
    covered: int | None
    on_paper: int | None
    not_covered: int | None
    unknown: int | None
    unknown_reason: str
    firm: bool | None
    firm_lost: str
    reason: str
    by_pob: int | None
    by_amb: int | None
    by_ter: int | None
    minutes_beyond: int | None
    nearest_m: int | None
    nearest_min: float | None
    nearest_place: str | None
    nearest_obec: str | None
    nearest_certain: bool
    reach: float | None
    reach_unit: str
    travel: str
    roads: str
    on: str
    data: str


FIELDS: Final = tuple(Row.__annotations__)


def rows(answer: Answer, *, words: Words = CZECH) -> list[Row]:
    """Give one row per obec, in the Czech alphabet.

    `form` is the form that covers most people of the obec, empty for nobody; `form_asked`
    the one that was asked for, empty for every form. `firm_lost` names the checks of
    firmness under which the verdict would be another one; `reason` is the deciding fact as
    a sentence in the language of `words`. `minutes_beyond` is the depth of the gap: people
    not covered × minutes beyond the limit. `population` and the four verdicts count people
    of the target group and add up; `nearest_m` is the mean way by (estimated) road to the
    nearest known place, and `nearest_certain` says that no place the register does not hold
    can be nearer. `reach` (of the unit `reach_unit`) is the limit that decided: where those of
    forms differ, that of the form that covers, else of the form of the nearest place. It is
    None, its unit empty, where nobody travels (the field form alone) or no form decided.
    Where nobody of the target group lives, nothing is judged and there is no way.
    """
    return in_order(_rows(answer, answer.obce, words), key=lambda row: row["name"])


def gap_rows(answer: Answer, *, words: Words = CZECH) -> list[Row]:
    """Give the rows of obce with people not covered, most people first.

    Here `verdict`, `reason` and `nearest_…` are about the people not covered alone; `firm` and
    `firm_lost` are told only where these are most of the obec, for else they are of the others.
    """
    records = answer.gaps.to_dict("records")
    found = _rows(answer, answer.gaps, words, prefix="beyond")
    return [
        _of_gap(row) | {"reason": gap_reason(answer, obec, words)}
        for row, obec in zip(found, records, strict=True)
    ]


def _of_gap(row: Row) -> Row:
    if row["verdict"] == NOT_COVERED:
        return row
    return row | {"verdict": NOT_COVERED, "firm": None, "firm_lost": ""}


def _rows(
    answer: Answer,
    obce: pd.DataFrame,
    words: Words,
    *,
    prefix: Literal["nearest", "beyond"] = "nearest",
) -> list[Row]:
    places = answer.places.to_dict("records")
    depth = answer.minutes_beyond
    return [
        _row(answer, str(code), obec, places, prefix)
        | {"reason": reason(answer, obec, words), "minutes_beyond": _whole(depth[code])}
        for code, obec in zip(obce.index, obce.to_dict("records"), strict=True)
    ]


def _row(
    answer: Answer,
    code: str,
    obec: Mapping[Hashable, Any],
    places: list[dict[Hashable, Any]],
    prefix: str,
) -> Row:
    lived_in = obec[PEOPLE] != 0
    number = obec[f"{prefix}_place"]
    place = places[number] if number >= 0 and lived_in else None
    metres, minutes = (obec[f"{prefix}_{unit}"] if lived_in else None for unit in ("m", "min"))
    question = answer.question
    reach = question.reach_of(deciding_form(obec, prefix)) if lived_in else None
    return Row(
        code=code,
        name=str(obec[NAME]),
        service_type=answer.service_type.code,
        service_name=answer.service_type.name,
        form=main_form(obec),
        form_asked=question.form or "",
        target=answer.target.id,
        verdict=str(obec["verdict"]),
        population=_whole(obec[PEOPLE]),
        covered=_whole(obec[COVERED]),
        on_paper=_whole(obec[ON_PAPER]),
        not_covered=_whole(obec[NOT_COVERED]),
        unknown=_whole(obec[UNKNOWN]),
        unknown_reason=str(obec["reason"]),
        firm=firm(obec),
        firm_lost=BETWEEN.join(obec["shaky"]),
        reason="",
        by_pob=_whole(obec["by_pob"]),
        by_amb=_whole(obec["by_amb"]),
        by_ter=_whole(obec["by_ter"]),
        minutes_beyond=None,
        nearest_m=_whole(metres),
        nearest_min=None if pd.isna(minutes) else round(float(minutes), 1),
        nearest_place=None if place is None else f"{place_name(place)}, {place['obec']}",
        nearest_obec=None if place is None else str(place["obec"]),
        nearest_certain=bool(obec["certain"]),
        reach=None if reach is None else reach.value,
        reach_unit="" if reach is None else reach.unit,
        travel=question.travel.mode,
        roads=question.travel.roads,
        on=question.on.isoformat(),
        data=question.data_digest,
    )


def way_of(row: Row, words: Words) -> str:
    """Write the way of a row, with a star where a nearer place may be missing in the data.

    A dash where no place is known.
    """
    metres = row["nearest_m"]
    if metres is None:
        return "–"
    unit: Unit = "min" if row["reach_unit"] == "min" else "km"
    reach = None if row["reach"] is None else Reach(row["reach"], unit)
    beyond = row["verdict"] != COVERED  # of those not known too one must see that it is farther
    text = way(metres, row["nearest_min"], reach, words, beyond=beyond)
    return text if row["nearest_certain"] else f"{text}{DOUBT}"


def deciding_form(obec: Mapping[Hashable, Any], prefix: str = "nearest") -> str:
    """Form by which most of an obec is covered, else that of the nearest place; may be empty."""
    covers = main_form(obec) if prefix == "nearest" and obec["verdict"] == COVERED else ""
    return covers or nearest_form(obec, prefix)


def place_name(place: Mapping[Hashable, Any]) -> str:
    """Name of a place; of one whose address is secret only who runs it."""
    return str(place["provider"] if place["secret"] else place[NAME])


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else round(float(value))  # type: ignore[arg-type,call-overload]
