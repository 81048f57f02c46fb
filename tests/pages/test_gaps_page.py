"""The pages, run without a browser: what they say equals the Answer."""

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import state
from kpss_geo.report import sentences
from kpss_geo.state import View
from kpss_geo.text import Words

from facts import REPOSITORY
from page_runs import choose, html_of, open_page


def test_first_view_is_sluknovsko():
    app = open_page("gaps")
    assert not app.exception
    page = html_of(app)
    answer = state.answer(state.question(View()))
    assert sentences.headline(answer, Words("cs")) in page
    assert "pokryto" in page
    assert 'data-testid="obce"' in page
    assert "schematické" in page


def test_a_changed_question_changes_answer_and_link():
    app = choose(open_page("gaps"), "Území", "jihomoravsky")
    app = choose(app, "Služba", "10")
    assert app.query_params["uzemi"] == "jihomoravsky"
    assert app.query_params["sluzba"] == "10"
    answer = state.answer(state.question(View(territory="jihomoravsky", service="10")))
    assert sentences.headline(answer, Words("cs")) in html_of(app)


def test_a_reach_is_taken_in_the_unit_that_stands_beside_it():
    app = open_page("gaps")
    usual = app.number_input[0].placeholder
    unit = next(box for box in app.selectbox if box.label == "Jednotka")
    assert usual.endswith(f"\xa0{unit.value}")
    app = app.number_input[0].set_value(30.0).run()
    assert (app.query_params["dosah"], app.query_params["jednotka"]) == ("30", "min")
    assert "30\xa0min" in html_of(app)
    app = choose(app, "Jednotka", "km")
    assert app.query_params["jednotka"] == "km"
    assert "30\xa0km" in html_of(app)


def test_a_link_with_a_reach_alone_is_in_kilometres():
    app = open_page("gaps", dosah="12")
    assert next(box.value for box in app.selectbox if box.label == "Jednotka") == "km"
    assert "12\xa0km" in html_of(app)


def test_choosing_an_obec_says_its_sentence():
    app = choose(open_page("gaps"), "Obec (nebo klepněte do mapy)", "562882")
    assert app.query_params["obec"] == "562882"
    assert "Varnsdorf" in app.info[0].value
    assert 'aria-current="true"' in html_of(app)


def test_form_of_service():
    app = choose(open_page("gaps", sluzba="4"), "Forma služby", "amb")
    assert app.query_params["forma"] == "amb"
    assert not app.exception


def test_another_type_forgets_a_form_it_has_not():
    app = choose(open_page("gaps", sluzba="4", forma="amb"), "Služba", "13")
    assert not app.exception
    assert "forma" not in app.query_params


@pytest.mark.parametrize("territory", ["luhacovice", "kaplice", "tanvaldsko", "jihomoravsky"])
def test_every_territory_opens(territory):
    app = open_page("gaps", uzemi=territory)
    assert not app.exception
    assert 'data-testid="obce"' in html_of(app)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_other_languages(language):
    app = open_page("gaps", jazyk=language)
    assert not app.exception
    assert Words(language).t("not covered") in html_of(app)


def test_a_mangled_link_is_said_and_the_page_works():
    app = open_page("gaps", uzemi="nikde", dosah="moc")
    assert not app.exception
    assert "uzemi, dosah" in app.warning[0].value
    assert 'data-testid="obce"' in html_of(app)


def test_small_reach_in_a_link():
    assert not open_page("gaps", dosah="0.5").exception


def test_unusable_data_folder_is_said(monkeypatch, tmp_path):
    from kpss_geo import settings

    (tmp_path / "population.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path))
    settings.current.cache_clear()
    state.forget()
    try:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
        assert "population.csv" in app.error[0].value
        assert not app.exception
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
        state.forget()


def test_data_page():
    page = AppTest.from_function(_data_page, default_timeout=60).run()
    assert not page.exception
    text = html_of(page)
    assert "Klobouky u Brna" in text
    assert "Odkud čísla jsou" in text


def _data_page():
    from kpss_geo.pages import data

    data.show()
