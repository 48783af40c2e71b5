"""Shingles of a text and their MinHash signature, the same on every machine: see ``hashes``."""

from __future__ import annotations

import hashlib
import re
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.hashes import MULTIPLIER, Codes, mixed, of_stretches
from pipeline.letters import code_points, letters, without_signs
from pipeline.runs import distinct
from pipeline.text import block_key

Code = TypeVar("Code", np.uint8, np.uint32)
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
_ASCII_WORDS = bytes(code if chr(code).isalnum() or code == ord("'") else ord(" ") for code in range(256)).lower()
_FACTORS = (mixed(np.arange(1, SIGNATURE_SIZE + 1, dtype=np.uint64) * np.uint64(MULTIPLIER)) >> np.uint64(32)).astype(
    np.uint32
)[:, None] | np.uint32(1)


def shingle_hashes(text: str) -> NDArray[np.uint64]:
    """The hashes of all runs of three words of a text, sorted, each once; empty where it has no letter or digit.

    Case, punctuation, white space and compatibility forms do not count. In scripts without spaces between words
    each character is a word. A text of fewer than three words is one shingle.
    """
    codes = _words(text)
    if not len(codes):
        return np.zeros(0, dtype=np.uint64)
    breaks = np.flatnonzero(codes == ord(" "))
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(codes)]))
    width = min(SHINGLE_WORDS, len(starts))
    return distinct(of_stretches(codes, starts[: len(starts) - width + 1], ends[width - 1 :]))


def _words(text: str) -> Codes:
    """The code points of ``block_key(text)``, with one sign for all apostrophes, and characters of unspaced scripts set
    apart as words."""
    plain = without_signs(text.replace("’", "'"))
    if plain.isascii():
        return _ascii_words(plain)
    codes, folds = letters(plain)
    if _has_unspaced(codes):
        return code_points(" ".join(_UNSPACED.sub(r" \g<0> ", block_key(plain)).split()))
    kept = folds != 0
    apostrophes = np.flatnonzero(codes[1:-1] == ord("'")) + 1
    inner = apostrophes[kept[apostrophes - 1] & kept[apostrophes + 1]]
    folds[inner] = ord("'")
    kept[inner] = True
    folds[~kept] = ord(" ")
    return _single_spaced(folds, kept)


def _ascii_words(text: str) -> NDArray[np.uint8]:
    codes = np.array(bytearray(f" {text} ".encode().translate(_ASCII_WORDS)))
    apostrophes = np.flatnonzero(codes == ord("'"))
    # Of what stays, only the space comes before it among the codes.
    outer = (codes[apostrophes - 1] <= ord("'")) | (codes[apostrophes + 1] <= ord("'"))
    codes[apostrophes[outer]] = ord(" ")
    return _single_spaced(codes, codes != ord(" "))


def _single_spaced(codes: NDArray[Code], kept: NDArray[np.bool_]) -> NDArray[Code]:
    """The codes that are kept; of what stands between two words one space stays."""
    stays = kept.copy()
    stays[1:] |= kept[:-1]
    found = codes[stays]
    return found[:-1] if len(found) and found[-1] == ord(" ") else found


def _has_unspaced(codes: NDArray[np.uint32]) -> bool:
    beyond = codes[codes >= ord(_FIRST_UNSPACED)]
    return bool(len(beyond)) and _UNSPACED.search("".join(map(chr, np.unique(beyond).tolist()))) is not None


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
    """The signature of a set of shingle hashes: per place, the least that their upper halves become by multiplying
    with an odd factor modulo 2**32, which the processor does for several at once."""
    least = np.full(SIGNATURE_SIZE, NO_SHINGLE, dtype=np.uint32)
    halves = (shingles >> np.uint64(32)).astype(np.uint32)
    for begin in range(0, len(halves), _CHUNK):
        np.minimum(least, (halves[begin : begin + _CHUNK] * _FACTORS).min(axis=1), out=least)
    return least
