"""Tables of any make (CSV, XLSX, ODS) read as text, turned into numbers, faults named."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kpss_geo.errors import N_, FileNotUsable, Finding, TableNotUsable
from kpss_geo.schema import CODE, require_columns
from kpss_geo.sources.archives import is_zip
from kpss_geo.sources.delimited import read_delimited
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.limits import Records
from kpss_geo.sources.spreadsheets import read_workbook

FIRST_ROW = 2
"""Line of the first record in a spreadsheet: the heading is line 1."""
HEADING_WITHIN: Final = 20
"""Rows among which the heading is looked for; titles stand above it."""
OTHER_KINDS: Final = {
    b"\xd0\xcf\x11\xe0": N_("it is an old Excel file (.xls) or protected by a password"),
    b"%PDF": N_("it is a PDF document, not a table"),
    b"<": N_("it is a web page or XML, not a table"),
    b"{": N_("it is JSON, not a table"),
    b"\x1f\x8b": N_("it is packed (gzip); unpack it first"),
    b"PAR1": N_("it is Parquet, not a table of this kind"),
}
_THOUSANDS = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009](?=\d{3}(?!\d))")


class Table(NamedTuple):
    """A table as text, its index the row of the file; the findings met while reading it."""

    text: pd.DataFrame
    findings: list[Finding]


def read_csv(path: Path, *, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a table that must have `columns`, as text, empty cells as empty text.

    The index is the line of the file as a spreadsheet numbers it. Any encoding and
    separator that `read_delimited` knows will do, and a title may stand above the heading.

    Raises
    ------
    FileNotUsable, TableNotUsable
        The file is absent, empty, no table, or its rows cannot be told apart.
    MissingColumns
        One of `columns` is not in the heading.
    """
    wanted = set(columns)
    table = read_table(path, score=lambda cells: len(wanted.intersection(cells)))
    require_columns(table.text.columns, columns, file=path.name)
    longer = [finding for finding in table.findings if finding.template == LONGER]
    if longer:
        why = N_("its rows have more cells than its heading")
        raise FileNotUsable(file=path.name, why=why)
    return table.text


def read_table(
    path: Path, *, score: Callable[[Sequence[str]], float], sheet: str | None = None
) -> Table:
    """Read a table of any make as text; a row that is longer than the heading is left out.

    score
        Says of the cells of a row how much they look like the heading; the first row with
        the greatest score is taken for it.

    Raises
    ------
    FileNotUsable, TableNotUsable
        The file cannot be read at all.
    BadOption
        A workbook has no such sheet.
    """
    records = read_records(path, sheet=sheet)
    if not any(records.rows):
        raise FileNotUsable(file=path.name, why=N_("it is empty"))
    at = _heading(records.rows, score)
    names, rows = _columns(records.rows, at), records.rows[at + 1 :]
    sound = {at + 2 + i: row for i, row in enumerate(rows) if row and len(row) <= len(names)}
    longer = [at + 2 + i for i, row in enumerate(rows) if len(row) > len(names)]
    padded = [[*row, *([""] * (len(names) - len(row)))] for row in sound.values()]
    text = pd.DataFrame(padded, columns=pd.Index(names, dtype=str), dtype=str)
    text.index = pd.Index(list(sound), dtype="int64")
    findings = [Finding("error", path.name, LONGER, row=row) for row in longer]
    return Table(_without_blank(text), [*records.findings, *findings])


LONGER: Final = N_(
    "The row has more cells than the heading, so its cells may have moved. It was left out; a "
    "separator inside a text needs quotation marks."
)


def read_records(path: Path, *, sheet: str | None = None) -> Records:
    """Read the rows of a delimited text or a workbook, told apart by what is inside.

    Raises
    ------
    FileNotUsable, TableNotUsable, BadOption
        The file is of another kind, damaged, or beyond the bounds.
    """
    check_readable(path)
    if is_zip(path):
        return read_workbook(path, sheet=sheet).records
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, why in OTHER_KINDS.items():
        if start.startswith(mark):
            raise TableNotUsable(file=path.name, why=why)
    return read_delimited(path)


