"""What is typed into the plan: who, when, why; two people at once; nothing is ever lost."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from kpss_geo import plan
from kpss_geo.errors import BadOption, ChangedMeanwhile, FileNotUsable, PlanNotUsable
from kpss_geo.plan import records
from kpss_geo.plan.records import SERVED, THRESHOLDS
from kpss_geo.schema import CAPACITY_UNITS
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.text import Words

CS = Words("cs")
DEFAULTS = shipped_root() / "geodata" / "thresholds.toml"


@pytest.fixture
def opened(tmp_path) -> plan.Plan:
    return plan.open_plan(tmp_path / "plan.sqlite", author="koordinátorka")


def other(opened: plan.Plan) -> plan.Plan:
    return plan.open_plan(opened.path, author="metodik kraje")


# Thresholds


def test_defaults_cover_every_form_that_people_travel_to(data):
    """Independent of the reader: every type of the act and each of its forms with a place."""
    found = plan.read_default_thresholds(DEFAULTS)
    legal = {
        (kind.code, form) for kind in data.types.values() for form in kind.forms if form != "ter"
    }
    assert set(found) == legal
    for threshold in found.values():
        assert threshold.value is not None
        assert threshold.per_1000 is None
        assert len(threshold.reason) > 20
        assert threshold.reason.endswith(".")
        assert (threshold.own, threshold.author, threshold.revision) == (False, "kpss_geo", 0)


def test_the_defaults_say_they_are_no_norm():
    assert "Pracovní hodnoty tohoto produktu, nikoli norma" in DEFAULTS.read_text("utf-8")


def test_own_threshold_takes_the_place_of_the_default(opened):
    defaults = plan.read_default_thresholds(DEFAULTS)
    before = datetime.now(UTC)
    plan.set_threshold(
        opened,
        type_code="13",
        form="pob",
        threshold=plan.Threshold(25, "min", 20, "luzka", reason="usnesení pracovní skupiny"),
    )
    now = plan.thresholds(opened, defaults)
    mine = now["13", "pob"]
    assert (mine.value, mine.unit, mine.per_1000, mine.capacity_unit) == (25, "min", 20, "luzka")
    assert (mine.reason, mine.author, mine.own) == (
        "usnesení pracovní skupiny", "koordinátorka", True,
    )  # fmt: skip
    assert before - timedelta(seconds=2) <= mine.when <= datetime.now(UTC)
    assert {k: v for k, v in now.items() if k != ("13", "pob")} == {
        k: v for k, v in defaults.items() if k != ("13", "pob")
    }
    assert plan.thresholds(None, defaults) == defaults
    plan.remove_threshold(opened, type_code="13", form="pob", revision=mine.revision, reason="omyl")
    assert plan.thresholds(opened, defaults) == defaults


@pytest.mark.parametrize(
    "threshold",
    [
        plan.Threshold(reason="nic"),
        plan.Threshold(0, "min", reason="r"),
        plan.Threshold(-5, "min", reason="r"),
        plan.Threshold(float("nan"), "min", reason="r"),
        plan.Threshold(float("inf"), "min", reason="r"),
        plan.Threshold(501, "km", reason="r"),
        plan.Threshold(5, None, reason="r"),
        plan.Threshold(5, "mi", reason="r"),  # type: ignore[arg-type]
        plan.Threshold(5, "km", per_1000=3, reason="r"),
        plan.Threshold(5, "km", per_1000=3, capacity_unit="postel", reason="r"),
        plan.Threshold(5, "km", per_1000=0, capacity_unit="luzka", reason="r"),
        plan.Threshold(5, "km"),
        plan.Threshold(5, "km", reason=" \n "),
        plan.Threshold(5, "km", reason="a\0b"),
        plan.Threshold(5, "km", reason="\ud800"),
        plan.Threshold(5, "km", reason="x" * 2_001),
    ],
)
def test_what_cannot_be_a_threshold_is_refused(opened, threshold):
    with pytest.raises(BadOption):
        plan.set_threshold(opened, type_code="13", form="pob", threshold=threshold)
    assert plan.history(opened).empty


@pytest.mark.parametrize(
    "text",
    [
        "[13.pob]\nmax_min = 30\n",
        '[13.pob]\nmax_min = "třicet"\nreason = "r"\n',
        '[13.pob]\nmax_min = 30\nmax_km = 30\nreason = "r"\n',
        '[13.doma]\nmax_min = 30\nreason = "r"\n',
        '[13.pob]\nmax_mim = 30\nreason = "r"\n',
        '13 = "pob"\n',
        '[13.pob]\nmax_min = -1\nreason = "r"\n',
        '[13.pob]\nper_1000 = 1\nreason = "r"\n',
        "[13.pob\n",
        "",
    ],
)
def test_a_wrong_file_of_defaults_names_itself(tmp_path, text):
    path = tmp_path / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileNotUsable, match=r"thresholds\.toml"):
        plan.read_default_thresholds(path)


# Two people at once


def test_a_stale_row_is_never_overwritten(opened):
    start = plan.Threshold(30, "min", reason="začátek")
    plan.set_threshold(opened, type_code="10", form="amb", threshold=start)
    seen = plan.thresholds(opened, {})["10", "amb"]
    theirs = replace(seen, value=20.0, reason="kraj")
    plan.set_threshold(other(opened), type_code="10", form="amb", threshold=theirs)
    mine = replace(seen, value=45.0, reason="my")
    with pytest.raises(ChangedMeanwhile) as stop:
        plan.set_threshold(opened, type_code="10", form="amb", threshold=mine)
    says = CS.say(stop.value)
    assert "metodik kraje" in says
    assert "20.0, min" in says
    assert f"{datetime.now().astimezone():%Y-%m-%d}" in says
    assert plan.thresholds(opened, {})["10", "amb"].value == 20
    assert len(plan.history(opened)) == 2


def test_two_people_who_both_begin_do_not_overwrite_each_other(opened):
    plan.state_served(other(opened), [("s", "562777", False)])
    with pytest.raises(ChangedMeanwhile, match="metodik kraje"):
        plan.state_served(opened, [("s", "562777", True)])
    assert plan.served(opened)["serves"].tolist() == [False]


def test_a_row_that_went_and_came_again_is_another_row(opened):
    """A revision never comes twice, so a stale page cannot pass for a fresh one."""
    plan.state_served(opened, [("s", "562777", True)])
    seen = {("s", "562777"): int(plan.served(opened)["revision"].iloc[0])}
    plan.state_served(other(opened), [("s", "562777", None)], revisions=seen)
    with pytest.raises(ChangedMeanwhile, match="removed"):
        plan.state_served(opened, [("s", "562777", False)], revisions=seen)
    plan.state_served(other(opened), [("s", "562777", True)])
    with pytest.raises(ChangedMeanwhile):
        plan.state_served(opened, [("s", "562777", False)], revisions=seen)


def test_a_batch_is_written_whole_or_not_at_all(opened):
    plan.state_served(other(opened), [("s", "562882", True)])
    with pytest.raises(ChangedMeanwhile):
        plan.state_served(opened, [("s", "562777", True), ("s", "562882", False)])
    assert plan.served(opened)["code"].tolist() == ["562882"]
    assert len(plan.history(opened)) == 1


# Working groups and territories


def test_working_groups_keep_their_order(opened):
    names = ["Senioři", "Rodiny", "Duševní zdraví"]
    groups = [
        plan.OwnGroup("sluknovsko", name, position, ("13", "14"))
        for position, name in enumerate(names)
    ]
    plan.set_working_groups(opened, [*reversed(groups), plan.OwnGroup("kaplice", "Senioři")])
    found = plan.working_groups(opened, territory="sluknovsko")
    assert [group.name for group in found] == names
    assert found[0].type_codes == ("13", "14")
    plan.remove_working_group(opened, found[1])
    assert len(plan.working_groups(opened, territory="sluknovsko")) == 2
    assert plan.working_groups(None, territory="sluknovsko") == ()


def test_territories(opened):
    mine = plan.OwnTerritory("moje", "Moje", "v mém", ("562777", "562882"), 0.0, "dohoda obcí")
    plan.set_territory(opened, mine)
    found = plan.own_territories(opened)["moje"]
    assert (found.codes, found.surroundings_km, found.in_name) == (mine.codes, 0.0, "v mém")
    plan.set_territory(opened, replace(found, surroundings_km=None))
    assert plan.own_territories(opened)["moje"].surroundings_km is None
    plan.remove_territory(opened, plan.own_territories(opened)["moje"])
    assert plan.own_territories(opened) == {} == plan.own_territories(None)


@pytest.mark.parametrize(
    "codes", [(), ("562777", "562777"), ("56277",), ("Rumburk",), ("５62777",)]
)
def test_a_territory_of_what_are_no_codes_is_refused(opened, codes):
    with pytest.raises(BadOption):
        plan.set_territory(opened, plan.OwnTerritory("moje", "Moje", codes=codes))


# History


def test_history_tells_who_when_why_and_what_it_was(opened):
    plan.state_served(opened, [("s", "562777", True)], note="telefonát 3. 10.")
    seen = {("s", "562777"): 1}
    plan.state_served(other(opened), [("s", "562777", False)], note="oprava", revisions=seen)
    trace = plan.history(opened)
    assert trace["author"].tolist() == ["koordinátorka", "metodik kraje"]
    assert trace["reason"].tolist() == ["telefonát 3. 10.", "oprava"]
    assert trace["before"].tolist() == [None, {"serves": 1}]
    assert trace["after"].tolist() == [{"serves": 1}, {"serves": 0}]
    assert trace["key"].tolist() == [("s", "562777")] * 2


def test_what_is_erased_is_gone_from_the_file_and_its_trace_stays(opened):
    private = "paní Nováková z čísla 12"
    plan.state_served(opened, [("s", "562777", True)], note=private)
    plan.state_served(opened, [("s", "562882", True)], note="zůstane")
    plan.erase(opened, SERVED, ("s", "562777"), revision=1)
    assert plan.served(opened)["code"].tolist() == ["562882"]
    trace = plan.history(opened)
    assert trace["action"].tolist() == ["written", "written", "erased"]
    assert trace["reason"].tolist() == ["", "zůstane", ""]
    assert trace.loc[1, "after"] is None
    content = b"".join(p.read_bytes() for p in opened.path.parent.iterdir())
    assert private.encode() not in content
    assert "Nováková".encode() not in content
    assert "zůstane".encode() in content


def test_erasing_what_somebody_changed_is_refused(opened):
    plan.state_served(opened, [("s", "562777", True)])
    with pytest.raises(ChangedMeanwhile):
        plan.erase(opened, SERVED, ("s", "562777"), revision=7)


def test_a_row_changed_by_hand_into_nonsense_is_said(opened):
    plan.set_territory(opened, plan.OwnTerritory("moje", "Moje", codes=("562777",)))
    with closing(sqlite3.connect(opened.path)) as connection, connection:
        connection.execute("UPDATE territories SET codes = 'Rumburk'")
    with pytest.raises(PlanNotUsable):
        plan.own_territories(opened)


def test_the_file_itself_refuses_what_is_not_possible(opened):
    plan.set_threshold(
        opened, type_code="13", form="pob", threshold=plan.Threshold(5, "km", reason="r")
    )
    wrong = ("value = -1", "form = 'doma'", "unit = NULL", "revision = 99", "value = 'mnoho'",
             "changed_at = 'včera'")  # fmt: skip
    for change in wrong:
        with closing(sqlite3.connect(opened.path)) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"UPDATE thresholds SET {change}")  # noqa: S608


def test_where_the_plan_is():
    assert Settings(geo_data=Path("d")).plan_path == Path("d") / "plan.sqlite"
    assert Settings(geo_data=Path("d"), plan=Path("x.db")).plan_path == Path("x.db")
    assert Settings().author == "neuvedeno"


# Any order of any edits


def replay(trace) -> dict:
    """Go through the history from the start; each step must begin where the last one ended."""
    rows: dict = {}
    gone = trace[trace["action"] == "erased"]
    erased = set(zip(gone["table"], gone["key"], strict=True))
    for revision, step in trace.iterrows():
        place = (step["table"], step["key"])
        if place not in erased:
            assert step["before"] == (rows[place][0] if place in rows else None)
        if step["after"] is None:
            rows.pop(place, None)
        else:
            rows[place] = (step["after"], step["reason"], step["author"], step["when"], revision)
    return rows


def present(opened: plan.Plan) -> dict:
    return {
        (table.name, row.key): (
            dict(zip(table.facts, row.facts, strict=True)),
            row.reason,
            row.author,
            row.when.isoformat(timespec="seconds"),
            row.revision,
        )
        for table in records.TABLES
        for row in records.read(opened, table)
    }


PEOPLE = st.sampled_from(["ana", "bob"])
ROWS = st.tuples(st.sampled_from(["s-1", "type:3"]), st.sampled_from(["562777", "562882"]))
REASONS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


class TwoEditors(RuleBasedStateMachine):
    """Two people look and write in any order; what they see may have become old."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "plan.sqlite"
        self.plans = {name: plan.open_plan(path, author=name) for name in ("ana", "bob")}
        self.model: dict = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(target=seen)
    def look(self):
        """Remember everything as it is now."""
        return {key: row["revision"] for key, row in self.model.items()}

    @rule(who=PEOPLE, row=ROWS, serves=st.sampled_from([True, False, None]), why=REASONS, old=seen)
    def write(self, who, row, serves, why, old):
        fresh = self.model.get(row, {}).get("revision", 0) == old.get(row, 0)
        try:
            plan.state_served(self.plans[who], [(*row, serves)], note=why, revisions=old)
        except ChangedMeanwhile as error:
            told = error.fields["author"]
            by = self.model.get(row, {}).get("author", told)
            assert (fresh, by) == (False, told)
            return
        assert fresh
        if serves is None:
            self.model.pop(row, None)
        else:
            table = plan.served(self.plans[who]).set_index(["service_id", "code"])
            revision = int(table.loc[row, "revision"])
            self.model[row] = {"serves": serves, "author": who, "revision": revision}

    @rule(who=PEOPLE, row=ROWS, old=seen)
    def erase(self, who, row, old):
        fresh = self.model.get(row, {}).get("revision", 0) == old.get(row, 0)
        try:
            plan.erase(self.plans[who], SERVED, row, revision=old.get(row, 0))
        except ChangedMeanwhile:
            assert not fresh
        else:
            assert fresh
            self.model.pop(row, None)

    @rule(who=PEOPLE, value=st.floats(0.1, 500), unit=st.sampled_from(["km", "min"]),
          capacity=st.sampled_from(CAPACITY_UNITS))  # fmt: skip
    def threshold(self, who, value, unit, capacity):
        now = plan.thresholds(self.plans[who], {}).get(("13", "pob"), plan.Threshold())
        wanted = plan.Threshold(value, unit, value, capacity, reason="r", revision=now.revision)
        plan.set_threshold(self.plans[who], type_code="13", form="pob", threshold=wanted)
        held = plan.thresholds(self.plans[who], {})["13", "pob"]
        assert (held.value, held.unit, held.per_1000) == (value, unit, value)

    @invariant()
    def the_plan_is_what_was_acknowledged(self):
        table = plan.served(self.plans["ana"])
        found = {
            (row.service_id, row.code): {
                "serves": row.serves, "author": row.author, "revision": row.revision,
            }
            for row in table.itertuples()
        }  # fmt: skip
        assert found == self.model

    @invariant()
    def the_history_leads_to_the_present(self):
        assert replay(plan.history(self.plans["bob"])) == present(self.plans["ana"])


