"""The tables: columns, their meaning, units and CRS; checked where data enter.

Every per-obec table is indexed by the 6-digit obec code as text (`CODE`). Geometry and
the columns `X`, `Y` are metres in EPSG:5514 (S-JTSK / Krovak East North).
"""

from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from kpss_geo.errors import N_, CrsDisagrees, MissingColumns, MissingCrs

CODE: Final = "code"
NAME: Final = "name"
X: Final = "x"
Y: Final = "y"
EXTENT: Final = "extent_m"
"""Greatest distance from the reference point of an obec to its border, metres."""
PEOPLE: Final = "people"
SERVICE_ID: Final = "service_id"
TYPE_CODE: Final = "type_code"

COVERED: Final = "covered"
ON_PAPER: Final = "on_paper"
NOT_COVERED: Final = "not_covered"
UNKNOWN: Final = "unknown"
VERDICTS: Final = (COVERED, ON_PAPER, NOT_COVERED, UNKNOWN)

AGE_BANDS: Final = (*(f"{a}-{a + 4}" for a in range(0, 85, 5)), "85+")
"""Five-year age bands of the population table, the last one open."""

FORMS: Final = ("pob", "amb", "ter")
"""Residential, ambulatory, field: the register's own codes of forms."""

ANY_GROUP: Final = frozenset({"any"})
"""A service counts whatever its target group."""

CAPACITY_UNITS: Final = ("luzka", "klient", "kontakt", "interv", "hovor")
"""The register's five units; they are never added to each other."""

METRES: Final = "EPSG:5514"
DEGREES: Final = "EPSG:4326"
METRIC_CRS: Final = CRS.from_user_input(METRES)
WGS84: Final = CRS.from_user_input(DEGREES)
CZECHIA_WGS84: Final = (12.09, 48.55, 18.86, 51.06)
CZECHIA_5514: Final = (-905_000.0, -1_228_000.0, -431_000.0, -935_000.0)
"""Bounding box of Czechia in metres, widened by a kilometre."""

OBCE: Final = pa.DataFrameSchema(
    {
        NAME: pa.Column(str),
        "orp_code": pa.Column(str),
        "orp_name": pa.Column(str),
        "district_code": pa.Column(str, pa.Check.str_matches(r"^CZ\d{3}[0-9A-Z]$")),
        "region_code": pa.Column(str, pa.Check.str_matches(r"^CZ\d{3}$")),
        "area_km2": pa.Column(float, pa.Check.gt(0)),
        EXTENT: pa.Column(float, pa.Check.gt(0)),
        X: pa.Column(float, pa.Check.in_range(CZECHIA_5514[0], CZECHIA_5514[2])),
        Y: pa.Column(float, pa.Check.in_range(CZECHIA_5514[1], CZECHIA_5514[3])),
    },
    index=pa.Index(str, pa.Check.str_matches(r"^\d{6}$"), unique=True, name=CODE),
)
"""Obce of the whole country: names, membership, reference point, area."""

PRECINCTS: Final = pa.DataFrameSchema(
    {
        CODE: pa.Column(str),
        X: pa.Column(float, pa.Check.in_range(CZECHIA_5514[0], CZECHIA_5514[2])),
        Y: pa.Column(float, pa.Check.in_range(CZECHIA_5514[1], CZECHIA_5514[3])),
        "voters_2023": pa.Column(float, pa.Check.ge(0), nullable=True),
        "residents_2011": pa.Column(float, pa.Check.ge(0), nullable=True),
        "children_2011": pa.Column(float, pa.Check.ge(0), nullable=True),
        "seniors_2011": pa.Column(float, pa.Check.ge(0), nullable=True),
    }
)
"""Polling-precinct points with their counts: finer than the obec."""


def require_columns(columns: pd.Index, needed: tuple[str, ...], *, file: str) -> None:
    """Raise `MissingColumns` when a table lacks any of the needed columns."""
    missing = [name for name in needed if name not in columns]
    if missing:
        raise MissingColumns(
            file=file,
            columns=", ".join(missing),
            found=", ".join(str(c)[:40] for c in list(columns)[:40]),
        )


CZECH_OPERATION: Final = "S-JTSK to WGS 84 (5)"
"""EPSG:5239, made for Czechia (1 m). PROJ left alone may take the Slovak one (EPSG:4836)."""


