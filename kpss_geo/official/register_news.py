"""What is new in the register: services that began, ended, moved, or have another capacity."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_
from kpss_geo.official.news import Change, Kind
from kpss_geo.schema import CODE, NAME, SERVICE_ID
from kpss_geo.sources.register import Register

TOLD: Final[tuple[tuple[Kind, str], ...]] = (
    ("new", N_("New: {name}, {after}.")),
    ("ended", N_("Ended: {name}, {before}.")),
    ("moved", N_("Moved: {name}, from {before} to {after}.")),
    ("capacity", N_("Capacity: {name}, {before} before, {after} now.")),
)


def register_news(
    before: Register, after: Register, *, on: date, codes: Collection[str] | None = None
) -> tuple[Change, ...]:
    """Tell what differs between two states of the register, kind by kind.

    A service is there when it is open on `on` by its own dates. With `codes` only services
    that have, or had, a place in one of these obce are told. A place is told by what the
    register shows of it: of a secret one that is its obec.
    """
    old, new = _open(before, on, codes), _open(after, on, codes)
    names = {**_names(before), **_names(after)}
    at = _joined(before.places, _address), _joined(after.places, _address)
    amount = _joined(before.capacities, _amount), _joined(after.capacities, _amount)
    told = {
        "new": (new - old, at),
        "ended": (old - new, at),
        "moved": ({key for key in old & new if at[0].get(key) != at[1].get(key)}, at),
        "capacity": (
            {key for key in old & new if amount[0].get(key) != amount[1].get(key)},
            amount,
        ),
    }
    return tuple(
        Change(kind, key, template, _fields(key, names, told[kind][1]))
        for kind, template in TOLD
        for key in sorted(told[kind][0])
    )


def _fields(
    key: str, names: Mapping[str, str], states: tuple[Mapping[str, str], Mapping[str, str]]
) -> dict[str, object]:
    return {
        "name": names.get(key, key),
        "before": states[0].get(key, "–"),
        "after": states[1].get(key, "–"),
    }


def _open(register: Register, on: date, codes: Collection[str] | None) -> set[str]:
    services = register.services
    since, until = services["since"], services["until"]
    is_open = [
        (start is None or start <= on) and (end is None or end >= on)
        for start, end in zip(since, until, strict=True)
    ]
    keys = set(services.index[is_open])
    if codes is None:
        return keys
    places = register.places
    return keys & set(places.loc[places[CODE].isin(list(codes)), SERVICE_ID])


def _names(register: Register) -> dict[str, str]:
    return dict(register.places.drop_duplicates(SERVICE_ID).set_index(SERVICE_ID)[NAME])


def _joined(rows: pd.DataFrame, write: Callable[[Mapping[Any, Any]], str]) -> dict[str, str]:
    """Write the rows of each service as one text, in an order of its own."""
    texts: dict[str, set[str]] = {}
    for row in rows.to_dict("records"):
        texts.setdefault(str(row[SERVICE_ID]), set()).add(write(row))
    return {key: "; ".join(sorted(values)) for key, values in texts.items()}


def _address(place: Mapping[Any, Any]) -> str:
    number = "/".join(filter(None, (place["house_number"], place["orientation_number"])))
    return ", ".join(filter(None, (f"{place['street']} {number}".strip(), place["obec"])))


def _amount(capacity: Mapping[Any, Any]) -> str:
    count = "?" if pd.isna(capacity["count"]) else f"{capacity['count']:g}"
    return f"{capacity['form']}: {count} {capacity['unit']}".strip()
