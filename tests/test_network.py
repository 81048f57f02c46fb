import numpy as np
import pandas as pd
import pytest
import shapely
from roads_made import KMH, segments, table

from kpss_geo import network
from kpss_geo.errors import BadOption, NoRoads, RoadsDoNotCover
from kpss_geo.network import Access, search
from kpss_geo.network.graph import CLOSED, UNREACHED, build

EXACT = Access(kmh=KMH, limit_m=50.0)
SQUARE = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
RING = [(0, 1, KMH, 0), (1, 2, KMH, 0), (2, 3, KMH, 0), (3, 0, KMH, 0)]
SPUR = [(0, 4, KMH, KMH)]


def roads_of(points, pieces, *, access=EXACT, engine=None, **options):
    graph, _ = build(segments(points, pieces, **options))
    return network.prepare(graph, access=access, engine=engine and engine(graph))


@pytest.fixture
def one_way_ring():
    """A square of one-way streets, 4 km round, and a two-way spur of 500 m."""
    return roads_of([*SQUARE, (-500, 0)], [*RING, *SPUR])


def test_the_directions_of_a_one_way_ring_are_not_confused(one_way_ring):
    home, place = table([(200, 0)]), table([(700, 0)])
    to = network.nearest(home, place, roads=one_way_ring)
    fro = network.nearest(home, place, roads=one_way_ring, towards=False)
    assert to["metres"].item() == 500
    assert fro["metres"].item() == 3500
    assert to["minutes"].item() == pytest.approx(500 / 60)
    back = network.nearest(place, home, roads=one_way_ring)
    assert back["metres"].item() == 3500


def test_the_same_spot_is_nought_away(one_way_ring):
    home = table([(200, 0), (0, 0), (-500, 0)])
    found = network.nearest(home, home, roads=one_way_ring)
    assert list(found["metres"]) == [0, 0, 0]
    assert list(found["minutes"]) == [0, 0, 0]
    assert list(found["place"]) == [0, 1, 2]


def test_a_point_at_a_junction_may_leave_by_any_of_its_roads(one_way_ring):
    # (0, 0) is snapped to one of three edges; the spur must cost 500 m in any case.
    found = network.nearest(table([(0, 0)]), table([(-500, 0)]), roads=one_way_ring)
    assert found["metres"].item() == 500
    found = network.nearest(table([(-500, 0)]), table([(0, 0)]), roads=one_way_ring)
    assert found["metres"].item() == 500


def test_the_access_leg_is_a_straight_line_at_its_own_speed():
    access = Access(kmh=6.0, limit_m=150.0)
    roads = roads_of(SQUARE[:2], [(0, 1, 60.0, 60.0)], access=access)
    found = network.nearest(table([(100, 100)]), table([(900, -50)]), roads=roads)
    assert found["metres"].item() == 100 + 800 + 50
    assert found["minutes"].item() == pytest.approx(1.0 + 0.8 + 0.5)


def test_points_are_snapped_to_edges_not_to_junctions():
    # The nearer junction belongs to another road.
    points = [(0, 0), (5000, 0), (2500, 400), (2500, 3000), (0, 3000)]
    pieces = [(0, 1, KMH, KMH), (2, 3, KMH, KMH), (3, 4, KMH, KMH), (4, 0, KMH, KMH)]
    roads = roads_of(points, pieces, access=Access(kmh=KMH, limit_m=250))
    spots = network.spots_of(table([(2500, 100)]), roads=roads)
    assert spots.leg_m[0] == 100


def test_a_point_far_from_any_road_is_unroutable_and_listed():
    roads = roads_of(SQUARE[:2], [(0, 1, KMH, KMH)])
    home = table([(0, 49), (0, 51), (np.nan, 0)])
    home.index = pd.Index(["a", "b", "c"], name="code")
    found = network.nearest(home, table([(1000, 0)]), roads=roads)
    assert list(found.index) == ["a", "b", "c"]
    assert list(found["routable"]) == [True, False, False]
    assert list(found["place"]) == [0, -1, -1]
    assert list(np.isinf(found["minutes"])) == [False, True, True]
    assert list(network.unroutable(home, roads=roads).index) == ["b", "c"]


