"""Forms of a service in the register RPSS: their capacities and opening hours.

A capacity is the registered maximum of the whole registration in one form and one unit; it
belongs to no single place, and units are never added to each other.
"""

import json
import re
from typing import Any, Final

import numpy as np

from kpss_geo.errors import N_
from kpss_geo.schema import CAPACITY_UNITS, FORMS, SERVICE_ID
from kpss_geo.sources import rpss_codes as lists
from kpss_geo.sources.capacities import MAX_CAPACITY
from kpss_geo.sources.rpss_json import Node

FORM_KEYS: Final = frozenset({"forma", "nepretrzitePoskytovani", "casoveRozsahy", "kapacity"})
CAPACITY_KEYS: Final = frozenset({"pocet", "popis", "typ"})
MAX_OPENING: Final = 4_000
"""Characters of the opening hours of a service; what is longer is not kept."""
MAX_DEPTH: Final = 6

_CODE_LIKE = re.compile(r"[\w/:.+-]{1,40}")
"""Ids, times and days; a text with a space in it may be a note about a person."""

Row = dict[str, Any]


def read_forms(record: Node, service: str) -> tuple[list[Row], dict[str, Row]]:
    """Give a row for each form and unit, and what is said of the hours of each form."""
    rows: list[Row] = []
    opening: dict[str, Row] = {}
    for entry in record.nodes("formy"):
        form = entry.expects(FORM_KEYS, "formy[].").code("forma", lists.FORMS)
        if form not in FORMS:
            template = N_("{service}: “{value}” is no form of service. It is left out.")
            entry.log.add(f"{entry.path}.forma", template, value=form[:20])
            continue
        amounts = [_amount(capacity) for capacity in entry.nodes("kapacity")] or [("", np.nan)]
        rows += [
            {SERVICE_ID: service, "form": form, "unit": unit, "count": count}
            for unit, count in amounts
        ]
        opening[form] = _opening(entry)
    if not rows:
        template = N_(
            "{service}: no form of service is given. Where it is within reach, a verdict is not "
            "known."
        )
        record.log.add("formy", template, warning=True)
    return rows, {form: facts for form, facts in opening.items() if facts}


def _amount(capacity: Node) -> tuple[str, float]:
    """Give unit and count of a capacity; NaN when it gives none that is possible."""
    unit = capacity.expects(CAPACITY_KEYS, "formy[].kapacity[].").code("typ", lists.UNITS)
    count = capacity.whole("pocet")
    if count is None:
        return unit if unit in CAPACITY_UNITS else "", np.nan
    if unit not in CAPACITY_UNITS:
        template = N_("{service}: the capacity {value} has no unit. It is not known.")
        capacity.log.add(f"{capacity.path}.typ", template, value=str(count)[:20])
        return "", np.nan
    if not 0 < count <= MAX_CAPACITY:
        template = N_("{service}: the capacity {value} is not possible. It is not known.")
        capacity.log.add(f"{capacity.path}.pocet", template, value=str(count)[:20])
        return unit, np.nan
    return unit, float(count)


def _opening(entry: Node) -> Row:
    """Give what the register says of opening hours; texts that may be notes are left out."""
    always = entry.flag("nepretrzitePoskytovani")
    hours = _plain(entry.held.get("casoveRozsahy"), MAX_DEPTH)
    return ({} if always is None else {"continuous": always}) | ({"hours": hours} if hours else {})


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, dict) and depth:
        held = {k: _plain(v, depth - 1) for k, v in value.items() if _CODE_LIKE.fullmatch(k)}
        return {k: v for k, v in held.items() if v is not None}
    if isinstance(value, list) and depth:
        return [_plain(v, depth - 1) for v in value]
    simple = isinstance(value, (bool, int, float))
    return value if simple or (isinstance(value, str) and _CODE_LIKE.fullmatch(value)) else None


def opening_text(opening: dict[str, Row]) -> str:
    """Write the hours of all forms as JSON; empty when nothing is said of them."""
    text = json.dumps(opening, ensure_ascii=False) if opening else ""
    return text if len(text) <= MAX_OPENING else ""
