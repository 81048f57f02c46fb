"""Corrections laid over the register: new tables, the given ones are never written into."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from kpss_geo.errors import N_, BadOption, Finding, Phrase, Severity
from kpss_geo.plan.corrections import Correction
from kpss_geo.plan.fields import (
    CAPACITY,
    CLOSED,
    FIELDS,
    FORM_MARK,
    OF_A_SECRET_PLACE,
    PLACE_FIELDS,
    POINT,
    Present,
    amounts,
    look_at,
    parse,
)
from kpss_geo.plan.file import PLAN_NAME
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE, X, Y
from kpss_geo.sources.register import ACT, Register

DAYS: Final = ("since", "until")

SERVICE_GONE: Final = N_(
    "The register does not hold the service {service} any more. Its correction is kept in the "
    "plan and has no effect; withdraw it, or find the service under its new number."
)
PLACE_GONE: Final = N_(
    "The register does not hold the place {place} of the service {service} any more. Its "
    "correction is kept in the plan and has no effect; withdraw it, or make it anew."
)
CHANGED_SINCE: Final = N_(
    "The register has changed since the service {service} was corrected: it said “{original}”, "
    "now it says “{now}”. The correction “{new}” is still in force; look at it."
)
SAYS_IT_NOW: Final = N_(
    "The register itself says “{new}” of the service {service} now. The correction can be "
    "withdrawn."
)
NOT_POSSIBLE: Final = N_(
    "The correction “{new}” of the service {service} is not possible and has no effect. "
    "Possible: {possible}."
)
SECRET: Final = N_(
    "The service {service} keeps an address secret. Corrections that could lead to it have no "
    "effect; withdraw this one."
)
ENDS_BEFORE_START: Final = N_(
    "By the correction “{new}” the service {service} would end before it starts. It has no effect."
)
NO_SUCH_OBEC: Final = N_(
    "No obec has the code {new}. The correction of the service {service} has no effect."
)


@dataclass
class _Tables:
    """Working copies of the register's tables."""

    services: pd.DataFrame
    capacities: pd.DataFrame
    places: pd.DataFrame


def apply_corrections(
    register: Register,
    corrections: Sequence[Correction],
    *,
    obce: pd.DataFrame,
    known_types: Collection[str],
) -> tuple[Register, list[Finding]]:
    """Give the register as the team knows it, and what is to be said about the corrections.

    Those in force are laid over; those withdrawn are not. A correction stays in force when
    the register has changed since, and is named; one whose service or place is gone, or
    whose value is not possible, is named and has no effect. A corrected obec moves a place
    to the obec's reference point unless the point is corrected too.
    """
    present = look_at(register)
    in_force = sorted((c for c in corrections if c.in_force), key=_order)
    judged = [_judged(c, present, obce.index, known_types) for c in in_force]
    sound = [one for one in judged if isinstance(one, Correction)]
    wrong = _ending_before_start([c for c in sound if c.field in DAYS], register.services)
    findings = [one for one in judged if isinstance(one, Finding)]
    findings += [_say("error", ENDS_BEFORE_START, c) for c in wrong]
    tables = _Tables(
        register.services.copy(deep=True),
        register.capacities.copy(deep=True),
        register.places.copy(deep=True),
    )
    for correction in sound:
        if correction not in wrong:
            now = present.says(correction.service_id, correction.place, correction.field)
            findings += _remarks(correction, now)
            if now != correction.new:
                _lay(tables, correction, present, obce)
    return _corrected(register, tables), findings


def _corrected(register: Register, tables: _Tables) -> Register:
    """Put the tables together; a registration has fewer addresses by those that are closed."""
    closed = register.places.drop(index=tables.places.index)
    fewer = closed.groupby(SERVICE_ID).size().reindex(tables.services.index).fillna(0)
    tables.services["addresses"] = (tables.services["addresses"] - fewer.astype("int64")).clip(0)
    return replace(
        register,
        services=tables.services,
        capacities=tables.capacities,
        places=tables.places.reset_index(drop=True),
    )


def _order(correction: Correction) -> tuple[int, str, str]:
    known = FIELDS.index(correction.field) if correction.field in FIELDS else len(FIELDS)
    return known, correction.service_id, correction.place


def _judged(
    correction: Correction, present: Present, codes: pd.Index, known_types: Collection[str]
) -> Correction | Finding:
    """Give the correction in the form in which it is laid over, or why it cannot be."""
    if not present.has_service(correction.service_id):
        return _say("warning", SERVICE_GONE, correction)
    try:
        new = parse(correction.field, correction.new, known_types=known_types)
    except BadOption as error:
        return _say("error", NOT_POSSIBLE, correction, possible=error.fields["possible"])
    if correction.field == CODE and new not in codes:
        return _say("error", NO_SUCH_OBEC, correction)
    fault = _fault_of_place(correction, present) if correction.field in PLACE_FIELDS else None
    return fault or replace(correction, new=new)


