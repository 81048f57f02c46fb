"""The extract of the register of providers: one row per address of a registration.

The rows repeat the registration's own facts (type, forms, capacity, dates) at each of
its addresses. They are read once per registration here, so that a capacity is never
multiplied by the number of addresses.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import N_, FileNotUsable, Finding
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.capacities import read_capacities
from kpss_geo.sources.files import Found, read_toml
from kpss_geo.sources.places import locate
from kpss_geo.sources.tables import read_csv
from kpss_geo.sources.tidy import odd_contacts, tidied

SERVICE_COLUMNS: Final = (TYPE_CODE, "source", "provider", "ico", "since", "until")
PLACE_COLUMNS: Final = (
    NAME, "address_code", "street", "house_number", "orientation_number", "postcode", "obec",
    "obec_part", "web", "phone",
)  # fmt: skip
ACT: Final = "MPSV"
"""Source of services of the act; the others are of neighbouring fields, such as health care."""
SOURCES: Final = (ACT, "UZIS")
GROUPS: Final = "register_groups"
COLUMNS: Final = (SERVICE_ID, *SERVICE_COLUMNS, "forms", *PLACE_COLUMNS, CODE, "lat", "lon")
ADDRESS: Final = (CODE, "address_code", "obec_part", "street", "house_number")
"""What tells two addresses of one service apart."""
FLAGS: Final = dict.fromkeys(("apart", "placeless"), False)
NOT_IN_EXTRACT: Final[dict[str, str | bool]] = {"opening": "", "email": "", **FLAGS}
"""Facts of a service that only the whole register gives."""
_REGION = re.compile(r"CZ\d{3}")


@dataclass(frozen=True)
class Completeness:
    """What the register holds whole; outside of it an absent service is unknown."""

    title: str
    as_of: str
    note: str
    register_groups: frozenset[str]
    districts: frozenset[str]
    type_codes: frozenset[str]

    @property
    def whole_from(self) -> date | None:
        """First day of the month of the register; services that ended before are not in it."""
        try:
            return date.fromisoformat(f"{self.as_of[:7]}-01")
        except ValueError:
            return None


@dataclass(frozen=True)
class Register:
    """Services, their places and capacities.

    services
        Index `service_id`; type, provider, `since`, `until` (dates or None), `web`, `email`,
        `phone`, `opening` (JSON text); frozensets of `register_groups`, `age_bands` and
        `regions` (CZ042) it extends to, empty when not given; `addresses` (how many), `clear`
        (source and type known), `apart` (another record of its id counts), `placeless` (no
        place of it is named: it may be anywhere).
    capacities
        One row per service, form and unit: `service_id`, `form`, `unit`, `count` (NaN when
        the register gives none that is possible).
    places
        One row per address: `service_id`, name, address, obec, phone, web, `since`, `until`
        (its own; the place ends when it or its service ends), `secret` (to be shown by its
        obec only, never as a point), `x`, `y` (metres, NaN when not even the obec is known),
        `located` (one of `geocode.LEVELS`).
    """

    services: pd.DataFrame
    capacities: pd.DataFrame
    places: pd.DataFrame
    completeness: Completeness
    findings: list[Finding]

    @cached_property
    def forms(self) -> dict[str, frozenset[str]]:
        """Forms in which the services of each type are registered, by code of the type."""
        types = self.capacities[SERVICE_ID].map(self.services[TYPE_CODE])
        return {
            str(code): frozenset(forms)
            for code, forms in self.capacities["form"].groupby(types.to_numpy())
        }


def is_open(rows: pd.DataFrame, on: date) -> pd.Series:
    """Whether the day lies between `since` and `until` of each row, both days included."""
    return pd.Series(
        [
            (since is None or since <= on) and (until is None or until >= on)
            for since, until in zip(rows["since"], rows["until"], strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def open_places(register: Register, on: date) -> pd.DataFrame:
    """Places open on the day, each address of a service once.

    The register names one address again for each floor or each period; where no address is
    given, rows cannot be told to be one.
    """
    then = register.places[is_open(register.places, on)]
    stated = then["address_code"].ne("") | then["house_number"].ne("")
    return then[~(stated & then.duplicated([SERVICE_ID, *ADDRESS]))]


def read_completeness(path: Path | None) -> Completeness:
    """Read what a register file holds whole; no statement means nothing is whole.

    Raises
    ------
    FileNotUsable
        The statement is not readable or a list in it is not a list of texts.
    """
    facts: dict[str, Any] = {} if path is None else read_toml(path)
    lists: dict[str, frozenset[str]] = {}
    for key in (GROUPS, "districts", "type_codes"):
        values = facts.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise FileNotUsable(file=path.name if path else "", why=f'{key}: ["…", "…"]')
        lists[key] = frozenset(values)
    return Completeness(
        title=str(facts.get("title", "")),
        as_of=str(facts.get("as_of", "")),
        note=str(facts.get("note", "")),
        register_groups=lists[GROUPS],
        districts=lists["districts"],
        type_codes=lists["type_codes"],
    )


def read_register(
    found: Found, *, obce: pd.DataFrame, completeness: Completeness, known_types: Collection[str]
) -> Register:
    """Read the extract; every fault is named, no row is lost silently.

    Raises
    ------
    FileNotUsable, MissingColumns
        The file cannot be read at all.
    """
    text = read_csv(found.path, columns=COLUMNS)
    return register_of(
        text, found=found, obce=obce, completeness=completeness, known_types=known_types
    )


def register_of(
    text: pd.DataFrame,
    *,
    found: Found,
    obce: pd.DataFrame,
    completeness: Completeness,
    known_types: Collection[str],
) -> Register:
    """Make a register of rows read as text, their index the rows of the file they come from."""
    without_id = text[SERVICE_ID].str.strip() == ""
    findings = [
        _finding(found, row, SERVICE_ID, N_("The row has no service id and was left out."))
        for row in text.index[without_id]
    ]
    rows = tidied(text[~without_id])
    first = rows.drop_duplicates(SERVICE_ID)
    findings += _disagreements(rows, first, found)
    findings += odd_contacts(rows, file=found.label)
    findings += _repeated_addresses(rows, found)
    rows = rows.drop_duplicates([SERVICE_ID, *ADDRESS])
    capacities, capacity_faults = read_capacities(first, file=found.label)
    services, date_faults = _services(first, rows, completeness, found)
    services["clear"], unclear = _clear(first, known_types, found)
    located, place_faults = locate(rows, obce=obce, found=found)
    places = rows[[SERVICE_ID, *PLACE_COLUMNS, CODE]].join(located).reset_index(drop=True)
    places = places.assign(since=None, until=None, secret=False)
    findings += unclear + capacity_faults + date_faults + place_faults
    return Register(services, capacities, places, completeness, findings)


def _finding(
    found: Found,
    row: object,
    column: str,
    template: str,
    *,
    warning: bool = False,
    **fields: object,
) -> Finding:
    return Finding(
        "warning" if warning else "error",
        found.label,
        template,
        row=int(str(row)),
        column=column,
        fields=fields,
    )


def _clear(
    first: pd.DataFrame, known_types: Collection[str], found: Found
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Tell the services whose source and type are known; an empty table is a fault too."""
    if first.empty:
        return np.zeros(0, dtype=bool), [
            Finding("error", found.label, N_("The table holds no service at all."))
        ]
    strange_source = ~first["source"].isin(SOURCES)
    strange_type = first["source"].eq(ACT) & ~first[TYPE_CODE].isin(known_types)
    template = N_(
        "“{value}” is not known here. The service may be of any type: where it is within reach, "
        "a verdict is not known. Correct the cell."
    )
    findings = [
        _finding(found, row, column, template, value=str(first.at[row, column])[:40])
        for column, strange in (("source", strange_source), (TYPE_CODE, strange_type))
        for row in first.index[strange]
    ]
    return ~(strange_source | strange_type).to_numpy(dtype=bool), findings


