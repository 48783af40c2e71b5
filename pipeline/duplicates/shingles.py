"""Shingles of a text and their MinHash signature, the same on every machine.

All arithmetic is on unsigned 64-bit integers modulo 2**64, so the results depend on no library's hash function, no
word size and no seed outside this file.
"""

from __future__ import annotations

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

from pipeline.text import block_key

SHINGLE_WORDS = 3
SIGNATURE_SIZE = 128
NO_SHINGLE = np.uint32(0xFFFFFFFF)

_CHUNK = 256  # shingles hashed at a time: 256 KB of work space, which the processor's own memory holds
# Scripts that write no space between words: here every character is a word of its own.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, hence invertible modulo 2**64
_INVERSE = pow(_MULTIPLIER, -1, 1 << 64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection whose every output bit depends on all."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


_STREAM = _mixed(np.arange(1, 2 * SIGNATURE_SIZE + 1, dtype=np.uint64) * np.uint64(_MULTIPLIER))
_FACTORS = _STREAM[:SIGNATURE_SIZE] | np.uint64(1)
_TERMS = _STREAM[SIGNATURE_SIZE:]


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    return np.full(count, base, dtype=np.uint64).cumprod(dtype=np.uint64)


_USUAL = 1 << 16  # characters of a text; those of a longer one are worked out with it
_POWERS, _INVERSES = _powers(_MULTIPLIER, _USUAL), _powers(_INVERSE, _USUAL)
_MIXED_ASCII = _mixed(np.arange(1, 129, dtype=np.uint64))


def shingle_hashes(text: str) -> NDArray[np.uint64]:
    """The hashes of all runs of three words of a text, sorted, each once; empty where it has no letter or digit.

    Case, punctuation, white space and compatibility forms do not count. In scripts without spaces between words
    each character is a word. A text of fewer than three words is one shingle.
    """
    key = block_key(text)
    if not key.isascii():
        key = " ".join(_UNSPACED.sub(r" \g<0> ", key).split())
    if not key:
        return np.zeros(0, dtype=np.uint64)
    codes = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    breaks = np.flatnonzero(codes == ord(" "))
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(codes)]))
    width = min(SHINGLE_WORDS, len(starts))
    return _distinct(_substring_hashes(codes, starts[: len(starts) - width + 1], ends[width - 1 :]))


def _distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What ``np.unique`` gives of an array that is not empty, in a third of the time."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def _substring_hashes(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Polynomial hashes of ``codes[start:end]`` (Karp & Rabin 1987), all at once from prefix sums."""
    count = len(codes)
    powers = _POWERS[:count] if count <= _USUAL else _powers(_MULTIPLIER, count)
    inverses = _INVERSES[:count] if count <= _USUAL else _powers(_INVERSE, count)
    sums = np.zeros(count + 1, dtype=np.uint64)
    (_mixed_codes(codes) * powers).cumsum(out=sums[1:])
    return _mixed((sums[ends] - sums[starts]) * inverses[starts])


def _mixed_codes(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    if codes.max() < len(_MIXED_ASCII):
        return _MIXED_ASCII[codes]
    return _mixed(codes.astype(np.uint64) + np.uint64(1))


def text_print(shingles: NDArray[np.uint64]) -> int:
    """A 64-bit identity of a set of shingle hashes; 0 for the empty set alone."""
    if not len(shingles):
        return 0
    return int.from_bytes(hashlib.blake2b(shingles.astype("<u8").tobytes(), digest_size=8).digest(), "little") or 1


def signature(text: str) -> NDArray[np.uint32]:
    """The MinHash signature of a text, shape (128,): of two texts, the expected share of equal places is the Jaccard
    similarity of their shingle sets. All places are ``NO_SHINGLE`` where the text has no letter or digit.
    """
    return minhash(shingle_hashes(text))


def minhash(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The signature of a set of shingle hashes: per place, the least of their multiply-shift hashes
    (Dietzfelbinger et al. 1997)."""
    least = np.full(SIGNATURE_SIZE, np.uint64(NO_SHINGLE) << np.uint64(32), dtype=np.uint64)
    hashed = np.empty((min(_CHUNK, len(shingles)), SIGNATURE_SIZE), dtype=np.uint64)
    for begin in range(0, len(shingles), _CHUNK):
        part = shingles[begin : begin + _CHUNK, None]
        place = hashed[: len(part)]
        np.multiply(part, _FACTORS, out=place)
        place += _TERMS
        np.minimum(least, place.min(axis=0), out=least)
    return (least >> np.uint64(32)).astype(np.uint32)
