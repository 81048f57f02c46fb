"""New territories: made, drawn, saved beside the others, used at once."""

import json
import tomllib

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import dataset, errors, state, study, territory, territory_new
from kpss_geo import settings as settings_module
from kpss_geo.schema import METRIC_CRS
from kpss_geo.settings import Settings

from facts import DAY


@pytest.fixture
def made(data):
    def make(name: str = "Moje obce", codes=("562777", "562882"), **options):
        return territory_new.new_territory(name, codes, present=data.territories, **options)

    return make


class TestMaking:
    def test_what_it_gets(self, made, data):
        new = made(codes=["562777", "562882", "562777"], surroundings_km=5)
        assert (new.id, new.in_name) == ("moje-obce", "v území Moje obce")
        assert new.codes == ("562777", "562882")
        assert new.surroundings_km == 5
        assert new.working_groups == data.territories["sluknovsko"].working_groups

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ({"name": "  "}, "no name"),
            ({"codes": []}, "no obec codes"),
            ({"surroundings_km": -1}, "0 to 100"),
            ({"surroundings_km": float("nan")}, "0 to 100"),
            ({"name": "šluknovsko"}, "territory of that name"),
        ],
    )
    def test_what_cannot_be_made(self, made, options, why):
        with pytest.raises(errors.BadTerritory, match=why):
            made(**options)

    def test_replacing_keeps_the_id(self, made):
        assert made("ŠLUKNOVSKO", replace=True).id == "sluknovsko"

    def test_ids_never_clash(self, made, data):
        ids = set(data.territories)
        for name in ("Kaplice", "kaplice!", "Kaplicé", "Жовті Води", "Ω"):
            new = territory_new.new_territory(
                name, ["562777"], present={**data.territories, **dict.fromkeys(ids, made())}
            )
            assert new.id not in ids
            ids.add(new.id)


class TestSaving:
    def test_it_comes_back_as_it_was_and_works_at_once(self, made, tmp_path):
        new = made("Výběžek „nový“ = #1", surroundings_km=7.5, in_name="na Výběžku")
        territory_new.save_territory(new, folder=tmp_path / "data")
        settings = Settings(geo_data=tmp_path / "data")
        data = dataset.load(settings)
        assert data.territories[new.id] == new
        assert [f for f in data.findings if f.file == "territories.toml"] == []
        question = study.ask(data, settings, territory_id=new.id, service="13", on=DAY)
        assert question.surroundings_km == 7.5
        assert study.answer(question, data).totals["people"] == 2_190 + 3_351

    def test_others_and_comments_stay(self, made, tmp_path):
        text = '# náš seznam\n[jine]\nname = "Jiné" # poznámka\ncodes = ["562777"]\n'
        (tmp_path / "territories.toml").write_text(text, encoding="utf-8-sig")
        territory_new.save_territory(made(), folder=tmp_path)
        territory_new.save_territory(made("Třetí"), folder=tmp_path)
        after = (tmp_path / "territories.toml").read_text(encoding="utf-8")
        assert text.strip() in after
        assert list(tomllib.loads(after)) == ["jine", "moje-obce", "treti"]
        assert not list(tmp_path.glob("*.part"))

    def test_one_of_the_same_id_is_replaced(self, made, tmp_path):
        territory_new.save_territory(made(codes=["562777"]), folder=tmp_path)
        territory_new.save_territory(made(codes=["562882"], surroundings_km=1), folder=tmp_path)
        after = tomllib.loads((tmp_path / "territories.toml").read_text(encoding="utf-8"))
        assert after["moje-obce"]["codes"] == ["562882"]
        assert after["moje-obce"]["surroundings_km"] == 1.0

    def test_a_broken_list_is_left_as_it_is(self, made, tmp_path):
        path = tmp_path / "territories.toml"
        path.write_text("[a\nname=", encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match=r"territories\.toml"):
            territory_new.save_territory(made(), folder=tmp_path)
        assert path.read_text(encoding="utf-8") == "[a\nname="

    @given(name=st.text(min_size=1, max_size=30), where=st.text(max_size=30))
    @settings(max_examples=100, deadline=2000)
    def test_any_name_comes_back(self, data, tmp_path_factory, name, where):
        try:
            new = territory_new.new_territory(
                name, ["562777"], present=data.territories, in_name=where
            )
        except errors.BadTerritory:
            return
        folder = tmp_path_factory.mktemp("t")
        path = territory_new.save_territory(new, folder=folder)
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        again = territory.parse_territories(read, obce=data.obce, file="t")
        assert again == {new.id: new}


