"""Schematic cells: what stands for an obec on the map until official boundaries are there.

A cell is the part of the plane nearer to the obec's points (reference and precincts) than
to those of any other obec, cut so that it is no larger than the obec's area. It shows
where an obec lies and how big it is, not where its border runs.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kpss_geo.schema import CODE, METRIC_CRS, X, Y

MARGIN_M = 25_000
"""Obce this far around take part, so that the outer cells are bounded by neighbours."""
HALVINGS = 12
"""Steps of the search for the distance at which a cell has its obec's area."""


def schematic_cells(
    codes: pd.Index, *, obce: pd.DataFrame, precincts: pd.DataFrame
) -> gpd.GeoSeries:
    """Draw a cell for each obec code; areas in EPSG:5514 on the index `codes`.

    Cells do not overlap and none is larger than the obec's area by more than 1 %; a cell
    hemmed in by its neighbours is smaller.
    """
    if codes.empty:
        return gpd.GeoSeries([], index=codes, crs=METRIC_CRS)
    points = _points_near(codes, obce, precincts)
    everything = shapely.multipoints(points[[X, Y]].to_numpy(dtype=float))
    frame = shapely.box(*shapely.bounds(everything)).buffer(MARGIN_M)
    faces = shapely.get_parts(shapely.voronoi_polygons(everything, extend_to=frame, ordered=True))
    mine = points[CODE].isin(codes).to_numpy()
    obec = codes.get_indexer(pd.Index(points.loc[mine, CODE]))
    centres = np.asarray(shapely.points(points.loc[mine, [X, Y]].to_numpy(dtype=float)))
    area_m2 = obce.loc[codes, "area_km2"].to_numpy(dtype=float) * 1e6
    cut = _cut_to_area(faces[mine], centres, obec, area_m2)
    cells = [shapely.union_all(cut[obec == number], grid_size=0.01) for number in range(len(codes))]
    return gpd.GeoSeries(cells, index=codes, crs=METRIC_CRS)


def _points_near(codes: pd.Index, obce: pd.DataFrame, precincts: pd.DataFrame) -> pd.DataFrame:
    centres = obce[[X, Y]].astype(float).rename_axis(CODE).reset_index()
    both = pd.concat([centres, precincts[[CODE, X, Y]]], ignore_index=True)
    mine = both[both[CODE].isin(codes)]
    near = both[X].between(mine[X].min() - MARGIN_M, mine[X].max() + MARGIN_M) & both[Y].between(
        mine[Y].min() - MARGIN_M, mine[Y].max() + MARGIN_M
    )
    return both[near].drop_duplicates([X, Y]).reset_index(drop=True)


def _cut_to_area(
    faces: NDArray[np.object_],
    centres: NDArray[np.object_],
    obec: NDArray[np.intp],
    area_m2: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Cut the faces to discs so that those of one obec have its area together.

    All discs of an obec have one radius, found by halving. Inside its own face a point
    is nearer to the face's centre than to any other, so cutting face by face is the same
    as cutting the whole cell to the surroundings of all its points.
    """
    low = np.zeros(len(area_m2))
    high = np.sqrt(area_m2) * 4
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        parts = shapely.intersection(faces, shapely.buffer(centres, middle[obec]))
        grown = np.bincount(obec, weights=shapely.area(parts), minlength=len(area_m2))
        low = np.where(grown < area_m2, middle, low)
        high = np.where(grown < area_m2, high, middle)
    return np.asarray(shapely.intersection(faces, shapely.buffer(centres, high[obec])))
