"""What the columns of the GeoPackage mean: Czech alias and meaning of every one.

Names of columns are English and the same as in the data dictionary of the workbook; people
read the alias, which the style gives to QGIS and the table `gpkg_data_columns` to others.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from kpss_geo.export.bundle import Bundle
from kpss_geo.export.columns import ROW_COLUMNS, SERVICE_COLUMNS, Column
from kpss_geo.schema import VERDICTS

Described = Mapping[str, Sequence[Column]]
"""Columns of every layer and table, by its name."""
_ROW: Final = {column.name: column for column in ROW_COLUMNS}
STYLED: Final = Column("style", "Barva v mapě", "text", "závěr, podle kterého je obec vybarvena")
_BOUNDARIES: Final = Column(
    "boundaries", "Hranice obcí", "text", "real: skutečné; schematic: schematické buňky"
)
LAYER_COLUMNS: Final = (*ROW_COLUMNS, STYLED)
PLACE_COLUMNS: Final = (_ROW["service_type"], *SERVICE_COLUMNS)
QUESTION_COLUMNS: Final = (
    Column("item", "Otázka", "text", "na co se výstup ptal nebo z čeho vznikl"),
    Column("value", "Hodnota", "text", "odpověď či nastavení"),
)
NOTE_COLUMNS: Final = (Column("note", "Výhrada", "text", "mez výsledku nebo náhradní postup"),)
SOURCE_COLUMNS: Final = (
    Column("title", "Tabulka", "text", "které údaje zdroj dává"),
    Column("source", "Zdroj", "text", "kdo údaje vydává"),
    Column("as_of", "Stav", "datum", "ke kdy údaje platí"),
    Column("licence", "Licence", "text", "podmínky užití"),
    Column("not_for", "K čemu se nehodí", "text", "co z údajů vyčíst nelze"),
)
_SCHEMA: Final = """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
    description TEXT, mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',
    'http://www.geopackage.org/spec/#extension_schema', 'read-write');
"""
"""The schema extension of the GeoPackage standard (OGC 12-128, annex F.9)."""


def of_obce(bundle: Bundle) -> tuple[Column, ...]:
    """Give the columns of the layer of obce: people, and people by verdict of every type."""
    counts = (
        Column(
            f"{verdict}_{answer.service_type.code}",
            f"{_ROW[verdict].heading}: {answer.service_type.name}",
            _ROW[verdict].unit,
            _ROW[verdict].meaning,
        )
        for answer in bundle.answers
        for verdict in VERDICTS
    )
    return (_ROW["code"], _ROW["name"], _ROW["population"], _BOUNDARIES, *counts)


def write(path: Path, described: Described) -> None:
    """Add the title and the meaning of every column to a GeoPackage."""
    rows = [
        (table, column.name, column.name, column.heading, meaning(column))
        for table, columns in described.items()
        for column in columns
    ]
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_SCHEMA)
        base.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
            "VALUES (?, ?, ?, ?, ?)",
            rows,
        )


def meaning(column: Column) -> str:
    """Write what a column means, and its unit.

    >>> meaning(Column("nearest_m", "Cesta k nejbližšímu", "m", "průměr lidí obce"))
    'průměr lidí obce (m)'
    """
    return column.meaning if column.unit == "text" else f"{column.meaning} ({column.unit})"
