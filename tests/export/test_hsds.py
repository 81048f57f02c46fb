"""Services as Open Referral HSDS: valid, nothing invented, nothing that is secret."""

import copy
import json
from dataclasses import replace

import jsonschema
import numpy as np
import pandas as pd
import pytest

from kpss_geo.export import hsds, listing
from kpss_geo.export.hsds_words import identifier
from kpss_geo.schema import to_metric
from kpss_geo.served import Served
from kpss_geo.sources.hsds import read_hsds

from hsds_schema import PAGE, RECORDS

CHECK = jsonschema.Draft202012Validator(
    PAGE, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def _found(value, wanted):
    """Every value under a key, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == wanted:
                yield inner
            yield from _found(inner, wanted)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, wanted)


@pytest.fixture(scope="module")
def page(bundled):
    return hsds.hsds(bundled("sluknovsko"))


def test_it_is_valid_and_the_schema_can_fail(page):
    assert {"uuid", "uri", "email"} <= set(CHECK.format_checker.checkers)
    CHECK.validate(page)
    assert page["total_items"] == len(page["contents"]) > 20
    service = next(s for s in page["contents"] if "organization" in s)
    for field in RECORDS["service"]["required"]:
        broken = copy.deepcopy(page)
        del broken["contents"][page["contents"].index(service)][field]
        assert not CHECK.is_valid(broken)
    broken = copy.deepcopy(page)
    broken["contents"][0]["id"] = "mpsv-1"
    assert not CHECK.is_valid(broken)


@pytest.mark.parametrize("name", ["evil", "secret", "one_obec"])
def test_hostile_secret_and_empty_data_are_valid(name, request):
    found = hsds.hsds(request.getfixturevalue(name))
    CHECK.validate(found)
    assert found["empty"] is (name == "one_obec")


def test_services_places_and_points_are_those_of_the_list(bundled, page):
    rows = listing.services(bundled("sluknovsko"))
    assert len(page["contents"]) == len({row["service_id"] for row in rows})
    locations = [at["location"] for s in page["contents"] for at in s["service_at_locations"]]
    assert len(locations) == len(rows)
    exact = sorted(row["x"] for row in rows if row["located"] == "address")
    lon, lat = (
        np.array([place[key] for place in locations if key in place])
        for key in ("longitude", "latitude")
    )
    assert sorted(to_metric(lon, lat)[0]) == pytest.approx(exact, abs=1.5)
    assert len(lon) == len(exact) > 20
    assert len(set(_found(page, "address_1"))) > 15


def test_what_is_read_back_is_what_the_register_says(bundled, page, tmp_path):
    bundle = bundled("sluknovsko")
    path = tmp_path / "services.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    read = read_hsds(path, kind="providers").text
    rows = {  # of a provider who is not named the reader takes the name of the service
        (
            (r["provider"] or r["name"]).replace("\u00a0", " "),
            r["service_name"],
            r["obec"],
            r["phone"],
        )
        for r in listing.services(bundle)
    }
    found = {
        (r["provider"], r["type"], r["obec"], r["phone"])
        for r in read.to_dict("records")
        if r["obec"]
    }
    assert found <= rows
    assert len(found) > 0.8 * len(rows)
    assert {*read["ico"]} - {""} <= set(bundle.data.register.services["ico"])


def test_capacity_is_said_once_of_a_registration_and_never_as_free_places(bundled, page):
    bundle = bundled("sluknovsko")
    assert not list(_found(page, "capacities"))
    written = sum(
        float(a["value"])
        for s in page["contents"]
        for a in s["attributes"]
        if a["link_type"] == "registered_capacity" and a["label"].endswith("počet lůžek")
    )
    ids = {row["service_id"] for row in listing.services(bundle)}
    table = bundle.data.register.capacities
    mine = table[table["service_id"].isin(ids) & table["unit"].eq("luzka")]
    assert written == mine["count"].sum() > 100


def test_what_is_not_known_is_left_out(page):
    text = json.dumps(page["contents"], ensure_ascii=False)
    assert "null" not in text
    assert '""' not in text
    assert "nan" not in text.lower().replace("nancy", "")
    for never in ("languages", "schedules", "available", "interpretation_services"):
        assert not list(_found(page, never))


def test_of_a_secret_address_the_obec_alone_is_written(secret):
    places = secret.data.register.places.assign(address_code="11713551")
    services = secret.data.register.services.assign(
        email="ukryt@domov.cz", opening='{"pob": {"continuous": true}}'
    )
    register = replace(secret.data.register, places=places, services=services)
    found = hsds.hsds(replace(secret, data=replace(secret.data, register=register)))
    for never in ("addresses", "phones", "latitude", "email", "url", "schedules"):
        assert not list(_found(found["contents"], never))
    text = json.dumps(found, ensure_ascii=False)
    assert not any(trace in text for trace in ("Tajná", "777 000 111", "11713551", "ukryt"))
    assert set(_found(found["contents"], "name")) & {"Varnsdorf", "Rumburk"}


def test_hours_and_email_are_written_where_they_are_known(bundled):
    bundle = bundled("sluknovsko")
    services = bundle.data.register.services.assign(
        email="info@domov.cz", opening='{"pob": {"continuous": true}, "amb": {"hours": [1]}}'
    )
    register = replace(bundle.data.register, services=services)
    found = hsds.hsds(replace(bundle, data=replace(bundle.data, register=register)))
    CHECK.validate(found)
    assert set(_found(found["contents"], "email")) == {"info@domov.cz"}
    said = [s["description"] for many in _found(found, "schedules") for s in many]
    assert set(said) == {"nepřetržitý provoz (forma pobytová)"}


def test_the_same_service_has_the_same_identifier_in_every_export(bundled, page):
    other = hsds.hsds(bundled("sluknovsko", target="80+"))
    ids = {s["id"] for s in page["contents"]}
    assert len(ids) == len(page["contents"])
    assert len(ids & {s["id"] for s in other["contents"]}) > 20


def test_it_says_the_question(bundled, page):
    question = bundled("sluknovsko").question
    assert page["kpss_geo"]["data_digest"] == question.data_digest
    assert page["kpss_geo"]["question"]["Otisk dat"] == question.data_digest


def test_served_obce_and_regions_are_areas_that_are_read_back(bundled, tmp_path):
    bundle = bundled("sluknovsko")
    field = next(row for row in listing.services(bundle) if row["used"] is None)
    mine = field["service_id"]
    keys = pd.MultiIndex.from_tuples(
        [(mine, "562777"), (mine, "562882"), (mine, "562858")], names=["service_id", "code"]
    )
    said = Served(pd.Series([True, False, True], index=keys))
    services = bundle.data.register.services.assign(
        regions=[frozenset({"CZ042"})] * len(bundle.data.register.services)
    )
    register = replace(bundle.data.register, services=services)
    changed = replace(bundle, said=said, data=replace(bundle.data, register=register))
    found = hsds.hsds(changed)
    CHECK.validate(found)
    service = next(s for s in found["contents"] if s["id"] == identifier("service", mine))
    names = {area["name"] for area in service["service_areas"]}
    obce = bundle.data.obce["name"]
    assert names == {obce["562777"], obce["562858"], "Ústecký kraj"}
    path = tmp_path / "services.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    read = read_hsds(path, kind="served").text
    assert obce["562777"] in set(read["area"])
