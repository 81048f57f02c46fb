"""The register, road extracts and timetables: kept as they come, only when they are whole."""

import json
from dataclasses import replace

import numpy as np
import pytest
from official.forms import register, zipped
from official.office import cut, declares, gives, status, web_page

from kpss_geo.errors import (
    AnswerNotUsable,
    DownloadFailed,
    DownloadTooLarge,
    OwnFileKept,
    SourceFormChanged,
)
from kpss_geo.network import build
from kpss_geo.sources.fetch.geofabrik_roads import EXTRACTS, extracts_of, fetch_roads
from kpss_geo.sources.fetch.gtfs_timetables import fetch_timetables
from kpss_geo.sources.fetch.line import Job, open_line
from kpss_geo.sources.fetch.manifest import day_of, read_manifest, was_fetched
from kpss_geo.sources.fetch.mpsv_register import CODE_LISTS, fetch_register


@pytest.fixture
def job(offices, tmp_path):
    settings = offices.office.settings(tmp_path)
    with open_line(settings) as line:
        yield Job(line, settings.geo_data, settings.cache)


class TestRegister:
    def test_the_file_and_its_lists(self, job):
        fetched = fetch_register(job)
        path = job.cache / "rpss.json"
        assert path.read_bytes() == register()
        records = json.loads(path.read_bytes())["polozky"]
        manifest = read_manifest(path)
        assert manifest.rows == len(records) == 464
        assert manifest.as_of == "2026-08-31"  # when the server says it last changed
        assert manifest.bytes == path.stat().st_size
        assert was_fetched(path)
        assert len(fetched.manifests) == 1 + len(CODE_LISTS)
        types = json.loads((job.cache / "code_lists/druhy-socialni-sluzby.json").read_bytes())
        assert {"id": "DruhSocialniSluzby/13", "nazev": {"cs": "domovy pro seniory"}} in types[
            "polozky"
        ]

    def test_a_cut_transfer_goes_on(self, offices, job):
        offices.office.spoil("/od/soubory/rpss", cut(400_000))
        fetch_register(job)
        assert (job.cache / "rpss.json").read_bytes() == register()
        assert len(offices.office.asked("/od/soubory/rpss")) == 2

    def test_the_same_register_is_not_sent_twice(self, job):
        fetch_register(job)
        first = read_manifest(job.cache / "rpss.json")
        fetched = fetch_register(job)
        assert fetched.unchanged
        assert fetched.manifests[0].model_copy(update={"fetched": first.fetched}) == first

    def test_a_newer_register_takes_the_place_of_the_old_one(self, offices, job):
        fetch_register(job)
        newer = json.dumps({"polozky": json.loads(register())["polozky"][:-1]}).encode()
        offices.office.spoil("/od/soubory/rpss", gives(newer))
        assert not fetch_register(job).unchanged
        assert (job.cache / "rpss.json").read_bytes() == newer

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (gives(register()[:300_000]), AnswerNotUsable),
            (gives(register()[:300_000] + b"}"), AnswerNotUsable),
            (gives(b'{"polozky": []}'), AnswerNotUsable),
            (gives(b'{"polozky": {}}'), SourceFormChanged),
            (gives(b'{"items": [1]}'), SourceFormChanged),
            (gives(b"[1]"), SourceFormChanged),
            (gives(b'{"polozky": [' + b"[" * 200_000 + b"]}"), AnswerNotUsable),
            (gives(b'{"polozky": [{"a": 1}]}'), AnswerNotUsable),  # far less than before
            (web_page(), AnswerNotUsable),
            (web_page("application/json"), AnswerNotUsable),
            (status(503), DownloadFailed),
            (declares(10_000_000_000), DownloadTooLarge),
        ],
    )
    def test_nothing_takes_the_place_of_a_good_register(self, offices, job, fault, error):
        fetch_register(job)
        before = {p: p.read_bytes() for p in job.cache.rglob("*") if p.is_file()}
        offices.office.spoil("/od/soubory/rpss", fault, forever=True)
        with pytest.raises(error, match="Register of providers"):
            fetch_register(job)
        assert {p: p.read_bytes() for p in job.cache.rglob("*") if p.is_file()} == before

    def test_far_fewer_records_are_taken_when_asked_to(self, offices, job):
        fetch_register(job)
        offices.office.spoil("/od/soubory/rpss", gives(b'{"polozky": [{"a": 1}]}'))
        fetch_register(replace(job, replace_own=True))
        assert read_manifest(job.cache / "rpss.json").rows == 1

    def test_a_list_that_fails_does_not_stop_the_register(self, offices, job):
        offices.office.spoil("/od/soubory/ciselniky/kraje", status(404), forever=True)
        fetched = fetch_register(job)
        assert len(fetched.manifests) == len(CODE_LISTS)
        assert [finding.file for finding in fetched.findings] == ["kraje.json"]


