"""Supply against need and equity on the shipped data, against independent reckoning."""

import csv
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from roads_made import segments

from kpss_geo import need, population, study
from kpss_geo.access import METHODS
from kpss_geo.distance import Reach, Travel
from kpss_geo.errors import BadOption, OnlyAtHome
from kpss_geo.matrix import minutes_of_all
from kpss_geo.need.measures import KINDS, measures, ranked
from kpss_geo.need.scene import capacity_here
from kpss_geo.network import build, prepare
from kpss_geo.settings import shipped_root

from facts import DAY, FIVE


@pytest.fixture(scope="module")
def question(data, settings):
    def make(territory_id, service="13", *, minutes=30.0, over=data, **options):
        about = study.ask(
            over,
            settings,
            territory_id=territory_id,
            service=service,
            target=options.pop("target", "seniori"),
            form=options.pop("form", None),
            reach=Reach(minutes, "min"),
            on=options.pop("on", DAY),
        )
        return need.ask(about, over, **options)

    return make


@pytest.fixture(scope="module")
def answer(data, question):
    def make(territory_id, service="13", *, over=data, **options):
        return need.access_of(question(territory_id, service, over=over, **options), over)

    return make


def changed(data, **tables):
    register = {
        key: tables.pop(key) for key in ("services", "places", "capacities") if key in tables
    }
    if register:
        tables["register"] = replace(data.register, **register)
    return replace(data, **tables)


