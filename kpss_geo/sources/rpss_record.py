"""One record of the register RPSS turned into rows of the product's tables.

What is personal (persons, birth numbers, notes, documents) and what is secret (a kept
address) is never looked at here, so that nothing after this door can hold it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from kpss_geo.errors import N_
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources import rpss_codes as lists
from kpss_geo.sources.register import ACT, GROUPS
from kpss_geo.sources.rpss_codes import Codes
from kpss_geo.sources.rpss_forms import Row, opening_text, read_forms
from kpss_geo.sources.rpss_json import Log, Node

SERVICE_KEYS: Final = frozenset({
    "portalId", "id", "identifikator", "datumPoskytovaniOd", "datumPoskytovaniDo",
    "kontaktniAdresy", "druhSocialniSluzby", "zarizeni", "poskytovatel", "emaily", "telefony",
    "faxy", "weby", "ciloveSkupiny", "vekoveSkupiny", "doplnujiciInformaceVekoveSkupiny",
    "formy", "rozsirenePusobnostiVKraji", "doplnkoveUdaje",
})  # fmt: skip
PROVIDER_KEYS: Final = frozenset({
    "nazev", "ico", "dic", "adresa", "weby", "emaily", "telefony", "faxy", "statutarniOrgany",
})  # fmt: skip
PLACE_KEYS: Final = frozenset({
    "nazev", "poskytujeOd", "poskytujeDo", "utajenaAdresa", "adresa", "id", "portalId",
    "identifikator",
})  # fmt: skip
ADDRESS_KEYS: Final = frozenset({
    "cisloDomovni", "cisloOrientacni", "dodatekAdresy", "kodAdresnihoMista", "psc",
    "typCislaDomovniho", "kraj", "okres", "obec", "castObce", "mestskyObvodMestskaCast",
    "mestskyObvodVPraze", "ulice",
})  # fmt: skip
CONTACTS: Final = (("web", "weby", "web"), ("email", "emaily", "email"),
                   ("phone", "telefony", "telefon"))  # fmt: skip

_ICO = re.compile(r"[0-9]{8}")
_OBEC = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Rows:
    """Rows of one record, or of all; a service, its capacities, its places."""

    services: list[Row] = field(default_factory=list)
    capacities: list[Row] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)


def read_record(record: Node, number: int, *, service: str, codes: Codes) -> Rows:
    """Turn a record into one service, its capacities and a place for each facility."""
    record.expects(SERVICE_KEYS, "")
    provider = record.node("poskytovatel")
    facilities = record.nodes("zarizeni")
    secret = [facility.held.get("utajenaAdresa") is not False for facility in facilities]
    capacities, opening = read_forms(record, service)
    name = (
        "" if provider is None else provider.expects(PROVIDER_KEYS, "poskytovatel.").text("nazev")
    )
    contacts = _contacts(record, provider)
    if any(secret):  # a telephone can lead to a door that must not be found, and so can hours
        contacts |= {"email": "", "phone": ""}
    facts: Row = {
        SERVICE_ID: service,
        "record": number,
        TYPE_CODE: _type(record, codes),
        "source": ACT,
        "provider": name,
        "ico": "" if provider is None else _ico(provider),
        "since": record.day("datumPoskytovaniOd"),
        "until": record.day("datumPoskytovaniDo"),
        GROUPS: _names(record, "ciloveSkupiny", lists.GROUPS, codes.groups, codes),
        "age_bands": _names(record, "vekoveSkupiny", lists.AGES, codes.ages, codes),
        "regions": _names(record, "rozsirenePusobnostiVKraji", lists.REGIONS, codes.regions, codes),
        "opening": "" if any(secret) else opening_text(opening),
        **contacts,
    }
    _check_end(record, facts)
    places = [
        _secret_place(facility, name) if hidden else _place(facility, name, contacts, codes)
        for facility, hidden in zip(facilities, secret, strict=True)
    ]
    for order, place in enumerate(places):
        place |= {SERVICE_ID: service, "record": number, "facility": order}
    return Rows([facts], capacities, places)


def _type(record: Node, codes: Codes) -> str:
    code = record.code("druhSocialniSluzby", lists.TYPES)
    if not code:
        template = N_(
            "{service}: the type of service is not given. The service may be of any type: where "
            "it is within reach, a verdict is not known."
        )
        record.log.add("druhSocialniSluzby", template)
    elif lists.TYPES in codes.official and code not in codes.types:
        template = N_("{service}: the type {value} is not in the code list. It is shown as it is.")
        record.log.add("druhSocialniSluzby", template, warning=True, value=code[:20])
    return code


def _names(record: Node, key: str, of: str, names: Any, codes: Codes) -> tuple[str, ...]:
    """Names of the entries of a list; a code without a name stays `CilovaSkupinaOsoby/99`."""
    found = []
    for entry in record.nodes(key):
        code = _inner_entry(entry).entry_code(of)
        if not code:
            template = N_("{service}: an entry names nothing of the code list {list}.")
            record.log.add(entry.path, template, list=of)
            continue
        if code not in names and of in codes.official:
            template = N_("{service}: the code {value} is not in the code list {list}.")
            record.log.add(entry.path, template, warning=True, value=code[:20], list=of)
        found.append(names.get(code, f"{of}/{code}"))
    return tuple(dict.fromkeys(found))


def _inner_entry(entry: Node) -> Node:
    """Give the object that has the id: the entry itself, or the only object in it."""
    inner = [key for key, value in entry.held.items() if isinstance(value, dict)]
    if "id" in entry.held or len(inner) != 1:
        return entry
    return Node(entry.held[inner[0]], f"{entry.path}.{inner[0]}", entry.log)


def _ico(provider: Node) -> str:
    """Identification number of a provider; another number may be that of a person."""
    text = provider.text("ico")
    if text and not _ICO.fullmatch(text):
        template = N_(
            "{service}: the provider's number (IČO) has not eight digits; it is left out."
        )
        provider.log.add(f"{provider.path}.ico", template, warning=True)
        return ""
    return text


def _contacts(record: Node, provider: Node | None) -> dict[str, str]:
    """Give the first web, e-mail and phone of the service, else of its provider."""
    return {
        name: next(
            filter(None, (entry.text(key) for of in (record, provider) if of is not None
                          for entry in of.nodes(plural))), "",
        )
        for name, plural, key in CONTACTS
    }  # fmt: skip


def _check_end(record: Node, facts: Row) -> None:
    if facts["since"] and facts["until"] and facts["until"] < facts["since"]:
        template = N_("{service}: it ends before it starts. It counts on no day.")
        record.log.add("datumPoskytovaniDo", template)


def _dates(facility: Node) -> Row:
    since, until = facility.day("poskytujeOd"), facility.day("poskytujeDo")
    if since and until and until < since:
        template = N_("{service}: a place of it ends before it starts. It counts on no day.")
        facility.log.add(f"{facility.path}.poskytujeDo", template)
    return {"since": since, "until": until}


def _secret_place(facility: Node, provider: str) -> Row:
    """Give the place of a kept address: whose it is and in which obec, nothing else.

    Only a plain `false` makes an address public: where the register says anything else, or
    nothing, it is kept.
    """
    if facility.held.get("utajenaAdresa") is not True:
        template = N_("{service}: whether the address is secret is not said. It is kept secret.")
        facility.log.add(f"{facility.path}.utajenaAdresa", template)
    # Faults inside a secret address are not told: they could quote it.
    address = Node(facility.expects(PLACE_KEYS, "zarizeni[].").held, "", Log()).node("adresa")
    code = "" if address is None else address.code("obec", lists.OBCE)
    if not _OBEC.fullmatch(code):
        template = N_("{service}: an address is kept secret and its obec is not given either.")
        facility.log.add(f"{facility.path}.adresa", template, warning=True)
        code = ""
    empty = dict.fromkeys(PLACE_TEXTS, "")
    return {**empty, NAME: provider, CODE: code, "secret": True, **_dates(facility)}


_ADDRESS: Final = "zarizeni[].adresa."
PLACE_TEXTS: Final = (
    NAME, "address_code", "street", "house_number", "house_kind", "orientation_number",
    "postcode", CODE, "obec_part", "obec_part_code", "web", "phone",
)  # fmt: skip


def _place(facility: Node, provider: str, contacts: dict[str, str], codes: Codes) -> Row:
    facility.expects(PLACE_KEYS, "zarizeni[].")
    address = facility.node("adresa")
    where = dict.fromkeys(PLACE_TEXTS, "")
    if address is not None:
        where |= _parts(address.expects(ADDRESS_KEYS, _ADDRESS), codes)
    if not where[CODE]:
        template = N_(
            "{service}: a place of it has no obec in its address. It stands where its address "
            "code says, or nowhere."
        )
        facility.log.add(f"{facility.path}.adresa", template, warning=True)
    where[NAME] = facility.text("nazev") or provider
    where |= {"web": contacts["web"], "phone": contacts["phone"]}
    return {**where, "secret": False, **_dates(facility)}


def _parts(address: Node, codes: Codes) -> Row:
    street = address.node("ulice")
    part = address.code("castObce", lists.PARTS)
    number, house = address.whole("kodAdresnihoMista"), address.whole("cisloDomovni")
    return {
        "address_code": _positive(address, "kodAdresnihoMista", number),
        "street": "" if street is None else street.text("nazev"),
        "house_number": _positive(address, "cisloDomovni", house),
        "house_kind": address.code("typCislaDomovniho", lists.HOUSES),
        "orientation_number": address.text("cisloOrientacni"),
        "postcode": address.text("psc"),
        CODE: address.code("obec", lists.OBCE),
        "obec_part": codes.parts.get(part, ""),
        "obec_part_code": part,
    }


def _positive(address: Node, key: str, number: int | None) -> str:
    if number is None or 0 < number < 10**9:
        return "" if number is None else str(number)
    template = N_("{service}: the number {value} is not possible in an address. It is left out.")
    address.log.add(f"{address.path}.{key}", template, value=str(number)[:20])
    return ""


def together(rows: Iterable[Rows]) -> Rows:
    """Put the rows of many records together."""
    whole = Rows()
    for one in rows:
        whole.services.extend(one.services)
        whole.capacities.extend(one.capacities)
        whole.places.extend(one.places)
    return whole
