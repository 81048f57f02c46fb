"""Notes about the team's own tables in the data folder: from which file, when, how many rows."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from kpss_geo.errors import N_, Finding

ENDING: Final = ".taken.json"


class Note(BaseModel):
    """Where a table of the data folder was taken from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    table: str
    from_file: str
    taken_on: str
    rows_read: int
    rows_left_out: int
    sha256: str


def note_beside(table: Path) -> Path:
    """Path of the note about a table.

    >>> note_beside(Path("providers.csv")).name
    'providers.taken.json'
    """
    return table.with_suffix(ENDING)


def note_text(note: Note, *, from_sha256: str, columns: Mapping[str, str]) -> str:
    """Give a note as it is written beside its table, with what only a person may want to know."""
    taken = note.rows_read - note.rows_left_out
    more = {"rows_taken": taken, "from_sha256": from_sha256, "columns": dict(columns)}
    return json.dumps({**note.model_dump(), **more}, ensure_ascii=False, indent=1)


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
        note = _read(path)
        if note is None:
            template = N_("The note about {table} cannot be read; where the table is from is lost.")
            about = {"table": table.name}
            findings.append(Finding("warning", path.name, template, fields=about))
            continue
        notes[table.stem] = note
        findings += _remarks(note, table)
    return notes, findings


def _read(path: Path) -> Note | None:
    try:
        return Note.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _remarks(note: Note, table: Path) -> list[Finding]:
    findings: list[Finding] = []
    facts = {"file": note.from_file, "day": note.taken_on, "count": note.rows_left_out}
    if note.rows_left_out:
        template = N_(
            "{count} rows of {file} were left out when it was taken over ({day}); they count "
            "nowhere. Correct them and take it over again."
        )
        findings.append(Finding("warning", note.table, template, fields=facts))
    with table.open("rb") as file:
        now = hashlib.file_digest(file, "sha256").hexdigest()
    if note.sha256 != now:
        template = N_("The table was changed after it was taken over from {file} ({day}).")
        findings.append(Finding("note", note.table, template, fields=facts))
    return findings
