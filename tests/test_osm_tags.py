import pytest

from kpss_geo.sources.osm_tags import (
    CAR_KMH,
    FERRY_KMH,
    LIMIT_SHARE,
    STEPS_KMH,
    WALK_KMH,
    Passage,
    blocks,
    duration_s,
    is_unknown_class,
    passage,
    speed_kmh,
)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50), ("50 km/h", 50), ("50 mph", 80.4672), ("20mph", 32.18688), ("10 knots", 18.52),
        ("CZ:urban", 50), ("CZ:rural", 90), ("CZ:motorway", 130), ("CZ:trunk", 110),
        ("CZ:living_street", 20), ("CZ:30", 30), ("CZ:zone30", 30), ("CZ:zone:20", 20),
        ("DE:rural", 100), ("DE:urban", 50), ("DE:motorway", 130), ("AT:rural", 100),
        ("none", 130), ("walk", 7), ("50;30", 30), ("50|70", 50), ("50; signals", 50),
        ("12,5", 12.5),
        ("signals", None), ("variable", None), ("", None), ("fast", None), ("-50", None),
        ("0", None), (None, None),
    ],
)  # fmt: skip
def test_a_limit_is_read(text, kmh):
    assert speed_kmh(text) == (None if kmh is None else pytest.approx(kmh))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:15", 900), ("15", 900), ("1:30:00", 5400), ("PT20M", 1200), ("PT1H5M30S", 3930),
        ("0", None), ("00:00", None), ("PT", None), ("soon", None), ("1:2:3:4", None),
        ("-5", None), (None, None),
    ],
)  # fmt: skip
def test_a_duration_is_read(text, seconds):
    assert duration_s(text) == seconds


@pytest.mark.parametrize(("kind", "kmh"), CAR_KMH.items())
def test_every_class_of_road_has_its_speed(kind, kmh):
    opened = {"motor_vehicle": "yes"} if kind == "track" else {}
    found = passage({"highway": kind, **opened}, profile="car")
    assert found is not None
    assert found.forward_kmh == kmh
    assert found.backward_kmh == (0 if kind == "motorway" else kmh)
    assert found.stoppable == (not kind.startswith("motorway"))


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({}, (1, 1)),
        ({"oneway": "yes"}, (1, 0)), ({"oneway": "1"}, (1, 0)), ({"oneway": "true"}, (1, 0)),
        ({"oneway": "-1"}, (0, 1)), ({"oneway": "reverse"}, (0, 1)),
        ({"oneway": "no"}, (1, 1)), ({"oneway": "alternating"}, (1, 1)),
        ({"oneway": "reversible"}, None),
        ({"junction": "roundabout"}, (1, 0)), ({"junction": "circular"}, (1, 0)),
        ({"junction": "roundabout", "oneway": "no"}, (1, 1)),
        ({"highway": "motorway"}, (1, 0)), ({"highway": "motorway", "oneway": "no"}, (1, 1)),
        ({"highway": "motorway_link"}, (1, 1)),
    ],
)  # fmt: skip
def test_one_way_for_cars(tags, directions):
    found = passage({"highway": "primary", **tags}, profile="car")
    given = found and (int(found.forward_kmh > 0), int(found.backward_kmh > 0))
    assert given == directions


@pytest.mark.parametrize(
    ("tags", "car", "walk"),
    [
        ({"access": "no"}, False, False), ({"access": "private"}, False, False),
        ({"access": "no", "foot": "yes"}, False, True),
        ({"access": "no", "motor_vehicle": "yes"}, True, False),
        ({"motor_vehicle": "no"}, False, True), ({"vehicle": "no"}, False, True),
        ({"motor_vehicle": "agricultural"}, False, True), ({"motorcar": "no"}, False, True),
        ({"vehicle": "no", "motorcar": "yes"}, True, True),
        ({"access": "destination"}, True, True), ({"motor_vehicle": "permissive"}, True, True),
        ({"foot": "no"}, True, False), ({"foot": "use_sidepath"}, True, False),
        ({"area": "yes"}, False, True),
        ({"highway": "track"}, False, True), ({"highway": "footway"}, False, True),
        ({"highway": "track", "motor_vehicle": "yes"}, True, True),
        ({"highway": "path", "foot": "no"}, False, False),
        ({"highway": "motorway"}, True, False), ({"highway": "trunk"}, True, False),
        ({"highway": "trunk", "foot": "yes"}, True, True),
        ({"highway": "trunk", "sidewalk": "both"}, True, True),
        ({"highway": "proposed"}, False, False), ({"highway": "construction"}, False, False),
        ({"highway": "nonsense"}, False, False),
    ],
)  # fmt: skip
def test_who_may_use_a_way(tags, car, walk):
    tags = {"highway": "residential", **tags}
    assert (passage(tags, profile="car") is not None) == car
    assert (passage(tags, profile="walk") is not None) == walk


def test_limits_in_each_direction_and_limits_written_elsewhere():
    both = passage({"highway": "primary", "maxspeed": "50"}, profile="car")
    assert both == Passage(50 * LIMIT_SHARE, 50 * LIMIT_SHARE)
    tags = {"highway": "primary", "maxspeed:forward": "30", "maxspeed:backward": "CZ:rural"}
    assert passage(tags, profile="car") == Passage(30 * LIMIT_SHARE, 90 * LIMIT_SHARE)
    urban = {"highway": "primary", "maxspeed": "signals", "source:maxspeed": "CZ:urban"}
    assert passage(urban, profile="car") == Passage(CAR_KMH["primary"], CAR_KMH["primary"])
    assert passage({**urban, "maxspeed": ""}, profile="car") == Passage(45, 45)


def test_walking_ignores_one_way_but_not_its_own():
    street = {"highway": "residential", "oneway": "yes"}
    assert passage(street, profile="walk") == Passage(WALK_KMH, WALK_KMH)
    assert passage({**street, "oneway:foot": "yes"}, profile="walk") == Passage(WALK_KMH, 0.0)
    assert passage({"highway": "steps"}, profile="walk") == Passage(STEPS_KMH, STEPS_KMH)


def test_ferries():
    ferry = {"route": "ferry", "duration": "00:10"}
    assert passage(ferry, profile="car") is None  # nothing says that it takes cars
    took = passage({**ferry, "motor_vehicle": "yes"}, profile="car")
    assert took == Passage(FERRY_KMH, FERRY_KMH, stoppable=False, duration_s=600)
    assert passage(ferry, profile="walk") == took
    assert passage({**ferry, "foot": "no"}, profile="walk") is None


@pytest.mark.parametrize(
    ("tags", "car", "walk"),
    [
        ({"barrier": "bollard"}, True, False), ({"barrier": "block"}, True, False),
        ({"barrier": "gate"}, False, False), ({"barrier": "lift_gate"}, False, False),
        ({"barrier": "gate", "access": "private"}, True, True),
        ({"barrier": "gate", "motor_vehicle": "no"}, True, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False, False),
        ({"barrier": "wall"}, True, True), ({"barrier": "kerb"}, False, False),
        ({"highway": "crossing"}, False, False), ({"barrier": "something new"}, True, False),
    ],
)  # fmt: skip
def test_barriers(tags, car, walk):
    assert blocks(tags, profile="car") == car
    assert blocks(tags, profile="walk") == walk


def test_unknown_classes_are_told_from_known_ones():
    assert is_unknown_class({"highway": "hyperloop"})
    assert not is_unknown_class({"highway": "residential"})
    assert not is_unknown_class({"highway": "footway"})
    assert not is_unknown_class({"highway": "proposed"})
    assert not is_unknown_class({"building": "yes"})
