"""RÚIAN and GISCO: paging, long lists, changed forms, other coordinates; earlier data untouched."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from official.forms import ADDRESS_HEADING, EDITION, in_degrees, zipped
from official.office import gives, status, web_page

from kpss_geo.errors import (
    AnswerNotUsable,
    CrsDisagrees,
    DownloadFailed,
    OwnFileKept,
    SourceFormChanged,
    WrongGeometryKind,
)
from kpss_geo.schema import to_metric
from kpss_geo.sources.boundaries import read_boundaries
from kpss_geo.sources.fetch import gisco_boundaries, ruian_addresses
from kpss_geo.sources.fetch.line import Job, open_line
from kpss_geo.sources.fetch.manifest import read_manifest, was_fetched
from kpss_geo.sources.fetch.ruian_addresses import fetch_addresses, newest_day
from kpss_geo.sources.fetch.ruian_boundaries import fetch_boundaries
from kpss_geo.sources.fetch.ruian_parts import fetch_parts

RUMBURK, VARNSDORF = "562777", "562882"
FEW = (RUMBURK, VARNSDORF, "562858")


@pytest.fixture
def job(offices, tmp_path):
    settings = offices.office.settings(tmp_path)
    with open_line(settings) as line:
        yield Job(line, settings.geo_data, settings.cache)


def _changed(change):
    """A fault that lets `change` spoil each feature of the real answer."""

    def fault(answer):
        page = json.loads(answer.body)
        page["features"] = [change(feature) for feature in page["features"]]
        return replace(answer, body=json.dumps(page).encode())

    return fault


class TestBoundaries:
    def test_the_areas_are_those_of_the_source(self, offices, job):
        codes = tuple(offices.world.obce.index)
        fetched = fetch_boundaries(codes, job)
        areas, findings = read_boundaries(job.folder / "boundaries.parquet", known=pd.Index(codes))
        assert findings == []
        assert set(areas.index) == set(codes)
        for code in FEW:
            assert areas[code].symmetric_difference(offices.world.square(code)).area < 1
        manifest = fetched.manifests[0]
        assert (manifest.source, manifest.rows) == ("boundaries", len(codes))
        assert manifest.url.endswith("/ruian/12/query")
        assert manifest.licence == "CC BY 4.0"
        assert was_fetched(job.folder / "boundaries.parquet")

    def test_long_lists_are_asked_in_pieces_and_pages(self, offices, job, monkeypatch):
        monkeypatch.setattr("official.forms.ROWS_OF_A_PAGE", 7)
        codes = tuple(offices.world.obce.index)
        fetch_boundaries(codes, job)
        asked = offices.office.asked("/ruian/12")
        assert len(asked) == -(-len(codes) // 7)
        assert [request.query["resultOffset"] for request in asked[:3]] == ["0", "7", "14"]
        assert all(len(request.target) < 2_048 for request in asked)
        assert all("platido IS NULL" in request.query["where"] for request in asked)
        assert len(gpd.read_parquet(job.folder / "boundaries.parquet")) == len(codes)

    def test_what_is_too_long_for_an_address_is_posted(self, offices, job, monkeypatch):
        monkeypatch.setattr("official.forms.LONGEST_TARGET", 100)
        fetch_boundaries(FEW, job)
        assert [request.method for request in offices.office.asked("/ruian")] == ["GET", "POST"]
        assert len(gpd.read_parquet(job.folder / "boundaries.parquet")) == 3

    def test_the_limit_may_be_told_at_the_top(self, offices, job, monkeypatch):
        monkeypatch.setattr("official.forms.ROWS_OF_A_PAGE", 2)

        def at_the_top(answer):
            page = json.loads(answer.body)
            page["exceededTransferLimit"] = bool(page.pop("properties", None))
            return replace(answer, body=json.dumps(page).encode())

        offices.office.spoil("/ruian", at_the_top, forever=True)
        fetch_boundaries(FEW, job)
        assert len(gpd.read_parquet(job.folder / "boundaries.parquet")) == 3

    def test_a_service_that_pages_in_a_circle_is_stopped(self, offices, job):
        def circle(answer):
            page = json.loads(answer.body) | {"exceededTransferLimit": True}
            return replace(answer, body=json.dumps(page).encode())

        offices.office.spoil("/ruian", circle, forever=True)
        with pytest.raises(AnswerNotUsable, match="pages without end"):
            fetch_boundaries(FEW, job)
        assert len(offices.office.asked("/ruian")) < 5

    def test_degrees_are_recognised(self, offices, job):
        def degrees(feature):
            shape = in_degrees(shapely.geometry.shape(feature["geometry"]))
            return {**feature, "geometry": shapely.geometry.mapping(shape)}

        offices.office.spoil("/ruian", _changed(degrees))
        fetch_boundaries(FEW, job)
        areas = gpd.read_parquet(job.folder / "boundaries.parquet").set_index("code").geometry
        true = offices.world.square(RUMBURK)
        assert areas[RUMBURK].symmetric_difference(true).area / true.area < 0.001

    def test_positive_krovak_is_refused(self, offices, job):
        def positive(feature):
            shape = shapely.geometry.shape(feature["geometry"])
            turned = shapely.transform(shape, lambda p: -p[:, ::-1])
            return {**feature, "geometry": shapely.geometry.mapping(turned)}

        offices.office.spoil("/ruian", _changed(positive))
        with pytest.raises(CrsDisagrees):
            fetch_boundaries(FEW, job)
        assert not (job.folder / "boundaries.parquet").exists()

    def test_points_are_no_areas(self, offices, job):
        point = {"type": "Point", "coordinates": [-720000.0, -950000.0]}
        offices.office.spoil("/ruian", _changed(lambda f: {**f, "geometry": point}))
        with pytest.raises(WrongGeometryKind):
            fetch_boundaries(FEW, job)

    @pytest.mark.parametrize(
        ("change", "error", "said"),
        [
            ({"properties": {"KOD": 1, "nazev": "x"}}, SourceFormChanged, "kod is missing"),
            ({"properties": None}, SourceFormChanged, "kod, nazev"),
            ({"geometry": {"type": "Polygon", "coordinates": 7}}, AnswerNotUsable, "geometry"),
            ({"geometry": {"rings": []}}, AnswerNotUsable, "geometry"),
        ],
    )  # fmt: skip
    def test_a_changed_form_is_named(self, offices, job, change, error, said):
        offices.office.spoil("/ruian", _changed(lambda feature: feature | change))
        with pytest.raises(error, match=said):
            fetch_boundaries(FEW, job)

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (gives(b'{"error": {"code": 500, "message": "Error"}}'), DownloadFailed),
            (gives(b'{"type": "FeatureCollection"}'), SourceFormChanged),
            (gives(b'{"features": [1, 2]}'), SourceFormChanged),
            (gives(b'{"features": [}'), AnswerNotUsable),
            (gives(b"[" * 100_000 + b"]"), AnswerNotUsable),
            (gives(b'{"type": "FeatureCollection", "features": []}'), AnswerNotUsable),
            (web_page(), AnswerNotUsable),
            (status(403), DownloadFailed),
        ],
    )  # fmt: skip
    def test_no_answer_of_use_leaves_what_was_there(self, offices, job, fault, error):
        fetch_boundaries(FEW, job)
        before = (job.folder / "boundaries.parquet").read_bytes()
        offices.office.spoil("/ruian", fault, forever=True)
        with pytest.raises(error, match=r"Obec boundaries \(RÚIAN\)"):
            fetch_boundaries(("562947",), job)
        assert (job.folder / "boundaries.parquet").read_bytes() == before
        assert not list(job.folder.glob("*.part"))

    def test_an_obec_that_is_no_more_is_named(self, job):
        fetched = fetch_boundaries((*FEW, "599999"), job)
        assert len(fetched.findings) == 1
        assert "no boundary in RÚIAN, such as 599999" in str(fetched.findings[0])

    def test_new_areas_join_those_that_are_there(self, job):
        fetch_boundaries(FEW[:2], job)
        first = read_manifest(job.folder / "boundaries.parquet")
        fetch_boundaries(FEW[1:], job)
        table = gpd.read_parquet(job.folder / "boundaries.parquet")
        assert sorted(table["code"]) == sorted(FEW)
        assert table.crs.to_epsg() == 5514
        assert read_manifest(job.folder / "boundaries.parquet").rows == 3 > first.rows

    def test_the_offices_own_file_stays(self, job):
        fetch_boundaries(FEW, job)
        own = job.folder / "boundaries.parquet"
        table = gpd.read_parquet(own)
        table.iloc[:1].to_parquet(own)  # changed by hand since the fetch
        with pytest.raises(OwnFileKept, match=r"boundaries\.parquet .* is kept"):
            fetch_boundaries(FEW, job)
        assert len(gpd.read_parquet(own)) == 1
        fetch_boundaries(FEW[1:], replace(job, replace_own=True))
        assert sorted(gpd.read_parquet(own)["code"]) == sorted(FEW[1:])


class TestGisco:
    def test_only_obce_without_a_boundary_get_the_coarse_one(self, offices, job):
        fetch_boundaries(FEW[:1], job)
        fetched = gisco_boundaries.fetch_boundaries(FEW, job)
        table = gpd.read_parquet(job.folder / "boundaries.parquet").set_index("code")
        assert dict(table["source"]) == {FEW[0]: "boundaries", FEW[1]: "gisco", FEW[2]: "gisco"}
        true = offices.world.square(VARNSDORF)
        assert table.geometry[VARNSDORF].symmetric_difference(true).area / true.area < 0.001
        assert "2 boundaries are those of GISCO, coarse" in str(fetched.findings[-1])
        assert "EuroGeographics" in fetched.manifests[0].attribution

    def test_nothing_is_asked_when_nothing_is_missing(self, offices, job):
        fetch_boundaries(FEW, job)
        assert gisco_boundaries.fetch_boundaries(FEW, job).unchanged
        assert offices.office.asked("/gisco") == []

    def test_a_changed_form(self, offices, job):
        body = b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ID": 1}, "geometry": {"type": "Point", "coordinates": [15, 50]}}]}'  # noqa: E501
        offices.office.spoil("/gisco", gives(body))
        with pytest.raises(SourceFormChanged, match="GISCO_ID"):
            gisco_boundaries.fetch_boundaries(FEW, job)
        assert not list(job.cache.glob("*.geojson"))

    def test_a_file_cut_in_the_middle(self, offices, job):
        offices.office.spoil("/gisco", lambda a: replace(a, body=a.body[: len(a.body) // 2]))
        with pytest.raises(AnswerNotUsable):
            gisco_boundaries.fetch_boundaries(FEW, job)
        assert not job.folder.exists()


class TestParts:
    def test_points_of_parts(self, offices, job):
        fetch_parts(FEW[:1], job)
        fetch_parts(FEW, job)
        table = pd.read_csv(job.folder / "parts.csv", dtype={"code": str, "part_code": str})
        assert list(table.columns) == ["part_code", "name", "code", "x", "y"]
        assert table["part_code"].is_unique
        assert sorted(set(table["code"])) == sorted(FEW)
        centre = offices.world.square(RUMBURK).centroid
        row = table[table["part_code"] == f"{RUMBURK}1"].iloc[0]
        assert (row["name"], row["x"], row["y"]) == ("Rumburk", round(centre.x), round(centre.y))

    def test_degrees_and_points_abroad(self, offices, job):
        def degrees(feature):
            shape = in_degrees(shapely.geometry.shape(feature["geometry"]))
            return {**feature, "geometry": shapely.geometry.mapping(shape)}

        offices.office.spoil("/ruian/11", _changed(degrees))
        fetch_parts(FEW, job)
        table = pd.read_csv(job.folder / "parts.csv", dtype=str).set_index("part_code")
        centre = offices.world.square(RUMBURK).centroid
        assert abs(int(table.at[f"{RUMBURK}1", "x"]) - centre.x) < 2
        abroad = {"type": "Point", "coordinates": [2.0, 48.0]}
        offices.office.spoil("/ruian/11", _changed(lambda f: {**f, "geometry": abroad}))
        with pytest.raises(AnswerNotUsable, match="outside Czechia"):
            fetch_parts(FEW, job)


class TestAddresses:
    def test_addresses_of_an_obec(self, offices, job):
        fetched = fetch_addresses(FEW, job)
        table = pd.read_parquet(job.folder / "addresses" / f"{RUMBURK}.parquet")
        obec = offices.world.obce.loc[RUMBURK]
        assert len(table) == 3
        assert table.loc[0, ["x", "y"]].tolist() == [obec["x"], obec["y"]]
        assert table.loc[0, "street"] == "Žižkova"
        assert table.loc[0, "postcode"] == "40747"
        assert fetched.findings == ()
        manifest = fetched.manifests[0]
        assert manifest.as_of == "2026-10-31"
        assert manifest.rows == 3
        assert len(list((job.folder / "addresses").iterdir())) == 6  # no archive is left

    def test_the_official_example_lies_in_ostrava_region(self, offices, job):
        """479862.17;1133960.17 is 18.19339 E 49.53818 N, as measured with another tool."""
        line = ";".join(["1", RUMBURK, *[""] * 13, "70000", "479862.17", "1133960.17", ""])
        _give_csv(offices, f"{ADDRESS_HEADING}\n{line}\n")
        fetch_addresses((RUMBURK,), job)
        table = pd.read_parquet(job.folder / "addresses" / f"{RUMBURK}.parquet")
        x, y = to_metric(np.array([18.19339]), np.array([49.53818]))
        assert table.loc[0, "x"] == pytest.approx(x[0], abs=1)
        assert table.loc[0, "y"] == pytest.approx(y[0], abs=1)

    def test_many_obce_come_in_one_archive_of_the_state(self, offices, job, monkeypatch):
        monkeypatch.setattr(ruian_addresses, "WHOLE_STATE_FROM", 3)
        fetch_addresses(FEW, job)
        fetch_addresses(FEW, job)
        asked = [request.path for request in offices.office.asked("/vdp")]
        assert asked == [f"/vdp/{EDITION}_OB_ADR_csv.zip"]  # kept in the cache
        table = pd.read_parquet(job.folder / "addresses" / f"{VARNSDORF}.parquet")
        assert set(table["code"]) == {VARNSDORF}

    def test_faults_in_rows_are_counted_and_named(self, offices, job):
        place = "479862.17;1133960.17;2020-01-01T00:00:00"
        rows = [
            f"1;{RUMBURK};" + ";" * 12 + f";40747;{place}",
            f"1;{RUMBURK};" + ";" * 12 + f";40747;{place}",
            f"2;{VARNSDORF};" + ";" * 12 + f";40747;{place}",
            f"3;{RUMBURK};" + ";" * 12 + ";40747;;;",
            f"4;{RUMBURK};" + ";" * 12 + ";40747;1133960.17;479862.17;",
        ]
        _give_csv(offices, "\n".join([ADDRESS_HEADING, *rows]))
        fetched = fetch_addresses((RUMBURK,), job)
        table = pd.read_parquet(job.folder / "addresses" / f"{RUMBURK}.parquet").set_index(
            "address_code"
        )
        assert list(table.index) == ["1", "3", "4"]
        assert table["x"].notna().tolist() == [True, False, False]
        assert [finding.fields["count"] for finding in fetched.findings] == [1, 1, 2]

    def test_one_obec_that_fails_does_not_stop_the_others(self, offices, job):
        offices.office.spoil(f"/vdp/{EDITION}_OB_{RUMBURK}", status(404), forever=True)
        fetched = fetch_addresses(FEW, job)
        assert len(fetched.manifests) == 2
        assert f"addresses/{RUMBURK}" in str(fetched.findings[0])
        with pytest.raises(DownloadFailed):
            fetch_addresses((RUMBURK,), job)

    @pytest.mark.parametrize(
        ("csv", "error"),
        [
            ("Kód ADM;Kód obce\n1;2\n", SourceFormChanged),
            ("a,b,c\n", SourceFormChanged),
            ("x" * 100_000, SourceFormChanged),
            (";".join(f"c{n}" for n in range(1_000_000)), SourceFormChanged),
            (f"{ADDRESS_HEADING}\n1;2;3\n" + "1;" * 40 + "\n", AnswerNotUsable),
        ],
    )
    def test_another_table_is_refused(self, offices, job, csv, error):
        _give_csv(offices, csv)
        with pytest.raises(error):
            fetch_addresses((RUMBURK,), job)
        assert list((job.folder / "addresses").iterdir()) == []

    def test_the_newest_edition(self, offices, job):
        assert newest_day(job.line) == EDITION
        offices.office.spoil("/atom", status(500), forever=True)
        day = pd.Timestamp(newest_day(job.line))
        assert day.is_month_end
        assert 0 < (pd.Timestamp.now() - day).days <= 31


def _give_csv(offices, text):
    body = zipped({f"{EDITION}_OB_{RUMBURK}_ADR.csv": text.encode("cp1250")})
    offices.office.spoil(f"/vdp/{EDITION}_OB_{RUMBURK}", gives(body), forever=True)
