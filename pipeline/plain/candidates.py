"""Which lines of a page can have a mark at all, found for all of them at once: most cannot, and are not looked into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.dates import MONTHS
from pipeline.glyphs import Glyphs
from pipeline.plain.lexicon import word_table
from pipeline.plain.marks import AFTER_MORE, DATE_WORDS, MORE, SHORT, mark_of

_BYLINES = ("by ", "writ", "stor", "text", "repo", "von ", "par ", "por ", "di ", "auto", "auth", "aute")
_SOURCES = ("sour", "quel", "fuen", "font", "via", "read")
_CAPTIONS = ("file", "phot", "imag", "pic", "illu", "grap", "graf", "foto", "bild", "lege", "capt", "cred", "unde")
_MORE_CAPTIONS = ("hand", "aeri", "comb", "this", "arch", "symb", "(c)")
_ARTICLES = ("an ", "a un", "a ha", "a ae", "a co")  # handout picture
_NOTES = ("emba", "not ", "sper", "sous", "corr", "clar", "edit", "anme", "korr", "rect", "fe d")
_OPENINGS = (*_BYLINES, *_SOURCES, *_CAPTIONS, *_MORE_CAPTIONS, *_ARTICLES, *_NOTES)
"""The first three or four characters of what the expressions match, where they are plain letters and signs."""
_WIDE_OPENINGS = "本新特记作文撰编責责来來稿©图圖资資更"
"""The first of what begins otherwise; accents stand in second or third place after these letters."""
_BEFORE_SECOND, _BEFORE_THIRD = "l", "cr"
_CREDITS = ("phot", "foto", "imag", "pict", "cred", "bild", "sour")
"""How the words begin with which a picture credit begins, unless it has a stroke, an accent or an ideograph."""
_BRACKETS, _TOOK = ")]）", "摄攝"
_STEMS = (
    "jan jän feb fev fév mar mär màr mrz apr avr abr mai may jui jun jul aou aoû aug ago sep set oct okt nov dec dez"
)
_MORE_STEMS = "déc dic ene"
_DATE_SIGNS = "./-"
_BRIEF = 10
"""The characters of the longest date in numbers."""
_IN_DATES = "minute st nd rd th er of de del"
"""Words of dates that the expressions do not spell out."""
_UNFOLDED = "ſıİ\u00a0"
"""What expressions take for a plain letter or a space, and the codes of glyphs do not."""
_FACTOR = np.uint16(0x9E37)
_LINE_ENDS = np.full(3, ord("\n"), dtype=np.uint16)


def marks_of(texts: Sequence[str], page: Glyphs) -> list[str]:
    """What ``mark_of`` says of each line of a page."""
    marks = [""] * len(texts)
    for index in _may_be_marked(page) if texts else ():
        marks[index] = mark_of(texts[index])
    return marks


def _may_be_marked(page: Glyphs) -> list[int]:
    keys = _page_keys(page)
    words = [key.take(page.word_starts) for key in keys]
    wide = (page.codes > 0x7F).nonzero()[0]
    stroke = (page.codes == ord("/")).nonzero()[0]
    found = _opens(page, keys) | _invites(page, keys)
    found |= _is_dated(page, words[0], wide)
    found |= _is_credited(page, _flags(page, _lines_at(page, np.concatenate((wide, stroke)))))
    found[page.word_lines[_CREDIT_KEYS.take(words[1])]] = True
    found[_lines_at(page, wide[_UNSURE.take(page.codes.take(wide))])] = True
    lines: list[int] = found.nonzero()[0].tolist()
    return lines


def _is_dated(page: Glyphs, words: NDArray[np.uint16], wide: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each line can hold a date, and beside it a bracket or nothing but words that go with dates.

    ``words`` are the keys of the first three characters of each word, ``wide`` the places of signs beyond ASCII.
    """
    digits = (page.classes == glyphs.DIGIT).nonzero()[0]
    if not len(digits):
        return np.zeros(len(page.starts), dtype=bool)
    first, second, third = _following(page, digits, 3)
    homes = _lines_at(page, digits)
    numeric = homes[_DATE_SIGN.take(second) & (_DIGIT.take(third) | (third > 0x7F))]
    years = homes[((first == ord("1")) & (second == ord("9"))) | ((first == ord("2")) & (second == ord("0")))]
    size = page.ends - page.starts
    # A year of two digits stands in a date that is all of a line.
    brief = (size <= _BRIEF) & (np.bincount(numeric, minlength=len(size)) > 1)
    numbered = _flags(page, numeric) & (_flags(page, years) | brief)
    named = _flags(page, page.word_lines[_MONTH_KEYS.take(words)])
    named[_lines_at(page, wide[page.codes.take(wide) == ord("月")])] = True
    dated: NDArray[np.bool_] = numbered | (named & _flags(page, homes))
    dated &= size <= SHORT
    # Few lines are left: only in their words is it asked what else they say.
    own = dated.take(page.word_lines).nonzero()[0]
    if not len(own):
        return dated
    kinds = page.classes.take(page.word_starts.take(own))
    other = (kinds >= glyphs.UPPER) & (kinds <= glyphs.CASELESS)
    other &= ~_DATE_WORDS.take(page.buckets.take(own))
    places = np.searchsorted(page.word_starts, digits, side="right") - 1  # a date may stick to the word before
    beside = np.zeros(len(page.word_starts), dtype=bool)
    beside[places] = True
    spoken = _flags(page, page.word_lines.take(own[other & ~beside.take(own)]))
    spoken[_lines_at(page, (page.codes == ord("(")).nonzero()[0])] = False
    return dated & ~spoken