TwoEditors.TestCase.settings = hypothesis_settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_two_editors_in_any_order = TwoEditors.TestCase


def test_tables_of_the_code_are_those_of_the_file(opened):
    with closing(sqlite3.connect(opened.path)) as connection:
        for table in records.TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            keys = [
                row[1] for row in connection.execute(f"PRAGMA table_info({table.name})") if row[5]
            ]
            trace = ["reason", "author", "changed_at", "revision"]
            assert columns == [*table.key, *table.facts, *trace]
            assert keys == list(table.key)
    assert THRESHOLDS in records.TABLES


def test_groups_are_replaced_whole_and_only_what_changed_is_written(opened):
    first = [
        plan.OwnGroup("sluknovsko", name, position, ("13",))
        for position, name in enumerate(["Senioři", "Rodiny"])
    ]
    assert plan.replace_working_groups(opened, first, before=()) == 2
    before = plan.working_groups(opened, territory="sluknovsko")
    renamed = [before[0], plan.OwnGroup("sluknovsko", "Děti a rodiny", 1, ("5",))]
    assert plan.replace_working_groups(opened, renamed, before=before) == 2
    found = plan.working_groups(opened, territory="sluknovsko")
    assert [(group.name, group.type_codes) for group in found] == [
        ("Senioři", ("13",)), ("Děti a rodiny", ("5",))
    ]  # fmt: skip
    assert found[0].revision == before[0].revision
    with pytest.raises(ChangedMeanwhile):
        plan.replace_working_groups(opened, [], before=before)
    assert len(plan.working_groups(opened, territory="sluknovsko")) == 2


@pytest.mark.parametrize(
    "groups",
    [
        [plan.OwnGroup("a", "Senioři", 0, ("13",)), plan.OwnGroup("a", " Senioři ", 1, ("14",))],
        [plan.OwnGroup("a", "Senioři", 0, ())],
        [plan.OwnGroup("a", " ", 0, ("13",))],
    ],
)
def test_what_cannot_be_groups_is_refused(opened, groups):
    with pytest.raises(BadOption):
        plan.replace_working_groups(opened, groups, before=())
    assert plan.working_groups(opened, territory="a") == ()
