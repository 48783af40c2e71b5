"""What a line shows of itself, as numbers: the columns that the line classifier reads.

Counts are over characters or words of the line; ``blank_above`` and ``repeats`` look at the page. Nothing here
depends on cue phrases, so that the cue tables can change without a new model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.glyphs import Glyphs
from pipeline.plain import lexicon
from pipeline.plain.lines import Line
from pipeline.plain.marks import MARKS
from pipeline.runs import runs

_MARK_NUMBER = {mark: number for number, mark in enumerate(("", *MARKS))}

NAMES = (
    "characters",
    "words",
    "word_length",
    "stop_words",
    "we",
    "you",
    "i",
    "web",
    "months",
    "cjk",
    "caseless",
    "upper_characters",
    "capitalised_words",
    "digits",
    "number_words",
    "sentence_stops",
    "inner_stops",
    "commas",
    "quotes",
    "colons",
    "dashes",
    "separators",
    "brackets",
    "currency",
    "at_signs",
    "symbols",
    "first_class",
    "last_class",
    "ends_in_dots",
    "blank_above",
    "blank_below",
    "position",
    "lines_above",
    "lines_below",
    "page_lines",
    "repeats",
    "repeat_number",
    "mark",
)


def line_features(page: Glyphs, lines: Sequence[Line], marks: Sequence[str]) -> NDArray[np.float32]:
    """One row per line, one column per name in ``NAMES``, float32; ``page`` has the glyphs of the lines."""
    count = len(lines)
    if not count:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    columns = [*_counts(page), *_layout(page, lines), np.array([_MARK_NUMBER[mark] for mark in marks])]
    out = np.empty((len(columns), count), dtype=np.float32)  # columns lie together, as the trees read them
    for place, values in enumerate(columns):
        out[place] = values
    return out.T


def _counts(page: Glyphs) -> list[NDArray[np.float32]]:
    size = (page.ends - page.starts).astype(np.float32)
    by_class = _class_counts(page)
    ideographs = by_class[glyphs.CJK]
    first = page.classes.take(page.word_starts)
    firsts = _tally(page, first, len(glyphs.CLASSES))
    spelled = firsts.sum(axis=0) - firsts[glyphs.CJK]
    words = spelled + ideographs / 1.6  # a Chinese word has about one and a half characters
    letters = by_class[glyphs.UPPER] + by_class[glyphs.LOWER] + by_class[glyphs.CASELESS] + ideographs
    per_word, per_character = 1 / np.maximum(words, 1), 1 / np.maximum(size, 1)
    kinds = lexicon.KINDS.take(page.buckets)
    if ideographs.any():
        kinds *= first != glyphs.CJK
    by_kind = lexicon.OF_KINDS @ _tally(page, kinds, lexicon.OF_KINDS.shape[1])
    stops, we, you, own, web, months = by_kind
    you = you * per_word
    if ideographs.any():
        stops += page.per_line(lexicon.CJK_STOP.take(page.codes))
        you += page.per_line(lexicon.CJK_YOU.take(page.codes)) * per_word
    capital = firsts[glyphs.UPPER] / np.maximum(spelled, 1)
    last = page.classes[np.maximum(page.ends - 1, 0)]
    return [
        np.log1p(size),
        np.log1p(words),
        letters * per_word,
        stops * per_word,
        we * per_word,
        you,
        own * per_word,
        web * per_word,
        months * per_word,
        ideographs * per_character,
        by_class[glyphs.CASELESS] * per_character,
        by_class[glyphs.UPPER] / np.maximum(letters, 1),
        capital,
        by_class[glyphs.DIGIT] * per_character,
        firsts[glyphs.DIGIT] * per_word,
        by_class[glyphs.STOP] * per_word,
        _inner_stops(page),
        by_class[glyphs.COMMA] * per_word,
        by_class[glyphs.QUOTE] * per_word,
        by_class[glyphs.COLON] * per_word,
        by_class[glyphs.DASH] * per_word,
        by_class[glyphs.SEPARATOR] * per_word,
        by_class[glyphs.BRACKET] * per_word,
        by_class[glyphs.CURRENCY],
        by_class[glyphs.AT] * per_word,
        by_class[glyphs.SYMBOL] * per_word,
        page.classes[page.starts].astype(np.float32),
        last.astype(np.float32),
        _ends_in_dots(page),
    ]


def _tally(page: Glyphs, codes: NDArray[np.uint8], most: int) -> NDArray[np.float32]:
    """How many words of each code each line has, shape (most, lines); codes are below ``most``."""
    cells = page.word_lines * most
    cells += codes
    return np.bincount(cells, minlength=len(page.starts) * most).reshape(-1, most).T.astype(np.float32)


def _class_counts(page: Glyphs) -> NDArray[np.float32]:
    """Shape (classes, lines)."""
    width = len(glyphs.CLASSES)
    cells = np.repeat(np.arange(0, len(page.starts) * width, width), page.ends - page.starts + 1)
    cells += page.classes
    return np.bincount(cells, minlength=len(page.starts) * width).reshape(-1, width).T.astype(np.float32)


def _inner_stops(page: Glyphs) -> NDArray[np.float32]:
    """Sentences that end within the line: a stop followed by a space, or an ideographic stop followed by anything."""
    stops = np.flatnonzero(page.classes == glyphs.STOP)  # each line closes with a break
    following = page.classes[stops + 1]
    wide = page.codes[stops] > 0x2E7F
    return page.count_places(stops[(following == glyphs.SPACE) | (wide & (following != glyphs.BREAK))])


def _ends_in_dots(page: Glyphs) -> NDArray[np.float32]:
    last = page.codes[np.maximum(page.ends - 1, 0)]
    before = page.codes[np.maximum(page.ends - 2, 0)]
    dots = (last == ord("…")) | ((last == ord(".")) & (before == ord(".")))
    return np.asarray(dots, dtype=np.float32)


def _layout(page: Glyphs, lines: Sequence[Line]) -> list[NDArray[np.float32]]:
    count = len(lines)
    above = np.minimum(np.array([line.above for line in lines], dtype=np.float32), 4)
    below = np.concatenate((above[1:], [np.float32(4)]))
    rank = np.arange(count, dtype=np.float32)
    keys = page.line_keys()
    order = np.argsort(keys, kind="stable")
    begins, sizes = runs(keys[order])
    number, repeats = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    number[order] = np.arange(count) - np.repeat(begins, sizes)
    repeats[order] = np.repeat(sizes, sizes)
    return [
        above,
        below,
        rank / np.float32(max(count - 1, 1)),
        np.log1p(rank),
        np.log1p(count - 1 - rank),
        np.full(count, round(float(np.log1p(count))), dtype=np.float32),  # coarse, or it would identify the page
        np.log1p(repeats),
        np.log1p(number),
    ]
