"""A small convolutional network over the lines of a page: the second opinion beside the trees, with numpy alone.

It reads the same numbers as the second stage and what the words of each line are like (an average of learnt vectors,
Joulin and others 2017), and looks at the neighbours through dilated convolutions (Yu and Koltun 2016): each block
sees twice as far as the one before it. Before and after them each line hears of the strongest sign anywhere above it
and anywhere below it: the heading of the comments may stand a hundred lines above the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.glyphs import Glyphs
from pipeline.trees import Forest

Floats = NDArray[np.float32]

BITS = 15
"""Of a word's hash: which of the vectors is its own."""
NEAR = ("1", "2", "4", "8")
"""How far the neighbours stand that a line hears of, one layer after the other."""
FAR = ("before", "after")
LOOKS = (FAR[0], *NEAR, FAR[1])
"""The layers in their order."""
_LEAST = 1e-4
_ODDS_SCALE = 3.0
_LANES, _MOST_WORDS = 4, 2_000
"""Levels of a word's vector that are added in one number, sixteen bits each, which as many words cannot overflow."""
_ONE_THREAD = 1 << 18
"""Multiplications that OpenBLAS does not share out among threads."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The weights: word vectors, the layer over one line, the layers over many, the sum.

    For each of ``NEAR`` a kernel of three lines; for each of ``FAR`` the signs that are looked for on the whole page,
    and what they mean to a line; all with their shifts.

    ``low`` and ``high`` are the limits of the numbers of a line, whose scale is part of ``first`` and ``shift``.
    """

    vectors: NDArray[np.uint64]  # (1 << BITS, width / _LANES): each a few levels of a vector, counted from the lowest
    lowest: float
    level: float
    low: Floats
    high: Floats
    words: Floats  # (width, units)
    first: Floats  # (numbers, units)
    shift: Floats  # (units,)
    layers: tuple[tuple[str, tuple[Floats, ...]], ...]
    # near: (3 * units, units), (units,); far: (units, signs), (signs,), (3 * signs + units, units), (units,)
    last: Floats  # (units,)
    base: float

    def odds(self, rows: Floats, alone: Floats, page: Glyphs) -> Floats:
        """The log-odds of main content of each line, from the rows of the second stage, shape (lines,)."""
        numbers = np.empty((rows.shape[1] + 1, len(rows)), dtype=np.float32)  # columns lie together, as in the rows
        inside = np.maximum(rows.T, self.low[:, None], out=numbers[:-1])
        np.minimum(inside, self.high[:, None], out=inside)
        numbers[-1] = odds_column(alone)[:, 0]
        hidden = _product(numbers.T, self.first)
        hidden += _product(self.words_of(page), self.words)
        hidden = _active(hidden, self.shift)
        for look, weights in self.layers if len(hidden) else ():
            hidden += _far(hidden, *weights) if look in FAR else _near(hidden, int(look), *weights)
        return np.asarray(np.matmul(hidden, self.last) + np.float32(self.base), dtype=np.float32)

    def words_of(self, page: Glyphs) -> Floats:
        """The sum of the vectors of the words of each line, divided by the root of how many there are."""
        sums = np.zeros((len(page.starts), self.vectors.shape[1] * _LANES), dtype=np.float32)
        lines, begins, sizes = page.word_groups()
        if len(lines):
            words = self.vectors.take(buckets(page), axis=0)
            if sizes.max() <= _MOST_WORDS:
                levels = np.add.reduceat(words, begins, axis=0).view(np.uint16).astype(np.float32)
            else:
                levels = np.add.reduceat(words.view(np.uint16), begins, axis=0, dtype=np.float32)
            number = sizes.astype(np.float32)[:, None]
            levels += number * np.float32(self.lowest)
            levels *= np.float32(self.level) / np.sqrt(number)
            sums[lines] = levels
        return sums


def _near(hidden: Floats, dilation: int, kernel: Floats, shift: Floats) -> Floats:
    return _active(_product(neighbours(hidden, dilation), kernel), shift)


