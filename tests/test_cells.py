"""Schematic cells: apart, in their place, no larger than the obec."""

import pandas as pd
import pytest
import shapely

from kpss_geo.cells import schematic_cells

from facts import FIVE


@pytest.mark.parametrize("territory", FIVE)
def test_cells_of_a_territory(data, territory):
    codes = pd.Index(data.territories[territory].codes, name="code")
    cells = schematic_cells(codes, obce=data.obce, precincts=data.precincts)
    assert list(cells.index) == list(codes)
    assert cells.is_valid.all()
    assert not cells.is_empty.any()
    official = data.obce.loc[codes, "area_km2"] * 1e6
    assert (cells.area <= official * 1.01).all()
    assert (cells.area / official).median() > 0.95
    overlap = cells.area.sum() - shapely.union_all(cells.to_numpy()).area
    assert abs(overlap) < 1e-6 * cells.area.sum()
    centres = shapely.points(data.obce.loc[codes, ["x", "y"]].to_numpy(dtype=float))
    assert shapely.intersects(cells.buffer(1.0).to_numpy(), centres).all()


def test_no_codes_no_cells(data):
    none = pd.Index([], name="code", dtype=str)
    assert schematic_cells(none, obce=data.obce, precincts=data.precincts).empty


def test_one_obec(data):
    one = pd.Index(["562777"], name="code")
    cell = schematic_cells(one, obce=data.obce, precincts=data.precincts)
    assert cell.area.iloc[0] / 1e6 == pytest.approx(data.obce.at["562777", "area_km2"], rel=0.01)
