import json
from dataclasses import fields

import numpy as np
import pytest
from roads_made import ORIGIN, table, write_osm

from kpss_geo import network
from kpss_geo.errors import FileNotUsable
from kpss_geo.network import store

pytest.importorskip("osmium")
GRID = {10 * r + c: (14.5 + c / 1000, 50.9 + r / 1000) for r in range(6) for c in range(6)}
STREETS = [
    *([[10 * r + c for c in range(6)], {"highway": "residential"}] for r in range(6)),
    *([[10 * r + c for r in range(6)], {"highway": "primary", "foot": "no"}] for c in range(6)),
    ([1, 2], {"highway": "hyperloop"}),
]


@pytest.fixture
def source(tmp_path):
    return write_osm(tmp_path / "town.osm", GRID, STREETS)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "prepared"


def same(one, other):
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name))
        if f.name != "origin"
        else one.origin == other.origin
        for f in fields(one)
    )


def forbid(monkeypatch):
    def read_again(*_args, **_options):
        raise AssertionError("the source was read again")

    monkeypatch.setattr(store, "read_osm", read_again)


def test_the_second_start_does_not_read_the_source(source, folder, monkeypatch):
    first, findings = network.open_graph(source, folder=folder)
    forbid(monkeypatch)
    second, again = network.open_graph(source, folder=folder)
    assert same(first, second)
    assert [str(f) for f in again] == [str(f) for f in findings]
    assert len(findings) == 1
    assert sorted(p.name for p in folder.iterdir()) == ["town.osm-car.json", "town.osm-car.npz"]


def test_the_manifest_says_what_it_is(source, folder):
    graph, _ = network.open_graph(source, folder=folder)
    manifest = json.loads((folder / "town.osm-car.json").read_text(encoding="utf-8"))
    assert manifest["origin"]["file"] == "town.osm"
    assert manifest["origin"]["licence"] == "OpenStreetMap contributors, ODbL 1.0"
    assert manifest["sha256"] == graph.origin.sha256
    assert manifest["junctions"] == len(graph.node_x)
    assert manifest["edges"] == len(graph.tail)
    assert manifest["profile"] == "car"
    assert manifest["crs"] == "EPSG:5514"
    assert str(folder) not in json.dumps(manifest)


def test_a_changed_source_is_read_again(source, folder):
    first, _ = network.open_graph(source, folder=folder)
    write_osm(source, GRID, STREETS[:9])
    second, _ = network.open_graph(source, folder=folder)
    assert len(second.tail) < len(first.tail)


def test_each_profile_is_kept_by_itself(source, folder):
    car, _ = network.open_graph(source, folder=folder)
    walk, _ = network.open_graph(source, folder=folder, profile="walk")
    assert walk.length_dm.sum() < car.length_dm.sum()
    assert same(network.open_graph(source, folder=folder)[0], car)


def test_another_version_is_made_anew(source, folder, monkeypatch):
    network.open_graph(source, folder=folder)
    monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
    forbid(monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        network.open_graph(source, folder=folder)


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda _: b"", lambda b: b[:-9]])
def test_a_damaged_copy_is_made_anew(source, folder, damage):
    first, _ = network.open_graph(source, folder=folder)
    copy = folder / "town.osm-car.npz"
    copy.write_bytes(damage(copy.read_bytes()))
    assert same(network.open_graph(source, folder=folder)[0], first)
    assert same(network.open_graph(source, folder=folder)[0], first)


def test_a_flipped_byte_is_noticed(source, folder):
    first, _ = network.open_graph(source, folder=folder)
    copy = folder / "town.osm-car.npz"
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 255
    copy.write_bytes(content)
    assert same(network.open_graph(source, folder=folder)[0], first)


def test_writing_that_stops_half_way_leaves_the_old_copy(source, folder, monkeypatch):
    graph, _ = network.open_graph(source, folder=folder)
    before = (folder / "town.osm-car.npz").read_bytes()

    def full_disk(file, **_arrays):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(store.np, "savez", full_disk)
    with pytest.raises(OSError, match="No space"):
        network.save_graph(folder / "town.osm-car.npz", graph)
    assert (folder / "town.osm-car.npz").read_bytes() == before


def test_an_absent_source_is_named(folder, tmp_path):
    with pytest.raises(FileNotUsable, match="nowhere"):
        network.open_roads(tmp_path / "nowhere.osm", folder=folder)


def test_a_large_graph_gets_a_hierarchy_and_keeps_it(source, folder, monkeypatch):
    small, _ = network.open_roads(source, folder=folder)
    assert type(small.engine).__name__ == "Plain"
    if not network.has_fast_extra():
        pytest.skip("the extra roads is not installed")
    from kpss_geo.network import hierarchy

    monkeypatch.setattr(store, "WORTH_A_HIERARCHY", 10)
    large, _ = network.open_roads(source, folder=folder)
    assert type(large.engine).__name__ == "Hierarchy"
    monkeypatch.setattr(hierarchy, "prepare_hierarchy", None)
    again, _ = network.open_roads(source, folder=folder)
    points = table(np.column_stack([small.graph.node_x, small.graph.node_y]))
    expected = network.nearest(points, points[:3], roads=small)
    for roads in (large, again):
        assert network.nearest(points, points[:3], roads=roads).equals(expected)


def test_without_the_extra_scipy_searches(source, folder, monkeypatch):
    monkeypatch.setattr(store, "WORTH_A_HIERARCHY", 10)
    monkeypatch.setattr(store, "has_fast_extra", lambda: False)
    roads, _ = network.open_roads(source, folder=folder)
    assert type(roads.engine).__name__ == "Plain"
    assert roads.graph.origin.profile == ORIGIN.profile