def beds_by_hand() -> pd.DataFrame:
    """Open homes for seniors of the shipped file, beds shared among their rows."""
    with (shipped_root() / "geodata" / "register.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["type_code"] == "13"]
    rows = [r for r in rows if r["source"] == "MPSV" and "pob:" in r["forms"]]
    day = DAY.isoformat()
    rows = [r for r in rows if r["since"] <= day and (not r["until"] or r["until"] >= day)]
    count = pd.Series([r["service_id"] for r in rows]).value_counts()
    beds = []
    for row in rows:
        pob = row["forms"].split("pob:")[1].split(";")[0]
        given = [int(part[6:]) for part in pob.split("+") if part.startswith("luzka=")]
        beds.append(given[0] / count[row["service_id"]] if given else np.nan)
    return pd.DataFrame({"service_id": [r["service_id"] for r in rows], "beds": beds})


def test_beds_of_every_home_are_those_of_the_file(answer):
    ours = answer("jihomoravsky").places[["service_id", "capacity_here"]]
    by_hand = beds_by_hand()
    assert len(ours) == len(by_hand) > 80
    expected = by_hand.sort_values(["service_id", "beds"])["beds"]
    found = ours.sort_values(["service_id", "capacity_here"])["capacity_here"]
    np.testing.assert_allclose(found, expected)


def test_sluknovsko_equals_a_reckoning_by_hand(answer, data):
    """Dense matrices, every senior of the country, no function of the catchments."""
    found = answer("sluknovsko")
    group = data.targets["seniori"]
    people = population.people_of(data.population, group)
    home = population.home_points(people, precincts=data.precincts, obce=data.obce, group=group)
    places = found.places
    x, y = (home[c].to_numpy()[:, None] - places[c].to_numpy()[None, :] for c in "xy")
    within = np.hypot(x, y) * 1.4 / (50_000 / 60) <= 30
    ratio = places["capacity_here"].to_numpy() / (within * home["people"].to_numpy()[:, None]).sum(
        0
    )
    reached = np.where(within, np.nan_to_num(ratio), 0.0).sum(axis=1) * 1000
    for code, row in found.obce.iterrows():
        mine = (home["code"] == code).to_numpy()
        weights = home.loc[mine, "people"].to_numpy()
        assert row["per_1000"] == pytest.approx((reached[mine] * weights).sum() / weights.sum())
    assert found.totals["unknown"] == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("territory", FIVE)
def test_five_territories_add_up(answer, territory, method):
    found = answer(territory, method=method)
    obce, _, seniors = FIVE[territory]
    assert len(found.obce) == obce
    assert found.totals["people"] == seniors
    rows = found.obce
    assert (rows["no_access"] + rows["unknown"] <= rows["people"]).all()
    assert (rows["maybe_no_access"] <= rows["unknown"]).all()
    known = rows["per_1000"].notna()
    assert (known == ((rows["unknown"] == 0) & (rows["people"] > 0))).all()
    np.testing.assert_allclose(rows["per_1000"][known], rows["least_per_1000"][known])
    assert (rows.loc[rows["no_access"] == rows["people"], "per_1000"].dropna() == 0).all()


def test_what_is_given_out_in_the_country_is_what_stands_there(data, question):
    """All of the country as one territory: every bed is shared out, none twice."""
    where = replace(data.territories["kaplice"], codes=tuple(data.obce.index))
    over = changed(data, territories={**data.territories, "kaplice": where})
    found = need.access_of(question("kaplice", over=over), over)
    given_out = (found.obce["least_per_1000"] * found.obce["people"].astype(float)).sum() / 1000
    assert given_out == pytest.approx(found.totals["capacity_inside"])
    assert given_out == pytest.approx(beds_by_hand()["beds"].sum())


def test_people_across_the_border_compete(answer, data):
    codes = list(data.territories["sluknovsko"].codes)
    alone = data.population.copy()
    alone.loc[~alone.index.isin(codes)] = 0
    with_others = answer("sluknovsko").totals["per_1000"]
    without = answer("sluknovsko", over=changed(data, population=alone)).totals["per_1000"]
    assert without > with_others * 1.5


def test_a_second_address_at_the_same_point_changes_nothing(answer, data):
    register = data.register
    before = answer("sluknovsko")
    service = before.places.loc[before.places["inside"], "service_id"].iloc[0]
    mine = register.places["service_id"] == service
    second = register.places[mine].assign(address_code="1")
    places = pd.concat([register.places, second])
    over = changed(data, places=places.reset_index(drop=True))
    after = answer("sluknovsko", over=over)
    assert len(after.places) > len(before.places)
    assert after.totals["capacity_inside"] == pytest.approx(before.totals["capacity_inside"])
    pd.testing.assert_frame_equal(after.obce, before.obce)


def test_a_service_that_ended_or_has_not_begun_serves_nobody(answer, data):
    register = data.register
    before = answer("sluknovsko")
    inside = before.places.loc[before.places["inside"], "service_id"]
    for column, day in (("until", date(2026, 9, 30)), ("since", date(2026, 10, 2))):
        services = register.services.copy()
        services.loc[list(inside), column] = day
        after = answer("sluknovsko", over=changed(data, services=services))
        assert after.totals["capacity_inside"] == 0
        assert after.totals["per_1000"] < before.totals["per_1000"]


def test_a_place_without_a_figure_leaves_only_those_who_reach_it_unknown(answer, data):
    before = answer("sluknovsko")
    place = before.places[before.places["obec"] == "Jiříkov"].iloc[0]
    capacities = data.register.capacities.copy()
    capacities.loc[capacities["service_id"] == place["service_id"], "count"] = np.nan
    after = answer("sluknovsko", minutes=12.0, over=changed(data, capacities=capacities))
    full = answer("sluknovsko", minutes=12.0)
    lost = after.obce["unknown"] > 0
    assert 0 < lost.sum() < len(lost)
    pd.testing.assert_series_equal(after.obce["per_1000"][~lost], full.obce["per_1000"][~lost])
    assert (after.obce["least_per_1000"] <= full.obce["least_per_1000"] + 1e-9).all()
    assert any("Jiříkov" in str(note.fields.get("names")) for note in after.notes)


def test_a_service_whose_form_or_type_is_not_known_may_be_near(answer, data):
    """It is no place, but those who would reach it do not know all they reach."""
    register = data.register
    before = answer("sluknovsko", minutes=12.0)
    service = before.places.loc[before.places["obec"] == "Jiříkov", "service_id"].iloc[0]
    services = register.services.copy()
    services.loc[service, "clear"] = False
    without_forms = register.capacities[register.capacities["service_id"] != service]
    for over in (changed(data, services=services), changed(data, capacities=without_forms)):
        after = answer("sluknovsko", minutes=12.0, over=over)
        assert len(after.places) == len(before.places) - 1
        assert 0 < after.totals["unknown"] < after.totals["people"]
        parts = need.equity_of(after.question, over).parts
        assert 0 < parts.loc[0, "unknown_way"] < parts.loc[0, "people"]


def test_a_place_of_which_not_even_the_obec_is_known_may_be_anywhere(answer, data):
    register = data.register
    before = answer("sluknovsko")
    for service, unknown in ((before.places["service_id"].iloc[0], True), ("mpsv-2107", False)):
        places = register.places.copy()
        places.loc[places["service_id"] == service, ["x", "y"]] = np.nan
        totals = answer("sluknovsko", over=changed(data, places=places)).totals
        assert (totals["unknown"] == totals["people"]) == unknown


def test_an_obec_whose_people_are_not_known_is_told_so_and_so_are_its_places(answer, data):
    over = changed(data, population=data.population.drop(index="562882"))
    found = answer("sluknovsko", over=over)
    assert found.obce.loc["562882"].isna()[["people", "per_1000", "unknown"]].all()
    assert found.totals["people"] < FIVE["sluknovsko"][2]
    assert found.totals["unknown"] == found.totals["people"]  # it is in reach of every home
    assert sum("is not known; they are in no sum" in note.template for note in found.notes) == 1
    parts = need.equity_of(found.question, over).parts
    assert parts.loc[0, "people"] == found.totals["people"]


def test_an_obec_with_nobody_changes_nothing(answer, data):
    empty = data.population.copy()
    empty.loc["562777"] = 0
    before, after = answer("sluknovsko"), answer("sluknovsko", over=changed(data, population=empty))
    assert np.isnan(after.obce.loc["562777", "per_1000"])
    assert after.obce.loc["562777", ["people", "no_access", "unknown"]].tolist() == [0, 0, 0]
    assert after.totals["unknown"] == before.totals["unknown"] == 0


@pytest.mark.parametrize(
    ("service", "options"),
    [("20", {}), ("13", {"target": "deti"}), ("13", {"on": date(2020, 1, 1)})],
)
def test_what_the_register_does_not_hold_is_unknown(answer, data, service, options):
    found = answer("kaplice", service, **options)
    assert found.totals["unknown"] == found.totals["people"] > 0
    assert found.obce["per_1000"].isna().all()
    equity = need.equity_of(found.question, data)
    assert (equity.parts["unknown_way"] == equity.parts["people"]).all()
    assert (equity.parts["least_mean_min"] == 0).all()


def test_a_group_that_no_age_describes_has_no_need_to_set_against(answer, data):
    group = replace(data.targets["seniori"], need_known=False)
    over = changed(data, targets={**data.targets, "seniori": group})
    found = answer("sluknovsko", over=over)
    assert found.totals["unknown"] == found.totals["people"] == FIVE["sluknovsko"][2]
    assert found.totals["least_per_1000"] == 0


def test_nobody_travels_to_a_field_service(question):
    with pytest.raises(OnlyAtHome):
        question("kaplice", "3")
    with pytest.raises(OnlyAtHome):
        question("kaplice", "4", form="ter")


def test_questions_are_filled_and_refused(question, data, settings):
    assert (question("kaplice").form, question("kaplice").unit) == ("pob", "luzka")
    assert question("kaplice", "4").unit == "klient"
    assert question("kaplice").decay == "none"
    assert question("kaplice", method="e2sfca").decay == "zones"
    for options in ({"unit": "hovor"}, {"method": "huff"}, {"decay": "linear"},
                    {"method": "e2sfca", "decay": "cosine"}):  # fmt: skip
        with pytest.raises(BadOption):
            question("kaplice", **options)
    about = study.ask(data, settings, territory_id="kaplice", service="13", reach=Reach(15, "km"))
    with pytest.raises(BadOption):
        need.ask(about, data)


def test_capacity_of_one_form_and_unit_is_never_added_to_another():
    places = pd.DataFrame(
        {
            "capacity": [
                (("pob", "luzka", 30.0), ("pob", "klient", 5.0), ("amb", "luzka", 7.0)),
                (("pob", "klient", 9.0),),
                (("pob", "luzka", np.nan),),
            ],
            "addresses": [3, 1, 1],
        }
    )
    found = capacity_here(places, form="pob", unit="luzka")
    np.testing.assert_array_equal(found, [10.0, np.nan, np.nan])


def test_people_far_from_any_road_still_compete_by_estimate():
    graph, _ = build(segments([(0, 0), (6_000, 0)], [(0, 1, 60, 60)]))
    home = pd.DataFrame({"x": [0.0, 0.0, 6_000.0], "y": [0.0, 9_000.0, 0.0]})
    places = pd.DataFrame({"x": [6_000.0], "y": [0.0]})
    travel = Travel(1.5, 60.0, mode="car")
    found, near = minutes_of_all(home, places, limit_min=30, travel=travel, roads=prepare(graph))
    assert near.tolist() == [True, False, True]
    straight = np.hypot(6_000, 9_000) * 1.5 / 1000
    np.testing.assert_allclose(found.toarray()[:, 0], [6, straight, 0], atol=1e-3)
    assert found.nnz == 3


@pytest.fixture(scope="module")
def equity(data, question):
    return {key: need.equity_of(question(key), data) for key in FIVE}


@pytest.mark.parametrize("territory", FIVE)
def test_parts_add_up_to_everyone(equity, territory):
    parts = equity[territory].parts
    whole = parts.iloc[0]
    assert whole["people"] == FIVE[territory][2]
    assert list(dict.fromkeys(parts["kind"])) == list(KINDS)
    counted = [c for c in parts if c.startswith(("beyond_", "unknown_", "no_", "maybe_"))]
    for kind in ("size", "exclusion"):
        mine = parts[parts["kind"] == kind]
        for column in ("obce", "people", *counted):
            assert mine[column].sum() == pytest.approx(whole[column]), column
        mean = (mine["most_mean_min"] * mine["people"]).sum() / mine["people"].sum()
        assert mean == pytest.approx(whole["most_mean_min"])
    ages = parts[parts["kind"] == "age"].set_index("key")
    assert ages.loc["vsichni", "people"] == FIVE[territory][1]
    assert ages.loc["seniori", "people"] == FIVE[territory][2]


@pytest.mark.parametrize("territory", FIVE)
def test_bounds_hold_and_counts_fit_in(equity, territory):
    parts = equity[territory].parts
    for measure in ("mean_m", "mean_min", "median_min", "p90_min"):
        assert (parts[f"least_{measure}"] <= parts[f"most_{measure}"] + 1e-9).all()
    for limit in (15, 30, 45):
        most = parts[f"beyond_{limit}_min"] + parts[f"unknown_{limit}_min"]
        assert (most <= parts["people"]).all()
    assert (parts["beyond_15_min"] >= parts["beyond_30_min"]).all()
    exact = parts["unknown_way"] == 0
    np.testing.assert_allclose(parts["least_mean_min"][exact], parts["most_mean_min"][exact])


def test_ways_of_sluknovsko_equal_every_single_senior(equity, ask):
    """Against the ways that coverage tells for the same question."""
    whole = equity["sluknovsko"].whole
    covered = ask("sluknovsko", "13").obce
    mean = np.average(covered["nearest_min"], weights=covered["people"].astype(float))
    assert whole["least_mean_min"] == pytest.approx(mean)
    assert whole["most_mean_min"] == pytest.approx(mean)
    assert whole["unknown_way"] == 0


def test_access_of_equity_is_that_of_access(equity, answer):
    for key in FIVE:
        totals = answer(key).totals
        whole = equity[key].whole
        assert whole["least_per_1000"] == pytest.approx(totals["least_per_1000"])
        assert whole["unknown_access"] == totals["unknown"]
        assert whole["no_access"] == totals["no_access"]
        np.testing.assert_allclose(whole["per_1000"], totals["per_1000"])


def test_territory_is_ranked_among_orp_it_has_no_part_in(equity):
    assert pd.isna(equity["jihomoravsky"].whole["ranked"])
    orp = equity["tanvaldsko"].parts.query("kind == 'orp'")
    assert len(orp) == 10
    assert equity["tanvaldsko"].whole["ranked"] == 10 - 3 + 1
    brno = equity["jihomoravsky"].parts.query("name == 'Brno' and kind == 'orp'").iloc[0]
    assert (brno["rank_best"], brno["rank_worst"], brno["ranked"]) == (1, 1, 21)


def test_rank_is_as_sure_as_the_ways_are():
    parts = pd.DataFrame(
        {
            "kind": ["territory", "orp", "orp", "orp"],
            "key": ["x", "1", "2", "3"],
            "least_mean_min": [10.0, 5.0, 8.0, 20.0],
            "most_mean_min": [10.0, 6.0, 30.0, 20.0],
        }
    )
    found = ranked(parts, inside=pd.Series(["9"]))
    assert found["rank_best"].tolist() == [2, 1, 2, 2]
    assert found["rank_worst"].tolist() == [3, 1, 3, 3]
    assert found["ranked"].tolist() == [4, 3, 3, 3]


def test_measures_of_a_part_by_hand():
    points = pd.DataFrame(
        {
            "code": ["a", "a", "b", "c"],
            "people": [50.0, 30.0, 20.0, np.nan],
            "most_m": [5_000.0, 20_000.0, np.inf, 1.0],
            "most_min": [5.0, 20.0, np.inf, 1.0],
            "least_m": [5_000.0, 8_000.0, 40_000.0, 1.0],
            "least_min": [5.0, 8.0, 40.0, 1.0],
            "certain": [True, False, False, True],
            "per_1000": [4.0, np.nan, 0.0, 1.0],
            "least_per_1000": [4.0, 2.0, 0.0, 1.0],
        }
    )
    found = measures(points, limits_min=(15.0, 30.0))
    assert found["people"] == 100
    assert (found["least_mean_min"], found["most_mean_min"]) == (2.5 + 2.4 + 8, np.inf)
    assert (found["least_median_min"], found["most_median_min"]) == (5, 5)
    assert (found["beyond_15_min"], found["unknown_15_min"]) == (20, 30)
    assert (found["beyond_30_min"], found["unknown_30_min"]) == (20, 0)
    assert found["unknown_way"] == 50
    assert np.isnan(found["per_1000"])
    assert found["least_per_1000"] == pytest.approx(2.6)
    assert (found["no_access"], found["maybe_no_access"], found["unknown_access"]) == (20, 0, 30)
    assert found["gini"] == pytest.approx(2 / 7)


def test_more_excluded_towns_of_sluknovsko_have_it_nearer(equity):
    """Recorded on 22 Nov 2026: homes stand in towns, which are the more excluded obce."""
    link = equity["sluknovsko"].way_link
    assert (link.obce, link.left_out) == (18, 0)
    assert link.rho == pytest.approx(-0.59, abs=0.005)


def test_links_equal_pandas(data, ask, equity):
    covered = ask("kaplice", "13").obce["nearest_min"]
    assert equity["kaplice"].way_link.rho == pytest.approx(
        covered.corr(data.exclusion[covered.index], method="spearman")
    )
