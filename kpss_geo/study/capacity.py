"""Registered capacity of a territory by form and unit, and per 1 000 people.

A capacity belongs to a registration and form. It is counted once however many addresses
there are; a registration with addresses on both sides of the border is inside by the
share of its addresses. Units are never added to each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kpss_geo.catalogue import FIELD, Supply
from kpss_geo.coverage import Limit
from kpss_geo.schema import CODE, FORMS, SERVICE_ID
from kpss_geo.served import Served

COLUMNS = ("form", "unit", "inside", "reachable", "registrations", "not_given", "per_1000")


def lines_of(supply: Supply, to_places: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    """Give every line of capacity of a type, once per registration and form.

    `service_id`, `form`, `unit`, `count` (NaN when not given), `inside` (share of its
    addresses in the territory), `metres`, `minutes` (from the
    nearest people of the territory to the nearest address; infinite for the field form).
    """
    rows: list[tuple[Any, ...]] = []
    for service, facts in _addresses(supply, to_places, codes).items():
        for form in facts.forms:
            rows += [
                (service, form, unit, count, facts.inside, facts.metres, facts.minutes)
                for unit, count in _of_form(facts.capacity, form)
            ]
    inside = supply.seats[CODE].isin(codes).groupby(supply.seats[SERVICE_ID]).mean()
    for service, capacity in zip(
        map(str, supply.field.index), supply.field["capacity"], strict=True
    ):
        rows += [
            (service, FIELD, unit, count, float(inside[service]), np.inf, np.inf)
            for unit, count in _of_form(capacity, FIELD)
        ]
    columns = [SERVICE_ID, "form", "unit", "count", "inside", "metres", "minutes"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(("count", "inside", "metres", "minutes"), float))


def rates_of(
    lines: pd.DataFrame,
    codes: pd.Index,
    limits: Mapping[str, Limit],
    said: Served,
    *,
    people: float | None,
) -> pd.DataFrame:
    """Give the capacity of a type in a territory, from its `lines_of`.

    `people` of the target group in the territory; None where their number is not known.

    Returns
    -------
    DataFrame
        One row per form and unit: `inside` (capacity at addresses in the territory; missing
        where those of this form give it in other units or not at all, 0 where there are none),
        `reachable` (whole capacity of registrations within reach of its people; of the
        field form of those that are said to serve an obec of it), `registrations`
        (reachable ones that give this unit), `not_given` (reachable ones that give no
        capacity for the form), `per_1000` (inside per 1 000 people of the group; missing
        with `inside`, and where their number is not known).
    """
    reached = np.zeros(len(lines), dtype=bool)
    for form, limit in limits.items():
        mine = lines["form"].eq(form).to_numpy(dtype=bool)
        if form == FIELD:
            services = pd.Index(lines[SERVICE_ID])
            reached |= (
                mine
                & (said.matrix(services.unique(), codes) == 1.0).any(axis=1)[
                    services.unique().get_indexer(services)
                ]
            )
        else:
            reached |= mine & limit.reach.within(lines)
    rows: list[dict[str, Any]] = []
    given = lines[lines["count"].notna()]
    kinds = given[["form", "unit"]].drop_duplicates().sort_values("unit", kind="stable")
    order = kinds["form"].map(FORMS.index).argsort(kind="stable")
    for form, unit in kinds.iloc[order].itertuples(index=False):
        part = given[given["form"].eq(form) & given["unit"].eq(unit)]
        here = lines["form"].eq(form) & lines["inside"].gt(0)
        in_unit = bool(part["inside"].gt(0).any()) or not bool(here.any())
        inside = float((part["count"] * part["inside"]).sum()) if in_unit else np.nan
        near = part[reached[part.index]]
        silent = lines["form"].eq(form) & lines["count"].isna() & reached
        rows.append(
            {
                "form": form,
                "unit": unit,
                "inside": inside,
                "reachable": float(near["count"].sum()),
                "registrations": len(near),
                "not_given": int(silent.sum()),
                "per_1000": inside / people * 1000 if people else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclass
class _Registration:
    """What the addresses of one registration say together."""

    forms: tuple[str, ...]
    capacity: tuple[tuple[str, str, float], ...]
    inside: float = 0.0
    metres: float = np.inf
    minutes: float = np.inf


def _addresses(
    supply: Supply, to_places: pd.DataFrame, codes: tuple[str, ...]
) -> dict[str, _Registration]:
    here = frozenset(codes)
    found: dict[str, _Registration] = {}
    columns = [SERVICE_ID, CODE, "addresses", "forms", "capacity"]
    rows = supply.places[columns].join(to_places[["metres", "minutes"]])
    for service, code, addresses, forms, capacity, metres, minutes in rows.itertuples(index=False):
        facts = found.setdefault(service, _Registration(forms, capacity))
        facts.inside += (code in here) / addresses
        facts.metres, facts.minutes = min(facts.metres, metres), min(facts.minutes, minutes)
    return found


def _of_form(capacity: tuple[tuple[str, str, float], ...], form: str) -> list[tuple[str, float]]:
    return [(unit, count) for f, unit, count in capacity if f == form] or [("", np.nan)]
