"""The overview, run without a browser: what it says equals the Answers."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import state
from kpss_geo.coverage import NOT_COVERED
from kpss_geo.report import board
from kpss_geo.state import View
from kpss_geo.text import Words

from facts import REPOSITORY


def _page():
    from kpss_geo.pages import board as page

    page.show()


@pytest.fixture
def open_board():
    def go(**params: str) -> AppTest:
        app = AppTest.from_function(_page, default_timeout=120)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return go


def _html(app: AppTest) -> str:
    return "".join(str(element.proto.body) for element in app.get("html"))


def test_the_app_opens_on_the_board_of_sluknovsko():
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert 'data-testid="board"' in _html(app)


def test_the_headline_and_each_column_lead_to_their_gap(open_board):
    answers = {answer.service_type.code: answer for answer in state.board(View())}
    most = max(answers.values(), key=lambda answer: answer.totals[NOT_COVERED])
    assert board.worst(tuple(answers.values())).totals == most.totals
    text = _html(open_board())
    assert f"Ukázat na mapě: {most.service_type.name}" in text
    headings = re.findall(r'<th scope="col" class="kpss-type"[^>]*><a href="mezery([^"]*)"', text)
    assert len(headings) == sum(answer.supply.known_type for answer in answers.values())
    assert "?sluzba=10" in headings


def test_the_board_of_sluknovsko(open_board):
    app = open_board()
    assert not app.exception
    text = _html(app)
    answers = state.board(View())
    assert board.headline(answers, Words("cs")) in text
    assert text.count('data-key="') == 18
    assert len(re.findall(r'<th scope="col" class="kpss-type"', text)) == len(board.held(answers))
    assert "mezery?sluzba=10&amp;obec=562882" in text


def test_a_region_is_shown_by_orp_and_opens_one(open_board):
    app = open_board(uzemi="jihomoravsky")
    assert _html(app).count('data-key="') == 21
    box = next(box for box in app.selectbox if box.label == "ORP")
    app = box.set_value(next(o for o in box.options if o == "Znojmo")).run()
    assert not app.exception
    assert app.query_params["orp"]
    assert 'data-key="593711"' in _html(app)  # the obec Znojmo


def test_one_obec_in_full(open_board):
    text = _html(open_board(obec="562882"))
    assert 'data-testid="obec-types"' in text
    assert "Nejbližší domov pro seniory je v obci" in text


def test_a_working_group_keeps_its_own_types(open_board):
    every, some = open_board(), open_board(prac_skupina="2")
    assert some.query_params["prac_skupina"] == "2"
    count = [_html(app).count('class="kpss-type"') for app in (every, some)]
    assert 0 < count[1] < count[0]
