"""Services written in the Open Referral Human Services Data Specification (HSDS 3), JSON.

A list of services, a page of one (`contents`), or one service; each with its organization,
its locations and their addresses inside. Names of contact persons are not read.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_, Finding, TableNotUsable
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.limits import MAX_CELL, MAX_ROWS, MAX_TABLE_BYTES, TOO_LARGE, TOO_MANY
from kpss_geo.sources.tables import Table, tidy

PROVIDERS: Final = (
    "service_id", "provider", "ico", "name", "type", "capacity", "address", "street",
    "postcode", "obec", "lat", "lon", "groups", "phone", "web",
)  # fmt: skip
SERVED: Final = ("provider", "type", "area")
LISTS: Final = ("contents", "services", "service")
Record = Mapping[str, Any]


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does, whatever its name."""
    check_readable(path)
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", b"["))


def read_hsds(path: Path, *, kind: str) -> Table:
    """Read services as a table of text, one row per service and location (or served area).

    The rows are numbered from 1 in the order of the file.

    Raises
    ------
    TableNotUsable
        It is no JSON, is cut, too large, or holds no service.
    """
    services = _services(path)
    columns, read = (SERVED, _areas) if kind == "served" else (PROVIDERS, _places)
    rows: list[dict[str, str]] = []
    findings: list[Finding] = []
    for number, service in enumerate(services, start=1):
        if not isinstance(service, dict) or not _text(service, "name"):
            template = N_("Service {number} of the file has no name. It was left out.")
            fields = {"number": number}
            findings.append(Finding("error", path.name, template, number, None, fields))
            continue
        rows += read(service)
        if len(rows) > MAX_ROWS:
            raise TableNotUsable(file=path.name, why=TOO_MANY)
    text = pd.DataFrame(rows, columns=list(columns), dtype=str).fillna("")
    text.index = pd.RangeIndex(1, len(text) + 1)
    return Table(text, findings)


def _services(path: Path) -> list[Any]:
    check_readable(path)
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise TableNotUsable(file=path.name, why=TOO_LARGE)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        why = f"JSON: {error.msg} ({error.lineno}:{error.colno})"
        raise TableNotUsable(file=path.name, why=why) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise TableNotUsable(file=path.name, why=N_("it is not JSON in UTF-8")) from error
    if isinstance(content, dict):
        lists = [content[key] for key in LISTS if isinstance(content.get(key), list)]
        content = lists[0] if lists else [content] if "name" in content else []
    if not isinstance(content, list) or not content:
        raise TableNotUsable(file=path.name, why=N_("it holds no service of HSDS"))
    return content


def _places(service: Record) -> Iterator[dict[str, str]]:
    """Rows of a service: one for each of its locations, one without an address if none."""
    about = {**_about(service), "capacity": _capacity(service), "groups": _groups(service)}
    locations = [
        place["location"]
        for place in _list(service, "service_at_locations")
        if isinstance(place.get("location"), dict)
    ]
    for location in locations or _list(service, "locations") or [{}]:
        phone = _first(location, "phones", "number") or about["phone"]
        yield {**about, "phone": phone, **_address(location)}


def _areas(service: Record) -> Iterator[dict[str, str]]:
    about = _about(service)
    for area in _list(service, "service_areas"):
        name = _text(area, "name") or _text(area, "extent")
        yield {"provider": about["provider"], "type": about["type"], "area": name}


def _about(service: Record) -> dict[str, str]:
    organization = service.get("organization")
    who: Record = organization if isinstance(organization, dict) else {}
    identifiers = _list(who, "organization_identifiers")
    ico = [_text(i, "identifier") for i in identifiers if _is_ico(i)]
    return {
        "service_id": _text(service, "id"),
        "provider": _text(who, "name") or _text(service, "name"),
        "ico": ico[0] if ico else "",
        "name": _text(service, "name"),
        "type": _type(service),
        "phone": _first(service, "phones", "number"),
        "web": _text(service, "url") or _text(who, "website"),
    }


def _address(location: Record) -> dict[str, str]:
    addresses = _list(location, "addresses")
    physical = [a for a in addresses if _text(a, "address_type") in ("physical", "")]
    first: Record = next(iter(physical or addresses), {})
    return {
        "address": ", ".join(filter(None, (_text(first, "address_1"), _postal(first)))),
        "postcode": _text(first, "postal_code"),
        "obec": _text(first, "city"),
        "lat": _text(location, "latitude"),
        "lon": _text(location, "longitude"),
    }


def _postal(address: Record) -> str:
    return " ".join(filter(None, (_text(address, "postal_code"), _text(address, "city"))))


def _type(service: Record) -> str:
    """Type by the first taxonomy term of the service; its name where it has none."""
    for attribute in _list(service, "attributes"):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict) and (_text(term, "code") or _text(term, "name")):
            return _text(term, "name") or _text(term, "code")
    return _text(service, "alternate_name") or _text(service, "name")


def _capacity(service: Record) -> str:
    parts = []
    for capacity in _list(service, "capacities"):
        unit = capacity.get("unit")
        count = _text(capacity, "maximum") or _text(capacity, "available")
        parts.append(f"{count} {_text(unit, 'name') if isinstance(unit, dict) else ''}".strip())
    return "; ".join(filter(None, parts))


def _groups(service: Record) -> str:
    names = (_text(e, "eligible_values") for e in _list(service, "eligibility"))
    return _text(service, "eligibility_description") or "; ".join(filter(None, names))


def _is_ico(identifier: Record) -> bool:
    kind = f"{_text(identifier, 'identifier_scheme')} {_text(identifier, 'identifier_type')}"
    return any(mark in kind.upper() for mark in ("CZ-ICO", "IČO", "ICO", "IČ"))


def _first(record: Record, key: str, field: str) -> str:
    return next((text for item in _list(record, key) if (text := _text(item, field))), "")


def _list(record: Record, key: str) -> list[Record]:
    items = record.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return tidy(str(value))[:MAX_CELL]
