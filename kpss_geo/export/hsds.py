"""Services in the Open Referral Human Services Data Specification (HSDS 3), one JSON file.

What the register does not say is left out. So is the registered capacity as a `capacity`
of HSDS: that one must say how many units are free, which nobody knows; it stands among the
attributes instead. Of a secret address the obec alone is written.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_
from kpss_geo.export import listing, whole
from kpss_geo.export.about import made_from
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import first_capital
from kpss_geo.export.hsds_contact import address_of, email_of, opening_of, point_of, url_of
from kpss_geo.export.hsds_terms import attributes
from kpss_geo.export.hsds_words import Json, identifier, known
from kpss_geo.export.listing import Record
from kpss_geo.schema import NAME
from kpss_geo.sources.geocode import LOCATED_WORDS
from kpss_geo.sources.register import GROUPS
from kpss_geo.sources.segments import Progress, silent

VERSION: Final = "3.1"
DECLARED: Final = "obec, kterou služba podle týmu plánu obsluhuje"
REGISTERED: Final = "kraj, na který se podle registru rozšiřuje působnost"


def write_hsds(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the services in and around a territory as HSDS into the folder; give the path."""
    progress(N_("Writing services for other directories"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}-hsds.json"
    text = json.dumps(hsds(bundle), ensure_ascii=False, indent=1, allow_nan=False)
    return [whole.write(path, text.encode())]


def hsds(bundle: Bundle) -> Json:
    """Give a page of services with everything inside, as HSDS describes its list of services.

    Services are those of `listing.services`. `kpss_geo` says the question, the data and the
    program; readers of HSDS pass over it.
    """
    by_service: dict[str, list[Record]] = {}
    for row in listing.services(bundle):
        by_service.setdefault(row["service_id"], []).append(row)
    contents = [_service(rows, bundle) for rows in by_service.values()]
    return {
        "version": VERSION,
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
        "kpss_geo": made_from(bundle),
    }


def _service(rows: Sequence[Record], bundle: Bundle) -> Json:
    first = rows[0]
    facts = _facts(first["service_id"], bundle)
    key = identifier("service", first["service_id"])
    who = _organization(first["provider"], facts["ico"])
    groups = sorted(facts[GROUPS])
    return known(
        {
            "id": key,
            "organization_id": who.get("id"),
            "name": _name(rows),
            "description": _description(first, bundle),
            "url": next(filter(None, (url_of(row["web"]) for row in rows)), None),
            "email": email_of(facts["email"]),
            "status": "active",
            "eligibility_description": "; ".join(groups),
            "organization": who,
            "schedules": _schedules(facts["opening"], key),
            "service_areas": _areas(first["service_id"], facts["regions"], key, bundle),
            "service_at_locations": [_at(row, key, bundle) for row in rows],
            "attributes": attributes(first, groups, key, bundle),
        }
    )


def _facts(service_id: str, bundle: Bundle) -> Json:
    """Give what the register says of a service as a whole."""
    register = bundle.data.register
    facts: Json = {str(k): v for k, v in register.services.loc[service_id].to_dict().items()}
    mine = register.places[register.places["service_id"] == service_id]
    if mine["secret"].astype(bool).any():  # what is said of the whole may lead to that place
        facts |= {"email": "", "opening": ""}
    return facts


def _name(rows: Sequence[Record]) -> str:
    """Give the name of the places where they share one, else that of the provider."""
    names = {row["name"] for row in rows}
    shared = str(rows[0]["name"]) if len(names) == 1 else ""
    return shared or rows[0]["provider"] or rows[0]["service_name"]


def _description(row: Record, bundle: Bundle) -> str:
    kind = bundle.data.types[row["service_type"]]
    label = first_capital(kind.label)
    return f"{label}; forma: {row['forms']}. Registrovaná kapacita: {row['capacity']}."


def _organization(provider: str, ico: str) -> Json:
    """Give the provider; nothing where the register does not name it."""
    if not provider:
        return {}
    key = identifier("organization", ico or provider)
    number = {
        "id": identifier("ico", ico),
        "organization_id": key,
        "identifier_scheme": "CZ-ICO",
        "identifier_type": "IČO",
        "identifier": ico,
    }
    return {
        "id": key,
        "name": provider,
        "description": "Poskytovatel sociálních služeb.",
    } | ({"organization_identifiers": [number]} if ico else {})


def _at(row: Record, service: str, bundle: Bundle) -> Json:
    """Link a service with its place."""
    location = _location(row, bundle)
    return known(
        {
            "id": identifier("at", service, location["id"]),
            "service_id": service,
            "location_id": location["id"],
            "description": "sídlo terénní služby" if row["used"] is None else "",
            "location": location,
        }
    )


def _location(row: Record, bundle: Bundle) -> Json:
    """Give a place; of a secret one its obec alone, and an identifier made of no more."""
    secret = row["located"] == listing.SECRET
    key = identifier("location", row["service_id"], row["code"], "" if secret else row["address"])
    region = str(bundle.data.obce["region_name"].get(row["code"], ""))
    phones = [{"id": identifier("phone", key), "location_id": key, "number": row["phone"]}]
    return known(
        {
            "id": key,
            "location_type": "physical",
            "name": row["obec"] if secret else row["name"] or row["provider"],
            "description": _how_known(row, bundle),
            **point_of(row),
            "addresses": address_of(row, region, identifier("address", key), key),
            "phones": phones if row["phone"] else [],
        }
    )


def _how_known(row: Record, bundle: Bundle) -> str:
    """Say how well it is known where a place is; nothing of one at its address."""
    if row["located"] == listing.SECRET:
        return listing.KEPT_SECRET
    said = LOCATED_WORDS.get(row["located"])
    return bundle.words.t(said) if said else ""


def _areas(service_id: str, regions: Iterable[str], service: str, bundle: Bundle) -> list[Json]:
    """Give obce that the team says are served, and whole regions that the register names."""
    obce = bundle.data.obce
    declared = obce[NAME].reindex(bundle.said.declared(service_id)).dropna()
    named = obce.drop_duplicates("region_code").set_index("region_code")["region_name"]
    areas = {str(code): (str(name), DECLARED) for code, name in declared.items()}
    areas |= {code: (str(named[code]), REGISTERED) for code in sorted(regions) if code in named}
    return [
        {
            "id": identifier("area", service, code),
            "service_id": service,
            "name": name,
            "description": by,
        }
        for code, (name, by) in areas.items()
    ]


def _schedules(opening: str, service: str) -> list[Json]:
    return [
        {"id": identifier("schedule", service, form), "service_id": service, "description": text}
        for form, text in opening_of(opening)
    ]
