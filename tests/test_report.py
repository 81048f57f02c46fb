"""What leaves the product: the same numbers, and nothing that could harm its reader."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import pandas as pd
import pytest

from kpss_geo import dataset, maps, study
from kpss_geo.catalogue import Supply
from kpss_geo.distance import Reach
from kpss_geo.report import files, html, reasons, rows, sentences
from kpss_geo.text import LANGUAGES, Words, harmless

CS = Words("cs")
EVIL = '<script>alert(1)</script> "Domov" & syn'


class Text(HTMLParser):
    """Collects tags and text, as a browser would see them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def evil(data, settings):
    """An Answer whose register holds hostile names."""
    places = data.register.places.assign(name=EVIL, phone="=cmd|'/c calc'!A1", street="<b>x</b>")
    services = data.register.services.assign(provider=EVIL)
    register = replace(data.register, places=places, services=services)
    obce = data.obce.copy()
    obce.loc["562882", "name"] = EVIL
    changed = replace(data, register=register, obce=obce)
    question = study.ask(changed, settings, territory_id="sluknovsko", service="13")
    return study.answer(question, changed)


def test_rows_are_in_the_czech_alphabet_and_add_up(ask):
    answer = ask("sluknovsko", "13")
    records = rows.rows(answer)
    names = [row["name"] for row in records]
    assert names.index("Horní Podluží") < names.index("Chřibská") < names.index("Jiříkov")
    for row in records:
        parts = (row["covered"], row["on_paper"], row["not_covered"], row["unknown"])
        assert sum(parts) == row["population"]
    assert sum(row["population"] for row in records) == answer.totals["people"]


def test_the_sentence_and_the_table_say_the_same_way(ask):
    """Where everybody has it near, both tell the mean way of the same people."""
    told = 0
    for row in rows.rows(ask("jihomoravsky", "13", reach=Reach(45, "min")), words=CS):
        said = re.search(r", (\S+\u00a0km \(\d+\u00a0min\)); limit", row["reason"])
        if said and row["covered"] == row["population"]:
            told += 1
            assert rows.way_of(row, CS).startswith(said[1]), row["name"]
    assert told > 100


def test_gap_rows_run_from_most_people(ask):
    answer = ask("jihomoravsky", "10")
    counts = [row["not_covered"] for row in rows.gap_rows(answer)]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == answer.totals["not_covered"]
    assert min(counts) > 0


def test_csv_json_geojson_and_table_say_the_same(ask, data):
    answer = ask("tanvaldsko", "10")
    records = rows.rows(answer)
    from_csv = list(csv.DictReader(io.StringIO(files.to_csv(records))))
    from_json = json.loads(files.to_json(records))
    codes = pd.Index(answer.territory.codes, name="code")
    areas, real = dataset.areas_of(codes, data)
    collection = files.to_geojson(records, areas, answer=answer, real_boundaries=real)
    from_geojson = [f["properties"] for f in json.loads(collection)["features"]]
    table = Text(html.obce_table(answer, CS)).text
    for a, b, c in zip(from_csv, from_json, from_geojson, strict=True):
        assert int(a["not_covered"]) == b["not_covered"] == c["not_covered"]
        assert a["name"] == b["name"] == c["name"]
        assert a["name"] in table
        assert CS.number(b["not_covered"]) in table
        assert c["boundary"] == "schematic"
    assert {f["geometry"]["type"] for f in json.loads(collection)["features"]} <= {
        "Polygon", "MultiPolygon",
    }  # fmt: skip


def test_geojson_opens_in_another_program(ask, data, tmp_path):
    answer = ask("kaplice", "13")
    areas, real = dataset.areas_of(pd.Index(answer.territory.codes, name="code"), data)
    path = tmp_path / "k.geojson"
    text = files.to_geojson(rows.rows(answer), areas, answer=answer, real_boundaries=real)
    path.write_text(text, encoding="utf-8")
    table = gpd.read_file(path)
    assert table.crs.to_epsg() == 4326
    assert len(table) == 15
    moved = table.set_index("code").to_crs(5514).area / areas.area
    assert moved.between(0.99, 1.01).all()
    west, south, east, north = table.total_bounds
    assert 14 < west < east < 15.2
    assert 48.5 < south < north < 49


