"""Links open the view they came from; what a link says wrongly is named."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import state
from kpss_geo.state import View


def test_the_usual_view_needs_no_parameters(data):
    view, bad = state.read_view({}, data)
    assert view == View()
    assert bad == []
    assert view.params() == {}


@pytest.mark.parametrize(
    "view",
    [
        View(territory="jihomoravsky", service="10", reach=20.0, unit="min"),
        View(target="seniori-80", obec="562882", language="uk"),
        View(service="4", form="amb", reach=7.5),
        View(reach=7.5, unit="km"),
        View(unit="min"),
        View(obec="545708", situation="nasili"),
        View(situation="typ-10"),
        View(other="kaplice", day=date(2026, 1, 1), other_day=date(2027, 2, 28)),
    ],
)
def test_a_link_opens_the_same_view(data, view):
    again, bad = state.read_view(view.params(), data)
    assert again == view
    assert bad == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("uzemi", "nikde"), ("sluzba", "999"), ("skupina", "x"), ("forma", "ter"), ("dosah", "moc"),
     ("dosah", "-1"), ("dosah", "nan"), ("dosah", "1e9"), ("jednotka", "mile"),
     ("obec", "999999"), ("jazyk", "de"), ("situace", "nikde"), ("s_uzemi", "nikde"),
     ("ke_dni", "vcera"), ("s_dni", "2026-02-30"), ("s_dni", "1900-01-01"), ("ke_dni", "20260101")],
)  # fmt: skip
def test_a_mangled_link_falls_back_and_says_so(data, name, value):
    view, bad = state.read_view({name: value}, data)
    assert bad == [name]
    assert view == View()


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "uzemi",
                "sluzba",
                "skupina",
                "forma",
                "dosah",
                "jednotka",
                "obec",
                "jazyk",
                "x",
                "s_uzemi",
                "ke_dni",
                "s_dni",
            ]
        ),
        st.text(),
    )
)
def test_no_link_breaks_the_app(given_params):
    view, _ = state.read_view(given_params, state.data())
    assert state.question(view).territory in state.data().territories


def test_an_answer_is_remembered():
    question = state.question(View())
    assert state.answer(question) is state.answer(question)


def test_areas_file_is_named_by_the_data():
    assert state.data().digest in state.areas_url("kaplice")
    assert state.areas_file("kaplice").startswith(b'{"type":"FeatureCollection"')


def test_the_sides_of_a_comparison():
    today = state.sides(View())[0][1]
    assert state.sides(View()) == (("sluknovsko", today), ("luhacovice", today))
    assert state.sides(View(territory="luhacovice"))[1] == ("sluknovsko", today)
    day, later = date(2026, 1, 1), date(2026, 6, 1)
    assert state.sides(View(day=day, other_day=later)) == (
        ("sluknovsko", day), ("sluknovsko", later)
    )  # fmt: skip
    assert state.sides(View(day=day, other="kaplice")) == (("sluknovsko", day), ("kaplice", day))


def test_both_sides_are_answered_for_every_type_in_the_data():
    found = state.compared(View(other="kaplice", day=date(2026, 10, 1)))
    held = state.data().register.completeness.type_codes
    assert {each.a.service_type.code for each in found} == held
    assert {(each.a.territory.id, each.b.territory.id) for each in found} == {
        ("sluknovsko", "kaplice")
    }
    assert state.compared(View(other="kaplice", day=date(2026, 10, 1)))[0] is found[0]
