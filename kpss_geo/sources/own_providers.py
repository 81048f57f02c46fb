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
from pandas.api.types import is_numeric_dtype

from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.schema import CODE, SERVICE_ID, TYPE_CODE, X, Y, to_degrees
from kpss_geo.settings import Settings
from kpss_geo.sources import geocode
from kpss_geo.sources import register as registers
from kpss_geo.sources.addresses import look_up
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
    register: Register, settings: Settings, *, obce: pd.DataFrame, known_types: Collection[str]
) -> tuple[Register, list[Path]]:
    """Give the register with the team's own list in it, and the file, if there is one.

    A list that cannot be used is named and the register stands alone.
    """
    path = settings.geo_data / OWN_FILE
    if not path.is_file():
        return register, []
    found = Found(path, own=True)
    try:
        text = read_csv(found.path, columns=COLUMNS)
        own = _own_services(text, register, found, settings, obce, known_types)
    except KpssGeoError as error:
        fault = Finding("error", found.label, error.template, fields=error.fields)
        return replace(register, findings=[*register.findings, fault]), [path]
    services = _in_the_form_of(register.services, own.services).assign(own=True)
    places = _in_the_form_of(register.places, own.places)
    joined = replace(
        register,
        services=pd.concat([register.services.assign(own=False), services]),
        capacities=pd.concat([register.capacities, own.capacities], ignore_index=True),
        places=pd.concat([register.places, places], ignore_index=True),
        findings=[*register.findings, *own.findings],
    )
    return joined, [path]


def _in_the_form_of(known: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of the register's table; what only the register says is empty, or -1."""
    missing = known.columns.difference(own.columns)
    empty = {name: -1 if is_numeric_dtype(known[name].dtype) else "" for name in missing}
    return own.assign(**empty)[list(known.columns)]


def remarks(
    text: pd.DataFrame,
    register: Register,
    settings: Settings,
    *,
    file: str,
    obce: pd.DataFrame,
    known_types: Collection[str],
) -> list[Finding]:
    """Say what the register says of rows in the form of the list, before they are taken over.

    The team's own services that the register here may hold already are left aside.
    """
    found = Found(Path(file), own=True)
    return _own_services(text, _without_own(register), found, settings, obce, known_types).findings


def _own_services(
    text: pd.DataFrame,
    register: Register,
    found: Found,
    settings: Settings,
    obce: pd.DataFrame,
    known_types: Collection[str],
) -> Register:
    """Read the rows of services that the register does not hold; findings about all rows."""
    kept, twins = _once(text, _twins(text, register), found)
    placed, levels, lost = _at_their_addresses(kept, settings, obce)
    own = registers.register_of(
        placed, found=found, obce=obce, completeness=register.completeness, known_types=known_types
    )
    secret = set(text.loc[text[HIDDEN].str.strip() != "", SERVICE_ID])
    keys = own.places[[SERVICE_ID, *registers.ADDRESS]].itertuples(index=False, name=None)
    located = [
        levels.get(key, usual) for key, usual in zip(keys, own.places["located"], strict=True)
    ]
    places = own.places.assign(secret=own.places[SERVICE_ID].isin(secret), located=located)
    return replace(own, places=places, findings=[*twins, *lost, *own.findings])


def _at_their_addresses(
    text: pd.DataFrame, settings: Settings, obce: pd.DataFrame
) -> tuple[pd.DataFrame, dict[tuple[str, ...], str], list[Finding]]:
    """Fill in coordinates of rows that have none, by the address points of the data folder.

    Returns
    -------
    The rows; how each of the filled ones was found (`geocode.LEVELS`), by service and
    address; a finding when the address points cannot be read.
    """
    bare = (text[["lat", "lon", HIDDEN]] == "").all(axis=1) & text[CODE].isin(obce.index)
    places = text[bare].assign(house_kind="", obec_part_code="", secret=False)
    try:
        points = look_up(settings, places)
    except KpssGeoError as error:
        file = str(error.fields.get("file", ""))
        return text, {}, [Finding("error", file, error.template, fields=error.fields)]
    found = geocode.locate(places, obce=obce, points=points)
    sure = ~found["located"].isin([geocode.OBEC, geocode.NOWHERE]) & (found[CODE] == places[CODE])
    found, filled = found[sure], text.copy()
    lon, lat = to_degrees(found[X].to_numpy(dtype=float), found[Y].to_numpy(dtype=float))
    filled.loc[found.index, "lat"] = [f"{value:.7f}" for value in lat]
    filled.loc[found.index, "lon"] = [f"{value:.7f}" for value in lon]
    keys = text.loc[found.index, [SERVICE_ID, *registers.ADDRESS]].itertuples(
        index=False, name=None
    )
    return filled, dict(zip(keys, found["located"], strict=True)), []


def _without_own(register: Register) -> Register:
    if "own" not in register.services.columns:
        return register
    services = register.services[~register.services["own"].astype(bool)]
    places = register.places[register.places[SERVICE_ID].isin(services.index)]
    return replace(register, services=services, places=places)


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
    near = register.places[register.places[CODE].isin(text[CODE])]
    alike = register.services.index.isin({*near[SERVICE_ID], *text[SERVICE_ID]})
    facts = dict(cells_of(register.services[alike]))
    by_key: dict[tuple[str, ...], str] = {}
    for _, place in cells_of(near):
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