def _heading(rows: list[list[str]], score: Callable[[Sequence[str]], float]) -> int:
    """Index of the row that looks most like the heading; else the first that is not empty."""
    scores = [score([tidy(cell) for cell in row]) for row in rows[:HEADING_WITHIN]]
    best = max(scores)
    first = next(i for i, row in enumerate(rows) if row)
    return scores.index(best) if best > 0 else first


def _columns(rows: list[list[str]], at: int) -> list[str]:
    """Names of the columns: a repeated one gets a number, an empty one its place."""
    names: list[str] = []
    for place, cell in enumerate(rows[at], start=1):
        name = tidy(cell) or f"#{place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def _without_blank(text: pd.DataFrame) -> pd.DataFrame:
    nameless = [name for name in text.columns if name.startswith("#")]
    return text.drop(columns=[name for name in nameless if not text[name].str.strip().any()])


def tidy(text: str) -> str:
    r"""Text with single spaces, no line breaks and no outer spaces.

    >>> tidy(" Název\u00a0 obce\n")
    'Název obce'
    """
    return " ".join(text.split())


def cells_of(table: pd.DataFrame) -> Iterator[tuple[Any, dict[str, str]]]:
    """Give the rows of a table one by one: the label of the row, its cells as text by column."""
    for label, cells in zip(table.index, table.to_dict("records"), strict=True):
        yield label, {str(column): str(cell) for column, cell in cells.items()}


def to_numbers(
    table: pd.DataFrame, columns: tuple[str, ...], *, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Turn text columns into numbers; a cell that is no number becomes missing and is named."""
    findings: list[Finding] = []
    result = table.copy()
    for column in columns:
        text = table[column].map(_plain_number)
        values = pd.to_numeric(text, errors="coerce")
        findings += [
            Finding(
                "error",
                file,
                N_("“{value}” is not a number. It was read as not known; correct the cell."),
                row=int(row),
                column=column,
                fields={"value": str(table.at[row, column]).strip()[:60]},
            )
            for row in table.index[values.isna() & (text != "")]
        ]
        result[column] = values.astype(float)
    return result, findings


def _plain_number(text: str) -> str:
    """Write a number with a decimal point and without spaces between thousands."""
    return _THOUSANDS.sub("", text.strip()).replace(",", ".")


def keep_valid(
    table: pd.DataFrame, schema: pa.DataFrameSchema, *, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep the rows that fulfil the schema; each fault of the others becomes a finding.

    The index of `table` must be the lines of the file (as `read_csv` gives it).
    """
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as error:
        faults = error.failure_cases
    else:
        return table, []
    if faults["index"].isna().any():  # the fault of a whole column, not of a row
        raise FileNotUsable(file=file, why=str(faults.iloc[0]["check"]))
    findings = [
        Finding(
            "error",
            file,
            N_("“{value}” is not possible here ({rule}). The row was left out; correct it."),
            row=int(fault.index_),
            column=str(fault.column),
            fields={"value": str(fault.failure_case)[:60], "rule": str(fault.check)},
        )
        for fault in faults.rename(columns={"index": "index_"}).itertuples()
    ]
    return table.drop(index=faults["index"].astype(int).unique()), findings


def keep_unique(
    table: pd.DataFrame, column: str, *, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep the first row of each value of `column`; the later ones are named and left out."""
    repeated = table.duplicated(column)
    first_row = {value: row for row, value in reversed(list(table[column].items()))}
    findings = [
        Finding(
            "error",
            file,
            N_("{value} stands in row {first} already. The first row is used; remove one of them."),
            row=int(row),
            column=column,
            fields={"value": value, "first": first_row[value]},
        )
        for row, value in table.loc[repeated, column].items()
    ]
    return table[~repeated], findings


def keep_known(
    table: pd.DataFrame, known: pd.Index, *, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep the rows whose obec code exists; the others are named and left out."""
    strange = ~table[CODE].isin(known)
    findings = [
        Finding(
            "error",
            file,
            N_("The obec code {value} does not exist. The row was left out; correct the code."),
            row=int(row),
            column=CODE,
            fields={"value": value[:20]},
        )
        for row, value in zip(table.index[strange], table.loc[strange, CODE], strict=True)
    ]
    return table[~strange], findings