def _far(hidden: Floats, kernel: Floats, least: Floats, meaning: Floats, shift: Floats) -> Floats:
    signs = _active(_product(hidden, kernel), least)
    heard = np.empty((len(hidden), len(meaning)), dtype=np.float32)
    wide = 3 * signs.shape[1]
    page_wide(signs, heard[:, :wide])
    heard[:, wide:] = hidden
    return _active(_product(heard, meaning), shift)


def _active(sums: Floats, shift: Floats) -> Floats:
    """The sums shifted, and nothing instead of less than nothing; in place."""
    sums += shift
    return np.maximum(sums, np.zeros(sums.shape, dtype=sums.dtype), out=sums)  # a single zero takes four times as long


def _product(rows: Floats, weights: Floats) -> Floats:
    """The product of two matrices, in pieces so small that BLAS keeps to one thread: more would wait for each other."""
    out = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    step = _ONE_THREAD // weights.size
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], weights, out=out[start : start + step])
    return out


def buckets(page: Glyphs) -> NDArray[np.intp]:
    """The vector of each word of a page."""
    return page.buckets & ((1 << BITS) - 1)


def odds_column(alone: Floats) -> Floats:
    """The log-odds of the first stage as a column of numbers of about the size of the others."""
    sure = np.minimum(np.maximum(alone, _LEAST), 1.0 - _LEAST)  # np.clip takes five times as long
    return ((np.log(sure) - np.log1p(-sure)) / np.float32(_ODDS_SCALE))[:, None].astype(np.float32)


def neighbours(hidden: Floats, dilation: int) -> Floats:
    """Each row between the rows so many lines above and below; nothing stands beyond the ends."""
    count, units = hidden.shape
    out = np.empty((count, 3 * units), dtype=hidden.dtype)
    inner = max(count - dilation, 0)
    out[:dilation, :units] = 0.0
    out[dilation:, :units] = hidden[:inner]
    out[:, units : 2 * units] = hidden
    out[:inner, 2 * units :] = hidden[dilation:]
    out[inner:, 2 * units :] = 0.0
    return out


def page_wide(signs: Floats, out: Floats) -> None:
    """For each line the strongest of each sign from the top of the page down to it, from it to the end, and the mean.

    ``signs`` has shape (lines, signs), at least one line; ``out``, which is written, (lines, 3 * signs).
    """
    count = signs.shape[1]
    np.maximum.accumulate(signs, axis=0, out=out[:, :count])
    np.maximum.accumulate(signs[::-1], axis=0, out=out[::-1, count : 2 * count])
    np.divide(np.add.reduce(signs, axis=0), len(signs), out=out[:, 2 * count :])


@lru_cache(maxsize=4)
def read_net(vectors: Forest, dense: Forest) -> Net:
    """The network that ``learning.text_net`` packed; forests never change, so one is unpacked once."""
    width = int(vectors.extra["width"][0])
    lowest = int(vectors.value.min())
    levels = (vectors.value.astype(np.int64) - lowest).astype(np.uint16).reshape(-1, width)
    parts: dict[str, Floats] = {}
    start = 0
    for name in dense.names:
        shape = [int(size) for size in dense.extra[name]]
        size = int(np.prod(shape))
        parts[name] = dense.value[start : start + size].astype(np.float32).reshape(shape)
        start += size
    first = parts["first"].copy()
    first[:-1] /= parts["deviation"][:, None]
    return Net(
        vectors=levels.view(np.uint64),
        lowest=float(lowest),
        level=float(vectors.extra["scale"][0]),
        low=parts["low"],
        high=parts["high"],
        words=parts["words"],
        first=first,
        shift=parts["shift"] - parts["mean"] @ first[:-1],
        layers=tuple((look, _weights_of(look, parts)) for look in LOOKS),
        last=parts["last"],
        base=float(parts["base"][0]),
    )


def _weights_of(look: str, parts: Mapping[str, Floats]) -> tuple[Floats, ...]:
    names = ("signs", "meaning") if look in FAR else ("kernel",)
    return tuple(parts[f"{name}-{look}{kind}"] for name in names for kind in ("", "-shift"))
