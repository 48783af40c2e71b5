"""A page's lines as arrays: character classes, words and line identities, all lines at once.

Reading a page of 400 lines character by character costs Python milliseconds; numpy reads it in a fraction of one.
Tables cover the Basic Multilingual Plane; beyond it a character is CJK (planes 2 and 3) or a symbol.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CLASSES = (
    "symbol",
    "upper",
    "lower",
    "caseless",
    "cjk",
    "digit",
    "space",
    "stop",
    "comma",
    "quote",
    "colon",
    "dash",
    "separator",
    "bracket",
    "currency",
    "at",
    "break",
)
SYMBOL, UPPER, LOWER, CASELESS, CJK, DIGIT, SPACE, STOP, COMMA, QUOTE, COLON, DASH, SEPARATOR, BRACKET = range(14)
CURRENCY, AT, BREAK = 14, 15, 16

_CHARACTERS = {
    STOP: ".!?。！？…؟۔।．",
    COMMA: ",;、，；،",
    QUOTE: "\"'“”„‟‘’‚‛«»‹›「」『』`",
    COLON: ":：",
    DASH: "-‐‑‒–—―~",
    SEPARATOR: "|•·*+/\\<>→←▪■●◦‣►▶©®™§†_=^",
    BRACKET: "()[]{}（）【】《》〈〉",
    AT: "@#&%",
    BREAK: "\n",
}
_CATEGORIES = {"Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Nd": DIGIT, "Sc": CURRENCY, "Pd": DASH}
BUCKET_BITS = 16
_PRIME, _LONGEST, _MOST = 0x01000193, 63, (1 << 20) - 1
"""Of the hash of a word; characters beyond the longest place count as if they stood there."""
_FACTORS = np.arange(1, 1 << 15, 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
"""What the words of a line count for in its key, by their place; those beyond count as the last of these."""


def _class_table(plane: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    categories = np.frombuffer("".join(map(unicodedata.category, plane)).encode(), dtype="S2")
    kinds = categories.astype("S1")
    combining = kinds == b"M"
    table = np.zeros(len(plane), dtype=np.uint8)
    table[(kinds == b"L") | combining] = CASELESS
    table[(kinds == b"Z") | (categories == b"Cc")] = SPACE
    for category, number in _CATEGORIES.items():
        table[categories == category.encode()] = number
    for low, high in ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        table[low : high + 1] = CJK
    for number, characters in _CHARACTERS.items():
        for character in characters:
            table[ord(character)] = number
    return table, combining


def _lower_table(plane: Sequence[str]) -> NDArray[np.uint16]:
    lowered = zip(map(str.lower, plane), plane, strict=True)
    codes = "".join(lower if len(lower) == 1 else upper for lower, upper in lowered)
    return np.frombuffer(codes.encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint16)


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.uint16]]:
    plane = list(map(chr, range(0x10000)))
    return *_class_table(plane), _lower_table(plane)


_CLASS, COMBINING, _LOWER = _tables()
"""The class of each character of the plane, whether it combines with the one before it, and its lower case."""


ASTRAL = 0xFFFD
"""The code that stands for all characters beyond the Basic Multilingual Plane, as it does for those beyond repair."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """The characters and words of some lines, each line closed by one ``break``.

    ``classes[i]`` and ``codes[i]`` are the class and the lower-cased code of character ``i``; line ``k`` holds the
    characters ``starts[k]`` to ``ends[k]`` (exclusive, the break left out). Word ``j`` begins at character
    ``word_starts[j]`` and stands in line ``word_lines[j]``; ``word_hashes`` are 32 bits each. A word is a run of
    letters and digits, or one CJK character, whose hash also covers the CJK character after it. ``word_counts`` says
    how many each line has, ``buckets`` are the low bits of the hashes, for tables of ``1 << BUCKET_BITS`` entries.
    """

    classes: NDArray[np.uint8]
    codes: NDArray[np.uint16]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    word_starts: NDArray[np.int64]
    word_lines: NDArray[np.int64]
    word_counts: NDArray[np.int64]
    word_hashes: NDArray[np.uint32]
    buckets: NDArray[np.intp]

    def per_line(self, values: NDArray[np.generic]) -> NDArray[np.float32]:
        """The sum over each line of something known for each character."""
        total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return (total[self.ends] - total[self.starts]).astype(np.float32)

    def count_places(self, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """How many of some characters, given by their places, each line has."""
        return np.bincount(np.searchsorted(self.ends, places), minlength=len(self.starts)).astype(np.float32)

    def per_line_of_words(self, values: NDArray[np.generic]) -> NDArray[np.float32]:
        """The sum over each line of something known for each word."""
        return np.bincount(self.word_lines, weights=values, minlength=len(self.starts)).astype(np.float32)

    def word_groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The lines that have words, the first word of each, and how many it has."""
        lines = self.word_counts.nonzero()[0]
        sizes = self.word_counts.take(lines)
        return lines, np.cumsum(sizes) - sizes, sizes

    def line_keys(self) -> NDArray[np.uint64]:
        """An identity for each line: its words alone, case-folded; 0 for a line without words."""
        keys = np.zeros(len(self.starts), dtype=np.uint64)
        if not len(self.word_lines):
            return keys
        lines, begins, sizes = self.word_groups()
        order = np.arange(len(self.word_lines))
        order -= np.repeat(begins, sizes)
        mixed = self.word_hashes.astype(np.uint64)
        mixed += np.uint64(1)
        mixed *= _FACTORS.take(order, mode="clip")
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        keys[lines] = np.add.reduceat(mixed, begins)
        return keys


