"""A table of the team's own: a dry run that says what would be taken, and the taking."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from kpss_geo.dataset import Data
from kpss_geo.errors import N_, BadOption, FileNotUsable, Finding, MissingColumns
from kpss_geo.obec_names import index_names
from kpss_geo.own.ages import ages_of
from kpss_geo.own.columns import Guess, looks_like_heading, map_columns
from kpss_geo.own.faults import Faults, Taken
from kpss_geo.own.kinds import COLUMNS, FILES, Kind
from kpss_geo.own.people import take_population
from kpss_geo.own.places import obec_of
from kpss_geo.own.providers import take_providers
from kpss_geo.own.served import take_served
from kpss_geo.own.undo import keep, put
from kpss_geo.schema import ANY_GROUP, CODE, NAME, TYPE_CODE
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources import own_providers
from kpss_geo.sources.hsds import is_json, read_hsds
from kpss_geo.sources.register import GROUPS
from kpss_geo.sources.tables import Table, cells_of, read_csv, read_table, tidy
from kpss_geo.sources.taken import Note, note_beside, note_text

Taker = Callable[[pd.DataFrame, pd.DataFrame, Data, Settings, Faults], Taken]
EXAMPLE: Final = "PŘÍKLAD"
"""Begins the example row of a template; such rows are never taken."""
PREVIEW_ROWS: Final = 8
PREVIEW_COLUMNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "providers": (
        "provider", NAME, TYPE_CODE, "forms", GROUPS, "street", "house_number", "obec", CODE,
    ),
}  # fmt: skip
NOTHING: Final = Taken(pd.DataFrame(), frozenset())


@dataclass(frozen=True)
class Checked:
    """What a table holds and what of it would be taken; nothing is written yet.

    table
        The rows in the product's own form.
    headings
        Columns of the file, as it names them.
    read, left_out
        Rows of the file, and those of them that cannot be taken; each is in `findings`.
    """

    kind: Kind
    file: str
    mapping: Mapping[str, Guess]
    table: pd.DataFrame
    findings: tuple[Finding, ...]
    read: int
    left_out: int
    sha256: str
    headings: tuple[str, ...] = ()

    @property
    def preview(self) -> pd.DataFrame:
        """First rows as they would be taken, without columns that are empty in all of them."""
        shown = self.table.head(PREVIEW_ROWS)
        wanted = PREVIEW_COLUMNS.get(self.kind, tuple(shown.columns))
        told = [str(c) for c in wanted if c in shown.columns and (shown[c] != "").any()]
        return shown[told]


def check_table(
    kind: Kind,
    path: Path,
    *,
    data: Data,
    settings: Settings,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Checked:
    """Read a table of the team's own and say what would be taken; nothing is written.

    `mapping` gives headings of the file by the product's key (or Czech heading) of a column,
    "-" for a column the table does not hold; the others are guessed, and a guess that is not
    certain is named. Places without coordinates are found by the address points in `settings`.

    Raises
    ------
    FileNotUsable, MissingColumns, BadOption
        The table as a whole cannot be used.
    """
    table, wanted = _read(kind, path, sheet), COLUMNS[kind]
    mapped, guesses = map_columns(list(table.text.columns), wanted, said=mapping, file=path.name)
    _require_place(kind, mapped, table, file=path.name)
    headings = {key: guess.found for key, guess in mapped.items()}
    faults = Faults(path.name, {name: name for name in table.text.columns} | headings)
    text = _without_examples(table.text, faults)
    rows = _under_keys(text, headings)
    given = (rows, text.loc[rows.index], data, settings, faults)
    taken = NOTHING if rows.empty else _TAKERS[kind](*given)
    read = len(rows) + sum(finding.row is not None for finding in table.findings)
    return Checked(
        kind=kind,
        file=path.name,
        mapping=mapped,
        table=taken.table,
        findings=(*table.findings, *guesses, *_in_order(faults.found)),
        read=read,
        left_out=read - len(taken.used),
        sha256=_sha256(path),
        headings=tuple(map(str, table.text.columns)),
    )


def take_table(checked: Checked, *, folder: Path, on: date) -> Path:
    """Write a checked table into the data folder, whole or not at all; gives the path.

    The table of the same kind that was there is replaced, and kept so that `undo_table` can
    put it back. Beside the new one a note (`….taken.json`)
    says from which file it was made, when, and how many rows were left out.

    Raises
    ------
    BadOption
        It is no table of the data folder: a list of obce makes a territory, served obce go
        into the plan.
    FileNotUsable
        No row can be used, or the folder cannot be written; what was there stays.
    """
    if checked.kind not in FILES:
        raise BadOption(given=checked.kind, option="KIND", possible=", ".join(FILES))
    if checked.table.empty:
        raise FileNotUsable(file=checked.file, why=N_("none of its rows can be used"))
    target = folder / FILES[checked.kind]
    content = checked.table.to_csv(index=False, lineterminator="\n").encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        keep(checked.kind, folder=folder)
        put(target, content)
        put(note_beside(target), _note(checked, target, content, on).encode())
    except OSError as error:
        raise FileNotUsable(file=target.name, why=error.strerror or str(error)) from error
    return target


def _note(checked: Checked, target: Path, content: bytes, on: date) -> str:
    note = Note(
        table=target.name,
        from_file=checked.file,
        taken_on=on.isoformat(),
        rows_read=checked.read,
        rows_left_out=checked.left_out,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    columns = {key: guess.found for key, guess in checked.mapping.items()}
    return note_text(note, from_sha256=checked.sha256, columns=columns)


def _read(kind: Kind, path: Path, sheet: str | None) -> Table:
    if is_json(path):
        return read_hsds(path, kind=kind)
    return read_table(
        path, score=lambda cells: looks_like_heading(cells, COLUMNS[kind]), sheet=sheet
    )


def _require_place(kind: Kind, mapped: Mapping[str, Guess], table: Table, *, file: str) -> None:
    """Raise `MissingColumns` for a table that cannot say where anything is."""
    wanted = {"served": ("area",), "providers": ("obec", "code", "address")}
    if not mapped.keys() & set(wanted.get(kind, ("obec", "code"))):
        headings = [column.heading for column in COLUMNS[kind] if column.key in ("obec", "code")]
        found = ", ".join(map(str, table.text.columns))[:400]
        raise MissingColumns(file=file, columns=" / ".join(headings), found=found)


def _under_keys(text: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Cells without needless spaces, columns by the product's keys; empty rows fall out."""
    rows = pd.DataFrame({key: text[name].map(tidy) for key, name in headings.items()})
    return rows[(rows != "").any(axis=1)]


