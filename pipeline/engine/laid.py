"""The distinct texts of all shards as clustering asks for them.

Where most are new, or shingles of many are asked for, these are laid out in memory or, where they are many, on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import duplicates
from pipeline.engine.beside import ahead
from pipeline.store import packed, rows
from pipeline.store.scratch import Scratch

_SHINGLE_BYTES = 4
_BYTES_A_TEXT = 4 * duplicates.SIGNATURE_SIZE + 8 * duplicates.BANDS  # beside its shingles
_BLOCK = 4096  # texts whose band keys are worked out together
_MANY, _MOST_FEW = 20, 5_000  # where one of so many texts is new, or more than so many are, all are laid out
_HELD = 64_000_000  # bytes laid out that may be held in memory: signatures and bands first, then shingles as well
_FEW_ASKED = 500  # shingles of so many texts are read one by one; from then on all are laid out
Indices = NDArray[np.int64]


class Texts:
    """The distinct texts of all shards by number, in order of file and row: see ``duplicates.Texts``.

    Where most are new, all are laid out at once; else what is asked for is read from the results.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        shard: Indices,
        row: Indices,
        sizes: Indices,
        fresh: NDArray[np.bool_],
        folder: Path,
    ) -> None:
        """Text ``i`` is that of a row of the file ``paths[shard[i]]``, has ``sizes[i]`` shingles, and may be new."""
        self.sizes = sizes
        self._paths, self._shard, self._row = paths, shard, row
        self._begins = np.concatenate(([0], np.cumsum(sizes)))
        signed = len(sizes) * _BYTES_A_TEXT
        self._folder = folder if signed > _HELD else None
        self._shingle_folder = folder if signed + _SHINGLE_BYTES * int(self._begins[-1]) > _HELD else None
        new = int(fresh.sum())
        self.laid_out = new * _MANY >= len(fresh) or new > _MOST_FEW
        self._asked = _FEW_ASKED if self.laid_out else 0  # for single texts

    @cached_property
    def _shingles(self) -> Scratch[np.uint32]:
        scratch: Scratch[np.uint32] = Scratch(self._shingle_folder, np.uint32, int(self._begins[-1]))
        for texts, values in self.chunks():
            scratch.put(int(self._begins[texts.start]), values)
        return scratch

    @cached_property
    def _signatures(self) -> Scratch[np.uint32]:
        scratch: Scratch[np.uint32] = Scratch(self._folder, np.uint32, len(self.sizes) * duplicates.SIGNATURE_SIZE)
        for first, table in self._read("signature"):
            scratch.put(first * duplicates.SIGNATURE_SIZE, _matrix(table["signature"]).reshape(-1))
        return scratch

    @cached_property
    def _bands(self) -> Scratch[np.uint64]:
        scratch: Scratch[np.uint64] = Scratch(self._folder, np.uint64, len(self.sizes) * duplicates.BANDS)
        for first, keys in self._band_keys():
            for band, own in enumerate(keys):
                scratch.put(band * len(self.sizes) + first, own)
        return scratch

    def _band_keys(self) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        for first in range(0, len(self.sizes), _BLOCK):
            yield first, duplicates.band_keys(self.signatures(np.arange(first, min(first + _BLOCK, len(self.sizes)))))

    def _read(self, column: str) -> Iterator[tuple[int, pa.Table]]:
        """A column of all texts, a group at a time, with the number of the first."""
        return self._some(column, np.arange(len(self.sizes)))

    def _some(self, column: str, texts: Indices) -> Iterator[tuple[int, pa.Table]]:
        """That of some texts, ascending, with the place among them of the first."""
        begins = np.searchsorted(self._shard[texts], np.arange(len(self._paths) + 1)).tolist()
        for path, begin, end in zip(self._paths, begins, begins[1:], strict=False):
            for table in rows.read_taken(path, [column], self._row[texts[begin:end]]):
                yield begin, table
                begin += table.num_rows

    def shingles(self, text: int) -> NDArray[np.uint32]:
        if self._asked < _FEW_ASKED:
            self._asked += 1
            (found,) = rows.read_some(self._paths[self._shard[text]], ["shingles"], [int(self._row[text])])
            return packed.SHINGLES.unpack(found["shingles"])
        return self._shingles.get(int(self._begins[text]), int(self.sizes[text]))

    def several(self, texts: Indices) -> list[NDArray[np.uint32]]:
        if self.laid_out:
            return [self.shingles(int(text)) for text in texts]
        return [one for _, table in self._some("shingles", texts) for one in packed.SHINGLES.rows(table["shingles"])]

    def signatures(self, texts: Indices) -> NDArray[np.uint32]:
        if not self.laid_out:
            return np.concatenate([_matrix(table["signature"]) for _, table in self._some("signature", texts)])
        return self._signatures.rows(texts, duplicates.SIGNATURE_SIZE)

    def band(self, number: int) -> NDArray[np.uint64]:
        return self._bands.get(number * len(self.sizes), len(self.sizes))

    def chunks(self) -> Iterator[tuple[slice, NDArray[np.uint32]]]:
        for first, table in ahead(self._read("shingles")):
            yield slice(first, first + table.num_rows), packed.SHINGLES.flat(table["shingles"])


def _matrix(column: pa.ChunkedArray) -> NDArray[np.uint32]:
    """A column of signatures as a matrix."""
    array = column.combine_chunks()
    size = 4 * duplicates.SIGNATURE_SIZE
    data = memoryview(array.buffers()[1])[array.offset * size : (array.offset + len(array)) * size]
    return np.frombuffer(data, dtype=np.uint32).reshape(-1, duplicates.SIGNATURE_SIZE)
