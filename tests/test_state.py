"""Links open the view they came from; what a link says wrongly is named."""

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
        View(obec="545708", situation="nasili"),
        View(situation="typ-10"),
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
     ("obec", "999999"), ("jazyk", "de"), ("situace", "nikde")],
)  # fmt: skip
def test_a_mangled_link_falls_back_and_says_so(data, name, value):
    view, bad = state.read_view({name: value}, data)
    assert bad == [name]
    assert view == View()


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["uzemi", "sluzba", "skupina", "forma", "dosah", "jednotka", "obec", "jazyk", "x"]
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
