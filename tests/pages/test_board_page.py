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
from page_runs import html_of, open_page


def test_the_app_opens_on_the_board_of_sluknovsko():
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert 'data-testid="board"' in html_of(app)


def test_the_headline_and_each_column_lead_to_their_gap():
    answers = {answer.service_type.code: answer for answer in state.board(View())}
    most = max(answers.values(), key=lambda answer: answer.totals[NOT_COVERED])
    assert board.worst(tuple(answers.values())).totals == most.totals
    text = html_of(open_page("board"))
    assert f"Ukázat na mapě: {most.service_type.name}" in text
    headings = re.findall(r'<th scope="col" class="kpss-type"[^>]*><a href="mezery([^"]*)"', text)
    assert len(headings) == sum(answer.supply.known_type for answer in answers.values())
    assert "?sluzba=10" in headings


def test_the_board_of_sluknovsko():
    app = open_page("board")
    assert not app.exception
    text = html_of(app)
    answers = state.board(View())
    assert board.headline(answers, Words("cs")) in text
    assert text.count('data-key="') == 18
    assert len(re.findall(r'<th scope="col" class="kpss-type"', text)) == len(board.held(answers))
    assert "mezery?sluzba=10&amp;obec=562882" in text


@pytest.mark.parametrize("place", ["sluknovsko", "luhacovice", "kaplice", "tanvaldsko"])
def test_services_that_just_as_many_lack_are_named_beside_the_first(place):
    answers = board.held(state.board(View(territory=place)))
    lacking = {a.service_type.name: a.totals[NOT_COVERED] for a in answers}
    most = {name for name, people in lacking.items() if people == max(lacking.values())}
    said = board.headline(answers, Words("cs"))
    assert {name for name in lacking if name in said} == most
    assert ("Stejnému počtu lidí chybí" in said) == (len(most) > 1)


def test_a_region_is_shown_by_orp_and_opens_one():
    app = open_page("board", uzemi="jihomoravsky")
    assert html_of(app).count('data-key="') == 21
    box = next(box for box in app.selectbox if box.label == "ORP")
    app = box.set_value(next(o for o in box.options if o == "Znojmo")).run()
    assert not app.exception
    assert app.query_params["orp"]
    assert 'data-key="593711"' in html_of(app)  # the obec Znojmo


def test_one_obec_in_full():
    text = html_of(open_page("board", obec="562882"))
    assert 'data-testid="obec-types"' in text
    assert "Nejbližší domov pro seniory je v obci" in text


def test_a_working_group_keeps_its_own_types():
    every, some = open_page("board"), open_page("board", prac_skupina="2")
    assert some.query_params["prac_skupina"] == "2"
    count = [html_of(app).count('class="kpss-type"') for app in (every, some)]
    assert 0 < count[1] < count[0]
