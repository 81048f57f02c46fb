"""The finder against plain loops, and what it must never say."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kpss_geo import finder, territory
from kpss_geo.dataset import Data
from kpss_geo.distance import Travel
from kpss_geo.errors import NoSuchObec, RoadsMissing, SeveralObce
from kpss_geo.finder import NEARBY, REGION, SAID
from kpss_geo.served import Served

from facts import DAY

LOBENDAVA, VARNSDORF = "545708", "562882"
LINE = Travel(detour_factor=1.4, speed_kmh=50)


def changed(data: Data, **tables: object) -> Data:
    return replace(data, register=replace(data.register, **tables))


def spoken(*said: tuple[str, str, bool]) -> Served:
    keys = pd.MultiIndex.from_tuples(
        [(service, code) for service, code, _ in said], names=["service_id", "code"]
    )
    return Served(pd.Series([yes for _, _, yes in said], index=keys, dtype=bool), "x")


def ask(data: Data, obec: str, *types: str, **options: object):
    return finder.find(obec, types, data, **{"travel": LINE, "on": DAY, **options})


def start_by_hand(data: Data, obec: str) -> tuple[float, float]:
    """The precinct nearest to the mean of residents, or of voters where residents lack."""
    rows = data.precincts[data.precincts["code"] == obec].to_dict("records")
    lacking = any(math.isnan(row["residents_2011"]) for row in rows)
    count = "voters_2023" if lacking else "residents_2011"
    whole = sum(row[count] for row in rows)
    x = sum(row["x"] * row[count] for row in rows) / whole
    y = sum(row["y"] * row[count] for row in rows) / whole
    best = min(rows, key=lambda row: math.hypot(row["x"] - x, row["y"] - y))
    return best["x"], best["y"]


@pytest.mark.parametrize("obec", [LOBENDAVA, VARNSDORF, "582786", "545406"])
@pytest.mark.parametrize("kind", ["13", "10", "4"])
def test_nearest_places_equal_plain_loops(data, obec, kind):
    x, y = start_by_hand(data, obec)
    services, capacities = data.register.services, data.register.capacities
    best: dict[str, float] = {}
    for place in data.register.places.to_dict("records"):
        service = services.loc[place["service_id"]]
        own = capacities[capacities["service_id"] == place["service_id"]]["form"]
        is_open = (service["since"] is None or service["since"] <= DAY) and (
            service["until"] is None or service["until"] >= DAY
        )
        travelled = len(own) == 0 or bool({"pob", "amb"} & set(own))
        if service["type_code"] == kind and service["source"] == "MPSV" and is_open and travelled:
            away = math.hypot(place["x"] - x, place["y"] - y) * 1.4
            if away <= 60_000:
                old = best.get(place["service_id"], math.inf)
                best[place["service_id"]] = min(away, old)
    expected = sorted(best.values())[: finder.SHOWN]
    found = ask(data, obec, kind).places
    assert found["metres"].tolist() == pytest.approx(expected)
    assert found["minutes"].tolist() == pytest.approx([m / 50_000 * 60 for m in expected])
    assert all(
        best[row["service_id"]] == pytest.approx(row["metres"]) for row in found.to_dict("records")
    )


def test_an_obec_without_precincts_begins_at_its_reference_point(data):
    start = finder.starting_point(VARNSDORF, replace(data, precincts=data.precincts.iloc[:0]))
    assert start["kind"].tolist() == ["reference"]
    assert start["x"].iloc[0] == data.obce.at[VARNSDORF, "x"]


def test_an_obec_whose_people_are_not_known_still_has_a_start(data):
    bare = replace(data, population=data.population.drop(index=VARNSDORF))
    pd.testing.assert_frame_equal(
        finder.starting_point(VARNSDORF, bare)[["kind"]], pd.DataFrame({"kind": ["precinct"]}),
        check_dtype=False,
    )  # fmt: skip


def test_who_is_said_to_come_stands_first_and_who_does_not_is_left_out(data):
    before = ask(data, LOBENDAVA, "4").coming
    assert set(before["evidence"]) == {NEARBY}
    first, last = before["service_id"].iloc[0], before["service_id"].iloc[-1]
    after = ask(
        data, LOBENDAVA, "4", said=spoken((last, LOBENDAVA, True), (first, LOBENDAVA, False))
    )
    assert after.coming["service_id"].iloc[0] == last
    assert after.coming["evidence"].iloc[0] == SAID
    assert first not in set(after.coming["service_id"])


def test_a_whole_region_is_weaker_than_said_and_stronger_than_near(data):
    services = data.register.services.copy()
    some = ask(data, LOBENDAVA, "3").coming["service_id"].iloc[-1]
    services["regions"] = [
        frozenset({"CZ042"}) if service == some else frozenset() for service in services.index
    ]
    found = ask(changed(data, services=services), LOBENDAVA, "3").coming
    assert found["service_id"].iloc[0] == some
    assert found["evidence"].tolist() == [REGION] + [NEARBY] * (len(found) - 1)


def test_nobody_far_away_in_another_region_is_asked(data):
    coming = ask(data, LOBENDAVA, "4", "3", "8").coming
    seats = data.obce.loc[coming["code"], ["x", "y", "region_code"]]
    here = data.obce.loc[LOBENDAVA]
    away = ((seats["x"] - here["x"]) ** 2 + (seats["y"] - here["y"]) ** 2) ** 0.5
    assert ((away <= 40_000) | (seats["region_code"] == here["region_code"])).all()


def test_shown_and_more_are_everybody(data):
    found = ask(data, LOBENDAVA, "4")
    rest = finder.SHOWN + found.more[NEARBY]
    assert len(found.coming) <= finder.SHOWN
    assert found.more[NEARBY] > 0
    services = data.register.services
    assert rest <= (services["type_code"] == "4").sum()


def test_what_the_register_does_not_hold_is_named(data):
    found = ask(data, LOBENDAVA, "34", "1", groups=frozenset({"oběti domácího násilí"}))
    assert found.not_held == ("34",)
    assert found.groups_not_held == {"oběti domácího násilí"}
    assert set(found.places["type_code"]) == {"1"}  # the services of others are named all the same


def test_a_group_that_the_register_holds_leaves_others_out_but_not_the_silent(data):
    services = data.register.services.copy()
    kinds = services.index[services["type_code"] == "13"]
    groups = {kinds[0]: frozenset({"děti"}), kinds[1]: frozenset()}
    services["register_groups"] = pd.Series(
        [groups.get(s, frozenset({"senioři"})) for s in services.index],
        index=services.index, dtype=object,
    )  # fmt: skip
    town = data.register.places.set_index("service_id").loc[kinds[:2], "code"].iloc[0]
    other = changed(data, services=services)
    found = ask(other, str(town), "13", groups=frozenset({"senioři"}))
    ids = set(found.places["service_id"])
    assert kinds[0] not in ids
    near = {p["service_id"] for p in ask(data, str(town), "13").places.to_dict("records")}
    assert (kinds[1] in ids) or (kinds[1] not in near)


def test_a_secret_place_is_its_obec_only(data):
    places = data.register.places.assign(secret=True)
    found = ask(changed(data, places=places), LOBENDAVA, "13", "4")
    for table in (found.places, found.coming):
        assert (table["address"] == "").all()
        assert table["secret"].all()
        assert not table["exact"].any()
        assert (table["town"] != "").all()


def test_an_ended_service_is_not_named(data):
    services = data.register.services.copy()
    services["until"] = pd.Series([date(2026, 1, 1)] * len(services), services.index, dtype=object)
    found = ask(changed(data, services=services), LOBENDAVA, "13", "4")
    assert found.places.empty
    assert found.coming.empty


def test_a_service_without_a_form_is_named_as_such(data):
    service = ask(data, LOBENDAVA, "13").places["service_id"].iloc[0]
    capacities = data.register.capacities
    bare = changed(data, capacities=capacities[capacities["service_id"] != service])
    row = ask(bare, LOBENDAVA, "13").places.iloc[0]
    assert row["service_id"] == service
    assert row["forms"] == ()


def test_by_road_needs_roads(data):
    with pytest.raises(RoadsMissing):
        ask(data, LOBENDAVA, "13", travel=replace(LINE, mode="car"))


def test_obec_by_name_code_and_without_diacritics(data):
    assert territory.choose_obec(data.obce, "sluknov") == "562858"
    assert territory.choose_obec(data.obce, " 545708 ") == LOBENDAVA
    with pytest.raises(SeveralObce, match="573434"):
        territory.choose_obec(data.obce, "Lhota")
    with pytest.raises(NoSuchObec, match="Lobendava"):
        territory.choose_obec(data.obce, "Lobendawa")
