"""Signs of a line: the characters and stems of words without which it cannot have a form.

Most lines hold none of the signs that a form needs: a character (a digit, a currency) or a stem of a word. A line
without the signs of a form cannot have it, and no expression is tried on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.classify import forms

WORD, LETTER, DIGIT, COLON, PLACE, CODE, ROW, MONEY, CLAIM, NETWORK, CJK, SPACE, BULLET = (1 << n for n in range(13))
POST, CONTACT, MINUTES, MENU, BIO, BYLINE, CREDIT, NUMBER = (1 << n for n in range(13, 21))
OF_FORMS = MINUTES | PLACE | DIGIT | CONTACT | CODE | ROW | MENU
"""The signs of what ``text_places`` knows by form, if a line has a letter; without one it may be anything."""
_SETS: dict[int, Callable[[str], bool]] = {
    WORD: str.isalnum,
    LETTER: str.isalpha,
    DIGIT: str.isdecimal,
    SPACE: str.isspace,
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
    BULLET: "*+-•·›»>",
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


def signs_of(joined: str, starts: NDArray[np.int64], characters: NDArray[np.uint16]) -> NDArray[np.int64]:
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
    places = (characters & DIGIT).nonzero()[0]
    signs = np.where(characters.take(starts) & DIGIT, NUMBER, 0)
    if len(places) > 4:
        five = places[4:] == places[:-4] + 4
        first = places[:-5]
        seven = (places[2:-3] == first + 2) & (places[3:-2] == first + 4) & (places[5:] == first + 6)
        for found in (places[:-4][five], first[seven]):
            signs[np.searchsorted(starts, found, side="right") - 1] = NUMBER
    return signs


@cache
def table() -> NDArray[np.uint16]:
    """The signs of each character of the Basic Multilingual Plane."""
    characters = [chr(code) for code in range(0x10000)]
    known = np.zeros(0x10000, dtype=np.uint16)
    for bit, belongs in _SETS.items():
        known[np.fromiter(map(belongs, characters), dtype=bool, count=len(characters))] |= bit
    for bit, signs in _SIGNS.items():
        known[[ord(sign) for sign in signs]] |= bit
    known[ord("\u3041") : ord("\ua000")] |= CJK
    known[glyphs.ASTRAL] = DIGIT  # nothing else that the expressions look for lies beyond; it vouches for no letter
    return known


@cache
def _automaton() -> tuple[BytesAhoCorasick, NDArray[np.int64]]:
    """An automaton for all stems, and the signs that each of its patterns is."""
    bits: dict[str, int] = {}
    for bit, stems in _STEMS.items():
        for stem in stems:
            bits[stem] = bits.get(stem, 0) | bit
    automaton = BytesAhoCorasick([stem.encode() for stem in bits], implementation=Implementation.DFA)
    return automaton, np.array(list(bits.values()), dtype=np.int64)
