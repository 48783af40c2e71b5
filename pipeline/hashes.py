"""Hashes of 64 bits for many stretches of a text at once, the same on every machine.

All arithmetic is on unsigned 64-bit integers modulo 2**64, so the results depend on no library's hash function, no
word size and no seed outside this file.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint8] | NDArray[np.uint32]  # the code points of a text, which may be ASCII

MULTIPLIER = 0x9E3779B97F4A7C15  # odd, hence invertible modulo 2**64
_INVERSE = pow(MULTIPLIER, -1, 1 << 64)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection whose every output bit depends on all."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return found


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    return np.full(count, base, dtype=np.uint64).cumprod(dtype=np.uint64)


_USUAL = 1 << 16  # characters of a text; those of a longer one are worked out with it
_POWERS, _INVERSES = _powers(MULTIPLIER, _USUAL), _powers(_INVERSE, _USUAL)
_KNOWN = 0x3000  # codes whose mixed value is looked up
_MIXED = mixed(np.arange(1, _KNOWN + 1, dtype=np.uint64))


def of_stretches(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Polynomial hashes of ``codes[start:end]`` (Karp & Rabin 1987), all at once from prefix sums; an empty stretch
    has 0. ``starts`` are below ``len(codes)``."""
    count = len(codes)
    powers = _POWERS[:count] if count <= _USUAL else _powers(MULTIPLIER, count)
    inverses = _INVERSES[:count] if count <= _USUAL else _powers(_INVERSE, count)
    sums = np.zeros(count + 1, dtype=np.uint64)
    (_mixed_codes(codes) * powers).cumsum(out=sums[1:])
    return mixed((sums[ends] - sums[starts]) * inverses[starts])


def _mixed_codes(codes: Codes) -> NDArray[np.uint64]:
    if codes.dtype == np.uint8 or codes.max() < _KNOWN:
        return _MIXED.take(codes)
    return mixed(codes.astype(np.uint64) + np.uint64(1))