def test_excel_dialect_for_a_czech_office(ask):
    text = files.to_csv(rows.rows(ask("kaplice", "13")), dialect="excel")
    assert text.startswith("\ufeffcode;name;")
    first = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert "," in first["nearest_min"]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\u00a0=1", "\r=1", "+420483356201",
     "+420 483 356 201+1", "+420 483 356 201\n=1", " +420 483 356 201", "+420 1*2 333", "+1 A1 22"],
)  # fmt: skip
def test_formulas_become_text(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["+420 483 356 201", "+421\u00a0905\u00a0123\u00a0456"])
def test_a_telephone_in_groups_is_no_formula(cell):
    assert harmless(cell) == cell


def test_numbers_stay_numbers():
    assert harmless(-5) == -5


def test_hostile_names_stay_text(evil):
    for source in (
        html.obce_table(evil, CS),
        html.gaps_table(evil, CS),
        html.figures(evil, CS),
        maps.popup(evil.places.iloc[0].to_dict(), CS),
    ):
        assert "script" not in Text(source).tags
        assert "b" not in Text(source).tags
    assert EVIL in Text(html.obce_table(evil, CS)).text
    assert EVIL in Text(maps.popup(evil.places.iloc[0].to_dict(), CS)).text


def test_hostile_names_cannot_end_the_script_they_travel_in(evil):
    layer = maps.verdict_layer(evil, CS, selected=None)
    paint = next(iter(layer._children.values())).paint
    assert "<" not in paint
    assert "script" in paint


def test_hostile_names_are_harmless_in_csv(data, settings):
    obce = data.obce.assign(name="=HYPERLINK(1)")
    changed = replace(data, obce=obce)
    question = study.ask(changed, settings, territory_id="kaplice", service="13")
    text = files.to_csv(rows.rows(study.answer(question, changed)))
    assert all(r["name"].startswith("'=") for r in csv.DictReader(io.StringIO(text)))


def test_capacity_of_a_registration_is_never_multiplied(ask):
    answer = ask("jihomoravsky", "13")
    many = answer.places[answer.places["addresses"] > 1]
    assert len(many)
    for _, group in many.groupby("service_id"):
        assert len(set(group["capacity"])) == 1
    text = sentences.capacity_words((("pob", "luzka", 24.0), ("pob", "klient", 3.0)), 2, CS)
    assert text == "pobytová: 24 lůžek, 3 klienti (dohromady na 2 adresách)"
    assert sentences.capacity_words((), 1, CS) == "registr ji neuvádí"
    assert sentences.capacity_words((("amb", "", float("nan")),), 1, CS) == "ambulantní: neznámá"


