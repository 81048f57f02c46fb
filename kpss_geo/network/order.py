"""In which order the hierarchy puts junctions, and which arcs that order calls for.

Needs numba, and routingkit-cch for the order of what is left when the plain junctions
are taken away.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from kpss_geo.network.graph import Floats, Ints

EASY_DEGREE = 3
"""Junctions with at most so many neighbours are taken away first, whatever their place."""
