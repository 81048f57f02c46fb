"""Remarks of the round table: written by many at once, settled, counted, really erased."""

import multiprocessing
import sqlite3
import sys
import tempfile
import unicodedata
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpss_geo import plan
from kpss_geo.errors import (
    BadOption,
    ChangedMeanwhile,
    NoSuchRemark,
    TextEmpty,
    TextTooLong,
    TooManyWaiting,
)
from kpss_geo.plan import Remark, file, migrations
from kpss_geo.plan.typed import LONGEST, free_text, one_line
from kpss_geo.text import Words

import plan_writers

CS = Words("cs")
HERE = "sluknovsko"
LACKING = Remark("Chybí pečovatelská služba.", "user", HERE, code="562777", type_code="2")


@pytest.fixture
def opened(tmp_path) -> plan.Plan:
    return plan.open_plan(tmp_path / "plan.sqlite", author="user")


def only(opened: plan.Plan) -> Remark:
    (remark,) = plan.remarks(opened, territory=HERE)
    return remark


def everything_on_disk(opened: plan.Plan) -> bytes:
    return b"".join(each.read_bytes() for each in opened.path.parent.iterdir())


# Writing


def test_what_is_written_is_read_again(opened):
    given_ = replace(LACKING, service_id="mpsv-1", place="U školy", working_group="Senioři")
    number = plan.write_remark(opened, given_)
    stored = only(opened)
    assert number == stored.number == 1
    assert stored.written is not None
    assert stored.answered is None
    same = replace(stored, number=0, revision=0, written=None)
    assert same == given_
    assert plan.remarks(opened, territory="kaplice") == ()
    assert plan.remarks(None, territory=HERE) == ()


def test_every_write_leaves_its_trace(opened):
    plan.write_remark(opened, LACKING)
    plan.settle_remark(opened, only(opened), answer="Víme.", decision="noted", state="published")
    trace = plan.history(opened)
    assert trace["action"].tolist() == ["written", "written"]
    assert trace["key"].tolist() == [("1",), ("1",)]
    assert trace["before"].iloc[1]["answer"] == ""
    assert trace["after"].iloc[1]["answer"] == "Víme."
    assert trace["author"].tolist() == ["user", "user"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"role": "Jan Novák"}, BadOption),
        ({"code": "56277"}, BadOption),
        ({"state": "refused"}, BadOption),
        ({"text": " \n\t\u200b\u200d\ufeff\x00 "}, TextEmpty),
        ({"text": "x" * (LONGEST + 1)}, TextTooLong),
        ({"place": "y" * 201}, TextTooLong),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(opened, wrong, error):
    with pytest.raises(error):
        plan.write_remark(opened, replace(LACKING, **wrong))
    assert plan.remarks(opened, territory=HERE) == ()
    assert plan.history(opened).empty


def test_too_long_says_by_how_much():
    with pytest.raises(TextTooLong) as stop:
        free_text("é" * (LONGEST + 7))
    assert stop.value.fields == {"count": LONGEST + 7, "most": LONGEST, "over": 7}
    assert "2\xa0007" in CS.say(stop.value)


@given(st.text(max_size=LONGEST))
@example("<script>alert(1)</script><b>tučně</b>")
@example("=cmd|' /C calc'!A0")
@example("👩‍👩‍👧 🇨🇿 👍🏽")
@example("مرحبا بالعالم – שלום")
@example("a\x00b\x07c")
@example("\u202eobrácený\u202c text\u2066x\u2069")
@example("\ud800")
@example("\uffff\ufdd0")
@example("e\u0301" * 5)
def test_any_text_is_made_safe_and_nothing_visible_is_lost(text):
    try:
        cleaned = free_text(text)
    except TextEmpty:
        assert not any(unicodedata.category(c)[0] in "LNPS" for c in text)
        return
    assert free_text(cleaned) == cleaned
    assert len(cleaned) <= LONGEST
    cleaned.encode("utf-8")
    for character in cleaned:
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
        assert not 0x202A <= ord(character) <= 0x202E
        assert not 0x2066 <= ord(character) <= 0x2069
        assert character not in "\ufffe\uffff"
    seen = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LNPS"]
    assert [c for c in cleaned if unicodedata.category(c)[0] in "LNPS"] == seen
    assert "\n" not in one_line(text, most=LONGEST)


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4))
def test_texts_go_into_the_plan_and_come_back(texts):
    with tempfile.TemporaryDirectory() as folder:
        opened = plan.open_plan(Path(folder) / "plan.sqlite")
        expected = []
        for text in texts:
            try:
                plan.write_remark(opened, replace(LACKING, text=text))
            except TextEmpty:
                continue
            expected.append(free_text(text))
        assert [each.text for each in plan.remarks(opened, territory=HERE)] == expected


