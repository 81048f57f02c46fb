"""Boundary files as offices have them: in archives, with several layers, spoiled, too large."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import errors
from kpss_geo.sources import area_files, boundaries

CODES = ("562777", "562882")
SQUARES = [
    shapely.box(-720_000, -950_000, -719_000, -949_000),
    shapely.box(-719_000, -950_000, -718_000, -949_000),
]
KNOWN = pd.Index(CODES)


@pytest.fixture
def table():
    return gpd.GeoDataFrame({"kod": list(CODES)}, geometry=SQUARES, crs=5514)


def packed(path, folder, *, inside: str = "data/"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, inside + file.name)
    return path


class TestArchives:
    @pytest.mark.parametrize("name", ["obce.shp", "obce.gpkg", "obce.geojson"])
    @pytest.mark.parametrize("inside", ["", "hranice obcí/"])
    def test_a_packed_file_is_read_where_it_is(self, tmp_path, table, name, inside):
        (tmp_path / "in").mkdir()
        drawn = table.to_crs(4326) if name.endswith("geojson") else table
        drawn.to_file(tmp_path / "in" / name)
        path = packed(tmp_path / "Obce ČR.zip", tmp_path / "in", inside=inside)
        areas, findings = boundaries.read_boundaries(path, known=KNOWN)
        assert list(areas.index) == list(CODES)
        np.testing.assert_allclose(areas.area, 1e6, rtol=1e-3)
        assert findings == []

    def test_more_files_inside_need_a_choice(self, tmp_path, table):
        (tmp_path / "in").mkdir()
        for name in ("obce.shp", "okresy.shp"):
            table.to_file(tmp_path / "in" / name)
        path = packed(tmp_path / "vse.zip", tmp_path / "in")
        with pytest.raises(errors.BadOption, match="obce, okresy"):
            boundaries.read_boundaries(path, known=KNOWN)
        areas, _ = boundaries.read_boundaries(path, known=KNOWN, layer="okresy")
        assert len(areas) == 2

    @pytest.mark.parametrize(
        ("names", "why"),
        [
            (["../obce.shp"], "leads out"),
            (["readme.txt"], "no file of areas"),
            (["__MACOSX/._obce.shp"], "no file of areas"),
        ],
    )
    def test_archives_that_cannot_be_used(self, tmp_path, names, why):
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")
        with pytest.raises(errors.FileNotUsable, match=why):
            boundaries.read_boundaries(path, known=KNOWN)

    def test_a_bomb_is_not_unpacked(self, tmp_path, monkeypatch):
        monkeypatch.setattr(area_files, "MAX_UNPACKED_BYTES", 1_000_000)
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("obce.geojson", b" " * 2_000_000)
        with pytest.raises(errors.FileNotUsable, match="unpacks to more"):
            boundaries.read_boundaries(path, known=KNOWN)


class TestLayers:
    @pytest.fixture
    def layered(self, tmp_path, table):
        path = tmp_path / "vse.gpkg"
        table.rename(columns={"kod": "okres"}).to_file(path, layer="okresy")
        table.assign(geometry=table.centroid).to_file(path, layer="body")
        table.to_file(path, layer="obce")
        return path

    def test_the_layer_with_areas_and_codes_is_read_and_said(self, layered):
        areas, findings = boundaries.read_boundaries(layered, known=KNOWN)
        assert list(areas.index) == list(CODES)
        assert [f.fields for f in findings] == [{"layer": "obce", "others": "okresy, body"}]

    def test_a_layer_may_be_named(self, layered):
        assert boundaries.read_boundaries(layered, known=KNOWN, layer="obce")[1] == []
        with pytest.raises(errors.BadOption, match="okresy, body, obce"):
            boundaries.read_boundaries(layered, known=KNOWN, layer="kraje")
        with pytest.raises(errors.WrongGeometryKind):
            boundaries.read_boundaries(layered, known=KNOWN, layer="body")

    def test_no_choice_among_two_that_fit(self, layered, table):
        table.to_file(layered, layer="obce 2020")
        with pytest.raises(errors.BadOption, match="obce, obce 2020"):
            boundaries.read_boundaries(layered, known=KNOWN)


class TestBounds:
    def test_more_areas_than_there_can_be(self, tmp_path, table, monkeypatch):
        monkeypatch.setattr(area_files, "MAX_AREAS", 1)
        table.to_file(tmp_path / "x.gpkg")
        table.to_parquet(tmp_path / "x.parquet")
        for name in ("x.gpkg", "x.parquet"):
            with pytest.raises(errors.FileNotUsable, match="more areas"):
                boundaries.read_boundaries(tmp_path / name, known=KNOWN)

    @given(
        content=st.binary(max_size=400),
        name=st.sampled_from(["x.zip", "x.gpkg", "x.geojson", "x.shp", "x.parquet", "x"]),
        start=st.sampled_from(
            [b"", b"PK\x03\x04", b"SQLite format 3\x00", b"PAR1", b"{", b"\0\0'\n"]
        ),
    )
    @settings(
        max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_bytes(self, tmp_path, content, name, start):
        path = tmp_path / name
        path.write_bytes(start + content)
        with pytest.raises(errors.KpssGeoError, match=r"x"):
            boundaries.read_boundaries(path, known=KNOWN)

    @given(where=st.integers(0, 5000), content=st.binary(min_size=1, max_size=40))
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_a_spoiled_archive_is_refused_or_read(self, tmp_path, table, where, content):
        source = tmp_path / "good.zip"
        if not source.exists():
            (tmp_path / "in").mkdir()
            table.to_file(tmp_path / "in" / "obce.shp")
            packed(source, tmp_path / "in")
        whole = source.read_bytes()
        path = tmp_path / "x.zip"
        path.write_bytes(whole[:where] + content + whole[where + len(content) :])
        try:
            areas, _ = boundaries.read_boundaries(path, known=KNOWN)
        except errors.KpssGeoError as error:
            told = str(error)
        else:
            told = "x.zip"
            assert set(areas.index) <= set(CODES)
        assert "x.zip" in told


def test_the_whole_country_from_a_packed_geopackage(real_folder, data, tmp_path):
    """6 258 real areas through GeoPackage, ZIP and back lose nothing."""
    real = gpd.read_parquet(real_folder / "municipalities.parquet")[["code", "geometry"]]
    (tmp_path / "in").mkdir()
    real.rename(columns={"code": "LAU_ID"}).to_file(tmp_path / "in" / "cr.gpkg")
    path = packed(tmp_path / "cr.zip", tmp_path / "in")
    areas, findings = boundaries.read_boundaries(path, known=data.obce.index)
    assert findings == []
    expected = real.set_index("code").geometry
    assert set(areas.index) == set(expected.index)
    np.testing.assert_allclose(areas.area, expected.loc[areas.index].area, rtol=1e-9)
