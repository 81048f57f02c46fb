"""New territories: made, drawn, saved beside the others, used at once."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import (
    dataset,
    errors,
    plan,
    state,
    study,
    territory,
    territory_list,
    territory_new,
)
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


@pytest.fixture
def office(tmp_path):
    return Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache", author="koordinátorka")


@pytest.fixture
def save(office):
    def write(*made, reason: str = ""):
        into = plan.open_plan(office.plan_path, author=office.author)
        for each in made:
            territory_new.save_territory(each, into, reason=reason)
        return dataset.load(office)

    return write


class TestSaving:
    def test_it_comes_back_as_it_was_and_works_at_once(self, made, save, office):
        new = made("Výběžek „nový“ = #1", surroundings_km=7.5, in_name="na Výběžku")
        data = save(new)
        assert data.territories[new.id] == new
        assert [f for f in data.findings if "plan" in f.file] == []
        question = study.ask(data, office, territory_id=new.id, service="13", on=DAY)
        assert question.surroundings_km == 7.5
        assert study.answer(question, data).totals["people"] == 2_190 + 3_351

    def test_one_of_the_same_id_is_replaced_and_the_others_stay(self, made, save, office):
        save(made(codes=["562777"]), made("Třetí"))
        data = save(made(codes=["562882"], surroundings_km=1), reason="hranice se změnila")
        assert data.territories["moje-obce"].codes == ("562882",)
        assert data.territories["moje-obce"].surroundings_km == 1
        assert {"treti", "sluknovsko"} <= set(data.territories)
        own = plan.own_territories(plan.find_plan(office.plan_path))["moje-obce"]
        assert (own.author, own.reason) == ("koordinátorka", "hranice se změnila")

    def test_another_state_of_the_data_has_another_digest(self, made, save):
        before = save(made(codes=["562777"])).digest
        assert save(made(codes=["562777", "562882"])).digest != before

    def test_a_territory_of_the_plan_with_a_code_that_is_gone_is_named(self, save, office):
        into = plan.open_plan(office.plan_path)
        plan.set_territory(into, plan.OwnTerritory(id="a", name="A", codes=("123456",)))
        data = save()
        assert "a" not in data.territories
        assert [f.template for f in data.findings if f.file == office.plan_path.name] == [
            errors.UnknownObec.template
        ]

    @given(name=st.text(min_size=1, max_size=30), where=st.text(max_size=30))
    @settings(max_examples=40, deadline=None)
    def test_any_name_comes_back_or_is_refused(self, data, tmp_path_factory, name, where):
        found = Settings(geo_data=tmp_path_factory.mktemp("t"))
        into = plan.open_plan(found.plan_path)
        try:
            new = territory_new.new_territory(
                name, ["562777"], present=data.territories, in_name=where
            )
            territory_new.save_territory(new, into)
        except (errors.BadTerritory, errors.BadOption):
            assert plan.own_territories(into) == {}
            return
        read, findings, _ = territory_list.read_territories(found, data.obce)
        assert findings == []
        assert read[new.id] == new


class TestSurroundings:
    @pytest.mark.parametrize("km", ["20", -1, 101, True])
    def test_a_distance_that_is_not_possible_is_named(self, data, km):
        table = {"a": {"name": "A", "codes": ["562777"], "surroundings_km": km}}
        with pytest.raises(errors.BadTerritory, match="surroundings_km"):
            territory.parse_territories(table, obce=data.obce, file="t")

    def test_the_map_of_a_territory_uses_its_own_distance(self, made, save, office, monkeypatch):
        for name, km in (("Blízko", 3.0), ("Daleko", 30.0), ("Obvykle", None)):
            save(made(name, surroundings_km=km))
        monkeypatch.setattr(settings_module, "current", lambda: office)
        state.forget()
        try:
            near, far, usual = (state.around(key) for key in ("blizko", "daleko", "obvykle"))
            data = state.data()
        finally:
            state.forget()
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
