"""Attributes of a service in HSDS: its type, target groups, and registered capacity."""

from collections.abc import Iterable
from typing import Final

from kpss_geo.export.bundle import Bundle
from kpss_geo.export.hsds_words import Json, identifier, known
from kpss_geo.export.listing import Record
from kpss_geo.report.sentences import FORM_WORDS, unit_name

TYPES: Final = "MPSV, číselník DruhSocialniSluzby"
TARGETS: Final = "MPSV, číselník CilovaSkupinaOsoby"


def attributes(row: Record, groups: Iterable[str], service: str, bundle: Bundle) -> list[Json]:
    """Give the type first, then target groups, then each line of the registered capacity."""
    kind = bundle.data.types[row["service_type"]]
    act = f"§ {kind.paragraph} zákona č. 108/2006 Sb." if kind.paragraph else kind.name
    return [
        _term(service, "service_type", TYPES, kind.name, code=kind.code, meaning=act),
        *(
            _term(service, "eligibility", TARGETS, group, code="", meaning="cílová skupina")
            for group in groups
        ),
        *_capacity(row["service_id"], service, bundle),
    ]


def _term(service: str, link: str, taxonomy: str, name: str, *, code: str, meaning: str) -> Json:
    term = {
        "id": identifier("term", taxonomy, name),
        "code": code,
        "name": name,
        "description": meaning,
        "taxonomy": taxonomy,
        "language": "cs",
    }
    return {
        "id": identifier("attribute", service, taxonomy, name),
        "link_id": service,
        "link_entity": "service",
        "link_type": link,
        "taxonomy_term_id": term["id"],
        "taxonomy_term": known(term),
    }


def _capacity(service_id: str, service: str, bundle: Bundle) -> list[Json]:
    """Give capacity as it is registered, each form and unit by its name; units are never added."""
    words = bundle.words
    table = bundle.data.register.capacities
    mine = table[(table["service_id"] == service_id) & table["count"].notna()]
    return [
        {
            "id": identifier("capacity", service, line["form"], line["unit"]),
            "link_id": service,
            "link_entity": "service",
            "link_type": "registered_capacity",
            "label": f"registrovaná kapacita, forma {words.t(FORM_WORDS[line['form']])}: "
            f"počet {unit_name(line['unit'], words)}",
            "value": f"{line['count']:g}",
        }
        for line in mine.to_dict("records")
    ]
