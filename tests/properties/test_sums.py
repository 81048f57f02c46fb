"""What must hold for any people, places, capacities, declared territories and thresholds."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import coverage, distance, served
from kpss_geo.catalogue import DOUBTFUL, Supply, in_form
from kpss_geo.coverage import Homes, Limit, Offer
from kpss_geo.distance import Reach, Travel
from kpss_geo.population import apportion
from kpss_geo.schema import VERDICTS
from kpss_geo.served import Ratio, Served

TRAVEL = Travel(detour_factor=1.4, speed_kmh=50.0)
CODES = ["500001", "500002", "500003"]
FIELD_COLUMNS = ["name", "provider", "town", "code", "x", "y", "capacity", "regions"]
SEAT_REGION = {"region_code": "CZ042"}
coordinate = st.integers(0, 60_000)
point = st.tuples(coordinate, coordinate)
ratios = st.none() | st.builds(Ratio, st.floats(0.5, 200), st.just("luzka"))
counts = st.sampled_from([1.0, 5.0, 40.0, 500.0])
field_capacities = st.sampled_from([(), (("ter", "luzka", 9.0),)])
regions = st.sampled_from([frozenset(), frozenset({"CZ042"})])
capacities = st.just(()) | counts.map(lambda n: (("pob", "luzka", n),))


@dataclass(frozen=True)
class Case:
    """Home points, what is offered to them, and the team's limits."""

    home: pd.DataFrame
    supply: Supply
    said: Served
    limits: dict[str, Limit]
    gap: float


def _places(rows: list[tuple[int, int]], capacity=(), services=None) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["x", "y"], dtype=float)
    table["forms"] = [("pob", "amb") if n % 2 else ("pob",) for n in range(len(table))]
    given_ = list(capacity) or [(("pob", "luzka", 10.0),)] * len(table)
    table["capacity"] = pd.Series(given_, index=table.index, dtype=object)
    ids = services or [f"s{n}" for n in range(len(table))]
    return table.assign(service_id=ids, addresses=1, code=CODES[0])


@st.composite
def homes(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(1, 25))
    table = pd.DataFrame(draw(st.lists(point, min_size=size, max_size=size)), columns=["x", "y"])
    table["code"] = draw(st.lists(st.sampled_from(CODES), min_size=size, max_size=size))
    table["people"] = draw(st.lists(st.integers(0, 5_000), min_size=size, max_size=size))
    return table.astype({"x": float, "y": float, "people": "int64"})


@st.composite
def fields(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(0, 3))
    rows = [
        ("n", "p", "t", CODES[0], *draw(point), draw(field_capacities), draw(regions))
        for _ in range(size)
    ]
    return pd.DataFrame(rows, columns=FIELD_COLUMNS, index=[f"f{n}" for n in range(size)])


@st.composite
def cases(draw: st.DrawFn, *, certain: bool = False) -> Case:
    flag = st.just(value=True) if certain else st.booleans()
    spots = draw(st.lists(point, max_size=6))
    size = len(spots)
    supply = Supply(
        places=_places(spots, draw(st.lists(capacities, min_size=size, max_size=size))),
        doubtful=_places([] if certain else draw(st.lists(point, max_size=2))),
        by_field=draw(st.booleans()),
        field=(field := draw(fields())),
        seats=field[["code", "x", "y"]].rename_axis("service_id").reset_index(),
        unlocated=frozenset() if certain else draw(st.sampled_from([frozenset(), {"pob"}])),
        known_day=draw(flag),
        known_type=draw(flag),
        known_group=draw(flag),
    )
    keys = [(service, code) for service in (*supply.field.index, "type:13") for code in CODES]
    said = draw(st.dictionaries(st.sampled_from(keys), st.booleans()))
    km = st.floats(0.5, 60)
    limits = {f: Limit(f, Reach(draw(km), "km"), draw(ratios)) for f in ("pob", "amb", "ter")}
    return Case(draw(homes()), supply, _said(said), limits, draw(st.sampled_from([np.inf, 9e3])))


def _said(said: dict[tuple[str, str], bool]) -> Served:
    keys = pd.MultiIndex.from_tuples(list(said) or [("", "")], names=["service_id", "code"])
    series = pd.Series(list(said.values()) or [False], index=keys, dtype=bool)
    return Served(series if said else series.iloc[:0])


def _judge(case: Case) -> tuple[coverage.Judged, pd.DataFrame]:
    home, supply = case.home, case.supply
    ways = {DOUBTFUL: distance.nearest(home, supply.doubtful, travel=TRAVEL)}
    for form in ("pob", "amb"):
        rows = supply.places[in_form(supply.places["forms"], form)].reset_index(drop=True)
        ways[form] = distance.nearest(home, rows, travel=TRAVEL)
    to_places = distance.from_people(supply.places, home[home["people"] > 0], travel=TRAVEL)
    people = home.groupby("code")["people"].sum().reindex(CODES, fill_value=0)
    towns = pd.DataFrame(
        {"x": 0.0, "y": 0.0, "region_code": "CZ042", "strangers": case.gap < np.inf}, index=CODES
    )
    near = served.may_come(towns, supply.field.index, supply.seats.assign(**SEAT_REGION), km=40.0)
    serving = served.serving(
        towns, supply.field, near, type_code="13", served=case.said, people=people,
        ratio=case.limits["ter"].ratio,
    )  # fmt: skip
    points = Homes(
        obec=pd.Index(CODES).get_indexer(pd.Index(home["code"])),
        people=home["people"].to_numpy(),
        to_not_held=np.full(len(home), case.gap),
        routable=np.ones(len(home), dtype=bool),
        obce=len(CODES),
    )
    offer = Offer(supply, ways, to_places, serving if supply.by_field else None)
    judged = coverage.judge(points, offer, limits=case.limits, travel=TRAVEL)
    counted = coverage.people_by_verdict(points, judged)
    return judged, pd.DataFrame(counted, index=CODES, columns=list(VERDICTS))


