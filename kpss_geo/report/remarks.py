"""Remarks of the round table in words: a card on the page, a row of the settlement table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.plan import (
    DECISIONS,
    KINDS,
    NOBODY,
    PUBLISHED,
    ROLES,
    STATES,
    Erased,
    Reactions,
    Remark,
)
from kpss_geo.report.html import render
from kpss_geo.schema import NAME
from kpss_geo.text import Words

HEADINGS: Final = (
    N_("No."),
    N_("Obec / place"),
    N_("Service"),
    N_("Role and working group"),
    N_("Comment"),
    *KINDS.values(),
    N_("Answer of the coordinator"),
    N_("Decision"),
    N_("Written"),
    N_("Settled"),
)
REACTIONS_FROM: Final = 5
"""Number, from 0, of the first of the three columns with counts of reactions."""
REACTIONS_TO: Final = REACTIONS_FROM + len(KINDS)

Cell = str | int


@dataclass(frozen=True)
class Settlement:
    """The settlement table of a territory: its title and rows of as many cells as `HEADINGS`."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def settlement(
    territory: str,
    remarks: Iterable[Remark],
    *,
    reactions: Mapping[int, Reactions],
    erased: Iterable[Erased],
    data: Data,
    words: Words,
) -> Settlement:
    """Make the settlement table (vypořádání připomínek) of what is published, by number.

    An erased remark keeps its number, with who erased it, when and why; so that nobody can
    lose one without a trace.
    """
    rows = {
        remark.number: _row(remark, reactions.get(remark.number, NOBODY), data, words)
        for remark in remarks
        if remark.state == PUBLISHED
    }
    rows |= {trace.number: _row_of_erased(trace, words) for trace in erased}
    name = data.territories[territory].name
    return Settlement(
        title=words.t("Settlement of remarks: {name}", name=name),
        headings=tuple(words.t(heading) for heading in HEADINGS),
        rows=tuple(rows[number] for number in sorted(rows)),
    )


def where(remark: Remark, data: Data, words: Words) -> str:
    """Say what place a remark is about: the obec, a place in words, or the whole territory."""
    obec = str(data.obce.at[remark.code, NAME]) if remark.code in data.obce.index else remark.code
    parts = list(filter(None, (obec, remark.place)))
    return ", ".join(parts) or words.t("the whole territory")


def service(remark: Remark, data: Data) -> str:
    """Name the service a remark is about: its type, and the provider of one registration."""
    kind = data.types.get(remark.type_code)
    held = remark.service_id in data.register.services.index
    provider = str(data.register.services.at[remark.service_id, "provider"]) if held else ""
    return ", ".join(
        filter(None, (kind.name if kind else remark.type_code, provider or remark.service_id))
    )


def who(remark: Remark, words: Words) -> str:
    """Say in which role a remark was written, and in which working group."""
    role = words.t(ROLES[remark.role]) if remark.role in ROLES else remark.role
    return ", ".join(filter(None, (role, remark.working_group)))


def card(remark: Remark, data: Data, words: Words, *, obec_known: bool) -> str:
    """Write a remark as HTML; the obec is left out where the page is about it."""
    place = remark.place if obec_known else where(remark, data, words)
    parts = (who(remark, words), service(remark, data), place, day(remark.written, words))
    return render(
        "remark.html",
        number=remark.number,
        state=remark.state,
        state_words="" if remark.state == PUBLISHED else words.t(STATES[remark.state]),
        head=" · ".join(filter(None, parts)),
        text=remark.text,
        answer=remark.answer,
        decision=words.t(DECISIONS[remark.decision]) if remark.decision else "",
        answered=day(remark.answered, words),
        t=words.t,
    )


def overview(table: Settlement, *, name: str) -> str:
    """Write the settlement table as an accessible HTML table."""
    return render(
        "plain.html",
        name=name,
        caption=table.title,
        headings=narrow(table.headings),
        rows=[narrow(row) for row in table.rows],
    )


def narrow(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Join the reactions of a row into one cell, and its decision and dates into one."""
    cells = [str(cell) for cell in row]
    reactions = " / ".join(cells[REACTIONS_FROM:REACTIONS_TO])
    *before, decision, written, settled = cells[REACTIONS_TO:]
    dates = "\n".join(filter(None, (written, settled)))
    reactions = "" if not reactions.strip(" /") else reactions
    last = "\n".join(filter(None, (decision, dates)))
    return (*cells[:REACTIONS_FROM], reactions, *before, last)


def day(moment: datetime | None, words: Words) -> str:
    """Write the day of a moment by the clock of this office; empty without one."""
    return "" if moment is None else words.date(moment.astimezone().date().isoformat())


def _row(remark: Remark, counted: Reactions, data: Data, words: Words) -> tuple[Cell, ...]:
    return (
        remark.number,
        where(remark, data, words),
        service(remark, data),
        who(remark, words),
        remark.text,
        *(counted[kind] for kind in KINDS),
        remark.answer,
        words.t(DECISIONS.get(remark.decision, remark.decision)),
        day(remark.written, words),
        day(remark.answered, words) if remark.decision else "",
    )


def _row_of_erased(trace: Erased, words: Words) -> tuple[Cell, ...]:
    text = words.t("(erased by {who}: {why})", who=trace.author, why=trace.reason)
    nothing = ("",) * len(KINDS)
    return (trace.number, "", "", "", text, *nothing, "", "", "", day(trace.when, words))
