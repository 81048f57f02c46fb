"""How the pull of a place fades with the minutes to it: weights from 1 (next door) to 0.

Every decay works inside a limit that somebody else has set; what is beyond it is not
handed to it. The names are those of the literature on floating catchments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpss_geo.errors import BadOption

Numbers = NDArray[np.float64]
Decay = Callable[[Numbers], Numbers]
"""Weights for minutes, of one shape."""

EDGE_MIN: Final = 1e-9
"""A rounding must not decide: 10 minutes belong to the zone up to 10 minutes."""
FADED: Final = 0.01
"""Weight at the limit that the decays without an end of their own are given (Wan 2012)."""


@dataclass(frozen=True)
class Step:
    """The whole reach alike: 1 everywhere (Luo & Wang 2003)."""

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return np.ones_like(minutes)


@dataclass(frozen=True)
class Zones:
    """Weights by travel-time zone (Luo & Qi 2009); 0 beyond the last one.

    >>> Zones((10, 20, 30), (1.0, 0.68, 0.22))(np.array([0.0, 10.0, 10.1, 30.0, 31.0]))
    array([1.  , 1.  , 0.68, 0.22, 0.  ])
    """

    until_min: tuple[float, ...]
    weight: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.until_min, self.until_min[1:], strict=False))
        if len(self.until_min) != len(self.weight) or not rising or min(self.weight) < 0:
            raise BadOption(
                given=f"{self.until_min}: {self.weight}", option="zones", possible="10, 20: 1, 0.5"
            )

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        zone = np.searchsorted(np.array(self.until_min) + EDGE_MIN, minutes)
        return np.array([*self.weight, 0.0])[zone]


@dataclass(frozen=True)
class Gaussian:
    """exp(−t² / 2σ²), as in PySAL: not scaled to end at 0 on the limit (unlike Dai 2010)."""

    sigma_min: float

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return np.exp(-(minutes**2) / (2 * self.sigma_min**2))


@dataclass(frozen=True)
class Linear:
    """1 − t / limit, 0 from the limit on."""

    zero_min: float

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return np.maximum(1 - minutes / self.zero_min, 0.0)


@dataclass(frozen=True)
class Kernel:
    """1 − (t / limit)², the Epanechnikov kernel of Guagliardo (2004) scaled to start at 1."""

    zero_min: float

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return np.maximum(1 - (minutes / self.zero_min) ** 2, 0.0)


@dataclass(frozen=True)
class Exponential:
    """exp(−t / scale)."""

    scale_min: float

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return np.exp(-minutes / self.scale_min)


@dataclass(frozen=True)
class Gravity:
    """(least / max(t, least)) ** exponent: 1 up to the least minutes, then a power of them."""

    exponent: float = 1.0
    least_min: float = 1.0

    def __call__(self, minutes: Numbers) -> Numbers:
        """Weights for minutes."""
        return (self.least_min / np.maximum(minutes, self.least_min)) ** self.exponent


def _zones(limit_min: float) -> Decay:
    thirds = (limit_min / 3, limit_min * 2 / 3, limit_min)
    return Zones(thirds, (1.0, 0.68, 0.22))


DECAYS: Final[Mapping[str, Callable[[float], Decay]]] = {
    "none": lambda _: Step(),
    "zones": _zones,
    "gaussian": lambda limit_min: Gaussian(limit_min / np.sqrt(-2 * np.log(FADED))),
    "linear": Linear,
    "kernel": Kernel,
    "exponential": lambda limit_min: Exponential(limit_min / -np.log(FADED)),
    "gravity": lambda _: Gravity(),
}
"""Decays by the name people type, each made for a limit in minutes.

`zones` are thirds of the limit with the weights 1, 0.68 and 0.22 of Luo & Qi (2009);
`gaussian` and `exponential` fall to 0.01 at the limit.
"""


def choose_decay(name: str, *, limit_min: float) -> Decay:
    """Give the decay of that name for a limit in minutes.

    Raises
    ------
    BadOption
        No decay is called so.
    """
    if name not in DECAYS:
        raise BadOption(given=name, option="--decay", possible=", ".join(DECAYS))
    return DECAYS[name](limit_min)
