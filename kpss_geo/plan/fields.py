"""What of the register may be corrected, how a value of it is written, and what it says now."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from kpss_geo.errors import N_, BadOption, Phrase
from kpss_geo.plan.typed import day, obec_code, one_of, text
from kpss_geo.schema import (
    CAPACITY_UNITS,
    CODE,
    CZECHIA_5514,
    FORMS,
    NAME,
    SERVICE_ID,
    TYPE_CODE,
    X,
    Y,
    in_czechia,
    to_metric,
)
from kpss_geo.sources.register import ADDRESS, Register

CLOSED: Final = "closed"
POINT: Final = "point"
CAPACITY: Final = "capacity:"
YES: Final = "yes"
AGREED: Final = (YES, "ano", "так")
FORM_MARK: Final = "|"
MAX_CAPACITY: Final = 100_000
WHOLE_SERVICE: Final = ""
"""Place of a correction that is about the registration, not about one address of it."""

SERVICE_FIELDS: Final[Mapping[str, Phrase]] = {
    TYPE_CODE: N_("type of service (code)"),
    "provider": N_("provider"),
    "since": N_("provided since"),
    "until": N_("provided until"),
    "forms": N_("forms of service"),
    **{f"{CAPACITY}{form}": N_("capacity of the form") for form in FORMS},
}
PLACE_FIELDS: Final[Mapping[str, Phrase]] = {
    NAME: N_("name of the place"),
    "phone": N_("phone"),
    "web": N_("web page"),
    "address_code": N_("address code (RÚIAN)"),
    "street": N_("street"),
    "house_number": N_("house number"),
    "orientation_number": N_("orientation number"),
    "postcode": N_("postcode"),
    "obec_part": N_("part of the obec"),
    CODE: N_("obec (code)"),
    POINT: N_("point on the map"),
    CLOSED: N_("the place is closed"),
}
OF_A_SECRET_PLACE: Final = (CODE, CLOSED)
"""What may be corrected of a place whose address is kept secret: nothing that leads to it."""
FIELDS: Final = (*SERVICE_FIELDS, *PLACE_FIELDS)
"""In the order in which corrections are laid over the register: the obec before the point."""

NEEDED: Final = (NAME, CODE, POINT, TYPE_CODE, CLOSED)
"""Fields that cannot be empty."""

_AMOUNT = re.compile(r"^([a-z]+)\s*=\s*([0-9]+)$")
_WEB = re.compile(r"^(https?://)?[^\s:/?#@]+\.[^\s:/?#@]+(:\d+)?([/?#]\S*)?$", re.IGNORECASE)


def place_keys(places: pd.DataFrame) -> pd.Series:
    """Give what tells the places of a service apart: the parts of the address in the register."""
    joined = [
        " ".join(" | ".join(map(str, parts)).split())
        for parts in places[list(ADDRESS)].itertuples(index=False)
    ]
    return pd.Series(joined, index=places.index, dtype=str)


def parse(field: str, given: str, *, known_types: Collection[str]) -> str:
    """Give a typed value of a field in the one form in which it is stored.

    Dates are YYYY-MM-DD, forms `amb|ter`, capacities `luzka=24+klient=3`, a point `x y` in
    metres of EPSG:5514 (degrees are turned into them), `closed` is `yes`. Empty is "not
    known", where a field may be so.

    Raises
    ------
    BadOption
        The field may not be corrected, or cannot hold this value.
    """
    one_of(field, option="field", possible=FIELDS)
    value = text(given, option=field, longest=500, needed=field in NEEDED)
    if field == TYPE_CODE:
        return one_of(value, option=field, possible=known_types)
    return _PARSERS.get(field, str)(value)


def _since(value: str) -> str:
    return _day(value, "since")


def _until(value: str) -> str:
    return _day(value, "until")


def _day(value: str, field: str) -> str:
    moment = day(value, option=field)
    return "" if moment is None else moment.isoformat()


def _closed(value: str) -> str:
    one_of(value.casefold(), option=CLOSED, possible=AGREED)
    return YES


def _web(value: str) -> str:
    if value and not _WEB.match(value):
        raise BadOption(given=value[:60], option="web", possible="www.…, https://…")
    return value


def _forms(value: str) -> str:
    given = {part.strip() for part in re.split(r"[|,;+ ]+", value) if part.strip()}
    for part in sorted(given):
        one_of(part, option="forms", possible=FORMS)
    if not given:
        raise BadOption(given="", option="forms", possible=", ".join(FORMS))
    return FORM_MARK.join(form for form in FORMS if form in given)


def amounts(value: str) -> list[tuple[str, float]]:
    """Give unit and count of each part of `luzka=24+klient=3`; empty for not known."""
    pairs = (part.split("=") for part in value.split("+") if part)
    return [(unit, float(count)) for unit, count in pairs]


def _capacity(value: str) -> str:
    found = []
    for part in filter(None, (part.strip() for part in value.split("+"))):
        match = _AMOUNT.match(part)
        if not match or match[1] not in CAPACITY_UNITS or not 0 < int(match[2]) <= MAX_CAPACITY:
            possible = f"{'=…, '.join(CAPACITY_UNITS)}=…"
            raise BadOption(given=part[:40], option=CAPACITY, possible=possible)
        found.append((match[1], int(match[2])))
    if len({unit for unit, _ in found}) < len(found):
        raise BadOption(given=value[:40], option=CAPACITY, possible=N_("each unit once"))
    return "+".join(f"{unit}={count}" for unit, count in found)


def _point(value: str) -> str:
    """Take metres of EPSG:5514 or degrees (latitude first, as maps write them)."""
    wrong = BadOption(
        given=value[:60], option=POINT, possible="50.951, 14.551 / -722000 -947000 (EPSG:5514)"
    )
    cleaned = re.sub(r"[°NE\s;,]+", " ", value).strip().split(" ")
    try:
        first, second = (float(part) for part in cleaned)
    except ValueError:
        raise wrong from None
    if in_czechia(np.array([second]), np.array([first]))[0]:
        (first,), (second,) = to_metric(np.array([second]), np.array([first]))
    west, south, east, north = CZECHIA_5514
    if not (west <= first <= east and south <= second <= north):
        raise wrong
    return f"{first:.1f} {second:.1f}"


_PARSERS: Final[Mapping[str, Callable[[str], str]]] = {
    "since": _since,
    "until": _until,
    "forms": _forms,
    "web": _web,
    CODE: obec_code,
    POINT: _point,
    CLOSED: _closed,
    **{f"{CAPACITY}{form}": _capacity for form in FORMS},
}
"""How the fields are read that are not plain text."""


@dataclass(frozen=True)
class Present:
    """A register with the keys of its places, to ask what it says now."""

    register: Register
    keys: pd.Series

    def has_service(self, service_id: str) -> bool:
        """Whether the register holds the service."""
        return service_id in self.register.services.index

    def rows_of(self, service_id: str) -> pd.DataFrame:
        """Places of the service."""
        places = self.register.places
        return places[places[SERVICE_ID] == service_id]

    def labels_of(self, service_id: str, place: str) -> list[Any]:
        """Labels of the rows of a place; the register may name one address several times."""
        mine = self.rows_of(service_id).index
        return [label for label in mine if self.keys.at[label] == place]

    def is_secret(self, service_id: str) -> bool:
        """Whether the service keeps an address secret; then nothing may lead to any."""
        mine = self.rows_of(service_id)
        return "secret" in mine.columns and bool(mine["secret"].astype(bool).any())

    def says(self, service_id: str, place: str, field: str) -> str:
        """Give a field of a service, or of a place of it, in the form in which it is stored."""
        if field in PLACE_FIELDS:
            label = self.labels_of(service_id, place)[0]
            return _of_place(self.register.places.loc[label], field)
        if field == "forms" or field.startswith(CAPACITY):
            table = self.register.capacities
            return _of_capacities(table[table[SERVICE_ID] == service_id], field)
        value = self.register.services.at[service_id, field]
        return value.isoformat() if isinstance(value, date) else str(value or "")


def look_at(register: Register) -> Present:
    """Make a register ready to be asked what it says now."""
    return Present(register, place_keys(register.places))


def _of_place(row: pd.Series, field: str) -> str:
    if field == CLOSED:
        return ""
    if field == POINT:
        return "" if pd.isna(row[X]) else f"{row[X]:.1f} {row[Y]:.1f}"
    return str(row[field])


def _of_capacities(rows: pd.DataFrame, field: str) -> str:
    if field == "forms":
        held = set(rows["form"])
        return FORM_MARK.join(form for form in FORMS if form in held)
    mine = rows[(rows["form"] == field.removeprefix(CAPACITY)) & rows["count"].notna()]
    pairs = zip(mine["unit"], mine["count"], strict=True)
    return "+".join(f"{unit}={count:.0f}" for unit, count in pairs)
