"""Rows of the plan: who wrote them, when and why; and the trace of every change.

Each row has a `revision`: the number of the change that made it, in the table `history`.
It never comes again, so who writes with a stale one is told and nothing is overwritten.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from kpss_geo.errors import N_, ChangedMeanwhile, PlanNotUsable
from kpss_geo.plan.file import DAMAGED, PLAN_NAME, Plan, reading, writing

Cell = str | int | float | None

NEW: Final = 0
"""Revision of a row that is not in the plan yet."""
NOTHING: Final = N_("nothing, it was removed")


@dataclass(frozen=True)
class Table:
    """A table of the plan file: what tells its rows apart, and what they say."""

    name: str
    key: tuple[str, ...]
    facts: tuple[str, ...]


THRESHOLDS: Final = Table(
    "thresholds", ("type_code", "form"), ("value", "unit", "per_1000", "capacity_unit")
)
SERVED: Final = Table("served", ("service_id", "code"), ("serves",))
WORKING_GROUPS: Final = Table("working_groups", ("territory", "name"), ("position", "type_codes"))
CORRECTIONS: Final = Table(
    "corrections", ("service_id", "place", "field"), ("original", "new", "state")
)
TERRITORIES: Final = Table("territories", ("id",), ("name", "in_name", "codes", "surroundings_km"))
REMARKS: Final = Table(
    "remarks",
    ("number",),
    (
        "territory", "code", "type_code", "service_id", "place", "role", "working_group", "text",
        "written_at", "state", "answer", "decision", "answered_at",
    ),
)  # fmt: skip
TABLES: Final = (THRESHOLDS, SERVED, WORKING_GROUPS, CORRECTIONS, TERRITORIES, REMARKS)


@dataclass(frozen=True)
class Record:
    """A row with its trace. `when` is in UTC; `revision` is for writing it again."""

    key: tuple[str, ...]
    facts: tuple[Cell, ...]
    reason: str
    author: str
    when: datetime
    revision: int


@dataclass(frozen=True)
class Change:
    """What somebody wants a row to say; `facts` None takes the row away.

    `revision` is that of the row as they saw it, `NEW` if they saw none.
    """

    table: Table
    key: tuple[str, ...]
    facts: tuple[Cell, ...] | None
    revision: int = NEW
    reason: str = ""


def read(plan: Plan, table: Table) -> list[Record]:
    """Give every row of a table, in the order of its key."""
    with reading(plan) as connection:
        found = connection.execute(f"{_select(table)} ORDER BY {', '.join(table.key)}").fetchall()
    return [_record(table, row) for row in found]


def write(plan: Plan, changes: Iterable[Change]) -> list[int]:
    """Write all the changes or none of them; give the new revision of each.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed one of the rows after it was read; nothing is written.
    """
    moment = now()
    with writing(plan) as connection:
        return [_write(connection, change, plan.author, moment) for change in changes]


def add(connection: sqlite3.Connection, table: Table, facts: Sequence[Cell], author: str) -> int:
    """Write a new row of a table whose rows are numbered, within a transaction; give its number.

    The number is one more than any row of the table ever had.
    """
    (last,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", (table.name,)
    ).fetchone()
    number = int(last) + 1
    _write(connection, Change(table, (str(number),), tuple(facts)), author, now())
    return number


def erase(
    plan: Plan, table: Table, key: tuple[str, ...], *, revision: int, reason: str = ""
) -> None:
    """Take a row away together with what its history says; who, when and the reason stay.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed the row after it was read.
    """
    with writing(plan) as connection:
        erase_within(connection, Change(table, key, None, revision, reason), plan.author)


def erase_within(
    connection: sqlite3.Connection, change: Change, author: str, *, keep: Sequence[str] = ()
) -> None:
    """Erase a row as `erase` does, within a transaction; the facts of `keep` stay in the trace."""
    table, key = change.table, change.key
    before = _check(connection, change)
    facts = {} if before is None else dict(zip(table.facts, before.facts, strict=True))
    connection.execute(
        "UPDATE history SET before = NULL, after = NULL, reason = '' "
        "WHERE table_name = ? AND row_key = ?",
        (table.name, _key_text(key)),
    )
    revision = _trace(connection, change, ("erased", author, now(), None))
    if keep:
        kept = json.dumps({name: facts.get(name) for name in keep}, ensure_ascii=False)
        connection.execute("UPDATE history SET after = ? WHERE id = ?", (kept, revision))
    _delete(connection, table, key)


def history(plan: Plan) -> pd.DataFrame:
    """Give every change, the first one first.

    Returns
    -------
    DataFrame
        Index `revision`: `when` (ISO, UTC), `author`, `action` (written, removed, erased),
        `table`, `key` (tuple), `before`, `after` (dict of facts, None where there was no
        row or it was erased), `reason`.
    """
    columns = "id, changed_at, author, action, table_name, row_key, before, after, reason"
    with reading(plan) as connection:
        found = connection.execute(f"SELECT {columns} FROM history ORDER BY id").fetchall()  # noqa: S608
    names = ["revision", "when", "author", "action", "table", "key", "before", "after", "reason"]
    table = pd.DataFrame(found, columns=names).set_index("revision")
    for column in ("before", "after"):
        loaded = [from_json(text) if isinstance(text, str) else None for text in table[column]]
        table[column] = pd.Series(loaded, index=table.index, dtype=object)
    keys = [tuple(from_json(text)) for text in table["key"]]
    table["key"] = pd.Series(keys, index=table.index, dtype=object)
    return table


def from_json(stored: object) -> Any:
    """Read what is stored as JSON.

    Raises
    ------
    PlanNotUsable
        Somebody changed it by hand into something else.
    """
    try:
        return json.loads(str(stored))
    except ValueError as error:
        raise PlanNotUsable(file=PLAN_NAME, why=DAMAGED) from error


def _write(connection: sqlite3.Connection, change: Change, author: str, now: str) -> int:
    table = change.table
    before = _check(connection, change)
    action = "removed" if change.facts is None else "written"
    revision = _trace(connection, change, (action, author, now, before))
    if change.facts is None:
        _delete(connection, table, change.key)
        return revision
    columns = (*table.key, *table.facts, "reason", "author", "changed_at", "revision")
    marks = ", ".join("?" * len(columns))
    connection.execute(
        f"REPLACE INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - constants
        (*change.key, *change.facts, change.reason, author, now, revision),
    )
    return revision


def _check(connection: sqlite3.Connection, change: Change) -> Record | None:
    """Give the row as it is, if it is the one that was seen."""
    table = change.table
    found = connection.execute(f"{_select(table)} WHERE {_where(table)}", change.key).fetchone()
    present = None if found is None else _record(table, found)
    if (NEW if present is None else present.revision) == change.revision:
        return present
    if present is not None:
        raise _changed(change, present.author, present.when, present.facts)
    last = connection.execute(
        "SELECT author, changed_at FROM history WHERE table_name = ? AND row_key = ? "
        "ORDER BY id DESC LIMIT 1",
        (table.name, _key_text(change.key)),
    ).fetchone()
    who, when = last or ("?", now())
    raise _changed(change, who, datetime.fromisoformat(when), None)


def _changed(
    change: Change, author: str, when: datetime, facts: Sequence[Cell] | None
) -> ChangedMeanwhile:
    said = "" if facts is None else ", ".join(str(v) for v in facts if v is not None)
    return ChangedMeanwhile(
        what=f"{change.table.name}: {' · '.join(filter(None, change.key))}",
        author=author,
        when=f"{when.astimezone():%Y-%m-%d %H:%M}",
        present=NOTHING if facts is None else said,
    )


def _trace(
    connection: sqlite3.Connection, change: Change, how: tuple[str, str, str, Record | None]
) -> int:
    action, author, now, before = how
    cursor = connection.execute(
        "INSERT INTO history (changed_at, author, action, table_name, row_key, before, after, "
        "reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now,
            author,
            action,
            change.table.name,
            _key_text(change.key),
            _as_json(change.table, None if before is None else before.facts),
            _as_json(change.table, change.facts),
            change.reason,
        ),
    )
    return int(cursor.lastrowid or 0)


def _delete(connection: sqlite3.Connection, table: Table, key: tuple[str, ...]) -> None:
    connection.execute(f"DELETE FROM {table.name} WHERE {_where(table)}", key)  # noqa: S608 - constants


def _select(table: Table) -> str:
    columns = (*table.key, *table.facts, "reason", "author", "changed_at", "revision")
    return f"SELECT {', '.join(columns)} FROM {table.name}"  # noqa: S608 - constants


def _where(table: Table) -> str:
    return " AND ".join(f"{column} = ?" for column in table.key)


def _record(table: Table, row: Sequence[Cell]) -> Record:
    keys = len(table.key)
    end = keys + len(table.facts)
    reason, author, when, revision = row[end:]
    try:
        moment, number = datetime.fromisoformat(str(when)), int(revision or 0)
    except ValueError as error:
        raise PlanNotUsable(file=PLAN_NAME, why=DAMAGED) from error
    return Record(
        key=tuple(str(part) for part in row[:keys]),
        facts=tuple(row[keys:end]),
        reason=str(reason),
        author=str(author),
        when=moment,
        revision=number,
    )


def _as_json(table: Table, facts: Sequence[Cell] | None) -> str | None:
    if facts is None:
        return None
    return json.dumps(dict(zip(table.facts, facts, strict=True)), ensure_ascii=False)


def _key_text(key: tuple[str, ...]) -> str:
    return json.dumps(key, ensure_ascii=False)


def now() -> str:
    """Give this moment in UTC, as the plan writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
