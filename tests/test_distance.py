"""Distances against a closed formula and plain loops."""

import numpy as np
import pandas as pd
import pytest

from kpss_geo.distance import Reach, Travel, metres_to_areas, nearest

TRAVEL = Travel(detour_factor=1.4, speed_kmh=50.0)


def _points(rows):
    return pd.DataFrame(rows, columns=["x", "y"], dtype=float)


def test_three_four_five():
    found = nearest(_points([(0, 0)]), _points([(9000, 0), (3000, 4000)]), travel=TRAVEL)
    assert found["place"].tolist() == [1]
    assert found["metres"].tolist() == [7000.0]
    assert found["minutes"].tolist() == pytest.approx([8.4])


def test_no_place_is_infinitely_far_not_missing():
    found = nearest(_points([(0, 0), (1, 1)]), _points([]), travel=TRAVEL)
    assert found["place"].tolist() == [-1, -1]
    assert np.isinf(found["metres"]).all()
    assert not Reach(500, "km").within(found).any()


def test_equals_plain_loops_on_real_points(data):
    home = data.obce[["x", "y"]].sample(300, random_state=1)
    places = data.obce[["x", "y"]].sample(40, random_state=2).reset_index(drop=True)
    found = nearest(home, places, travel=TRAVEL)
    for (_, point), (_, row) in zip(home.iterrows(), found.iterrows(), strict=True):
        straight = np.hypot(places["x"] - point["x"], places["y"] - point["y"])
        assert row["metres"] == pytest.approx(straight.min() * 1.4)
        assert straight[int(row["place"])] == straight.min()


def test_the_edge_of_the_reach_belongs_to_it():
    metres = np.array([14_999.9, 15_000.0, 15_000.1])
    minutes = TRAVEL.minutes(metres)
    assert Reach(15, "km").holds(metres, minutes).tolist() == [True, True, False]
    assert Reach(18, "min").holds(metres, minutes).tolist() == [True, True, False]


def test_metres_to_areas_are_from_the_edge_of_their_circle():
    areas = _points([(10_000, 0)]).assign(extent_m=1_000.0)
    metres = metres_to_areas(_points([(0, 0), (9_500, 0)]), areas, travel=TRAVEL, chunk=1)
    assert metres.tolist() == pytest.approx([9_000 * 1.4, 0.0])
    assert np.isinf(metres_to_areas(_points([(0, 0)]), areas.iloc[:0], travel=TRAVEL)).all()


@pytest.mark.parametrize("seed", range(5))
def test_metres_to_areas_equal_plain_loops(data, seed):
    """The quick search gives exactly what measuring every circle gives."""
    areas = data.obce.sample(400, random_state=seed)
    home = data.obce[["x", "y"]].sample(60, random_state=seed + 50)
    radius = areas["extent_m"]
    expected = [
        max(0.0, (np.hypot(areas["x"] - p["x"], areas["y"] - p["y"]) - radius).min()) * 1.4
        for _, p in home.iterrows()
    ]
    np.testing.assert_allclose(metres_to_areas(home, areas, travel=TRAVEL), expected)
