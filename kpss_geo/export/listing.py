"""Plain lists that several exports write: services in and around the territory, limits, sources."""

from collections.abc import Collection, Hashable, Mapping
from typing import Any, Final

import pandas as pd

from kpss_geo import catalogue
from kpss_geo.catalogue import FIELD
from kpss_geo.export.bundle import Bundle
from kpss_geo.report import sentences
from kpss_geo.schema import NAME
from kpss_geo.study import Answer
from kpss_geo.text import Words, in_order

Record = dict[str, Any]
SECRET: Final = "secret"  # noqa: S105 - where a place stands, said to nobody
SERVED: Final = "obsluhované území"
"""Said in place of a limit where the service comes to people."""
KEPT_SECRET: Final = "adresa je utajena"  # noqa: S105 - said in place of an address


def near(bundle: Bundle) -> set[str]:
    """Codes of the obce of the territory and of its surroundings."""
    return {*bundle.territory.codes, *map(str, bundle.ground.around.index)}


def services(bundle: Bundle) -> list[Record]:
    """Give every place and every field service in the territory or near it, or nearest to it.

    A place is listed once for each type; of a field service its seat, with `used` missing.
    """
    codes = near(bundle)
    register, on = bundle.data.register, bundle.question.on
    contacts, addresses = catalogue.contacts(register, on), catalogue.addresses(register, on)
    rows: list[Record] = []
    for answer in bundle.answers:
        rows += [
            _place(answer, place, bundle)
            for place in answer.places.to_dict("records")
            if place["code"] in codes or place["used"] > 0
        ]
        listed = set(answer.places["service_id"])
        for at in _seats_near(answer, codes, inside=bundle.territory.codes).to_dict("records"):
            service = str(at["service_id"])
            if service not in listed:
                seat = {**answer.supply.field.loc[service].to_dict(), **at}
                own = {**contacts.loc[service].to_dict(), "address": addresses[service, at["code"]]}
                rows.append(_seat(answer, service, seat, bundle, own))
    rows = [_kept_secret(row) if row["secret"] else row for row in rows]
    return in_order(rows, key=lambda row: f"{row['service_name']} {row['obec']} {row['name']}")


def _seats_near(answer: Answer, codes: set[str], *, inside: Collection[str]) -> pd.DataFrame:
    """Give of each field service the address in the territory, else one in its surroundings."""
    seats = answer.supply.seats
    ranked = seats.assign(outside=~seats["code"].isin(inside))
    near = ranked[ranked["code"].isin({*codes, *inside})]
    return near.sort_values("outside", kind="stable").drop_duplicates("service_id")


def _kept_secret(row: Record) -> Record:
    """Leave of a place whose address is secret its provider and its obec, and no point."""
    hidden = {"name": row["provider"], "address": KEPT_SECRET, "phone": "", "web": ""}
    return {**row, **hidden, "located": SECRET, "x": float("nan"), "y": float("nan")}


def _place(answer: Answer, place: Mapping[Hashable, Any], bundle: Bundle) -> Record:
    words = bundle.words
    forms = list(dict.fromkeys([*place["forms"], *(form for form, _, _ in place["capacity"])]))
    return {
        "service_id": place["service_id"],
        "service_type": answer.service_type.code,
        "service_name": answer.service_type.name,
        "name": place[NAME],
        "provider": place["provider"],
        "forms": ", ".join(words.t(sentences.FORM_WORDS[form]) for form in forms),
        "address": place["address"],
        "obec": place["obec"],
        "code": place["code"],
        "inside": place["code"] in bundle.territory.codes,
        "phone": place["phone"],
        "web": place["web"],
        "capacity": sentences.capacity_words(place["capacity"], int(place["addresses"]), words),
        "addresses": int(place["addresses"]),
        "used": int(place["used"]),
        "located": place["located"],
        "secret": bool(place["secret"]),
        "x": float(place["x"]),
        "y": float(place["y"]),
    }


def _seat(
    answer: Answer,
    service: str,
    seat: Mapping[Hashable, Any],
    bundle: Bundle,
    own: Mapping[Hashable, Any],
) -> Record:
    places = bundle.data.register.places
    words = bundle.words
    forms = list(dict.fromkeys(form for form, _, _ in seat["capacity"])) or [FIELD]
    addresses = int(own["addresses"])
    return {
        "service_id": service,
        "service_type": answer.service_type.code,
        "service_name": answer.service_type.name,
        "name": seat[NAME],
        "provider": seat["provider"],
        "forms": ", ".join(words.t(sentences.FORM_WORDS[form]) for form in forms),
        "address": own["address"],
        "obec": seat["town"],
        "code": seat["code"],
        "inside": seat["code"] in bundle.territory.codes,
        "phone": own["phone"],
        "web": own["web"],
        "capacity": sentences.capacity_words(seat["capacity"], addresses, words),
        "addresses": addresses,
        "used": None,
        "located": own["located"],
        "secret": bool(places.loc[places["service_id"] == service, "secret"].astype(bool).any()),
        "x": float(seat["x"]),
        "y": float(seat["y"]),
    }


def limits(bundle: Bundle) -> list[Record]:
    """Give the working values of every type and form, none of them a norm."""
    words = bundle.words
    return [
        {
            "service_name": answer.service_type.name,
            "form": words.t(sentences.FORM_WORDS[limit.form]),
            "reach": None if limit.form == FIELD else limit.reach.value,
            "unit": SERVED if limit.form == FIELD else words.t(limit.reach.unit),
            "per_1000": None if limit.ratio is None else limit.ratio.per_1000,
            "capacity_unit": "" if limit.ratio is None else limit.ratio.unit,
            "what": "pracovní hodnota, nikoli norma",
        }
        for answer in bundle.answers
        for limit in answer.question.limits
    ]


def sources(bundle: Bundle) -> list[Record]:
    """Give the sources with state, licence and what they are not good for."""
    return [
        {
            "title": source.title,
            "source": "vlastní soubor týmu" if source.own else source.source,
            "as_of": source.as_of,
            "licence": source.licence,
            "not_for": source.not_for,
        }
        for source in bundle.answers[0].sources
    ]


def dated_sources(bundle: Bundle) -> list[Record]:
    """Give the sources as people read them: their state is a date in words."""
    return [{**row, "as_of": bundle.words.date(row["as_of"])} for row in sources(bundle)]


def notes(bundle: Bundle) -> list[str]:
    """Name every fall-back and limit once; one of some types alone says of which."""
    words: Words = bundle.words
    said: dict[str, list[str]] = {}
    for answer in bundle.answers:
        for note in answer.notes:
            names = said.setdefault(sentences.note_words(note, words), [])
            names.append(answer.service_type.name)
    return [
        text if len(names) == len(bundle.answers) else f"{text.rstrip('.')} ({', '.join(names)})."
        for text, names in said.items()
    ]


def silent_services(answer: Answer) -> pd.DataFrame:
    """Field services of which nobody has said whom they serve: `provider`, obce, how many.

    One row per service: how many obce of the territory it could serve; most first.
    """
    counts: dict[str, int] = {}
    for services_of_obec in answer.obce["silent"]:
        for service in services_of_obec:
            counts[service] = counts.get(service, 0) + 1
    table = answer.supply.field.reindex(list(counts))[["provider", NAME, "town"]]
    table = table.assign(obce=list(counts.values()))
    return table.sort_values(["obce", "provider"], ascending=[False, True])
