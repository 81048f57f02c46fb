import gzip

import numpy as np
import pytest
from roads_made import real, real_data, write_osm

from kpss_geo.errors import FileNotUsable, NoRoads
from kpss_geo.network.graph import CLOSED, build

pytest.importorskip("osmium")
from kpss_geo.sources.osm import read_osm

LINE = {k: (14.55 + k * 0.001, 50.95) for k in range(1, 7)}
STREET = {"highway": "residential"}


def lengths(segments):
    return np.hypot(
        segments.x[segments.tail] - segments.x[segments.head],
        segments.y[segments.tail] - segments.y[segments.head],
    )


def test_a_way_becomes_straight_pieces_in_metres(tmp_path):
    found = read_osm(write_osm(tmp_path / "a.osm", LINE, [([1, 2, 3], STREET)]))
    assert len(found.tail) == 2
    assert lengths(found) == pytest.approx([70.3, 70.3], abs=0.1)  # 0.001° at 50.95° N
    assert found.origin.file == "a.osm"
    assert found.origin.profile == "car"
    assert len(found.origin.sha256) == 64


def test_ways_join_at_shared_nodes_and_chains_are_contracted(tmp_path):
    ways = [([1, 2, 3], STREET), ([3, 4], {"highway": "primary"}), ([3, 5], STREET)]
    graph, findings = build(read_osm(write_osm(tmp_path / "a.osm", LINE, ways)))
    assert len(graph.node_x) == 4  # node 2 only bends the road
    assert len(graph.tail) == 3
    assert sorted(np.diff(graph.shape_start)) == [2, 2, 3]
    assert findings == ()


def test_a_barrier_cuts_the_way_for_cars_only(tmp_path):
    nodes = {**LINE, 3: (*LINE[3], {"barrier": "bollard"})}
    path = write_osm(tmp_path / "a.osm", nodes, [([1, 2, 3, 4], STREET)])
    graph, findings = build(read_osm(path))
    assert graph.length_dm.sum() / 10 == pytest.approx(140.6, abs=0.2)  # the longer side
    assert findings[0].fields == {"km": 0.1, "all_km": 0.2}
    walked, none = build(read_osm(path, profile="walk"))
    assert walked.length_dm.sum() / 10 == pytest.approx(210.9, abs=0.2)
    assert none == ()


def test_a_ferry_takes_the_time_it_states(tmp_path):
    ferry = {"route": "ferry", "motor_vehicle": "yes", "duration": "00:10"}
    ways = [([1, 2], STREET), ([2, 3, 4], ferry), ([4, 5], STREET)]
    graph, _ = build(read_osm(write_osm(tmp_path / "a.osm", LINE, ways)))
    row = int(np.flatnonzero(~graph.stoppable)[0])
    assert graph.forward_ms[row] == pytest.approx(600_000, abs=2)
    assert graph.backward_ms[row] == pytest.approx(600_000, abs=2)


def test_a_one_way_ring_keeps_its_direction(tmp_path):
    nodes = {1: (14.5, 50.9), 2: (14.501, 50.9), 3: (14.501, 50.901), 4: (14.5, 50.901)}
    ring = ([1, 2, 3, 4, 1], {**STREET, "oneway": "-1"})
    graph, _ = build(read_osm(write_osm(tmp_path / "a.osm", nodes, [ring])))
    assert len(graph.tail) == 1
    assert sorted([graph.forward_ms[0] == CLOSED, graph.backward_ms[0] == CLOSED]) == [False, True]


def test_unknown_classes_and_roads_cut_at_the_edge_are_reported(tmp_path):
    ways = [([1, 2, 99, 3, 4], STREET), ([4, 5], {"highway": "hyperloop"}), ([2, 3], STREET)]
    found = read_osm(write_osm(tmp_path / "a.osm", LINE, ways))
    texts = [str(finding) for finding in found.findings]
    assert any("unknown class hyperloop" in text for text in texts)
    assert any("cut at its edge" in text for text in texts)
    assert len(found.tail) == 3


def test_repeated_nodes_make_no_piece(tmp_path):
    found = read_osm(write_osm(tmp_path / "a.osm", LINE, [([1, 1, 2], STREET)]))
    assert len(found.tail) == 1


def test_two_nodes_at_one_spot_still_take_time(tmp_path):
    nodes = {**LINE, 2: LINE[1]}
    graph, _ = build(read_osm(write_osm(tmp_path / "a.osm", nodes, [([1, 2], STREET)])))
    assert graph.forward_ms[0] == 1


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("absent.osm", None, "does not exist"), ("a.osm", b"", "empty"),
        ("a.osm.pbf", b"hello, not a pbf at all", "PBF error"),
        ("a.osm", b"hello", "XML parsing error"), ("a.osm", b"<html></html>", "html"),
        ("a.osm.gz", b"not gzip", "cannot be read"), ("a.txt", b"x", ".osm.pbf"),
        ("a.parquet", b"PAR1", ".osm.pbf"),
    ],
)  # fmt: skip
def test_files_of_another_kind(tmp_path, name, content, why):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileNotUsable, match=why) as caught:
        read_osm(tmp_path / name)
    assert str(tmp_path) not in str(caught.value)


def test_files_cut_in_the_middle(tmp_path):
    whole = write_osm(tmp_path / "a.osm", LINE, [([1, 2], STREET)] * 200).read_bytes()
    (tmp_path / "cut.osm").write_bytes(whole[: len(whole) // 2])
    packed = gzip.compress(whole)
    (tmp_path / "cut.osm.gz").write_bytes(packed[: len(packed) // 2])
    for name in ("cut.osm", "cut.osm.gz"):
        with pytest.raises(FileNotUsable):
            read_osm(tmp_path / name)


@real_data
@pytest.mark.real_data
@pytest.mark.parametrize("name", ["Hoyerswerda.osm.pbf", "krems.osm.gz", "bautzen.osm"])
def test_real_files_cut_in_the_middle(tmp_path, name):
    whole = real(f"osm_samples/{name}").read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileNotUsable):
        read_osm(cut)


def test_a_whole_file_without_roads(tmp_path):
    with pytest.raises(NoRoads, match=r"straight line"):
        read_osm(write_osm(tmp_path / "a.osm", LINE, []))
    houses = write_osm(tmp_path / "b.osm", LINE, [([1, 2, 3, 1], {"building": "yes"})])
    with pytest.raises(NoRoads):
        read_osm(houses)
    path = write_osm(tmp_path / "c.osm", LINE, [([1, 2], {"highway": "footway"})])
    with pytest.raises(NoRoads, match="car"):
        read_osm(path, profile="car")
    assert len(read_osm(path, profile="walk").tail) == 1


def test_roads_that_never_join_both_ways(tmp_path):
    way = ([1, 2, 3], {**STREET, "oneway": "yes"})
    with pytest.raises(NoRoads, match="do not join"):
        build(read_osm(write_osm(tmp_path / "a.osm", LINE, [way])))


def test_progress_is_told(tmp_path):
    told = []
    path = write_osm(tmp_path / "a.osm", LINE, [([1, 2], STREET)])
    build(read_osm(path, progress=lambda *w: told.append(w)), progress=lambda *w: told.append(w))
    assert [step for step, _ in told][:1] == ["Projecting coordinates"]
    assert len(told) >= 3
