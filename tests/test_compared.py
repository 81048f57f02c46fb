"""Two Answers side by side: recounted independently, and what must hold for any two."""

import io
import itertools
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpss_geo import dataset, study, team
from kpss_geo.distance import Reach
from kpss_geo.errors import NotComparable
from kpss_geo.report import compared, compared_files, compared_rows, compared_words, files
from kpss_geo.report import rows as answer_rows
from kpss_geo.schema import UNKNOWN, VERDICTS
from kpss_geo.settings import Settings
from kpss_geo.study import Answer
from kpss_geo.study.answer import CHECKS
from kpss_geo.study.compared import (
    ENDED,
    LESS,
    MORE,
    NOT_JUDGED,
    OUTCOMES,
    SAME,
    STARTED,
    WITHIN,
)
from kpss_geo.text import Words

from facts import DAY, EMPTY_FOLDER

CS = Words("cs")


OFFICE = Settings(geo_data=EMPTY_FOLDER)


@cache
def _data() -> dataset.Data:
    return dataset.load(OFFICE)


@cache
def _base(where: str) -> Answer:
    return _answer(where)


def _answer(where: str = "sluknovsko", service: str = "13", on: date = DAY, **more) -> Answer:
    asked = study.ask(
        _data(),
        OFFICE,
        territory_id=where,
        service=service,
        on=on,
        limits=team.read_team(OFFICE, None).limits,
        **more,
    )
    return study.answer(asked, _data())


@pytest.mark.parametrize("service", ["13", "14", "10", "1"])
@pytest.mark.parametrize("pair", [("sluknovsko", "kaplice"), ("jihomoravsky", "luhacovice")])
def test_every_line_is_what_pandas_counts_from_the_rows_of_both(pair, service):
    a, b = (_answer(where, service) for where in pair)
    found = study.compare(a, b, data=_data())
    tables = [pd.DataFrame(answer_rows.rows(each)) for each in (a, b)]
    for line in found.lines[:5]:
        column = "population" if line.measure == "people" else line.measure
        assert (line.a, line.b) == tuple(int(table[column].sum()) for table in tables)
        assert line.difference == line.b - line.a
        if line.measure in VERDICTS:
            shares = [table[column].sum() / table["population"].sum() for table in tables]
            assert line.share_difference == pytest.approx(shares[1] - shares[0])
    way = found.line("nearest_m")
    means = [
        np.average(table.dropna(subset="nearest_m")["nearest_m"],
                   weights=table.dropna(subset="nearest_m")["population"])
        for table in tables
    ]  # fmt: skip
    assert (way.a, way.b) == pytest.approx(means, abs=1)


def test_capacity_per_1000_is_the_beds_of_the_register_by_the_people():
    found = study.compare(_answer(), _answer("kaplice"), data=_data())
    line = next(each for each in found.lines if (each.form, each.unit) == ("pob", "luzka"))
    # 87 beds for 10,969 people of 65+ in Šluknovsko, 54 for 3,532 in ORP Kaplice.
    assert line.a == pytest.approx(87 / 10.969)
    assert line.b == pytest.approx(54 / 3.532)


def test_other_types_or_people_cannot_be_compared():
    with pytest.raises(NotComparable):
        study.compare(_answer(), _answer(service="14"), data=_data())
    with pytest.raises(NotComparable):
        study.compare(_answer(), _answer(target="deti"), data=_data())


counts = st.lists(st.integers(0, 300), min_size=4, max_size=4)
sides = st.tuples(counts, st.lists(counts, min_size=4, max_size=4))


def _made(base: Answer, side: tuple[list[int], list[list[int]]]) -> Answer:
    """An Answer with these people by verdict; each check moves the same number of people."""
    usual, checks = side
    people = sum(usual)
    obce = base.obce.copy()
    for verdict, count in zip(VERDICTS, usual, strict=True):
        obce[verdict] = pd.array([count, *[0] * (len(obce) - 1)], dtype="Int64")
    obce["people"] = pd.array([people, *[0] * (len(obce) - 1)], dtype="Int64")
    bounds = []
    for check in checks:
        cut = np.sort(np.array(check[:3]) % (people + 1))
        bounds.append(np.diff([0, *cut, people]))
    return replace(base, obce=obce, bounds=pd.DataFrame(bounds, list(CHECKS), list(VERDICTS)))


