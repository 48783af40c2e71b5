"""Shingles of a text and their MinHash signature, the same on every machine: see ``hashes``."""

from __future__ import annotations

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

from pipeline.hashes import MULTIPLIER, mixed, of_words
from pipeline.letters import BEYOND, LATIN, from_codes, from_latin, latin, letters, without_signs
from pipeline.runs import distinct
from pipeline.text import block_key

SHINGLE_WORDS = 3
SIGNATURE_SIZE = 128
NO_SHINGLE = np.uint32(0xFFFFFFFF)

_CHUNK = 4_096  # shingles hashed at a time, in 2 MB of work space
_FIRST_UNSPACED = "\u0e00"
# Scripts that write no space between words: here every character is a word of its own.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# What letters and digits fold to, the apostrophe, which words can hold, and a space for all else.
_LATIN_WORDS = bytes(ord("'") if code == ord("'") else fold or ord(" ") for code, fold in enumerate(LATIN))
# Factors with which an exchange of two words changes a shingle unless their hashes have 62 bits in common.
_BY_PLACE = tuple(np.array(factor, dtype=np.uint64) for factor in (0x94D049BB133111EB, MULTIPLIER))
_UPPER_HALF = np.array(32, dtype=np.uint64)
_FACTORS = (mixed(np.arange(1, SIGNATURE_SIZE + 1, dtype=np.uint64) * np.uint64(MULTIPLIER)) >> np.uint64(32)).astype(
    np.uint32
)[:, None] | np.uint32(1)


def shingle_hashes(text: str) -> NDArray[np.uint32]:
    """The hashes of all runs of three words of a text, sorted, each once; empty where it has no letter or digit.

    Of 64 bits the upper half: of two texts of 10,000 words each, .02 hashes are equal by chance.

    Case, punctuation, white space and compatibility forms do not count. In scripts without spaces between words
    each character is a word. A text of fewer than three words is one shingle.
    """
    words = of_words(_words(text))
    last = max(0, min(SHINGLE_WORDS, len(words)) - 1)
    found = words[: len(words) - last]
    for place in range(1, last + 1):
        found = found * _BY_PLACE[place - 1]
        found += words[place : len(words) - last + place]
    return distinct((found >> _UPPER_HALF).astype(np.uint32))


def _words(text: str) -> bytes | bytearray:
    """The words of ``block_key(text)`` in UTF-8 with spaces around them, with one sign for all apostrophes, and
    characters of unspaced scripts set apart as words."""
    plain = without_signs(text.replace("’", "'"))
    folds = latin(f" {plain} ").translate(_LATIN_WORDS)
    if ord(BEYOND) not in folds:
        return _without_outer_apostrophes(from_latin(folds))
    codes, others = letters(f" {plain} ")
    if _has_unspaced(codes):
        return _UNSPACED.sub(r" \g<0> ", f" {block_key(plain)} ").encode()
    others[codes == ord("'")] = ord("'")
    others[others == 0] = ord(" ")
    return _without_outer_apostrophes(from_codes(others))


def _without_outer_apostrophes(text: bytes) -> bytes | bytearray:
    """The text with spaces for the apostrophes that do not stand between two letters or digits."""
    codes = np.frombuffer(text, dtype=np.uint8)
    at = (codes == ord("'")).nonzero()[0]
    # Of what stays, only the space comes before it among the codes.
    outer = at[(codes[at - 1] <= ord("'")) | (codes[at + 1] <= ord("'"))]
    if not len(outer):
        return text
    found = bytearray(text)
    np.frombuffer(found, dtype=np.uint8)[outer] = ord(" ")
    return found


def _has_unspaced(codes: NDArray[np.uint32]) -> bool:
    beyond = codes[codes >= ord(_FIRST_UNSPACED)]
    return bool(len(beyond)) and _UNSPACED.search("".join(map(chr, np.unique(beyond).tolist()))) is not None


def text_print(shingles: NDArray[np.uint32]) -> int:
    """A 64-bit identity of a set of shingle hashes; 0 for the empty set alone."""
    if not len(shingles):
        return 0
    # SHA-256, for which most processors have instructions.
    return int.from_bytes(hashlib.sha256(shingles.astype("<u4", copy=False).tobytes()).digest()[:8], "little") or 1


def signature(text: str) -> NDArray[np.uint32]:
    """The MinHash signature of a text, shape (128,): of two texts, the expected share of equal places is the Jaccard
    similarity of their shingle sets. All places are ``NO_SHINGLE`` where the text has no letter or digit.
    """
    return minhash(shingle_hashes(text))


def minhash(shingles: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The signature of a set of shingle hashes: per place, the least that they become by multiplying with
    an odd factor modulo 2**32, which the processor does for several at once."""
    least = np.full(SIGNATURE_SIZE, NO_SHINGLE, dtype=np.uint32)
    for begin in range(0, len(shingles), _CHUNK):
        np.minimum(least, (shingles[begin : begin + _CHUNK] * _FACTORS).min(axis=1), out=least)
    return least
