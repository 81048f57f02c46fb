"""Reactions to remarks: agree, disagree, need to know more. Counted, without names or a trace."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kpss_geo.errors import N_, NoSuchRemark, Phrase
from kpss_geo.plan import records
from kpss_geo.plan.file import Plan, reading, writing
from kpss_geo.plan.remarks import PUBLISHED
from kpss_geo.plan.typed import one_of, text

KINDS: Final[Mapping[str, Phrase]] = {
    "agree": N_("I agree"),
    "disagree": N_("I disagree"),
    "more": N_("I need to know more"),
}


@dataclass(frozen=True)
class Reactions:
    """How many visits agree, disagree or need to know more, and what one visit said."""

    counts: Mapping[str, int]
    mine: str = ""

    def __getitem__(self, kind: str) -> int:
        """Count of one kind."""
        return self.counts.get(kind, 0)


NOBODY: Final = Reactions({})


def reactions(plan: Plan | None, *, visit: str = "") -> dict[int, Reactions]:
    """Give the reactions by number of the remark; a remark without any is not in the answer."""
    if plan is None:
        return {}
    with reading(plan) as connection:
        found = connection.execute("SELECT number, kind, visit FROM reactions").fetchall()
    counts: dict[int, Counter[str]] = {}
    for number, kind, _ in found:
        counts.setdefault(number, Counter())[kind] += 1
    mine = {number: kind for number, kind, who in found if who == visit}
    return {number: Reactions(each, mine.get(number, "")) for number, each in counts.items()}


def react(plan: Plan, number: int, *, visit: str, kind: str) -> None:
    """Set the reaction of a visit to a published remark; the same one again takes it back.

    Raises
    ------
    NoSuchRemark
        It was erased or is not published.
    BadOption
        There is no such reaction, or the visit is not named.
    """
    one_of(kind, option="reaction", possible=KINDS)
    who = text(visit, option="visit", longest=64, needed=True)
    with writing(plan) as connection:
        found = connection.execute(
            "SELECT state FROM remarks WHERE number = ?", (number,)
        ).fetchone()
        if found != (PUBLISHED,):
            raise NoSuchRemark(number=number)
        before = connection.execute(
            "DELETE FROM reactions WHERE number = ? AND visit = ? RETURNING kind", (number, who)
        ).fetchone()
        if before != (kind,):
            connection.execute(
                "INSERT INTO reactions (number, visit, kind, changed_at) VALUES (?, ?, ?, ?)",
                (number, who, kind, records.now()),
            )
