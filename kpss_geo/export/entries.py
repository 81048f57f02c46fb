"""The numbered entries of the catalogue: each service once in each obec, with all about it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from kpss_geo.export.blocks import Card
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import CZECH, and_others, counted, first_capital
from kpss_geo.export.listing import Record, near, services
from kpss_geo.report.contacts import phones
from kpss_geo.territory import metres_from
from kpss_geo.text import in_order

Where = Literal["inside", "around", "anywhere", "afar"]
ORDER: Final[tuple[Where, ...]] = ("inside", "around", "anywhere", "afar")
"""In the territory, in its surroundings, given wherever one is, with a seat far away."""
NAMED_OBCE = 30
"""So many served obce are named; of more the number is said besides."""


@dataclass(frozen=True)
class Entry:
    """A service in one obec: its number in the catalogue, and its rows, one for each address.

    `away_m` is the way of its obec from the territory as the crow flies; NaN when not known.
    """

    number: int
    rows: tuple[Record, ...]
    groups: frozenset[str]
    where: Where
    away_m: float

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
    """Give the services with numbers: of the territory by obec and name, then the others by way.

    Those given wherever one is go by obec and name too.
    """
    codes = near(bundle)
    away = metres_from(bundle.territory, obce=bundle.data.obce)
    grouped: dict[tuple[Where, str, str, str, str, str], list[Record]] = {}
    for row in services(bundle):
        key = (_where(row, codes, bundle), row["code"], row["obec"], row["name"],
               row["service_name"], row["service_id"])  # fmt: skip
        grouped.setdefault(key, []).append(row)
    ordered = in_order(grouped, key=lambda key: " ".join(map(str, key[2:])))
    ordered.sort(key=lambda key: (ORDER.index(key[0]), _way(key[0], away.get(key[1], np.inf))))
    groups = bundle.data.register.services["register_groups"]
    return tuple(
        Entry(number, tuple(grouped[key]), groups.get(key[-1], frozenset()), key[0],
              float(away.get(key[1], np.nan)))
        for number, key in enumerate(ordered, start=1)
    )  # fmt: skip


def _way(where: Where, metres: float) -> float:
    """Give how far a service is for the order; of one given at a distance it says nothing."""
    return 0.0 if where == "anywhere" else metres


def _where(row: Record, near_codes: Collection[str], bundle: Bundle) -> Where:
    if row["inside"]:
        return "inside"
    if bundle.data.types[row["service_type"]].anywhere:
        return "anywhere"
    return "around" if row["code"] in near_codes else "afar"


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
        at_distance = bundle.data.types[str(row["service_type"])].anywhere
        facts["Komu slouží" if at_distance else "Kam dojíždí"] = territory
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
    """Say which obce a field service serves, or that nobody has said it; else nothing.

    Nobody goes anywhere for a service given at a distance: of it only what was said is written.
    """
    answer = next(a for a in bundle.answers if a.service_type.code == row["service_type"])
    service = str(row["service_id"])
    if service not in answer.supply.field.index:
        return ""
    declared = bundle.said.declared(service)
    if len(declared):
        return _declared(set(map(str, declared)), bundle)
    if bundle.data.types[str(row["service_type"])].anywhere:
        return ""
    regions: frozenset[str] = answer.supply.field["regions"][service]
    if regions:
        names = bundle.data.obce.drop_duplicates("region_code").set_index("region_code")
        named = in_order(str(names["region_name"].get(code, code)) for code in regions)
        return f"podle registru celý kraj ({', '.join(named)}), obce nikdo neuvedl"
    if bundle.said.digest != bundle.question.said_digest:
        return "v tomto výpisu není uvedeno"
    return "neuvedeno"  # what that means is said once, before all of them


def _declared(declared: set[str], bundle: Bundle) -> str:
    """Name the obce of the territory that are served, and count those beyond it."""
    codes = [code for code in bundle.territory.codes if code in declared]
    beyond = len(declared) - len(codes)
    more = counted(beyond, "obec", "obce", "obcí") + " mimo území" if beyond else ""
    if len(codes) == len(bundle.territory.codes):
        here = f"celé území ({counted(len(codes), 'obec', 'obce', 'obcí')})"
    else:
        here = and_others(in_order(map(str, bundle.names[codes])), shown=NAMED_OBCE)
    return " a ".join(filter(None, (here, more)))


def numbers_words(found: tuple[Entry, ...]) -> str:
    """Name the entries from the first to the last: č. 1 až 34."""
    first, last = CZECH.number(found[0].number), CZECH.number(found[-1].number)
    return f"č.\u00a0{first}" if first == last else f"č.\u00a0{first} až {last}"
