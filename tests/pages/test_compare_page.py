"""The comparison, run without a browser: what it says equals the Answers of both sides."""

from datetime import date

from kpss_geo import state
from kpss_geo.report import compared_words
from kpss_geo.state import View
from kpss_geo.text import Words

from page_runs import html_of, open_page

DAYS = {"ke_dni": "2026-11-22", "s_dni": "2027-01-15"}


def test_two_territories():
    app = open_page("compare", s_uzemi="kaplice", sluzba="14", ke_dni="2026-10-01")
    assert not app.exception
    text = html_of(app)
    view = View(other="kaplice", service="14", day=date(2026, 10, 1))
    found = next(c for c in state.compared(view) if c.a.service_type.code == "14")
    words = Words("cs")
    assert compared_words.headline(found, words) in text
    for answer in (found.a, found.b):
        for code in answer.territory.codes:
            assert f'data-code="{code}"' in text
        assert words.number(answer.totals["people"]) in text
    assert text.count('data-testid="compared-obce"') == 2
    assert "srovnani?sluzba=10&amp;s_uzemi=kaplice&amp;ke_dni=2026-10-01" in text


def test_two_days_name_what_ended_and_what_they_cannot_show():
    app = open_page("compare", uzemi="luhacovice", sluzba="9", **DAYS)
    assert not app.exception
    text = html_of(app)
    assert "Domovinka-centrum denních služeb" in text
    assert 'data-testid="compared-obce"' not in text  # nobody's verdict changed
    assert "začalo a skončilo" in app.info[0].value
    assert app.query_params["s_dni"] == "2027-01-15"


def test_choosing_the_other_side_writes_the_link():
    app = open_page("compare", ke_dni="2026-10-01")
    box = next(box for box in app.selectbox if box.label == "Strana B: území")
    app = box.set_value("ORP Kaplice").run()
    assert app.query_params["s_uzemi"] == "kaplice"
    app = app.date_input[1].set_value(date(2026, 12, 31)).run()
    assert not app.exception
    assert app.query_params["s_dni"] == "2026-12-31"
    assert app.query_params["ke_dni"] == "2026-10-01"
    assert "ORP Kaplice, 31." in html_of(app)


def test_the_same_on_both_sides_is_said():
    app = open_page("compare", s_uzemi="sluknovsko")
    assert "Obě strany jsou stejné." in html_of(app)


def test_a_bad_day_is_named_and_the_page_goes_on():
    app = open_page("compare", s_dni="jednou")
    assert "s_dni" in app.warning[0].value
    assert not app.exception
    assert 'data-testid="compared"' in html_of(app)


def test_a_type_that_the_data_do_not_hold():
    held = state.data().register.completeness.type_codes
    strange = next(code for code in state.data().types if code not in held)
    app = open_page("compare", sluzba=strange)
    assert not app.exception
    assert "tento druh služby neobsahuje" in html_of(app)
    assert 'data-testid="compared-types"' in html_of(app)
