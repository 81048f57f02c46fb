"""Other libraries that find the nearest place over a road graph, where they are installed."""

import importlib.util
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class Rival:
    """A library with its graph built: `nearest` gives ms from every junction to a place."""

    name: str
    nearest: Callable[[NDArray[np.int64]], Any]
    build_s: float


def installed(
    into: sparse.csr_array,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    farthest_ms: float,
) -> Iterator[Rival]:
    """Build the graph in each library that is installed, one after another.

    `into` are milliseconds with every arc turned round, so that a search from the places
    gives the way towards them. pandana is told not to look beyond `farthest_ms`, the
    longest way that any junction has: it needs a limit and takes longer with a larger one.
    """
    builders: dict[str, Callable[..., Callable[[NDArray[np.int64]], Any]]] = {
        "igraph": _igraph,
        "networkx": _networkx,
        "pandana": partial(_pandana, farthest_ms=farthest_ms),
    }
    for name, builder in builders.items():
        if importlib.util.find_spec(name):
            started = time.perf_counter()
            nearest = builder(into, x, y)
            yield Rival(name, nearest, time.perf_counter() - started)


def _ends(into: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    entries = into.tocoo()
    return entries.coords[0].astype(np.int64), entries.coords[1].astype(np.int64)


def _igraph(into: sparse.csr_array, _x: Any, _y: Any) -> Callable[[Any], Any]:
    import igraph  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415

    tail, head = _ends(into)
    count = into.shape[0]
    graph = igraph.Graph(count + 1, np.column_stack([tail, head]), directed=True)
    weights = into.data.tolist()

    def nearest(places: NDArray[np.int64]) -> Any:
        # igraph has no search from many sources: one more vertex leads to all places.
        graph.add_edges([(count, int(place)) for place in places])
        found = graph.distances(source=count, weights=weights + [0.0] * len(places))
        graph.delete_edges(range(len(weights), len(weights) + len(places)))
        return found[0]

    return nearest


def _networkx(into: sparse.csr_array, _x: Any, _y: Any) -> Callable[[Any], Any]:
    import networkx as nx  # noqa: PLC0415

    graph = nx.from_scipy_sparse_array(into, create_using=nx.DiGraph)
    return lambda places: nx.multi_source_dijkstra_path_length(graph, set(places.tolist()))


def _pandana(into: sparse.csr_array, x: Any, y: Any, *, farthest_ms: float) -> Callable[[Any], Any]:
    import pandana  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    head, tail = _ends(into)
    # pandana keeps thousandths of the unit in 32 bits: of seconds, that is milliseconds.
    far = farthest_ms / 1000 + 1
    network = pandana.Network(
        pd.Series(x),
        pd.Series(y),
        pd.Series(tail),
        pd.Series(head),
        pd.DataFrame({"seconds": into.data / 1000}),
        twoway=False,
    )

    def nearest(places: NDArray[np.int64]) -> Any:
        network.set_pois("places", far, 1, pd.Series(x[places]), pd.Series(y[places]))
        return network.nearest_pois(far, "places", num_pois=1)

    return nearest
