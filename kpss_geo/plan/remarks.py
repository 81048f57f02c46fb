"""Remarks at the round table: what somebody said of an obec, a service or a place, and the answer.

Who wrote is a role, never a name. The text of a remark is never altered: it is published or
refused, answered, or erased so that only its number, who erased it, when and why remain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kpss_geo.errors import (
    N_,
    ChangedMeanwhile,
    NoSuchRemark,
    Phrase,
    ReasonMissing,
    TextEmpty,
    TooManyWaiting,
)
from kpss_geo.plan import records
from kpss_geo.plan.file import Plan, reading, writing
from kpss_geo.plan.records import NEW, REMARKS, Change, Record
from kpss_geo.plan.typed import LONGEST, free_text, obec_code, one_line, one_of

COORDINATOR: Final = "coordinator"
ROLES: Final[Mapping[str, Phrase]] = {
    "commissioner": N_("commissioner (obec, region)"),
    "provider": N_("provider of services"),
    "user": N_("user of services"),
    "public": N_("the public"),
    COORDINATOR: N_("coordinator"),
}
"""Who takes part in community planning: the triad, the public, and who leads it."""

WAITING, PUBLISHED, REFUSED = "waiting", "published", "refused"
STATES: Final[Mapping[str, Phrase]] = {
    WAITING: N_("waits for approval"),
    PUBLISHED: N_("published"),
    REFUSED: N_("refused, not shown"),
}
UNDECIDED: Final = ""
DECISIONS: Final[Mapping[str, Phrase]] = {
    UNDECIDED: N_("not decided yet"),
    "accepted": N_("accepted"),
    "partly": N_("accepted in part"),
    "not_accepted": N_("not accepted"),
    "explained": N_("explained"),
    "noted": N_("taken note of"),
}
"""As tables of the settlement of comments have them."""

LONGEST_PLACE: Final = 200
MOST_WAITING: Final = 500
"""Remarks that may wait for approval; a bound against a flood from the network."""


@dataclass(frozen=True)
class Remark:
    """What somebody said, what it is about, and how it was settled.

    It may be about an obec (`code`), a type of service or one registration, a place in
    words, or, with none of them, the whole territory. `number` and `revision` are those of
    the plan; `NEW` before it is written.
    """

    text: str
    role: str
    territory: str
    code: str = ""
    type_code: str = ""
    service_id: str = ""
    place: str = ""
    working_group: str = ""
    state: str = PUBLISHED
    answer: str = ""
    decision: str = UNDECIDED
    written: datetime | None = None
    answered: datetime | None = None
    number: int = 0
    revision: int = NEW


@dataclass(frozen=True)
class Erased:
    """The trace of an erased remark: its number, who erased it, when, and why."""

    number: int
    author: str
    when: datetime
    reason: str


def remarks(plan: Plan | None, *, territory: str) -> tuple[Remark, ...]:
    """Give the remarks of a territory in the order of their numbers, whatever their state."""
    rows = [] if plan is None else records.read(plan, REMARKS)
    return tuple(_remark(row) for row in rows if row.facts[0] == territory)


def write_remark(plan: Plan, remark: Remark) -> int:
    """Write a new remark, published or waiting; give its number, which never comes again.

    Raises
    ------
    TextEmpty, TextTooLong
        The text says nothing, or too much.
    BadOption
        A role, state or code that is not possible.
    TooManyWaiting
        More than `MOST_WAITING` remarks wait for approval.
    """
    facts = (
        one_line(remark.territory, most=LONGEST_PLACE),
        obec_code(remark.code) if remark.code else "",
        one_line(remark.type_code, most=20),
        one_line(remark.service_id, most=LONGEST_PLACE),
        one_line(remark.place, most=LONGEST_PLACE),
        one_of(remark.role, option="role", possible=ROLES),
        one_line(remark.working_group, most=LONGEST_PLACE),
        free_text(remark.text),
        records.now(),
        one_of(remark.state, option="state", possible=(WAITING, PUBLISHED)),
        "",
        UNDECIDED,
        "",
    )
    with writing(plan) as connection:
        if remark.state == WAITING:
            (count,) = connection.execute(
                "SELECT count(*) FROM remarks WHERE state = ?", (WAITING,)
            ).fetchone()
            if count >= MOST_WAITING:
                raise TooManyWaiting(count=count)
        return records.add(connection, REMARKS, facts, plan.author)


def settle_remark(plan: Plan, remark: Remark, *, answer: str, decision: str, state: str) -> None:
    """Answer a remark, decide on it, publish or refuse it; `remark` as it was seen.

    Raises
    ------
    TextTooLong, BadOption
        The answer is too long; the decision or state is not one of those possible.
    ChangedMeanwhile
        Somebody settled it after it was read; the error says how.
    NoSuchRemark
        Somebody erased it after it was read.
    """
    one_of(decision, option="decision", possible=DECISIONS)
    one_of(state, option="state", possible=STATES)
    said = _answer(answer)
    when = records.now() if said or decision else ""
    if (said, decision) == (remark.answer, remark.decision):
        when = _iso(remark.answered)
    facts = (*_unchanging(remark), state, said, decision, when)
    change = Change(REMARKS, (str(remark.number),), facts, remark.revision)
    try:
        records.write(plan, [change])
    except ChangedMeanwhile as error:
        raise _changed(plan, remark, error) from error


def erase_remark(plan: Plan, remark: Remark, *, reason: str) -> None:
    """Erase a remark with its answer, reactions and history; number, who, when and why stay.

    Raises
    ------
    ReasonMissing
        It is not said why.
    ChangedMeanwhile, NoSuchRemark
        Somebody settled or erased it after it was read.
    """
    why = one_line(reason, most=LONGEST)
    if not why:
        raise ReasonMissing
    change = Change(REMARKS, (str(remark.number),), None, remark.revision, why)
    try:
        with writing(plan) as connection:
            connection.execute("DELETE FROM reactions WHERE number = ?", (remark.number,))
            records.erase_within(connection, change, plan.author, keep=("territory",))
    except ChangedMeanwhile as error:
        raise _changed(plan, remark, error) from error


def erased_remarks(plan: Plan | None, *, territory: str) -> tuple[Erased, ...]:
    """Give what remains of the erased remarks of a territory, by number."""
    if plan is None:
        return ()
    with reading(plan) as connection:
        found = connection.execute(
            "SELECT row_key, author, changed_at, reason, after FROM history "
            "WHERE table_name = ? AND action = 'erased' ORDER BY id",
            (REMARKS.name,),
        ).fetchall()
    mine = [row for row in found if (records.from_json(row[4]) or {}).get("territory") == territory]
    erased = [
        Erased(int(records.from_json(key)[0]), author, datetime.fromisoformat(when), reason)
        for key, author, when, reason, _ in mine
    ]
    return tuple(sorted(erased, key=lambda one: one.number))


def _answer(given: str) -> str:
    try:
        return free_text(given)
    except TextEmpty:
        return ""


def _unchanging(remark: Remark) -> tuple[str, ...]:
    return (
        remark.territory,
        remark.code,
        remark.type_code,
        remark.service_id,
        remark.place,
        remark.role,
        remark.working_group,
        remark.text,
        _iso(remark.written),
    )


def _changed(plan: Plan, remark: Remark, error: ChangedMeanwhile) -> ChangedMeanwhile:
    """Say what a remark looks like now without repeating its whole text."""
    present = {one.number: one for one in remarks(plan, territory=remark.territory)}
    if remark.number not in present:
        raise NoSuchRemark(number=remark.number) from error
    now = present[remark.number]
    parts = (STATES[now.state], DECISIONS.get(now.decision, ""), now.answer[:200])
    return ChangedMeanwhile(
        **{**error.fields, "what": f"č. {now.number}", "present": " – ".join(filter(None, parts))}
    )


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _moment(stored: object) -> datetime | None:
    return datetime.fromisoformat(str(stored)) if stored else None


def _remark(row: Record) -> Remark:
    texts = [str(fact or "") for fact in row.facts]
    territory, code, type_code, service_id, place, role, group, text = texts[:8]
    written, state, answer, decision, answered = texts[8:]
    return Remark(
        text=text,
        role=role,
        territory=territory,
        code=code,
        type_code=type_code,
        service_id=service_id,
        place=place,
        working_group=group,
        state=state,
        answer=answer,
        decision=decision,
        written=_moment(written),
        answered=_moment(answered),
        number=int(row.key[0]),
        revision=row.revision,
    )
