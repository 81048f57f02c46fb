"""The loops of a hierarchical search, compiled by numba. Rows are positions of a sweep."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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

WORTH_THREADS: Final = 1_000_000
"""Rows × groups from which more than one thread pays."""

THREADS: Final = os.cpu_count() or 1

Block = tuple[int, int]


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
def _climbers(up: Any, at: Any) -> Any:
    """Whether a search upwards from the rows `at` comes through each row."""
    start, head, _ = up
    climbing = np.zeros(len(start) - 1, np.bool_)
    for v in at:
        climbing[v] = True
    for v in range(len(climbing) - 1, -1, -1):
        if climbing[v]:
            for e in range(start[v], start[v + 1]):
                climbing[head[e]] = True
    return climbing


def _threads(groups: int, rows: int) -> int:
    return THREADS if rows * groups >= WORTH_THREADS else 1


def _blocks(groups: int, threads: int) -> list[Block]:
    """Divide the groups among tasks: the first of each and the one after its last."""
    tasks = threads * -(-groups // (threads * MOST_COLUMNS))
    columns = -(-groups // tasks) if groups else 1
    return [(first, min(first + columns, groups)) for first in range(0, groups, columns)]


def _each(work: Callable[[Block], None], blocks: Sequence[Block], threads: int) -> None:
    """Work on all blocks; the loops let go of Python's lock while they run."""
    if threads == 1:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, blocks))


def spread(
    up: Any, down: Any, seeds: Any, goals: Any, *, groups: int, beyond: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Costs and labels of goals for all groups: up from the seeds, then down.

    `up`, `down` are CSR arrays of start, head, cost; `seeds` are row, cost, group, label;
    `goals` are rows. Costs of `beyond` and more are not reached.
    """
    climbing = _climbers(up, seeds[0])
    cost = np.empty((len(goals), groups), np.int64)
    label = np.empty((len(goals), groups), np.int32)

    def work(block: Block) -> None:
        # numpy's own large arrays come in large pages, those made within the loops do not.
        shape = (len(climbing), block[1] - block[0])
        rows = np.empty(shape, np.int64), np.empty(shape, np.int32)
        _climb_costs(up, seeds, climbing, block[0], *rows)
        _sweep_costs(down, climbing, *rows)
        _pick(*rows, goals, beyond, cost[:, slice(*block)], label[:, slice(*block)])

    threads = _threads(groups, len(climbing))
    _each(work, _blocks(groups, threads), threads)
    return cost, label


@numba.njit(cache=True, nogil=True)
def _climb_costs(up: Any, seeds: Any, climbing: Any, first: int, cost: Any, label: Any) -> None:
    for v in range(len(climbing)):
        if climbing[v]:
            cost[v], label[v] = UNREACHED, NO_LABEL
    _sow(seeds, first, cost, label)
    for v in range(len(climbing) - 1, -1, -1):
        if climbing[v]:
            for e in range(up[0][v], up[0][v + 1]):
                _relax(cost, label, v, up[1][e], up[2][e])


@numba.njit(cache=True, nogil=True)
def _sweep_costs(down: Any, climbing: Any, cost: Any, label: Any) -> None:
    start, head, costs = down
    columns = cost.shape[1]
    best, whose = np.empty(columns, np.int64), np.empty(columns, np.int32)
    for v in range(len(climbing)):
        for t in range(columns):
            best[t] = cost[v, t] if climbing[v] else UNREACHED
            whose[t] = label[v, t] if climbing[v] else NO_LABEL
        for e in range(start[v], start[v + 1]):
            u, step = head[e], costs[e]
            for t in range(columns):
                new, other = cost[u, t] + step, label[u, t]
                better = new < best[t] or (new == best[t] and other < whose[t])
                best[t] = new if better else best[t]
                whose[t] = other if better else whose[t]
        for t in range(columns):
            cost[v, t], label[v, t] = best[t], whose[t]


@numba.njit(cache=True, nogil=True)
def _pick(cost: Any, label: Any, goals: Any, beyond: int, costs: Any, labels: Any) -> None:
    for i in range(len(goals)):
        v = goals[i]
        for t in range(cost.shape[1]):
            far = cost[v, t] >= beyond
            costs[i, t] = UNREACHED if far else cost[v, t]
            labels[i, t] = NO_LABEL if far else label[v, t]


@numba.njit(cache=True, nogil=True)
def _sow(seeds: Any, first: int, cost: Any, label: Any) -> None:
    at, spent, group, whose = seeds
    for i in range(len(at)):
        v, t = at[i], group[i] - first
        if 0 <= t < cost.shape[1] and (
            spent[i] < cost[v, t] or (spent[i] == cost[v, t] and whose[i] < label[v, t])
        ):
            cost[v, t], label[v, t] = spent[i], whose[i]


@numba.njit(cache=True, nogil=True)
def _relax(cost: Any, label: Any, origin: int, to: int, step: int) -> None:
    for t in range(cost.shape[1]):
        new, other = cost[origin, t] + step, label[origin, t]
        better = new < cost[to, t] or (new == cost[to, t] and other < label[to, t])
        cost[to, t] = new if better else cost[to, t]
        label[to, t] = other if better else label[to, t]


def all_ms(up: Any, down: Any, seeds: Any, groups: int) -> NDArray[np.int32]:
    """Milliseconds of all rows for all groups: blocks of groups × rows × groups of a block.

    `up`, `down` are CSR arrays of start, head, milliseconds; `seeds` are row,
    milliseconds, group.
    """
    climbing = _climbers(up, seeds[0])
    threads = _threads(groups, len(climbing))
    blocks = _blocks(groups, threads)
    columns = blocks[0][1] if blocks else 0
    ms = np.empty((len(blocks), len(climbing), columns), np.int32)

    def work(block: Block) -> None:
        mine = ms[block[0] // columns]
        _climb_block(up, seeds, climbing, block[0], mine)
        _sweep_block(down, climbing, mine)

    _each(work, blocks, threads)
    return ms


@numba.njit(cache=True, nogil=True)
def _climb_block(up: Any, seeds: Any, climbing: Any, first: int, ms: Any) -> None:
    columns = ms.shape[1]
    start, head, cost = up
    for v in range(len(ms)):
        if climbing[v]:
            ms[v, :] = FAR
    _plant(seeds, first, ms)
    for v in range(len(ms) - 1, -1, -1):
        if climbing[v]:
            for e in range(start[v], start[v + 1]):
                u, step = head[e], cost[e]
                for t in range(columns):
                    ms[u, t] = min(ms[u, t], ms[v, t] + step)


@numba.njit(cache=True, nogil=True)
def _plant(seeds: Any, first: int, ms: Any) -> None:
    at, spent, group = seeds
    for i in range(len(at)):
        t = group[i] - first
        if 0 <= t < ms.shape[1]:
            ms[at[i], t] = min(ms[at[i], t], spent[i])


@numba.njit(cache=True, nogil=True)
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