def _repeated_addresses(rows: pd.DataFrame, found: Found) -> list[Finding]:
    repeated = rows.duplicated([SERVICE_ID, *ADDRESS])
    return [
        _finding(
            found,
            row,
            SERVICE_ID,
            N_("The service {service} has this address in an earlier row; it counts once."),
            warning=True,
            service=service,
        )
        for row, service in rows.loc[repeated, SERVICE_ID].items()
    ]


def _disagreements(rows: pd.DataFrame, first: pd.DataFrame, found: Found) -> list[Finding]:
    findings = []
    shown = rows[[SERVICE_ID]].reset_index(names="row")
    for column in (TYPE_CODE, "forms", "since", "until"):
        expected = first.set_index(SERVICE_ID)[column]
        shown["given"] = rows[column].to_numpy()
        shown["first"] = shown[SERVICE_ID].map(expected)
        findings += [
            _finding(
                found,
                line.row,
                column,
                N_("The service {service} has “{first}” in its first row. That one is used."),
                service=line.service_id,
                first=line.first,
            )
            for line in shown[shown["given"] != shown["first"]].itertuples()
        ]
    return findings


def _services(
    first: pd.DataFrame, rows: pd.DataFrame, completeness: Completeness, found: Found
) -> tuple[pd.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    columns = [SERVICE_ID, *SERVICE_COLUMNS, "web", "phone"]
    services = first[columns].set_index(SERVICE_ID).assign(**NOT_IN_EXTRACT)
    for column in ("since", "until"):
        dates = []
        for row, text in first[column].items():
            value, bad = _date(text)
            if bad:
                template = N_("“{value}” is no date (YYYY-MM-DD). The service counts as open.")
                findings.append(_finding(found, row, column, template, value=text[:40]))
            dates.append(value)
        services[column] = pd.Series(dates, index=services.index, dtype=object)
    reversed_dates = [
        row
        for row, since, until in zip(first.index, services["since"], services["until"], strict=True)
        if since is not None and until is not None and until < since
    ]
    template = N_("The service ends before it starts. It counts on no day; correct the dates.")
    findings += [_finding(found, row, "until", template) for row in reversed_dates]
    usual = {GROUPS: completeness.register_groups}
    for column in (GROUPS, "regions", "age_bands"):
        given = first[column] if column in first.columns else [None] * len(first)
        none = usual.get(column, frozenset())
        sets = [none if text is None else _set(text) for text in given]
        services[column] = pd.Series(sets, index=services.index, dtype=object)
    findings += _strange_regions(services["regions"], first, found)
    services["addresses"] = rows.groupby(SERVICE_ID).size().reindex(services.index)
    return services, findings


def _strange_regions(regions: pd.Series, first: pd.DataFrame, found: Found) -> list[Finding]:
    template = N_("“{value}” is no code of a region (CZ042). The service is not led as serving it.")
    return [
        _finding(found, row, "regions", template, value=code[:20])
        for row, codes in zip(first.index, regions, strict=True)
        for code in sorted(codes)
        if not _REGION.fullmatch(code)
    ]


def _set(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, text.split("|"))))


def _date(text: str) -> tuple[date | None, bool]:
    if not text.strip():
        return None, False
    try:
        return date.fromisoformat(text.strip()[:10]), False
    except ValueError:
        return None, True