def _flags(page: Glyphs, lines: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each line is among some."""
    flags = np.zeros(len(page.starts), dtype=bool)
    flags[lines] = True
    return flags


def _opens(page: Glyphs, keys: Sequence[NDArray[np.uint16]]) -> NDArray[np.bool_]:
    """Whether the first characters of each line are those of a mark."""
    first, second, third = _following(page, page.starts, 3)
    found: NDArray[np.bool_] = _WIDE_OPENING.take(first)
    for key in keys:
        found |= _OPENING_KEYS.take(key.take(page.starts))
    found |= (second > 0x7F) & (first == ord(_BEFORE_SECOND))
    found |= (third > 0x7F) & (first == ord(_BEFORE_THIRD[0])) & (second == ord(_BEFORE_THIRD[1]))
    return found


def _is_credited(page: Glyphs, telling: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the last characters of each line are those of a picture credit; telling lines have a stroke or more."""
    last = page.codes.take(page.ends - 1, mode="clip")
    before = page.codes.take(page.ends - 2, mode="clip")
    found: NDArray[np.bool_] = (_BRACKET.take(last) & telling) | _TAKEN.take(last) | _TAKEN.take(before)
    return found


def _invites(page: Glyphs, keys: Sequence[NDArray[np.uint16]]) -> NDArray[np.bool_]:
    """Whether the last characters of each line are those of an invitation to read on; dots and arrows may follow."""
    place = np.maximum(page.ends - 1, 0)
    skipped = _AFTER_MORE.take(page.codes.take(place)).nonzero()[0]
    while len(skipped):
        place[skipped] -= 1
        skipped = skipped[(place[skipped] > page.starts[skipped]) & _AFTER_MORE.take(page.codes.take(place[skipped]))]
    three, four = keys
    found: NDArray[np.bool_] = _MORE_KEYS.take(three.take(place - 2, mode="clip"))
    found |= _MORE_KEYS.take(four.take(place - 3, mode="clip"))
    return found


def _following(page: Glyphs, places: NDArray[np.int64], count: int) -> list[NDArray[np.uint16]]:
    """The characters at some places, those after them, and so on; the last of the page stands for those beyond it."""
    return [page.codes.take(places + step, mode="clip") for step in range(count)]


def _lines_at(page: Glyphs, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The line of each place."""
    return np.searchsorted(page.ends, places)


def _page_keys(page: Glyphs) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """The keys of the three and of the four characters from each character of the page on."""
    codes = np.concatenate((page.codes, _LINE_ENDS))
    three = _key((codes[:-3], codes[1:-2], codes[2:-1]))
    return three, _longer(three, codes[3:])


def _key(codes: Sequence[NDArray[np.uint16]]) -> NDArray[np.uint16]:
    """Some characters side by side as one number, which few others share."""
    key = codes[0]
    for code in codes[1:]:
        key = _longer(key, code)
    return key


def _longer(key: NDArray[np.uint16], code: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The key of one character more."""
    key = key * _FACTOR
    key += code
    return key


def _keys(strings: Iterable[str]) -> NDArray[np.bool_]:
    """The keys of some strings, as a table of all keys."""
    table = np.zeros(0x10000, dtype=bool)
    for string in strings:
        table[_key([np.array([ord(character)], dtype=np.uint16) for character in string])] = True
    return table


def _set_of(characters: Iterable[str]) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


_OPENING_KEYS, _CREDIT_KEYS = _keys(_OPENINGS), _keys(_CREDITS)
_MORE_KEYS, _MONTH_KEYS = _keys(phrase[-4:] for phrase in MORE), _keys(f"{_STEMS} {_MORE_STEMS}".split())
_WIDE_OPENING, _BRACKET, _TAKEN = map(_set_of, (_WIDE_OPENINGS, _BRACKETS, _TOOK))
_AFTER_MORE, _DATE_SIGN, _DIGIT = map(_set_of, (AFTER_MORE, _DATE_SIGNS, "0123456789"))
_DATE_WORDS = word_table(DATE_WORDS.pattern, " ".join(MONTHS), _IN_DATES)
# A combining mark is part of a word here and none to the expressions; of what the tables lack nothing is known.
_UNSURE = _set_of(_UNFOLDED) | glyphs.COMBINING
_UNSURE[glyphs.ASTRAL] = True
