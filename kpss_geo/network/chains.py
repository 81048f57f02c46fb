"""Points that only bend a road are taken out of the graph and kept in its shape."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Chains:
    """Pieces joined end to end between junctions.

    `half` lists the pieces of all chains in order, as `2 * piece + turned round`; chain
    `c` is `half[start[c]:start[c + 1]]`. `vertex` are the points along the chains, one
    more for each chain than it has pieces. `junction` are the points that stay nodes;
    `tail` and `head` are rows of `junction`.
    """

    half: Ints
    start: Ints
    vertex: Ints
    junction: Ints
    tail: Ints
    head: Ints


def join_chains(tail: Ints, head: Ints, *, is_open: tuple[Flags, Flags], kind: Flags) -> Chains:
    """Join pieces wherever exactly two of them meet and nothing changes but their speed.

    Two pieces are joined when the way through their common point is open in the same
    directions on both and both are of one kind. A ring without a junction keeps one point.
    """
    begin = np.stack([tail, head], axis=1).ravel()
    through = _bends(begin, np.stack(is_open, axis=1).ravel(), kind)
    if len(begin) and through.passes[begin].all():
        through.passes[begin[0]] = False
    starts, last, steps = _walk(begin, through)
    once = starts < (last ^ 1)  # each chain was walked from both its ends
    chain = np.concatenate([c for c, _ in steps])
    half = np.concatenate([h for _, h in steps])
    mine = once[chain]
    chain, half = chain[mine], half[mine]
    order = np.argsort(chain, kind="stable")
    chain, half = chain[order], half[order]
    start = np.r_[np.flatnonzero(np.r_[True, chain[1:] != chain[:-1]]), len(chain)]
    vertex = np.insert(begin[half], start[1:], begin[half[start[1:] - 1] ^ 1])
    ends = np.r_[begin[half[start[:-1]]], begin[half[start[1:] - 1] ^ 1]]
    junction, row = np.unique(ends, return_inverse=True)
    return Chains(half, start, vertex, junction, row[: len(start) - 1], row[len(start) - 1 :])


@dataclass(frozen=True)
class _Bends:
    """Which points only bend the road, and the two half-pieces that leave each of them."""

    passes: Flags
    first: Ints
    second: Ints


def _bends(begin: Ints, half_open: Flags, kind: Flags) -> _Bends:
    count = int(begin.max()) + 1 if len(begin) else 0
    degree = np.bincount(begin, minlength=count)
    order = np.argsort(begin, kind="stable")
    at = np.cumsum(degree) - degree
    two = np.flatnonzero(degree == 2)
    one, other = order[at[two]], order[at[two] + 1]
    same = (
        (one >> 1 != other >> 1)
        & (half_open[one ^ 1] == half_open[other])
        & (half_open[other ^ 1] == half_open[one])
        & (kind[one >> 1] == kind[other >> 1])
    )
    passes = np.zeros(count, bool)
    passes[two[same]] = True
    first, second = np.full(count, -1), np.full(count, -1)
    first[two], second[two] = one, other
    return _Bends(passes, first, second)


def _walk(begin: Ints, through: _Bends) -> tuple[Ints, Ints, list[tuple[Ints, Ints]]]:
    """Walk all chains at once, a piece at a step."""
    starts = np.flatnonzero(~through.passes[begin])
    last = np.empty_like(starts)
    chain, here = np.arange(len(starts)), starts
    steps: list[tuple[Ints, Ints]] = []
    while len(here):
        steps.append((chain, here))
        point = begin[here ^ 1]
        goes_on = through.passes[point]
        last[chain[~goes_on]] = here[~goes_on]
        back, point = (here ^ 1)[goes_on], point[goes_on]
        chain = chain[goes_on]
        one, other = through.first[point], through.second[point]
        here = np.where(one == back, other, one)
    return starts, last, steps