def test_unroutable_places_and_no_places():
    roads = roads_of(SQUARE[:2], [(0, 1, KMH, KMH)])
    for places in (table([(0, 400)]), table([])):
        found = network.nearest(table([(0, 0)]), places, roads=roads)
        assert found["place"].item() == -1
        assert np.isinf(found["metres"].item())
        assert found["routable"].item()
        few = network.nearest_few(table([(0, 0)]), places, k=2, roads=roads)
        assert few.empty
        assert network.pairs(table([(0, 0)]), places, roads=roads, limit_min=9).minutes.nnz == 0
    assert network.nearest(table([]), table([(0, 0)]), roads=roads).empty


def test_roads_of_another_place_are_refused():
    roads = roads_of(SQUARE[:2], [(0, 1, KMH, KMH)])
    with pytest.raises(RoadsDoNotCover, match="straight line"):
        network.nearest(table([(9e5, 9e5)]), table([(0, 0)]), roads=roads)


def test_nobody_enters_a_motorway_between_junctions():
    points = [(0, 0), (5000, 0), (0, 30), (5000, 30)]
    pieces = [(0, 1, 90, 90), (0, 2, KMH, KMH), (2, 3, KMH, KMH), (3, 1, KMH, KMH)]
    stoppable = [False, True, True, True]
    graph, _ = build(segments(points, pieces, stoppable=stoppable))
    roads = network.prepare(graph, access=EXACT)
    spots = network.spots_of(table([(2500, 1)]), roads=roads)
    assert spots.leg_m[0] == pytest.approx(29)
    found = network.nearest(table([(0, 30)]), table([(5000, 30)]), roads=roads)
    assert found["metres"].item() == 5060  # but they go along it
    assert found["minutes"].item() == pytest.approx((60 + 200) / 60)


def test_of_equally_fast_ways_the_shorter_counts_and_of_equal_places_the_first():
    points = [(0, 0), (1000, 0), (0, 500), (1000, 500)]
    pieces = [(0, 1, KMH, KMH), (0, 2, 2 * KMH, 2 * KMH), (2, 3, 2 * KMH, 2 * KMH)]
    pieces += [(3, 1, 2 * KMH, 2 * KMH)]
    roads = roads_of(points, pieces)
    found = network.nearest(table([(0, 0)]), table([(1000, 0)]), roads=roads)
    assert found["minutes"].item() == pytest.approx(1000 / 60)
    assert found["metres"].item() == 1000
    twins = table([(900, 500), (1000, 0), (1000, 0)])
    assert network.nearest(table([(1000, 0)]), twins, roads=roads)["place"].item() == 1


def test_several_kinds_in_one_search(one_way_ring):
    home = table([(200, 0), (-250, 0)])
    places = table([(700, 0), (300, 0), (-500, 0)])
    kind = pd.Series(["a", "b", "a"])
    both = network.nearest_each(home, places, kind, roads=one_way_ring)
    assert list(both) == ["a", "b"]
    for value, rows in kind.groupby(kind).groups.items():
        alone = network.nearest(home, places.loc[rows].reset_index(drop=True), roads=one_way_ring)
        alone["place"] = rows.to_numpy()[alone["place"]]
        pd.testing.assert_frame_equal(both[value], alone, check_dtype=False)


def test_a_limit_cuts_exactly(one_way_ring):
    home, place = table([(0, 0), (200, 0)]), table([(600, 0)])
    found = network.nearest(home, place, roads=one_way_ring, limit_min=10.0)
    assert list(found["minutes"]) == [10.0, pytest.approx(400 / 60)]
    found = network.nearest(home, place, roads=one_way_ring, limit_min=9.999)
    assert list(found["place"]) == [-1, 0]
    assert list(found["routable"]) == [True, True]


def test_pairs_within_a_limit_keep_a_distance_of_nought(one_way_ring):
    points = table([(0, 0), (300, 0), (900, 0)])
    found = network.pairs(points, points, roads=one_way_ring, limit_min=10.0)
    minutes = found.minutes.tocoo()
    assert found.minutes.shape == (3, 3)
    assert list(zip(minutes.row, minutes.col, strict=True)) == [
        (0, 0), (0, 1), (1, 1), (1, 2), (2, 2)
    ]  # fmt: skip
    assert list(found.metres.data) == [0, 300, 0, 600, 0]