def _fault_of_place(correction: Correction, present: Present) -> Finding | None:
    secret = present.is_secret(correction.service_id)
    if secret and correction.field not in OF_A_SECRET_PLACE:
        return _say("error", SECRET, correction)
    if present.labels_of(correction.service_id, correction.place):
        return None
    if correction.field == CLOSED:
        return _say("note", SAYS_IT_NOW, correction)
    shown = "–" if secret else correction.place  # the key may be the address of before
    return _say("warning", PLACE_GONE, correction, place=shown)


def _remarks(correction: Correction, now: str) -> list[Finding]:
    if now == correction.new:
        return [_say("note", SAYS_IT_NOW, correction)]
    if now != correction.original:
        return [_say("warning", CHANGED_SINCE, correction, now=now)]
    return []


def _say(severity: Severity, template: Phrase, correction: Correction, **fields: object) -> Finding:
    return Finding(
        severity,
        PLAN_NAME,
        template,
        column=correction.field,
        fields={
            "service": correction.service_id,
            "original": correction.original,
            "new": correction.new,
            **fields,
        },
    )


def _ending_before_start(
    corrections: Sequence[Correction], services: pd.DataFrame
) -> list[Correction]:
    """Corrections of days by which, all taken together, a service would end before it starts."""
    days: dict[str, dict[str, Any]] = {}
    for correction in corrections:
        service = correction.service_id
        held = days.setdefault(service, {name: services.at[service, name] for name in DAYS})
        held[correction.field] = _day(correction.new)
    wrong = {
        service
        for service, held in days.items()
        if held["since"] is not None and held["until"] is not None and held["until"] < held["since"]
    }
    return [correction for correction in corrections if correction.service_id in wrong]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _lay(tables: _Tables, correction: Correction, present: Present, obce: pd.DataFrame) -> None:
    """Write one correction into the working copies."""
    field, new, service = correction.field, correction.new, correction.service_id
    if field in PLACE_FIELDS:
        rows = present.labels_of(service, correction.place)
        _lay_on_place(tables, correction, rows, obce)
    elif field == "forms":
        tables.capacities = _with_forms(tables.capacities, service, new.split(FORM_MARK))
    elif field.startswith(CAPACITY):
        form = field.removeprefix(CAPACITY)
        tables.capacities = _with_capacity(tables.capacities, service, form, new)
    elif field in DAYS:
        tables.services.at[service, field] = _day(new)
    else:
        tables.services.at[service, field] = new
        if field == TYPE_CODE and tables.services.at[service, "source"] == ACT:
            tables.services.at[service, "clear"] = True


def _lay_on_place(
    tables: _Tables, correction: Correction, rows: list[Any], obce: pd.DataFrame
) -> None:
    places, field, new = tables.places, correction.field, correction.new
    if field == CLOSED:
        tables.places = places.drop(index=rows)
    elif field == POINT:
        x, y = new.split(" ")
        _put(places, rows, {X: float(x), Y: float(y), "located": "address"})
    elif field == CODE:
        home: Any = obce.loc[new]
        point = {X: float(home[X]), Y: float(home[Y])}
        _put(places, rows, {CODE: new, "obec": str(home[NAME]), **point, "located": "obec"})
    else:
        _put(places, rows, {field: new})


def _put(places: pd.DataFrame, rows: list[Any], facts: Mapping[str, str | float]) -> None:
    for column, value in facts.items():
        places.loc[rows, column] = value


def _with_forms(capacities: pd.DataFrame, service: str, forms: list[str]) -> pd.DataFrame:
    mine = capacities[SERVICE_ID] == service
    kept = capacities[~mine | capacities["form"].isin(forms)]
    missing = [form for form in forms if form not in set(capacities.loc[mine, "form"])]
    return _with_rows(kept, [(service, form, "", np.nan) for form in missing])


def _with_capacity(capacities: pd.DataFrame, service: str, form: str, amount: str) -> pd.DataFrame:
    mine = (capacities[SERVICE_ID] == service) & (capacities["form"] == form)
    given = amounts(amount) or [("", np.nan)]
    return _with_rows(capacities[~mine], [(service, form, unit, count) for unit, count in given])


def _with_rows(capacities: pd.DataFrame, rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    if not rows:
        return capacities.reset_index(drop=True)
    added = pd.DataFrame(rows, columns=[SERVICE_ID, "form", "unit", "count"])
    return pd.concat([capacities, added], ignore_index=True)