osmium = pytest.importorskip("osmium")


class TestRoads:
    def test_every_kraj_has_an_extract(self, data):
        assert set(EXTRACTS) == set(data.obce["region_code"])
        assert extracts_of(["CZ080"]) == ["moravskoslezky"]
        assert extracts_of(["CZ010"]) == ["praha"]

    def test_roads_go_on_across_the_border_of_kraje(self, offices, job):
        fetch_roads(["CZ042", "CZ051"], job)
        from kpss_geo.sources.osm import read_osm

        joined, _ = build(read_osm(job.folder / "roads.osm.pbf"))
        alone = [
            build(read_osm(job.folder / f"roads-{n}.osm.pbf"))[0] for n in ("liberecky", "ustecky")
        ]
        km = [float(graph.length_dm.sum()) / 10_000 for graph in (joined, *alone)]
        assert max(km[1:]) < km[0] < km[1] + km[2]  # what both have is there once
        points, pieces = offices.world.roads("CZ042")
        more = offices.world.roads("CZ051")
        at = {**points, **more[0]}
        straight = [np.hypot(*np.subtract(at[a], at[b])) for a, b in {*pieces, *more[1]}]
        assert km[0] == pytest.approx(sum(straight) / 1000, rel=0.002)

    def test_other_things_on_the_map_are_left_out(self, offices, job, tmp_path):
        path = tmp_path / "house.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for n in range(1, 7):
                writer.add_node(
                    osmium.osm.mutable.Node(id=n, version=1, location=(14.5 + n / 1000, 51))
                )
            for n, tags in ((1, {"building": "yes"}), (2, {"highway": "residential"})):
                nodes = [1, 2, 3, 1] if n == 1 else [4, 5, 6]
                writer.add_way(osmium.osm.mutable.Way(id=n, version=1, nodes=nodes, tags=tags))
        offices.office.spoil(
            "/geofabrik/ustecky-latest.osm.pbf", gives(path.read_bytes()), status(404)
        )
        fetch_roads(["CZ042"], job)
        kept = [thing.id for thing in osmium.FileProcessor(str(job.folder / "roads.osm.pbf"))]
        assert kept == [4, 5, 6, 2]

    def test_the_day_is_that_of_the_extract(self, job):
        fetch_roads(["CZ042"], job)
        assert read_manifest(job.folder / "roads.osm.pbf").as_of == "2026-11-01"

    def test_a_wrong_check_sum_is_refused(self, offices, job):
        offices.office.spoil("/geofabrik/ustecky-latest.osm.pbf.md5", gives(b"0" * 32 + b"  x"))
        with pytest.raises(AnswerNotUsable, match="check sum"):
            fetch_roads(["CZ042"], job)
        assert not list(job.folder.glob("*"))

    def test_without_a_stated_check_sum_it_is_taken(self, offices, job):
        offices.office.spoil("/geofabrik/ustecky-latest.osm.pbf.md5", status(404), forever=True)
        fetch_roads(["CZ042"], job)
        assert was_fetched(job.folder / "roads-ustecky.osm.pbf")

    def test_one_kraj_that_fails_does_not_stop_the_other(self, offices, job):
        offices.office.spoil("/geofabrik/liberecky", status(500), forever=True)
        fetched = fetch_roads(["CZ042", "CZ051"], job)
        assert [m.file for m in fetched.manifests] == ["roads.osm.pbf", "roads-ustecky.osm.pbf"]
        assert [finding.file for finding in fetched.findings] == ["roads-liberecky.osm.pbf"]

    @pytest.mark.parametrize("body", [b"\x00\x00\x00\rOSMHeader" + b"\xff" * 500, b"<html>", b"x"])
    def test_what_is_no_extract(self, offices, job, body):
        offices.office.spoil("/geofabrik/ustecky-latest.osm.pbf", gives(body), status(404))
        with pytest.raises(AnswerNotUsable):
            fetch_roads(["CZ042"], job)
        assert not (job.folder / "roads.osm.pbf").exists()

    def test_own_roads_stay(self, job):
        job.folder.mkdir()
        (job.folder / "roads.osm.pbf").write_bytes(b"ours")
        with pytest.raises(OwnFileKept):
            fetch_roads(["CZ042"], job)
        assert (job.folder / "roads.osm.pbf").read_bytes() == b"ours"

    def test_a_join_that_was_missed_is_made_up_for(self, offices, job):
        fetch_roads(["CZ042"], job)
        before = (job.folder / "roads.osm.pbf").read_bytes()
        offices.office.log.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kpss_geo.sources.fetch.geofabrik_roads.join_extracts", _stopped)
            with pytest.raises(KeyboardInterrupt):
                fetch_roads(["CZ042", "CZ051"], job)
        assert (job.folder / "roads.osm.pbf").read_bytes() == before
        fetch_roads(["CZ042", "CZ051"], job)
        assert len((job.folder / "roads.osm.pbf").read_bytes()) > len(before)

    def test_nothing_is_joined_anew_when_nothing_is_new(self, job):
        fetch_roads(["CZ042"], job)
        before = (job.folder / "roads.osm.pbf").stat().st_mtime_ns
        assert fetch_roads(["CZ042"], job).unchanged
        assert (job.folder / "roads.osm.pbf").stat().st_mtime_ns == before


