"""A whole territory from the stand-ins: fetched, usable, its age told, its news told."""

import json
import shutil
import threading
from dataclasses import replace
from datetime import date

import filelock
import geopandas as gpd
import pandas as pd
import pytest
from official.forms import register
from official.office import gives, web_page
from official.office import status as answers

from kpss_geo import cli, dataset, settings, study
from kpss_geo.errors import BadOption, FetchRuns, FileNotUsable
from kpss_geo.official import fetch_territory, status
from kpss_geo.official.news import boundary_news, people_news
from kpss_geo.schema import AGE_BANDS
from kpss_geo.settings import Settings
from kpss_geo.sources.fetch import catalogue
from kpss_geo.sources.fetch.manifest import now

from facts import DAY

SLUKNOVSKO = "sluknovsko"


@pytest.fixture(scope="module")
def place(data):
    return data.territories[SLUKNOVSKO]


@pytest.fixture(scope="module")
def fetched_folder(_open_offices, place, tmp_path_factory):
    """A data folder as one fetch leaves it; tests copy it and go on from there."""
    folder = tmp_path_factory.mktemp("fetched")
    _open_offices.office.mend()
    report = fetch_territory(place, settings=_open_offices.office.settings(folder))
    assert report.failed == ()
    return folder


@pytest.fixture
def fetched(offices, fetched_folder, tmp_path) -> Settings:
    shutil.copytree(fetched_folder, tmp_path, dirs_exist_ok=True)
    return offices.office.settings(tmp_path)


def _states(report):
    return {outcome.source.id: outcome.state for outcome in report.outcomes}


class TestFetchTerritory:
    def test_an_empty_folder_becomes_a_usable_one(self, place, fetched):
        read = dataset.load(fetched)
        assert [
            str(f) for f in read.findings if f.file in ("boundaries.parquet", "population.csv")
        ] == []
        assert dataset.has_boundaries(place.codes, read)
        people = read.population.loc[list(place.codes)].sum().sum()
        assert people == 52_318 + 3 * len(place.codes)  # the stand-in adds one to each age group
        sources = {source.id: source for source in read.sources}
        assert sources["population"].as_of == "2025-12-31"
        assert "Český statistický úřad" in sources["population"].short
        assert "estimate" in sources["population"].not_for
        assert sources["boundaries"].source == "© ČÚZK, RÚIAN, CC BY 4.0"
        assert dataset.find_roads(fetched).name == "roads.osm.pbf"
        assert not list(fetched.geo_data.rglob("*.part"))

    def test_the_product_answers_with_it(self, fetched):
        pytest.importorskip("osmium")
        read = dataset.load(fetched)
        opened = dataset.open_roads(fetched, "car")
        question = study.ask(
            read, fetched, territory_id=SLUKNOVSKO, service="13", target="seniori", on=DAY,
            mode="car", roads=opened[0],
        )  # fmt: skip
        answer = study.answer(question, read, roads=opened[0])
        assert sum(answer.totals.values()) >= 10_969

    def test_every_source_is_in_the_report_once(self, offices, place, tmp_path):
        chosen = ["boundaries", "timetables"]
        report = fetch_territory(place, settings=offices.office.settings(tmp_path), only=chosen)
        assert _states(report) == {"boundaries": "done", "timetables": "none"}
        assert report.obce == len(offices.world.obce)
        assert {request.path for request in offices.office.log} == {"/ruian/12/query"}

    def test_address_points_are_asked_for(self, offices, place, tmp_path):
        few = replace(place, codes=("562777",))
        near = offices.office.settings(tmp_path, surroundings_km=3.0)
        report = fetch_territory(few, settings=near, only=["parts"], addresses=True)
        assert list(_states(report)) == ["parts", "addresses"]
        assert (near.geo_data / "addresses/562777.parquet").is_file()

    def test_progress_is_told(self, offices, place, tmp_path):
        told = []
        here = offices.office.settings(tmp_path)
        fetch_territory(
            place, settings=here, only=["boundaries"], progress=lambda *s: told.append(s)
        )
        assert told[0][1:] == (0, 71)
        assert told[-1][1:] == (71, 71)
        assert {step for step, _, _ in told} == {catalogue.BOUNDARIES.title}


