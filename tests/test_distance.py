"""Distances against a closed formula and plain loops."""

import numpy as np
import pandas as pd
import pytest
from roads_made import segments

from kpss_geo.distance import Reach, Travel, metres_to_areas, nearest, pairs
from kpss_geo.errors import RoadsMissing
from kpss_geo.network import build, prepare

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


def test_pairs_keep_a_distance_of_0_and_the_edge_of_the_limit():
    home, places = _points([(0, 0), (50_000, 0)]), _points([(0, 0), (3000, 4000), (3000, 4001)])
    found = pairs(home, places, limit_min=8.4, travel=TRAVEL)
    assert found.minutes.shape == (2, 3)
    assert found.minutes.indices.tolist() == [0, 1]
    assert found.minutes.data.tolist() == pytest.approx([0, 8.4])
    assert found.metres.data.tolist() == pytest.approx([0, 7000])
    assert found.minutes.indptr.tolist() == [0, 2, 2]


def test_pairs_of_nothing():
    home, places, none = _points([(0, 0)]), _points([(0, 0)]), _points([])
    assert pairs(home, none, limit_min=9, travel=TRAVEL).minutes.shape == (1, 0)
    assert pairs(none, places, limit_min=9, travel=TRAVEL).minutes.shape == (0, 1)


@pytest.mark.parametrize("limit_min", [5, 20, 60])
def test_pairs_equal_plain_loops_on_real_points(data, limit_min):
    home = data.obce[["x", "y"]].sample(300, random_state=3)
    places = data.obce[["x", "y"]].sample(40, random_state=4).reset_index(drop=True)
    found = pairs(home, places, limit_min=limit_min, travel=TRAVEL)
    x, y = (home[c].to_numpy()[:, None] - places[c].to_numpy()[None, :] for c in "xy")
    metres = np.hypot(x, y) * 1.4
    minutes = metres / (50_000 / 60)
    row, column = np.nonzero(minutes <= limit_min)
    kept = found.minutes.tocoo()
    assert kept.coords[0].tolist() == row.tolist()
    assert kept.coords[1].tolist() == column.tolist()
    np.testing.assert_allclose(kept.data, minutes[row, column], atol=1e-9)
    np.testing.assert_allclose(found.metres.data, metres[row, column], atol=1e-6)


def test_pairs_by_road_are_those_of_the_roads():
    graph, _ = build(segments([(0, 0), (600, 0), (1200, 0)], [(0, 1, 6, 6), (1, 2, 6, 6)]))
    roads = prepare(graph)
    home, places = _points([(0, 0), (1200, 0)]), _points([(600, 0), (1200, 0)])
    travel = Travel(1.4, 4.5, mode="walk")
    found = pairs(home, places, limit_min=6, travel=travel, roads=roads)
    np.testing.assert_allclose(found.minutes.toarray(), [[6, 0], [6, 0]])
    assert found.minutes.nnz == 3
    with pytest.raises(RoadsMissing):
        pairs(home, places, limit_min=6, travel=travel)
