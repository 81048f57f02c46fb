"""Verdicts by form, capacity and declared territory; firmness; the deciding fact."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from kpss_geo import served, study
from kpss_geo.coverage import Limit
from kpss_geo.distance import Reach
from kpss_geo.report import board, reasons, rows
from kpss_geo.schema import VERDICTS
from kpss_geo.served import Ratio, Served
from kpss_geo.sources.register import open_places
from kpss_geo.study import NOTHING_SAID
from kpss_geo.text import Words

from facts import DAY, FIVE

KM_15 = Reach(15.0, "km")


def _said(pairs: dict[tuple[str, str], bool]) -> Served:
    keys = pd.MultiIndex.from_tuples(list(pairs), names=["service_id", "code"])
    return Served(pd.Series(list(pairs.values()), index=keys, dtype=bool))


@pytest.fixture(scope="module")
def declare(data, settings):
    """Answer about a type with declared territories and limits."""

    def go(territory, service, said=NOTHING_SAID, limits=study.NO_LIMITS, **options):
        question = study.ask(
            data, settings, territory_id=territory, service=service, on=DAY, limits=limits,
            **options,
        )  # fmt: skip
        return study.answer(question, data, said=said)

    return go


def _everybody_asked(answer, serves):
    """Say of every field service and of anybody else whether it serves each obec."""
    codes = answer.territory.codes
    said = {(s, c): serves(s, c) for s in answer.supply.field.index for c in codes}
    return said | {(f"type:{answer.service_type.code}", c): False for c in codes}


def test_a_declared_territory_covers_and_the_rest_is_known_not_to_be(declare):
    silent = declare("sluknovsko", "3")
    assert silent.totals["unknown"] == silent.totals["people"]
    served = {"562777", "562882"}
    first = silent.supply.field.index[0]
    said = _said(_everybody_asked(silent, lambda s, c: s == first and c in served))
    answer = declare("sluknovsko", "3", said)
    assert answer.totals["unknown"] == answer.totals["on_paper"] == 0
    assert answer.totals["covered"] == answer.obce.loc[list(served), "people"].sum()
    assert answer.totals["covered"] == answer.obce["by_ter"].sum()
    assert set(answer.obce.loc[list(served), "verdict"]) == {"covered"}
    assert {reasons.main_form(r) for r in answer.obce.loc[list(served)].to_dict("records")} == {
        "ter"
    }


def test_one_service_that_nobody_spoke_of_keeps_the_obec_unknown(declare):
    silent = declare("sluknovsko", "3")
    pairs = _everybody_asked(silent, lambda _s, _c: False)
    near = silent.obce["silent"].map(len)
    assert (near > 0).all()
    one = silent.obce.at["562777", "silent"][0]
    del pairs[one, "562777"], pairs["type:3", "562777"]
    answer = declare("sluknovsko", "3", _said(pairs))
    assert answer.obce.at["562777", "verdict"] == "unknown"
    assert answer.obce.at["562777", "silent"] == (one,)
    assert (
        answer.totals["not_covered"] == answer.totals["people"] - answer.obce.at["562777", "people"]
    )
    provider = answer.supply.field.at[one, "provider"]
    sentence = reasons.reason(answer, answer.obce.loc["562777"].to_dict(), Words("cs"))
    assert provider.rstrip(".") in sentence


def test_what_is_said_of_any_other_service_closes_the_question(declare):
    codes = declare("sluknovsko", "3").territory.codes
    none = declare("sluknovsko", "3", _said({("type:3", c): False for c in codes}))
    assert none.totals["not_covered"] == none.totals["people"]
    some = declare("sluknovsko", "3", _said({("type:3", c): True for c in codes}))
    assert some.totals["covered"] == some.totals["people"]
    limit = {("3", "ter"): Limit("ter", KM_15, Ratio(5.0, "klient"))}
    unsure = declare("sluknovsko", "3", _said({("type:3", c): True for c in codes}), limit)
    assert unsure.totals["unknown"] == unsure.totals["people"]


def test_a_declared_territory_beyond_its_capacity_is_on_paper(declare):
    """Capacity 10 at 20 per 1 000 carries 500 people, shared among the declared obce."""
    silent = declare("sluknovsko", "3")
    services = [
        s for s, row in silent.supply.field.iterrows()
        if any(f == "ter" and u == "klient" and n > 0 for f, u, n in row["capacity"])
    ]  # fmt: skip
    service = services[0]
    count = sum(n for f, u, n in silent.supply.field.at[service, "capacity"] if u == "klient")
    served = ["562777", "562882", "562858"]
    people = int(silent.obce.loc[served, "people"].sum())
    per_1000 = count * 1000 / (people / 4)  # a quarter of the people can be carried
    limit = Limit("ter", KM_15, Ratio(per_1000, "klient"))
    said = _said(_everybody_asked(silent, lambda s, c: s == service and c in served))
    answer = declare("sluknovsko", "3", said, {("3", "ter"): limit})
    covered = answer.obce.loc[served, "covered"]
    assert covered.tolist() == [int(p / 4) for p in answer.obce.loc[served, "people"]]
    assert answer.totals["on_paper"] == people - covered.sum()
    assert answer.obce.loc[served, "verdict"].eq("on_paper").all()
    assert sum(answer.totals[v] for v in VERDICTS) == answer.totals["people"]


def test_a_capacity_that_is_not_given_is_unknown_never_enough(declare):
    silent = declare("sluknovsko", "3")
    service = silent.supply.field.index[0]
    said = _said(_everybody_asked(silent, lambda s, c: s == service and c == "562777"))
    limit = Limit("ter", KM_15, Ratio(5.0, "hovor"))  # no such service counts calls
    answer = declare("sluknovsko", "3", said, {("3", "ter"): limit})
    row = answer.obce.loc["562777"]
    assert row["unknown"] == row["people"]
    assert row["reason"] == "capacity_not_given"


def test_a_whole_region_of_the_register_covers_on_paper_only(declare, data, settings):
    services = data.register.services.copy()
    one = declare("sluknovsko", "3").supply.field.index[0]
    services.at[one, "regions"] = frozenset({"CZ042"})
    changed = replace(data, register=replace(data.register, services=services))
    question = study.ask(changed, settings, territory_id="sluknovsko", service="3", on=DAY)
    answer = study.answer(question, changed)
    assert answer.totals["on_paper"] == answer.totals["people"]
    denied = _said(_everybody_asked(answer, lambda _s, _c: False))
    assert study.answer(question, changed, said=denied).totals["not_covered"] == 10_969


def test_beds_short_of_the_ratio_are_on_paper_by_the_missing_share(declare):
    """155 beds are within reach of Šluknovsko (sluknovsko, type 13); by hand."""
    plain = declare("sluknovsko", "13")
    beds = plain.rates.set_index(["form", "unit"]).at[("pob", "luzka"), "reachable"]
    per_1000 = 2 * beds * 1000 / plain.totals["people"]  # suffices for half of the people
    limit = Limit("pob", KM_15, Ratio(per_1000, "luzka"))
    answer = declare("sluknovsko", "13", limits={("13", "pob"): limit})
    halves = [int(people / 2) for people in plain.obce["covered"]]
    assert answer.obce["covered"].tolist() == halves
    assert answer.totals["not_covered"] == plain.totals["not_covered"]


def test_rates_count_a_registration_once_whatever_its_addresses(declare, data, settings):
    plain = declare("sluknovsko", "13").rates.set_index(["form", "unit"])
    places = data.register.places
    inside = places[places["service_id"].isin(
        declare("sluknovsko", "13").places.query("code == '562858'")["service_id"])]  # fmt: skip
    assert len(inside)
    doubled = pd.concat([places, inside.iloc[:1].assign(street="jinde")], ignore_index=True)
    services = data.register.services.copy()
    services.loc[inside.iloc[0]["service_id"], "addresses"] += 1
    changed = replace(data, register=replace(data.register, places=doubled, services=services))
    question = study.ask(changed, settings, territory_id="sluknovsko", service="13", on=DAY)
    after = study.answer(question, changed).rates.set_index(["form", "unit"])
    pd.testing.assert_frame_equal(after, plain)


def test_an_ended_service_carries_nobody(data, settings):
    services = data.register.services.copy()
    services["until"] = pd.Series([date(2026, 9, 30)] * len(services), services.index, dtype=object)
    changed = replace(data, register=replace(data.register, services=services))
    question = study.ask(changed, settings, territory_id="sluknovsko", service="13", on=DAY)
    answer = study.answer(question, changed)
    assert answer.totals["not_covered"] == answer.totals["people"]
    assert answer.rates.empty


@pytest.mark.parametrize(("name", "km"), [("shorter", 12.0), ("longer", 18.0)])
def test_a_check_of_firmness_equals_asking_with_that_limit(declare, name, km):
    answer = declare("jihomoravsky", "10")
    other = declare("jihomoravsky", "10", reach=Reach(km, "km"))
    assert answer.bounds.loc[name].to_dict() == {v: other.totals[v] for v in VERDICTS}
    decided = (answer.obce["people"] > 0) & (answer.obce["verdict"] != "unknown")
    changed = answer.obce["verdict"] != other.obce["verdict"]
    lost = answer.obce["shaky"].map(lambda checks: name in checks)
    assert (lost == (changed & decided)).all()


def test_left_out_surroundings_equal_a_register_without_them(declare, data, settings):
    answer = declare("sluknovsko", "13")
    places = data.register.places
    here = places[places["code"].isin(answer.territory.codes)]
    services = data.register.services
    services = services[services.index.isin(here["service_id"])]
    register = replace(data.register, services=services, places=here.reset_index(drop=True))
    changed = replace(data, register=register)
    question = study.ask(changed, settings, territory_id="sluknovsko", service="13", on=DAY)
    alone = study.answer(question, changed)
    assert answer.bounds.loc["inside"].to_dict() == {v: alone.totals[v] for v in VERDICTS}


def test_the_estimate_check_equals_another_detour_factor(declare, data, settings):
    answer = declare("sluknovsko", "13")
    other = settings.model_copy(update={"detour_factor": 1.3})
    question = study.ask(data, other, territory_id="sluknovsko", service="13", on=DAY)
    estimated = study.answer(question, data)
    assert answer.bounds.loc["estimated"].to_dict() == {v: estimated.totals[v] for v in VERDICTS}


def test_the_deciding_fact_in_czech(declare):
    answer = declare("sluknovsko", "13")
    row = answer.obce.loc["562432"].to_dict()
    assert reasons.reason(answer, row, Words("cs")) == (
        "Nejbližší domov pro seniory je v obci Jiříkov, 15,6\xa0km; limit je 15\xa0km."
    )
    assert reasons.firmness_mark(reasons.firm(row), len(row["shaky"])) == "●○○"
    assert "při limitu o pětinu delším" in reasons.firmness_words(row, Words("cs"))


def test_depth_of_the_gap_is_people_times_minutes(declare):
    answer = declare("sluknovsko", "13")
    row = answer.obce.loc["562432"]
    by_hand = row["not_covered"] * (row["beyond_min"] - 15 / 50 * 60)
    assert answer.minutes_beyond["562432"] == pytest.approx(float(by_hand))
    assert answer.minutes_beyond.drop(answer.gaps.index).fillna(0).eq(0).all()


def test_a_group_that_no_age_describes_counts_everybody_and_gives_no_rate(declare):
    answer = declare("sluknovsko", "12", target="ozp")
    assert answer.totals["people"] == FIVE["sluknovsko"][1]
    assert answer.totals["unknown"] == answer.totals["people"]
    assert answer.rates["per_1000"].isna().all()
    assert any("not known from age" in note.template for note in answer.notes)


def test_different_limits_by_form(declare):
    limits = {
        ("8", "pob"): Limit("pob", Reach(40.0, "min")),
        ("8", "amb"): Limit("amb", Reach(10.0, "km")),
    }
    answer = declare("jihomoravsky", "8", limits=limits)
    assert not answer.question.one_reach
    wide = declare("jihomoravsky", "8", form="pob", reach=Reach(40.0, "min"))
    near = declare("jihomoravsky", "8", form="amb", reach=Reach(10.0, "km"))
    assert answer.totals["covered"] >= max(wide.totals["covered"], near.totals["covered"])
    assert answer.obce["by_pob"].sum() == wide.totals["covered"]
    assert answer.obce["by_amb"].sum() == near.totals["covered"]


@pytest.mark.parametrize("territory", FIVE)
def test_all_types_at_once_add_up_and_equal_single_answers(data, settings, territory):
    questions = [
        study.ask(data, settings, territory_id=territory, service=code, on=DAY)
        for code in data.types
    ]
    measured = study.measure(questions[0], data)
    answers = [study.answer(each, data, measured=measured) for each in questions]
    lines = board.lines_of(answers[0].territory, data)
    assert sorted(code for line in lines for code in line.codes) == sorted(
        answers[0].territory.codes
    )
    for answer in answers:
        totals = answer.totals
        assert totals["people"] == FIVE[territory][2]
        assert sum(totals[v] for v in VERDICTS) == totals["people"]
        cells = board.cells(answer, lines)
        assert sum(found.counts["not_covered"] for found in cells) == totals["not_covered"]
    alone = study.answer(questions[8], data)
    pd.testing.assert_frame_equal(alone.obce, answers[8].obce)


def test_all_inhabitants_of_the_region_reconcile(declare):
    answer = declare("jihomoravsky", "13", target="vsichni")
    assert answer.totals["people"] == 1_195_327
    assert sum(answer.totals[v] for v in VERDICTS) == 1_195_327


def test_rows_carry_verdict_form_firmness_and_reason(declare):
    wanted = {"code", "name", "service_type", "form", "verdict", "population", "covered",
              "on_paper", "not_covered", "unknown", "firm", "reason"}  # fmt: skip
    found = rows.rows(declare("sluknovsko", "13"))
    assert wanted <= set(found[0])
    for row in found:
        if row["verdict"] == "covered":
            assert row["form"] == "pob"
            assert row["firm"] == (row["firm_lost"] == "")
        assert row["reason"]


def test_rates_by_hand(declare, data):
    """Beds of type 13 in Šluknovsko, added up from the plain tables."""
    answer = declare("sluknovsko", "13")
    capacities, places = data.register.capacities, data.register.places
    here = places[places["code"].isin(answer.territory.codes)]["service_id"].unique()
    services = data.register.services
    open_ = [
        s for s in here
        if services.at[s, "type_code"] == "13" and services.at[s, "source"] == "MPSV"
        and (services.at[s, "until"] is None or services.at[s, "until"] >= DAY)
        and (services.at[s, "since"] is None or services.at[s, "since"] <= DAY)
    ]  # fmt: skip
    beds = capacities[
        capacities["service_id"].isin(open_)
        & (capacities["form"] == "pob") & (capacities["unit"] == "luzka")
    ]["count"].sum()  # fmt: skip
    row = answer.rates.set_index(["form", "unit"]).loc[("pob", "luzka")]
    assert row["inside"] == beds
    assert row["per_1000"] == pytest.approx(beds / 10_969 * 1000)
    assert np.isfinite(row["reachable"])


def test_a_unit_nobody_here_uses_is_not_zero_and_no_place_is_zero(declare, data):
    """Homes of Šluknovsko are registered by beds alone, those of Tanvaldsko by clients too."""
    rates = declare("sluknovsko", "13").rates.set_index(["form", "unit"])
    places, capacities = data.register.places, data.register.capacities
    codes = data.territories["sluknovsko"].codes
    here = places[places["code"].isin(codes)]["service_id"].unique()
    homes = [s for s in here if data.register.services.at[s, "type_code"] == "13"]
    units = capacities[capacities["service_id"].isin(homes)]["unit"]
    assert "klient" not in set(units)
    assert np.isnan(rates.at[("pob", "klient"), "inside"])
    assert np.isnan(rates.at[("pob", "klient"), "per_1000"])
    assert declare("tanvaldsko", "13").rates.set_index(["form", "unit"]).at[
        ("pob", "klient"), "inside"
    ] == pytest.approx(111)
    none_here = declare("sluknovsko", "10").rates.set_index(["form", "unit"])
    assert none_here.at[("amb", "klient"), "inside"] == 0


def test_a_field_service_may_come_from_any_of_its_addresses():
    """Asked of the addresses one by one: the first of them decides nothing."""
    spread = np.random.default_rng(7)
    towns = pd.DataFrame(
        {"x": spread.uniform(0, 9e4, 6), "y": spread.uniform(0, 9e4, 6),
         "region_code": ["CZ010", "CZ020"] * 3}, index=list("abcdef"),
    )  # fmt: skip
    services = pd.Index(["one", "two", "none"], name="service_id")
    seats = pd.DataFrame(
        [("one", 0.0, 0.0, "CZ064"), ("two", 9e4, 9e4, "CZ064"), ("one", 5e4, 5e4, "CZ064"),
         ("one", 8e4, 1e4, "CZ020"), ("none", np.nan, np.nan, None)],
        columns=["service_id", "x", "y", "region_code"],
    )  # fmt: skip
    found = served.may_come(towns, services, seats, km=30.0)
    for row, service in enumerate(services):
        for column, town in enumerate(towns.itertuples()):
            mine = seats[seats["service_id"] == service].itertuples()
            expected = any(
                np.isnan(at.x)
                or np.hypot(at.x - town.x, at.y - town.y) <= 30_000
                or at.region_code == town.region_code
                for at in mine
            )
            assert found[row, column] == expected
    assert found[2].all()


def test_every_open_address_of_a_field_service_is_a_seat(data, declare):
    answer = declare("jihomoravsky", "1")
    seats = answer.supply.seats
    first = answer.supply.field["code"]
    several = seats.groupby("service_id")["code"].agg(set)
    assert set(seats["service_id"]) == set(answer.supply.field.index)
    assert all(first[service] in codes for service, codes in several.items())
    assert (several.map(len) > 1).any()
    places = open_places(data.register, DAY)
    own = places[places["service_id"].isin(answer.supply.field.index)]
    assert len(seats) == len(own)
    inside = own["code"].isin(answer.territory.codes).groupby(own["service_id"]).mean()
    given = data.register.capacities
    mine = given[given["service_id"].isin(inside.index) & given["form"].eq("ter")]
    shares = (mine["count"] * mine["service_id"].map(inside)).groupby(mine["unit"]).sum()
    rates = answer.rates[answer.rates["form"] == "ter"].set_index("unit")["inside"].dropna()
    assert rates.to_dict() == pytest.approx(shares[rates.index].to_dict())


def test_who_cannot_be_asked_is_not_said_to_be_asked(declare):
    """Where no service of the data is left to ask, the reason is the district not held."""
    answer = declare("kaplice", "29")
    unknown = answer.obce[answer.obce["verdict"] == "unknown"]
    assert len(unknown) == len(answer.obce)
    nobody = unknown["silent"].map(len) == 0
    assert nobody.any()
    assert set(unknown.loc[nobody, "reason"]) == {"field_not_held"}
    for row in unknown[nobody].to_dict("records"):
        assert "Zeptejte se poskytovatelů" not in reasons.reason(answer, row, Words("cs"))
    asked = declare("sluknovsko", "3").obce
    assert set(asked.loc[asked["silent"].map(len) > 0, "reason"]) == {"field_not_declared"}
