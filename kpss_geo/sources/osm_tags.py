"""What OpenStreetMap tags mean for a car and for somebody on foot.

Speeds are working values, not law: what a driver makes on average on a free road. A
posted limit counts as `LIMIT_SHARE` of itself. Turn restrictions, turn costs, traffic
lights, slopes, seasons and hours of opening are left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Profile = Literal["car", "walk"]
Tags = Mapping[str, str]

WALK_KMH: Final = 4.5
STEPS_KMH: Final = 2.5
FERRY_KMH: Final = 8.0
"""A ferry that does not state how long it takes."""

LIMIT_SHARE: Final = 0.9
NO_LIMIT_KMH: Final = 130.0
KMH_PER_MPH: Final = 1.609344
KMH_PER_KNOT: Final = 1.852

CAR_KMH: Final[Mapping[str, float]] = {
    "motorway": 115, "motorway_link": 55, "trunk": 90, "trunk_link": 50,
    "primary": 70, "primary_link": 45, "secondary": 60, "secondary_link": 40,
    "tertiary": 50, "tertiary_link": 35, "unclassified": 40, "road": 35,
    "residential": 28, "living_street": 12, "service": 15, "track": 12,
}  # fmt: skip
"""Speed of a car in km/h by class of road, where no limit is posted."""

ONLY_IF_ALLOWED: Final = frozenset({"track"})
"""Closed to cars unless a tag opens them."""

NOT_FOR_CARS: Final = frozenset(
    {"footway", "pedestrian", "path", "cycleway", "bridleway", "steps", "corridor", "platform",
     "elevator", "busway", "bus_guideway", "via_ferrata"}
)  # fmt: skip
NOT_FOR_WALKING: Final = frozenset(
    {"motorway", "motorway_link", "busway", "bus_guideway", "via_ferrata"}
)
ONLY_IF_WALKABLE: Final = frozenset({"trunk", "trunk_link"})
NOT_ROADS: Final = frozenset(
    {"construction", "proposed", "planned", "abandoned", "razed", "disused", "raceway",
     "rest_area", "services", "bus_stop", "emergency_bay", "escape", "crossing", "no",
     "traffic_island", "street_lamp", "toll_gantry", "layby", "passing_place"}
)  # fmt: skip
"""Values of `highway` that are known and are no road to go along."""

CLOSED: Final = frozenset(
    {"no", "private", "agricultural", "forestry", "agricultural;forestry", "emergency",
     "military", "bus", "psv", "use_sidepath"}
)  # fmt: skip
OPEN: Final = frozenset({"yes", "designated", "permissive", "destination", "customers", "official"})

CAR_ACCESS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
WALK_ACCESS: Final = ("foot", "access")
"""Keys of access, the most particular first: it decides."""

OPEN_BARRIERS: Final = frozenset(
    {"border_control", "bump_gate", "cattle_grid", "entrance", "gate", "height_restrictor",
     "kerb", "lift_gate", "no", "rising_bollard", "sally_port", "swing_gate", "toll_booth"}
)  # fmt: skip
"""Barriers a car passes unless a tag says otherwise; any other barrier stops it."""

WALKER_BARRIERS: Final = frozenset({"fence", "wall", "hedge", "city_wall", "debris"})

IMPLIED_KMH: Final[Mapping[str, float]] = {
    "walk": 7, "living_street": 20, "urban": 50, "rural": 90, "motorway": NO_LIMIT_KMH,
    "trunk": 110, "urban_motorway": 80, "urban_trunk": 80, "bicycle_road": 30,
    "zone20": 20, "zone30": 30, "none": NO_LIMIT_KMH, "nsl": 90,
    "de:rural": 100, "at:rural": 100, "at:trunk": 100, "sk:trunk": 130, "at:motorway": 130,
    "de:trunk": NO_LIMIT_KMH, "pl:motorway": 140, "pl:trunk": 100,
}  # fmt: skip
"""Limits in km/h written as words (`CZ:urban`); a country's own value wins."""

_NUMBER = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_ISO_DURATION = re.compile(r"^pt(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")
_ONEWAY: Final = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}


@dataclass(frozen=True)
class Passage:
    """How a way may be used: km/h along it and against it (0 = closed).

    `duration_s` replaces the speed where a ferry states its time.
    """

    forward_kmh: float
    backward_kmh: float
    stoppable: bool = True
    duration_s: float | None = None


def passage(tags: Tags, *, profile: Profile) -> Passage | None:
    """Give how a way may be used, or None when it may not be used at all.

    >>> passage({"highway": "residential", "oneway": "-1", "maxspeed": "30"}, profile="car")
    Passage(forward_kmh=0.0, backward_kmh=27.0, stoppable=True, duration_s=None)
    """
    if tags.get("route") == "ferry":
        return _ferry(tags, profile=profile)
    return _walk(tags) if profile == "walk" else _car(tags)


def is_unknown_class(tags: Tags) -> bool:
    """Whether the way has a value of `highway` that no list here names."""
    kind = tags.get("highway")
    return kind is not None and not (kind in CAR_KMH or kind in NOT_FOR_CARS or kind in NOT_ROADS)


