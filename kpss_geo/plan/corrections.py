"""What the team knows better than the register: an editorial layer, never written into it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from kpss_geo.errors import N_, BadOption, Phrase
from kpss_geo.plan import records
from kpss_geo.plan.fields import (
    OF_A_SECRET_PLACE,
    PLACE_FIELDS,
    WHOLE_SERVICE,
    Present,
    look_at,
    parse,
)
from kpss_geo.plan.file import Plan
from kpss_geo.plan.records import CORRECTIONS, NEW, Change, Record
from kpss_geo.plan.typed import one_of, reason_of
from kpss_geo.sources.register import Register

State = Literal["open", "reported", "withdrawn"]
STATES: Final[tuple[State, ...]] = ("open", "reported", "withdrawn")
STATE_WORDS: Final[Mapping[State, Phrase]] = {
    "open": N_("to be reported"),
    "reported": N_("reported to the register"),
    "withdrawn": N_("withdrawn"),
}


@dataclass(frozen=True)
class Correction:
    """One field of a service, or of one place of it, that the team corrected.

    place
        Key of the place (`fields.place_keys`); empty for the whole registration.
    original, new
        What the register said at the time, and what is right, as `fields.parse` writes it.
    state
        open, reported (both are in force) or withdrawn (not in force).
    """

    service_id: str
    place: str
    field: str
    original: str
    new: str
    state: State = "open"
    reason: str = ""
    author: str = ""
    when: datetime | None = None
    revision: int = NEW

    @property
    def in_force(self) -> bool:
        """Whether it is laid over the register."""
        return self.state != "withdrawn"


def corrections(plan: Plan | None) -> tuple[Correction, ...]:
    """Give every correction, those withdrawn too; empty without a plan."""
    rows = [] if plan is None else records.read(plan, CORRECTIONS)
    return tuple(_correction(row) for row in rows)


def corrections_digest(known: Iterable[Correction]) -> str:
    """Tell one set of corrections from another; empty without any in force."""
    facts = [(c.service_id, c.place, c.field, c.new) for c in known if c.in_force]
    return sha256(repr(sorted(facts)).encode()).hexdigest()[:12] if facts else ""


def propose(
    register: Register,
    *,
    service_id: str,
    field: str,
    new: str,
    place: str = "",
    known_types: Collection[str],
) -> Correction:
    """Make a correction of what the register says now, not written yet.

    `place` may be left out where the service has one place only.

    Raises
    ------
    BadOption
        No such service, place or field, or a value that the field cannot hold.
    """
    present = look_at(register)
    if not present.has_service(service_id):
        raise BadOption(given=service_id[:60], option="service", possible=N_("a service id"))
    value = parse(field, new, known_types=known_types)
    if present.is_secret(service_id) and field in PLACE_FIELDS:
        one_of(field, option="field", possible=OF_A_SECRET_PLACE)
    key = _place(present, service_id, place) if field in PLACE_FIELDS else WHOLE_SERVICE
    original = present.says(service_id, key, field)
    return Correction(service_id=service_id, place=key, field=field, original=original, new=value)


def _place(present: Present, service_id: str, place: str) -> str:
    keys = list(dict.fromkeys(present.keys.loc[present.rows_of(service_id).index]))
    if place in keys or (not place and len(keys) == 1):
        return place or keys[0]
    raise BadOption(given=place[:60] or "–", option="place", possible="; ".join(keys) or "–")


def set_correction(plan: Plan, correction: Correction) -> None:
    """Write a correction; what and why are needed.

    Raises
    ------
    BadOption
        Its state is none of `STATES`.
    ReasonMissing
        It is not said why.
    ChangedMeanwhile
        Somebody else corrected the same field after it was read.
    """
    reason = reason_of(correction.reason)
    key = (correction.service_id, correction.place, correction.field)
    state = one_of(correction.state, option="state", possible=STATES)
    values = (correction.original, correction.new, state)
    records.write(plan, [Change(CORRECTIONS, key, values, correction.revision, reason)])


def with_state(correction: Correction, state: State, *, reason: str = "") -> Correction:
    """Give the correction in another state, with the reason of that if one is given."""
    return replace(correction, state=state, reason=reason or correction.reason)


def _correction(row: Record) -> Correction:
    original, new, state = row.facts
    service_id, place, field = row.key
    return Correction(
        service_id=service_id,
        place=place,
        field=field,
        original=str(original),
        new=str(new),
        state=next((known for known in STATES if known == state), "open"),
        reason=row.reason,
        author=row.author,
        when=row.when,
        revision=row.revision,
    )
