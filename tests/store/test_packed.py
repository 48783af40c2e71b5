"""Packed hashes come back as they were, whatever rows a column has and however it was cut."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store import packed

ROWS = st.lists(st.none() | st.lists(st.integers(0, 2**64 - 1), max_size=5), max_size=12)


def column(rows: list[list[int] | None], cuts: list[int]) -> pa.ChunkedArray:
    values = [None if row is None else packed.pack(np.array(row, dtype=np.uint64)) for row in rows]
    whole = pa.array(values, packed.HASHES)
    places = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    chunks = [whole.slice(begin, end - begin) for begin, end in pairwise(places)]
    return pa.chunked_array(chunks, packed.HASHES)


@given(ROWS, st.lists(st.integers(0, 12), max_size=3))
def test_a_column_gives_back_its_rows(rows: list[list[int] | None], cuts: list[int]) -> None:
    held = [row or [] for row in rows]
    found = column(rows, cuts)
    assert packed.flat(found).tolist() == [value for row in held for value in row]
    assert packed.counts(found).tolist() == list(map(len, held))
    assert [row.tolist() for row in packed.rows(found)] == held


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_a_row_gives_back_its_hashes(hashes: list[int]) -> None:
    assert packed.unpack(packed.pack(np.array(hashes, dtype=np.uint64))).tolist() == hashes


def test_rows_that_were_taken_out_and_turned_around() -> None:
    found = column([[1, 2], None, [3], [], [4, 5, 6]], [2]).take(pa.array([4, 2, 1, 0]))
    assert [row.tolist() for row in packed.rows(found)] == [[4, 5, 6], [3], [], [1, 2]]


def test_a_column_without_chunks_is_empty() -> None:
    found = pa.chunked_array([], packed.HASHES)
    assert packed.flat(found).tolist() == packed.counts(found).tolist() == packed.rows(found) == []
