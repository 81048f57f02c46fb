"""Supply against need: floating catchment areas on a sparse matrix of minutes.

Each place shares its capacity among the people who can reach it; each home point adds up
its shares of the places it reaches. The four methods differ only in how strongly a home
point competes for a place and how much of the place it then receives:

2sfca
    Luo & Wang (2003): both 1 within the limit.
e2sfca
    Luo & Qi (2009): both by the decay W.
m2sfca
    Delamater (2013): competes by W, receives by W², so that places far from everyone are
    used less.
3sfca
    Wan, Zou & Sternberg (2012): both by G · W, where G is the share of the place in the
    weights of all places the home point reaches: people choose among them.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kpss_geo.decay import Decay, Numbers, Step
from kpss_geo.errors import BadOption

Mask = NDArray[np.bool_]
Method = Literal["2sfca", "e2sfca", "m2sfca", "3sfca"]
METHODS: Final[tuple[Method, ...]] = ("2sfca", "e2sfca", "m2sfca", "3sfca")
PER: Final = 1_000.0
"""Access is told per so many people."""


@dataclass(frozen=True)
class Weights:
    """Home points × places: how strongly they compete for a place, how much they receive.

    `choosing` says that both depend on what else the home point reaches (3sfca).
    """

    competing: sparse.csr_array
    receiving: sparse.csr_array
    choosing: bool = False


@dataclass(frozen=True)
class Shares:
    """Capacity of each place per 1 000 people who compete for it, by how strongly they do.

    `per_1000` is 0 where nobody competes and NaN where it is not known; `at_least` is what
    it surely is by all that is known.
    """

    per_1000: Numbers
    at_least: Numbers


@dataclass(frozen=True)
class Access:
    """Capacity that each home point reaches, per 1 000 people.

    per_1000
        0 when nothing is within reach, NaN when it is not known.
    at_least
        What it surely is by all that is known: the same where it is complete.
    """

    per_1000: Numbers
    at_least: Numbers

    @property
    def complete(self) -> Mask:
        """Where it is known."""
        return ~np.isnan(self.per_1000)


def weigh(minutes: sparse.csr_array, *, method: Method, decay: Decay | None = None) -> Weights:
    """Turn minutes into the weights of a method; what is not stored is beyond the limit.

    PySAL `access` forms the choice of 3sfca over all pairs it is handed, those beyond its
    `max_cost` too; here, as in the article, over the pairs within the limit.

    Raises
    ------
    BadOption
        A decay with 2sfca, which has none (that is e2sfca), or a method of another name.
    """
    if method == "2sfca" and decay not in (None, Step()):
        raise BadOption(given=str(decay), option="2sfca", possible="none")
    strength = minutes.copy()
    strength.data = (decay or Step())(minutes.data)
    strength.eliminate_zeros()  # a place that weighs nothing must not pass on what is unknown
    if method in ("2sfca", "e2sfca"):
        return Weights(strength, strength)
    if method == "m2sfca":
        return Weights(strength, _times(strength, strength))
    if method == "3sfca":
        chosen = _times(_of_all(strength), strength)
        return Weights(chosen, chosen, choosing=True)
    raise BadOption(given=method, option="--method", possible=", ".join(METHODS))


def share(weights: Weights, *, capacity: Numbers, people: Numbers, whole: Mask) -> Shares:
    """Share the capacity of each place among the people who compete for it.

    Parameters
    ----------
    capacity
        Of each place, in one unit; NaN where it is not known.
    people
        At each home point; NaN where it is not known.
    whole
        Whether every place that the home point reaches is among the places. Where people
        choose, the places of those who may have more choice are not known, and those
        people compete for them less at most.

    Raises
    ------
    BadOption
        Negative capacity or people.
    """
    for name, given in (("capacity", capacity), ("people", people)):
        if (given < 0).any():
            raise BadOption(given=given[given < 0][0], option=name, possible="≥ 0")
    demand = weights.competing.T @ people
    at_least = np.nan_to_num(_per_1000(capacity, demand))
    if weights.choosing:
        demand = weights.competing.T @ np.where(whole | (people == 0), people, np.nan)
    return Shares(_per_1000(capacity, demand), at_least)


def receive(weights: Weights, shares: Shares, *, whole: Mask) -> Access:
    """Add up at each home point its shares of the places it reaches; `whole` as in `share`."""
    per_1000 = np.where(whole, weights.receiving @ shares.per_1000, np.nan)
    surely = weights.receiving @ shares.at_least
    return Access(per_1000, np.where(whole, surely, 0.0) if weights.choosing else surely)


def access(
    minutes: sparse.csr_array,
    *,
    capacity: Numbers,
    people: Numbers,
    method: Method = "2sfca",
    decay: Decay | None = None,
    whole: Mask | None = None,
) -> Access:
    """Capacity within reach per 1 000 people who compete for it.

    People times access add up to all capacity that anybody reaches, but for m2sfca, where
    they add up to less. PySAL `access` counts a missing capacity as 0, gives NaN to home
    points that reach nothing and infinity to places nobody competes for; here a missing
    figure makes everybody who depends on it unknown, and the other two are 0.

    Parameters
    ----------
    minutes
        Home points × places within the limit; a stored 0 is next door.
    capacity, people, whole
        As in `share`; the places are all there are when `whole` is left out.

    Raises
    ------
    BadOption
        Negative capacity or people; a decay that does not go with the method.
    """
    seen = np.ones(len(people), dtype=bool) if whole is None else whole
    weights = weigh(minutes, method=method, decay=decay)
    shares = share(weights, capacity=capacity, people=people, whole=seen)
    return receive(weights, shares, whole=seen)


def _per_1000(capacity: Numbers, demand: Numbers) -> Numbers:
    """Capacity of places per 1 000 people; 0 where nobody competes for one that is known."""
    nobody = (demand == 0) & ~np.isnan(capacity)
    return np.where(nobody, 0.0, PER * capacity / np.where(demand == 0, 1.0, demand))


def _times(one: sparse.csr_array, two: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(one.multiply(two))


def _of_all(strength: sparse.csr_array) -> sparse.csr_array:
    """Each weight as a share of all weights of its home point."""
    total = strength.sum(axis=1)
    return sparse.csr_array(sparse.diags_array(1 / np.where(total == 0, 1.0, total)) @ strength)
