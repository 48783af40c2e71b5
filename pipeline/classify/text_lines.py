"""The lines of a flattened page with what is asked of them again and again, found for all of them in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.classify import forms
from pipeline.classify.text_outline import Outline
from pipeline.classify.text_signs import (
    BIO,
    BULLET,
    BYLINE,
    CJK,
    CLAIM,
    COLON,
    CONTACT,
    CREDIT,
    DIGIT,
    LETTER,
    MONEY,
    NETWORK,
    NUMBER,
    OF_FORMS,
    PLACE,
    POST,
    SPACE,
    WORD,
    signs_of,
    table,
)
from pipeline.model import Block

_BEFORE_OPENING = "*+-• "
ALIKE = 4
"""A line that begins with the same word as so many of the four above and the four below is an entry made by one
pattern."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page; each list has an item for each line.

    ``marks`` has those of the few that have one. ``words`` are counts by white space, ``sizes`` count a Chinese word as
    two characters; ``signs`` are what stands in a line, bit by bit; ``entries`` says whether it begins with a bullet,
    ``sentences`` whether it closes as a sentence does: a word, then a full stop, a question or an exclamation mark.
    ``likely_alike`` are those that may begin with the same word as most lines about them, ``likely_posts`` those that
    may stand at the head or the foot of a post, ``likely_networks`` those that may name social networks.
    ``likely_forms`` and ``likely_wordings`` say whether a line can be what ``text_places`` knows by form and wording.
    """

    blocks: Sequence[Block]
    texts: list[str]
    marks: dict[int, str]
    words: list[int]
    sizes: list[float]
    signs: list[int]
    entries: list[bool]
    sentences: list[bool]
    likely_alike: frozenset[int]
    likely_posts: list[int]
    likely_networks: list[int]
    likely_forms: list[bool]
    likely_wordings: list[bool]
    prices: list[bool]
    contacts: list[bool]
    has_prices: bool
    has_contacts: bool

    def has(self, index: int, sign: int) -> bool:
        """Whether a line holds one of some signs."""
        return self.signs[index] & sign != 0

    def is_alike(self, index: int) -> bool:
        """Whether a line begins with the same word as most lines about it."""
        if index not in self.likely_alike:
            return False
        own = _opening(self.texts[index])
        about = self.texts[max(index - ALIKE, 0) : index + ALIKE + 1]
        return own.isalpha() and sum([_opening(text) == own for text in about]) > ALIKE


def read_lines(page: Outline) -> Lines:
    """The lines of a page, each looked at once."""
    texts = page.texts
    if not texts:
        return Lines(page.blocks, [], {}, [], [], [], [], [], frozenset(), [], [], [], [], [], [], False, False)
    joined = "\n".join((*texts, ""))
    ends = np.array(page.sizes, dtype=np.int64)
    ends += 1
    np.cumsum(ends, out=ends)
    starts = np.concatenate(([0], ends[:-1]))
    points = glyphs.points(joined)
    characters = table().take(points)
    found = signs_of(joined, starts, characters)
    words = _count_words(characters, starts)
    priced = (found & MONEY).nonzero()[0].tolist()
    alike = _likely_alike(texts, points, starts)
    entries = _entries(points, characters, starts, ends)
    timed = (found & COLON != 0) & (found & DIGIT != 0)
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
        entries.tolist(),
        _sentences(texts, points, characters, ends),
        frozenset(alike.nonzero()[0].tolist()),
        (timed | (found & POST != 0)).nonzero()[0].tolist(),
        (found & NETWORK).nonzero()[0].tolist(),
        ((found & LETTER == 0) | (found & OF_FORMS != 0)).tolist(),
        _likely_wordings(found, alike, entries, points.take(ends - 2)),
        prices,
        contacts,
        any(prices),
        any(contacts),
    )


def _sentences(
    texts: list[str], points: NDArray[np.uint16], characters: NDArray[np.uint16], ends: NDArray[np.int64]
) -> list[bool]:
    closed = _STOPS.take(points.take(ends - 2))
    before = ends - 3  # of a line of one character the end of the line above
    found: list[bool] = (closed & (characters.take(before) & WORD != 0)).tolist()
    for index in (closed & (points.take(before) == glyphs.ASTRAL)).nonzero()[0].tolist():
        found[index] = texts[index][-2:-1].isalnum()
    return found


def _likely_alike(texts: list[str], points: NDArray[np.uint16], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The lines that begin with the same two characters as most lines about them."""
    begins = starts + 2 * (_BULLETS.take(points.take(starts)) & (points.take(starts + 1) == ord(" ")))
    first, second = points.take(begins), points.take(begins + 1, mode="clip")
    for index in _BULLETS.take(first).nonzero()[0].tolist():  # bullets of other kinds
        first[index], second[index] = glyphs.points(_opening(texts[index])[:2].ljust(2))[:2]
    second[_SPACES.take(second)] = 0  # a word of one letter may end its line
    same = np.zeros(len(first), dtype=np.uint8)
    for distance in range(1, ALIKE + 1):
        equal = (first[distance:] == first[:-distance]) & (second[distance:] == second[:-distance])
        same[distance:] += equal
        same[:-distance] += equal
    return np.asarray(same >= ALIKE)


def _likely_wordings(
    signs: NDArray[np.int64], alike: NDArray[np.bool_], entries: NDArray[np.bool_], last: NDArray[np.uint16]
) -> list[bool]:
    """Whether each line has a sign of what ``text_places`` knows by wording, or the line below one of a credit."""
    found = (signs & (BYLINE | CJK | BIO | CLAIM | CREDIT) != 0) | alike | entries | _COMPANY_ENDS.take(last)
    found[:-1] |= signs[1:] & (CREDIT | CLAIM) != 0
    likely: list[bool] = found.tolist()
    return likely


def _opening(text: str) -> str:
    """The word that a line begins with, after a bullet."""
    return text.lstrip(_BEFORE_OPENING).partition(" ")[0].partition("\n")[0]


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


def _count_words(characters: NDArray[np.uint16], starts: NDArray[np.int64]) -> list[int]:
    """The words of each line by white space, as ``split`` finds them."""
    space = characters & SPACE
    begins = np.flatnonzero(space[:-1] > space[1:]) + 1  # a line end stands before each line but the first
    before = np.concatenate((np.searchsorted(begins, starts), [len(begins)]))
    counts: list[int] = (before[1:] - before[:-1]).tolist()
    counts[0] += int(space[0] == 0)
    return counts


def _entries(
    points: NDArray[np.uint16], characters: NDArray[np.uint16], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each line begins with a bullet, as the entries of menus and lists do, and does not end with the same."""
    first = points[starts]
    bullet = (characters[starts] & BULLET != 0) & (first != points[ends - 2])
    return np.asarray(bullet | ((first == ord("o")) & (points[starts + 1] == ord(" "))))


def _set_of(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


_STOPS, _BULLETS, _SPACES = _set_of(".!?。！？"), _set_of(_BEFORE_OPENING), _set_of(" \n")
_COMPANY_ENDS = _set_of("".join(forms.COMPANY_LETTERS))
