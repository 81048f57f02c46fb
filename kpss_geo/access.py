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

Method = Literal["2sfca", "e2sfca", "m2sfca", "3sfca"]
METHODS: Final[tuple[Method, ...]] = ("2sfca", "e2sfca", "m2sfca", "3sfca")
PER: Final = 1_000.0
"""Access is told per so many people."""


@dataclass(frozen=True)
class Weights:
    """Home points × places: how strongly they compete for a place, how much they receive."""

    competing: sparse.csr_array
    receiving: sparse.csr_array


@dataclass(frozen=True)
class Access:
    """Capacity per 1 000 people.

    per_1000
        For each home point; 0 when nothing is within reach, NaN when it is not known.
    complete
        For each home point, whether it is known.
    of_places
        For each place: its capacity per 1 000 people who compete for it (weighted by how
        strongly); 0 when nobody does, NaN when not known.
    """

    per_1000: Numbers
    complete: NDArray[np.bool_]
    of_places: Numbers


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
        chosen = _times(_shares(strength), strength)
        return Weights(chosen, chosen)
    raise BadOption(given=method, option="--method", possible=", ".join(METHODS))


def access(
    minutes: sparse.csr_array,
    *,
    capacity: Numbers,
    people: Numbers,
    method: Method = "2sfca",
    decay: Decay | None = None,
    whole: NDArray[np.bool_] | None = None,
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
    capacity
        Of each place, in one unit; NaN where it is not known.
    people
        Who compete, at each home point; NaN where it is not known.
    whole
        Whether every place that the home point reaches is in the matrix; everywhere when
        left out. Where it is not, access is unknown; with 3sfca so are the places there,
        for nobody knows what else their people may choose.

    Raises
    ------
    BadOption
        Negative capacity or people; a decay that does not go with the method.
    """
    for name, given in (("capacity", capacity), ("people", people)):
        if (given < 0).any():
            raise BadOption(given=given[given < 0][0], option=name, possible="≥ 0")
    all_seen = np.ones(len(people), dtype=bool) if whole is None else whole
    weights = weigh(minutes, method=method, decay=decay)
    choosing = people
    if method == "3sfca":
        choosing = np.where(all_seen | (people == 0), people, np.nan)
    demand = weights.competing.T @ choosing
    nobody = (demand == 0) & ~np.isnan(capacity)
    of_places = np.where(nobody, 0.0, PER * capacity / np.where(demand == 0, 1.0, demand))
    per_1000 = np.where(all_seen, receive(weights, of_places), np.nan)
    return Access(per_1000, ~np.isnan(per_1000), of_places)


def receive(weights: Weights, of_places: Numbers) -> Numbers:
    """Give what home points receive of places with so much capacity per 1 000 people."""
    return np.asarray(weights.receiving @ of_places, dtype=np.float64)


def _times(one: sparse.csr_array, two: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(one.multiply(two))


def _shares(strength: sparse.csr_array) -> sparse.csr_array:
    """Each weight as a share of all weights of its home point."""
    total = strength.sum(axis=1)
    return sparse.csr_array(sparse.diags_array(1 / np.where(total == 0, 1.0, total)) @ strength)
