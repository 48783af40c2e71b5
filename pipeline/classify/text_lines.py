"""The lines of a flattened page with what is asked of them again and again, found for all of them in one pass.

Most lines hold none of the signs that a form needs: a character (a digit, a currency) or a stem of a word. A line
without the signs of a form cannot have it, and no expression is tried on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.classify import forms
from pipeline.classify.text_outline import Outline
from pipeline.model import Block

WORD, LETTER, DIGIT, COLON, PLACE, CODE, ROW, MONEY, CLAIM, NETWORK, CJK, _SPACE, _BULLET = (1 << n for n in range(13))
POST, CONTACT, MINUTES, MENU, BIO, BYLINE, CREDIT, NUMBER = (1 << n for n in range(13, 21))
_SETS: dict[int, Callable[[str], bool]] = {
    WORD: str.isalnum,
    LETTER: str.isalpha,
    DIGIT: str.isdecimal,
    _SPACE: str.isspace,
}
_SIGNS = {
    WORD: "_",
    COLON: ":",
    PLACE: "@[",
    CODE: "{}_=/",
    ROW: "|·•»&",
    MONEY: "$€£¥",
    CLAIM: "©",
    NETWORK: "xX",
    _BULLET: "*+-•·›»>",
}
_BYLINES = "by von par por interview words written posted story text report review photo"
_CREDITS = "bild foto photo image credit cr?dit getty reuters imago picture"
_STEMS = {
    POST: forms.POST_STEMS,
    CONTACT: ("phone", "fax", "tel", "mail", "address", "adresse", "suite", "\nste", "floor", "box"),
    MINUTES: ("min",),
    MENU: [f"\n{word}" for word in forms.MENU],
    NETWORK: forms.NETWORKS - {"x"},
    MONEY: ("usd", "eur", "gbp", "chf"),
    CLAIM: ("copyright", "(c)", "rights reserved"),
    BIO: forms.BIO_STEMS,
    BYLINE: [f"\n{word}" for word in _BYLINES.split()],
    CREDIT: [f"\n{word}" for word in _CREDITS.split()],
}
"""A line end stands before what only the beginning of a line can be."""
_LIKE_ASCII = {"ſ": "s", "ı": "i", "İ": "i", "\u212a": "k"}
"""What expressions take for a letter of a stem where case does not count."""
_OPENING = re.compile(r"[*+\-• ]*+([^ \n]*)")
_BEFORE_OPENING = frozenset("*+-• ")
ALIKE = 4
"""Lines that begin as more than so many others do can be entries made by one pattern."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page; each list has an item for each line.

    ``marks`` has those of the few that have one. ``words`` are counts by white space, ``sizes`` count a Chinese word as
    two characters; ``signs`` are what stands in a line, bit by bit; ``entries`` says whether it begins with a bullet,
    ``openings`` with which word.
    """

    blocks: Sequence[Block]
    texts: list[str]
    marks: dict[int, str]
    words: list[int]
    sizes: list[float]
    signs: list[int]
    entries: list[bool]
    openings: list[str]
    common_openings: frozenset[str]
    prices: list[bool]
    contacts: list[bool]
    has_prices: bool
    has_contacts: bool

    def has(self, index: int, sign: int) -> bool:
        """Whether a line holds one of some signs."""
        return self.signs[index] & sign != 0


def read_lines(page: Outline) -> Lines:
    """The lines of a page, each looked at once."""
    texts = page.texts
    if not texts:
        return Lines(page.blocks, [], {}, [], [], [], [], [], frozenset(), [], [], False, False)
    joined = "\n".join((*texts, ""))
    ends = np.array(page.sizes, dtype=np.int64)
    ends += 1
    np.cumsum(ends, out=ends)
    starts = np.concatenate(([0], ends[:-1]))
    points = glyphs.points(joined)
    characters = _table().take(points)
    found = _signs(joined, starts, characters)
    words = _count_words(characters, starts)
    openings = _openings(texts) if joined.count("\n") == len(texts) else [_opening(text) for text in texts]
    priced = (found & MONEY).nonzero()[0].tolist()
    placed = (found & (PLACE | NUMBER) != 0) | ((found & CONTACT != 0) & (found & (COLON | DIGIT) != 0))
    prices, contacts = (
        _those(forms.is_price, texts, priced),
        _those(forms.is_contact, texts, placed.nonzero()[0].tolist()),
    )
    return Lines(
        page.blocks,
        texts,
        page.marks,
        words,
        _sizes(texts, words, (found & CJK).nonzero()[0].tolist()),
        found.tolist(),
        _entries(points, characters, starts, ends),
        openings,
        frozenset(opening for opening, count in Counter(openings).items() if count > ALIKE),
        prices,
        contacts,
        any(prices),
        any(contacts),
    )


def _openings(texts: list[str]) -> list[str]:
    """The first word of each line, none of which holds a line end."""
    return [
        text.partition(" ")[0] if text[0] not in _BEFORE_OPENING else text.lstrip("*+-• ").partition(" ")[0]
        for text in texts
    ]


def _opening(text: str) -> str:
    found = _OPENING.match(text)
    return found[1] if found else ""


def _sizes(texts: list[str], words: list[int], wide: list[int]) -> list[float]:
    """The words of each line, a Chinese one counted as two characters; some lines are wide."""
    sizes: list[float] = list(words)
    for index in wide:
        sizes[index] += sum("\u3040" < character < "\ua000" for character in texts[index]) / 2
    return sizes


def _those(is_so: Callable[[str], bool], texts: list[str], may_be: list[int]) -> list[bool]:
    """Which lines have a form, of those that may."""
    found = [False] * len(texts)
    for index in may_be:
        found[index] = is_so(texts[index])
    return found


def _signs(joined: str, starts: NDArray[np.int64], characters: NDArray[np.uint16]) -> NDArray[np.int64]:
    """The signs of each line, bit by bit; a bit too many does no harm."""
    signs = np.bitwise_or.reduceat(characters, starts) | _numbers(characters, starts)
    for sign, letter in _LIKE_ASCII.items():
        if sign in joined:
            joined = joined.replace(sign, letter)
    automaton, bits = _automaton()
    # Stems are plain letters; any other character is a question mark.
    found = automaton.find_matches_as_indexes(b"\n" + joined.encode("ascii", "replace").lower(), True)
    if found:
        numbers, _, ends = zip(*found, strict=True)
        lines = np.searchsorted(starts, np.array(ends) - 2, side="right") - 1
        np.bitwise_or.at(signs, lines, bits.take(numbers))
    return signs


def _numbers(characters: NDArray[np.uint16], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sign of the lines that begin with a digit or hold a number as long as that of a telephone or a place.

    Such a number has five digits without a break, or three, any sign, and three again.
    """
    digit = characters & DIGIT != 0
    three = digit[:-2] & digit[1:-1] & digit[2:]
    signs = np.where(digit[starts], NUMBER, 0)
    for gap in (2, 4):
        signs[np.searchsorted(starts, np.flatnonzero(three[:-gap] & three[gap:]), side="right") - 1] = NUMBER
    return signs