def blocks(tags: Tags, *, profile: Profile) -> bool:
    """Whether a node with these tags stops the traveller.

    >>> blocks({"barrier": "bollard"}, profile="car"), blocks({"barrier": "gate"}, profile="car")
    (True, False)
    """
    kind = tags.get("barrier")
    if kind is None:
        return False
    allowed = _access(tags, CAR_ACCESS if profile == "car" else WALK_ACCESS)
    if allowed is not None:
        return not allowed
    return kind in WALKER_BARRIERS if profile == "walk" else kind not in OPEN_BARRIERS


def speed_kmh(text: str | None) -> float | None:
    """Read a speed limit in km/h; None when there is none that can be read.

    Of several values (`50;30`) the least counts.

    >>> [speed_kmh(t) for t in ("50", "50 mph", "CZ:urban", "50;30", "DE:rural", "signals")]
    [50.0, 80.4672, 50.0, 30.0, 100.0, None]
    """
    if text is None:
        return None
    read = [_one_speed(part.strip().lower()) for part in re.split(r"[;|]", text)]
    known = [value for value in read if value is not None and value > 0]
    return min(known) if known else None


def duration_s(text: str | None) -> float | None:
    """Read how long a ferry takes, in seconds; None when it cannot be read.

    >>> [duration_s(t) for t in ("00:15", "1:30:00", "PT20M", "12", "soon")]
    [900.0, 5400.0, 1200.0, 720.0, None]
    """
    if text is None:
        return None
    text = text.strip().lower()
    iso = _ISO_DURATION.match(text)
    if iso and any(iso.groups()):
        hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        return hours * 3600 + minutes * 60 + seconds or None
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isdigit() for part in parts):
        return None
    minutes_first = [int(part) for part in parts] if len(parts) > 1 else [0, int(parts[0])]
    scale = (3600, 60, 1)
    return float(sum(n * s for n, s in zip(minutes_first, scale, strict=False))) or None


def _one_speed(text: str) -> float | None:
    number = _NUMBER.match(text)
    if number:
        unit = {"mph": KMH_PER_MPH, "knots": KMH_PER_KNOT}.get(number[2] or "", 1.0)
        return float(number[1].replace(",", ".")) * unit
    country, _, word = text.rpartition(":")
    if country and word.isdigit():  # CZ:30 and CZ:zone:30
        return float(word)
    implied = IMPLIED_KMH.get(text, IMPLIED_KMH.get(word))
    return None if implied is None else float(implied)


def _access(tags: Tags, keys: tuple[str, ...]) -> bool | None:
    for key in keys:
        value = tags.get(key)
        if value in CLOSED:
            return False
        if value is not None and value != "unknown":
            return True
    return None


def _oneway(tags: Tags) -> int | None:
    """Give 1 along the way, -1 against it, 0 both, None when neither can be relied on."""
    stated = tags.get("oneway")
    if stated == "reversible":  # by the hour: which way is open now is not known
        return None
    if stated in _ONEWAY:
        return _ONEWAY[stated]
    implied = tags.get("junction") in ("roundabout", "circular")
    return 1 if implied or tags.get("highway") == "motorway" else 0


def _car(tags: Tags) -> Passage | None:
    kind = tags.get("highway", "")
    allowed = _access(tags, CAR_ACCESS)
    if kind not in CAR_KMH or allowed is False or tags.get("area") == "yes":
        return None
    if kind in ONLY_IF_ALLOWED and not allowed:
        return None
    direction = _oneway(tags)
    if direction is None:
        return None
    both = tags.get("maxspeed") or tags.get("maxspeed:type") or tags.get("source:maxspeed")
    forward = _driven(kind, tags.get("maxspeed:forward") or both)
    backward = _driven(kind, tags.get("maxspeed:backward") or both)
    return Passage(
        forward if direction >= 0 else 0.0,
        backward if direction <= 0 else 0.0,
        stoppable=kind not in ("motorway", "motorway_link"),
    )


def _driven(kind: str, limit: str | None) -> float:
    posted = speed_kmh(limit)
    return float(CAR_KMH[kind]) if posted is None else max(posted * LIMIT_SHARE, 3.0)


def _walk(tags: Tags) -> Passage | None:
    kind = tags.get("highway", "")
    allowed = _access(tags, WALK_ACCESS)
    known = kind in CAR_KMH or kind in NOT_FOR_CARS
    if not known or kind in NOT_FOR_WALKING or allowed is False:
        return None
    if kind in ONLY_IF_WALKABLE and not allowed and tags.get("sidewalk") in (None, "no", "none"):
        return None
    kmh = STEPS_KMH if kind == "steps" else WALK_KMH
    direction = _ONEWAY.get(tags.get("oneway:foot", "no"), 0)
    return Passage(kmh if direction >= 0 else 0.0, kmh if direction <= 0 else 0.0)


def _ferry(tags: Tags, *, profile: Profile) -> Passage | None:
    allowed = _access(tags, CAR_ACCESS if profile == "car" else WALK_ACCESS)
    if allowed is False or (profile == "car" and not allowed):
        return None
    direction = _ONEWAY.get(tags.get("oneway", "no"), 0)
    return Passage(
        FERRY_KMH if direction >= 0 else 0.0,
        FERRY_KMH if direction <= 0 else 0.0,
        stoppable=False,
        duration_s=duration_s(tags.get("duration")),
    )
