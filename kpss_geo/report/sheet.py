"""The sheet of one obec for its mayor: five sentences, who serves, what is missing, peers."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from kpss_geo import catalogue
from kpss_geo.catalogue import ServiceType
from kpss_geo.dataset import Data
from kpss_geo.finder import SAID, Found
from kpss_geo.report import board
from kpss_geo.report.contacts import phones
from kpss_geo.report.html import render
from kpss_geo.report.peers import Peers, peers_of
from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.report.sentences import FORM_WORDS, way_words
from kpss_geo.report.sheet_words import five_sentences, size_words
from kpss_geo.report.ways import way
from kpss_geo.schema import (
    CODE,
    COVERED,
    FORMS,
    NAME,
    SERVICE_ID,
    TYPE_CODE,
)
from kpss_geo.study import Answer
from kpss_geo.text import Words

PEERS_SHOWN, SERVING_SHOWN, BORDER_SHOWN = 6, 8, 9
"""How many lines of a list one page has room for; of services it says how many more are."""


def serving_here(
    answers: Sequence[Answer], code: str, data: Data, found: Found, words: Words
) -> list[dict[str, Any]]:
    """List services with a place in the obec, those said to come, those with a seat in it."""
    kinds = {answer.service_type.code: answer.service_type for answer in answers}
    coming = found.coming[found.coming["evidence"] == SAID]
    rows = [
        _served(row, kinds[row[TYPE_CODE]], _comes(kinds[row[TYPE_CODE]], words))
        for row in coming.to_dict("records")
    ]
    named = set(coming[SERVICE_ID])
    phone = catalogue.contacts(data.register, found.on)["phone"]
    for answer in answers:
        here = answer.places[answer.places[CODE] == code].drop_duplicates(SERVICE_ID)
        for place in here.to_dict("records"):
            how = ", ".join(words.t(FORM_WORDS[form]) for form in place["forms"])
            rows.append(_served(place, answer.service_type, how))
        field = answer.supply.field
        seats = field[(field[CODE] == code) & ~field.index.isin([*named, *here[SERVICE_ID]])]
        seats = seats.assign(phone=phone.reindex(seats.index).fillna(""))
        how = _seat_here(answer.service_type, words)
        rows += [_served(row, answer.service_type, how) for row in seats.to_dict("records")]
    return rows


def _comes(kind: ServiceType, words: Words) -> str:
    return words.t("given at a distance") if kind.anywhere else words.t("comes to people")


def _seat_here(kind: ServiceType, words: Words) -> str:
    if kind.anywhere:
        return words.t("seat here, given at a distance; which obce it serves is not said")
    return words.t("seat here; where it comes is not said")


def _served(row: Mapping[Hashable, Any], kind: ServiceType, how: str) -> dict[str, Any]:
    return {
        "name": row[NAME] or row["provider"],
        "kind": kind.name_one,
        "how": how,
        "phones": phones(row["phone"]),
    }


def across_the_border(answers: Sequence[Answer], code: str, words: Words) -> list[dict[str, str]]:
    """List the types whose nearest place is in another obec, the nearest first.

    A type of several forms names that of the place; one whose verdict hangs on who comes
    to the obec is left out, for there the way to a place says nothing.
    """
    found = []
    for answer in answers:
        row = answer.obce.loc[code].to_dict()
        number = row["nearest_place"]
        if pd.isna(number) or number < 0 or hangs_on_field(answer, row):
            continue
        place = answer.places.loc[number].to_dict()
        if place[CODE] != code:
            mark = "" if row["certain"] else " *"
            kind = answer.service_type.name_one
            if len(answer.question.limits) > 1:
                kind = f"{kind} ({words.t(FORM_WORDS[FORMS[int(row['nearest_form'])]])})"
            reach = answer.question.reach_of(FORMS[int(row["nearest_form"])])
            metres = float(row["nearest_m"])
            far = way(metres, float(row["nearest_min"]), reach, words)
            found.append((metres, kind, str(place["obec"]), far, mark))
    return [
        {"kind": kind, "town": town, "way": far, "mark": mark}
        for _, kind, town, far, mark in sorted(found)[:BORDER_SHOWN]
    ]


def measured(answers: Sequence[Answer], words: Words) -> str:
    """Say how the ways on the sheet were measured, and what a star beside one means."""
    star = words.t("districts that the data do not hold may have a nearer one")
    return f"{way_words(answers[0], words)}; * {star}"


def sheet(
    answers: Sequence[Answer], code: str, data: Data, words: Words, *, found: Found, picture: str
) -> str:
    """Write the sheet of an obec as HTML; `picture` is the address of its map."""
    held = board.held(answers)
    peers = peers_of(held, code, data.population.sum(axis=1))
    serving = serving_here(held, code, data, found, words)
    return render(
        "sheet.html",
        name=found.name,
        sentences=five_sentences(held, code, data, words, peers=peers),
        picture=picture,
        serving=serving[:SERVING_SHOWN],
        more=len(serving) - SERVING_SHOWN,
        border=across_the_border(held, code, words),
        measured=way_words(held[0], words),
        peers=_peers_shown(peers, code),
        size=_size_shown(peers, words) if peers else "",
        code=code,
        number=words.number,
        t=words.t,
    )


def _size_shown(peers: Peers, words: Words) -> str:
    """Write the size of the obce compared, and how many of them are shown."""
    size, count = size_words(peers, words), len(peers.table)
    if count <= PEERS_SHOWN:
        return size
    shown = words.t(
        "the {shown} nearest in size of {count}",
        shown=words.number(PEERS_SHOWN),
        count=words.number(count),
    )
    return f"{size}, {shown}"


def _peers_shown(peers: Peers | None, code: str) -> list[dict[str, Any]]:
    """Give the obec and the peers nearest to it in size, most covered first."""
    if peers is None:
        return []
    table = peers.table
    people = table["inhabitants"].astype(float)
    gap = (people - people[code]).abs()
    near = table.loc[gap.sort_values(kind="stable").index[:PEERS_SHOWN]]
    rows = near.sort_values([COVERED, "inhabitants"], ascending=False).reset_index(names="code")
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


def document(body: str, *, title: str, style: str, words: Words) -> str:
    """Write a body as a whole HTML page that needs nothing from outside.

    `body` and `style` are trusted: the first is what `sheet` and the tables gave.
    """
    return render(
        "document.html",
        body=body,
        title=title,
        style=style,
        language=words.language,
    )
