"""Registered capacity of a territory by form and unit, and per 1 000 people.

A capacity belongs to a registration and form. It is counted once however many addresses
there are; a registration with addresses on both sides of the border is inside by the
share of its addresses. Units are never added to each other.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kpss_geo.catalogue import FIELD, in_form
from kpss_geo.coverage import Limit
from kpss_geo.schema import CODE, FORMS, SERVICE_ID
from kpss_geo.served import Served
from kpss_geo.study.measured import Measured

COLUMNS = ("form", "unit", "inside", "reachable", "registrations", "not_given", "per_1000")


def rates_of(
    measured: Measured, type_code: str, limits: Mapping[str, Limit], said: Served
) -> pd.DataFrame:
    """Give the capacity of a type in a territory.

    Returns
    -------
    DataFrame
        One row per form and unit: `inside` (capacity at addresses in the territory),
        `reachable` (whole capacity of registrations within reach of its people; of the
        field form of those that are said to serve an obec of it), `registrations`
        (reachable ones that give this unit), `not_given` (reachable ones that give no
        capacity for the form), `per_1000` (inside per 1 000 people of the group; missing
        where their number is not known).
    """
    lines = pd.concat(
        [_travelled(measured, type_code, limits), _in_field(measured, type_code, said)],
        ignore_index=True,
    )
    people = float(measured.people.reindex(list(measured.territory.codes)).sum())
    known_need = measured.target.need_known and people > 0
    rows: list[dict[str, Any]] = []
    for form in FORMS:
        of_form = lines[lines["form"] == form]
        not_given = of_form[of_form["count"].isna() & of_form["reached"]][SERVICE_ID].nunique()
        given = of_form[of_form["count"].notna()]
        for unit, part in given.groupby("unit", sort=True):
            inside = float((part["count"] * part["inside"]).sum())
            reached = part[part["reached"]]
            rows.append(
                {
                    "form": form,
                    "unit": unit,
                    "inside": inside,
                    "reachable": float(reached["count"].sum()),
                    "registrations": len(reached),
                    "not_given": not_given,
                    "per_1000": inside / people * 1000 if known_need else np.nan,
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _travelled(measured: Measured, type_code: str, limits: Mapping[str, Limit]) -> pd.DataFrame:
    """Lines of capacity of the forms that people travel to, once per registration."""
    places = measured.supplies[type_code].places
    away = measured.usual.to_places[type_code]
    lines = []
    for form, limit in limits.items():
        if form == FIELD:
            continue
        mine = places[in_form(places["forms"], form)]
        reached = limit.reach.within(away.loc[mine.index])
        facts = mine.assign(
            within=reached, here=mine[CODE].isin(measured.territory.codes) / mine["addresses"]
        )
        for service, rows in facts.groupby(SERVICE_ID, sort=False):
            lines += [
                (service, form, unit, count, rows["here"].sum(), bool(rows["within"].any()))
                for unit, count in _of_form(rows["capacity"].iloc[0], form)
            ]
    return _table(lines)


def _in_field(measured: Measured, type_code: str, said: Served) -> pd.DataFrame:
    """Lines of capacity of field services, inside by their seat."""
    lines = []
    for service, facts in measured.supplies[type_code].field.iterrows():
        serves = said.of(str(service), pd.Index(measured.territory.codes)).eq(1.0).any()
        here = float(facts[CODE] in measured.territory.codes)
        lines += [
            (service, FIELD, unit, count, here, bool(serves))
            for unit, count in _of_form(facts["capacity"], FIELD)
        ]
    return _table(lines)


def _of_form(capacity: tuple[tuple[str, str, float], ...], form: str) -> list[tuple[str, float]]:
    return [(unit, count) for f, unit, count in capacity if f == form] or [("", np.nan)]


def _table(lines: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = [SERVICE_ID, "form", "unit", "count", "inside", "reached"]
    table = pd.DataFrame(lines, columns=columns)
    return table.astype({"count": float, "inside": float, "reached": bool})
