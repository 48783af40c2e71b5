"""Numbers that are too many for memory: in a file without a name, which is gone with its process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

T = TypeVar("T", bound=np.generic)


class Scratch(Generic[T]):
    """An array on the disk. Read and written by place, not mapped: pages of a map count as the process's memory."""

    def __init__(self, folder: Path, kind: DTypeLike) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the object that holds it
        self._kind = np.dtype(kind)

    def put(self, place: int, values: NDArray[T]) -> None:
        """The values from a place on."""
        data, at = memoryview(values.astype(self._kind, copy=False).tobytes()), place * self._kind.itemsize
        while len(data):
            written = os.pwrite(self._file.fileno(), data, at)
            data, at = data[written:], at + written

    def get(self, place: int, count: int) -> NDArray[Any]:
        """So many values from a place on."""
        size = count * self._kind.itemsize
        data = os.pread(self._file.fileno(), size, place * self._kind.itemsize)
        while len(data) < size:
            more = os.pread(self._file.fileno(), size - len(data), place * self._kind.itemsize + len(data))
            if not more:
                raise EOFError(f"{count} numbers from {place} on were never written")
            data += more
        return np.frombuffer(data, dtype=self._kind)
