"""Packed hashes come back as they were, whatever rows a column has and however it was cut."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store import packed

ROWS = st.lists(st.none() | st.lists(st.integers(0, 2**64 - 1), max_size=5), max_size=12)


def column(rows: list[list[int] | None], cuts: list[int]) -> pa.ChunkedArray:
    values = [None if row is None else packed.KEYS.pack(np.array(row, dtype=np.uint64)) for row in rows]
    whole = pa.array(values, packed.COLUMN)
    places = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    chunks = [whole.slice(begin, end - begin) for begin, end in pairwise(places)]
    return pa.chunked_array(chunks, packed.COLUMN)


@given(ROWS, st.lists(st.integers(0, 12), max_size=3))
def test_a_column_gives_back_its_rows(rows: list[list[int] | None], cuts: list[int]) -> None:
    held = [row or [] for row in rows]
    found = column(rows, cuts)
    assert packed.KEYS.flat(found).tolist() == [value for row in held for value in row]
    assert packed.KEYS.counts(found).tolist() == list(map(len, held))
    assert [row.tolist() for row in packed.KEYS.rows(found)] == held


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_a_row_gives_back_its_hashes(hashes: list[int]) -> None:
    assert packed.KEYS.unpack(packed.KEYS.pack(np.array(hashes, dtype=np.uint64))).tolist() == hashes


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=5), max_size=5))
def test_hashes_of_half_the_width_take_half_the_room(rows: list[list[int]]) -> None:
    made = [packed.SHINGLES.pack(np.array(row, dtype=np.uint32)) for row in rows]
    found = pa.chunked_array([made], packed.COLUMN)
    assert list(map(len, made)) == [4 * len(row) for row in rows]
    assert packed.SHINGLES.counts(found).tolist() == list(map(len, rows))
    assert [row.tolist() for row in packed.SHINGLES.rows(found)] == rows


def test_rows_that_were_taken_out_and_turned_around() -> None:
    found = column([[1, 2], None, [3], [], [4, 5, 6]], [2]).take(pa.array([4, 2, 1, 0]))
    assert [row.tolist() for row in packed.KEYS.rows(found)] == [[4, 5, 6], [3], [], [1, 2]]


def test_a_column_without_chunks_is_empty() -> None:
    found = pa.chunked_array([], packed.COLUMN)
    assert packed.KEYS.flat(found).tolist() == packed.KEYS.counts(found).tolist() == packed.KEYS.rows(found) == []
