import geopandas as gpd
import numpy as np
import pytest
import shapely
from roads_made import real, real_data, table

from kpss_geo import network
from kpss_geo.errors import (
    CrsDisagrees,
    FileNotUsable,
    MissingColumns,
    MissingCrs,
    NoRoads,
    WrongGeometryKind,
)
from kpss_geo.network.graph import build
from kpss_geo.sources.roads_table import CLASS_KMH, OTHER_KMH, read_roads_table

X0, Y0 = -720_000.0, -950_000.0


def write(path, lines, classes, *, crs=5514):
    shapes = [line and shapely.LineString(np.add(line, (X0, Y0))) for line in lines]
    gpd.GeoDataFrame({"TRIDA": classes}, geometry=shapes, crs=crs).to_parquet(path)
    return path


CROSS = [[(0, 0), (500, 0), (1000, 0)], [(1000, 0), (2000, 0)], [(500, -500), (500, 500)]]
THREE = ["silnice I. třídy", "silnice II. třídy", "silnice III. třídy"]


def test_lines_join_at_ends_only(tmp_path):
    found = read_roads_table(write(tmp_path / "r.parquet", CROSS, THREE))
    assert len(found.tail) == 4
    graph, findings = build(found)
    # The third line crosses the first between its ends: a bridge, so it is an island.
    assert graph.length_dm.sum() == 20_000
    assert [f.fields for f in findings] == [{"km": 1.0, "all_km": 3.0}]


def test_the_class_gives_the_speed(tmp_path):
    found = read_roads_table(write(tmp_path / "r.parquet", CROSS, THREE))
    assert list(found.forward_kmh) == [70, 70, 60, 50]
    assert list(found.backward_kmh) == [70, 70, 60, 50]
    own = read_roads_table(tmp_path / "r.parquet", class_kmh=dict.fromkeys(THREE, 36.0))
    assert set(own.forward_kmh) == {36.0}


def test_an_unknown_class_is_driven_and_named(tmp_path):
    path = write(tmp_path / "r.parquet", CROSS, ["?", "silnice I. třídy", None])
    found = read_roads_table(path)
    assert found.forward_kmh[0] == OTHER_KMH
    assert any("unknown class ?" in str(f) for f in found.findings)


def test_nobody_walks_or_stops_on_a_motorway(tmp_path):
    path = write(tmp_path / "r.parquet", CROSS, ["dálnice", *THREE[:2]])
    driven = read_roads_table(path)
    assert list(driven.stoppable) == [False, False, True, True]
    walked = read_roads_table(path, profile="walk")
    assert len(walked.tail) == 2


def test_rows_without_length_are_left_out_and_named(tmp_path):
    lines = [*CROSS, [(5, 5), (5, 5)], None]
    path = write(tmp_path / "r.parquet", lines, [*THREE, THREE[0], THREE[0]])
    found = read_roads_table(path)
    assert [f.row for f in found.findings] == [5, 6]
    assert len(found.tail) == 4


def test_ends_a_few_centimetres_apart_are_one_junction(tmp_path):
    lines = [[(0, 0), (1000, 0)], [(1000.2, 0.1), (2000, 0)]]
    graph, findings = build(read_roads_table(write(tmp_path / "r.parquet", lines, THREE[:2])))
    assert findings == ()
    assert graph.length_dm.sum() / 10 == pytest.approx(2000, abs=1)


def test_tables_that_cannot_be_used(tmp_path):
    path = tmp_path / "r.parquet"
    with pytest.raises(FileNotUsable, match="does not exist"):
        read_roads_table(path)
    path.write_bytes(b"")
    with pytest.raises(FileNotUsable, match="empty"):
        read_roads_table(path)
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FileNotUsable):
        read_roads_table(path)
    write(path, CROSS, THREE)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileNotUsable):
        read_roads_table(path)
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=5514).to_parquet(path)
    with pytest.raises(MissingColumns, match="TRIDA"):
        read_roads_table(path)
    with pytest.raises(MissingCrs):
        read_roads_table(write(path, CROSS, THREE, crs=None))
    with pytest.raises(CrsDisagrees):
        read_roads_table(write(path, CROSS, THREE, crs=4326))
    with pytest.raises(NoRoads, match="no row holds a line"):
        read_roads_table(write(path, [None], THREE[:1]))


def test_points_instead_of_lines(tmp_path):
    points = gpd.GeoDataFrame({"TRIDA": ["a"]}, geometry=[shapely.Point(X0, Y0)], crs=5514)
    points.to_parquet(tmp_path / "r.parquet")
    with pytest.raises(WrongGeometryKind, match="row 2"):
        read_roads_table(tmp_path / "r.parquet")


@real_data
@pytest.mark.real_data
def test_rumburk_decin_is_39_2_km():
    """Shortest way between the line ends nearest to both reference points, 254 and 569 m away.

    All classes at one speed make the fastest way the shortest. The ends are given as
    points, so that the access legs are 0.
    """
    alike = dict.fromkeys(CLASS_KMH, 60.0)
    graph, _ = build(read_roads_table(real("roads_generalised.parquet"), class_kmh=alike))
    lines = gpd.read_parquet(real("roads_generalised.parquet")).geometry
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, k)) for k in (0, -1)])
    towns = gpd.read_parquet(real("municipality_points.parquet")).set_index("code").geometry
    near = []
    for code in ("562777", "562335"):  # Rumburk, Děčín
        gap = np.hypot(*(ends - shapely.get_coordinates(towns[code])[0]).T)
        near.append(ends[gap.argmin()])
    roads = network.prepare(graph)
    for start, goal in (near, near[::-1]):
        found = network.nearest(table([start]), table([goal]), roads=roads)
        assert found["metres"].iloc[0] == pytest.approx(39_241, abs=3)
