"""Numbers that are too many for memory lie in a file without a name, which is gone with its process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

T = TypeVar("T", bound=np.generic)


class Scratch(Generic[T]):
    """An array of ``size`` numbers, in memory or in a file in ``folder``. That is read and written by place and not
    mapped: pages of a map count as the process's memory."""

    def __init__(self, folder: Path | None, kind: DTypeLike, size: int) -> None:
        self._kind = np.dtype(kind)
        self._held: NDArray[Any] | None = None
        if folder is None:
            self._held = np.zeros(size, dtype=self._kind)
            return
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the object that holds it

    def put(self, place: int, values: NDArray[T]) -> None:
        """The values from a place on."""
        if self._held is not None:
            self._held[place : place + len(values)] = values
            return
        data, at = memoryview(values.astype(self._kind, copy=False).tobytes()), place * self._kind.itemsize
        while len(data):
            written = os.pwrite(self._file.fileno(), data, at)
            data, at = data[written:], at + written

    def get(self, place: int, count: int) -> NDArray[Any]:
        """So many values from a place on."""
        if self._held is not None:
            return self._held[place : place + count]
        size = count * self._kind.itemsize
        data = os.pread(self._file.fileno(), size, place * self._kind.itemsize)
        while len(data) < size:
            more = os.pread(self._file.fileno(), size - len(data), place * self._kind.itemsize + len(data))
            if not more:
                raise EOFError(f"{count} numbers from {place} on were never written")
            data += more
        return np.frombuffer(data, dtype=self._kind)

    def rows(self, numbers: NDArray[np.int64], width: int) -> NDArray[Any]:
        """Of rows of ``width`` values each those with the given numbers, ascending; shape (numbers, width)."""
        if self._held is not None:
            found: NDArray[Any] = self._held.reshape(-1, width)[numbers]
            return found
        if not len(numbers):
            return self.get(0, 0).reshape(-1, width)
        if numbers[-1] - numbers[0] == len(numbers) - 1:  # side by side, as they lie
            return self.get(int(numbers[0]) * width, len(numbers) * width).reshape(-1, width)
        return np.stack([self.get(int(number) * width, width) for number in numbers])
