"""Notes about the team's own tables in the data folder: from which file, when, how many rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.sources.files import read_toml

ENDING: Final = ".taken.toml"


@dataclass(frozen=True)
class Note:
    """Where a table of the data folder was taken from."""

    table: str
    from_file: str
    taken_on: str
    rows_read: int
    rows_left_out: int
    sha256: str


def note_beside(table: Path) -> Path:
    """Path of the note about a table.

    >>> note_beside(Path("providers.csv")).name
    'providers.taken.toml'
    """
    return table.with_suffix(ENDING)


def note_facts(note: Note, *, from_sha256: str, columns: Mapping[str, str]) -> dict[str, Any]:
    """Give the content of a note as it is written."""
    return {
        "from_file": note.from_file,
        "from_sha256": from_sha256,
        "taken_on": date.fromisoformat(note.taken_on),
        "rows_read": note.rows_read,
        "rows_taken": note.rows_read - note.rows_left_out,
        "rows_left_out": note.rows_left_out,
        "sha256": note.sha256,
        "columns": dict(columns),
    }


def read_notes(folder: Path) -> tuple[dict[str, Note], list[Finding]]:
    """Read the notes of a data folder by the name of the table without its ending.

    What the next reader of results should know is found: rows that were left out when the
    table was taken over, a table changed by hand since, a note that cannot be read.
    """
    notes: dict[str, Note] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        table = path.with_name(path.name.removesuffix(ENDING) + ".csv")
        if not table.is_file():
            continue
        try:
            note = _note(table.name, read_toml(path))
        except KpssGeoError as error:
            findings.append(Finding("warning", path.name, error.template, fields=error.fields))
            continue
        notes[table.stem] = note
        findings += _remarks(note, table)
    return notes, findings


def _note(table: str, facts: Mapping[str, Any]) -> Note:
    def count(key: str) -> int:
        value = facts.get(key, 0)
        return value if isinstance(value, int) else 0

    return Note(
        table=table,
        from_file=str(facts.get("from_file", "")),
        taken_on=str(facts.get("taken_on", "")),
        rows_read=count("rows_read"),
        rows_left_out=count("rows_left_out"),
        sha256=str(facts.get("sha256", "")),
    )


def _remarks(note: Note, table: Path) -> list[Finding]:
    findings: list[Finding] = []
    fields = {"file": note.from_file, "day": note.taken_on, "count": note.rows_left_out}
    if note.rows_left_out:
        template = N_(
            "{count} rows of {file} were left out when it was taken over ({day}); they count "
            "nowhere. Correct them and take it over again."
        )
        findings.append(Finding("warning", note.table, template, fields=fields))
    with table.open("rb") as file:
        now = hashlib.file_digest(file, "sha256").hexdigest()
    if note.sha256 != now:
        template = N_("The table was changed after it was taken over from {file} ({day}).")
        findings.append(Finding("note", note.table, template, fields=fields))
    return findings
