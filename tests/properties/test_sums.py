"""What must hold for any people, places and thresholds."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import coverage
from kpss_geo.catalogue import Supply
from kpss_geo.distance import Reach, Travel
from kpss_geo.population import apportion
from kpss_geo.schema import VERDICTS

TRAVEL = Travel(detour_factor=1.4, speed_kmh=50.0)
DAY = date(2026, 10, 1)
coordinate = st.integers(0, 60_000)
point = st.tuples(coordinate, coordinate)


def _places(points: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(points, columns=["x", "y"], dtype=float)


@st.composite
def homes(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(1, 25))
    table = pd.DataFrame(draw(st.lists(point, min_size=size, max_size=size)), columns=["x", "y"])
    codes = st.sampled_from(["500001", "500002", "500003"])
    table["code"] = draw(st.lists(codes, min_size=size, max_size=size))
    table["people"] = draw(st.lists(st.integers(0, 5_000), min_size=size, max_size=size))
    return table.astype({"x": float, "y": float, "people": "int64"})


@st.composite
def supplies(draw: st.DrawFn, *, certain: bool = False) -> Supply:
    flag = st.just(value=True) if certain else st.booleans()
    return Supply(
        places=_places(draw(st.lists(point, max_size=6))),
        doubtful=_places([] if certain else draw(st.lists(point, max_size=2))),
        by_field=False if certain else draw(st.booleans()),
        unlocated=False if certain else draw(st.booleans()),
        known_day=draw(flag),
        known_type=draw(flag),
        known_group=draw(flag),
    )


def _judge(home, supply, km, gap):
    reach = Reach(km, "km")
    judged = coverage.judge(home, supply, reach=reach, travel=TRAVEL, to_not_held=gap)
    return judged, coverage.by_obec(home, judged)


@given(homes(), supplies(), st.floats(0.5, 60), st.floats(0, 100_000) | st.just(np.inf))
@settings(max_examples=150, deadline=None)
def test_four_verdicts_are_everyone(home, supply, km, gap):
    judged, table = _judge(home, supply, km, np.full(len(home), gap))
    assert (table[list(VERDICTS)].sum(axis=1) == table["people"]).all()
    assert table["people"].sum() == home["people"].sum()
    assert (table[list(VERDICTS)] >= 0).all(axis=None)
    unknown = judged["verdict"] == "unknown"
    assert (judged.loc[unknown, "reason"] != "").all()
    assert (judged.loc[~unknown, "reason"] == "").all()


@given(homes(), supplies(), st.floats(0.5, 60), point)
@settings(max_examples=80, deadline=None)
def test_one_more_place_makes_nobody_worse(home, supply, km, extra):
    gap = np.full(len(home), np.inf)
    before, _ = _judge(home, supply, km, gap)
    more = Supply(
        **{
            **vars(supply),
            "places": pd.concat([supply.places, _places([extra])], ignore_index=True),
        }
    )
    after, _ = _judge(home, more, km, gap)
    assert (after["metres"] <= before["metres"]).all()
    assert (after["verdict"] == "covered")[before["verdict"] == "covered"].all()


@given(homes(), supplies(certain=True), st.floats(0.5, 30), st.floats(1.0, 3.0))
@settings(max_examples=80, deadline=None)
def test_a_longer_reach_uncovers_nobody(home, supply, km, factor):
    gap = np.full(len(home), np.inf)
    short, _ = _judge(home, supply, km, gap)
    long, _ = _judge(home, supply, km * factor, gap)
    assert (long["verdict"] == "covered")[short["verdict"] == "covered"].all()


@given(homes(), supplies(), st.floats(0.5, 60))
@settings(max_examples=60, deadline=None)
def test_an_obec_with_nobody_changes_no_sum(home, supply, km):
    nobody = home.iloc[:1].assign(code="500009", people=0)
    both = pd.concat([home, nobody], ignore_index=True)
    _, without = _judge(home, supply, km, np.full(len(home), np.inf))
    _, with_it = _judge(both, supply, km, np.full(len(both), np.inf))
    pd.testing.assert_series_equal(with_it[list(VERDICTS)].sum(), without[list(VERDICTS)].sum())


@given(homes(), supplies(certain=True), st.floats(0.5, 60))
@settings(max_examples=60, deadline=None)
def test_unknown_country_next_door_never_says_not_covered(home, supply, km):
    """Where an unknown place may be within reach, nobody is "not covered"."""
    _, table = _judge(home, supply, km, np.zeros(len(home)))
    assert (table["not_covered"] == 0).all()


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