class TestSurroundings:
    @pytest.mark.parametrize("km", ["20", -1, 101, True])
    def test_a_distance_that_is_not_possible_is_named(self, data, km):
        table = {"a": {"name": "A", "codes": ["562777"], "surroundings_km": km}}
        with pytest.raises(errors.BadTerritory, match="surroundings_km"):
            territory.parse_territories(table, obce=data.obce, file="t")

    def test_the_map_of_a_territory_uses_its_own_distance(self, made, tmp_path, monkeypatch):
        for name, km in (("Blízko", 3.0), ("Daleko", 30.0), ("Obvykle", None)):
            new = made(name, surroundings_km=km)
            territory_new.save_territory(new, folder=tmp_path)
        own = Settings(geo_data=tmp_path)
        monkeypatch.setattr(settings_module, "current", lambda: own)
        for remembered in (state.data, state.around):
            remembered.cache_clear()
        try:
            near, far, usual = (state.around(key) for key in ("blizko", "daleko", "obvykle"))
            data = state.data()
        finally:
            for remembered in (state.data, state.around):
                remembered.cache_clear()
        assert set(near) < set(usual) < set(far)
        inside = data.obce.loc[["562777", "562882"]]
        away = data.obce.loc[near]
        for x, y in zip(away["x"], away["y"], strict=True):
            metres = ((inside["x"] - x) ** 2 + (inside["y"] - y) ** 2) ** 0.5
            assert metres.min() <= 3_000


class TestDrawn:
    @pytest.fixture
    def draw(self, tmp_path):
        def write(shape, *, wrap: bool = True):
            moved = gpd.GeoSeries([shape], crs=METRIC_CRS).to_crs(4326).iloc[0]
            geometry = shapely.geometry.mapping(moved)
            feature = {"type": "Feature", "properties": {}, "geometry": geometry}
            whole = {"type": "FeatureCollection", "features": [feature]} if wrap else geometry
            path = tmp_path / "outline.geojson"
            path.write_text(json.dumps(whole), encoding="utf-8")
            return path

        return write

    @pytest.mark.parametrize("wrap", [True, False])
    def test_obce_whose_point_lies_inside(self, draw, data, wrap):
        """Independently: distance from the middle of a drawn circle."""
        middle = data.obce.loc["562777", ["x", "y"]].astype(float)
        circle = shapely.Point(*middle).buffer(10_000, quad_segs=90)
        found = territory_new.codes_within(draw(circle, wrap=wrap), obce=data.obce)
        away = ((data.obce["x"] - middle["x"]) ** 2 + (data.obce["y"] - middle["y"]) ** 2) ** 0.5
        edge = away.between(9_950, 10_050)
        assert set(found) - set(data.obce.index[edge]) == set(data.obce.index[away < 9_950])
        assert len(found) > 5

    def test_an_outline_that_crosses_itself_is_mended(self, draw, data):
        x, y = data.obce.loc["562777", ["x", "y"]].astype(float)
        knot = [(x - 9e3, y - 9e3), (x + 9e3, y + 9e3), (x + 9e3, y - 9e3), (x - 9e3, y + 9e3)]
        found = territory_new.codes_within(draw(shapely.Polygon(knot)), obce=data.obce)
        assert 0 < len(found) < 30

    def test_nobody_inside(self, draw, data):
        x, y = data.obce.loc["562777", ["x", "y"]].astype(float)
        path = draw(shapely.box(x + 50, y + 50, x + 60, y + 60))
        with pytest.raises(errors.BadTerritory, match="no obec lies inside"):
            territory_new.codes_within(path, obce=data.obce)

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", errors.FileNotUsable),
            ("{", errors.FileNotUsable),
            ("[1, 2]", errors.FileNotUsable),
            ('{"type": "FeatureCollection", "features": []}', errors.FileNotUsable),
            ('{"type": "Point", "coordinates": [14.5, 50.9]}', errors.FileNotUsable),
            (
                '{"type": "Polygon", "coordinates": [[[50, 14], [50, 15], [51, 15], [50, 14]]]}',
                errors.CrsDisagrees,
            ),
            (
                '{"type": "Polygon", "coordinates": [[[2, 48], [2, 49], [3, 49], [2, 48]]]}',
                errors.CrsDisagrees,
            ),
        ],
    )
    def test_what_is_no_outline(self, tmp_path, data, text, error):
        path = tmp_path / "outline.geojson"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(error):
            territory_new.codes_within(path, obce=data.obce)

    @given(st.binary(max_size=300))
    @settings(max_examples=60, deadline=3000)
    def test_any_bytes(self, data, tmp_path_factory, content):
        path = tmp_path_factory.mktemp("o") / "o.geojson"
        path.write_bytes(content)
        with pytest.raises(errors.KpssGeoError):
            territory_new.codes_within(path, obce=data.obce)


def test_the_real_outline_of_a_territory_gives_its_obce(real_folder, data, tmp_path):
    """Boundaries of Šluknovsko drawn as one outline hold its 18 obce and no other."""
    areas = gpd.read_parquet(real_folder / "municipalities.parquet").set_index("code").geometry
    codes = list(data.territories["sluknovsko"].codes)
    outline = gpd.GeoSeries([areas.loc[codes].union_all()], crs=areas.crs).to_crs(4326)
    path = tmp_path / "vybezek.geojson"
    outline.to_file(path, driver="GeoJSON")
    assert set(territory_new.codes_within(path, obce=data.obce)) == set(codes)
    assert pd.Index(codes).is_unique