def _count_words(characters: NDArray[np.uint16], starts: NDArray[np.int64]) -> list[int]:
    """The words of each line by white space, as ``split`` finds them."""
    space = characters & _SPACE
    begins = np.flatnonzero(space[:-1] > space[1:]) + 1  # a line end stands before each line but the first
    before = np.concatenate((np.searchsorted(begins, starts), [len(begins)]))
    counts: list[int] = (before[1:] - before[:-1]).tolist()
    counts[0] += int(space[0] == 0)
    return counts


def _entries(
    points: NDArray[np.uint16], characters: NDArray[np.uint16], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[bool]:
    """Whether each line begins with a bullet, as the entries of menus and lists do, and does not end with the same."""
    first = points[starts]
    bullet = (characters[starts] & _BULLET != 0) & (first != points[ends - 2])
    found: list[bool] = (bullet | ((first == ord("o")) & (points[starts + 1] == ord(" ")))).tolist()
    return found


@cache
def _table() -> NDArray[np.uint16]:
    """The signs of each character of the Basic Multilingual Plane."""
    characters = [chr(code) for code in range(0x10000)]
    table = np.zeros(0x10000, dtype=np.uint16)
    for bit, belongs in _SETS.items():
        table[np.fromiter(map(belongs, characters), dtype=bool, count=len(characters))] |= bit
    for bit, signs in _SIGNS.items():
        table[[ord(sign) for sign in signs]] |= bit
    table[ord("\u3041") : ord("\ua000")] |= CJK
    table[glyphs.ASTRAL] = DIGIT  # nothing else that the expressions look for lies beyond; it vouches for no letter
    return table


@cache
def _automaton() -> tuple[BytesAhoCorasick, NDArray[np.int64]]:
    """An automaton for all stems, and the signs that each of its patterns is."""
    bits: dict[str, int] = {}
    for bit, stems in _STEMS.items():
        for stem in stems:
            bits[stem] = bits.get(stem, 0) | bit
    automaton = BytesAhoCorasick([stem.encode() for stem in bits], implementation=Implementation.DFA)
    return automaton, np.array(list(bits.values()), dtype=np.int64)
