"""What is new in a register against an older state of it: the digest of an update."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_, Phrase
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.register import ADDRESS, Register

NEW: Final = "new"
GONE: Final = "gone"
ENDED: Final = "ended"
REOPENED: Final = "reopened"
MOVED: Final = "moved"
PLACE_ADDED: Final = "place_added"
PLACE_ENDED: Final = "place_ended"
CAPACITY: Final = "capacity"
KINDS: Final[dict[str, Phrase]] = {
    NEW: N_("new service"),
    ENDED: N_("ended, or its end is set"),
    REOPENED: N_("its end was taken back"),
    GONE: N_("no longer in the register"),
    MOVED: N_("moved"),
    PLACE_ADDED: N_("place added"),
    PLACE_ENDED: N_("place ended"),
    CAPACITY: N_("capacity changed"),
}
"""Kinds of change, in the order they are told."""
COLUMNS: Final = ("kind", SERVICE_ID, "provider", TYPE_CODE, "obce", "before", "after")


def changes(before: Register, after: Register) -> pd.DataFrame:
    """Give what changed, one row for each change of a service.

    A service is known by its id; a record kept apart is not compared. A service that ended
    stays in the register with its end, so one that is missing is told as gone. A place whose
    address is secret in either state is named by its obec only, in both.

    Returns
    -------
    DataFrame
        `kind` (one of `KINDS`), `service_id`, `provider`, `type_code`, `obce` (names of the
        obce of its places, joined), `before` and `after` (end date, addresses, or capacity
        as `pob:luzka=24`; empty where there is nothing to say).
    """
    old, new = _facts(before), _facts(after)
    hidden = _hidden(before) | _hidden(after)
    rows = [
        (change[0], key, *_named(old | new, key), *change[1:])
        for key in sorted(old.keys() | new.keys())
        for change in _of_service(old.get(key), new.get(key), hidden=key in hidden)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    order = table["kind"].map(list(KINDS).index)
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


Facts = dict[str, Any]
Change = tuple[str, str, str]


def _facts(register: Register) -> dict[str, Facts]:
    """Facts of each service that changes are told of."""
    services = register.services[~register.services["apart"].astype(bool)]
    places: dict[str, list[Mapping[Hashable, Any]]] = {}
    for place in register.places.to_dict("records"):
        places.setdefault(place[SERVICE_ID], []).append(place)
    amounts: dict[str, list[str]] = {}
    columns = (register.capacities[name] for name in (SERVICE_ID, "form", "unit", "count"))
    for service, form, unit, count in zip(*columns, strict=True):
        given = "" if pd.isna(count) else f"{unit}={count:g}"
        amounts.setdefault(service, []).append(f"{form}:{given}")
    names = ("provider", TYPE_CODE, "until")
    return {
        str(key): {
            **facts,
            "places": places.get(str(key), []),
            "obce": sorted({p["obec"] for p in places.get(str(key), []) if p["obec"]}),
            CAPACITY: ";".join(sorted(amounts.get(str(key), []))),
        }
        for key, *values in services[list(names)].itertuples(name=None)
        for facts in [dict(zip(names, values, strict=True))]
    }


def _named(all_facts: Mapping[str, Facts], key: str) -> tuple[str, str, str]:
    facts = all_facts[key]
    return facts["provider"], facts[TYPE_CODE], ", ".join(facts["obce"])


def _hidden(register: Register) -> set[str]:
    """Give the services with a secret place; nothing finer than an obec is told of them."""
    return set(register.places.loc[register.places["secret"].astype(bool), SERVICE_ID])


def _of_service(old: Facts | None, new: Facts | None, *, hidden: bool) -> Iterable[Change]:
    if old is None or new is None:
        places = _open(old or new or {})
        shown = "; ".join(dict.fromkeys(_address(place, hidden=hidden) for place in places))
        yield (NEW, "", shown) if old is None else (GONE, shown, "")
        return
    if old["until"] != new["until"]:
        kind = REOPENED if new["until"] is None else ENDED
        yield kind, _iso(old["until"]), _iso(new["until"])
    left, come = _moves(old, new, hidden=hidden)
    if left or come:
        kind = MOVED if left and come else PLACE_ENDED if left else PLACE_ADDED
        yield kind, "; ".join(left), "; ".join(come)
    if old[CAPACITY] != new[CAPACITY]:
        yield CAPACITY, old[CAPACITY], new[CAPACITY]


def _moves(old: Facts, new: Facts, *, hidden: bool) -> tuple[list[str], list[str]]:
    """Give the addresses of open places that are only in the older, or the newer state."""
    before, after = ({_identity(p): p for p in _open(state)} for state in (old, new))
    left = [p for identity, p in before.items() if identity not in after]
    come = [p for identity, p in after.items() if identity not in before]
    return [_address(p, hidden=hidden) for p in left], [_address(p, hidden=hidden) for p in come]


def _open(facts: Facts) -> list[Mapping[Hashable, Any]]:
    """Give the places without an end of their own."""
    return [place for place in facts.get("places", []) if place["until"] is None]


def _identity(place: Mapping[Hashable, Any]) -> tuple[str, ...]:
    if place["address_code"]:
        return ("", place["address_code"])
    return tuple(place[name] for name in (*ADDRESS, "orientation_number", NAME))


def _address(place: Mapping[Hashable, Any], *, hidden: bool) -> str:
    town = str(place["obec"] or place[CODE])
    if hidden:
        return town
    numbers = "/".join(filter(None, (place["house_number"], place["orientation_number"])))
    street = place["street"] or place["obec_part"]
    return ", ".join(filter(None, (f"{street} {numbers}".strip(), town)))


def _iso(day: object) -> str:
    return "" if day is None else str(day)