def test_headlines_in_czech(ask):
    assert sentences.headline(ask("sluknovsko", "13"), CS) == (
        "9\u00a0% seniorů 65+ na Šluknovsku nemá domov pro seniory do 15\u00a0km: "
        "1\u00a0003 z\u00a0celkových 10\u00a0969 lidí."
    )
    assert sentences.headline(ask("sluknovsko", "3"), CS).startswith(
        "Nevíme, kolik z\u00a0celkových 10\u00a0969"
    )
    assert "má domov pro seniory" in sentences.headline(ask("tanvaldsko", "13"), CS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("service", ["13", "10", "4", "3", "20"])
def test_every_sentence_in_every_language(ask, language, service):
    words = Words(language)
    answer = ask("jihomoravsky", service)
    texts = [sentences.headline(answer, words), sentences.second_line(answer, words)]
    texts += [reasons.obec_sentence(answer, code, words) for code in answer.obce.index[:30]]
    texts += [sentences.note_words(note, words) for note in answer.notes]
    for text in texts:
        assert "{" not in text
        assert "nan" not in text.lower().split()
    if language != "en":
        assert not any("register" in text for text in texts if language == "uk")


def test_the_form_that_was_counted_is_said(ask):
    assert "v ambulantní formě" in sentences.headline(ask("tanvaldsko", "4"), CS)
    assert "v pobytové formě" in sentences.headline(ask("sluknovsko", "8", form="pob"), CS)
    assert "formě" not in sentences.headline(ask("sluknovsko", "13"), CS)
    assert "v pobytové formě" in html.obce_table(ask("sluknovsko", "8", form="pob"), CS)


def test_table_is_a_table_for_everyone(ask):
    source = html.obce_table(ask("sluknovsko", "13"), CS, selected="562882")
    tags = Text(source).tags
    assert tags.count("caption") == 1
    assert source.count('scope="row"') == 18 + 1
    assert source.count('scope="col"') == 10
    assert source.count('aria-current="true"') == 1
    assert 'tabindex="0" role="region" aria-label=' in source


class TestMaps:
    def test_every_obec_has_a_colour_and_a_text(self, ask):
        answer = ask("jihomoravsky", "13")
        paint = json.loads(
            next(iter(maps.verdict_layer(answer, CS, selected=None)._children.values())).paint
        )
        assert set(paint["obce"]) == set(answer.territory.codes)
        kinds = {kind for kind, _ in paint["obce"].values()}
        assert kinds <= {kind for kind, _ in maps.legend(answer, CS)}

    def test_colours_of_verdicts(self):
        def kind(*counts):
            row = dict(zip(("covered", "on_paper", "not_covered", "unknown"), counts, strict=True))
            return maps.fill_of({"people": sum(counts), **row})

        assert kind(10, 0, 0, 0) == "covered"
        assert kind(6, 0, 4, 0) == "covered-partly"
        assert kind(5, 0, 5, 0) == "not_covered-partly"
        assert kind(0, 0, 0, 7) == "unknown"
        assert kind(0, 0, 0, 0) == "nobody"
        assert maps.fill_of({"people": pd.NA}) == "unknown"

    def test_nothing_comes_from_outside(self, data):
        areas, _ = dataset.areas_of(pd.Index(data.territories["kaplice"].codes), data)
        names = maps.labelled(data.obce, data.population, data.territories["kaplice"].codes)
        page = maps.base_map("/kpss/areas/x.json", areas, names, CS)
        links = [url for _, url in (*page.default_js, *page.default_css)]
        assert all(url.startswith("/app/static/") for url in links)
        assert "//" not in page.get_root().script.render().replace("// ", "")

    def test_areas_file(self, data):
        codes = pd.Index(data.territories["kaplice"].codes, name="code")
        inside, real = dataset.areas_of(codes, data)
        content = json.loads(maps.areas_file(inside, inside.iloc[:0], real=real))
        assert [f["properties"]["code"] for f in content["features"]] == list(codes)

    def test_verdict_colours_differ_without_colour_and_for_colour_blind(self):
        def luminance(colour):
            channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
            linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

        light = {verdict: luminance(colour) for verdict, colour in maps.COLOURS.items()}
        assert (light["not_covered"] + 0.05) / (light["covered"] + 0.05) > 3
        assert (light["unknown"] + 0.05) / (light["covered"] + 0.05) > 3

    def test_no_places_no_layer_of_points(self, ask):
        layer = maps.places_layer(ask("sluknovsko", "20"), CS, within=pd.Index([]))
        assert len(layer._children) == 0


def test_supply_is_plain_data():
    assert set(Supply.__annotations__) == {
        "places", "doubtful", "unlocated", "field", "seats", "by_field", "known_day", "known_type",
        "known_group",
    }  # fmt: skip
