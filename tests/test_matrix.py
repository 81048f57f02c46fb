"""All pairs within a limit against plain loops and by roads."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roads_made import segments

from kpss_geo.distance import Travel
from kpss_geo.errors import RoadsMissing
from kpss_geo.matrix import pairs
from kpss_geo.network import build, prepare

TRAVEL = Travel(detour_factor=1.4, speed_kmh=50.0)


def _points(rows):
    return pd.DataFrame(rows, columns=["x", "y"], dtype=float)


def test_pairs_keep_a_distance_of_0_and_the_edge_of_the_limit():
    home, places = _points([(0, 0), (50_000, 0)]), _points([(0, 0), (3000, 4000), (3000, 4001)])
    found = pairs(home, places, limit_min=8.4, travel=TRAVEL)
    assert found.minutes.shape == (2, 3)
    assert found.minutes.indices.tolist() == [0, 1]
    assert found.minutes.data.tolist() == pytest.approx([0, 8.4])
    assert found.metres.data.tolist() == pytest.approx([0, 7000])
    assert found.minutes.indptr.tolist() == [0, 2, 2]


@given(st.tuples(*[st.floats(-900_000, -400_000)] * 2), st.floats(0.1, 6.28), st.floats(10, 3e4))
@settings(max_examples=300, deadline=None)
def test_the_edge_of_any_limit_belongs_to_it(at, angle, away):
    home = _points([at])
    places = _points([(at[0] + away * np.cos(angle), at[1] + away * np.sin(angle))])
    straight = np.hypot(places["x"] - home["x"], places["y"] - home["y"]).to_numpy()
    limit_min = float(TRAVEL.minutes(TRAVEL.metres(straight))[0])
    assert pairs(home, places, limit_min=limit_min, travel=TRAVEL).minutes.nnz == 1


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
