"""What HSDS 3.1 requires of the records we write: a small schema of our own.

Written by hand from the schema reference of the specification (required fields, types,
formats, enumerations); it is not the specification's file, and is stricter in one thing:
a property that HSDS does not know is refused, so that a slip of a name is seen.
"""

from typing import Any

UUID = {"type": "string", "format": "uuid"}
TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "format": "uri"}
EMAIL = {"type": "string", "format": "email"}
NUMBER = {"type": "number"}


def record(*required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {"id": UUID, **properties},
        "additionalProperties": False,
    }


def many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "minItems": 1}


def one(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


RECORDS = {
    "service": record(
        "id", "name", "status",
        organization_id=UUID, name=TEXT, alternate_name=TEXT, description=TEXT, url=URI,
        email=EMAIL, eligibility_description=TEXT, minimum_age=NUMBER, maximum_age=NUMBER,
        status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
        organization=one("organization"), phones=many("phone"), schedules=many("schedule"),
        service_at_locations=many("service_at_location"), attributes=many("attribute"),
        languages=many("language"),
        service_areas=many("service_area"),
    ),
    "service_area": record("id", service_id=UUID, name=TEXT, description=TEXT),
    "organization": record(
        "id", "name", "description",
        name=TEXT, description=TEXT, website=URI, email=EMAIL,
        organization_identifiers=many("organization_identifier"),
    ),
    "organization_identifier": record(
        "id", "identifier_type", "identifier",
        organization_id=UUID, identifier_scheme=TEXT, identifier_type=TEXT, identifier=TEXT,
    ),
    "service_at_location": record(
        "id", service_id=UUID, location_id=UUID, description=TEXT, location=one("location")
    ),
    "location": record(
        "id", "location_type",
        location_type={"enum": ["physical", "postal", "virtual"]}, name=TEXT, description=TEXT,
        latitude=NUMBER, longitude=NUMBER, addresses=many("address"), phones=many("phone"),
    ),
    "address": record(
        "id", "address_1", "city", "state_province", "postal_code", "country", "address_type",
        location_id=UUID, address_1=TEXT, city=TEXT, state_province=TEXT, postal_code=TEXT,
        country={"type": "string", "pattern": "^[A-Z]{2}$"},
        address_type={"enum": ["physical", "postal", "virtual"]},
    ),
    "phone": record("id", "number", location_id=UUID, service_id=UUID, number=TEXT),
    "schedule": record("id", service_id=UUID, description=TEXT),
    "language": record("id", name=TEXT, code=TEXT),
    "attribute": record(
        "id", link_id=UUID, link_entity=TEXT, link_type=TEXT, label=TEXT, value=TEXT,
        taxonomy_term_id=UUID, taxonomy_term=one("taxonomy_term"),
    ),
    "taxonomy_term": record(
        "id", "name", "description",
        code=TEXT, name=TEXT, description=TEXT, taxonomy=TEXT, language=TEXT,
    ),
}  # fmt: skip

PAGE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": RECORDS,
    "type": "object",
    "required": [
        "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty",
        "contents",
    ],
    "properties": {
        "total_items": {"type": "integer"},
        "contents": {"type": "array", "items": {"$ref": "#/$defs/service"}},
    },
}  # fmt: skip
