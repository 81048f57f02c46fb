"""Every view is a link: what is chosen stands in the address, and the address opens it again."""

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import settings, state
from kpss_geo.pages import visit
from kpss_geo.state import TABS

from facts import REPOSITORY

ACTIONS = {"fetch-addresses", "own-kind", visit.CHOICE}
"""Options of an action (a fetch, a table that is loaded), and who sits here: not of a view."""


def _page(name):
    import importlib

    importlib.import_module(f"kpss_geo.pages.{name}").show()


def _open(name: str, params: dict[str, str]) -> AppTest:
    app = AppTest.from_function(_page, args=(name,), default_timeout=120)
    for key, value in params.items():
        app.query_params[key] = value
    app.session_state["start-dismissed"] = True
    app.run()
    assert not app.exception
    return app


def _params(app: AppTest) -> dict[str, str]:
    given = dict(app.query_params).items()
    return {key: value if isinstance(value, str) else value[0] for key, value in given}


def _choices(app: AppTest) -> list:
    """Widgets by which a view is chosen; those of a form are filled in, not chosen."""
    widgets = [*app.selectbox, *app.radio, *app.checkbox]
    return [w for w in widgets if not w.proto.form_id and w.key not in ACTIONS]


def _state(app: AppTest) -> dict[str, object]:
    return {f"{w.type}:{w.label}": w.value for w in _choices(app)}


def _html(app: AppTest) -> str:
    return "".join(str(element.proto.body) for element in app.get("html"))


CASES = [
    ("board", {}),
    ("board", {"uzemi": "jihomoravsky"}),
    ("gaps", {"sluzba": "4"}),
    ("compare", {"s_uzemi": "kaplice", "ke_dni": "2026-10-01"}),
    ("sheet", {"obec": "545708"}),
    ("find", {"obec": "545708", "situace": "pad"}),
    ("find", {"obec": "545708", "situace": "pad", "bod": "51.013,14.312"}),
    ("compare", {"s_uzemi": "tanvaldsko"}),
    ("table", {"obec": "545708"}),
    ("plan", {}),
    ("data", {}),
    ("outputs", {}),
    ("explain", {}),
    ("accessibility", {}),
]


@pytest.mark.parametrize(("name", "params"), CASES)
def test_what_is_chosen_is_in_the_address_and_opens_again(name, params):
    first = _open(name, params)
    before = _state(first)
    for number in range(len(_choices(first))):
        app = _open(name, params)
        widget = _choices(app)[number]
        if widget.type == "checkbox":
            widget.set_value(not widget.value).run()
        else:
            widget.set_value(widget.options[-1 if widget.index == 0 else 0]).run()
        assert not app.exception, widget.label
        if widget.type == "checkbox" or len(widget.options) > 1:
            assert _state(app) != before, widget.label
            assert _params(app) != params, f"{widget.label} is not in the address"
        again = _open(name, _params(app))
        assert _state(again) == _state(app), widget.label
        assert _params(again) == _params(app)
        assert _html(again) == _html(app), widget.label


@pytest.mark.parametrize("tab", TABS)
def test_a_link_opens_its_part_of_the_plan(data, tab):
    view, bad = state.read_view({"karta": tab}, data)
    assert (view.tab, bad) == (tab, [])
    app = _open("plan", {"karta": tab})
    assert _params(app) == ({"karta": tab} if tab != TABS[0] else {})


def test_a_reach_is_in_the_address():
    app = _open("gaps", {})
    app.number_input[0].set_value(12.5).run()
    assert _params(app) == {"dosah": "12.5", "jednotka": "min"}
    assert _open("gaps", {"dosah": "12.5"}).number_input[0].value == 12.5


# The first start


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """An office that has neither a plan nor data of its own."""
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path / "nothing"))
    monkeypatch.setenv("KPSS_PLAN", str(tmp_path / "plan.sqlite"))
    settings.current.cache_clear()
    state.forget()
    yield tmp_path
    monkeypatch.undo()
    settings.current.cache_clear()
    state.forget()


def _first(**params: str) -> AppTest:
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def _offered(app: AppTest) -> bool:
    return 'class="kpss-start"' in _html(app)


@pytest.mark.usefixtures("fresh")
def test_the_first_start_offers_four_ways_and_shows_the_answer():
    page = _html(_first())
    assert 'class="kpss-start"' in page
    assert page.index("kpss-start") < page.index('data-testid="board"')
    for key in ("luhacovice", "kaplice", "jihomoravsky", "tanvaldsko"):
        assert f'href="./?uzemi={key}"' in page
    assert 'href="plan?karta=uzemi"' in page
    assert 'href="data"' in page


@pytest.mark.usefixtures("fresh")
def test_it_is_in_the_way_of_no_link_and_speaks_the_language():
    assert not _offered(_first(uzemi="kaplice"))
    assert not _offered(_first(obec="562882"))
    assert _offered(_first(jazyk="uk"))


@pytest.mark.usefixtures("fresh")
def test_it_goes_when_hidden_or_when_something_was_chosen():
    app = _first()
    next(b for b in app.button if b.label == "Skrýt").click().run()
    assert not _offered(app)
    app = _first()
    box = next(b for b in app.selectbox if b.label == "Území")
    box.set_value("ORP Kaplice").run()
    assert not _offered(app)
    next(b for b in app.selectbox if b.label == "Území").set_value("Šluknovsko").run()
    assert not _offered(app)


def test_an_office_with_data_or_a_plan_is_not_asked(fresh):
    from kpss_geo import plan

    plan.set_threshold(
        plan.open_plan(fresh / "plan.sqlite"),
        type_code="13", form="pob", threshold=plan.Threshold(20.0, "min", reason="x"),
    )  # fmt: skip
    assert not _offered(_first())
    (fresh / "plan.sqlite").unlink()
    state.forget()
    assert _offered(_first())
    (fresh / "nothing").mkdir()
    (fresh / "nothing" / "roads.parquet").write_bytes(b"x")
    assert not _offered(_first())
