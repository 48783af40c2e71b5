"""A small convolutional network over the lines of a page: the second opinion beside the trees, with numpy alone.

It reads the same numbers as the second stage and what the words of each line are like (an average of learnt vectors,
Joulin and others 2017), and looks at the neighbours through dilated convolutions (Yu and Koltun 2016): each block
sees twice as far as the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.glyphs import Glyphs
from pipeline.trees import Forest

Floats = NDArray[np.float32]

BITS = 15
"""Of a word's hash: which of the vectors is its own."""
DILATIONS = (1, 2, 4, 8)
_LEAST = 1e-4
_ODDS_SCALE = 3.0
_ONE_THREAD = 1 << 18
"""Multiplications that OpenBLAS does not share out among threads."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The weights: word vectors, the layer over one line, a kernel of three lines for each of ``DILATIONS``, the sum.

    ``low``, ``high``, ``mean`` and ``deviation`` bring the numbers of a line to one scale before ``first`` reads them.
    """

    vectors: Floats  # (1 << BITS, width)
    low: Floats
    high: Floats
    mean: Floats
    deviation: Floats
    words: Floats  # (width, units)
    first: Floats  # (numbers, units)
    shift: Floats  # (units,)
    kernels: tuple[tuple[Floats, Floats], ...]  # (3 * units, units), (units,)
    last: Floats  # (units,)
    base: float

    def odds(self, rows: Floats, alone: Floats, page: Glyphs) -> Floats:
        """The log-odds of main content of each line, from the rows of the second stage, shape (lines,)."""
        scaled = (np.clip(rows, self.low, self.high) - self.mean) / self.deviation
        numbers = np.concatenate([scaled, odds_column(alone)], axis=1)
        hidden = np.maximum(_product(numbers, self.first) + _product(self._words(page), self.words) + self.shift, 0.0)
        for dilation, (kernel, shift) in zip(DILATIONS, self.kernels, strict=True):
            hidden += np.maximum(_product(neighbours(hidden, dilation), kernel) + shift, 0.0)
        return np.asarray((hidden * self.last).sum(axis=1) + np.float32(self.base), dtype=np.float32)

    def _words(self, page: Glyphs) -> Floats:
        lines = page.word_lines
        sums = np.zeros((len(page.starts), self.vectors.shape[1]), dtype=np.float32)
        if len(lines):
            begins, sizes = page.word_groups()
            found = np.add.reduceat(self.vectors.take(buckets(page), axis=0), begins, axis=0)
            sums[lines[begins]] = found / np.sqrt(sizes.astype(np.float32))[:, None]
        return sums


def _product(rows: Floats, weights: Floats) -> Floats:
    """The product of two matrices, in pieces so small that BLAS keeps to one thread: more would wait for each other."""
    out = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    step = _ONE_THREAD // weights.size
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], weights, out=out[start : start + step])
    return out


def buckets(page: Glyphs) -> NDArray[np.intp]:
    """The vector of each word of a page."""
    return (page.word_hashes & np.uint32((1 << BITS) - 1)).astype(np.intp)


def odds_column(alone: Floats) -> Floats:
    """The log-odds of the first stage as a column of numbers of about the size of the others."""
    sure = np.clip(alone, _LEAST, 1.0 - _LEAST)
    return ((np.log(sure) - np.log1p(-sure)) / np.float32(_ODDS_SCALE))[:, None].astype(np.float32)


def neighbours(hidden: Floats, dilation: int) -> Floats:
    """Each row between the rows so many lines above and below; nothing stands beyond the ends."""
    count, units = hidden.shape
    out = np.zeros((count, 3 * units), dtype=np.float32)
    out[dilation:, :units] = hidden[: max(count - dilation, 0)]
    out[:, units : 2 * units] = hidden
    out[: max(count - dilation, 0), 2 * units :] = hidden[dilation:]
    return out


@lru_cache(maxsize=4)
def read_net(vectors: Forest, dense: Forest) -> Net:
    """The network that ``learning.text_net`` packed; forests never change, so one is unpacked once."""
    width = int(vectors.extra["width"][0])
    table = vectors.value.reshape(-1, width).astype(np.float32) * np.float32(vectors.extra["scale"][0])
    parts: dict[str, Floats] = {}
    start = 0
    for name in dense.names:
        shape = [int(size) for size in dense.extra[name]]
        size = int(np.prod(shape))
        parts[name] = dense.value[start : start + size].astype(np.float32).reshape(shape)
        start += size
    return Net(
        vectors=table,
        low=parts["low"],
        high=parts["high"],
        mean=parts["mean"],
        deviation=parts["deviation"],
        words=parts["words"],
        first=parts["first"],
        shift=parts["shift"],
        kernels=tuple((parts[f"kernel-{d}"], parts[f"shift-{d}"]) for d in DILATIONS),
        last=parts["last"],
        base=float(parts["base"][0]),
    )
