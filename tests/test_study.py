"""Question → Answer on the shipped data, against independent reckoning."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from kpss_geo import dataset, population, study
from kpss_geo.distance import Reach
from kpss_geo.errors import BadOption, UnknownServiceType, UnknownTerritory
from kpss_geo.schema import VERDICTS

from facts import DAY, FIVE

TYPES = ("13", "14", "10", "9", "8", "4", "3", "1", "33", "20")


@pytest.mark.parametrize("service", TYPES)
@pytest.mark.parametrize("territory", FIVE)
def test_verdicts_add_up_to_all_seniors(ask, territory, service):
    answer = ask(territory, service)
    obce, _, seniors = FIVE[territory]
    assert len(answer.obce) == obce
    assert answer.totals["people"] == seniors
    assert sum(answer.totals[verdict] for verdict in VERDICTS) == seniors
    by_obec = answer.obce[list(VERDICTS)].sum(axis=1)
    assert (by_obec == answer.obce["people"]).all()


def test_homes_for_seniors_equal_a_reckoning_by_hand(ask, data):
    """The same figures from geopandas.sjoin_nearest and plain loops."""
    answer = ask("sluknovsko", "13")
    register = data.register
    services = register.services
    chosen = [
        service
        for service, row in services.iterrows()
        if row["type_code"] == "13"
        and row["source"] == "MPSV"
        and (row["since"] is None or row["since"] <= DAY)
        and (row["until"] is None or row["until"] >= DAY)
    ]
    places = register.places[register.places["service_id"].isin(chosen)]
    target = data.targets["seniori"]
    people = population.people_of(data.population, target)[list(answer.territory.codes)]
    home = population.home_points(people, precincts=data.precincts, obce=data.obce, group=target)
    joined = gpd.sjoin_nearest(
        gpd.GeoDataFrame(home, geometry=gpd.points_from_xy(home.x, home.y), crs=5514),
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(places.x, places.y), crs=5514),
        distance_col="straight",
    )
    joined = joined[~joined.index.duplicated()]
    within = joined["straight"] * 1.4 <= 15_000
    assert answer.totals["covered"] == joined.loc[within, "people"].sum()
    assert answer.totals["not_covered"] == joined.loc[~within, "people"].sum()
    mean = (joined["straight"] * 1.4 * joined["people"]).groupby(joined["code"]).sum()
    mean /= joined.groupby("code")["people"].sum()
    np.testing.assert_allclose(answer.obce["nearest_m"].sort_index(), mean.sort_index())


def test_known_answer_for_sluknovsko(ask):
    """Recorded on 22 Nov 2026 from the shipped data; homes are in Šluknov and Jiříkov."""
    assert ask("sluknovsko", "13").totals == {
        "people": 10_969, "covered": 9_966, "on_paper": 0, "not_covered": 1_003, "unknown": 0,
    }  # fmt: skip


def test_type_that_the_register_does_not_hold_is_unknown(ask):
    answer = ask("sluknovsko", "20")
    assert answer.totals["unknown"] == answer.totals["people"]
    assert set(answer.obce["reason"]) == {"type_not_held"}


def test_target_group_that_the_register_does_not_hold_is_unknown(ask):
    answer = ask("sluknovsko", "13", target="deti")
    assert answer.totals["unknown"] == answer.totals["people"]
    assert set(answer.obce["reason"]) == {"group_not_held"}


def test_field_service_without_a_declared_territory_is_unknown(ask):
    answer = ask("sluknovsko", "3")
    assert answer.totals["unknown"] == answer.totals["people"]
    assert set(answer.obce["reason"]) == {"field_not_declared"}
    assert answer.obce["nearest_m"].isna().all()


def test_a_form_changes_the_verdict_and_says_so(ask):
    every, ambulatory = ask("sluknovsko", "4"), ask("sluknovsko", "4", form="amb")
    assert every.totals["covered"] == ambulatory.totals["covered"] > 0
    assert every.totals["not_covered"] == 0
    assert ambulatory.totals["not_covered"] == every.totals["unknown"] > 0


def test_a_form_that_the_type_has_not_is_refused(ask):
    with pytest.raises(BadOption):
        ask("sluknovsko", "13", form="amb")


def test_reach_into_a_district_without_data_is_unknown_not_a_gap(ask, data):
    answer = ask("jihomoravsky", "13")
    doubtful = answer.obce[answer.obce["reason"] == "district_not_held"]
    assert len(doubtful) > 50
    held = data.register.completeness.districts
    strangers = data.obce[~data.obce["district_code"].isin(held)]
    for code in doubtful.index[:20]:
        here = data.obce.loc[code]
        straight = np.hypot(strangers["x"] - here["x"], strangers["y"] - here["y"])
        assert (straight - strangers["extent_m"]).min() * 1.4 < 15_000 + 20_000


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (None, None, True),
        (date(2026, 10, 1), date(2026, 10, 1), True),
        (date(2026, 10, 2), None, False),
        (None, date(2026, 9, 30), False),
        (date(2026, 12, 1), date(2026, 1, 1), False),
    ],
)
def test_only_open_services_cover(data, settings, since, until, counts):
    services = data.register.services.copy()
    services["since"], services["until"] = since, until
    services = services.astype({"since": object, "until": object})
    register = replace(data.register, services=services)
    changed = replace(data, register=register)
    question = study.ask(changed, settings, territory_id="sluknovsko", service="13", on=DAY)
    assert (study.answer(question, changed).totals["covered"] > 0) is counts


def test_unknown_people_are_not_zero(data, settings):
    without = replace(data, population=data.population.drop(index="562882"))
    question = study.ask(without, settings, territory_id="sluknovsko", service="13", on=DAY)
    answer = study.answer(question, without)
    assert pd.isna(answer.obce.loc["562882", "people"])
    assert pd.isna(answer.obce.loc["562882", "covered"])
    assert answer.totals["people"] == 10_969 - 3_351
    assert any("Varnsdorf" in str(note.fields) for note in answer.notes)


def test_minutes_and_kilometres_are_one_measure(ask):
    """15 km at 50 km/h are 18 minutes."""
    in_km = ask("jihomoravsky", "13", reach=Reach(15, "km"))
    in_min = ask("jihomoravsky", "13", reach=Reach(18, "min"))
    assert in_km.totals == in_min.totals


def test_way_of_the_uncovered_is_theirs_alone(ask):
    """Beyond 10 km the mean way of those beyond is more than 10 km, in every obec."""
    for territory, service in (("tanvaldsko", "13"), ("jihomoravsky", "10")):
        answer = ask(territory, service, reach=Reach(10, "km"))
        gaps = answer.gaps
        assert (gaps["beyond_m"] > 10_000).all()
        assert answer.mean_way_uncovered[0] > 10_000
        partly = gaps[gaps["covered"] > 0]
        assert (partly["beyond_m"] > partly["nearest_m"]).all()


def test_a_day_before_the_register_is_unknown(ask):
    answer = ask("sluknovsko", "10", on=date(2010, 1, 1))
    assert answer.totals["unknown"] == answer.totals["people"]
    assert set(answer.obce["reason"]) == {"day_not_held"}


def test_circles_of_districts_without_data_hold_the_whole_obec(data, real_data):
    """`extent_m` reaches at least to the border, so a way to there is never too long."""
    centres = gpd.GeoSeries(gpd.points_from_xy(data.obce["x"], data.obce["y"]), crs=5514)
    areas = real_data.boundaries.reindex(data.obce.index)
    circles = centres.buffer(data.obce["extent_m"].to_numpy() * 1.02)
    assert circles.covers(gpd.GeoSeries(areas.to_numpy(), crs=5514)).all()


def test_same_question_same_answer(ask):
    first, second = ask("kaplice", "13"), ask("kaplice", "13")
    pd.testing.assert_frame_equal(first.obce, second.obce)
    assert first.question == second.question


def test_order_of_the_register_does_not_matter(data, settings):
    shuffled = data.register.places.sample(frac=1, random_state=7).reset_index(drop=True)
    register = replace(data.register, places=shuffled)
    changed = replace(data, register=register)
    question = study.ask(data, settings, territory_id="luhacovice", service="13", on=DAY)
    one, two = study.answer(question, data), study.answer(question, changed)
    rows = ["nearest_place", "beyond_place", "within_place"]
    pd.testing.assert_frame_equal(one.obce.drop(columns=rows), two.obce.drop(columns=rows))


@pytest.mark.parametrize(
    "given", ["13", "§49", "§ 49", "domovy pro seniory", "Domovy pro SENIORY", "domov pro seniory"]
)
def test_service_type_by_code_paragraph_or_name(ask, given):
    assert ask("sluknovsko", given).service_type.code == "13"


@pytest.mark.parametrize("given", ["99", "", "§999", "domofy pro seniori"])
def test_unknown_service_type_names_the_nearest(ask, given):
    with pytest.raises(UnknownServiceType) as error:
        ask("sluknovsko", given)
    assert "(" in str(error.value)


def test_misspelt_name_is_near(ask):
    with pytest.raises(UnknownServiceType, match="domovy pro seniory"):
        ask("sluknovsko", "domofy pro seniori")


def test_unknown_territory_names_the_nearest(ask):
    with pytest.raises(UnknownTerritory, match="sluknovsko"):
        ask("slukonvsko", "13")


@pytest.mark.parametrize("value", [0, -3, float("nan"), float("inf"), 501])
def test_impossible_reach_is_refused(value):
    with pytest.raises(BadOption):
        Reach(value, "km")


def test_real_boundaries_change_no_number(data, real_data, settings):
    for key in FIVE:
        question = study.ask(data, settings, territory_id=key, service="13", on=DAY)
        shipped, real = study.answer(question, data), study.answer(question, real_data)
        pd.testing.assert_frame_equal(shipped.obce, real.obce)


def test_real_boundaries_are_used_where_they_are(real_data):
    codes = pd.Index(real_data.territories["sluknovsko"].codes, name="code")
    areas, real = dataset.areas_of(codes, real_data)
    assert real
    area_km2 = areas.area / 1e6
    official = real_data.obce.loc[codes, "area_km2"]
    assert (area_km2 / official).between(0.9, 1.1).all()