class TestOneSourceDown:
    @pytest.mark.parametrize(
        ("path", "down"),
        [("/ruian/11", "parts"), ("/csu/130149", "people"), ("/od/", "register"),
         ("/geofabrik", "roads")],
    )  # fmt: skip
    def test_the_rest_goes_on(self, offices, place, tmp_path, path, down):
        offices.office.spoil(path, answers(500), forever=True)
        here = offices.office.settings(tmp_path, fetch_tries=1)
        only = {"boundaries", down}
        report = fetch_territory(place, settings=here, only=only)
        assert _states(report) == {"boundaries": "done", down: "failed"}
        failed = report.failed[0]
        assert failed.source.title in str(failed.error)
        assert failed.older == ""
        read = dataset.load(here)
        assert dataset.has_boundaries(place.codes, read)
        assert not [
            f for f in read.findings if f.severity == "error" and f.file == "population.csv"
        ]

    def test_data_fetched_before_stay_and_their_age_is_told(self, offices, place, fetched):
        offices.office.spoil("/od/", web_page(), forever=True)
        before = dataset.load(fetched).register
        report = fetch_territory(place, settings=fetched, only=["register"])
        assert report.failed[0].older == "2026-08-31"
        assert dataset.load(fetched).register.services.equals(before.services)

    def test_when_ruian_is_down_gisco_fills_what_is_missing(self, offices, place, tmp_path):
        offices.office.spoil("/ruian/12", answers(503), forever=True)
        here = offices.office.settings(tmp_path, fetch_tries=1)
        report = fetch_territory(place, settings=here, only=["boundaries"])
        outcome = report.outcomes[0]
        assert outcome.state == "done"
        texts = [str(finding) for finding in outcome.fetched.findings]
        assert any("RÚIAN" in text and "HTTP 503" in text for text in texts)
        assert any("coarse" in text for text in texts)
        assert outcome.fetched.manifests[0].source == "gisco"
        assert dataset.has_boundaries(place.codes, dataset.load(here))
        offices.office.mend()
        fetch_territory(place, settings=here, only=["boundaries"])
        table = gpd.read_parquet(here.geo_data / "boundaries.parquet")
        assert set(table["source"]) == {"boundaries"}  # the fine ones take the place of the coarse

    def test_when_both_are_down_the_older_boundaries_stay(self, offices, place, fetched):
        offices.office.spoil("/ruian/12", answers(503), forever=True)
        offices.office.spoil("/gisco", answers(503), forever=True)
        report = fetch_territory(
            place, settings=fetched.model_copy(update={"fetch_tries": 1}), only=["boundaries"]
        )
        assert _states(report) == {"boundaries": "failed"}
        assert report.failed[0].older == now().date().isoformat()
        assert "RÚIAN" in str(report.failed[0].error)

    def test_everything_down_is_a_report_not_a_crash(self, place, tmp_path, office):
        nowhere = office.settings(tmp_path, fetch_tries=1)
        report = fetch_territory(place, settings=nowhere)
        assert set(_states(report).values()) == {"failed", "none"}
        assert dataset.load(nowhere).boundaries is None

    def test_own_files_are_kept_and_said_so(self, offices, place, tmp_path):
        here = offices.office.settings(tmp_path)
        here.geo_data.mkdir()
        shipped = settings.shipped_root() / "geodata" / "population.csv"
        shutil.copyfile(shipped, here.geo_data / "population.csv")
        report = fetch_territory(place, settings=here, only=["people"])
        assert _states(report) == {"people": "kept"}
        assert (here.geo_data / "population.csv").read_bytes() == shipped.read_bytes()
        report = fetch_territory(place, settings=here, only=["people"], replace_own=True)
        assert _states(report) == {"people": "done"}


class TestFolder:
    def test_one_fetch_at_a_time(self, offices, place, tmp_path):
        here = offices.office.settings(tmp_path)
        here.geo_data.mkdir()
        with filelock.FileLock(here.geo_data / ".fetch.lock"), pytest.raises(FetchRuns):
            fetch_in_thread(place, here)
        assert _states(fetch_territory(place, settings=here, only=["timetables"]))

    def test_a_folder_that_cannot_be(self, offices, place, tmp_path):
        (tmp_path / "data").write_text("a file", encoding="utf-8")
        with pytest.raises(FileNotUsable):
            fetch_territory(place, settings=offices.office.settings(tmp_path))

    def test_a_source_that_there_is_not(self, offices, place, tmp_path):
        with pytest.raises(BadOption, match="boundaries, parts, people"):
            fetch_territory(place, settings=offices.office.settings(tmp_path), only=["weather"])
        assert offices.office.log == []


def fetch_in_thread(place, here):
    caught = []

    def run():
        try:
            fetch_territory(place, settings=here, only=["timetables"])
        except FetchRuns as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


