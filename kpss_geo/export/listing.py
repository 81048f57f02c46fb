"""Plain lists that several exports write: services in and around the territory, limits, sources."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from kpss_geo import catalogue
from kpss_geo.catalogue import FIELD
from kpss_geo.export.bundle import Bundle
from kpss_geo.report import sentences
from kpss_geo.schema import CODE, NAME
from kpss_geo.study import Answer, Note
from kpss_geo.text import Words, in_order

Record = dict[str, Any]
COUNT: Final = "count"
"""The field of a note that says how many."""
SECRET: Final = "secret"  # noqa: S105 - where a place stands, said to nobody
NO_NORM: Final = "pracovní hodnota, nikoli norma"
"""Said of every limit that is a number."""
SERVED: Final = "obsluhované území"
"""Said in place of a limit where the service comes to people."""
AT_DISTANCE: Final = "na dálku"
"""Said in place of a limit of a service given wherever one is."""
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
    """Give of each field service the address in the territory, else one in its surroundings.

    Who is farther but is to be asked whether they serve an obec has their first address.
    """
    seats = answer.supply.seats
    asked = {service for silent in answer.obce["silent"] for service in silent}
    rank = np.select([seats["code"].isin(inside), seats["code"].isin(codes)], [0, 1], 2)
    ranked = seats.assign(rank=rank)
    known = ranked[(rank < 2) | (seats["service_id"].isin(asked) & seats["code"].ne(""))]
    return known.sort_values("rank", kind="stable").drop_duplicates("service_id")


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
            "unit": _comes(answer) if limit.form == FIELD else words.t(limit.reach.unit),
            "per_1000": None if limit.ratio is None else limit.ratio.per_1000,
            "capacity_unit": "" if limit.ratio is None else limit.ratio.unit,
            "what": "" if limit.form == FIELD and limit.ratio is None else NO_NORM,
        }
        for answer in bundle.answers
        for limit in answer.question.limits
    ]


def _comes(answer: Answer) -> str:
    """Say what stands in place of a limit of the field form."""
    return AT_DISTANCE if answer.service_type.anywhere else SERVED


def unit_words(answer: Answer, unit: str, words: Words) -> str:
    """Give the unit of the limit of an Answer, or what stands in its place."""
    return _comes(answer) if answer.question.only_field else words.t(unit)


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
    """Name every fall-back and limit once; one of some types alone says of which.

    Notes that differ by one count alone are one sentence, with the count of each type.
    """
    said: dict[tuple[object, ...], dict[str, Note]] = {}
    for answer in bundle.answers:
        for note in answer.notes:
            rest = {name: value for name, value in note.fields.items() if name != COUNT}
            key = (note.template, *rest.items())
            said.setdefault(key, {})[answer.service_type.name] = note
    return [_of_types(bundle, found) for found in said.values()]


def _of_types(bundle: Bundle, found: Mapping[str, Note]) -> str:
    """Write the same note of some types: of which, and with which counts."""
    words: Words = bundle.words
    note = next(iter(found.values()))
    counts = {name: each.fields.get(COUNT) for name, each in found.items()}
    known = sorted({count for count in counts.values() if isinstance(count, int)})
    if len(known) < 2:
        text = sentences.note_words(note, words)
        if len(found) == len(bundle.answers):
            return text
        return f"{text.rstrip('.')} ({', '.join(found)})."
    between = f"{words.number(known[0])} až {words.number(known[-1])}"
    text = sentences.note_words(replace(note, fields={**note.fields, COUNT: between}), words)
    named = ", ".join(f"{name} {words.number(count)}" for name, count in counts.items()
                      if isinstance(count, int))  # fmt: skip
    return f"{text.rstrip('.')} podle druhu služby ({named})."


def silent_services(answer: Answer) -> pd.DataFrame:
    """Field services of which nobody has said whom they serve: `provider`, obce, how many.

    One row per service: how many obce of the territory it could serve; most first, then in
    the order of the alphabet.
    """
    counts: dict[str, int] = {}
    for services_of_obec in answer.obce["silent"]:
        for service in services_of_obec:
            counts[service] = counts.get(service, 0) + 1
    table = answer.supply.field.reindex(list(counts))[["provider", NAME, "town"]]
    table = table.assign(obce=list(counts.values()))
    order = in_order(
        range(len(table)), key=lambda n: " ".join(map(str, table.iloc[n, :3].fillna("")))
    )
    return table.iloc[order].sort_values("obce", ascending=False, kind="stable")


def silent_providers(answer: Answer, away: pd.Series) -> list[tuple[str, dict[str, float], int]]:
    """Name the providers of those services once: their towns, and how many obce nobody spoke of.

    Who could serve most obce first, then the nearest: `away` are metres from the territory by
    code of obec, and so are the numbers by town that are given back.
    """
    towns: dict[str, dict[str, float]] = {}
    obce: dict[str, set[str]] = {}
    field = answer.supply.field
    for code, services_of_obec in answer.obce["silent"].items():
        for service in services_of_obec:
            seat = field.loc[service]
            name = str(seat["provider"] or seat[NAME]).strip()
            metres = float(away.get(seat[CODE], np.inf))
            towns.setdefault(name, {})[str(seat["town"] or "")] = metres
            obce.setdefault(name, set()).add(str(code))
    names = sorted(in_order(obce), key=lambda name: (-len(obce[name]), min(towns[name].values())))
    return [
        (
            name,
            {town: towns[name][town] for town in in_order({*towns[name]} - {""})},
            len(obce[name]),
        )
        for name in names
    ]