def _stopped(*_, **__):
    raise KeyboardInterrupt


class TestTimetables:
    def test_only_feeds_that_serve_the_kraj(self, job):
        assert fetch_timetables(["CZ042"], job).manifests == ()
        fetched = fetch_timetables(["CZ064"], job)
        assert [m.file for m in fetched.manifests] == ["gtfs-kordis.zip"]
        manifest = fetched.manifests[0]
        assert manifest.rows == 5
        assert manifest.valid_to == "2026-12-13"  # a day added; one taken away counts for nothing

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (zipped({"stops.txt": b"stop_id\n1\n"}), SourceFormChanged),
            (zipped({"../stops.txt": b""}), AnswerNotUsable),
            (zipped({"stops.txt": b"a" * 90_000_000}), AnswerNotUsable),
            (b"PK\x03\x04" + b"0" * 1000, AnswerNotUsable),
            (b"stop_id,stop_name", AnswerNotUsable),
        ],
    )
    def test_what_is_no_timetable(self, offices, job, body, error):
        fetch_timetables(["CZ064"], job)
        before = (job.folder / "gtfs-kordis.zip").read_bytes()
        offices.office.spoil("/gtfs", gives(body), forever=True)
        with pytest.raises(error):
            fetch_timetables(["CZ064"], job)
        assert (job.folder / "gtfs-kordis.zip").read_bytes() == before

    def test_one_feed_that_fails_is_named(self, offices, job):
        offices.office.spoil("/gtfs/pid", status(404), forever=True)
        fetched = fetch_timetables(["CZ064", "CZ010"], job)
        assert [m.file for m in fetched.manifests] == ["gtfs-kordis.zip"]
        assert [finding.file for finding in fetched.findings] == ["gtfs-pid.zip"]


def test_days_of_data():
    assert day_of("2026-11").isoformat() == "2026-11-28"
    assert day_of("nonsense") is None
    assert day_of("") is None
