"""Rows as files that other programs open: CSV, JSON, GeoJSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
import xlsxwriter
from numpy.typing import NDArray

from kpss_geo.report.rows import FIELDS, Row
from kpss_geo.schema import to_degrees
from kpss_geo.study import Answer
from kpss_geo.text import harmless

Dialect = Literal["plain", "excel"]
DEGREE_DIGITS: Final = 5
"""Decimals of degrees in files: about one metre."""
LONGEST_SHEET_NAME: Final = 31
"""Characters that a spreadsheet allows in the name of a sheet."""


def to_csv(
    rows: Sequence[Mapping[str, object]],
    *,
    fields: Sequence[str] = FIELDS,
    dialect: Dialect = "plain",
) -> str:
    """Write rows of these fields as CSV, heading first; missing values are empty cells.

    `plain` has commas and decimal points; `excel` is what a Czech Excel opens by a double
    click: a byte-order mark, semicolons, decimal commas.
    """
    out = io.StringIO()
    excel = dialect == "excel"
    writer = csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow(fields)
    for row in rows:
        cells = [harmless("" if value is None else value) for value in row.values()]
        if excel:
            cells = [str(c).replace(".", ",") if isinstance(c, float) else c for c in cells]
        writer.writerow(cells)
    return ("\ufeff" if excel else "") + out.getvalue()


def to_json(rows: Sequence[Mapping[str, object]]) -> str:
    """Write rows as a JSON array."""
    return json.dumps(list(rows), ensure_ascii=False, indent=1)


def to_xlsx(sheets: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
    """Write sheets of rows as one XLSX: headings are the keys, numbers stay numbers.

    A value that is missing is an empty cell; a sheet without rows is left out.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, records in sheets.items():
            if not records:
                continue
            sheet = book.add_worksheet(name[:LONGEST_SHEET_NAME])
            sheet.write_row(0, 0, list(records[0]), head)
            for number, record in enumerate(records, start=1):
                sheet.write_row(number, 0, [harmless(value) for value in record.values()])
            sheet.freeze_panes(1, 1)
            sheet.autofit(max_width=400)
    return out.getvalue()


def to_geojson(
    rows: Sequence[Row], areas: gpd.GeoSeries, *, answer: Answer, real_boundaries: bool
) -> str:
    """Write rows with their areas as GeoJSON (RFC 7946: WGS84, longitude first).

    Where the areas are schematic cells, each feature says so in `boundary`.
    """
    in_degrees = degrees(areas)
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "properties": {**row, "boundary": "real" if real_boundaries else "schematic"},
            "geometry": shapely.geometry.mapping(in_degrees.loc[row["code"]]),
        }
        for row in rows
    ]
    head = {
        "type": "FeatureCollection",
        "name": answer.territory.id,
        "sources": [f"{s.title}: {s.source}, {s.as_of}, {s.licence}" for s in answer.sources],
    }
    return json.dumps({**head, "features": features}, ensure_ascii=False)


def degrees(areas: gpd.GeoSeries) -> gpd.GeoSeries:
    """Turn EPSG:5514 areas into WGS84 with as many decimals as a file needs."""

    def turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees(points[:, 0], points[:, 1])).round(DEGREE_DIGITS)

    moved = shapely.transform(areas.to_numpy(), turn)
    return gpd.GeoSeries(moved, index=areas.index, crs="EPSG:4326")
