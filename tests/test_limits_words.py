"""Words of limits, forms and districts: only what there is, and what decides."""

import re
from dataclasses import replace

import numpy as np
import pytest

from kpss_geo import finder, study
from kpss_geo.coverage import DISTRICT_NOT_HELD, FIELD_NOT_HELD, Limit
from kpss_geo.distance import Reach, Travel
from kpss_geo.export import near
from kpss_geo.report import board, found, html, reasons, sentences, unknown
from kpss_geo.schema import COVERED, NOT_COVERED, PEOPLE, UNKNOWN
from kpss_geo.situations import Situation
from kpss_geo.text import Words

from facts import DAY, FIVE

CS = Words("cs")
NBSP = "\u00a0"
LIMITS = {
    (code, form): Limit(form, Reach(value, "min"))
    for code, form, value in (
        ("33", "pob", 60.0), ("33", "amb", 30.0), ("8", "pob", 45.0), ("8", "amb", 20.0),
        ("14", "pob", 45.0), ("10", "amb", 20.0), ("6", "amb", 30.0), ("29", "amb", 20.0),
        ("4", "amb", 15.0), ("30", "amb", 30.0),
    )
}  # fmt: skip
LIMIT = re.compile(r"(\d+(?:,\d+)?)\u00a0min\); limit je (\d+)\u00a0min\.")


@pytest.fixture(scope="module")
def ask(data, settings):
    def go(territory, service, *, limits=LIMITS, data=data, **options):
        question = study.ask(
            data, settings, territory_id=territory, service=service, on=DAY, limits=limits,
            **options,
        )  # fmt: skip
        return study.answer(question, data)

    return go


@pytest.fixture(scope="module")
def everything(data, settings):
    """Answers about all types that the data hold, of all five territories."""
    answers = []
    for territory in FIVE:
        questions = [
            study.ask(data, settings, territory_id=territory, service=code, on=DAY, limits=LIMITS)
            for code in sorted(data.register.completeness.type_codes)
        ]
        known = study.measure(questions[0], data)
        answers += [study.answer(question, data, measured=known) for question in questions]
    return answers


def _texts(answer):
    records = answer.obce.to_dict("records")
    return [
        sentences.headline(answer, CS), sentences.second_line(answer, CS),
        sentences.threshold_words(answer, CS), sentences.service_words(answer, CS),
        near.limit_of(answer), html.obce_table(answer, CS), html.gaps_table(answer, CS),
        *(reasons.reason(answer, obec, CS) for obec in records),
    ]  # fmt: skip


def test_no_words_name_a_form_of_which_there_is_none(everything):
    left_out = 0
    for answer in everything:
        there = {form for forms in answer.places["forms"] for form in forms}
        asked = {limit.form for limit in answer.question.limits} - {"ter"}
        for form, word in (("pob", "pobytov"), ("amb", "ambulant")):
            if form in asked - there and there:
                left_out += 1
                text = " ".join(_texts(answer)).replace(answer.service_type.name, "")
                assert word not in text
                assert not re.search(rf"(do|je|než)\s60{NBSP}min", text)
    assert left_out >= 5


def test_a_form_that_was_asked_for_is_named_though_there_is_none(ask):
    answer = ask("kaplice", "33", form="pob")
    assert not any("pob" in forms for forms in answer.places["forms"])
    assert "do 60\u00a0min" in sentences.threshold_words(answer, CS)
    assert near.limit_of(answer) == "do\u00a060\u00a0min"


def test_a_reason_measures_the_place_it_names_by_the_limit_of_its_form(everything):
    seen = {COVERED: 0, NOT_COVERED: 0}
    for answer in everything:
        limits = {limit.form: limit.reach.value for limit in answer.question.limits}
        for obec in answer.obce.to_dict("records"):
            match = LIMIT.search(reasons.reason(answer, obec, CS))
            if obec["verdict"] not in seen or not match:
                continue
            way, limit = float(match[1].replace(",", ".")), float(match[2])
            prefix = "within" if obec["verdict"] == COVERED else "beyond"
            place = answer.places.loc[obec[f"{prefix}_place"]]
            form = reasons.nearest_form(obec, prefix)
            assert form in place["forms"]
            assert limit == limits[form]
            assert way <= limit if prefix == "within" else way >= limit
            several = len(answer.question.limits) > 1
            assert (FORM_NAMED[form] in reasons.reason(answer, obec, CS)) == several
            seen[obec["verdict"]] += 1
    assert min(seen.values()) > 300


