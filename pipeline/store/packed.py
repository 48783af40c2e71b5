"""Columns with some hashes in each row, packed as bytes: Parquet reads lists of numbers far slower."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

COLUMN = pa.binary()
T = TypeVar("T", bound=np.generic)


class Packed(Generic[T]):
    """How hashes of one width lie in such a column: little-endian, one after the other."""

    def __init__(self, kind: DTypeLike) -> None:
        self._kind = np.dtype(kind).newbyteorder("<")

    def pack(self, hashes: NDArray[T]) -> bytes:
        """What a row holds."""
        return hashes.astype(self._kind, copy=False).tobytes()

    def unpack(self, packed: bytes) -> NDArray[T]:
        """The hashes that ``pack`` was given."""
        return np.frombuffer(packed, dtype=self._kind)

    def flat(self, column: pa.ChunkedArray) -> NDArray[T]:
        """The hashes of all rows, one row after the other."""
        parts = [self._values(chunk) for chunk in column.chunks]
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype=self._kind), *parts])

    def counts(self, column: pa.ChunkedArray) -> NDArray[np.int64]:
        """How many hashes each row has, shape (rows,); 0 where there is none."""
        parts = [np.diff(offsets(chunk)) // self._kind.itemsize for chunk in column.chunks]
        return np.concatenate([np.zeros(0, dtype=np.int64), *parts])

    def rows(self, column: pa.ChunkedArray) -> list[NDArray[T]]:
        """The hashes of each row by itself."""
        values, ends = self.flat(column), np.cumsum(self.counts(column)).tolist()
        return [values[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    def _values(self, chunk: pa.Array) -> NDArray[T]:
        places, data = offsets(chunk), chunk.buffers()[2]
        if data is None:
            return np.zeros(0, dtype=self._kind)
        size = int(places[-1] - places[0])
        found: NDArray[Any] = np.frombuffer(
            data, dtype=self._kind, count=size // self._kind.itemsize, offset=int(places[0])
        )
        return found


KEYS: Packed[np.uint64] = Packed(np.uint64)
SHINGLES: Packed[np.uint32] = Packed(np.uint32)


def offsets(chunk: pa.Array) -> NDArray[np.int64]:
    """Where in the third buffer of an array of strings or bytes each row begins, and where the last one ends."""
    buffer = chunk.buffers()[1]
    if buffer is None:  # no row at all
        return np.zeros(1, dtype=np.int64)
    return np.frombuffer(buffer, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1].astype(np.int64)
