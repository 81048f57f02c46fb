"""Measures of equity against closed formulas, numpy and scipy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from kpss_geo import equity


@st.composite
def spreads(draw: st.DrawFn):
    """Values of points and their people, some points empty."""
    size = draw(st.integers(1, 30))
    value = st.integers(0, 400).map(lambda n: n / 8)
    values = draw(st.lists(value, min_size=size, max_size=size))
    people = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    assume(sum(people) > 0)
    return np.array(values), np.array(people, dtype=float)


def each_person(values, people) -> np.ndarray:
    """One value for every single person."""
    return np.repeat(values, people.astype(int))


@given(spreads(), st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
@settings(max_examples=150, deadline=None)
def test_mean_and_quantiles_are_those_of_every_single_person(spread, share):
    values, people = spread
    everyone = each_person(values, people)
    assert equity.mean(values, people) == pytest.approx(everyone.mean())
    expected = np.quantile(everyone, share, method="inverted_cdf")
    assert equity.quantile(values, people, share) == expected
    assert equity.beyond(values, people, 20) == (everyone > 20).sum()


@given(spreads())
@settings(max_examples=150, deadline=None)
def test_gini_is_half_the_mean_difference_of_any_two_people(spread):
    values, people = spread
    everyone = each_person(values, people)
    found = equity.gini(values, people)
    if everyone.sum() == 0:
        assert np.isnan(found)
        return
    difference = np.abs(everyone[:, None] - everyone[None, :]).mean()
    assert found == pytest.approx(difference / (2 * everyone.mean()), abs=1e-12)


@given(spreads())
@settings(max_examples=150, deadline=None)
def test_palma_of_people_in_tens_is_a_plain_sum(spread):
    """With ten people for each one, a tenth and four tenths are whole people."""
    values, people = spread
    everyone = np.sort(each_person(values, people * 10))
    count = len(everyone)
    top, bottom = everyone[-count // 10 :].sum(), everyone[: 4 * count // 10].sum()
    shares = equity.palma_shares(values, people * 10)
    if everyone.sum() == 0:
        assert np.isnan(shares).all()
        assert np.isnan(equity.palma(values, people))
        return
    np.testing.assert_allclose(shares, (top / everyone.sum(), bottom / everyone.sum()), atol=1e-12)
    if bottom > 0:
        assert equity.palma(values, people * 10) == pytest.approx(top / bottom)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_gini_of_1_to_n_has_a_closed_formula(n):
    values = np.arange(1, n + 1, dtype=float)
    assert equity.gini(values, np.ones(n)) == pytest.approx((n**2 - 1) / (3 * n * (n + 1)))


def test_all_the_same_is_fully_even():
    values, people = np.full(7, 3.5), np.arange(1.0, 8.0)
    assert equity.gini(values, people) == pytest.approx(0)
    assert equity.palma(values, people) == pytest.approx(0.25)


def test_one_person_with_everything():
    values, people = np.array([0.0, 5.0]), np.array([99.0, 1.0])
    assert equity.gini(values, people) == pytest.approx(0.99)
    assert equity.palma(values, people) == np.inf
    assert equity.palma_shares(values, people) == (1, 0)


@given(spreads(), st.integers(1, 9), st.floats(0.1, 50))
@settings(max_examples=60, deadline=None)
def test_evenness_does_not_depend_on_size(spread, times, scale):
    values, people = spread
    for measure in (equity.gini, equity.palma):
        one = measure(values, people)
        np.testing.assert_allclose(measure(values, people * times), one, atol=1e-9)
        np.testing.assert_allclose(measure(values * scale, people), one, atol=1e-9)


@given(spreads(), st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_unknown_people_are_counted_and_change_no_measure(spread, lost):
    values, people = spread
    with_lost = np.append(values, np.nan), np.append(people, float(lost))
    assert equity.unknown(*with_lost) == lost
    assert equity.unknown(values, people) == 0
    for measure in (equity.mean, equity.gini, equity.palma):
        np.testing.assert_array_equal(measure(*with_lost), measure(values, people))
    assert equity.quantile(*with_lost, 0.5) == equity.quantile(values, people, 0.5)


def test_nobody_known_is_not_defined():
    nothing = np.array([np.nan]), np.array([5.0])
    for measure in (equity.mean, equity.gini, equity.palma):
        assert np.isnan(measure(*nothing))
    assert np.isnan(equity.quantile(*nothing, 0.5))
    assert equity.beyond(*nothing, 5) == 0


def test_no_place_anywhere_is_infinitely_far_not_unknown():
    values, people = np.array([5.0, np.inf]), np.array([60.0, 40.0])
    assert equity.unknown(values, people) == 0
    assert equity.beyond(values, people, 30) == 40
    assert equity.quantile(values, people, 0.5) == 5
    assert equity.quantile(values, people, 0.9) == np.inf
    assert equity.mean(values, people) == np.inf


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=3, max_size=40))
@settings(max_examples=80, deadline=None)
def test_link_is_pearson_of_the_ranks(rows):
    one, two = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    found = equity.link(one, two)
    if one.nunique() < 2 or two.nunique() < 2:
        assert np.isnan(found.rho)
        return
    ranks = np.corrcoef(stats.rankdata(one), stats.rankdata(two))[0, 1]
    assert found.rho == pytest.approx(ranks, abs=1e-12)
    assert (found.obce, found.left_out) == (len(rows), 0)


def test_link_leaves_out_what_is_not_known_and_counts_it():
    ways = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": np.nan, "e": 4.0})
    index = pd.Series({"a": 5.0, "b": 4.0, "c": 1.0, "d": 0.0, "f": 9.0})
    found = equity.link(ways, index)
    assert found == equity.Link(pytest.approx(-1), 3, 2)
    assert np.isnan(equity.link(ways[:2], index).rho)


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, "0–199"), (199, "0–199"), (200, "200–499"), (999, "500–999"), (1_000, "1000–1999"),
     (4_999, "2000–4999"), (9_999, "5000–9999"), (19_999, "10000–19999"),
     (20_000, "20000–49999"), (99_999, "50000–99999"), (100_000, "100000+")],
)  # fmt: skip
def test_size_classes_of_the_statistical_office(people, expected):
    assert equity.size_class(pd.Series([people])).tolist() == [expected]


def test_classes_of_what_is_not_known_are_missing():
    assert equity.size_class(pd.Series([np.nan])).isna().all()
    assert equity.exclusion_class(pd.Series([np.nan, 30])).tolist()[1] == "12+"
    assert equity.exclusion_class(pd.Series([np.nan, 30])).isna().tolist() == [True, False]
