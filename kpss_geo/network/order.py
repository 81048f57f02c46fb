"""In which order a hierarchy takes junctions away, and the shortcuts that order calls for.

Junctions with few neighbours go first, a sparse set of them at a time; what is left is
ordered by routingkit-cch (nested dissection by inertial flow). Needs the extra `roads`.
"""

from typing import Any, Final

import numba
import numpy as np
import routingkit_cch
from numpy.typing import NDArray
from scipy import sparse

from kpss_geo.network.graph import Floats, Ints

EASY_DEGREE: Final = 4
"""Junctions with at most so many neighbours go first, wherever they are."""

SLACK: Final = 8
"""Room for neighbours a junction gains while others are taken away."""

Ranks = NDArray[np.int32]


def order_of(tail: Ints, head: Ints, x: Floats, y: Floats) -> Ranks:
    """Give the rank of every junction: 0 is taken away first.

    `tail`, `head` are arcs in any direction, without loops.
    """
    count = len(x)
    start, near = neighbours(tail, head, count)
    rank = np.full(count, -1, np.int32)
    room = np.cumsum(np.r_[0, np.diff(start) + SLACK])
    slots = np.full(int(room[-1]), -1, np.int32)
    degree = np.diff(start).astype(np.int32)
    done = _take_easy(start, near, room, slots, degree, rank, EASY_DEGREE)
    core = np.flatnonzero(rank < 0)
    if len(core):
        rank[core[_core_order(core, room, slots, degree, x, y)]] = np.arange(done, count)
    return rank


def neighbours(tail: Ints, head: Ints, count: int) -> tuple[Ints, Ranks]:
    """Give undirected neighbours in CSR form, each once, ascending."""
    both = (np.r_[tail, head], np.r_[head, tail])
    ones = np.ones(len(both[0]), np.int8)
    matrix = sparse.csr_array((ones, both), shape=(count, count))  # sums duplicates, sorts
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)


def _core_order(core: Ints, room: Ints, slots: Ranks, degree: Ranks, x: Floats, y: Floats) -> Ints:
    row = np.full(len(x), -1, np.int64)
    row[core] = np.arange(len(core))
    counts = degree[core].astype(np.int64)
    at = np.repeat(room[core] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    tail, head = np.repeat(np.arange(len(core)), counts), row[slots[at]]
    if not len(tail):
        return np.arange(len(core))
    order: list[int] = routingkit_cch.compute_order_inertial(
        len(core), tail.tolist(), head.tolist(), y[core].tolist(), x[core].tolist()
    )
    return np.asarray(order, np.int64)


@numba.njit(cache=True)
def _has(slots: Any, begin: int, degree: int, node: int) -> bool:
    for k in range(begin, begin + degree):  # noqa: SIM110 - numba compiles no generators
        if slots[k] == node:
            return True
    return False


@numba.njit(cache=True)
def _drop(slots: Any, begin: int, degree: int, node: int) -> None:
    for k in range(begin, begin + degree):
        if slots[k] == node:
            slots[k] = slots[begin + degree - 1]
            return


@numba.njit(cache=True)
def _fits(v: int, room: Any, slots: Any, degree: Any) -> bool:
    """Whether the neighbours of `v` have room to become neighbours of each other."""
    most = degree[v] - 2
    for k in range(room[v], room[v] + degree[v]):
        u = slots[k]
        if degree[u] + most > room[u + 1] - room[u]:
            return False
    return True


@numba.njit(cache=True)
def _contract(v: int, room: Any, slots: Any, degree: Any) -> None:
    """Take `v` away and make its neighbours neighbours of each other."""
    begin, end = room[v], room[v] + degree[v]
    for k in range(begin, end):
        u = slots[k]
        _drop(slots, room[u], degree[u], v)
        degree[u] -= 1
    for k in range(begin, end):
        u = slots[k]
        for other in range(begin, end):
            w = slots[other]
            if u != w and not _has(slots, room[u], degree[u], w):
                slots[room[u] + degree[u]] = w
                degree[u] += 1


@numba.njit(cache=True)
def _take_easy(
    start: Any, near: Any, room: Any, slots: Any, degree: Any, rank: Any, easy: int
) -> int:
    """Take easy junctions away, round by round, no two neighbours in one round."""
    count = len(degree)
    for v in range(count):
        slots[room[v] : room[v] + degree[v]] = near[start[v] : start[v + 1]]
    touched = np.full(count, -1, np.int32)
    waiting = np.arange(count).astype(np.int32)
    done, number, most = 0, 0, 1
    while len(waiting) and most <= easy:
        left, before = 0, done
        for number_of in waiting:
            v = int(number_of)
            if degree[v] <= most and touched[v] != number and _fits(v, room, slots, degree):
                for k in range(room[v], room[v] + degree[v]):
                    touched[slots[k]] = number
                _contract(v, room, slots, degree)
                rank[v] = done
                done += 1
            else:
                waiting[left] = v
                left += 1
        waiting = waiting[:left]
        number += 1
        if done - before < 1 + count // 1000:
            most += 1
    return done
