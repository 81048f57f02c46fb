"""Against networkx on every ten metres of small random road networks."""

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from roads_made import KMH, segments, table

from kpss_geo import network
from kpss_geo.errors import NoRoads
from kpss_geo.network import Access, has_fast_extra
from kpss_geo.network.graph import build

SIDE, CELL, STEP = 4, 100, 10
SPEEDS = (0.0, KMH, KMH / 2, KMH * 2, KMH * 4)
ALL = [(c, r) for r in range(SIDE) for c in range(SIDE)]
LINKS = [(a, b) for a in range(SIDE**2) for b in range(a) if sum(
    abs(i - j) for i, j in zip(ALL[a], ALL[b], strict=True)) == 1]  # fmt: skip
MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)

speeds = st.tuples(st.sampled_from(SPEEDS), st.sampled_from(SPEEDS))
networks = st.lists(
    st.tuples(st.sampled_from(LINKS), speeds), min_size=3, max_size=24, unique_by=lambda p: p[0]
)


@st.composite
def cases(draw):
    """A network as a graph, its oracle, and points that stand on its roads."""
    pieces = [(a, b, *kmh) for (a, b), kmh in draw(networks)]
    points = [(c * CELL, r * CELL) for c, r in ALL]
    try:
        graph, _ = build(segments(points, pieces))
    except NoRoads:
        assume(False)
    oracle = every_ten_metres(points, pieces)
    on = np.column_stack([graph.shape_x, graph.shape_y])
    part = next(
        p for p in nx.strongly_connected_components(oracle) if tuple(on[0].astype(int)) in p
    )
    spots = sorted(part)
    chosen = st.lists(st.sampled_from(spots), min_size=1, max_size=6)
    return graph, oracle, draw(chosen), draw(chosen)


def every_ten_metres(points, pieces):
    graph = nx.DiGraph()
    for tail, head, forward, backward in pieces:
        a, b = np.array(points[tail]), np.array(points[head])
        path = [tuple(int(v) for v in a + (b - a) * k // (CELL // STEP)) for k in range(11)]
        for kmh, way in ((forward, path), (backward, path[::-1])):
            if kmh:
                ms = round(STEP * 3600 / kmh)
                for u, v in itertools.pairwise(way):
                    graph.add_edge(u, v, cost=(ms << 26) + STEP * 10)
    return graph


def prepared(graph, fast=False):
    engine = None
    if fast:
        from kpss_geo.network.hierarchy import prepare_hierarchy

        engine = prepare_hierarchy(graph)
    return network.prepare(graph, access=Access(kmh=KMH, limit_m=30.0), engine=engine)


def true_cost(oracle, start, goal):
    return nx.dijkstra_path_length(oracle, start, goal, weight="cost")


@MODEST
@given(cases(), st.booleans())
def test_nearest_equals_networkx_with_the_points_put_into_the_roads(case, towards):
    graph, oracle, homes, places = case
    found = network.nearest(table(homes), table(places), roads=prepared(graph), towards=towards)
    for home, row in zip(homes, found.itertuples(), strict=True):
        ways = [(home, place) if towards else (place, home) for place in places]
        cost, place = min((true_cost(oracle, *way), k) for k, way in enumerate(ways))
        assert (row.minutes, row.metres) == ((cost >> 26) / 60_000, (cost & (1 << 26) - 1) / 10)
        assert row.place == place


@MODEST
@given(cases(), st.floats(0.05, 12.0))
def test_pairs_and_the_nearest_few_agree_with_networkx(case, limit_min):
    graph, oracle, homes, places = case
    roads = prepared(graph)
    found = network.pairs(table(homes), table(places), roads=roads, limit_min=limit_min)
    few = network.nearest_few(table(homes), table(places), k=len(places), roads=roads)
    entries = found.minutes.tocoo()
    stored = dict(zip(zip(*entries.coords, strict=True), entries.data, strict=True))
    for i, home in enumerate(homes):
        true = [(true_cost(oracle, home, place) >> 26) / 60_000 for place in places]
        assert {j: m for (k, j), m in stored.items() if k == i} == {
            j: m for j, m in enumerate(true) if m <= limit_min
        }
        assert list(few.loc[i, "minutes"]) == sorted(true)


@MODEST
@given(cases())
def test_no_way_is_longer_than_the_way_over_another_point(case):
    graph, _, homes, places = case
    points = table([*homes, *places])
    cost = network.pairs(points, points, roads=prepared(graph), limit_min=1e6).minutes.toarray()
    over = (cost[:, :, None] + cost[None, :, :]).min(axis=1)
    assert (cost <= over + 1e-9).all()
    assert (np.diag(cost) == 0).all()


@MODEST
@given(cases(), st.floats(0.3, 8.0), st.booleans(), st.integers(0, 2**31))
def test_reach_areas_hold_every_home_point_within(case, limit_min, towards, seed):
    graph, _, _, places = case
    roads = prepared(graph)
    near = np.random.default_rng(seed).uniform(-30, SIDE * CELL, (200, 2))
    home = table(near[network.spots_of(table(near), roads=roads).routable])
    assume(len(home))
    found = network.nearest(home, table(places), roads=roads, towards=towards)
    area = network.reach_areas(
        table(places), limits_min=(limit_min,), roads=roads, towards=towards
    ).iloc[0]
    within = (found["minutes"] <= limit_min).to_numpy()
    assert shapely.contains_xy(area, home["x"], home["y"])[within].all()


@pytest.mark.skipif(not has_fast_extra(), reason="the extra roads is not installed")
@MODEST
@given(cases(), st.booleans(), st.one_of(st.none(), st.floats(0.1, 10.0)))
def test_the_hierarchy_gives_the_same_answers(case, towards, limit_min):
    graph, _, homes, places = case
    slow, fast = (
        network.nearest(
            table(homes),
            table(places),
            roads=prepared(graph, fast=fast),
            towards=towards,
            limit_min=limit_min,
        )
        for fast in (False, True)
    )
    assert slow.equals(fast)
