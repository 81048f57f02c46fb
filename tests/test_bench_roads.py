"""The benchmark of roads on small graphs. Nothing here is timed."""

import importlib.util

import networkx as nx
import numpy as np
import pytest
from roads_made import real, real_data

from kpss_geo import network
from kpss_geo.network import has_fast_extra
from kpss_geo.network.graph import DM_BITS, UNREACHED, build
from kpss_geo.network.search import Plain

if not has_fast_extra():
    pytest.skip("the extra roads is not installed", allow_module_level=True)

from kpss_geo.bench import one_way, real_cases, rivals, road_cases, roads
from kpss_geo.network import sweep
from kpss_geo.network.graph import Arcs, make_arcs
from kpss_geo.network.hierarchy import hierarchy_of


@pytest.fixture(scope="module")
def case():
    return road_cases.synthetic(1_000)


@pytest.fixture(scope="module")
def expected(case):
    """Milliseconds by networkx, from the arcs themselves."""
    graph = nx.DiGraph()
    tail = np.repeat(np.arange(case.arcs.count), np.diff(case.arcs.start))
    for u, v, cost in zip(tail, case.arcs.head, case.arcs.cost, strict=True):
        graph.add_edge(int(v), int(u), weight=int(cost) >> DM_BITS)
    ways = [
        nx.multi_source_dijkstra_path_length(graph, set(map(int, case.places(kind))))
        for kind in range(case.types)
    ]
    return np.array([[way[node] for node in range(case.arcs.count)] for way in ways])


@pytest.mark.parametrize("name", [name for name in rivals.WAYS if name != "floor"])
def test_every_way_finds_the_same(name, case, expected):
    way = rivals.WAYS[name]
    if importlib.util.find_spec(way.package) is None:
        pytest.skip(f"{way.package} is not installed")
    search = way.prepare(case, expected.max(axis=1))
    kinds = list(range(case.types))
    assert np.array_equal(search.ms(search.ask(kinds)), expected)


def test_the_made_up_roads_are_as_promised(case):
    arcs = case.arcs
    assert (arcs.count, len(arcs.head)) == (1_000, 2_600)
    assert nx.is_connected(nx.from_scipy_sparse_array(case.into()))
    assert np.bincount(case.kind).tolist()[:: case.types - 1] == [50, 100]
    assert len(set(case.places(5).tolist())) == len(case.places(5))


@pytest.mark.parametrize("least", [0, 10**9], ids=["threads", "one thread"])
@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize("limit_ms", [None, 60_000])
def test_the_sweep_equals_the_plain_search(case, least, backwards, limit_ms, monkeypatch):
    monkeypatch.setattr(sweep, "WORTH_THREADS", least)
    monkeypatch.setattr(sweep, "MOST_COLUMNS", 5)
    seeds, goals = case.seeds(), np.arange(0, case.arcs.count, 3)
    slow = Plain(case.arcs, turned_round(case.arcs))
    options = {"backwards": backwards, "limit_ms": limit_ms}
    for one, other in zip(
        slow.spread(seeds, goals, **options),
        hierarchy_of(case.arcs).spread(seeds, goals, **options),
        strict=True,
    ):
        assert np.array_equal(one, other)


def test_each_way_runs_in_a_process_of_its_own(case, monkeypatch, capsys):
    monkeypatch.setattr(roads, "WAYS", {k: rivals.WAYS[k] for k in ("minutes", "scipy")})
    found = roads.measure(case, repeats=2)
    for row in found.values():
        assert (row.ended, row.off_ms) == ("", 0)
        assert (len(row.measured.kinds), len(row.measured.seconds)) == (case.types, 2)
    roads._print(roads.Console(width=roads.WIDTH), case, found)
    assert "1000 nodes, 2600 arcs, 33 types" in capsys.readouterr().out


def test_what_takes_too_long_is_ended_and_said(case, monkeypatch, capsys):
    monkeypatch.setattr(roads, "WAYS", {"minutes": rivals.WAYS["minutes"]})
    found = roads.measure(case, repeats=1, limit_s=0.01)
    assert (found["minutes"].measured, found["minutes"].ended) == (None, "not done in 0 s")
    roads._print(roads.Console(width=roads.WIDTH), case, found)
    assert "not done in 0 s" in capsys.readouterr().out


def test_a_difference_from_scipy_is_seen(tmp_path):
    np.save(tmp_path / "scipy.npy", np.array([[5, 6], [7, 8]], np.int32))
    np.save(tmp_path / "igraph.npy", np.array([[7, 11]], np.int32))
    row = roads.Row(one_way.Measured(0.0, kinds=(1,)), "", None)
    assert roads._off_ms(tmp_path, "igraph", row) == 3


def test_a_slow_search_is_measured_on_fewer_types():
    search = rivals.Search(list, list)
    assert one_way._kinds(search, 33, 1.0, everything=False) == list(range(33))
    assert one_way._kinds(search, 33, 13.0, everything=False) == [0, 16, 32]
    assert one_way._kinds(search, 33, 500.0, everything=False) == [16]
    assert one_way._kinds(search, 33, 500.0, everything=True) == list(range(33))


def test_a_case_is_read_as_it_was_written(case, tmp_path):
    road_cases.save(case, tmp_path / "case.npz")
    again = road_cases.load(tmp_path / "case.npz")
    assert (again.title, again.made_up, again.types) == (case.title, case.made_up, case.types)
    assert np.array_equal(again.arcs.cost, case.arcs.cost)
    assert np.array_equal(again.kind, case.kind)


@real_data
def test_places_of_the_register_are_where_the_app_has_them(data):
    file = real("roads_generalised.parquet")
    case = real_cases.country(file, data)
    graph, _ = build(real_cases.read_roads_table(file))
    places = real_cases._open_places(data, data.targets["seniori"])
    some = np.random.default_rng(3).choice(len(graph.node_x), 150, replace=False)
    home = real_cases.pd.DataFrame({"x": graph.node_x[some], "y": graph.node_y[some]})
    ready = network.prepare(graph, access=real_cases.Access(limit_m=3_000.0))
    tables = network.nearest_each(home, places, places["type"], roads=ready)
    cost, _ = Plain(case.arcs, turned_round(case.arcs)).spread(
        case.seeds(), some, backwards=True, limit_ms=None
    )
    assert (cost < UNREACHED).all()
    assert len(tables) == case.types
    for column, table in enumerate(tables.values()):
        ms = np.rint(table["minutes"].to_numpy() * 60_000)
        assert np.abs(ms - (cost[:, column] >> DM_BITS)).max() <= 1


def turned_round(arcs: Arcs) -> Arcs:
    tail = np.repeat(np.arange(arcs.count), np.diff(arcs.start))
    return make_arcs(arcs.head, tail, arcs.cost, count=arcs.count)
