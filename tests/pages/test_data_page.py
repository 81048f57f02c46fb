"""Own tables in the app: looked at first, taken when confirmed, and taken back."""

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import settings, state
from kpss_geo.errors import TableNotUsable
from kpss_geo.own import template
from kpss_geo.state import View, own_tables

from page_runs import html_of, open_page

TABLE = (
    "Poskytovatel;Druh služby;Forma;Kapacita;Město;Cílová skupina\r\n"
    "Nový domov;§ 49;pobytová;24 lůžek;Doubice;senioři\r\n"
    "Druhý;hospic;;;Rumburk;senioři\r\n"
).encode("cp1250")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A data folder of this test alone."""
    path = tmp_path / "data"
    monkeypatch.setenv("KPSS_GEO_DATA", str(path))
    settings.current.cache_clear()
    state.forget()
    yield path
    monkeypatch.undo()
    settings.current.cache_clear()
    state.forget()


def _open() -> AppTest:
    app = open_page("data")
    assert not app.exception
    return app


def _load(app: AppTest, content: bytes = TABLE, name: str = "nase.csv") -> AppTest:
    return app.file_uploader[0].set_value((name, content, "text/csv")).run()


def _button(app: AppTest, start: str):
    return next((b for b in app.button if b.label.startswith(start)), None)


def test_seen_taken_and_taken_back(folder):
    app = _load(_open())
    text = html_of(app)
    assert "Nový domov" in text
    assert "nase.csv" in text
    assert "hospic" in text  # its fault is named
    assert "2" in app.info[0].value
    assert "Převzít 1 řádek" in [button.label for button in app.button]
    assert not folder.exists()  # nothing is written before somebody confirms
    before = len(state.data().register.services)
    app = _button(app, "Převzít").click().run()
    assert not app.exception
    assert "providers.csv" in app.success[0].value
    assert app.file_uploader[0].value is None
    services = state.data().register.services
    assert len(services) == before + 1
    assert "Nový domov" in set(services["provider"])
    app = _button(app, "Vrátit poslední změnu").click().run()
    assert not app.exception
    assert "platí znovu ta dodaná" in app.success[0].value
    assert len(state.data().register.services) == before
    assert not (folder / "providers.csv").exists()


def test_a_guessed_column_is_asked_about(folder):
    content = TABLE.replace("Druh služby".encode("cp1250"), "Druh služeb".encode("cp1250"))
    app = _load(_open(), content)
    box = next(box for box in app.selectbox if "Druh služby" in box.label)
    assert box.value == "Druh služeb"
    assert not _button(app, "Převzít").disabled
    app = box.set_value("-").run()
    assert not app.exception
    assert "Druh služby" in app.error[0].value
    assert _button(app, "Převzít") is None
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"a;b\r\n1;2\r\n"), ("a.xlsx", b"PK nonsense"), ("a.csv", b"")]
)
def test_a_table_that_cannot_be_used_is_said_in_words(folder, name, content):
    app = _load(_open(), content, name)
    assert app.error
    assert not app.exception
    assert _button(app, "Převzít") is None
    assert not folder.exists()


@pytest.mark.usefixtures("folder")
def test_people_take_the_place_of_the_shipped_ones():
    headings = template.headings("population")
    cells = {"Obec": "Rumburk", "Kód obce": "562777"}
    row = [cells.get(heading, "12" if "let" in heading else "") for heading in headings]
    content = "\r\n".join((";".join(headings), ";".join(row))).encode("utf-8-sig")
    app = _open()
    app = app.radio[0].set_value("population").run()
    app = _load(app, content, "lide.csv")
    app = _button(app, "Převzít 1 řádek").click().run()
    assert not app.exception
    people = state.data().population.loc["562777"]
    assert people.sum() == 12 * 18
    answer = state.answer(state.question(View()))
    assert answer.obce.loc["562777", "people"] == 12 * 5  # bands 65–69 to 85+
    app.radio[0].set_value("population").run()
    _button(app, "Vrátit poslední změnu").click().run()
    assert state.data().population.loc["562777"].sum() > 10_000


@pytest.mark.usefixtures("folder")
def test_a_file_beyond_the_bound_is_refused():
    with pytest.raises(TableNotUsable):
        own_tables.check_upload("providers", "a.csv", b"x" * 20_000_001)


@pytest.mark.usefixtures("folder")
def test_who_may_not_edit_sees_no_field(monkeypatch):
    monkeypatch.setattr("kpss_geo.pages.visit.may_edit", lambda: False)
    app = _open()
    assert not app.file_uploader
    assert "Vlastní tabulky" not in html_of(app)