class TestStatus:
    def test_an_empty_folder(self, settings):
        rows = status(settings)
        assert [row.source.id for row in rows] == list(catalogue.CHOOSABLE)
        assert {row.state for row in rows} == {"absent"}
        assert all(row.age_days is None and not row.stale for row in rows)

    def test_age_and_staleness(self, fetched):
        register = {row.source.id: row for row in status(fetched, today=date(2026, 10, 14))}[
            "register"
        ]
        assert (register.age_days, register.stale) == (44, False)
        later = {row.source.id: row for row in status(fetched, today=date(2026, 10, 15))}
        assert (later["register"].age_days, later["register"].stale) == (45, True)
        assert later["people"].as_of == "2025-12-31"
        assert not later["people"].stale
        assert {row.state for row in later.values()} == {"fetched", "absent"}
        assert later["people"].rows == 12_516

    def test_timetables_hold_until_their_last_day(self, offices, tmp_path, data):
        here = offices.office.settings(tmp_path)
        fetch_territory(data.territories["jihomoravsky"], settings=here, only=["timetables"])
        stale = [
            {row.source.id: row for row in status(here, today=day)}["timetables"].stale
            for day in (date(2026, 12, 13), date(2026, 12, 14))
        ]
        assert stale == [False, True]

    def test_a_file_changed_by_hand_is_the_offices_own(self, fetched):
        with (fetched.geo_data / "population.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
        rows = {row.source.id: row for row in status(fetched)}
        assert rows["people"].state == "own"
        assert rows["boundaries"].state == "fetched"
        sources = {source.id: source for source in dataset.load(fetched).sources}
        assert sources["population"].short == "population.csv"

    def test_a_register_taken_over_by_hand_has_its_day(self, fetched):
        (fetched.geo_data / "register/manifest.json.manifest.json").unlink()
        row = {row.source.id: row for row in status(fetched, today=date(2026, 9, 30))}["register"]
        assert (row.state, row.as_of, row.age_days) == ("own", "2026-08-31", 30)

    def test_a_damaged_manifest_is_as_none(self, fetched):
        (fetched.geo_data / "population.csv.manifest.json").write_text("{", encoding="utf-8")
        assert {row.source.id: row for row in status(fetched)}["people"].state == "own"


class TestNews:
    def test_nothing_new_says_nothing(self, place, fetched):
        report = fetch_territory(place, settings=fetched, only=["boundaries", "people"])
        assert [outcome.news for outcome in report.outcomes] == [(), ()]
        assert _states(report)["people"] == "unchanged"

    def test_people_who_came_and_obce_that_are_no_more(self):
        before = pd.Series({"1": 100, "2": 50, "3": 7})
        after = pd.Series({"1": 90, "2": 50, "4": 8})
        news = people_news(before, after, names={"1": "Alfa"}, inside=["1", "2", "3"])
        assert [str(change) for change in news] == [
            "4 is a new obec (8 people).",
            "3 is no obec any more (7 people before).",
            "The territory had 150 people and has 140.",
            "Alfa had 100 people and has 90.",
        ]

    def test_a_boundary_that_moved(self, offices, place, fetched):
        def shrunk(answer):
            body = answer.body.decode()
            first = body.index('"coordinates": [[[') + len('"coordinates": [[[')
            end = body.index(",", first)
            x = float(body[first:end])
            return replace(answer, body=body.replace(body[first:end], str(x - 500)).encode())

        offices.office.spoil("/ruian/12", shrunk)
        report = fetch_territory(place, settings=fetched, only=["boundaries"])
        assert [change.kind for change in report.outcomes[0].news] == ["boundary"]
        assert "differs from the last one in" in str(report.outcomes[0].news[0])

    def test_another_source_is_no_news(self, fetched):
        table = gpd.read_parquet(fetched.geo_data / "boundaries.parquet").set_index("code")
        moved = table.set_geometry(table.geometry.translate(500))
        assert len(boundary_news(table, moved, names={})) == len(table)
        assert boundary_news(table, moved.assign(source="gisco"), names={}) == ()


class TestRegister:
    def test_the_register_is_taken_over(self, fetched):
        read = dataset.load(fetched)
        shipped = pd.read_csv(
            settings.shipped_root() / "geodata" / "register.csv", dtype=str, keep_default_na=False
        )
        assert (
            len(read.register.services) == shipped.query("source == 'MPSV'")["service_id"].nunique()
        )
        sources = {source.id: source for source in read.sources}
        assert sources["register"].as_of == "2026-08-31"

    def test_names_of_people_never_reach_the_data_folder(self, fetched):
        assert "Vymyšlený" in (fetched.cache / "official/rpss.json").read_text(encoding="utf-8")
        for path in (fetched.geo_data / "register").glob("*.parquet"):
            table = pd.read_parquet(path).astype(str)
            found = table.apply(lambda column: column.str.contains("Vymyšlený"))
            assert not found.any(axis=None)
        plain = [p for p in fetched.geo_data.rglob("*") if p.suffix in (".csv", ".json")]
        assert plain
        assert all("Vymyšlený" not in path.read_text(encoding="utf-8") for path in plain)

    def test_what_is_new_in_the_territory_is_told(self, offices, place, fetched):
        records = json.loads(register())["polozky"]
        here = [r for r in records if _codes(r) & set(place.codes) and len(r["zarizeni"]) == 1]
        away = [r for r in records if not _codes(r) & set(offices.world.obce.index)]
        ended, moved, larger, gone = here[:4]
        ended["datumPoskytovaniDo"] = "2026-09-30"
        moved["zarizeni"][0]["adresa"] |= {"kodAdresnihoMista": 1, "cisloDomovni": 9999}
        larger["formy"][0]["kapacity"][0]["pocet"] += 5
        away[0]["datumPoskytovaniDo"] = "2026-09-30"
        records.remove(gone)
        body = json.dumps({"polozky": records}, ensure_ascii=False).encode()
        offices.office.spoil("/od/soubory/rpss", gives(body))
        outcome = fetch_territory(place, settings=fetched, only=["register"]).outcomes[0]
        told = {change.key: str(change.fields["what"]) for change in outcome.news}
        key = {name: f"mpsv-{r['portalId']}" for name, r in zip("emlg", here, strict=False)}
        assert told[key["e"]] == "ended, or its end is set"
        assert told[key["m"]] == "moved"
        assert told[key["l"]] == "capacity changed"
        assert told[key["g"]] == "no longer in the register"
        assert len(told) == 4

    def test_a_take_over_that_was_missed_is_made_up_for(self, offices, place, fetched, monkeypatch):
        newer = json.dumps({"polozky": json.loads(register())["polozky"][:-1]}).encode()
        offices.office.spoil("/od/soubory/rpss", gives(newer))
        with monkeypatch.context() as patch:
            patch.setattr("kpss_geo.official.register_step.take_register", _stopped)
            with pytest.raises(KeyboardInterrupt):
                fetch_territory(place, settings=fetched, only=["register"])
        offices.office.spoil("/od/soubory/rpss", gives(newer))
        fetch_territory(place, settings=fetched, only=["register"])
        assert len(dataset.load(fetched).register.services) == 463

    def test_an_own_extract_stays(self, offices, place, tmp_path):
        here = offices.office.settings(tmp_path)
        here.geo_data.mkdir()
        (here.geo_data / "register.csv").write_text("ours", encoding="utf-8")
        report = fetch_territory(place, settings=here, only=["register"])
        assert _states(report) == {"register": "kept"}
        assert offices.office.log == []


def _codes(record):
    obce = (facility["adresa"]["obec"]["id"] for facility in record["zarizeni"])
    return {code.removeprefix("Obec/") for code in obce}


def _stopped(*_, **__):
    raise KeyboardInterrupt


class TestCommands:
    @pytest.fixture
    def run(self, offices, tmp_path, monkeypatch, capsys):
        here = offices.office.settings(tmp_path)

        def call(*arguments):
            monkeypatch.setattr(settings, "current", lambda: here)
            with pytest.raises(SystemExit) as stop:
                cli.main(["data", *arguments])
            captured = capsys.readouterr()
            return stop.value.code, captured.out, captured.err

        return call

    def test_fetch_and_status(self, run):
        code, out, err = run("fetch", SLUKNOVSKO, "--only", "boundaries", "--only", "people")
        assert code == 0
        assert "Šluknovsko: 71 obcí i s okolím" in out
        assert "boundaries.parquet" in out
        assert "CC BY 4.0" in err
        code, out, err = run("status")
        assert code == 0
        assert "population.csv" in out
        assert "© ČÚZK, RÚIAN, CC BY 4.0" in err

    def test_a_failure_is_told_with_what_still_works(self, run, offices):
        offices.office.spoil("/od/", gives(b"<html>"), forever=True)
        code, out, _ = run("fetch", SLUKNOVSKO, "--only", "register", "--only", "timetables")
        assert code == 1
        assert "webová stránka" in out
        assert "Služby" in out

    def test_an_unknown_territory_or_source(self, run):
        assert run("fetch", "sluknofsko")[0] == 2
        assert run("fetch", SLUKNOVSKO, "--only", "pocasi")[0] == 2


def test_bands_of_the_composed_table_are_those_of_the_product(fetched):
    table = pd.read_csv(fetched.geo_data / "population.csv", dtype=str, nrows=3)
    assert list(table.columns) == ["code", "sex", *AGE_BANDS]
