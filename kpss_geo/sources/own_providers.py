"""The team's own providers in the data folder, read in addition to the register.

A service that the register holds too counts once, with the register's facts. Where the
register says that it ended and the team's list does not, the team's row counts from the
day after.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.schema import CODE, SERVICE_ID, TYPE_CODE
from kpss_geo.sources import register as registers
from kpss_geo.sources.files import Found
from kpss_geo.sources.register import GROUPS, Register
from kpss_geo.sources.tables import cells_of, read_csv
from kpss_geo.text import fold

OWN_FILE: Final = "providers.csv"
HIDDEN: Final = "secret"
COLUMNS: Final = (*registers.COLUMNS, GROUPS, HIDDEN)
OWN_ID: Final = "own-"
"""Begins the ids of services that the team's list gives no number of a registration for."""
Address = tuple[str, ...]


class _Twin(NamedTuple):
    """A service of the register that is the same as a row of the team's list."""

    service_id: str
    until: date | None


def with_own(
    register: Register, folder: Path, *, obce: pd.DataFrame, known_types: Collection[str]
) -> tuple[Register, list[Path]]:
    """Give the register with the team's own list in it, and the file, if there is one.

    A list that cannot be used is named and the register stands alone.
    """
    path = folder / OWN_FILE
    if not path.is_file():
        return register, []
    found = Found(path, own=True)
    try:
        return add_own(register, found, obce=obce, known_types=known_types), [path]
    except KpssGeoError as error:
        fault = Finding("error", found.label, error.template, fields=error.fields)
        return replace(register, findings=[*register.findings, fault]), [path]


def add_own(
    register: Register, found: Found, *, obce: pd.DataFrame, known_types: Collection[str]
) -> Register:
    """Give the register with the team's own services in it, each service once.

    Raises
    ------
    FileNotUsable, MissingColumns
        The list cannot be read at all.
    """
    text = read_csv(found.path, columns=COLUMNS)
    own, findings = _own_services(text, register, found, obce, known_types)
    secret = set(text.loc[text[HIDDEN].str.strip() != "", SERVICE_ID])
    places = own.places.assign(secret=own.places[SERVICE_ID].isin(secret))
    return replace(
        register,
        services=pd.concat([register.services.assign(own=False), own.services.assign(own=True)]),
        capacities=pd.concat([register.capacities, own.capacities], ignore_index=True),
        places=_joined(register.places, places),
        findings=[*register.findings, *findings, *own.findings],
    )


def remarks(
    text: pd.DataFrame,
    register: Register,
    *,
    file: str,
    obce: pd.DataFrame,
    known_types: Collection[str],
) -> list[Finding]:
    """Say what the register says of rows in the form of the list, before they are taken over.

    The team's own services that the register here may hold already are left aside.
    """
    found = Found(Path(file), own=True)
    own, findings = _own_services(text, _without_own(register), found, obce, known_types)
    return [*findings, *own.findings]


def _own_services(
    text: pd.DataFrame,
    register: Register,
    found: Found,
    obce: pd.DataFrame,
    known_types: Collection[str],
) -> tuple[Register, list[Finding]]:
    kept, findings = _once(text, _twins(text, register), found)
    own = registers.register_of(
        kept, found=found, obce=obce, completeness=register.completeness, known_types=known_types
    )
    return own, findings


def _without_own(register: Register) -> Register:
    if "own" not in register.services.columns:
        return register
    services = register.services[~register.services["own"].astype(bool)]
    places = register.places[register.places[SERVICE_ID].isin(services.index)]
    return replace(register, services=services, places=places)


def _joined(places: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Put the team's places behind those of the register, with the columns that it has."""
    return pd.concat([places, own.reindex(columns=places.columns)], ignore_index=True)


def _once(
    text: pd.DataFrame, twins: dict[int, _Twin], found: Found
) -> tuple[pd.DataFrame, list[Finding]]:
    """Leave out rows the register holds; those it holds as ended go on from the next day."""
    findings: list[Finding] = []
    same: list[int] = []
    later: dict[int, dict[str, str]] = {}
    for row, cells in cells_of(text):
        twin = twins.get(row)
        if twin is None:
            continue
        if twin.until is None or (cells["until"] and cells["until"] <= twin.until.isoformat()):
            same.append(row)
            fields = {"service": twin.service_id}
            findings.append(Finding("warning", found.label, SAME, row, None, fields))
            continue
        later[row] = _from_the_next_day(cells, twin.until)
        fields = {"day": twin.until.isoformat()}
        findings.append(Finding("warning", found.label, ENDED, row, "until", fields))
    changed = text.copy()
    for row, facts in later.items():
        changed.loc[row, list(facts)] = list(facts.values())
    return changed.drop(index=same), findings


SAME: Final = N_("The register holds the service as {service}. It counts once, as it stands there.")
ENDED: Final = N_("The register says the service ends on {day}. After that day this row counts.")


def _from_the_next_day(cells: dict[str, str], until: date) -> dict[str, str]:
    since = max(cells["since"], (until + timedelta(days=1)).isoformat())
    prefix = "" if cells[SERVICE_ID].startswith(OWN_ID) else OWN_ID
    return {"since": since, SERVICE_ID: f"{prefix}{cells[SERVICE_ID]}"}


def _twins(text: pd.DataFrame, register: Register) -> dict[int, _Twin]:
    """Rows whose id, or whose organisation, type and address, a service of the register has."""
    facts = dict(cells_of(register.services))
    by_key: dict[tuple[str, ...], str] = {}
    for _, place in cells_of(register.places):
        mine = {**facts[place[SERVICE_ID]], **place}
        for key in _keys(mine, _ways(mine) + _obec_alone(mine)):
            by_key.setdefault(key, place[SERVICE_ID])
    ends = dict(register.services["until"].items())
    twins = {}
    for row, cells in cells_of(text):
        service: str | None = cells[SERVICE_ID]
        if service not in facts:
            ways = _ways(cells) or _obec_alone(cells)
            service = next((by_key[key] for key in _keys(cells, ways) if key in by_key), None)
        if service is not None:
            twins[row] = _Twin(service, ends[service])
    return twins


def _keys(cells: dict[str, str], ways: list[Address]) -> list[tuple[str, ...]]:
    """Who (by IČO, by name) offers which type where, for each way to write the address."""
    who = filter(None, (cells["ico"], fold(cells["provider"])))
    return [(one, cells[TYPE_CODE], *where) for one in who for where in ways]


def _ways(cells: dict[str, str]) -> list[Address]:
    """Ways to write one address down: by its code, by its parts."""
    code, number = cells["address_code"], cells["house_number"]
    street = fold(cells["street"] or cells["obec_part"] or cells["obec"])
    ways: list[Address] = [(code,)] if code else []
    return [*ways, (cells[CODE], street, number)] if number else ways


def _obec_alone(cells: dict[str, str]) -> list[Address]:
    """Give the obec, for rows that say no address: one such service there is the same."""
    return [(cells[CODE], "", "")]