def _without_examples(text: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    example = text.map(lambda cell: tidy(cell).startswith(EXAMPLE)).any(axis=1)
    for row in text.index[example]:
        template = N_("The example row of the template was left aside.")
        faults.say("note", template, row=int(row))
    return text[~example]


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.row or 0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _providers(
    rows: pd.DataFrame, _text: pd.DataFrame, data: Data, settings: Settings, faults: Faults
) -> Taken:
    theirs = frozenset(group for t in data.targets.values() for group in t.register_groups)
    taken = take_providers(
        rows,
        obce=data.obce,
        types=data.types,
        known_groups=known_groups() | (theirs - ANY_GROUP),
        faults=faults,
    )
    faults.found.extend(
        own_providers.remarks(
            taken.table,
            data.register,
            settings,
            file=faults.file,
            obce=data.obce,
            known_types=data.types,
        )
    )
    return taken


def known_groups() -> frozenset[str]:
    """Names of the target groups of the register."""
    lists = shipped_root() / "geodata" / "register_groups.csv"
    return frozenset(read_csv(lists, columns=(NAME,))[NAME])


def _served(
    rows: pd.DataFrame, _text: pd.DataFrame, data: Data, _settings: Settings, faults: Faults
) -> Taken:
    return take_served(
        rows, obce=data.obce, register=data.register, types=data.types, faults=faults
    )


def _population(
    rows: pd.DataFrame, text: pd.DataFrame, data: Data, _settings: Settings, faults: Faults
) -> Taken:
    ages = text[[name for name in text.columns if ages_of(str(name)) is not None]]
    return take_population(rows, ages, obce=data.obce, faults=faults)


def _obce(
    rows: pd.DataFrame, _text: pd.DataFrame, data: Data, _settings: Settings, faults: Faults
) -> Taken:
    names = index_names(data.obce)
    codes = {row: obec_of(cells, names, faults, row=row) for row, cells in cells_of(rows)}
    found = {row: code for row, code in codes.items() if code is not None}
    table = pd.DataFrame({CODE: found}, dtype=str).drop_duplicates(CODE)
    table[NAME] = [names.known[code].name for code in table[CODE]]
    return Taken(table, frozenset(found))


_TAKERS: Final[Mapping[Kind, Taker]] = {
    "providers": _providers,
    "served": _served,
    "population": _population,
    "obce": _obce,
}
