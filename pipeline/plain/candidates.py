"""Which lines of a page can have a mark at all, found for all of them at once: most cannot, and are not looked into."""

from __future__ import annotations

import unicodedata
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
_CREDITS = ("phot", "foto", "imag", "pict", "cred", "bild")
"""How the words begin with which a picture credit begins, unless it ends in a bracket or in one of its ideographs."""
_CREDIT_ENDS = ")]）摄攝"
_STEMS = (
    "jan jän feb fev fév mar mär màr mrz apr avr abr mai may jui jun jul aou aoû aug ago sep set oct okt nov dec dez"
)
_MORE_STEMS = "déc dic ene"
_DATE_SIGNS = "./-"
_IN_DATES = "minute st nd rd th er of de del"
"""Words of dates that the expressions do not spell out."""
_UNFOLDED = "ſıİ"
"""What expressions take for a plain letter where case does not count, and the codes of glyphs do not."""
_FACTOR = np.uint16(0x9E37)


def marks_of(texts: Sequence[str], page: Glyphs) -> list[str]:
    """What ``mark_of`` says of each line of a page."""
    marks = [""] * len(texts)
    for index in _may_be_marked(page) if texts else ():
        marks[index] = mark_of(texts[index])
    return marks


def _may_be_marked(page: Glyphs) -> list[int]:
    found = _opens(page) | _ends(page)
    found |= _is_dated(page) & (page.ends - page.starts <= SHORT)
    found[page.word_lines[_CREDIT_KEYS[_key(_following(page, page.word_starts, 4))]]] = True
    wide = np.flatnonzero(page.codes > 0x7F)
    found[_lines_at(page, wide[_UNSURE[page.codes[wide]]])] = True
    lines: list[int] = np.flatnonzero(found).tolist()
    return lines


def _is_dated(page: Glyphs) -> NDArray[np.bool_]:
    """Whether each line can hold a date, and beside it a bracket or nothing but words that go with dates."""
    digits = np.flatnonzero(page.classes == glyphs.DIGIT)
    _, sign, digit = _following(page, digits, 3)
    month = page.word_lines[_MONTH_KEYS[_key(_following(page, page.word_starts, 3))]]
    numeric = _lines_at(page, digits[_DATE_SIGN[sign] & (_DIGIT[digit] | (digit > 0x7F))])
    chinese = _lines_at(page, np.flatnonzero(page.codes == ord("月")))
    dated = _flags(page, month, numeric, chinese) & _flags(page, _lines_at(page, digits))
    first = page.classes[page.word_starts]
    other = (first >= glyphs.UPPER) & (first <= glyphs.CASELESS) & ~_DATE_WORDS[page.buckets]
    bracket = _lines_at(page, np.flatnonzero(page.codes == ord("(")))
    return dated & (~_flags(page, page.word_lines[other]) | _flags(page, bracket))


def _flags(page: Glyphs, *places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each line is among some."""
    flags = np.zeros(len(page.starts), dtype=bool)
    for lines in places:
        flags[lines] = True
    return flags


def _opens(page: Glyphs) -> NDArray[np.bool_]:
    """Whether the first characters of each line are those of a mark, or not plain."""
    codes = _following(page, page.starts, 4)
    found: NDArray[np.bool_] = (codes[0] > 0x7F) | (codes[1] > 0x7F) | (codes[2] > 0x7F)
    found |= _OPENING_KEYS[_key(codes[:3])] | _OPENING_KEYS[_key(codes)]
    return found


def _ends(page: Glyphs) -> NDArray[np.bool_]:
    """Whether the last characters of each line are those of a picture credit or of an invitation to read on."""
    place = np.maximum(page.ends - 1, 0)
    found: NDArray[np.bool_] = _CREDIT_END[page.codes[place]] | _CREDIT_END[page.codes[np.maximum(place - 1, 0)]]
    skipped = np.flatnonzero(_AFTER_MORE[page.codes[place]])  # dots and arrows may follow an invitation
    while len(skipped):
        place[skipped] -= 1
        skipped = skipped[(place[skipped] > page.starts[skipped]) & _AFTER_MORE[page.codes[place[skipped]]]]
    codes = [page.codes[np.maximum(place - step, 0)] for step in (3, 2, 1, 0)]
    found |= _MORE_KEYS[_key(codes[1:])] | _MORE_KEYS[_key(codes)]
    return found


def _following(page: Glyphs, places: NDArray[np.int64], count: int) -> list[NDArray[np.uint16]]:
    """The characters at some places, those after them, and so on."""
    last = len(page.codes) - 1
    return [page.codes[np.minimum(places + step, last)] for step in range(count)]


def _lines_at(page: Glyphs, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The line of each place."""
    return np.searchsorted(page.ends, places)


def _key(codes: Sequence[NDArray[np.uint16]]) -> NDArray[np.uint16]:
    """Some characters side by side as one number, which few others share."""
    key = codes[0]
    for code in codes[1:]:
        key = key * _FACTOR + code
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
_CREDIT_END, _AFTER_MORE, _DATE_SIGN, _DIGIT = map(_set_of, (_CREDIT_ENDS, AFTER_MORE, _DATE_SIGNS, "0123456789"))
_DATE_WORDS = word_table(DATE_WORDS.pattern, " ".join(MONTHS), _IN_DATES)
# A combining mark is part of a word here and none to the expressions; of what the tables lack nothing is known.
_UNSURE = _set_of(c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M" or c in _UNFOLDED)
_UNSURE[glyphs.ASTRAL] = True
