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
    out = np.empty((len(NAMES), count), dtype=np.float32)  # columns lie together, as the trees read them
    place = 0
    for block in (*_counts(page), _layout(page, lines), np.array([[_MARK_NUMBER[mark] for mark in marks]])):
        out[place : place + len(block)] = block
        place += len(block)
    return out.T


def _counts(page: Glyphs) -> list[NDArray[np.float32]]:
    """What the characters and words of each line are, several columns at a time, shape (columns, lines)."""
    size = (page.ends - page.starts).astype(np.float32)
    by_class = _class_counts(page)
    ideographs = by_class[glyphs.CJK]
    is_wide = ideographs.any()
    first = page.classes.take(page.word_starts)
    firsts = _tally(page, first, len(glyphs.CLASSES))
    spelled = page.word_counts.astype(np.float32) - firsts[glyphs.CJK]
    words = spelled + ideographs / np.float32(1.6)  # a Chinese word has about one and a half characters
    letters = by_class[glyphs.UPPER] + by_class[glyphs.LOWER] + by_class[glyphs.CASELESS] + ideographs
    per_word, per_character = 1 / np.maximum(words, 1), 1 / np.maximum(size, 1)
    kinds = lexicon.KINDS.take(page.buckets)
    if is_wide:
        kinds *= first != glyphs.CJK
    by_kind = lexicon.OF_KINDS @ _tally(page, kinds, lexicon.OF_KINDS.shape[1])  # stop words, we, you, i, web, months
    if is_wide:
        by_kind[0] += page.per_line(lexicon.CJK_STOP.take(page.codes))
    by_kind *= per_word
    if is_wide:
        by_kind[2] += page.per_line(lexicon.CJK_YOU.take(page.codes)) * per_word
    last = page.ends - 1
    capital = firsts[glyphs.UPPER] / np.maximum(spelled, 1)
    return [
        np.log1p([size, words]),
        (letters * per_word)[None],
        by_kind,
        by_class[[glyphs.CJK, glyphs.CASELESS]] * per_character,
        np.array([by_class[glyphs.UPPER] / np.maximum(letters, 1), capital]),
        (by_class[glyphs.DIGIT] * per_character)[None],
        np.array([firsts[glyphs.DIGIT], by_class[glyphs.STOP]]) * per_word,
        _inner_stops(page)[None],
        by_class[glyphs.COMMA : glyphs.CURRENCY] * per_word,
        by_class[glyphs.CURRENCY][None],
        by_class[[glyphs.AT, glyphs.SYMBOL]] * per_word,
        page.classes.take([page.starts, last], mode="clip"),
        _ends_in_dots(page, last)[None],
    ]


def _tally(page: Glyphs, codes: NDArray[np.uint8], most: int) -> NDArray[np.float32]:
    """How many words of each code each line has, shape (most, lines); codes are below ``most``."""
    cells = page.word_lines * most
    cells += codes
    counts = np.bincount(cells, minlength=len(page.starts) * most)
    return counts.reshape(-1, most).T.astype(np.float32, order="C")


def _class_counts(page: Glyphs) -> NDArray[np.float32]:
    """Shape (classes, lines)."""
    width = len(glyphs.CLASSES)
    cells = np.repeat(np.arange(0, len(page.starts) * width, width), page.ends - page.starts + 1)
    cells += page.classes
    counts = np.bincount(cells, minlength=len(page.starts) * width)
    return counts.reshape(-1, width).T.astype(np.float32, order="C")


def _inner_stops(page: Glyphs) -> NDArray[np.float32]:
    """Sentences that end within the line: a stop followed by a space, or an ideographic stop followed by anything."""
    stops = (page.classes == glyphs.STOP).nonzero()[0]  # each line closes with a break
    following = page.classes.take(stops + 1)
    wide = page.codes.take(stops) > 0x2E7F
    return page.count_places(stops[(following == glyphs.SPACE) | (wide & (following != glyphs.BREAK))])


def _ends_in_dots(page: Glyphs, last: NDArray[np.int64]) -> NDArray[np.bool_]:
    ends = page.codes.take(last, mode="clip")
    dots: NDArray[np.bool_] = (ends == ord("…")) | (
        (ends == ord(".")) & (page.codes.take(last - 1, mode="clip") == ord("."))
    )
    return dots


def _layout(page: Glyphs, lines: Sequence[Line]) -> NDArray[np.float32]:
    """Where each line stands on the page and how often, shape (columns, lines)."""
    count = len(lines)
    rank = np.arange(count, dtype=np.float32)
    keys = page.line_keys()
    order = keys.argsort(kind="stable")
    begins, sizes = runs(keys.take(order))
    out = np.empty((8, count), dtype=np.float32)
    np.minimum(np.array([line.above for line in lines], dtype=np.float32), 4, out=out[0])
    out[1, :-1], out[1, -1] = out[0, 1:], 4
    np.divide(rank, np.float32(max(count - 1, 1)), out=out[2])
    out[3], out[4] = rank, rank[::-1]
    out[5] = count
    out[6, order] = np.repeat(sizes, sizes)
    out[7, order] = np.arange(count) - np.repeat(begins, sizes)
    np.log1p(out[3:], out=out[3:])
    out[5] = round(float(out[5, 0]))  # coarse, or it would identify the page
    return out
