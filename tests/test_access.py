"""Floating catchments against PySAL `access`, plain loops and closed formulas."""

import numpy as np
import pandas as pd
import pytest
from access.fca import three_stage_fca, two_stage_fca
from access.weights import gaussian, gravity, step_fn
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from kpss_geo.access import METHODS, access
from kpss_geo.decay import (
    DECAYS,
    Exponential,
    Gaussian,
    Gravity,
    Kernel,
    Linear,
    Step,
    Zones,
    choose_decay,
)
from kpss_geo.errors import BadOption

LIMIT = 30.0
FADING = st.sampled_from([choose_decay(name, limit_min=LIMIT) for name in DECAYS])

# PySAL's own example: three towns, doctors and people, four states of traffic.
DOCTORS, PEOPLE = np.array([15.0, 20.0, 100.0]), np.array([100.0, 50.0, 10.0])
TRAFFIC = {
    "gridlock": [[1, 80, 40], [80, 1, 40], [40, 40, 1]],
    "fast in": [[1, 80, 20], [80, 1, 20], [40, 40, 1]],
    "fast out": [[1, 80, 40], [80, 1, 40], [20, 20, 1]],
    "fast": [[1, 40, 20], [40, 1, 20], [20, 20, 1]],
}


def matrix(minutes, limit: float = LIMIT) -> sparse.csr_array:
    """Pairs within the limit, zeros stored."""
    dense = np.array(minutes, dtype=float)
    row, column = np.nonzero(dense <= limit)
    made = sparse.coo_array((dense[row, column], (row, column)), shape=dense.shape).tocsr()
    assert made.nnz == len(row)
    return made


def pysal(function, minutes, capacity, people, weight, limit: float = LIMIT) -> np.ndarray:
    """PySAL's figures per 1 000 people; home points that it leaves out reach nothing."""
    dense = np.array(minutes, dtype=float)
    row, column = np.nonzero(dense <= limit)
    costs = pd.DataFrame({"origin": row, "dest": column, "cost": dense[row, column]})
    demand = pd.DataFrame({"geoid": np.arange(len(people)), "demand": people})
    supply = pd.DataFrame({"supply": capacity}, index=np.arange(len(capacity)))
    found = function(demand, supply, costs, max_cost=limit, weight_fn=weight)
    return found.reindex(np.arange(len(people))).fillna(0).to_numpy() * 1000


@st.composite
def cases(draw: st.DrawFn):
    """Minutes (many beyond the limit), capacities, people: at least one at every point."""
    homes, places = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    minutes = st.lists(st.integers(0, 60), min_size=places, max_size=places)
    rows = draw(st.lists(minutes, min_size=homes, max_size=homes))
    capacity = draw(st.lists(st.integers(0, 300), min_size=places, max_size=places))
    people = draw(st.lists(st.integers(1, 5_000), min_size=homes, max_size=homes))
    return np.array(rows, float), np.array(capacity, float), np.array(people, float)


@pytest.mark.parametrize("traffic", TRAFFIC)
def test_pysal_s_own_example(traffic):
    minutes = TRAFFIC[traffic]
    for method, function in (("e2sfca", two_stage_fca), ("3sfca", three_stage_fca)):
        ours = access(
            matrix(minutes, 61), capacity=DOCTORS, people=PEOPLE, method=method, decay=Gravity()
        )
        theirs = pysal(function, minutes, DOCTORS, PEOPLE, gravity(1, -1), limit=61)
        np.testing.assert_allclose(ours.per_1000, theirs, rtol=1e-12)
        assert ours.complete.all()


