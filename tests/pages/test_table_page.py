"""The round table in the app: said, seen, answered, approved; nothing typed is ever lost."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import plan, settings, state, visitor
from kpss_geo.pages import remark_list, table, visit
from kpss_geo.plan import Remark
from kpss_geo.report.html import figures
from kpss_geo.state import View
from kpss_geo.text import Words
from kpss_geo.visitor import Visitor

from facts import REPOSITORY
from page_runs import html_of, open_page

CS = Words("cs")
RUMBURK, VARNSDORF = "562777", "562882"
SAID = Remark("Chybí denní stacionář.", "user", "sluknovsko", code=RUMBURK, type_code="10")
PUBLIC = Visitor(accounts=True)
EDITOR = Visitor(accounts=True, email="jana@obec.cz")


def _open(**params: str) -> AppTest:
    app = open_page("table", **{"obec": RUMBURK, "sluzba": "10", **params})
    assert not app.exception
    return app


def _button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


def _select(app: AppTest, label: str):
    return next(b for b in app.selectbox if b.label == label)


def _speak_as(app: AppTest, role: str) -> AppTest:
    return _select(app, "Mluvím jako").set_value(role).run()


def _chosen(app: AppTest) -> str:
    said = app.query_params["obec"]
    return said if isinstance(said, str) else said[0]


def _write(app: AppTest, text: str, *, role: str = "provider") -> AppTest:
    _speak_as(app, role)
    if not app.text_area:
        _button(app, "Zapsat poznámku").click().run()
    next(a for a in app.text_area if a.label == "Poznámka").set_value(text)
    _button(app, "Odeslat poznámku").click().run()
    assert not app.exception
    return app


def _stored(path) -> tuple[Remark, ...]:
    return plan.remarks(plan.find_plan(path), territory="sluknovsko")


# What stands on the wall


@pytest.mark.usefixtures("own_plan")
def test_the_four_numbers_of_an_obec_are_those_of_the_answer():
    view = View(obec=RUMBURK, service="10")
    answer = state.answer(state.question(view))
    row = answer.obce.loc[RUMBURK]
    shown = figures(answer, CS, code=RUMBURK)
    for verdict in ("covered", "on_paper", "not_covered", "unknown"):
        assert f"<strong>{CS.number(int(row[verdict]))}</strong>" in shown
    page = html_of(_open())
    assert "Rumburk – denní stacionáře" in page
    assert shown in page
    assert "Nový Bor" in page


@pytest.mark.usefixtures("own_plan")
def test_the_whole_territory_and_a_link_that_is_wrong():
    page = html_of(_open(obec=""))
    assert "Šluknovsko – denní stacionáře" in page
    app = _open(obec="999999", prac_skupina="77")
    assert "obec, prac_skupina" in app.warning[0].value


def test_figures_of_an_obec_without_known_people_are_left_out():
    answer = state.answer(state.question(View(service="10")))
    lost = answer.obce.copy()
    lost.loc[RUMBURK, ["people", "covered", "on_paper", "not_covered", "unknown"]] = None
    assert figures(replace(answer, obce=lost), CS, code=RUMBURK) == ""


@pytest.mark.usefixtures("own_plan")
def test_the_clicker_goes_round_the_obce_by_the_czech_alphabet():
    app = _open(obec="")
    seen = []
    for _ in range(19):
        _button(app, "Další obec").click().run()
        seen.append(_chosen(app))
    names = [str(state.data().obce.at[code, "name"]) for code in seen]
    assert names[0] == "Dolní Podluží"
    places = [names.index(name) for name in ("Horní Podluží", "Chřibská", "Jiříkov")]
    assert places == sorted(places)
    assert len(set(seen[:18])) == 18
    assert seen[18] == seen[0]
    _button(app, "Předchozí obec").click().run()
    assert _chosen(app) == seen[17]


def test_steps():
    view = View(obec="b", service="10", form="amb")
    assert table.stepped(view, "obec", ("a", "b", "c"), 1).obec == "c"
    assert table.stepped(view, "obec", ("a", "b", "c"), -1).obec == "a"
    assert table.stepped(replace(view, obec=""), "obec", ("a", "b"), 1).obec == "a"
    assert table.stepped(replace(view, obec=""), "obec", ("a", "b"), -1).obec == "b"
    moved = table.stepped(view, "service", ("10", "13"), 1)
    assert (moved.service, moved.form, moved.obec) == ("13", "", "b")


# Writing


def test_a_remark_is_written_with_role_obec_and_service(own_plan):
    app = _write(_open(), "Otevíráme stacionář.\nV lednu.")
    (remark,) = _stored(own_plan)
    assert (remark.text, remark.role) == ("Otevíráme stacionář.\nV lednu.", "provider")
    assert (remark.code, remark.type_code, remark.state) == (RUMBURK, "10", "published")
    assert "Poznámka č. 1 je zapsána." in app.success[0].value
    assert "Otevíráme stacionář." in html_of(app)
    assert plan.history(plan.find_plan(own_plan))["author"].tolist() == ["poskytovatel služeb"]
    assert not app.text_area  # the form is closed
    _button(app, "Zapsat poznámku").click().run()
    assert app.text_area[0].value == ""


@pytest.mark.usefixtures("own_plan")
def test_a_link_from_the_gaps_opens_the_form():
    assert _open(zapsat="1").text_area[0].label == "Poznámka"


def test_html_and_strange_texts_stay_texts(own_plan):
    app = _write(_open(), "<script>alert(1)</script> 👩‍👧 שלום \u202e=1+1")
    page = html_of(app)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "👩‍👧 שלום =1+1" in page
    assert "\u202e" not in _stored(own_plan)[0].text


@pytest.mark.parametrize(
    ("text", "says"),
    [("  \u200b ", "Zatím není nic napsáno"), ("á" * 2_050, "Zkraťte ho o 50")],
)
def test_a_text_that_cannot_be_kept_stays_in_its_field(own_plan, text, says):
    app = _write(_open(), text)
    assert says in app.error[0].value
    assert app.text_area[0].value == text
    assert not own_plan.exists()


def test_without_a_role_nothing_is_sent(own_plan):
    app = _open()
    _button(app, "Zapsat poznámku").click().run()
    app.text_area[0].set_value("text")
    _button(app, "Odeslat poznámku").click().run()
    assert "za koho mluvíte" in app.error[0].value
    assert app.text_area[0].value == "text"
    assert not own_plan.exists()


def test_personal_data_are_warned_of_once(own_plan):
    app = _write(_open(), "Volejte 412 386 312.")
    assert "telefonní číslo" in app.warning[0].value
    assert not own_plan.exists()
    _button(app, "Odeslat poznámku").click().run()
    assert _stored(own_plan)[0].text == "Volejte 412 386 312."


def test_closing_the_form_keeps_the_draft(own_plan):
    app = _open()
    _button(app, "Zapsat poznámku").click().run()
    app.text_area[0].set_value("rozepsáno")
    _button(app, "Zavřít").click().run()
    assert not app.text_area
    _button(app, "Zapsat poznámku").click().run()
    assert app.text_area[0].value == "rozepsáno"
    assert not own_plan.exists()


# What can happen to the plan file


def test_a_plan_deleted_while_open_is_said_and_the_text_stays(own_plan):
    app = _write(_open(), "První.")
    own_plan.unlink()
    _write(app, "Druhá.")
    assert "není tam, kde byl" in app.error[0].value
    assert app.text_area[0].value == "Druhá."
    assert not own_plan.exists()
    _button(app, "Odeslat poznámku").click().run()
    assert [remark.text for remark in _stored(own_plan)] == ["Druhá."]


def test_a_locked_plan_is_said_and_the_text_stays(own_plan, monkeypatch):
    app = _write(_open(), "První.")
    opened = plan.open_plan
    monkeypatch.setattr(plan, "open_plan", lambda *a, **k: opened(*a, **{**k, "wait_s": 0.2}))
    with closing(sqlite3.connect(own_plan, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _write(app, "Druhá.")
        assert "píše někdo jiný" in app.error[0].value
        assert app.text_area[0].value == "Druhá."
        other.execute("ROLLBACK")
    _button(app, "Odeslat poznámku").click().run()
    assert [remark.text for remark in _stored(own_plan)] == ["První.", "Druhá."]


def test_a_plan_that_is_too_new_is_said_and_the_text_stays(own_plan):
    plan.write_remark(plan.open_plan(own_plan), SAID)
    with closing(sqlite3.connect(own_plan, isolation_level=None)) as other:
        other.execute("PRAGMA user_version=99")
    whole = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    whole.session_state["kpss-text-0"] = "Rozepsáno."
    whole.run()
    assert "novější program" in whole.error[0].value
    assert whole.text_area[0].value == "Rozepsáno."
    assert not whole.exception


def test_a_folder_that_cannot_be_written_is_said_and_the_text_stays(own_plan, monkeypatch):
    def refuse(*_a: object, **_k: object) -> None:
        raise PermissionError(13, "read-only")

    app = _open()
    with monkeypatch.context() as patch:
        patch.setattr("kpss_geo.plan.file.Path.touch", refuse)
        _write(app, "Text.")
    assert "nedá se do něj zapsat" in app.error[0].value
    assert app.text_area[0].value == "Text."
    assert not own_plan.exists()
    _button(app, "Odeslat poznámku").click().run()
    assert [remark.text for remark in _stored(own_plan)] == ["Text."]


def test_where_nothing_can_be_measured_people_may_write_all_the_same(own_plan):
    app = _open(cesta="autem")  # there are no roads here
    assert "silnice" in app.error[0].value
    _write(app, "Silnice chybí.")
    assert [remark.text for remark in _stored(own_plan)] == ["Silnice chybí."]


# Reactions and settling


def test_reactions_are_counted_once_for_a_visit(own_plan):
    plan.write_remark(plan.open_plan(own_plan), SAID)
    app = _open()
    _button(app, "Souhlasím (0)").click().run()
    assert _button(app, "Souhlasím (1)").proto.type == "primary"
    _button(app, "Nesouhlasím (0)").click().run()
    assert {b.label for b in app.button} >= {"Souhlasím (0)", "Nesouhlasím (1)"}
    other = _open()
    _button(other, "Nesouhlasím (1)").click().run()
    assert _button(other, "Nesouhlasím (2)")
    assert plan.reactions(plan.find_plan(own_plan))[1].counts == {"disagree": 2}


def test_reacting_to_an_erased_remark_is_said(own_plan):
    to = plan.open_plan(own_plan)
    plan.write_remark(to, SAID)
    app = _open()
    plan.erase_remark(to, _stored(own_plan)[0], reason="omyl")
    _button(app, "Souhlasím (0)").click().run()
    assert "Poznámka č. 1 tu už není" in app.error[0].value


def test_the_coordinator_answers_and_decides(own_plan):
    plan.write_remark(plan.open_plan(own_plan), SAID)
    app = _open()
    assert not [b for b in app.button if b.label == "Vypořádat"]
    _speak_as(app, "coordinator")
    _button(app, "Vypořádat").click().run()
    app.text_area[0].set_value("Zařadíme do opatření.")
    _select(app, "Rozhodnutí").set_value("accepted")
    _button(app, "Uložit").click().run()
    assert not app.exception
    (remark,) = _stored(own_plan)
    assert (remark.answer, remark.decision) == ("Zařadíme do opatření.", "accepted")
    page = html_of(app)
    assert "Zařadíme do opatření." in page
    assert "akceptováno" in page


def test_a_remark_settled_by_somebody_else_is_shown_and_the_answer_stays(own_plan):
    to = plan.open_plan(own_plan, author="druhý")
    plan.write_remark(to, SAID)
    app = _speak_as(_open(), "coordinator")
    _button(app, "Vypořádat").click().run()
    seen = _stored(own_plan)[0]
    plan.settle_remark(to, seen, answer="Jejich.", decision="noted", state="published")
    app.text_area[0].set_value("Naše.")
    _button(app, "Uložit").click().run()
    assert "Jejich." in app.error[0].value
    assert app.text_area[0].value == "Naše."
    assert _stored(own_plan)[0].answer == "Jejich."
    _button(app, "Uložit").click().run()
    assert _stored(own_plan)[0].answer == "Naše."


def test_the_coordinator_erases_with_a_reason(own_plan):
    plan.write_remark(plan.open_plan(own_plan), SAID)
    app = _speak_as(_open(), "coordinator")
    _button(app, "Vypořádat").click().run()
    _button(app, "Vymazat poznámku").click().run()
    assert _stored(own_plan)
    next(i for i in app.text_input if i.label == "Důvod").set_value("osobní údaje")
    _button(app, "Vymazat poznámku").click().run()
    assert not app.exception
    assert _stored(own_plan) == ()
    assert SAID.text.encode() not in own_plan.read_bytes()
    assert "(vymazal koordinátor: osobní údaje)" in html_of(app)


# What belongs where


def test_what_is_listed_under_a_view():
    data = state.data()
    here = data.territories["sluknovsko"]
    number, group = next(
        (n, g) for n, g in enumerate(here.working_groups, 1)
        if set(g.keys) & set(data.types["10"].working_groups)
    )  # fmt: skip
    far = next(
        code for code, kind in data.types.items() if not set(kind.working_groups) & set(group.keys)
    )
    remarks = (
        replace(SAID, number=1),
        replace(SAID, number=2, type_code=far),
        replace(SAID, number=3, type_code=far, working_group=group.name),
        replace(SAID, number=4, code=""),
        replace(SAID, number=5, code="", type_code=""),
        replace(SAID, number=6, state="waiting"),
    )

    def shown(view: View, *, waiting: bool = False) -> list[int]:
        chosen = remark_list.belonging(view, remarks, data, waiting=waiting)
        return [remark.number for remark in chosen]

    assert shown(View(obec=RUMBURK, service="13")) == [1, 2, 3]
    assert shown(View(obec=RUMBURK), waiting=True) == [1, 2, 3, 6]
    assert shown(View(obec=RUMBURK, group=number)) == [1, 3]
    assert shown(View(service="10")) == [1, 4, 5]
    assert shown(View(obec=VARNSDORF)) == []


# Who may


@pytest.mark.parametrize(
    ("who", "editors", "edits"),
    [
        (Visitor(), (), True),
        (PUBLIC, (), False),
        (PUBLIC, ("jana@obec.cz",), False),
        (EDITOR, ("jana@obec.cz",), True),
        (EDITOR, (" JANA@obec.cz ",), True),
        (EDITOR, ("petr@obec.cz",), False),
        (EDITOR, (), False),
        (replace(EDITOR, verified=False), ("jana@obec.cz",), False),
        (replace(EDITOR, email=""), ("",), False),
    ],
)
def test_who_may_edit(who, editors, edits):
    assert visitor.may_edit(who, editors=editors) is edits
    waits = visitor.state_of_remark(who, editors=editors) == "waiting"
    assert waits is not edits
    assert ("coordinator" in visitor.roles_for(who, editors=editors)) is edits
    assert "public" in visitor.roles_for(who, editors=editors)


@pytest.fixture
def with_editors(own_plan, monkeypatch):  # noqa: ARG001 - it must come first
    """An installation with an editor; gives how to become somebody."""
    monkeypatch.setenv("KPSS_EDITORS", "jana@obec.cz; petr@obec.cz")
    settings.current.cache_clear()
    assert settings.current().editors == ("jana@obec.cz", "petr@obec.cz")
    return lambda who: monkeypatch.setattr(visit, "who", lambda: who)


def test_a_remark_of_the_public_waits_and_an_editor_publishes_it(own_plan, with_editors):
    app = _open()
    assert "přihlašování není nastaveno" in app.info[0].value
    assert "coordinator" not in _select(app, "Mluvím jako").options
    _write(app, "Od občana.", role="public")
    assert "čeká na schválení" in app.success[0].value
    assert _stored(own_plan)[0].state == "waiting"
    assert "Od občana." not in html_of(app)
    with_editors(EDITOR)
    editor = _speak_as(_open(), "coordinator")
    assert "Od občana." in html_of(editor)
    assert "1 poznámka čeká na schválení" in editor.warning[0].value
    _button(editor, "Vypořádat").click().run()
    _button(editor, "Uložit").click().run()
    assert _stored(own_plan)[0].state == "published"
    with_editors(PUBLIC)
    assert "Od občana." in html_of(_open())


def test_a_role_kept_from_before_gives_no_right(own_plan, with_editors):
    plan.write_remark(plan.open_plan(own_plan), SAID)
    with_editors(EDITOR)
    app = _speak_as(_open(), "coordinator")
    _button(app, "Vypořádat").click().run()
    with_editors(PUBLIC)
    app.run()
    assert not [b for b in app.button if b.label in ("Vypořádat", "Uložit")]


def test_the_plan_page_is_only_read_by_the_public(own_plan, with_editors):
    def page():
        from kpss_geo.pages import plan as plan_page

        plan_page.show()

    plan.write_remark(plan.open_plan(own_plan), replace(SAID, state="waiting"))
    app = AppTest.from_function(page, default_timeout=120).run()
    saving = [b for b in app.button if b.label.startswith("Uložit")]
    assert saving
    assert all(b.disabled for b in saving)
    assert SAID.text not in html_of(app)
    assert not app.get("download_button") or "plán" not in str(app.get("download_button")[-1].proto)
    with_editors(EDITOR)
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not any(b.disabled for b in app.button if b.label == "Uložit limit")


def test_a_request_that_does_not_come_from_the_page_writes_nothing(own_plan, with_editors):
    def script():
        from kpss_geo import plan
        from kpss_geo.pages.plan import Writing
        from kpss_geo.text import Words

        with Writing(Words("cs"), "Zapsáno.") as to:
            plan.state_served(to, [("s", "562777", True)])

    with_editors(PUBLIC)
    app = AppTest.from_function(script, default_timeout=120).run()
    assert "jen přihlášení editoři" in app.error[0].value
    assert not own_plan.exists()
    with_editors(EDITOR)
    AppTest.from_function(script, default_timeout=120).run()
    assert len(plan.served(plan.find_plan(own_plan))) == 1


def test_editors_that_are_no_emails_are_refused(monkeypatch):
    monkeypatch.setenv("KPSS_EDITORS", "jana")
    settings.current.cache_clear()
    with pytest.raises(Exception, match="KPSS_EDITORS"):
        settings.current()
    monkeypatch.undo()
    settings.current.cache_clear()
