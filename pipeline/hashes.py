"""Hashes of 64 bits for many stretches of a text at once, the same on every machine.

All arithmetic is on unsigned 64-bit integers modulo 2**64, so the results depend on no word size and no seed outside
this file.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

MULTIPLIER = 0x9E3779B97F4A7C15  # odd, hence invertible modulo 2**64
_EIGHT = 8  # bytes in a number
_FIRST = np.array([(1 << 8 * count) - 1 for count in range(_EIGHT + 1)], dtype=np.uint64)  # so many bytes of it
_LONG = 256  # bytes of a word that is no word of a language
_INVERSE = pow(MULTIPLIER, -1, 1 << 64)
# As arrays, since an operation on a small array takes half as long with them as with numbers.
_SHIFTS = tuple(np.array(bits, dtype=np.uint64) for bits in (30, 27, 31))
_FACTORS = tuple(np.array(factor, dtype=np.uint64) for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection whose every output bit depends on all."""
    found = values >> _SHIFTS[0]
    found ^= values
    found *= _FACTORS[0]
    found ^= found >> _SHIFTS[1]
    found *= _FACTORS[1]
    found ^= found >> _SHIFTS[2]
    return found


def of_words(text: bytes | bytearray) -> NDArray[np.uint64]:
    """A hash of each word of a text that has a space at both ends and between its words, and no byte 0."""
    inside = np.frombuffer(text, dtype=np.uint8) != ord(" ")
    borders = (inside[1:] != inside[:-1]).nonzero()[0]  # the places before each begin and end
    at, left = borders[::2], borders[1::2] - borders[::2]
    # By place the eight bytes after it, of which those beyond the word become 0; most words have no more.
    eights = np.ndarray(len(text), dtype="<u8", buffer=text + bytes(_EIGHT), offset=1, strides=(1,))
    found: NDArray[np.uint64] = eights[at] & _FIRST.take(left, mode="clip")
    words = (left > _EIGHT).nonzero()[0]
    at, left = at[words], left[words]
    for number in (left > _LONG).nonzero()[0].tolist():
        begin = int(at[number]) + 1
        found[words[number]] = of_bytes(text[begin : begin + int(left[number])])
        left[number] = 0
    while len(words):
        at, left = at + _EIGHT, left - _EIGHT
        found[words] = mixed(found[words]) + (eights[at] & _FIRST.take(left, mode="clip"))
        longer = (left > _EIGHT).nonzero()[0]
        words, at, left = words[longer], at[longer], left[longer]
    return mixed(found)


def of_bytes(data: bytes | bytearray) -> int:
    """A hash of some bytes, for what is hashed once."""
    return int.from_bytes(blake2b(data, digest_size=_EIGHT).digest(), "little")


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    return np.full(count, base, dtype=np.uint64).cumprod(dtype=np.uint64)


_USUAL = 1 << 17  # bytes of a text; those of a longer one are worked out with it
_POWERS, _INVERSES = _powers(MULTIPLIER, _USUAL), _powers(_INVERSE, _USUAL)
_MIXED = mixed(np.arange(1, 257, dtype=np.uint64))


def of_stretches(codes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Polynomial hashes of ``codes[start:end]`` (Karp & Rabin 1987), all at once; an empty stretch has 0.

    No stretch begins before the one before it ends, and ``starts`` are below ``len(codes)``.
    """
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    count = len(codes)
    powers = _POWERS[:count] if count <= _USUAL else _powers(MULTIPLIER, count)
    inverses = _INVERSES if count <= _USUAL else _powers(_INVERSE, count)
    values = np.zeros(count + 1, dtype=np.uint64)  # with one more, where the last stretch may end
    np.multiply(_MIXED.take(codes), powers, out=values[:count])
    borders = np.empty(2 * len(starts), dtype=np.int64)
    borders[::2], borders[1::2] = starts, ends
    sums = np.add.reduceat(values, borders)[::2] * inverses.take(starts)
    sums[starts == ends] = 0
    return mixed(sums)
