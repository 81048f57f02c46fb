"""Schematic cells: what stands for an obec on the map until official boundaries are there.

A cell is the part of the plane nearer to the obec's points (reference and precincts) than
to those of any other obec, cut so that it is no larger than the obec's area. It shows
where an obec lies and how big it is, not where its border runs.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kpss_geo.schema import CODE, METRIC_CRS, X, Y

MARGIN_M = 25_000
"""Obce this far around take part, so that the outer cells are bounded by neighbours."""
HALVINGS = 12
"""Steps of the search for the distance at which a cell has its obec's area."""
GRID_M = 1.0
"""Coordinates are rounded to this, so that neighbouring cells share their border."""


def schematic_cells(
    codes: pd.Index, *, obce: pd.DataFrame, precincts: pd.DataFrame
) -> gpd.GeoSeries:
    """Draw a cell for each obec code; areas in EPSG:5514 on the index `codes`.

    Cells do not overlap and none is larger than the obec's area (by more than 1 %).
    """
    if codes.empty:
        return gpd.GeoSeries([], index=codes, crs=METRIC_CRS)
    points = _points_near(codes, obce, precincts)
    everything = shapely.multipoints(points[[X, Y]].to_numpy(dtype=float))
    frame = shapely.box(*shapely.bounds(everything)).buffer(MARGIN_M)
    faces = shapely.get_parts(shapely.voronoi_polygons(everything, extend_to=frame, ordered=True))
    raw = gpd.GeoSeries(faces, crs=METRIC_CRS).groupby(points[CODE].to_numpy())
    union = gpd.GeoSeries(
        {code: shapely.union_all(part.to_numpy()) for code, part in raw if code in codes},
        crs=METRIC_CRS,
    ).reindex(codes)
    own = points.groupby(CODE)[[X, Y]].apply(lambda p: shapely.multipoints(p.to_numpy(dtype=float)))
    area_m2 = obce.loc[codes, "area_km2"].to_numpy(dtype=float) * 1e6
    cut = _cut_to_area(union.to_numpy(), own.reindex(codes).to_numpy(), area_m2)
    return gpd.GeoSeries(cut, index=codes, crs=METRIC_CRS)


def _points_near(codes: pd.Index, obce: pd.DataFrame, precincts: pd.DataFrame) -> pd.DataFrame:
    centres = obce[[X, Y]].astype(float).rename_axis(CODE).reset_index()
    both = pd.concat([centres, precincts[[CODE, X, Y]]], ignore_index=True)
    mine = both[both[CODE].isin(codes)]
    near = both[X].between(mine[X].min() - MARGIN_M, mine[X].max() + MARGIN_M) & both[Y].between(
        mine[Y].min() - MARGIN_M, mine[Y].max() + MARGIN_M
    )
    return both[near].drop_duplicates([X, Y]).reset_index(drop=True)


def _cut_to_area(cells: np.ndarray, points: np.ndarray, area_m2: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Cut each cell to the points' surroundings at which it has the given area, by halving."""
    low = np.zeros(len(cells))
    high = np.sqrt(area_m2) * 4
    too_small = shapely.area(cells) <= area_m2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        grown = shapely.area(shapely.intersection(cells, shapely.buffer(points, middle)))
        low = np.where(grown < area_m2, middle, low)
        high = np.where(grown < area_m2, high, middle)
    cut = shapely.intersection(cells, shapely.buffer(points, low))
    return np.where(too_small, cells, cut)
