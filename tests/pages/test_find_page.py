"""The finder and the sheet, run without a browser."""

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import finder, finder_map, settings, state
from kpss_geo.report import found
from kpss_geo.served import Served
from kpss_geo.state import View, answers
from kpss_geo.text import Words

from page_runs import choose, html_of, open_page


@pytest.fixture
def with_addresses(monkeypatch, tmp_path):
    """Address points of Lobendava, two of them number 7."""
    rows = [("Lobendava", "7", 0.0), ("Severní", "7", -3_000.0), ("Lobendava", "77", 90.0)]
    table = pd.DataFrame(
        [
            {
                "address_code": str(9_000_000 + n), "code": "545708", "part_code": "1",
                "part": part, "street": "", "house_kind": "č.p.", "house_number": number,
                "orientation_number": "", "orientation_letter": "",
                "x": -736_119.0 + off, "y": -939_280.0 - off,
            }
            for n, (part, number, off) in enumerate(rows)
        ]
    )  # fmt: skip
    (tmp_path / "addresses").mkdir()
    table.to_parquet(tmp_path / "addresses" / "545708.parquet")
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path))
    settings.current.cache_clear()
    state.forget()
    yield table
    monkeypatch.undo()
    settings.current.cache_clear()
    state.forget()


def _need(app: AppTest, need: str) -> AppTest:
    """Press one of the needs that are offered."""
    return app.pills[0].set_value(need).run()


def test_first_it_asks_where_and_what():
    app = open_page("find")
    assert not app.exception
    assert "Vyberte, kde bydlíte" in html_of(app)
    app = choose(app, "Kde bydlíte?", "545708")
    app = _need(app, "domov-senioru")
    assert app.query_params["obec"] == "545708"
    assert app.query_params["situace"] == "domov-senioru"
    text = html_of(app)
    view = View(obec="545708", situation="domov-senioru")
    result = state.found(view)
    assert len(result.places)
    assert text.count('<li class="kpss-card">') == len(result.places) + len(result.coming)
    assert 'href="tel:+420412386312"' in text
    life = state.situation("domov-senioru", state.data())
    assert found.headline(result, life, Words("cs")) in text


def test_help_lines_wait_for_no_obec():
    text = html_of(open_page("find", situace="nasili"))
    assert 'href="tel:158"' in text
    assert 'href="tel:116006"' in text
    before = html_of(open_page("find", situace="nasili", obec="545708"))
    assert before.index('href="tel:158"') < before.index("kpss-card")
    assert "intervenční centra" in before  # the data do not hold them, and that is said
    assert before.index("intervenční centra") < before.index("kpss-card")


def test_own_words_without_diacritics_offer_the_need_and_its_lines():
    app = open_page("find", obec="545708")
    app.text_input[0].set_value("manzel me bije").run()
    assert not app.exception
    assert "Doma je násilí nebo se někoho bojím" in app.pills[0].options
    assert 'href="tel:158"' in html_of(app)
    app = _need(app, "nasili")
    assert app.query_params["situace"] == "nasili"
    assert "bije" not in str(dict(app.query_params))


def test_words_that_fit_nothing_leave_the_whole_list():
    app = open_page("find")
    app.text_input[0].set_value("xyzzy").run()
    assert len(app.pills[0].options) == len(state.data().situations.by_id)
    assert "To jsme nenašli" in app.pills[0].label


def test_an_obec_of_another_territory_brings_its_territory():
    app = choose(open_page("find"), "Kde bydlíte?", "545406")
    assert app.query_params["uzemi"] == "kaplice"
    assert not app.exception


def test_the_box_is_found_without_diacritics():
    box = next(b for b in open_page("find").selectbox if b.label == "Kde bydlíte?")
    assert any("sluknov" in option for option in box.options)
    assert "Varnsdorf" in box.options


def test_one_type_may_be_asked_for():
    app = open_page("find", obec="562882", situace="typ-10")
    assert not app.exception
    assert "denní stacionář" in html_of(app)


@pytest.mark.parametrize("need", ["nikde", "typ-999", "<script>"])
def test_a_mangled_situation_is_said(need):
    app = open_page("find", obec="562882", situace=need)
    assert not app.exception
    assert "situace" in app.warning[0].value


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("script", ["find", "sheet"])
def test_other_languages(script, language):
    app = open_page(script, obec="562882", situace="nasili", jazyk=language)
    assert not app.exception
    text = html_of(app)
    expected = "In need right now, call" if script == "find" else "Who serves here"
    assert Words(language).t(expected) in text
    assert "Doma je násilí" not in text


def test_roads_asked_for_but_missing_are_said_and_lines_stay():
    app = open_page("find", obec="562882", situace="nasili", cesta="autem")
    assert not app.exception
    assert "silnice" in app.error[0].value
    assert 'href="tel:158"' in html_of(app)


def test_the_sheet_of_lobendava():
    app = open_page("sheet", obec="545708")
    assert not app.exception
    text = html_of(app)
    assert "V obci Lobendava žije 276 lidí, z toho 56 seniorů 65+" in text
    assert 'data-testid="obec-types"' in text
    assert 'data-testid="peers"' in text
    assert "data:image/svg+xml;base64," in text
    assert "Zdroje" in text


def test_the_sheet_without_an_obec_asks_for_one():
    assert "Vyberte obec" in html_of(open_page("sheet"))