@cache
def _pinned(source: str, target: str) -> Transformer:
    """Give the Czech operation between two CRS (WKT or EPSG:…), for any thread.

    What `TransformerGroup` holds belongs to the thread that made it and may not outlive it;
    a transformer made of the operation's text is made anew in each thread.
    """
    area = AreaOfInterest(*CZECHIA_WGS84)
    group = TransformerGroup(
        source,
        target,
        always_xy=True,
        area_of_interest=area,  # type: ignore[arg-type] # the stub names another class
    )
    czech = (t for t in group.transformers if CZECH_OPERATION in t.description)
    return Transformer.from_pipeline(next(czech, group.transformers[0]).definition)


def to_metric(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres in EPSG:5514 for WGS84 degrees, arrays of one shape.

    >>> import numpy as np
    >>> x, y = to_metric(np.array([18.19339]), np.array([49.53818]))
    >>> [round(float(v)) for v in (*x, *y)]
    [-479862, -1133960]
    """
    x, y = _pinned(DEGREES, METRES).transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def to_degrees(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes in WGS84 for metres in EPSG:5514, arrays of one shape."""
    lon, lat = _pinned(METRES, DEGREES).transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def in_czechia(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether WGS84 degrees fall in the bounding box of Czechia; NaN does not."""
    west, south, east, north = CZECHIA_WGS84
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def metric_geometry(table: gpd.GeoDataFrame, *, file: str) -> gpd.GeoDataFrame:
    """Give the table in EPSG:5514, after judging what its coordinates claim to be.

    Raises
    ------
    MissingCrs
        The table does not say its CRS: it is never guessed.
    CrsDisagrees
        The coordinates contradict the CRS: degrees called metres, positive Křovák
        coordinates called EPSG:5514, latitude and longitude swapped, another country.
    """
    if table.crs is None:
        raise MissingCrs(file=file)
    bounds = np.asarray(table.total_bounds, dtype=float)
    looks_like_degrees = bool(np.all(np.abs(bounds) <= 180))
    if looks_like_degrees != bool(table.crs.is_geographic):
        raise CrsDisagrees(
            file=file, crs=_crs_name(table.crs), sample=_sample(bounds), hint=_hint(bounds)
        )
    metric = table if table.crs == METRIC_CRS else table.set_geometry(_moved(table, table.crs))
    west, south, east, north = metric.total_bounds
    low_x, low_y, high_x, high_y = CZECHIA_5514
    if not (low_x <= west and low_y <= south and east <= high_x and north <= high_y):
        raise CrsDisagrees(
            file=file, crs=_crs_name(table.crs), sample=_sample(bounds), hint=_hint(bounds)
        )
    return metric


def _moved(table: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoSeries:
    pinned = _pinned(crs.to_wkt(), METRES)
    moved = shapely.transform(
        table.geometry.to_numpy(), lambda p: np.column_stack(pinned.transform(p[:, 0], p[:, 1]))
    )
    return gpd.GeoSeries(moved, index=table.index, crs=METRIC_CRS)


def _crs_name(crs: CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else str(crs.name)


def _sample(bounds: NDArray[np.float64]) -> str:
    return f"{bounds[0]:.2f}, {bounds[1]:.2f}"


def _hint(bounds: NDArray[np.float64]) -> str:
    west, south, east, north = CZECHIA_WGS84
    if south <= bounds[0] <= north and west <= bounds[1] <= east:
        return N_("Latitude and longitude look swapped.")
    if np.all(np.abs(bounds) <= 180):
        return N_("They look like degrees; save the file with EPSG:4326.")
    if np.all(bounds > 0):
        return N_(
            "They look like positive Křovák coordinates; negate both and swap them (EPSG:5514)."
        )
    return N_("Check the coordinate system of the file.")


def true_north(x: float, y: float) -> tuple[float, float]:
    """Direction of true north at a point of EPSG:5514, as a vector of length 1.

    In this grid it leans from the vertical by up to eight degrees, most in the west.
    """
    lon, lat = to_degrees(np.array([x]), np.array([y]))
    east, north = to_metric(lon, lat + 0.01)
    away = np.hypot(east[0] - x, north[0] - y)
    return float((east[0] - x) / away), float((north[0] - y) / away)
