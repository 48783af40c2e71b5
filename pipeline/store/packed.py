"""Columns with some 64-bit hashes in each row, packed as bytes: Parquet reads lists of numbers far slower."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

HASHES = pa.binary()
_WIDTH = 8


def pack(hashes: NDArray[np.uint64]) -> bytes:
    """What a row of such a column holds."""
    return hashes.astype("<u8", copy=False).tobytes()


def unpack(packed: bytes) -> NDArray[np.uint64]:
    """The hashes that ``pack`` was given."""
    return np.frombuffer(packed, dtype="<u8")


def flat(column: pa.ChunkedArray) -> NDArray[np.uint64]:
    """The hashes of all rows, one row after the other."""
    parts = [_values(chunk) for chunk in column.chunks]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype="<u8"), *parts])


def counts(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """How many hashes each row has, shape (rows,); 0 where there is none."""
    parts = [np.diff(offsets(chunk)) // _WIDTH for chunk in column.chunks]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def rows(column: pa.ChunkedArray) -> list[NDArray[np.uint64]]:
    """The hashes of each row by itself."""
    values, ends = flat(column), np.cumsum(counts(column)).tolist()
    return [values[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def offsets(chunk: pa.Array) -> NDArray[np.int64]:
    """Where in the third buffer of an array of strings or bytes each row begins, and where the last one ends."""
    buffer = chunk.buffers()[1]
    if buffer is None:  # no row at all
        return np.zeros(1, dtype=np.int64)
    return np.frombuffer(buffer, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1].astype(np.int64)


def _values(chunk: pa.Array) -> NDArray[np.uint64]:
    places, data = offsets(chunk), chunk.buffers()[2]
    if data is None:
        return np.zeros(0, dtype="<u8")
    return np.frombuffer(data, dtype="<u8", count=int(places[-1] - places[0]) // _WIDTH, offset=int(places[0]))