def test_a_group_that_the_data_do_not_hold_is_unknown_not_zero():
    text = html_of(open_page("sheet", obec="562882", skupina="deti"))
    table = text[text.index('data-testid="obec-types"') :]
    assert ">?</td>" in table
    assert ">0</td>" not in table


def test_what_the_team_has_said_stands_on_the_page_at_once(monkeypatch):
    view = {"obec": "545708", "situace": "typ-4"}
    assert "Do vaší obce dojíždějí" not in html_of(open_page("find", **view))
    service = state.found(View(obec="545708", situation="typ-4")).coming["service_id"].iloc[0]
    keys = pd.MultiIndex.from_tuples([(service, "545708")], names=["service_id", "code"])
    now = replace(state.the_team(), served=Served(pd.Series([True], index=keys), "said"))
    monkeypatch.setattr(answers, "the_team", lambda: now)
    text = html_of(open_page("find", **view))
    assert "Do vaší obce dojíždějí" in text
    assert "Lobendava: přijede za vámi 1 služba" in text
    assert "přijíždí za lidmi" in html_of(open_page("sheet", obec="545708"))


NEED = {"obec": "545708", "situace": "domov-senioru"}


def _typed(app: AppTest, text: str) -> AppTest:
    box = next(box for box in app.text_input if box.label.startswith("Ulice"))
    return box.set_value(text).run()


def test_where_addresses_are_not_loaded_it_is_said():
    app = open_page("find", **NEED)
    assert "Adresy obce Lobendava nejsou načteny" in html_of(app)
    assert not [box for box in app.text_input if box.label.startswith("Ulice")]


def test_from_an_address_ways_are_measured_from_its_point(with_addresses):
    app = _typed(open_page("find", **NEED), "77")
    assert not app.exception
    assert "Cesty měříme od adresy č.p. 77, Lobendava" in html_of(app)
    x, y = with_addresses[["x", "y"]].iloc[2]
    start = finder.start_at(x, y, kind=finder.ADDRESS)
    mine = state.found(View(obec="545708", situation="domov-senioru"), start)
    away = ((mine.places["x"] - x) ** 2 + (mine.places["y"] - y) ** 2) ** 0.5 * 1.4
    assert mine.places["metres"].tolist() == pytest.approx(away.tolist())
    usual = state.found(View(obec="545708", situation="domov-senioru"))
    assert usual.places["metres"].tolist() != mine.places["metres"].tolist()
    life = state.situation("domov-senioru", state.data())
    assert found.headline(mine, life, Words("cs")) in html_of(app)
    assert "bod" not in dict(app.query_params)


@pytest.mark.usefixtures("with_addresses")
def test_of_several_addresses_the_person_chooses():
    app = _typed(open_page("find", **NEED), "7")
    assert "Cesty měříme od adresy" not in html_of(app)
    which = next(box for box in app.selectbox if box.label == "Která z nich?")
    assert [o for o in which.options if "č.p. 7," in o] == [
        "č.p. 7, Severní", "č.p. 7, Lobendava",
    ]  # fmt: skip
    app = which.set_value(1).run()
    assert "Cesty měříme od adresy č.p. 7, Severní" in html_of(app)
    assert "bod" not in dict(app.query_params)


@pytest.mark.usefixtures("with_addresses")
def test_the_point_comes_into_the_link_only_when_asked_for_and_rounded():
    app = _typed(open_page("find", **NEED), "77")
    box = next(b for b in app.checkbox if b.label == "Přidat místo do odkazu")
    app = box.check().run()
    assert not app.exception
    given = app.query_params["bod"]
    lat, lon = (given if isinstance(given, str) else given[0]).split(",")
    assert len(lat.split(".")[1]) <= 3
    assert len(lon.split(".")[1]) <= 3
    again = open_page("find", **NEED, bod=f"{lat},{lon}")
    assert "Cesty měříme od místa" in html_of(again)
    app = next(b for b in app.button if b.label == "Bez místa").click().run()
    assert "bod" not in dict(app.query_params)
    assert "Cesty měříme od adresy" not in html_of(app)


@pytest.mark.usefixtures("with_addresses")
def test_another_obec_forgets_the_address():
    app = _typed(open_page("find", **NEED), "77")
    app = choose(app, "Kde bydlíte?", "562882")
    assert "Cesty měříme od adresy" not in html_of(app)


@pytest.mark.parametrize("point", ["x", "1,2", "nan,nan", "50.9", "50.9,14.4,3", "inf,14.4"])
def test_a_mangled_point_is_said(point):
    app = open_page("find", **NEED, bod=point)
    assert not app.exception
    assert "bod" in app.warning[0].value
    assert "Cesty měříme od místa" not in html_of(app)


def test_a_point_of_a_person_is_never_remembered():
    kept = answers._found.cache_info().currsize
    start = finder.start_at(-736_119.0, -939_280.0, kind=finder.POINT)
    state.found(View(obec="545708", situation="pad"), start)
    assert answers._found.cache_info().currsize == kept


def test_paper_and_link_are_offered():
    text = html_of(open_page("find", **NEED))
    assert "Vytisknout na jednu stránku" in text
    assert "Zkopírovat odkaz" in text


def test_secret_places_are_not_on_the_map():
    result = state.found(View(obec="545708", situation="domov-senioru"))
    hidden = replace(result, places=result.places.assign(secret=True))
    shown = finder_map.found_layer(result, None, Words("cs"))
    assert len(shown._children) == 1
    assert len(finder_map.found_layer(hidden, None, Words("cs"))._children) == 0
