"""Roads from a plain table of lines with a class, joined at shared end points.

No direction is in such a table: every line is open both ways.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.lib
import pyogrio.errors
import shapely
from numpy.typing import NDArray

from kpss_geo.errors import N_, FileNotUsable, Finding, NoRoads, WrongGeometryKind
from kpss_geo.schema import metric_geometry, require_columns
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.osm import sha256
from kpss_geo.sources.osm_tags import WALK_KMH, Profile
from kpss_geo.sources.segments import Origin, Segments
from kpss_geo.sources.tables import FIRST_ROW

CLASS_COLUMN: Final = "TRIDA"
JOIN_M: Final = 1.0
"""End points rounded to the same cell of this size in metres are one junction."""

CLASS_KMH: Final[Mapping[str, float]] = {
    "dálnice": 115.0,
    "rychlostní silnice": 100.0,
    "silnice I. třídy": 70.0,
    "silnice II. třídy": 60.0,
    "silnice III. třídy": 50.0,
    "neevidovaná silnice": 40.0,
}
"""Working speed of a car in km/h by class of the road."""

OTHER_KMH: Final = 40.0
"""Speed of a class that the table of speeds does not name."""

NOT_STOPPABLE: Final = frozenset({"dálnice", "rychlostní silnice"})


def read_roads_table(
    path: Path,
    *,
    profile: Profile = "car",
    class_column: str = CLASS_COLUMN,
    class_kmh: Mapping[str, float] = CLASS_KMH,
    licence: str = "",
    as_of: str = "",
) -> Segments:
    """Read road lines as straight pieces in EPSG:5514.

    Lines meet only where their ends meet; where one crosses another between its ends
    there is no way from one to the other, as on a bridge. Lines of no length and rows
    without a line are left out and named; a class without a speed gets `OTHER_KMH` and
    is named.

    Raises
    ------
    FileNotUsable, MissingColumns, MissingCrs, CrsDisagrees, WrongGeometryKind
        The file as a whole cannot be trusted.
    NoRoads
        No row holds a line of any length.
    """
    table = _open(path)
    require_columns(table.columns, (class_column,), file=path.name)
    table.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(table))
    table, findings = _usable(table, file=path.name)
    if table.empty:
        raise NoRoads(file=path.name, profile=profile, why=N_("no row holds a line"))
    lines = metric_geometry(table, file=path.name)
    kmh, unknown = _speeds(lines[class_column].astype(str), class_kmh, file=path.name)
    if profile == "walk":
        fast = lines[class_column].isin(NOT_STOPPABLE).to_numpy()
        lines, kmh = lines[~fast], np.full(int((~fast).sum()), WALK_KMH)
    if lines.empty:
        raise NoRoads(file=path.name, profile=profile, why=N_("no row holds a line"))
    return replace(
        _pieces(lines.geometry, kmh, ~lines[class_column].isin(NOT_STOPPABLE).to_numpy()),
        origin=Origin(path.name, sha256(path), as_of, licence, profile),
        findings=(*findings, *unknown),
    )


def _open(path: Path) -> gpd.GeoDataFrame:
    check_readable(path)
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            return gpd.read_parquet(path)
        table = gpd.read_file(path)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyarrow.lib.ArrowException,
        ValueError,
        OSError,
    ) as error:
        raise FileNotUsable(
            file=path.name, why=str(error).splitlines()[0].replace(str(path), path.name)[:200]
        ) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise FileNotUsable(file=path.name, why=N_("it holds no geometry"))
    return table


def _usable(table: gpd.GeoDataFrame, *, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    kinds = table.geometry.geom_type
    wrong = kinds.notna() & ~kinds.isin(["LineString", "MultiLineString"])
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise WrongGeometryKind(
            file=file, row=FIRST_ROW + row, expected=N_("lines"), found=str(kinds.iloc[row])
        )
    bad = kinds.isna() | ~(shapely.length(table.geometry.to_numpy()) > 0)
    template = N_("The road has no length. It was left out.")
    findings = [Finding("error", file, template, row=int(row)) for row in table.index[bad][:100]]
    kept = table[~bad].explode(index_parts=False)
    return kept.set_geometry(kept.geometry.force_2d()), findings


def _speeds(
    classes: pd.Series, class_kmh: Mapping[str, float], *, file: str
) -> tuple[NDArray[np.float64], list[Finding]]:
    kmh = classes.map(dict(class_kmh))
    template = N_("{count} roads have the unknown class {value}. They are driven at {kmh} km/h.")
    findings = [
        Finding(
            "warning",
            file,
            template,
            column=str(classes.name),
            fields={"count": int(count), "value": str(value)[:40], "kmh": OTHER_KMH},
        )
        for value, count in classes[kmh.isna()].value_counts().head(20).items()
    ]
    return np.asarray(kmh.fillna(OTHER_KMH), np.float64), findings


def _pieces(
    lines: gpd.GeoSeries, kmh: NDArray[np.float64], stoppable: NDArray[np.bool_]
) -> Segments:
    xy, line = shapely.get_coordinates(lines.to_numpy(), return_index=True)
    first = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    last = np.r_[first[1:], len(line)] - 1
    node = np.arange(len(xy), dtype=np.int64)
    ends = np.r_[first, last]
    cell = np.round(xy[ends] / JOIN_M).astype(np.int64)
    _, one_of, which = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    node[ends] = ends[one_of][which.ravel()]
    starts = np.flatnonzero(line[1:] == line[:-1])
    tail, head = node[starts], node[starts + 1]
    road = line[starts]
    used = tail != head
    return Segments(
        x=xy[:, 0].copy(),
        y=xy[:, 1].copy(),
        tail=tail[used],
        head=head[used],
        forward_kmh=kmh[road][used],
        backward_kmh=kmh[road][used],
        stoppable=stoppable[road][used],
        origin=Origin("", "", "", "", ""),
    )
