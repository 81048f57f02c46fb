"""The pages, run without a browser: what they say equals the Answer."""

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import state
from kpss_geo.report import sentences
from kpss_geo.state import View
from kpss_geo.text import Words

from facts import REPOSITORY


def _page():
    from kpss_geo.pages import gaps as page

    page.show()


@pytest.fixture
def open_app():
    def go(**params: str) -> AppTest:
        app = AppTest.from_function(_page, default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return go


def _html(app: AppTest) -> str:
    return "".join(str(element.proto.body) for element in app.get("html"))


def _choose(app: AppTest, label: str, value: object) -> AppTest:
    box = next(box for box in app.selectbox if box.label == label)
    return box.set_value(value).run()


def test_first_view_is_sluknovsko(open_app):
    app = open_app()
    assert not app.exception
    page = _html(app)
    answer = state.answer(state.question(View()))
    assert sentences.headline(answer, Words("cs")) in page
    assert "pokryto" in page
    assert 'data-testid="obce"' in page
    assert "schematické" in page


def test_a_changed_question_changes_answer_and_link(open_app):
    app = _choose(open_app(), "Území", "jihomoravsky")
    app = _choose(app, "Služba", "10")
    assert app.query_params["uzemi"] == "jihomoravsky"
    assert app.query_params["sluzba"] == "10"
    answer = state.answer(state.question(View(territory="jihomoravsky", service="10")))
    assert sentences.headline(answer, Words("cs")) in _html(app)


def test_reach_and_unit(open_app):
    app = open_app()
    app = app.number_input[0].set_value(30.0).run()
    assert app.query_params["dosah"] == "30"
    app = _choose(app, "Jednotka", "min")
    assert app.query_params["jednotka"] == "min"
    assert "30\xa0min" in _html(app)


def test_choosing_an_obec_says_its_sentence(open_app):
    app = _choose(open_app(), "Obec (nebo klepněte do mapy)", "562882")
    assert app.query_params["obec"] == "562882"
    assert "Varnsdorf" in app.info[0].value
    assert 'aria-current="true"' in _html(app)


def test_form_of_service(open_app):
    app = _choose(open_app(sluzba="4"), "Forma služby", "amb")
    assert app.query_params["forma"] == "amb"
    assert not app.exception


def test_another_type_forgets_a_form_it_has_not(open_app):
    app = _choose(open_app(sluzba="4", forma="amb"), "Služba", "13")
    assert not app.exception
    assert "forma" not in app.query_params


@pytest.mark.parametrize("territory", ["luhacovice", "kaplice", "tanvaldsko", "jihomoravsky"])
def test_every_territory_opens(open_app, territory):
    app = open_app(uzemi=territory)
    assert not app.exception
    assert 'data-testid="obce"' in _html(app)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_other_languages(open_app, language):
    app = open_app(jazyk=language)
    assert not app.exception
    assert Words(language).t("not covered") in _html(app)


def test_a_mangled_link_is_said_and_the_page_works(open_app):
    app = open_app(uzemi="nikde", dosah="moc")
    assert not app.exception
    assert "uzemi, dosah" in app.warning[0].value
    assert 'data-testid="obce"' in _html(app)


def test_small_reach_in_a_link(open_app):
    assert not open_app(dosah="0.5").exception


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
    text = _html(page)
    assert "Klobouky u Brna" in text
    assert "Odkud čísla jsou" in text


def _data_page():
    from kpss_geo.pages import data

    data.show()