FORM_NAMED = {"pob": "v pobytové formě", "amb": "v ambulantní formě"}


@pytest.fixture(scope="module")
def one_form_each(data):
    """The data with every respite service of one form alone, by turns."""
    lines = data.register.capacities
    types = data.register.services["type_code"].reindex(lines["service_id"]).to_numpy()
    numbers = np.unique(lines["service_id"], return_inverse=True)[1]
    forms = np.where(numbers % 2 == 0, "pob", "amb")
    changed = lines.assign(form=lines["form"].where(types != "8", forms))
    return replace(data, register=replace(data.register, capacities=changed))


def test_of_those_in_reach_a_farther_place_of_another_form_may_decide(ask, one_form_each):
    tight = LIMITS | {("8", "amb"): Limit("amb", Reach(1.0, "min"))}
    answer = ask("jihomoravsky", "8", limits=tight, data=one_form_each)
    rows = answer.obce[answer.obce["verdict"] == COVERED]
    other = rows[rows["within_min"] > rows["nearest_min"] + 1]
    assert len(other)
    for obec in other.to_dict("records"):
        if reasons.nearest_form(obec) == "amb" and obec["nearest_min"] > 1:
            assert "v pobytové formě" in reasons.reason(answer, obec, CS)


def test_depth_is_measured_from_the_limit_of_the_form_of_the_nearest_place(one_form_each, settings):
    limits = {
        ("8", "pob"): Limit("pob", Reach(12.0, "min")),
        ("8", "amb"): Limit("amb", Reach(4.0, "min")),
    }
    question = study.ask(
        one_form_each, settings, territory_id="jihomoravsky", service="8", on=DAY, limits=limits
    )  # without the field form nobody is unknown for its sake
    question = replace(question, limits=tuple(limits.values()))
    known = study.measure(question, one_form_each)
    answer = study.answer(question, one_form_each, measured=known)
    homes, ways = known.usual.homes, known.usual.nearest
    pob, amb = (ways["8", form]["minutes"].to_numpy() for form in ("pob", "amb"))
    over = np.where(amb < pob, amb - 4.0, pob - 12.0)
    depth = np.bincount(homes.obec, weights=homes.people * over, minlength=homes.obce)
    whole = (answer.obce[NOT_COVERED] == answer.obce[PEOPLE]) & (answer.obce[PEOPLE] > 0)
    numbers = np.flatnonzero(whole.to_numpy(dtype=bool))
    records = answer.obce.iloc[numbers].to_dict("records")
    assert {reasons.nearest_form(obec, "beyond") for obec in records} == {"pob", "amb"}
    assert answer.minutes_beyond.iloc[numbers].to_numpy(float) == pytest.approx(depth[numbers])


def _in_plain_loops(known, question, data, code):
    """Districts not held into which the reach crosses from a home point of an obec."""
    here = known.home[(known.home["code"] == code) & (known.home["people"] > 0)]
    others = data.obce[~data.obce["district_code"].isin(data.register.completeness.districts)]
    travel = question.travel
    reaches = [limit.reach for limit in question.limits if limit.form != "ter"]
    names = set()
    for x, y in here[["x", "y"]].to_numpy(float):
        away = np.hypot(others["x"] - x, others["y"] - y) - others["extent_m"]
        metres = np.maximum(away.to_numpy(float), 0.0) * travel.detour_factor
        minutes = metres / (travel.speed_kmh * 1000 / 60)
        for reach in reaches:
            measured = minutes if reach.unit == "min" else metres / 1000
            names |= {*others.loc[measured <= reach.value + 1e-9, "district_name"]}
    return names


@pytest.mark.parametrize(("territory", "service"), [("kaplice", "14"), ("jihomoravsky", "10")])
def test_districts_named_are_those_the_reach_crosses_into(data, settings, territory, service):
    question = study.ask(
        data, settings, territory_id=territory, service=service, on=DAY, limits=LIMITS
    )
    known = study.measure(question, data)
    answer = study.answer(question, data, measured=known)
    rows = answer.obce[answer.obce["reason"] == DISTRICT_NOT_HELD]
    assert len(rows) > 3
    for code, obec in rows.head(40).iterrows():
        names = set(obec["near_districts"])
        assert names
        every = _in_plain_loops(known, question, data, code)
        assert names <= every
        if obec[UNKNOWN] == obec[PEOPLE]:
            assert names == every
        text = unknown.reason_words(answer, obec.to_dict(), CS)
        assert all(name in text for name in names) or "a další" in text