def points(text: str) -> NDArray[np.uint16]:
    """The code points of a text, to look up in tables of the Basic Multilingual Plane."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * len(text):
        return np.frombuffer(encoded, dtype=np.uint16)
    wide = _wide(text)  # some need two units
    return np.where(wide > 0xFFFF, ASTRAL, wide).astype(np.uint16)


def _wide(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def read(lines: Sequence[str]) -> Glyphs:
    """The glyphs of lines without line ends; lone surrogates count as symbols."""
    return _read(tuple(lines))


@lru_cache(maxsize=1)  # a page is read for its features and then for its words
def _read(lines: tuple[str, ...]) -> Glyphs:
    text = "\n".join((*lines, ""))
    narrow = points(text)
    places = narrow.astype(np.intp)
    classes, codes = _CLASS.take(places), _LOWER.take(places)
    if (narrow == ASTRAL).any():
        wide = _wide(text)
        classes[(wide >= 0x20000) & (wide < 0x40000)] = CJK
    sizes = np.array(list(map(len, lines)), dtype=np.int64)
    ends = np.cumsum(sizes + 1)
    ends -= 1
    starts = ends - sizes
    word_starts, hashes = _words(classes, codes)
    below = np.searchsorted(word_starts, ends)
    below[1:] -= below[:-1].copy()
    word_lines = np.repeat(np.arange(len(lines)), below)
    buckets = (hashes & np.uint32((1 << BUCKET_BITS) - 1)).astype(np.intp)
    return Glyphs(classes, codes, starts, ends, word_starts, word_lines, below, hashes, buckets)


def _words(classes: NDArray[np.uint8], codes: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    within = classes - np.uint8(UPPER) <= DIGIT - UPPER  # letters, ideographs and digits have numbers in a row
    first = within.copy()
    np.greater(within[1:], within[:-1], out=first[1:])
    ideograph = classes == CJK
    has_ideographs = ideograph.any()
    if has_ideographs:
        first |= ideograph
        first[1:] |= within[1:] & ideograph[:-1]
    starts = first.nonzero()[0]
    if not len(starts):
        return starts, np.zeros(0, dtype=np.uint32)
    hashes = _hashes(codes * within, starts)
    if has_ideographs:
        paired = np.zeros(len(classes), dtype=np.uint32)
        paired[:-1] = np.where(ideograph[:-1] & ideograph[1:], codes[1:], 0)
        hashes += paired[starts] * np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x2C1B3C6D)
    hashes ^= hashes >> np.uint32(12)
    return starts, hashes


def _hashes(codes: NDArray[np.uint16], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The sum of the codes of each word, each times the prime to the power of its place in the word.

    It is the difference of two sums over the page, divided by the power of the place where the word begins; a page of
    more characters than there are powers is taken in parts. Codes between words must be 0.
    """
    if len(codes) > _MOST and len(starts) > 1:
        middle = len(starts) // 2
        cut = starts[middle]
        return np.concatenate((_hashes(codes[:cut], starts[:middle]), _hashes(codes[cut:], starts[middle:] - cut)))
    powers, inverses = _powers(min(max(len(codes), 1 << 14), _MOST).bit_length())
    sums = np.zeros(min(len(codes), _MOST) + 1, dtype=np.uint32)
    np.cumsum(codes[:_MOST] * powers[: len(sums) - 1], dtype=np.uint32, out=sums[1:])
    stops = np.concatenate((starts[1:], [len(codes)]))
    hashes: NDArray[np.uint32] = sums.take(stops, mode="clip") - sums.take(starts, mode="clip")
    hashes *= inverses.take(starts, mode="clip")
    for word in (stops - starts > _LONGEST).nonzero()[0].tolist():
        part = codes[starts[word] : stops[word]]
        hashes[word] = (part * powers[np.minimum(np.arange(len(part)), _LONGEST)]).sum(dtype=np.uint32)
    return hashes


@lru_cache(maxsize=2)
def _powers(bits: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The powers of the prime, and their inverses modulo 1 << 32."""
    factors = np.array([[_PRIME], [pow(_PRIME, -1, 1 << 32)]], dtype=np.uint32).repeat(1 << bits, axis=1)
    factors[:, 0] = 1
    powers, inverses = np.multiply.accumulate(factors, axis=1, dtype=np.uint32)
    return powers, inverses


def hash_words(text: str) -> NDArray[np.uint32]:
    """The hashes of the words of a text, as ``read`` gives them."""
    return read([text]).word_hashes
