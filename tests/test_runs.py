"""Runs of equal values, against what Python says of them one by one."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.runs import distinct, places, runs, shared, stretches

numbers = st.lists(st.integers(0, 4), max_size=30)


@given(numbers)
def test_runs(values: list[int]) -> None:
    begins, sizes = runs(np.array(values, dtype=np.uint64))
    assert sizes.tolist() == [len(list(group)) for _, group in groupby(values)]
    assert begins.tolist() == [sum(sizes[:number]) for number in range(len(sizes))]


@given(numbers)
def test_distinct(values: list[int]) -> None:
    assert distinct(np.array(values, dtype=np.uint64)).tolist() == sorted(set(values))


@given(numbers, numbers)
def test_shared(one: list[int], other: list[int]) -> None:
    first, second = (distinct(np.array(values, dtype=np.uint64)) for values in (one, other))
    assert shared(first, second) == len(set(one) & set(other))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=10))
def test_places_in_stretches(some: list[tuple[int, int]]) -> None:
    begins, lengths = (np.array([stretch[part] for stretch in some], dtype=np.int64) for part in (0, 1))
    wanted = [place for begin, length in some for place in range(begin, begin + length)]
    assert places(begins, lengths).tolist() == wanted


@given(st.lists(st.integers(1, 9), max_size=20), st.integers(1, 12))
def test_stretches_of_some_items_together(sizes: list[int], most: int) -> None:
    """They follow each other and leave nothing out; beside the first of each, there are fewer than the most."""
    found = list(stretches(np.array(sizes, dtype=np.int64), most))
    assert [size for part in found for size in sizes[part]] == sizes
    assert all(len(sizes[part]) > 0 and sum(sizes[part][1:]) < most for part in found)
