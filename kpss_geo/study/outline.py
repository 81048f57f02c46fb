"""Where one can be from and still reach a place: the outline drawn on the map."""

import geopandas as gpd
import pandas as pd

from kpss_geo.errors import RoadsMissing
from kpss_geo.network import Roads, reach_areas
from kpss_geo.schema import METRIC_CRS, X, Y
from kpss_geo.study.question import Question


def reach_outline(
    question: Question, places: pd.DataFrame, *, roads: Roads | None = None
) -> gpd.GeoSeries:
    """Outline of everywhere within reach of any of the places, EPSG:5514; one row or none.

    By straight line circles of the reach divided by the detour factor. By road the area
    that the roads carry within the minutes; a reach in kilometres of the quickest way has
    no such area, and nothing is drawn.
    """
    travel, reach = question.travel, question.reach
    if places.empty or (travel.mode != "straight" and reach.unit == "km"):
        return gpd.GeoSeries([], crs=METRIC_CRS)
    if travel.mode == "straight":
        road_m = reach.value * 1000
        if reach.unit == "min":
            road_m = reach.value * travel.speed_kmh * 1000 / 60
        points = gpd.GeoSeries(gpd.points_from_xy(places[X], places[Y]), crs=METRIC_CRS)
        return gpd.GeoSeries(
            [points.buffer(road_m / travel.detour_factor).union_all()], crs=METRIC_CRS
        )
    if roads is None:
        raise RoadsMissing
    return reach_areas(places.reset_index(drop=True), limits_min=(reach.value,), roads=roads)
