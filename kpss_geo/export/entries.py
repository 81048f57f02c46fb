"""The numbered entries of the catalogue: each service once in each obec, with all about it."""

from dataclasses import dataclass

from kpss_geo.export.blocks import Card
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import CZECH, and_others, counted, first_capital
from kpss_geo.export.listing import Record, services
from kpss_geo.report.contacts import phones
from kpss_geo.schema import NAME
from kpss_geo.text import in_order

NAMED_OBCE = 30
"""So many served obce are named; of more the number is said besides."""


@dataclass(frozen=True)
class Entry:
    """A service in one obec: its number in the catalogue, and its rows, one for each address."""

    number: int
    rows: tuple[Record, ...]
    groups: frozenset[str]

    @property
    def first(self) -> Record:
        """Row of the first address; name, type and capacity are those of all."""
        return self.rows[0]

    @property
    def name(self) -> str:
        """Name of the facility, or of the provider where it has none."""
        return str(self.first["name"] or self.first["provider"] or "bez názvu")

    @property
    def line(self) -> str:
        """Name and obec, as in a list of references; with a word on one beyond the border."""
        beyond = "" if self.first["inside"] else " (mimo území)"
        return f"{self.name}, {self.first['obec'] or 'obec neuvedena'}{beyond}"


def entries(bundle: Bundle) -> tuple[Entry, ...]:
    """Give the services with numbers: of the territory by obec and name, then those around it."""
    grouped: dict[tuple[object, ...], list[Record]] = {}
    for row in services(bundle):
        key = (not row["inside"], row["obec"], row["name"], row["service_name"], row["service_id"])
        grouped.setdefault(key, []).append(row)
    ordered = in_order(grouped, key=lambda key: " ".join(map(str, key[1:])))
    ordered.sort(key=lambda key: bool(key[0]))
    groups = bundle.data.register.services["register_groups"]
    return tuple(
        Entry(number, tuple(grouped[key]), groups.get(str(key[-1]), frozenset()))
        for number, key in enumerate(ordered, start=1)
    )


def card(entry: Entry, bundle: Bundle) -> Card:
    """Write all about a service: type, provider, place, contacts, capacity, whom it serves."""
    row = entry.first
    addresses = "; ".join(dict.fromkeys(str(each["address"]) for each in entry.rows))
    facts = {
        "Druh a forma": f"{_type(entry, bundle)} – {row['forms']}",
        "Poskytovatel": row["provider"] or "v registru neuveden",
        "Adresa" if row["used"] is not None else "Sídlo": addresses or "v registru neuvedena",
        **_contact(row, bundle),
        "Kapacita": row["capacity"],
        "Pro koho": ", ".join(in_order(entry.groups)) or "v registru neuvedeno",
    }
    territory = _served(row, bundle)
    if territory:
        facts["Kam dojíždí"] = territory
    return Card(entry.number, entry.name, tuple(facts.items()))


def _type(entry: Entry, bundle: Bundle) -> str:
    kind = bundle.data.types[str(entry.first["service_type"])]
    return first_capital(kind.label)


def _contact(row: Record, bundle: Bundle) -> dict[str, str]:
    """Give telephone, electronic post and web; that there is no telephone is said."""
    if row["secret"]:
        return {"Kontakt": "sdělí sociální pracovník obce"}
    numbers = ", ".join(shown for shown, _ in phones(str(row["phone"]))) or str(row["phone"])
    email = bundle.data.register.services["email"].get(row["service_id"], "")
    found = {"Telefon": numbers or "v registru není", "E-mail": email, "Web": web(row["web"])}
    return {name: text for name, text in found.items() if text}


def web(address: str) -> str:
    """Write a web address as people say it, without the protocol and the last slash.

    >>> web("https://www.domov.cz/"), web("")
    ('www.domov.cz', '')
    """
    return address.strip().removeprefix("https://").removeprefix("http://").rstrip("/")


def _served(row: Record, bundle: Bundle) -> str:
    """Say which obce a field service serves, or that nobody has said it; else nothing."""
    answer = next(a for a in bundle.answers if a.service_type.code == row["service_type"])
    service = str(row["service_id"])
    if service not in answer.supply.field.index:
        return ""
    declared = bundle.said.declared(service)
    if len(declared):
        return _declared(set(map(str, declared)), bundle)
    regions: frozenset[str] = answer.supply.field["regions"][service]
    if regions:
        names = bundle.data.obce.drop_duplicates("region_code").set_index("region_code")
        named = in_order(str(names["region_name"].get(code, code)) for code in regions)
        return f"podle registru celý kraj ({', '.join(named)}), obce nikdo neuvedl"
    if bundle.said.digest != bundle.question.said_digest:
        return "v tomto výpisu není uvedeno"
    return "obsluhované obce zatím nikdo neuvedl; zeptejte se poskytovatele"


def _declared(declared: set[str], bundle: Bundle) -> str:
    """Name the obce of the territory that are served, and count those beyond it."""
    codes = [code for code in bundle.territory.codes if code in declared]
    beyond = len(declared) - len(codes)
    more = counted(beyond, "obec", "obce", "obcí") + " mimo území" if beyond else ""
    if len(codes) == len(bundle.territory.codes):
        here = f"celé území ({counted(len(codes), 'obec', 'obce', 'obcí')})"
    else:
        here = and_others(in_order(map(str, bundle.obce.loc[codes, NAME])), shown=NAMED_OBCE)
    return " a ".join(filter(None, (here, more)))


def numbers_words(found: tuple[Entry, ...]) -> str:
    """Name the entries from the first to the last: č. 1 až 34."""
    first, last = CZECH.number(found[0].number), CZECH.number(found[-1].number)
    return f"č.\u00a0{first}" if first == last else f"č.\u00a0{first} až {last}"