@settings(deadline=None, max_examples=60)
@given(sides, sides)
def test_differences_add_up_and_turn_round_with_the_sides(one, two):
    a, b = _made(_base("tanvaldsko"), one), _made(_base("kaplice"), two)
    there, back = study.compare(a, b, data=_data()), study.compare(b, a, data=_data())
    verdicts = [there.line(verdict) for verdict in VERDICTS]
    assert sum(line.difference for line in verdicts) == there.line("people").difference
    turned = {MORE: LESS, LESS: MORE, SAME: SAME, WITHIN: WITHIN, NOT_JUDGED: NOT_JUDGED}
    for line in verdicts:
        again = back.line(line.measure)
        assert again.difference == -line.difference
        assert line.outcome in OUTCOMES
        assert again.outcome == turned[line.outcome]


@settings(deadline=None, max_examples=60)
@given(sides, sides, st.sampled_from(VERDICTS[:3]))
def test_a_difference_holds_exactly_when_no_check_and_no_unknown_can_turn_it(one, two, verdict):
    a, b = _made(_base("tanvaldsko"), one), _made(_base("kaplice"), two)
    outcome = study.compare(a, b, data=_data()).line(verdict).outcome
    people = [sum(one[0]), sum(two[0])]
    if not all(people) or any(
        side[0][3] == total for side, total in zip((one, two), people, strict=True)
    ):
        assert outcome == NOT_JUDGED
        return
    signs = set()
    for n in range(5):
        rows = [
            answer.totals if n == 0 else answer.bounds.iloc[n - 1].to_dict() for answer in (a, b)
        ]
        for mine, theirs in itertools.product((0, 1), repeat=2):
            # Cross-multiplied whole numbers: no rounding can hide a tie.
            left = (int(rows[0][verdict]) + mine * int(rows[0][UNKNOWN])) * people[1]
            right = (int(rows[1][verdict]) + theirs * int(rows[1][UNKNOWN])) * people[0]
            signs.add((right > left) - (right < left))
    expected = {(1,): MORE, (-1,): LESS, (0,): SAME}.get(tuple(signs), WITHIN)
    assert outcome == expected


def test_the_same_twice_differs_in_nothing():
    found = study.compare(_answer(), _answer(), data=_data())
    assert {line.outcome for line in found.lines if line.measure in VERDICTS[:3]} == {SAME}
    assert not any(line.difference for line in found.lines)
    assert study.changed_obce(found).empty


def _ending(service: str, until: date) -> dataset.Data:
    """The data with a service that ends on a day, as an imported register would hold it."""
    services = _data().register.services.copy()
    services.at[service, "until"] = until
    return replace(_data(), register=replace(_data().register, services=services))


@pytest.fixture(scope="module")
def closing() -> tuple[study.Comparison, dataset.Data, str]:
    """The most used home for seniors of Šluknovsko closes at the end of October."""
    before = _answer(reach=Reach(15.0, "km"))
    used = str(before.places.sort_values("used").iloc[-1]["service_id"])
    tables = _ending(used, date(2026, 10, 31))
    asked = before.question
    a, b = (study.answer(replace(asked, on=day), tables) for day in (DAY, date(2026, 11, 1)))
    return study.compare(a, b, data=tables), tables, used


def test_a_closed_service_and_its_people_are_listed(closing):
    found, tables, used = closing
    near = found.a.territory.codes
    services = study.changed_services(found, tables, near=near)
    assert set(services["service_id"]) == {used}
    assert set(services["change"]) == {ENDED}
    assert set(services["until"]) == {date(2026, 10, 31)}
    changed = study.changed_obce(found)
    both = [pd.DataFrame(answer_rows.rows(each)).set_index("code") for each in (found.a, found.b)]
    columns = list(VERDICTS)
    moved = both[1][columns] - both[0][columns].loc[both[1].index]
    expected = moved[moved.abs().sum(axis=1) > 0]
    assert len(changed)
    pd.testing.assert_frame_equal(
        changed[columns].sort_index().astype("int64"),
        expected.sort_index().astype("int64"),
        check_names=False,
    )
    assert int(changed["covered"].sum()) == found.line("covered").difference < 0
    assert changed[columns].sum(axis=1).eq(0).all()


