"""What the finder found, as HTML: telephone first, and what is not known said once, plainly."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.finder import ADDRESS, EVIDENCE, FAR_M, NEARBY, POINT, REGION, SAID, Found
from kpss_geo.population import PRECINCT
from kpss_geo.report.contacts import phones, web_address
from kpss_geo.report.html import render
from kpss_geo.report.sentences import FORM_WORDS, MODE_WORDS, capacity_words
from kpss_geo.schema import NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.situations import Situation, Situations
from kpss_geo.text import NBSP, Words, in_order

EVIDENCE_WORDS: Final = {
    SAID: (N_("They come to your obec"), N_("The planning team has it from them.")),
    REGION: (
        N_("They state the whole region: check with them"),
        N_("The register says the whole region. Ask whether they come to you too."),
    ),
    NEARBY: (
        N_("They have a seat nearby: ask whether they come"),
        N_("Nobody has said yet whether they come to your obec. Call them and ask."),
    ),
}
"""Heading and explanation of each evidence that a field service comes."""
AT_A_DISTANCE_WORDS: Final = {
    SAID: (N_("They serve your obec"), N_("The planning team has it from them.")),
    REGION: (
        N_("They state the whole region: check with them"),
        N_("The register says the whole region. Ask whether they serve your obec too."),
    ),
    NEARBY: (
        N_("Ask whether they serve your obec"),
        N_("Nobody has said yet whether they serve your obec. Call them and ask."),
    ),
}
"""The same of services that are given at a distance, where nobody travels."""
SHOWN_AT_ONCE: Final = 6
"""How many services of a list one sees at once; paper shows them all."""
START_WORDS: Final = {
    PRECINCT: N_("from the polling precinct nearest to the middle of where people of {name} live"),
    POINT: N_("from the point that you chose on the map ({name})"),
    ADDRESS: N_("from the address that you gave ({name})"),
}


_COME: Final = (
    (N_("{name}: {count} service comes to you"), N_("{name}: {count} services come to you")),
    (
        N_("{name}: {count} service helps you at a distance"),
        N_("{name}: {count} services help you at a distance"),
    ),
)
_ASK: Final = (
    (
        N_("{name}: ask {count} service nearby whether it comes"),
        N_("{name}: ask {count} services nearby whether they come"),
    ),
    (
        N_("{name}: ask {count} service that helps at a distance whether it serves you"),
        N_("{name}: ask {count} services that help at a distance whether they serve you"),
    ),
)
"""Of services that travel, and of those given at a distance, one and more."""


def headline(found: Found, situation: Situation, words: Words) -> str:
    """Say in one sentence whom to call, who comes, who is the nearest, or that nobody is known."""
    if situation.lines:
        numbers = ", ".join(line.number for line in situation.lines)
        return words.t("If it is urgent, call first: {numbers}", numbers=numbers)
    sure = found.coming["evidence"] == SAID
    if sure.any():
        return _counted(found, found.coming[sure], _COME, words)
    if len(found.places):
        first = found.places.iloc[0]
        way = _way(first.to_dict(), found, words)
        return words.t(
            "The nearest help is in {town}: {place}, {way}",
            town=first["town"],
            place=first[NAME],
            way=way,
        )
    if len(found.coming):
        return _counted(found, found.coming, _ASK, words)
    return words.t("{name}: in the data there is no such service nearby", name=found.name)


def _counted(
    found: Found, rows: pd.DataFrame, templates: Sequence[tuple[str, str]], words: Words
) -> str:
    """Count the services that travel; where there are none, those given at a distance."""
    far = rows[TYPE_CODE].isin(found.at_a_distance)
    template, count = (templates[0], ~far) if not far.all() else (templates[1], far)
    return words.n(*template, int(count.sum()), name=found.name)


def page(found: Found, situation: Situation, data: Data, words: Words) -> str:
    """Write what was found: those who come, the nearest places, what is not known."""
    return render(
        "found.html",
        name=found.name,
        shown=SHOWN_AT_ONCE,
        situation=words.t(situation.name),
        sections=[
            section for far in (False, True) if (section := _section(found, data, words, far=far))
        ],
        places=[card(row, found, data, words) for row in found.places.to_dict("records")],
        measured=measured(found, words),
        first=not_held(found, data, words),
        nearest=bool(len(found.places) or {*found.types} - found.at_a_distance),
        unknown=unknown(found, data, words),
        t=words.t,
    )


def _section(found: Found, data: Data, words: Words, *, far: bool) -> dict[str, Any]:
    """Words of the services that come, or of those given at a distance; empty without any."""
    rows = found.coming[found.coming[TYPE_CODE].isin(found.at_a_distance) == far]
    if rows.empty:
        return {}
    sure = bool((rows["evidence"] == SAID).any())
    coming = words.t("They come to you") if sure else words.t("They may come to you")
    parts = [
        _part(rows[rows["evidence"] == evidence], found, data, words)
        for evidence in EVIDENCE
        if (rows["evidence"] == evidence).any()
    ]
    return {
        "id": "distance" if far else "coming",
        "heading": words.t("Help at a distance, for instance by telephone") if far else coming,
        "parts": parts,
    }


def _part(rows: pd.DataFrame, found: Found, data: Data, words: Words) -> dict[str, Any]:
    first = rows.iloc[0]
    heading, explained = evidence_words(first.to_dict(), found)
    far = first[TYPE_CODE] in found.at_a_distance
    more = 0 if far else found.more[first["evidence"]]
    farther = words.n("and {count} more, farther away", "and {count} more, farther away", more)
    return {
        "heading": words.t(heading),
        "explained": words.t(explained),
        "cards": [card(row, found, data, words) for row in rows.to_dict("records")],
        "more": farther if more else "",
    }


def evidence_words(row: Mapping[Hashable, Any], found: Found) -> tuple[str, str]:
    """Heading and explanation of how it is known that a field service serves the obec."""
    far = row[TYPE_CODE] in found.at_a_distance
    return (AT_A_DISTANCE_WORDS if far else EVIDENCE_WORDS)[row["evidence"]]


def help_lines(situation: Situation, situations: Situations, words: Words) -> str:
    """Write the help lines of a situation; empty without any."""
    if not situation.lines:
        return ""
    lines = [
        {
            "phones": phones(line.number),
            "name": words.t(line.name),
            "what": words.t(line.what),
        }
        for line in situation.lines
    ]
    about = words.t(
        "Numbers: {source}, {date}.",
        source=words.t(situations.source),
        date=words.date(situations.as_of),
    )
    return render("lines.html", lines=lines, about=about, t=words.t)


def card(row: Mapping[Hashable, Any], found: Found, data: Data, words: Words) -> dict[str, Any]:
    """Words of one service."""
    kind = data.types[row[TYPE_CODE]]
    coming = "evidence" in row
    forms = ", ".join(words.t(FORM_WORDS[form]) for form in row["forms"])
    return {
        "name": row[NAME] or row["provider"] or kind.name,
        "provider": row["provider"] if row["provider"] != row[NAME] else "",
        "kind": kind.name_one,
        "form": "" if coming else forms or words.t("form not given in the register"),
        "phones": phones(row["phone"]),
        "said_phone": row["phone"],
        "web": web_address(row["web"]),
        "address": _address(row, words),
        "way": _seat(row, found, words) if coming else _way(row, found, words),
        "capacity": capacity_words(row["capacity"], int(row["addresses"]), words),
        "for_whom": ", ".join(in_order(row["for_whom"])),
    }


def _address(row: Mapping[Hashable, Any], words: Words) -> str:
    if row["secret"]:
        return words.t("{town} (the address is kept secret)", town=row["town"])
    return str(row["address"] or row["town"])


def _way(row: Mapping[Hashable, Any], found: Found, words: Words) -> str:
    """Write kilometres and minutes; nothing finer than is known."""
    if not np.isfinite(row["metres"]):
        return words.t("the way there is not known")
    way = f"{words.minutes(row['minutes'])} ({_km(row['metres'], words)})"
    if found.travel.mode == "straight" or not row["exact"]:
        return words.t("about {way}", way=way)
    return way


def _km(metres: float, words: Words) -> str:
    """Write kilometres; from ten on in whole ones, as estimates are no finer."""
    digits = 1 if metres < 9_950 else 0
    return f"{words.number(metres / 1000, digits=digits)}{NBSP}{words.t('km')}"


def _seat(row: Mapping[Hashable, Any], found: Found, words: Words) -> str:
    if row[TYPE_CODE] in found.at_a_distance:
        return words.t("given at a distance")
    if pd.isna(row["metres"]):
        return words.t("where the seat is, is not known")
    return words.t("seat about {km} away", km=_km(row["metres"], words))


def measured(found: Found, words: Words) -> str:
    """Say from where and how ways were measured."""
    start = START_WORDS.get(found.start, N_("from the reference point of {name}"))
    way = (
        words.t(
            "estimated from a straight line × {factor}, {speed} km/h",
            factor=words.number(found.travel.detour_factor, digits=1),
            speed=words.number(found.travel.speed_kmh),
        )
        if found.travel.mode == "straight"
        else words.t("{mode} by roads", mode=words.t(MODE_WORDS[found.travel.mode]))
    )
    return words.t(
        "Ways are measured {start}, {way}.", start=words.t(start, name=found.name), way=way
    )


def not_held(found: Found, data: Data, words: Words) -> list[str]:
    """Say which types and groups the data do not hold, so that nobody takes silence for a no."""
    lines = []
    names = [data.types[code].name for code in found.not_held]
    if names:
        lines.append(
            words.t(
                "The data hold none of these services, though they may exist: {names}.",
                names=", ".join(names),
            )
        )
    if found.groups_not_held:
        held = ", ".join(in_order(data.register.completeness.register_groups))
        lines.append(
            words.t(
                "The data hold only services for: {held}. Others for you may exist; ask these "
                "whether they take you too.",
                held=held,
            )
        )
    return lines


def unknown(found: Found, data: Data, words: Words) -> list[str]:
    """Say what is not near, as far as the data know, and where they end."""
    lines = []
    shown = {*found.places[TYPE_CODE], *found.coming[TYPE_CODE]}
    every = [c for c in found.types if c not in shown and c not in found.not_held]
    lacking = [data.types[code].name for code in every if code in found.at_a_distance]
    if lacking:
        text = words.t("The data have no such service: {names}.", names=", ".join(lacking))
        lines.append(text)
    absent = [code for code in every if code not in found.at_a_distance]
    if absent:
        names = [data.types[code].name for code in absent]
        lines.append(
            words.t(
                "The data have none of these within {km}: {names}.",
                names=", ".join(names),
                km=_km(FAR_M, words),
            )
        )
    if (found.places["metres"] > found.unknown_beyond).any():
        lines.append(
            words.t(
                "Districts {km} away and farther are not in the data; a nearer place may be there.",
                km=_km(found.unknown_beyond, words),
            )
        )
    return lines


def rows(found: Found, data: Data) -> list[dict[str, Any]]:
    """Give what was found as rows for files: those who come first, then the nearest places."""
    return [
        {
            "obec": found.obec,
            "part": "coming" if "evidence" in row else "nearest",
            "evidence": row.get("evidence", ""),
            "service_id": row[SERVICE_ID],
            "service_type": row[TYPE_CODE],
            "service_name": data.types[row[TYPE_CODE]].name,
            "name": row[NAME],
            "provider": row["provider"],
            "phone": row["phone"],
            "web": row["web"],
            "address": row["address"],
            "town": row["town"],
            "forms": list(row["forms"]),
            "for_whom": sorted(row["for_whom"]),
            "metres": round(row["metres"]) if np.isfinite(row["metres"]) else None,
            "minutes": round(row["minutes"], 1) if np.isfinite(row["minutes"]) else None,
            "exact": bool(row["exact"]),
            "travel": found.travel.mode,
            "start": found.start,
            "on": found.on.isoformat(),
            "data": found.data_digest,
        }
        for part in (found.coming, found.places)
        for row in part.to_dict("records")
    ]
