"""In which order a hierarchy takes junctions away, and the shortcuts that order calls for.

Junctions with few neighbours go first, a sparse set of them at a time; what is left is
ordered by multiple minimum degree (Liu 1985), as scipy's sparse solver has it: shortcuts
are to a hierarchy what fill-in is to a factorization. Needs the extra `roads`.
"""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

from kpss_geo.network.graph import Ints

EASY_DEGREE: Final = 5
"""Junctions with at most so many neighbours go first, wherever they are."""

SLACK: Final = 8
"""Room for neighbours a junction gains while others are taken away."""

Ranks = NDArray[np.int32]


def order_of(tail: Ints, head: Ints, count: int) -> Ranks:
    """Give the rank of every junction: 0 is taken away first.

    `tail`, `head` are arcs in any direction between `count` junctions, without loops.
    """
    start, near = neighbours(tail, head, count)
    rank = np.full(count, -1, np.int32)
    room = np.cumsum(np.r_[0, np.diff(start) + SLACK])
    slots = np.full(int(room[-1]), -1, np.int32)
    degree = np.diff(start).astype(np.int32)
    done = _take_easy(start, near, room, slots, degree, rank, EASY_DEGREE)
    core = np.flatnonzero(rank < 0)
    if len(core):
        rank[core[_core_order(core, room, slots, degree)]] = np.arange(done, count)
    return rank


def neighbours(tail: Ints, head: Ints, count: int) -> tuple[Ints, Ranks]:
    """Give undirected neighbours in CSR form, each once, ascending."""
    both = (np.r_[tail, head], np.r_[head, tail])
    ones = np.ones(len(both[0]), np.int8)
    matrix = sparse.csr_array((ones, both), shape=(count, count))  # sums duplicates, sorts
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)


def _core_order(core: Ints, room: Ints, slots: Ranks, degree: Ranks) -> Ints:
    row = np.full(len(degree), -1, np.int32)
    row[core] = np.arange(len(core))
    counts = degree[core].astype(np.int64)
    before = np.cumsum(counts) - counts
    near = slots[np.repeat(room[core] - before, counts) + np.arange(counts.sum())]
    arrays = np.full(len(near), -1.0), row[near], np.r_[before, counts.sum()]
    joined = sparse.csc_array(arrays, shape=(len(core), len(core)))
    # scipy tells the order only together with the factors, so there must be some.
    factors = linalg.splu(
        sparse.csc_array(joined + sparse.diags_array(counts + 1.0)),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return np.argsort(factors.perm_c)


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
