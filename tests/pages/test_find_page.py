"""The finder and the sheet, run without a browser."""

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import state
from kpss_geo.report import found
from kpss_geo.served import Served
from kpss_geo.state import View, answers
from kpss_geo.text import Words


def _find():
    from kpss_geo.pages import find as page

    page.show()


def _sheet():
    from kpss_geo.pages import sheet as page

    page.show()


@pytest.fixture
def open_page():
    def go(script, **params: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=120)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return go


def _html(app: AppTest) -> str:
    return "".join(str(element.proto.body) for element in app.get("html"))


def _choose(app: AppTest, label: str, value: str) -> AppTest:
    return next(box for box in app.selectbox if box.label == label).set_value(value).run()


def test_first_it_asks_where_and_what(open_page):
    app = open_page(_find)
    assert not app.exception
    assert "Vyberte, kde bydlíte" in _html(app)
    app = _choose(app, "Kde bydlíte?", "545708")
    app = _choose(app, "S čím potřebujete pomoci?", "domov-senioru")
    assert app.query_params["obec"] == "545708"
    assert app.query_params["situace"] == "domov-senioru"
    text = _html(app)
    view = View(obec="545708", situation="domov-senioru")
    result = state.found(view)
    assert len(result.places)
    assert text.count('<li class="kpss-card">') == len(result.places) + len(result.coming)
    assert 'href="tel:+420412386312"' in text
    life = state.situation("domov-senioru", state.data())
    assert found.headline(result, life, Words("cs")) in text


def test_help_lines_wait_for_no_obec(open_page):
    text = _html(open_page(_find, situace="nasili"))
    assert 'href="tel:158"' in text
    assert 'href="tel:116006"' in text
    before = _html(open_page(_find, situace="nasili", obec="545708"))
    assert before.index('href="tel:158"') < before.index("kpss-card")
    assert "intervenční centra" in before  # the data do not hold them, and that is said
    assert before.index("intervenční centra") < before.index("kpss-card")


def test_an_obec_of_another_territory_brings_its_territory(open_page):
    app = _choose(open_page(_find), "Kde bydlíte?", "545406")
    assert app.query_params["uzemi"] == "kaplice"
    assert not app.exception


def test_the_box_is_found_without_diacritics(open_page):
    box = next(b for b in open_page(_find).selectbox if b.label == "Kde bydlíte?")
    assert any("sluknov" in option for option in box.options)
    assert "Varnsdorf" in box.options


def test_one_type_may_be_asked_for(open_page):
    app = open_page(_find, obec="562882", situace="typ-10")
    assert not app.exception
    assert "denní stacionář" in _html(app)


@pytest.mark.parametrize("need", ["nikde", "typ-999", "<script>"])
def test_a_mangled_situation_is_said(open_page, need):
    app = open_page(_find, obec="562882", situace=need)
    assert not app.exception
    assert "situace" in app.warning[0].value


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("script", [_find, _sheet])
def test_other_languages(open_page, script, language):
    app = open_page(script, obec="562882", situace="nasili", jazyk=language)
    assert not app.exception
    text = _html(app)
    expected = "In need right now, call" if script is _find else "Who serves here"
    assert Words(language).t(expected) in text
    assert "Doma je násilí" not in text


def test_roads_asked_for_but_missing_are_said_and_lines_stay(open_page):
    app = open_page(_find, obec="562882", situace="nasili", cesta="autem")
    assert not app.exception
    assert "silnice" in app.error[0].value
    assert 'href="tel:158"' in _html(app)


def test_the_sheet_of_lobendava(open_page):
    app = open_page(_sheet, obec="545708")
    assert not app.exception
    text = _html(app)
    assert "V obci Lobendava žije 276 lidí, z toho 56 seniorů 65+" in text
    assert 'data-testid="obec-types"' in text
    assert 'data-testid="peers"' in text
    assert "data:image/svg+xml;base64," in text
    assert "Zdroje" in text


def test_the_sheet_without_an_obec_asks_for_one(open_page):
    assert "Vyberte obec" in _html(open_page(_sheet))


def test_a_group_that_the_data_do_not_hold_is_unknown_not_zero(open_page):
    text = _html(open_page(_sheet, obec="562882", skupina="deti"))
    table = text[text.index('data-testid="obec-types"') :]
    assert ">?</td>" in table
    assert ">0</td>" not in table


def test_what_the_team_has_said_stands_on_the_page_at_once(open_page, monkeypatch):
    view = {"obec": "545708", "situace": "typ-4"}
    assert "Do vaší obce dojíždějí" not in _html(open_page(_find, **view))
    service = state.found(View(obec="545708", situation="typ-4")).coming["service_id"].iloc[0]
    keys = pd.MultiIndex.from_tuples([(service, "545708")], names=["service_id", "code"])
    now = replace(state.the_team(), served=Served(pd.Series([True], index=keys), "said"))
    monkeypatch.setattr(answers, "the_team", lambda: now)
    text = _html(open_page(_find, **view))
    assert "Do vaší obce dojíždějí" in text
    assert "Lobendava: přijede za vámi 1 služba" in text
    assert "přijíždí za lidmi" in _html(open_page(_sheet, obec="545708"))
