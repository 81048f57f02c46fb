"""The loops of a hierarchical search, compiled by numba. Rows are positions of a sweep."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from kpss_geo.network.graph import UNREACHED
from kpss_geo.network.search import NO_LABEL

FAR: Final = np.int32(1 << 30)
"""Milliseconds that stand for *not reached*: 12 days."""

MOST_COLUMNS: Final = 24
"""Groups swept side by side at most; each thread sweeps the same number of them."""


@numba.njit(cache=True)
def arrange(up_start: Any, up: Any, cost: Any, keep: Any, position: Any) -> Any:
    """Arcs that are kept, in CSR form by position instead of rank."""
    count = len(position)
    start = np.zeros(count + 1, np.int64)
    for v in range(count):
        for e in range(up_start[v], up_start[v + 1]):
            start[position[v] + 1] += keep[e]
    start = np.cumsum(start)
    head = np.empty(start[-1], np.int32)
    costs = np.empty(start[-1], np.int64)
    for v in range(count):
        at = start[position[v]]
        for e in range(up_start[v], up_start[v + 1]):
            if keep[e]:
                head[at] = position[up[e]]
                costs[at] = cost[e]
                at += 1
    return start, head, costs


@numba.njit(cache=True)
def mark_above(parent: Any, at: Any, marked: Any) -> None:
    """Mark positions and all that are above them in the elimination tree."""
    for position in at:
        v = position
        while v >= 0 and not marked[v]:
            marked[v] = True
            v = parent[v]


@numba.njit(cache=True)
def restrict(start: Any, head: Any, cost: Any, rows: Any, row_of: Any) -> Any:
    """Arcs of some rows only; with a row all its heads are among them."""
    count = len(rows)
    new_start = np.zeros(count + 1, np.int64)
    for i in range(count):
        new_start[i + 1] = new_start[i] + start[rows[i] + 1] - start[rows[i]]
    new_head = np.empty(new_start[-1], np.int32)
    new_cost = np.empty(new_start[-1], np.int64)
    for i in range(count):
        at = new_start[i]
        for e in range(start[rows[i]], start[rows[i] + 1]):
            new_head[at] = row_of[head[e]]
            new_cost[at] = cost[e]
            at += 1
    return new_start, new_head, new_cost


@numba.njit(cache=True)
def _relax(cost: Any, label: Any, origin: int, to: int, step: int) -> None:
    for t in range(cost.shape[1]):
        new = cost[origin, t] + step
        whose = label[origin, t]
        old = cost[to, t]
        better = new < old or (new == old and whose < label[to, t])
        cost[to, t] = new if better else old
        label[to, t] = whose if better else label[to, t]


@numba.njit(cache=True)
def spread(up: Any, down: Any, seeds: Any, groups: int) -> Any:
    """Costs and labels of all rows for all groups: up from the seeds, then down.

    `up`, `down` are CSR arrays of start, head, cost; `seeds` are row, cost, group, label.
    """
    count = len(up[0]) - 1
    cost = np.full((count, groups), UNREACHED, np.int64)
    label = np.full((count, groups), NO_LABEL, np.int32)
    climbing = np.zeros(count, np.bool_)
    at, spent, group, whose = seeds
    for i in range(len(at)):
        v, t = at[i], group[i]
        climbing[v] = True
        if spent[i] < cost[v, t] or (spent[i] == cost[v, t] and whose[i] < label[v, t]):
            cost[v, t], label[v, t] = spent[i], whose[i]
    for v in range(count - 1, -1, -1):
        if climbing[v]:
            for e in range(up[0][v], up[0][v + 1]):
                climbing[up[1][e]] = True
                _relax(cost, label, v, up[1][e], up[2][e])
    for v in range(count):
        for e in range(down[0][v], down[0][v + 1]):
            _relax(cost, label, down[1][e], v, down[2][e])
    return cost, label


def all_ms(up: Any, down: Any, seeds: Any, groups: int) -> NDArray[np.int32]:
    """Milliseconds of all rows for all groups: blocks of groups × rows × groups of a block.

    `up`, `down` are CSR arrays of start, head, milliseconds; `seeds` are row,
    milliseconds, group.
    """
    threads = int(numba.get_num_threads())
    blocks = threads * -(-groups // (threads * MOST_COLUMNS))
    columns = -(-groups // blocks)
    ms = np.empty((blocks, len(up[0]) - 1, columns), np.int32)
    climbing = np.zeros(ms.shape[1], np.bool_)
    _mark_climb(up[0], up[1], seeds[0], climbing)
    _all_blocks(up, down, seeds, climbing, ms)
    return ms


@numba.njit(cache=True)
def _mark_climb(start: Any, head: Any, at: Any, climbing: Any) -> None:
    for v in at:
        climbing[v] = True
    for v in range(len(climbing) - 1, -1, -1):
        if climbing[v]:
            for e in range(start[v], start[v + 1]):
                climbing[head[e]] = True


@numba.njit(cache=True, parallel=True)
def _all_blocks(up: Any, down: Any, seeds: Any, climbing: Any, ms: Any) -> None:
    for block in numba.prange(len(ms)):
        mine = ms[block]
        _climb_block(up, seeds, climbing, block, mine)
        _sweep_block(down, climbing, mine)


@numba.njit(cache=True)
def _plant(seeds: Any, block: int, ms: Any) -> None:
    at, spent, group = seeds
    columns = ms.shape[1]
    for i in range(len(at)):
        if group[i] // columns == block:
            t = group[i] % columns
            ms[at[i], t] = min(ms[at[i], t], spent[i])


@numba.njit(cache=True)
def _climb_block(up: Any, seeds: Any, climbing: Any, block: int, ms: Any) -> None:
    columns = ms.shape[1]
    start, head, cost = up
    for v in range(len(ms)):
        if climbing[v]:
            ms[v, :] = FAR
    _plant(seeds, block, ms)
    for v in range(len(ms) - 1, -1, -1):
        if climbing[v]:
            for e in range(start[v], start[v + 1]):
                u, step = head[e], cost[e]
                for t in range(columns):
                    ms[u, t] = min(ms[u, t], ms[v, t] + step)


@numba.njit(cache=True)
def _sweep_block(down: Any, climbing: Any, ms: Any) -> None:
    start, head, cost = down
    columns = ms.shape[1]
    row = np.empty(columns, np.int32)
    for v in range(len(ms)):
        for t in range(columns):
            row[t] = ms[v, t] if climbing[v] else FAR
        for e in range(start[v], start[v + 1]):
            u, step = head[e], cost[e]
            for t in range(columns):
                row[t] = min(row[t], ms[u, t] + step)
        for t in range(columns):
            ms[v, t] = row[t]
