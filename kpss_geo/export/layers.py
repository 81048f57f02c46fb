"""Tables with geometry that several formats carry: obce with their figures, places."""

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from kpss_geo.export import listing
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.columns import SERVICE_COLUMNS
from kpss_geo.schema import METRIC_CRS, NAME, PEOPLE, VERDICTS

PLACE_COLUMNS: Final = ["service_type", *(column.name for column in SERVICE_COLUMNS)]


def obce(bundle: Bundle) -> gpd.GeoDataFrame:
    """Give one row per obec with its area: people, and people of every verdict of every type.

    Columns `code`, `name`, `population`, `boundaries` (real or schematic), then
    `<verdict>_<type>`; what is not known is missing. EPSG:5514.
    """
    codes = list(bundle.territory.codes)
    table: dict[str, Any] = {
        "code": codes,
        "name": bundle.obce[NAME].to_list(),
        "population": bundle.answers[0].obce.loc[codes, PEOPLE].to_list(),
        "boundaries": "real" if bundle.ground.real else "schematic",
    }
    for answer in bundle.answers:
        for verdict in VERDICTS:
            table[f"{verdict}_{answer.service_type.code}"] = answer.obce.loc[codes, verdict].array
    frame = pd.DataFrame(table)
    counts = [name for name in frame if name not in ("code", "name", "boundaries")]
    return with_areas(frame.astype(dict.fromkeys(counts, "Int64")), bundle)


def with_areas(table: pd.DataFrame, bundle: Bundle) -> gpd.GeoDataFrame:
    """Add the area of the obec named by `code` to each row."""
    geometry = bundle.ground.areas.reindex(table["code"]).reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=METRIC_CRS)


def places(bundle: Bundle) -> gpd.GeoDataFrame:
    """Give the services that have a point: columns of the list of services. EPSG:5514.

    A place whose address is secret has none, and is not among them.
    """
    points = pd.DataFrame(listing.services(bundle), columns=[*PLACE_COLUMNS, "x", "y"])
    points = points[points["x"].notna()].reset_index(drop=True)
    at = gpd.GeoSeries(gpd.points_from_xy(points["x"], points["y"]), crs=METRIC_CRS)
    table = points[PLACE_COLUMNS].astype({"used": "Int64", "addresses": "Int64"})
    return gpd.GeoDataFrame(table, geometry=at, crs=METRIC_CRS)