def test_pysal_s_own_example_by_hand():
    """Gridlock, 2SFCA: town 1 reaches itself and 3; every town reaches 3."""
    found = access(matrix(TRAFFIC["gridlock"], 61), capacity=DOCTORS, people=PEOPLE)
    of_places = [15 / 110, 20 / 60, 100 / 160]
    expected = [of_places[0] + of_places[2], of_places[1] + of_places[2], sum(of_places)]
    np.testing.assert_allclose(found.per_1000, np.array(expected) * 1000)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_equal_to_pysal_on_random_cases(case):
    minutes, capacity, people = case
    assume((minutes <= LIMIT).any())
    zones = step_fn({10: 1, 20: 0.68, 30: 0.22})
    for method, function, decay, weight in (
        ("2sfca", two_stage_fca, None, None),
        ("e2sfca", two_stage_fca, choose_decay("zones", limit_min=LIMIT), zones),
        ("e2sfca", two_stage_fca, Gaussian(12.0), gaussian(12.0)),
        ("3sfca", three_stage_fca, choose_decay("zones", limit_min=LIMIT), zones),
        ("3sfca", three_stage_fca, Gaussian(12.0), gaussian(12.0)),
    ):
        ours = access(matrix(minutes), capacity=capacity, people=people, method=method, decay=decay)
        theirs = pysal(function, minutes, capacity, people, weight)
        np.testing.assert_allclose(ours.per_1000, theirs, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(ours.per_1000, ours.at_least)


def plain_loops(minutes, capacity, people, method, decay) -> list[float]:
    """The definitions of the articles, pair by pair."""
    homes, places = range(len(people)), range(len(capacity))
    pull = [
        [float(decay(np.array([m]))[0]) if m <= LIMIT else 0.0 for m in minutes[i]] for i in homes
    ]
    if method == "3sfca":
        chosen = [[w * w / sum(row) if sum(row) else 0.0 for w in row] for row in pull]
        demanded = received = chosen
    else:
        demanded = pull
        received = [[w * w for w in row] for row in pull] if method == "m2sfca" else pull
    ratio = []
    for j in places:
        demand = sum(people[i] * demanded[i][j] for i in homes)
        ratio.append(capacity[j] / demand if demand else 0.0)
    return [1000 * sum(received[i][j] * ratio[j] for j in places) for i in homes]


@given(cases(), st.sampled_from(METHODS), FADING)
@settings(max_examples=120, deadline=None)
def test_equal_to_plain_loops(case, method, decay):
    minutes, capacity, people = case
    decay = Step() if method == "2sfca" else decay
    found = access(matrix(minutes), capacity=capacity, people=people, method=method, decay=decay)
    expected = plain_loops(minutes, capacity, people, method, decay)
    np.testing.assert_allclose(found.per_1000, expected, rtol=1e-9, atol=1e-9)


@given(cases(), st.sampled_from(METHODS), FADING)
@settings(max_examples=120, deadline=None)
def test_all_reachable_capacity_is_shared_out(case, method, decay):
    """Nobody gets what is not there, and nothing that is reached is lost but in m2sfca."""
    minutes, capacity, people = case
    decay = Step() if method == "2sfca" else decay
    found = access(matrix(minutes), capacity=capacity, people=people, method=method, decay=decay)
    given_out = found.per_1000 @ people / 1000
    weighs = decay(np.minimum(minutes, LIMIT)) > 0
    reached = capacity[((minutes <= LIMIT) & weighs).any(axis=0)].sum()
    if method == "m2sfca":
        assert given_out <= reached * (1 + 1e-9)
    else:
        assert given_out == pytest.approx(reached)


@given(cases(), st.sampled_from(METHODS), FADING, st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_scales_with_capacity_and_people(case, method, decay, times):
    minutes, capacity, people = case
    decay = Step() if method == "2sfca" else decay
    options = {"method": method, "decay": decay}
    one = access(matrix(minutes), capacity=capacity, people=people, **options).per_1000
    more = access(matrix(minutes), capacity=capacity * times, people=people, **options).per_1000
    crowd = access(matrix(minutes), capacity=capacity, people=people * times, **options).per_1000
    np.testing.assert_allclose(more, one * times, rtol=1e-9)
    np.testing.assert_allclose(crowd, one / times, rtol=1e-9)


@given(cases(), st.sampled_from(["2sfca", "e2sfca", "m2sfca"]), FADING, st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_one_more_place_takes_from_nobody(case, method, decay, away):
    minutes, capacity, people = case
    decay = Step() if method == "2sfca" else decay
    options = {"people": people, "method": method, "decay": decay}
    before = access(matrix(minutes), capacity=capacity, **options).per_1000
    wider = np.column_stack([minutes, np.full(len(people), float(away))])
    after = access(matrix(wider), capacity=np.append(capacity, 50.0), **options).per_1000
    assert (after >= before - 1e-9).all()


@given(cases(), st.sampled_from(METHODS), st.integers(0, 5), st.booleans())
@settings(max_examples=100, deadline=None)
def test_missing_capacity_is_unknown_for_those_it_concerns_and_no_others(
    case, method, which, whole
):
    minutes, capacity, people = case
    assume(which < len(capacity))
    lacking = capacity.copy()
    lacking[which] = np.nan
    seen = np.full(len(people), fill_value=True)
    seen[0] = whole
    options = {"people": people, "method": method, "decay": None}
    found = access(matrix(minutes), capacity=lacking, whole=seen, **options)
    full = access(matrix(minutes), capacity=capacity, **options)
    concerned = (minutes[:, which] <= LIMIT) | ~seen
    if method != "3sfca" or whole:
        np.testing.assert_array_equal(found.complete, ~concerned)
    assert (found.per_1000[found.complete] == full.per_1000[found.complete]).all()
    assert np.isnan(found.per_1000[~found.complete]).all()
    assert (found.at_least <= full.per_1000 + 1e-9).all()


def test_beyond_reach_is_none_and_missing_is_not_known():
    found = access(
        matrix([[10, 99], [99, 99], [99, 10]]),
        capacity=np.array([10.0, np.nan]),
        people=np.array([100.0, 100.0, 100.0]),
    )
    np.testing.assert_array_equal(found.per_1000, [100.0, 0.0, np.nan])
    assert found.complete.tolist() == [True, True, False]
    assert found.at_least.tolist() == [100.0, 0.0, 0.0]


def test_unknown_people_make_their_places_unknown():
    found = access(
        matrix([[10, 99], [10, 10], [99, 10]]),
        capacity=np.array([10.0, 5.0]),
        people=np.array([np.nan, 100.0, 100.0]),
    )
    np.testing.assert_array_equal(found.per_1000, [np.nan, np.nan, 25.0])


def test_choosing_people_who_may_have_more_choice_leave_their_places_unknown():
    minutes = matrix([[10, 99], [10, 10], [99, 10]])
    figures = {"capacity": np.array([10.0, 5.0]), "people": np.array([100.0, 100.0, 100.0])}
    whole = np.array([False, True, True])
    two = access(minutes, **figures, whole=whole)
    assert two.complete.tolist() == [False, True, True]
    three = access(minutes, **figures, whole=whole, method="3sfca")
    assert three.complete.tolist() == [False, False, True]
    assert three.at_least[0] == 0


def test_a_place_that_weighs_nothing_leaves_nobody_unknown():
    found = access(
        matrix([[10, 30], [30, 10]]),
        capacity=np.array([10.0, np.nan]),
        people=np.array([100.0, 100.0]),
        method="e2sfca",
        decay=Linear(30),
    )
    assert found.complete.tolist() == [True, False]


def test_an_empty_point_with_more_choice_leaves_no_place_unknown():
    found = access(
        matrix([[10, 99], [10, 10]]),
        capacity=np.array([10.0, 5.0]),
        people=np.array([0.0, 100.0]),
        whole=np.array([False, True]),
        method="3sfca",
    )
    assert found.complete.tolist() == [False, True]


def test_a_place_next_door_is_not_lost():
    found = access(matrix([[0.0]]), capacity=np.array([3.0]), people=np.array([1_000.0]))
    assert found.per_1000.tolist() == [3.0]


def test_a_place_nobody_competes_for_gives_nobody_anything():
    found = access(matrix([[5, 99]]), capacity=np.array([3.0, 9.0]), people=np.array([0.0]))
    assert found.per_1000.tolist() == [0.0]
    assert found.complete.all()


@pytest.mark.parametrize(
    ("decay", "at_0", "at_15", "at_30"),
    [
        (Step(), 1, 1, 1),
        (Zones((10, 20, 30), (1, 0.68, 0.22)), 1, 0.68, 0.22),
        (Gaussian(15), 1, np.exp(-0.5), np.exp(-2)),
        (Linear(30), 1, 0.5, 0),
        (Kernel(30), 1, 0.75, 0),
        (Exponential(15), 1, np.exp(-1), np.exp(-2)),
        (Gravity(2, 1), 1, 1 / 225, 1 / 900),
    ],
)
def test_decays_are_their_formulas(decay, at_0, at_15, at_30):
    np.testing.assert_allclose(decay(np.array([0.0, 15.0, 30.0])), [at_0, at_15, at_30])


@pytest.mark.parametrize("name", DECAYS)
@given(limit=st.floats(1, 120))
@settings(max_examples=20, deadline=None)
def test_decays_never_rise_and_stay_between_0_and_1(name, limit):
    weights = choose_decay(name, limit_min=limit)(np.linspace(0, limit, 50))
    assert weights[0] == 1
    assert (np.diff(weights) <= 0).all()
    assert (weights >= 0).all()


def test_decays_without_an_end_fade_at_the_limit():
    for name in ("gaussian", "exponential"):
        assert choose_decay(name, limit_min=40)(np.array([40.0])) == pytest.approx(0.01)


def test_what_is_not_possible_is_refused():
    one = matrix([[1.0]])
    with pytest.raises(BadOption):
        access(one, capacity=np.array([-1.0]), people=np.array([1.0]))
    with pytest.raises(BadOption):
        access(one, capacity=np.array([1.0]), people=np.array([-1.0]))
    with pytest.raises(BadOption):
        access(one, capacity=np.array([1.0]), people=np.array([1.0]), decay=Linear(30))
    with pytest.raises(BadOption):
        access(one, capacity=np.array([1.0]), people=np.array([1.0]), method="raam")  # type: ignore[arg-type]
    with pytest.raises(BadOption):
        choose_decay("cosine", limit_min=30)
    with pytest.raises(BadOption):
        Zones((20, 10), (1, 0.5))
