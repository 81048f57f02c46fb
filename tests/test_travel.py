"""Ways by road through the whole product: Question → Answer, CLI, links."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kpss_geo import dataset, state, study
from kpss_geo.distance import Reach
from kpss_geo.errors import RoadsDoNotCover, RoadsMissing
from kpss_geo.settings import Settings
from kpss_geo.state import View

from facts import DAY


@pytest.fixture
def folder(tmp_path, data):
    """A data folder whose only road runs straight through the middles of Šluknovsko's obce."""
    points = data.obce.loc[list(data.territories["sluknovsko"].codes), ["x", "y"]].astype(float)
    line = points.sort_values("x").to_numpy()
    lines = [shapely.LineString(pair) for pair in pairwise(line)]
    table = gpd.GeoDataFrame(
        {"TRIDA": ["silnice II. třídy"] * len(lines)}, geometry=lines, crs=5514
    )
    table.to_parquet(tmp_path / "roads.parquet")
    return Settings(geo_data=tmp_path, cache=tmp_path / "cache")


def _ask(data, settings, mode, *, territory="sluknovsko", service="13", reach=None):
    opened = dataset.open_roads(settings, mode)
    roads = None if opened is None else opened[0]
    question = study.ask(
        data, settings, territory_id=territory, service=service, on=DAY, mode=mode,
        roads=roads, reach=reach,
    )  # fmt: skip
    return study.answer(question, data, roads=roads)


def test_by_road_needs_roads(data, settings):
    with pytest.raises(RoadsMissing, match="kpss-geo data roads"):
        _ask(data, settings, "car")


def test_roads_of_another_place_are_refused(data, folder):
    with pytest.raises(RoadsDoNotCover):
        _ask(data, folder, "car", territory="kaplice")


def test_ways_follow_the_road_and_say_so(data, folder):
    straight, car = _ask(data, folder, "straight"), _ask(data, folder, "car")
    assert straight.question.travel.mode == "straight"
    assert "roads.parquet" in car.question.travel.roads
    assert "roads.parquet" in str([note.fields for note in car.notes])
    assert car.totals["people"] == straight.totals["people"] == 10_969
    assert car.totals != straight.totals


def test_people_far_from_any_road_are_unknown_and_counted(data, folder):
    answer = _ask(data, folder, "car", reach=Reach(1, "km"))
    lost = answer.obce[answer.obce["reason"] == "not_near_a_road"]
    totals = answer.totals
    assert totals["covered"] + totals["not_covered"] + totals["unknown"] == totals["people"]
    if len(lost):
        assert any("people" in note.fields for note in answer.notes)


def test_walking_is_slower_than_driving(data, folder):
    car, walk = _ask(data, folder, "car"), _ask(data, folder, "walk")
    both = pd.DataFrame({"car": car.obce["nearest_min"], "walk": walk.obce["nearest_min"]}).dropna()
    assert len(both) > 5
    assert (both["walk"] > both["car"]).all()


def test_real_roads_change_the_answer(real_data, real_folder, tmp_path):
    settings = Settings(geo_data=real_folder, cache=tmp_path)
    straight = _ask(real_data, settings, "straight")
    car = _ask(real_data, settings, "car")
    assert straight.totals["not_covered"] == 1_003
    assert car.totals["not_covered"] == 4_461  # Varnsdorf: the way round the state border
    assert car.obce.loc["562882", "nearest_m"] > 1.4 * straight.obce.loc["562882", "nearest_m"]
    assert sum(car.totals[v] for v in ("covered", "not_covered", "unknown")) == 10_969


def test_prepared_roads_are_opened_again(folder):
    first, _ = dataset.open_roads(folder, "car")
    kept = {path.name: path.stat().st_mtime_ns for path in folder.cache.iterdir()}
    again, _ = dataset.open_roads(folder, "car")
    assert {path.name: path.stat().st_mtime_ns for path in folder.cache.iterdir()} == kept
    np.testing.assert_array_equal(first.graph.node_x, again.graph.node_x)


def test_outline_of_the_reach_by_straight_line_is_a_circle(data, settings):
    answer = _ask(data, settings, "straight", reach=Reach(14, "km"))
    outline = study.reach_outline(answer.question, answer.places.iloc[:1])
    radius = 14_000 / 1.4
    assert outline.area.iloc[0] == pytest.approx(np.pi * radius**2, rel=0.01)
    assert study.reach_outline(answer.question, answer.places.iloc[:0]).empty


def test_outline_of_the_reach_by_road_holds_those_within(data, folder):
    answer = _ask(data, folder, "car", reach=Reach(10, "min"))
    roads, _ = dataset.open_roads(folder, "car")
    outline = study.reach_outline(answer.question, answer.places, roads=roads)
    covered = answer.obce.index[answer.obce["covered"] == answer.obce["people"]]
    points = shapely.points(data.obce.loc[covered, ["x", "y"]].to_numpy(dtype=float))
    assert len(covered)
    assert shapely.intersects(outline.iloc[0], points).mean() > 0.9


def test_way_of_travel_in_a_link(data):
    view, bad = state.read_view({"cesta": "autem"}, data)
    assert (view.travel, bad) == ("car", [])
    assert View(travel="walk").params() == {"cesta": "pesky"}
    assert state.read_view({"cesta": "letadlem"}, data)[1] == ["cesta"]


def _run(folder, *arguments):
    environment = {"KPSS_GEO_DATA": str(folder), "KPSS_CACHE": str(folder / "cache")}
    return subprocess.run(
        [sys.executable, "-c", "from kpss_geo.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, **environment, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_command_line_by_car(folder):
    options = ("coverage", "sluknovsko", "--service", "13", "--travel", "car", "--format", "json")
    done = _run(folder.geo_data, *options)
    records = json.loads(done.stdout)
    assert len(records) == 18
    assert {row["travel"] for row in records} == {"car"}
    assert "roads.parquet" in done.stderr


def test_command_line_without_roads(tmp_path):
    done = _run(tmp_path, "coverage", "sluknovsko", "--travel", "car")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_roads_are_taken_over(folder, tmp_path_factory):
    new = tmp_path_factory.mktemp("new")
    done = _run(new, "data", "roads", str(folder.geo_data / "roads.parquet"))
    assert done.returncode == 0, done.stderr
    assert "autem" in done.stdout
    assert (new / "roads.parquet").is_file()


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.txt", b"x"), ("x.osm.pbf", b"nonsense"), ("x.parquet", b"PAR1"), ("x.osm", b"")],
)
def test_files_that_hold_no_roads(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    done = _run(tmp_path / "d", "data", "roads", str(tmp_path / name))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert name.split(".")[1] in done.stderr
