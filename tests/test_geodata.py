"""The shipped tables hold what their README says."""

import pytest

from kpss_geo import population
from kpss_geo.schema import AGE_BANDS

from facts import FIVE


def test_whole_country(data):
    assert len(data.obce) == 6_258
    assert int(data.population.to_numpy().sum()) == 10_701_777
    assert data.population.index.equals(data.obce.index)


@pytest.mark.parametrize(("key", "obce", "people", "seniors"), [(k, *v) for k, v in FIVE.items()])
def test_five_territories(data, key, obce, people, seniors):
    codes = list(data.territories[key].codes)
    assert len(codes) == obce
    assert int(data.population.loc[codes].to_numpy().sum()) == people
    senior = population.people_of(data.population, data.targets["seniori"])
    assert int(senior.loc[codes].sum()) == seniors


def test_tanvaldsko_crosses_orp_borders(data):
    orp = data.obce.loc[list(data.territories["tanvaldsko"].codes), "orp_name"]
    assert {"Tanvald", "Jablonec nad Nisou", "Železný Brod"} <= set(orp)


def test_every_territory_names_every_key_of_working_groups(data):
    keys = {key for kind in data.types.values() for key in kind.working_groups}
    for territory in data.territories.values():
        assert {key for group in territory.working_groups for key in group.keys} == keys


def test_types_of_the_act(data):
    assert len(data.types) == 34
    assert data.types["13"].name == "domovy pro seniory"
    assert data.types["13"].paragraph == "49"


def test_register_holds_only_what_it_says(data):
    register = data.register
    mpsv = register.services[register.services["source"] == "MPSV"]
    assert set(mpsv["type_code"]) == set(register.completeness.type_codes)
    districts = data.obce.loc[register.places["code"], "district_code"]
    assert set(districts) == set(register.completeness.districts)


def test_capacity_is_read_once_per_registration(data):
    register = data.register
    assert not register.capacities.duplicated(["service_id", "form", "unit"]).any()
    many = register.services[register.services["addresses"] > 1]
    assert len(many) > 50


def test_bands_of_target_groups(data):
    assert data.targets["seniori"].bands == AGE_BANDS[13:]
    assert data.targets["seniori-80"].bands == ("80-84", "85+")
    assert data.targets["deti"].bands == ("0-4", "5-9", "10-14")
    assert data.targets["vsichni"].bands == AGE_BANDS


def test_known_faults_are_reported(data):
    texts = [str(finding) for finding in data.findings]
    assert any("Domov Betlém lie far from Klobouky u Brna" in text for text in texts)
    assert sum("has no coordinates" in text for text in texts) == 18


def test_nothing_shipped_is_a_boundary():
    from kpss_geo.settings import shipped_root

    names = {path.suffix for path in (shipped_root() / "geodata").iterdir()}
    assert names == {".csv", ".toml", ".md"}