def _scaled(case: Case, factor: float) -> Case:
    limits = {
        form: replace(limit, reach=Reach(limit.reach.value * factor, "km"))
        for form, limit in case.limits.items()
    }
    return replace(case, limits=limits)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_four_verdicts_are_everyone(case):
    judged, table = _judge(case)
    people = case.home.groupby("code")["people"].sum().reindex(CODES, fill_value=0)
    assert (table.sum(axis=1) == people).all()
    assert (table >= 0).all(axis=None)
    assert ((judged.share >= 0) & (judged.share <= 1)).all()
    assert (judged.share[~judged.reached] == 0).all()


@given(cases(), point, counts)
@settings(max_examples=120, deadline=None)
def test_one_more_place_makes_nobody_worse(case, extra, count):
    before, table = _judge(case)
    places = pd.concat(
        [case.supply.places, _places([extra], [(("pob", "luzka", count),)], ["new"])],
        ignore_index=True,
    )
    after, more = _judge(replace(case, supply=replace(case.supply, places=places)))
    assert (after.share >= before.share - 1e-12).all()
    assert (after.reached >= before.reached).all()
    assert (more["covered"] >= table["covered"]).all()
    assert (more["not_covered"] <= table["not_covered"]).all()


@given(cases(), st.sampled_from(CODES))
@settings(max_examples=80, deadline=None)
def test_one_more_field_service_makes_nobody_worse(case, code):
    _, table = _judge(case)
    row = pd.DataFrame(
        [("n", "p", "t", code, 0.0, 0.0, (("ter", "luzka", 20.0),), frozenset())],
        columns=FIELD_COLUMNS, index=["new"],
    )  # fmt: skip
    field = pd.concat([case.supply.field, row])
    said = {**case.said.said.to_dict(), **{("new", c): c == code for c in CODES}}
    changed = replace(case, supply=replace(case.supply, field=field), said=_said(said))
    _, more = _judge(changed)
    assert (more["covered"] >= table["covered"]).all()


@given(cases(certain=True), st.floats(1.0, 3.0))
@settings(max_examples=120, deadline=None)
def test_a_longer_reach_uncovers_nobody(case, factor):
    short, table = _judge(case)
    long, more = _judge(_scaled(case, factor))
    assert (long.share >= short.share - 1e-12).all()
    assert (more["covered"] >= table["covered"]).all()


@given(cases())
@settings(max_examples=60, deadline=None)
def test_a_point_with_nobody_changes_no_sum(case):
    nobody = case.home.iloc[:1].assign(x=30_000.0, people=0)
    both = pd.concat([case.home, nobody], ignore_index=True)
    _, without = _judge(case)
    _, with_it = _judge(replace(case, home=both))
    pd.testing.assert_frame_equal(with_it, without)


@given(cases(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_registration_split_over_two_addresses_carries_no_more(case, data):
    places = case.supply.places
    if places.empty:
        return
    row = data.draw(st.integers(0, len(places) - 1))
    twice = pd.concat([places, places.iloc[[row]]], ignore_index=True)
    _, one = _judge(case)
    _, two = _judge(replace(case, supply=replace(case.supply, places=twice)))
    pd.testing.assert_frame_equal(one, two)


@given(cases(certain=True))
@settings(max_examples=60, deadline=None)
def test_unknown_country_next_door_never_says_not_covered(case):
    """Where an unknown place may be within reach, nobody is "not covered"."""
    _, table = _judge(replace(case, gap=0.0))
    assert (table["not_covered"] == 0).all()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.floats(0, 50)), max_size=40))
@settings(max_examples=100, deadline=None)
def test_value_of_most_equals_plain_loops(rows):
    obec, value, weight = (
        (np.array(part) for part in zip(*rows, strict=True)) if rows else ((),) * 3
    )
    found = coverage.of_most(
        np.array(obec, dtype=np.int64), np.array(value, dtype=np.int64),
        np.array(weight, dtype=float), obce=5,
    )  # fmt: skip
    for where in range(5):
        sums: dict[int, float] = {}
        for o, v, w in rows:
            if o == where:
                sums[v] = sums.get(v, 0.0) + w
        best = max(sums.values(), default=None)
        expected = {v for v, total in sums.items() if abs(total - best) < 1e-9} if sums else {-1}
        assert found[where] in expected


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.1, 1e4)), min_size=1, max_size=40),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6)),
)
@settings(max_examples=200, deadline=None)
def test_apportioned_people_are_whole_and_all_there(rows, counts):
    keys = pd.Series([key for key, _ in rows])
    weights = pd.Series([weight for _, weight in rows])
    totals = pd.Series(dict(zip("abc", counts, strict=True)))
    shares = apportion(keys, weights, totals)
    present = totals[sorted(set(keys))]
    assert shares.groupby(keys).sum().to_dict() == present.to_dict()
    exact = keys.map(totals) * weights / weights.groupby(keys).transform("sum")
    assert (shares >= 0).all()
    assert ((shares - exact).abs() < 1 + 1e-6).all()
