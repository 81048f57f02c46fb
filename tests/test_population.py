"""Home points: whole people, exact totals, the right count as weight, fall-backs named."""

import numpy as np
import pandas as pd
import pytest

from kpss_geo import population
from kpss_geo.errors import BadOption, UnknownTargetGroup


@pytest.mark.parametrize("group", ["seniori", "seniori-80", "deti", "vsichni"])
def test_home_points_sum_to_every_obec_exactly(data, group):
    target = data.targets[group]
    people = population.people_of(data.population, target)
    home = population.home_points(people, precincts=data.precincts, obce=data.obce, group=target)
    sums = home.groupby("code")["people"].sum().reindex(people.index)
    assert (sums == people).all()
    assert home["people"].dtype == np.dtype("int64")


def test_shares_follow_the_count_of_seniors(data):
    target = data.targets["seniori"]
    code = "562882"  # Varnsdorf
    people = population.people_of(data.population, target)[[code]]
    home = population.home_points(people, precincts=data.precincts, obce=data.obce, group=target)
    precincts = data.precincts[data.precincts["code"] == code]
    exact = people[code] * precincts["seniors_2011"] / precincts["seniors_2011"].sum()
    assert len(home) == len(precincts) > 5
    assert np.abs(home["people"].to_numpy() - exact.to_numpy()).max() < 1
    assert set(home["weights"]) == {"seniors_2011"}


def test_a_missing_count_falls_back_for_the_whole_obec(data):
    target = data.targets["seniori"]
    code = "562882"
    precincts = data.precincts.copy()
    first = precincts.index[precincts["code"] == code][0]
    precincts.loc[first, "seniors_2011"] = np.nan
    people = population.people_of(data.population, target)[[code]]
    home = population.home_points(people, precincts=precincts, obce=data.obce, group=target)
    assert set(home["weights"]) == {"voters_2023"}
    assert home["people"].sum() == people[code]


def test_without_precincts_people_stand_on_the_reference_point(data):
    target = data.targets["seniori"]
    people = population.people_of(data.population, target)[["562882"]]
    none = data.precincts.iloc[:0]
    home = population.home_points(people, precincts=none, obce=data.obce, group=target)
    assert home["kind"].tolist() == ["reference"]
    assert home[["x", "y"]].iloc[0].tolist() == data.obce.loc["562882", ["x", "y"]].tolist()


def test_no_people_at_all_gives_no_points(data):
    nobody = pd.Series(dtype="int64", index=pd.Index([], dtype=str))
    home = population.home_points(
        nobody, precincts=data.precincts, obce=data.obce, group=data.targets["seniori"]
    )
    assert home.empty
    assert list(home.columns) == ["code", "people", "x", "y", "kind", "weights"]


@pytest.mark.parametrize("given", ["senioři", "SENIORI", "65+", "Senioři (65 a více let)"])
def test_target_groups_by_any_of_their_names(data, given):
    assert population.choose_target(data.targets, given).id == "seniori"


def test_unknown_target_group_names_the_nearest(data):
    with pytest.raises(UnknownTargetGroup) as error:
        population.choose_target(data.targets, "seniorky")
    assert "senioři" in str(error.value)


def test_ages_must_fall_on_bands():
    spec = {"name": "x", "short": "x", "of_them": "x", "age_from": 63, "register_groups": "any"}
    with pytest.raises(BadOption, match="63"):
        population.parse_target_groups({"x": spec}, file="t.toml")
