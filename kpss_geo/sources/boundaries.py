"""Obec boundaries from the office's own file, in the product's own form.

The own form is a GeoParquet file `boundaries.parquet` in the data folder: index-free,
columns `code` (6 digits, text) and `geometry` (areas, EPSG:5514).
"""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from kpss_geo.errors import N_, Finding, WrongGeometryKind
from kpss_geo.schema import CODE, metric_geometry, require_columns
from kpss_geo.settings import Settings
from kpss_geo.sources.area_files import open_areas
from kpss_geo.sources.files import Found
from kpss_geo.sources.tables import FIRST_ROW

OWN_FILE: Final = "boundaries.parquet"
KNOWN_FILES: Final = (OWN_FILE, "municipalities.parquet")
"""Names looked for in the data folder, in this order."""

CODE_COLUMNS: Final = (CODE, "kod", "KOD", "Kod", "kod_obce", "LAU_ID", "KOD_OBEC")
"""Names under which official files keep the obec code."""


def find_boundaries(settings: Settings) -> Found | None:
    """Give the boundary file of the data folder, or None when there is none."""
    for name in KNOWN_FILES:
        path = settings.geo_data / name
        if path.is_file():
            return Found(path, own=True)
    return None


def read_boundaries(
    path: Path, *, known: pd.Index, layer: str | None = None
) -> tuple[gpd.GeoSeries, list[Finding]]:
    """Read obec areas: a series of polygons in EPSG:5514, indexed by obec code.

    Takes GeoParquet and whatever GDAL reads (GeoPackage, Shapefile, GeoJSON), also packed in
    a ZIP archive. Of several layers the one with areas and a column of obec codes is read.
    Broken outlines are mended and named; rows without a known code are left out and named.

    Raises
    ------
    BadOption
        There is no such layer, or it is not clear which one to read.
    FileNotUsable, MissingColumns, MissingCrs, CrsDisagrees, WrongGeometryKind
        The file as a whole cannot be trusted.
    """
    table, chosen = open_areas(path, code_columns=CODE_COLUMNS, layer=layer)
    areas, findings = judge_boundaries(table, known=known, file=path.name)
    return areas, [*chosen, *findings]


def judge_boundaries(
    table: gpd.GeoDataFrame, *, known: pd.Index, file: str
) -> tuple[gpd.GeoSeries, list[Finding]]:
    """Judge a table of areas with a column of obec codes, as `read_boundaries` does.

    Raises
    ------
    MissingColumns, MissingCrs, CrsDisagrees, WrongGeometryKind
        The table as a whole cannot be trusted.
    """
    column = next((name for name in CODE_COLUMNS if name in table.columns), CODE)
    require_columns(table.columns, (column,), file=file)
    table.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(table))
    table = table.set_geometry(table.geometry.force_2d())
    codes = _as_codes(table[column])
    _require_areas(table, file=file)
    metric = metric_geometry(table, file=file)
    keep, findings = _sift(codes, metric, known=known, file=file, column=column)
    broken = keep & ~metric.geometry.is_valid
    findings += _name(
        codes[broken],
        N_("The outline of obec {value} crosses itself. It was mended for drawing."),
        file=file,
        column="geometry",
        warning=True,
    )
    areas = gpd.GeoSeries(metric.geometry[keep]).make_valid()
    areas.index = pd.Index(codes[keep], name=CODE)
    return areas, findings


def _sift(
    codes: pd.Series, metric: gpd.GeoDataFrame, *, known: pd.Index, file: str, column: str
) -> tuple[pd.Series, list[Finding]]:
    """Tell which rows have a known code, an area, and are the first of their obec."""
    strange = ~codes.isin(known)
    bare = ~strange & (metric.geometry.is_empty | metric.geometry.isna())
    good = codes[~strange & ~bare]
    repeated = pd.Series(codes.index.isin(good.index[good.duplicated()]), index=codes.index)
    findings = [
        *_name(
            codes[strange],
            N_("The obec code {value} does not exist. The area was left out."),
            file=file,
            column=column,
        ),
        *_name(
            codes[bare],
            N_("The row of obec {value} holds no area. It was left out."),
            file=file,
            column=column,
        ),
        *_name(
            codes[repeated],
            N_("{value} has an area already. The first one is used."),
            file=file,
            column=column,
        ),
    ]
    return ~(strange | bare | repeated), findings


def write_boundaries(areas: gpd.GeoSeries, *, folder: Path) -> Path:
    """Write areas in the product's own form, whole or not at all; gives the path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / OWN_FILE
    half = folder / (OWN_FILE + ".part")
    table = gpd.GeoDataFrame(
        {CODE: areas.index.to_numpy()}, geometry=areas.to_numpy(), crs=areas.crs
    )
    table.to_parquet(half, index=False, compression="zstd")
    half.replace(target)
    return target


def _as_codes(column: pd.Series) -> pd.Series:
    # 562777, 562777.0, "CZ_562777" and " 562777 " are one code.
    text = column.astype(str).str.strip().str.removeprefix("CZ_")
    return text.str.replace(r"\.0$", "", regex=True)


def _require_areas(table: gpd.GeoDataFrame, *, file: str) -> None:
    kinds = table.geometry.geom_type
    wrong = kinds.notna() & ~kinds.isin(["Polygon", "MultiPolygon"])
    if wrong.any():
        first = kinds[wrong].head(1)
        raise WrongGeometryKind(
            file=file,
            row=first.index[0],
            expected=N_("areas (polygons)"),
            found=str(first.iloc[0]),
        )


def _name(
    codes: pd.Series, template: str, *, file: str, column: str, warning: bool = False
) -> list[Finding]:
    return [
        Finding(
            "warning" if warning else "error",
            file,
            template,
            row=int(row),
            column=column,
            fields={"value": str(value)[:20]},
        )
        for row, value in zip(codes.index, codes, strict=True)
    ]
