"""Who bears the distance, and how evenly access is spread: measures weighted by people.

Every measure takes values and the people who have them, of one shape. A value that is not
known is NaN: it is left out, and `unknown` counts its people. Nobody known gives NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

SIZES: Final = (0, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Inhabitants from which the size classes of obce of the ČSÚ begin."""
EXCLUSION: Final = (0, 1, 3, 6, 12)
"""Points of the index of social exclusion (0–30) from which classes begin; a working value."""
TOP, BOTTOM = 0.1, 0.4
"""Parts of the people that the Palma ratio compares."""


@dataclass(frozen=True)
class Link:
    """Rank correlation of two figures of obce: over how many, how many were left out."""

    rho: float
    obce: int
    left_out: int


def unknown(values: Numbers, people: Numbers) -> float:
    """People whose value is not known."""
    return float(people[np.isnan(values)].sum())


def mean(values: Numbers, people: Numbers) -> float:
    """Mean over people.

    >>> mean(np.array([10.0, 20.0, np.nan]), np.array([3.0, 1.0, 100.0]))
    12.5
    """
    values, people = _known(values, people)
    return float(values @ people / people.sum()) if len(people) else np.nan


def quantile(values: Numbers, people: Numbers, share: float) -> float:
    """Least value that at least this share of the people do not exceed.

    >>> quantile(np.array([5.0, 30.0, 60.0]), np.array([50.0, 40.0, 10.0]), 0.9)
    30.0
    """
    values, people = _known(values, people)
    if not len(people):
        return np.nan
    return float(np.quantile(values, share, weights=people, method="inverted_cdf"))


def beyond(values: Numbers, people: Numbers, limit: float) -> float:
    """People whose value is above the limit."""
    values, people = _known(values, people)
    return float(people[values > limit + 1e-9].sum())


def gini(values: Numbers, people: Numbers) -> float:
    """Gini coefficient: 0 when all have the same, near 1 when one person has all.

    Half the mean difference between any two people divided by the mean. People with no
    access are in it as zeros; when nobody has any, it is not defined (NaN).

    >>> gini(np.array([0.0, 10.0]), np.array([50.0, 50.0]))
    0.5
    """
    share_of_people, share_of_all = lorenz(values, people)
    if not len(share_of_people):
        return np.nan
    heights = (share_of_all[1:] + share_of_all[:-1]) / 2
    return max(0.0, float(1 - 2 * (heights * np.diff(share_of_people)).sum()))


def palma_shares(values: Numbers, people: Numbers) -> tuple[float, float]:
    """Shares of all access held by the best-placed tenth and the worst-placed four tenths.

    A point whose people straddle the border is divided (the Lorenz curve is taken as
    straight between points). Both are NaN when nobody has any access.

    >>> top, bottom = palma_shares(np.array([1.0, 6.0]), np.array([60.0, 40.0]))
    >>> round(top, 3), round(bottom, 3)  # 60 of 300, 40 of 300
    (0.2, 0.133)
    """
    curve = lorenz(values, people)
    if not len(curve[0]):
        return np.nan, np.nan
    bottom, below_top = np.interp([BOTTOM, 1 - TOP], *curve)
    return float(1 - below_top), float(bottom)


def palma(values: Numbers, people: Numbers) -> float:
    """Palma ratio: what the best-placed tenth has to what the worst-placed four tenths have.

    0.25 when all have the same. Infinite when the four tenths have nothing, NaN when
    nobody has anything.
    """
    top, bottom = palma_shares(values, people)
    if bottom == 0:
        return np.inf
    return top / bottom


def lorenz(values: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    """Lorenz curve: shares of people from the least served, and the shares of all they have.

    Both begin with 0 and end with 1; both are empty when nobody has anything.
    """
    values, people = _known(values, people)
    order = np.argsort(values, kind="stable")
    held = np.cumsum(values[order] * people[order])
    if not len(held) or held[-1] == 0:
        return np.empty(0), np.empty(0)
    reached = np.cumsum(people[order])
    start = np.zeros(1)
    return (
        np.concatenate([start, reached / reached[-1]]),
        np.concatenate([start, held / held[-1]]),
    )


def link(one: pd.Series, two: pd.Series) -> Link:
    """Spearman rank correlation of two figures per obec, on the index both share.

    Obce where either is not known are left out and counted. Fewer than three obce, or a
    figure that is the same everywhere, have none (NaN).
    """
    both = pd.concat([one, two], axis=1, join="outer").reindex(one.index).astype(float)
    known = both.dropna()
    left_out = len(both) - len(known)
    if len(known) < 3 or (known.nunique() < 2).any():
        return Link(np.nan, len(known), left_out)
    rho = stats.spearmanr(known.iloc[:, 0], known.iloc[:, 1]).statistic
    return Link(float(rho), len(known), left_out)


def size_class(inhabitants: pd.Series) -> pd.Series:
    """Size class of each obec by all its inhabitants; missing where they are not known.

    >>> size_class(pd.Series([199, 200, 1_500, 400_000])).tolist()
    ['0–199', '200–499', '1000–1999', '100000+']
    """
    return _classes(inhabitants, SIZES)


def exclusion_class(index: pd.Series) -> pd.Series:
    """Class of the index of social exclusion; missing where it is not known.

    >>> exclusion_class(pd.Series([0, 2, 12])).tolist()
    ['0', '1–2', '12+']
    """
    return _classes(index, EXCLUSION)


def _classes(values: pd.Series, starts: Sequence[int]) -> pd.Series:
    names = [_range(low, high - 1) for low, high in pairwise(starts)] + [f"{starts[-1]}+"]
    numbers = values.astype(float)
    return pd.Series(
        pd.cut(numbers, [*starts, np.inf], right=False, labels=names), index=values.index
    )


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _known(values: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    held = ~np.isnan(values) & (people > 0)
    return values[held], people[held]
