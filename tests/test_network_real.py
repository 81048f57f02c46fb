"""Real roads against networkx on the pieces as they were read, before anything was joined."""

import networkx as nx
import numpy as np
import pytest
from roads_made import real, real_data, table

from kpss_geo import network
from kpss_geo.network import Access, has_fast_extra
from kpss_geo.network.graph import DM_BITS, DM_MASK, arcs_of, build
from kpss_geo.network.search import Plain, Seeds, matrix_of, plain
from kpss_geo.sources.roads_table import read_roads_table

pytestmark = [real_data, pytest.mark.real_data]
EXTRACTS = ["bautzen.osm", "Hoyerswerda.osm.pbf", "north-bayreuth.osm.gz", "krems.osm.gz"]


def read(name, profile):
    if name.endswith(".parquet"):
        return read_roads_table(real(name), profile=profile)
    pytest.importorskip("osmium")
    from kpss_geo.sources.osm import read_osm

    return read_osm(real(f"osm_samples/{name}"), profile=profile)


def oracle_of(segments):
    """Every straight piece as an arc; nodes are coordinates, where only one row has them."""
    graph = nx.DiGraph()
    xy = np.column_stack([segments.x, segments.y])
    for a, b, forward, backward in zip(
        segments.tail, segments.head, segments.forward_kmh, segments.backward_kmh, strict=True
    ):
        metres = float(np.hypot(*(xy[a] - xy[b])))
        for kmh, way in ((forward, (a, b)), (backward, (b, a))):
            if kmh > 0:
                ms = max(1, round(metres * 3600 / kmh))
                cost = (ms << DM_BITS) + round(metres * 10)
                if cost < graph.get_edge_data(*way, {"cost": np.inf})["cost"]:
                    graph.add_edge(*way, cost=cost)
    return graph


def stops(segments, oracle, roads):
    """Rows of the largest part where people may stop and no other row has the coordinates."""
    part = np.array(sorted(max(nx.strongly_connected_components(oracle), key=len)))
    xy = np.column_stack([segments.x[part], segments.y[part]])
    _, which, counts = np.unique(xy, axis=0, return_inverse=True, return_counts=True)
    on_road = network.spots_of(table(xy), roads=roads).leg_m < 0.01
    return part[on_road & (counts[which.ravel()] == 1)]


@pytest.mark.parametrize(
    ("name", "profile"),
    [*((name, profile) for name in EXTRACTS for profile in ("car", "walk")),
     ("roads_generalised.parquet", "car")],
)  # fmt: skip
def test_distances_equal_networkx_both_ways(name, profile):
    segments = read(name, profile)
    oracle = oracle_of(segments)
    roads = network.prepare(build(segments)[0], access=Access(limit_m=1.0))
    candidates = stops(segments, oracle, roads)
    rng = np.random.default_rng(1)
    homes, places = rng.choice(candidates, 40), rng.choice(candidates, 10)
    points = [table(np.column_stack([segments.x[r], segments.y[r]])) for r in (homes, places)]
    ways = {}
    for towards in (True, False):
        found = network.pairs(*points, roads=roads, limit_min=1e5, towards=towards)
        ways[towards] = found.minutes.toarray()
        searched = oracle.reverse(copy=False) if towards else oracle
        for j, place in enumerate(places):
            true = nx.single_source_dijkstra_path_length(searched, place, weight="cost")
            cost = np.array([true[home] for home in homes])
            assert np.array_equal(ways[towards][:, j], (cost >> DM_BITS) / 60_000)
            assert np.array_equal(found.metres.toarray()[:, j], (cost & DM_MASK) / 10)
    if name in EXTRACTS and profile == "car":
        assert (ways[True] != ways[False]).any()  # one-way streets make a difference


@pytest.mark.parametrize("name", [*EXTRACTS, "roads_generalised.parquet"])
@pytest.mark.parametrize("backwards", [True, False])
def test_the_hierarchy_equals_scipy_on_all_nodes(name, backwards):
    if not has_fast_extra():
        pytest.skip("the extra roads is not installed")
    from kpss_geo.network.hierarchy import prepare_hierarchy

    graph, _ = build(read(name, "car"))
    count = len(graph.node_x)
    rng = np.random.default_rng(2)
    sizes = (1, 2, 5, 17, 3, 8)
    node = np.concatenate([rng.choice(count, size) for size in sizes])
    spent = rng.integers(0, 600_000, len(node)) << DM_BITS
    group = np.repeat(np.arange(len(sizes)), sizes)
    seeds = Seeds(node, spent, group, np.arange(len(node)), len(sizes))
    slow, fast = plain(graph), prepare_hierarchy(graph)
    everywhere = np.arange(count)
    for limit in (None, 900_000):
        expected = slow.spread(seeds, everywhere, backwards=backwards, limit_ms=limit)
        given = fast.spread(seeds, everywhere, backwards=backwards, limit_ms=limit)
        assert np.array_equal(expected[0], given[0])
        assert np.array_equal(expected[1], given[1])
    expected = slow.spread(seeds, everywhere, backwards=backwards, limit_ms=None)[0]
    blocks = fast.all_ms(seeds, backwards=backwards)
    ms = np.concatenate(list(blocks), axis=1)[fast.position, : len(sizes)]
    assert np.array_equal(ms, expected >> DM_BITS)


def test_all_nodes_of_the_country_equal_networkx():
    graph, _ = build(read("roads_generalised.parquet", "car"))
    arcs = arcs_of(graph)
    oracle = nx.from_scipy_sparse_array(matrix_of(arcs), create_using=nx.DiGraph)
    seeds = Seeds(*(np.array(v) for v in ([5, 900], [0, 0], [0, 0], [0, 1])), 1)
    engine = Plain(arcs, arcs_of(graph, backwards=True))
    cost, _ = engine.spread(seeds, np.arange(arcs.count), backwards=False, limit_ms=None)
    true = nx.multi_source_dijkstra_path_length(oracle, {5, 900})
    assert all(cost[node, 0] == true[node] for node in range(arcs.count))


def test_the_coordinates_of_the_extracts_are_where_they_should_be():
    segments = read("bautzen.osm", "car")  # 14.41° E 51.19° N, 9 km north of the border
    assert segments.x.mean() == pytest.approx(-728_000, abs=5_000)
    assert segments.y.mean() == pytest.approx(-923_000, abs=5_000)
