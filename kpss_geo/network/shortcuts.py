"""Shortcuts of a hierarchy, their costs, and which of them are needed at all.

After Dibbelt, Strasser, Wagner: Customizable Contraction Hierarchies (2016): every
junction is joined with all that are left when it is taken away; costs come from lower
triangles; arcs that a way over higher junctions undercuts are dropped ("perfect"
customization). Needs the extra `roads`.
"""

from typing import Any

import numba
import numpy as np

from kpss_geo.network.graph import UNREACHED


@numba.njit(cache=True)
def _gather(near: Any, v: int, seen: Any, up: Any, used: int) -> int:
    """Append those of `near` above `v` that were not seen at `v` yet."""
    for u in near:
        if u > v and seen[u] != v:
            seen[u] = v
            up[used] = u
            used += 1
    return used


@numba.njit(cache=True)
def chordal(start: Any, near: Any) -> Any:
    """Upper neighbours of every rank after all lower ones were taken away.

    `start`, `near` are undirected neighbours by rank. Gives CSR arrays and the lowest
    upper neighbour of each rank (-1 for a root): its parent in the elimination tree.
    """
    count = len(start) - 1
    up_start = np.zeros(count + 1, np.int64)
    up = np.empty(max(len(near), 1), np.int32)
    parent = np.full(count, -1, np.int32)
    child, sibling = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    seen = np.full(count, -1, np.int32)
    used = 0
    for v in range(count):
        begin = used
        if used + count - v > len(up):
            more = np.empty(2 * len(up) + count, np.int32)
            more[:used] = up[:used]
            up = more
        used = _gather(near[start[v] : start[v + 1]], v, seen, up, used)
        c = child[v]
        while c >= 0:
            used = _gather(up[up_start[c] : up_start[c + 1]], v, seen, up, used)
            c = sibling[c]
        up[begin:used].sort()
        up_start[v + 1] = used
        if used > begin:
            parent[v] = up[begin]
            sibling[v] = child[up[begin]]
            child[up[begin]] = v
    return up_start, up[:used].copy(), parent


@numba.njit(cache=True)
def place_costs(up_start: Any, up: Any, tail: Any, head: Any, cost: Any) -> Any:
    """Costs of the arcs between ranks on the edges of the hierarchy, both directions."""
    rise = np.full(len(up), UNREACHED, np.int64)
    fall = np.full(len(up), UNREACHED, np.int64)
    for arc in range(len(tail)):
        low, high = min(tail[arc], head[arc]), max(tail[arc], head[arc])
        e = up_start[low] + np.searchsorted(up[up_start[low] : up_start[low + 1]], high)
        if tail[arc] == low:
            rise[e] = min(rise[e], cost[arc])
        else:
            fall[e] = min(fall[e], cost[arc])
    return rise, fall


@numba.njit(cache=True)
def customize(up_start: Any, up: Any, rise: Any, fall: Any) -> None:
    """Lower the costs of shortcuts to those of the ways over lower junctions, in place."""
    for v in range(len(up_start) - 1):
        for i in range(up_start[v], up_start[v + 1]):
            a = up[i]
            if rise[i] >= UNREACHED and fall[i] >= UNREACHED:
                continue
            e = up_start[a]
            for j in range(i + 1, up_start[v + 1]):
                while up[e] != up[j]:
                    e += 1
                rise[e] = min(rise[e], fall[i] + rise[j])
                fall[e] = min(fall[e], fall[j] + rise[i])


@numba.njit(cache=True)
def perfect(up_start: Any, up: Any, rise: Any, fall: Any) -> Any:
    """Least costs between the ends of every edge of the hierarchy, over any junctions."""
    best_rise, best_fall = rise.copy(), fall.copy()
    for v in range(len(up_start) - 2, -1, -1):
        for i in range(up_start[v], up_start[v + 1]):
            e = up_start[up[i]]
            for j in range(i + 1, up_start[v + 1]):
                while up[e] != up[j]:
                    e += 1
                best_rise[j] = min(best_rise[j], best_rise[i] + best_rise[e])
                best_rise[i] = min(best_rise[i], best_rise[j] + best_fall[e])
                best_fall[j] = min(best_fall[j], best_fall[i] + best_fall[e])
                best_fall[i] = min(best_fall[i], best_fall[j] + best_rise[e])
    return best_rise, best_fall


@numba.njit(cache=True)
def preorder(parent: Any) -> Any:
    """Position of every rank when each tree is walked from its root, children after it.

    Junctions near each other in the tree get positions near each other, which keeps a
    sweep over them in the processor's cache.
    """
    count = len(parent)
    size = np.ones(count, np.int64)
    for v in range(count):
        if parent[v] >= 0:
            size[parent[v]] += size[v]
    position = np.empty(count, np.int64)
    free = np.zeros(count, np.int64)
    top = 0
    for v in range(count - 1, -1, -1):
        p = parent[v]
        if p < 0:
            position[v] = top
            top += size[v]
        else:
            position[v] = free[p]
            free[p] += size[v]
        free[v] = position[v] + 1
    return position