def _holding(data, names):
    """The data, once the services of some districts are in them whole."""
    codes = set(data.obce.loc[data.obce["district_name"].isin(names), "district_code"])
    held = data.register.completeness
    whole = replace(held, districts=held.districts | codes)
    return replace(data, register=replace(data.register, completeness=whole))


@pytest.mark.parametrize(
    ("territory", "service"), [("kaplice", "14"), ("luhacovice", "6"), ("sluknovsko", "6")]
)
def test_adding_the_named_districts_answers_the_question(ask, data, territory, service):
    answer = ask(territory, service)
    open_ = answer.obce[answer.obce["reason"].isin((DISTRICT_NOT_HELD, FIELD_NOT_HELD))]
    assert len(open_)
    for code, obec in list(open_.iterrows())[:2]:
        names = {*obec["near_districts"], *obec["field_districts"]}
        decided = ask(territory, service, data=_holding(data, names)).obce.loc[code]
        assert decided[UNKNOWN] == 0
        but_one = names - {sorted(names)[-1]}
        still = ask(territory, service, data=_holding(data, but_one)).obce.loc[code]
        assert still[UNKNOWN] > 0


def test_where_both_are_open_one_sentence_says_both(ask):
    answer = ask("luhacovice", "6")
    rows = answer.obce[
        (answer.obce["reason"] == DISTRICT_NOT_HELD) & answer.obce["field_districts"].map(bool)
    ]
    assert len(rows)
    for obec in rows.to_dict("records"):
        text = reasons.reason(answer, obec, CS)
        assert "místo" in text
        assert "terénní služba" in text
        assert "Vsetín" in text
        assert "nebo se zeptejte kraje" in text


def test_one_district_and_several_and_many_are_well_written():
    assert unknown.listed(("Třebíč",), CS) == "Třebíč"
    assert unknown.listed(("Třebíč", "Žďár nad Sázavou"), CS) == "Třebíč a Žďár nad Sázavou"
    many = tuple("ABCDEFGH")
    assert unknown.listed(many, CS) == "A, B, C, D, E a dalších (3)"
    assert unknown.listed(many[:6], CS) == "A, B, C, D, E a F"


TRAVELS = ("jezd", "přijede", "přijíž", "dojíž", "terénní", "domů", "vzdušn", "poblíž", "km")


def test_nothing_says_that_a_service_at_a_distance_travels(everything):
    told = [answer for answer in everything if answer.service_type.anywhere]
    assert len(told) == 2 * len(FIVE)
    for answer in told:
        small = sentences.measured_words(answer, CS)
        code = answer.territory.codes[0]
        records = answer.obce.head(30).to_dict("records")
        texts = [
            sentences.headline(answer, CS), sentences.second_line(answer, CS), *small,
            near.limit_of(answer), board.obec_table([answer], code, CS, said=reasons.brief),
            *(reasons.reason(answer, obec, CS) for obec in records),
        ]  # fmt: skip
        for text in texts:
            assert not [word for word in TRAVELS if word in text.lower()], text


@pytest.mark.parametrize("service", ["5", "18"])
def test_the_finder_speaks_of_no_way_to_a_service_at_a_distance(data, service):
    travel = Travel(1.4, 50.0)
    result = finder.find("545406", [service], data, travel=travel, on=DAY)
    assert len(result.coming)
    life = Situation(id=service, name=data.types[service].name, types=(service,))
    whole = re.sub(r"<details.*?</details>", " ", found.page(result, life, data, CS), flags=re.S)
    page = re.sub(r"<[^>]*>", " ", whole)  # the details hold what is registered, form and all
    headline = found.headline(result, life, CS)
    for text in (page, headline):
        assert not [word for word in TRAVELS if word in text.lower()], text
    assert "na dálku" in headline
    both = finder.find("545406", [service, "3"], data, travel=travel, on=DAY)
    page = found.page(both, life, data, CS)
    assert page.count("<section") == 3
    cards = page.split('data-testid="distance"')[1].split("</section>")[0]
    assert cards.count('class="kpss-card"') == len(result.coming)