def test_emoji_and_right_to_left_stay_as_they_are():
    for text in ("👩‍👩‍👧‍👦 chybí školka", "مرحبا، أحتاج إلى مساعدة", "שלום", "🇨🇿🇺🇦"):
        assert free_text(text) == text


# Many at once


def test_many_processes_write_remarks_at_once(opened):
    context = multiprocessing.get_context("spawn")
    children = [
        context.Process(target=plan_writers.write_remarks, args=(opened.path, name, 25))
        for name in ("a", "b", "c")
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    stored = plan.remarks(opened, territory=HERE)
    assert [each.number for each in stored] == list(range(1, 76))
    assert sorted(each.text for each in stored) == sorted(
        f"{name} {n}" for name in "abc" for n in range(25)
    )
    assert all(each["agree"] == 1 for each in plan.reactions(opened).values())
    assert len(plan.reactions(opened)) == 75


# Settling


def test_a_settlement_is_written_with_its_moment(opened):
    plan.write_remark(opened, LACKING)
    seen = only(opened)
    plan.settle_remark(
        opened,
        seen,
        answer="Jednáme s\npečovatelskou službou.",
        decision="partly",
        state="published",
    )
    now = only(opened)
    assert (now.answer, now.decision) == ("Jednáme s\npečovatelskou službou.", "partly")
    assert now.answered is not None
    assert now.text == seen.text
    assert now.written == seen.written
    plan.settle_remark(opened, now, answer=now.answer, decision=now.decision, state="refused")
    assert only(opened).answered == now.answered
    plan.settle_remark(opened, only(opened), answer=" ", decision="", state="published")
    assert only(opened).answered is None


def test_two_coordinators_never_overwrite_each_other(opened):
    plan.write_remark(opened, LACKING)
    seen = only(opened)
    other = plan.open_plan(opened.path, author="coordinator")
    plan.settle_remark(other, seen, answer="První.", decision="accepted", state="published")
    with pytest.raises(ChangedMeanwhile) as stop:
        plan.settle_remark(opened, seen, answer="Druhý.", decision="noted", state="published")
    assert "První." in CS.say(stop.value)
    assert LACKING.text not in CS.say(stop.value)
    assert only(opened).answer == "První."


@pytest.mark.parametrize("wrong", [{"decision": "ano"}, {"state": "smazáno"}])
def test_a_settlement_that_does_not_exist_is_refused(opened, wrong):
    plan.write_remark(opened, LACKING)
    with pytest.raises(BadOption):
        plan.settle_remark(
            opened, only(opened), **{"answer": "", "decision": "", "state": "published", **wrong}
        )


def test_a_remark_that_waits_is_approved(opened):
    plan.write_remark(opened, replace(LACKING, state="waiting"))
    seen = only(opened)
    assert seen.state == "waiting"
    with pytest.raises(NoSuchRemark):
        plan.react(opened, seen.number, visit="v", kind="agree")
    plan.settle_remark(opened, seen, answer="", decision="", state="published")
    plan.react(opened, seen.number, visit="v", kind="agree")
    assert plan.reactions(opened)[1]["agree"] == 1


def test_a_flood_of_waiting_remarks_is_bounded(opened, monkeypatch):
    monkeypatch.setattr(sys.modules["kpss_geo.plan.remarks"], "MOST_WAITING", 2)
    for _ in range(2):
        plan.write_remark(opened, replace(LACKING, state="waiting"))
    with pytest.raises(TooManyWaiting):
        plan.write_remark(opened, replace(LACKING, state="waiting"))
    plan.write_remark(opened, LACKING)
    assert len(plan.remarks(opened, territory=HERE)) == 3


# Reactions


def test_one_visit_has_one_reaction_and_may_change_or_take_it_back(opened):
    number = plan.write_remark(opened, LACKING)
    for visit in ("a", "b"):
        plan.react(opened, number, visit=visit, kind="agree")
    plan.react(opened, number, visit="b", kind="more")
    counted = plan.reactions(opened, visit="b")[number]
    assert (counted["agree"], counted["disagree"], counted["more"]) == (1, 0, 1)
    assert counted.mine == "more"
    plan.react(opened, number, visit="b", kind="more")
    assert plan.reactions(opened, visit="b")[number].mine == ""
    with pytest.raises(BadOption):
        plan.react(opened, number, visit="a", kind="love")
    with pytest.raises(NoSuchRemark):
        plan.react(opened, 99, visit="a", kind="agree")


def test_settling_keeps_the_reactions(opened):
    number = plan.write_remark(opened, LACKING)
    plan.react(opened, number, visit="a", kind="disagree")
    plan.settle_remark(opened, only(opened), answer="x", decision="", state="published")
    assert plan.reactions(opened)[number]["disagree"] == 1


def test_reactions_leave_no_trace_of_who(opened):
    number = plan.write_remark(opened, LACKING)
    plan.react(opened, number, visit="visit-of-somebody", kind="agree")
    plan.react(opened, number, visit="visit-of-somebody", kind="agree")
    assert b"visit-of-somebody" not in everything_on_disk(opened)
    assert len(plan.history(opened)) == 1


# Erasing


def test_the_erased_text_is_in_no_byte_of_the_file_and_the_trace_stays(opened):
    private = "Paní Vomáčková z Horní ulice " * 60  # more than a page: overflow pages too
    plan.write_remark(opened, replace(LACKING, text=private))
    plan.write_remark(opened, replace(LACKING, text="Zůstává."))
    plan.settle_remark(
        opened, plan.remarks(opened, territory=HERE)[0], answer="Vomáčkové píšeme.",
        decision="noted", state="published",
    )  # fmt: skip
    plan.react(opened, 1, visit="v", kind="agree")
    assert "Vomáčkov".encode() in everything_on_disk(opened)
    coordinator = plan.open_plan(opened.path, author="coordinator")
    plan.erase_remark(coordinator, plan.remarks(opened, territory=HERE)[0], reason="osobní údaje")
    assert "Vomáčkov".encode() not in everything_on_disk(opened)
    assert only(opened).text == "Zůstává."
    (trace,) = plan.erased_remarks(opened, territory=HERE)
    assert (trace.number, trace.author, trace.reason) == (1, "coordinator", "osobní údaje")
    assert plan.erased_remarks(opened, territory="kaplice") == ()
    assert plan.reactions(opened) == {}
    last = plan.history(opened).iloc[-1]
    assert (last["action"], last["after"]) == ("erased", {"territory": HERE})


def test_a_number_never_comes_again(opened):
    plan.write_remark(opened, LACKING)
    plan.erase_remark(opened, only(opened), reason="omyl")
    assert plan.write_remark(opened, LACKING) == 2


def test_erasing_needs_a_reason_and_the_newest_state(opened):
    plan.write_remark(opened, LACKING)
    seen = only(opened)
    with pytest.raises(BadOption):
        plan.erase_remark(opened, seen, reason=" \u200b")
    plan.settle_remark(opened, seen, answer="x", decision="", state="published")
    with pytest.raises(ChangedMeanwhile):
        plan.erase_remark(opened, seen, reason="omyl")
    assert only(opened).answer == "x"
    plan.erase_remark(opened, only(opened), reason="omyl")
    with pytest.raises(NoSuchRemark):
        plan.settle_remark(opened, seen, answer="y", decision="", state="published")
    with pytest.raises(NoSuchRemark):
        plan.erase_remark(opened, seen, reason="omyl")


# Forms of the file


def test_a_plan_of_the_first_form_is_moved_on_with_what_it_holds(tmp_path, monkeypatch):
    path = tmp_path / "plan.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(file, "MIGRATIONS", migrations.MIGRATIONS[:1])
        plan.state_served(plan.open_plan(path), [("s-1", "562777", True)])
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    moved = plan.open_plan(path)
    assert plan.served(moved)["service_id"].tolist() == ["s-1"]
    assert plan.write_remark(moved, LACKING) == 1


# Personal data


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Volejte 412 386 312.", {"a telephone number"}),
        ("tel.+420412386312", {"a telephone number"}),
        ("00420 777-123-456", {"a telephone number"}),
        ("pište na jana.novakova@obec.cz", {"an e-mail address"}),
        ("r. č. 735617/0008", {"a birth number"}),
        ("7356170008", {"a birth number"}),
        ("530617/123", {"a birth number"}),
        ("Chybí 12 lůžek pro 10 004 lidí do 15 km, § 40, od 1. 1. 2027.", set()),
        ("Rozpočet 250 000 000 Kč, IČO 00261602, obec 562777", set()),
        ("Zákon č. 108/2006 Sb., vyhláška 505/2006", set()),
        ("735617/0002", set()),
    ],
)
def test_personal_data_are_recognised(text, kinds):
    assert {str(kind) for kind in plan.personal_data(text)} == kinds


@given(st.integers(1920, 2025), st.integers(1, 12), st.integers(1, 28), st.integers(0, 999),
       st.booleans())  # fmt: skip
def test_every_valid_birth_number_is_recognised(year, month, day, serial, woman):
    """By the rule of the law (133/2000 § 13): ten digits divisible by 11, nine until 1953."""
    head = f"{year % 100:02}{month + 50 * woman:02}{day:02}{serial:03}"
    if year < 1954:
        text = f"{head[:6]}/{head[6:]}"
    else:
        endings = [n for n in range(10) if int(head + str(n)) % 11 == 0]
        if not endings:
            return
        text = f"{head[:6]}/{head[6:]}{endings[0]}"
    assert "a birth number" in plan.personal_data(f"Rodné číslo {text} je zde.")