def test_the_nearest_few_are_in_order(one_way_ring):
    home, places = table([(100, 0)]), table([(900, 0), (200, 0), (50, 0), (300, 0)])
    few = network.nearest_few(home, places, k=3, roads=one_way_ring)
    assert list(few["place"]) == [1, 3, 0]
    assert list(few["metres"]) == [100, 200, 800]
    assert list(few.index.get_level_values("rank")) == [1, 2, 3]
    fewer = network.nearest_few(home, places, k=9, roads=one_way_ring, limit_min=5.0)
    assert list(fewer["place"]) == [1, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda roads: network.nearest(table([(0, 0)]), table([(0, 0)]), roads=roads, limit_min=0),
        lambda roads: network.nearest_few(table([(0, 0)]), table([(0, 0)]), roads=roads, k=0),
        lambda _: Access(kmh=0),
        lambda _: Access(limit_m=-1),
    ],
)
def test_options_that_make_no_sense(one_way_ring, wrong):
    with pytest.raises(BadOption):
        wrong(one_way_ring)


def test_a_reach_area_holds_its_homes_and_not_the_whole_world(one_way_ring):
    place = table([(500, 0)])
    areas = network.reach_areas(place, limits_min=(5.0, 20.0), roads=one_way_ring)
    assert list(areas.index) == [5.0, 20.0]
    assert areas.crs.to_epsg() == 5514
    near, far = areas
    # Towards the place: from before it along the ring, never from behind it.
    assert near.contains(shapely.Point(250, 0))
    assert not near.contains(shapely.Point(700, 0))
    assert far.contains(shapely.Point(-450, 0))
    away = network.reach_areas(place, limits_min=(5.0,), roads=one_way_ring, towards=False)
    assert away.iloc[0].contains(shapely.Point(750, 0))
    assert not away.iloc[0].contains(shapely.Point(300, 0))


def test_a_reach_area_of_nothing_is_empty(one_way_ring):
    nowhere = network.reach_areas(table([(0, 900_000)]), limits_min=(5.0,), roads=one_way_ring)
    assert nowhere.iloc[0].is_empty


def test_a_ring_without_a_junction_is_one_edge():
    graph, _ = build(segments(SQUARE, RING))
    assert len(graph.node_x) == 1
    assert len(graph.tail) == 1
    roads = network.prepare(graph, access=EXACT)
    found = network.nearest(table([(200, 0)]), table([(0, 300)]), roads=roads)
    assert found["metres"].item() == 800 + 1000 + 1000 + 700


def test_islands_are_left_out_and_reported():
    points = [*SQUARE, (9000, 0), (9000, 500)]
    graph, findings = build(segments(points, [*RING, (4, 5, KMH, KMH)]))
    assert graph.length_dm.sum() == 40_000
    assert findings[0].fields == {"km": 0.5, "all_km": 4.5}
    with pytest.raises(NoRoads):
        build(segments(points, [(0, 1, KMH, 0)]))
    with pytest.raises(NoRoads):
        build(segments(points, [(0, 0, KMH, KMH)]))


def test_where_the_direction_changes_a_chain_ends():
    points = [(0, 0), (100, 0), (200, 0), (300, 0), (200, 100)]
    both, one = (KMH, KMH), (KMH, 0.0)
    pieces = [(0, 1, *both), (1, 2, *one), (2, 3, *both), (2, 4, *both), (4, 1, *both)]
    graph, _ = build(segments(points, pieces))
    assert len(graph.tail) == 4
    assert (graph.backward_ms == CLOSED).sum() + (graph.forward_ms == CLOSED).sum() == 1


def test_a_chain_of_different_speeds_keeps_the_time_of_each_part():
    points = [(0, 0), (100, 0), (200, 0)]
    roads = roads_of(points, [(0, 1, KMH, 2 * KMH), (1, 2, 4 * KMH, KMH)])
    assert len(roads.graph.tail) == 1
    found = network.nearest(table([(50, 0)]), table([(150, 0)]), roads=roads)
    assert found["minutes"].item() == pytest.approx((50 + 12.5) / 60)
    found = network.nearest(table([(150, 0)]), table([(50, 0)]), roads=roads)
    assert found["minutes"].item() == pytest.approx((50 + 25) / 60)


def test_a_search_without_seeds_reaches_nothing(one_way_ring):
    none = np.empty(0, np.int64)
    seeds = search.Seeds(none, none, none, none, 2)
    cost, label = one_way_ring.engine.spread(seeds, np.array([0]), backwards=True, limit_ms=None)
    assert (cost == UNREACHED).all()
    assert (label == search.NO_LABEL).all()
