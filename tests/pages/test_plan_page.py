"""The plan in the app: what is written there counts at once, and is never lost or overwritten."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import plan, state
from kpss_geo.pages import served
from kpss_geo.plan import Threshold
from kpss_geo.report.rows import rows
from kpss_geo.state import View

from facts import REPOSITORY
from page_runs import html_of, open_page


def test_a_limit_saved_on_the_page_counts_in_the_answer(own_plan):
    before = state.answer(state.question(View()))
    assert before.question.reach.value == 30
    app = open_page("plan")
    assert not app.exception
    app.text_input[0].set_value("koordinátor")
    app.number_input[0].set_value(12.0)
    next(i for i in app.text_input if i.label == "Důvod").set_value("dohoda skupiny Senioři")
    next(b for b in app.button if b.label == "Uložit limit").click().run()
    assert not app.exception
    assert "koordinátor" in html_of(app)
    assert "dohoda skupiny Senioři" in html_of(app)
    after = state.answer(state.question(View()))
    assert after.question.reach.value == 12
    assert after.totals["covered"] < before.totals["covered"]
    stored = plan.thresholds(plan.find_plan(own_plan), {})
    assert stored["13", "pob"].author == "koordinátor"


def test_the_products_proposal_comes_back_with_its_own_reason(own_plan):
    proposed = state.thresholds()["13", "pob"]
    to = plan.open_plan(own_plan, author="koordinátor")
    own = Threshold(12.0, "min", reason="dohoda skupiny")
    plan.set_threshold(to, type_code="13", form="pob", threshold=own)
    app = open_page("plan")
    next(b for b in app.button if b.label == "Vrátit návrh programu").click().run()
    assert not app.exception
    assert state.thresholds()["13", "pob"] == proposed
    assert all(b.label != "Vrátit návrh programu" for b in app.button)
    assert "dohoda skupiny" in set(plan.history(to)["reason"])  # nothing of it is lost


def _plan_or_elsewhere():
    import streamlit as st

    from kpss_geo.pages import plan as page

    if not st.session_state.get("elsewhere"):
        page.show()


@pytest.mark.usefixtures("own_plan")
def test_who_writes_is_kept_when_the_page_is_left():
    app = AppTest.from_function(_plan_or_elsewhere, default_timeout=120).run()
    app = app.text_input[0].set_value("koordinátor").run()
    app.session_state["elsewhere"] = True
    app = app.run()
    assert not app.text_input
    app.session_state["elsewhere"] = False
    assert app.run().text_input[0].value == "koordinátor"


@pytest.mark.usefixtures("own_plan")
def test_a_limit_without_a_reason_is_refused_and_nothing_changes():
    app = open_page("plan")
    app.number_input[0].set_value(12.0)
    next(b for b in app.button if b.label == "Uložit limit").click().run()
    assert app.error
    assert not app.exception
    assert state.question(View()).reach.value == 30


def test_somebody_elses_change_is_not_overwritten(own_plan):
    app = open_page("plan")
    other = plan.open_plan(own_plan, author="poskytovatel")
    plan.set_threshold(
        other, type_code="13", form="pob", threshold=Threshold(20.0, "min", reason="jejich")
    )
    app.number_input[0].set_value(12.0)
    next(i for i in app.text_input if i.label == "Důvod").set_value("naše")
    next(b for b in app.button if b.label == "Uložit limit").click().run()
    assert plan.thresholds(plan.find_plan(own_plan), {})["13", "pob"].value == 20.0


def test_served_obce_count_at_once(own_plan):
    silent = state.answer(state.question(View(service="3")))
    assert silent.totals["unknown"] == silent.totals["people"]
    one = silent.supply.field.index[0]
    plan.state_served(plan.open_plan(own_plan), [(one, "562777", True)], note="telefon")
    answer = state.answer(state.question(View(service="3")))
    row = next(r for r in rows(answer) if r["code"] == "562777")
    assert row["verdict"] == "covered"
    assert row["form"] == "ter"
    assert answer.totals["covered"] == row["population"]


def test_a_correction_lies_over_the_register_and_is_forgotten_when_withdrawn(own_plan):
    before = state.answer(state.question(View(reach=15.0)))
    assert before.totals["covered"] == 9_966
    used = before.places.sort_values("used").iloc[-1]["service_id"]
    to = plan.open_plan(own_plan, author="koordinátor")
    state.correct(to, service_id=used, field="until", new="2026-01-31", reason="zavřeli")
    after = state.answer(state.question(View(reach=15.0)))
    assert after.totals["covered"] < before.totals["covered"]
    assert after.question.data_digest != before.question.data_digest
    stored = plan.corrections(plan.find_plan(own_plan))[0]
    plan.set_correction(to, plan.with_state(stored, "withdrawn", reason="omyl"))
    again = state.answer(state.question(View(reach=15.0)))
    assert again.totals == before.totals


def test_a_damaged_plan_is_said_not_ignored(own_plan):
    own_plan.write_bytes(b"not a plan" * 100)
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    assert "plan.sqlite" in app.error[0].value
    assert not app.exception


@pytest.mark.usefixtures("own_plan")
def test_a_pasted_list_becomes_a_territory():
    app = open_page("plan")
    next(i for i in app.text_input if i.label == "Název území.").set_value("Naše obce")
    app.text_area[0].set_value("1. Varnsdorf\n• město Rumburk\nLipová").run()
    assert not app.exception
    line = next(box for box in app.selectbox if "Lipová" in box.label)
    assert line.value == ""
    assert any("562661" in option and "Děčín" in option for option in line.options)
    app.session_state[line.key] = "562661"  # the one in okres Děčín
    app.run()
    assert "3 obce" in html_of(app)
    next(b for b in app.button if b.label == "Uložit území").click().run()
    assert not app.exception
    made = [t for t in state.data().territories.values() if t.name == "Naše obce"]
    assert [len(t.codes) for t in made] == [3]


def test_the_matrix_and_its_changes():
    statements = pd.DataFrame(
        {"service_id": ["a", "b", "z"], "code": ["1", "2", "1"], "serves": [True, False, True]}
    )
    before = served.matrix(statements, ["1", "2"], ["a", "b"])
    assert before.to_numpy().tolist() == [["yes", ""], ["", "no"]]
    after = before.copy()
    after.loc["1", "a"], after.loc["2", "a"], after.loc["2", "b"] = "", "yes", "yes"
    assert set(served.changes(before, after)) == {
        ("a", "1", None), ("a", "2", True), ("b", "2", True)
    }  # fmt: skip


def _groups_of_board(**params: str) -> list[str]:
    def page():
        from kpss_geo.pages import board

        board.show()

    app = AppTest.from_function(page, default_timeout=120)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return next(box for box in app.selectbox if box.label == "Pracovní skupina").options


def test_the_teams_groups_take_the_place_of_the_proposed_ones(own_plan):
    proposed = [group.name for group in state.data().territories["sluknovsko"].working_groups]
    app = open_page("plan")
    fields = {i.label: i for i in app.text_input}
    assert [fields[f"Skupina {n + 1}"].value for n in range(5)] == proposed
    fields["Skupina 1"].set_value("Stárnutí")
    fields["Skupina 2"].set_value("")
    fields["Nová skupina"].set_value("Bydlení")
    next(n for n in app.number_input if n.label == "Pořadí" and n.value == 6).set_value(1)
    next(m for m in app.multiselect if m.label == "Druhy služeb skupiny 6").set_value(["13"])
    next(b for b in app.button if b.label == "Uložit pracovní skupiny").click().run()
    assert not app.exception
    assert app.success
    mine = state.data().territories["sluknovsko"].working_groups
    assert [group.name for group in mine] == ["Stárnutí", "Bydlení", *proposed[2:]]
    assert mine[1].type_codes == ("13",)
    names = _groups_of_board()
    assert names[1:] == ["Stárnutí", "Bydlení", *proposed[2:]]
    assert [g.name for g in state.data().territories["kaplice"].working_groups] == proposed
    stored = plan.working_groups(plan.find_plan(own_plan), territory="sluknovsko")
    assert [group.position for group in stored] == list(range(5))


def test_a_board_of_an_own_group_has_its_types_alone(own_plan):
    to = plan.open_plan(own_plan, author="koordinátor")
    only = plan.OwnGroup("sluknovsko", "Domovy", 0, ("13", "14"))
    plan.replace_working_groups(to, [only], before=())
    kinds = state.data().types
    group = state.data().territories["sluknovsko"].working_groups[0]
    assert [code for code, kind in kinds.items() if kind.of_group(group)] == ["13", "14"]
    plan.replace_working_groups(
        to, [], before=plan.working_groups(plan.find_plan(own_plan), territory="sluknovsko")
    )
    assert len(state.data().territories["sluknovsko"].working_groups) == 5


@pytest.mark.usefixtures("own_plan")
def test_a_group_without_types_is_refused():
    app = open_page("plan")
    next(i for i in app.text_input if i.label == "Nová skupina").set_value("Veřejnost")
    next(b for b in app.button if b.label == "Uložit pracovní skupiny").click().run()
    assert "alespoň jeden druh služby" in app.error[0].value
    assert len(state.data().territories["sluknovsko"].working_groups) == 5
