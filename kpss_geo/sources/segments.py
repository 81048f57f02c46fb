"""Straight pieces of road as any source gives them, before they are joined into a graph."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kpss_geo.errors import Finding

Progress = Callable[[str, int], None]
"""Told what is being done (a translatable text) and how many things are done so far."""


def silent(_step: str, _count: int) -> None:
    """Progress for those who do not watch."""


@dataclass(frozen=True)
class Origin:
    """Where roads come from, as printed with every result."""

    file: str
    sha256: str
    as_of: str
    licence: str
    profile: str


@dataclass(frozen=True)
class Segments:
    """Straight pieces of road between points in EPSG:5514.

    `tail` and `head` are rows of `x`, `y`. A speed of 0 closes that direction.
    `stoppable` is false where nobody may enter or leave between junctions: motorways
    and ferries.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    forward_kmh: NDArray[np.float64]
    backward_kmh: NDArray[np.float64]
    stoppable: NDArray[np.bool_]
    origin: Origin
    findings: tuple[Finding, ...] = field(default=())
