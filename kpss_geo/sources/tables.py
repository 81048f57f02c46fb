"""Plain tables: a CSV file read as text, its columns turned into numbers, faults named."""

import warnings
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kpss_geo.errors import N_, FileNotUsable, Finding
from kpss_geo.schema import CODE, require_columns
from kpss_geo.sources.files import check_readable

FIRST_ROW = 2
"""Line of the first record in a spreadsheet: the heading is line 1."""


def read_csv(path: Path, *, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a UTF-8 CSV file (commas or semicolons) as text, empty cells as empty text.

    The index is the line of the file as a spreadsheet numbers it.

    Raises
    ------
    FileNotUsable
        The file is absent, empty, not text in UTF-8, or its rows cannot be told apart.
    MissingColumns
        One of `columns` is not in the heading.
    """
    check_readable(path)
    content = path.read_bytes()
    if content.count(b'"') % 2:
        raise FileNotUsable(file=path.name, why=N_("a quotation mark in it is never closed"))
    heading = content.split(b"\n", 1)[0]
    separator = ";" if heading.count(b";") > heading.count(b",") else ","
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                path,
                sep=separator,
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
                index_col=False,
            )
    except pd.errors.ParserWarning as error:
        why = N_("its rows have more cells than its heading")
        raise FileNotUsable(file=path.name, why=why) from error
    except UnicodeDecodeError as error:
        raise FileNotUsable(
            file=path.name, why=N_("it is not text in UTF-8; save it as “CSV UTF-8”")
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FileNotUsable(file=path.name, why=str(error).strip()) from error
    require_columns(table.columns, columns, file=path.name)
    table.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(table))
    return table


def to_numbers(
    table: pd.DataFrame, columns: tuple[str, ...], *, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Turn text columns into numbers; a cell that is no number becomes missing and is named."""
    findings: list[Finding] = []
    result = table.copy()
    for column in columns:
        text = table[column].str.strip().str.replace(",", ".", regex=False)
        values = pd.to_numeric(text, errors="coerce")
        findings += [
            Finding(
                "error",
                file,
                N_("“{value}” is not a number. It was read as not known; correct the cell."),
                row=int(row),
                column=column,
                fields={"value": str(text.loc[row])[:60]},
            )
            for row in table.index[values.isna() & (text != "")]
        ]
        result[column] = values.astype(float)
    return result, findings


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