def test_days_the_other_way_round_tell_the_same_story(closing):
    found, tables, _used = closing
    turned = study.compare(found.b, found.a, data=tables)
    services = study.changed_services(turned, tables, near=found.a.territory.codes)
    assert services["change"].tolist()[0] == ENDED
    assert turned.line("covered").difference == -found.line("covered").difference


def test_a_service_that_starts_is_said_to_start(closing):
    found, tables, used = closing
    services = tables.register.services.copy()
    services.at[used, "until"] = None
    services.at[used, "since"] = date(2026, 10, 15)
    tables = replace(tables, register=replace(tables.register, services=services))
    a, b = (study.answer(each.question, tables) for each in (found.a, found.b))
    changed = study.changed_services(
        study.compare(a, b, data=tables), tables, near=found.a.territory.codes
    )
    assert changed["change"].unique().tolist() == [STARTED]


def test_before_the_register_it_is_not_known_and_the_words_say_so():
    a, b = _answer(service="10", on=date(2026, 1, 1)), _answer(service="10")
    found = study.compare(a, b, data=_data())
    assert found.line("not_covered").a == 0
    assert found.line("unknown").a > 0
    assert all(line.a is None for line in found.lines if line.measure == "per_1000")
    said = " ".join(compared_words.cautions(found, _data(), CS))
    assert "Před registrem, který je v datech (9/2026): 1. 1. 2026." in said.replace("\xa0", " ")
    assert "obyvatelé: ČSÚ k 31. 12. 2020" in said
    assert compared_words.headline(found, CS).startswith("denní stacionáře")


def test_the_headline_names_shares_and_what_is_not_known():
    found = study.compare(_answer(service="14"), _answer("kaplice", "14"), data=_data())
    text = compared_words.headline(found, CS).replace("\xa0", " ")
    assert text == (
        "domovy se zvláštním režimem (§ 50): nepokryto je 17 % (o 9 % nevíme) seniorů 65+ na "
        "Šluknovsku a 8 % (o 27 % nevíme) v ORP Kaplice; rozdíl je v mezích nejistoty."
    )


def test_a_side_of_which_nothing_is_known_is_not_compared():
    found = study.compare(_answer(service="3"), _answer("kaplice", "3"), data=_data())
    assert "strany proto srovnat nejde" in compared_words.headline(found, CS)


def test_the_files_hold_every_line_and_add_up():
    found = [
        study.compare(_answer(service=s), _answer("kaplice", s), data=_data()) for s in ("13", "14")
    ]
    text = files.to_csv(compared_rows.rows(found), fields=compared_rows.FIELDS)
    table = pd.read_csv(io.StringIO(text))
    assert len(table) == sum(len(each.lines) for each in found)
    for _, part in table.groupby("service_type"):
        people = part.set_index("measure")["difference"]
        assert people[list(VERDICTS)].sum() == people["people"]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(compared_files.workbook(found, _data(), CS, about=found[1]))
    )
    assert book.sheet_names == ["Srovnání", "Co to říká", "Zdroje"]
    lines = book.get_sheet_by_name("Srovnání").to_python()
    assert len(lines) == len(table) + 1
    assert lines[1][lines[0].index("Hodnota A")] == 10_969


def test_the_tables_write_the_sums():
    found = study.compare(_answer(service="14"), _answer("kaplice", "14"), data=_data())
    text = compared.lines_table(found, CS).replace("\xa0", " ")
    for cell in ("10 969", "3 532", "−7 437", "−9,5", "v mezích nejistoty"):
        assert cell in text
    assert compared.points(-0.0, CS) == "0"
