"""Corrections laid over the register: new tables, the given ones are never written into."""

from collections.abc import Collection, Sequence
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
    tables = _Tables(
        register.services.copy(deep=True),
        register.capacities.copy(deep=True),
        register.places.copy(deep=True),
    )
    present = look_at(register)
    findings: list[Finding] = []
    in_force = [correction for correction in corrections if correction.in_force]
    for correction in sorted(in_force, key=_order):
        fault = _fault(correction, present, known_types)
        if fault is None:
            now = present.says(correction.service_id, correction.place, correction.field)
            findings += _remarks(correction, now)
            fault = _lay(tables, correction, present, obce) if now != correction.new else None
        findings += [fault] if fault else []
    findings += _put_back_reversed(tables.services, register.services, in_force)
    closed = register.places[SERVICE_ID].drop(index=tables.places.index).value_counts()
    fewer = closed.reindex(tables.services.index).fillna(0).astype("int64")
    tables.services["addresses"] = tables.services["addresses"] - fewer
    tables.places = tables.places.reset_index(drop=True)
    corrected = replace(
        register,
        services=tables.services,
        capacities=tables.capacities,
        places=tables.places,
    )
    return corrected, findings


def _order(correction: Correction) -> tuple[int, str, str]:
    known = FIELDS.index(correction.field) if correction.field in FIELDS else len(FIELDS)
    return known, correction.service_id, correction.place


def _fault(
    correction: Correction, present: Present, known_types: Collection[str]
) -> Finding | None:
    """Say why a correction cannot be laid over, if it cannot."""
    if not present.has_service(correction.service_id):
        return _say("warning", SERVICE_GONE, correction)
    try:
        parse(correction.field, correction.new, known_types=known_types)
    except BadOption as error:
        return _say("error", NOT_POSSIBLE, correction, possible=error.fields["possible"])
    of_place = correction.field in PLACE_FIELDS
    if of_place and present.row_of(correction.service_id, correction.place) is None:
        if correction.field == CLOSED:
            return _say("note", SAYS_IT_NOW, correction)
        return _say("warning", PLACE_GONE, correction, place=correction.place)
    return None


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


def _lay(
    tables: _Tables, correction: Correction, present: Present, obce: pd.DataFrame
) -> Finding | None:
    """Write one correction into the working copies; say why, if it contradicts other facts."""
    field, new, service = correction.field, correction.new, correction.service_id
    if field in PLACE_FIELDS:
        row = present.row_of(service, correction.place)
        return _lay_on_place(tables, correction, row, obce)
    if field == "forms":
        tables.capacities = _with_forms(tables.capacities, service, new.split(FORM_MARK))
    elif field.startswith(CAPACITY):
        form = field.removeprefix(CAPACITY)
        tables.capacities = _with_capacity(tables.capacities, service, form, new)
    elif field in DAYS:
        tables.services.at[service, field] = date.fromisoformat(new) if new else None
    else:
        tables.services.at[service, field] = new
        if field == TYPE_CODE and tables.services.at[service, "source"] == ACT:
            tables.services.at[service, "clear"] = True
    return None


def _put_back_reversed(
    services: pd.DataFrame, given: pd.DataFrame, corrections: Sequence[Correction]
) -> list[Finding]:
    """Undo corrected days by which a service would end before it starts, and name them."""
    of_days = [c for c in corrections if c.field in DAYS and c.service_id in services.index]
    wrong = {
        c.service_id
        for c in of_days
        if _reversed(services, c.service_id) and not _reversed(given, c.service_id)
    }
    for service in wrong:
        for name in DAYS:
            day: Any = given.at[service, name]
            services.at[service, name] = day
    return [_say("error", ENDS_BEFORE_START, c) for c in of_days if c.service_id in wrong]


def _reversed(services: pd.DataFrame, service: str) -> bool:
    since: Any = services.at[service, "since"]
    until: Any = services.at[service, "until"]
    return since is not None and until is not None and bool(until < since)


def _lay_on_place(
    tables: _Tables, correction: Correction, row: Any, obce: pd.DataFrame
) -> Finding | None:
    places, field, new = tables.places, correction.field, correction.new
    if field == CLOSED:
        tables.places = places.drop(index=row)
    elif field == POINT:
        x, y = new.split(" ")
        _move(places, row, (float(x), float(y)), "address")
    elif field == CODE:
        if new not in obce.index:
            return _say("error", NO_SUCH_OBEC, correction)
        home: Any = obce.loc[new]
        places.at[row, CODE] = new
        places.at[row, "obec"] = home[NAME]
        _move(places, row, (float(home[X]), float(home[Y])), "obec")
    else:
        places.at[row, field] = new
    return None


def _move(places: pd.DataFrame, row: Any, point: tuple[float, float], located: str) -> None:
    places.at[row, X], places.at[row, Y] = point
    places.at[row, "located"] = located


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
