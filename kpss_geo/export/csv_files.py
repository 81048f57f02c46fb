"""The sheets of the workbook as CSV files, and one description of them for programs (CSVW).

The files are what a Czech Excel opens by a double click: UTF-8 with a byte-order mark,
semicolons, decimal commas. With decimal points it would read 12.5 as the twelfth of May.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import N_
from kpss_geo.export import whole, workbook
from kpss_geo.export.about import made_from
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.columns import Column
from kpss_geo.report.files import to_csv
from kpss_geo.sources.segments import Progress, silent

FOLDER: Final = "csv"
WORDS: Final = frozenset({"text", "datum", "ano/ne"})
"""Units of columns that hold no number."""


def write_csv(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write every sheet of the workbook into the folder `csv`; give the paths of all files."""
    base = whole.file_name(bundle.territory.id)
    tables, paths = [], []
    for number, (name, (columns, records)) in enumerate(workbook.sheets(bundle).items(), start=1):
        progress(N_("Writing CSV"), number)
        path = out / FOLDER / f"{base}-{whole.file_name(name)}.csv"
        paths.append(whole.write(path, _as_csv(columns, records).encode()))
        tables.append((path.name, name, columns))
    about = out / FOLDER / f"{base}-csv-metadata.json"
    text = json.dumps(description(bundle, tables), ensure_ascii=False, indent=1)
    return [*paths, whole.write(about, text.encode())]


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return column.unit not in WORDS


def description(
    bundle: Bundle, tables: Sequence[tuple[str, str, Sequence[Column]]]
) -> dict[str, Any]:
    """Describe the files as CSV on the Web: columns, units, meaning; question and data."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "cs"}],
        "dc:title": bundle.title,
        "dialect": {"delimiter": ";", "header": True, "encoding": "utf-8"},
        "notes": [made_from(bundle)],
        "tables": [
            {
                "url": file,
                "dc:title": name,
                "tableSchema": {"columns": [_column(column) for column in columns]},
            }
            for file, name, columns in tables
        ],
    }


def _column(column: Column) -> dict[str, Any]:
    number = {"base": "decimal", "format": {"decimalChar": ","}}
    return {
        "name": column.name,
        "titles": column.heading,
        "datatype": number if is_number(column) else "string",
        "dc:description": f"{column.meaning} ({column.unit})",
    }


def _as_csv(columns: Sequence[Column], records: workbook.Rows) -> str:
    rows = [
        {column.heading: _cell(record.get(column.name)) for column in columns} for record in records
    ]
    return to_csv(rows, fields=[column.heading for column in columns], dialect="excel")


def _cell(value: object) -> object:
    return ("ano" if value else "ne") if isinstance(value, bool) else value
