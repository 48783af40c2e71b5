"""What the words of each block look like, counted over the whole page at once."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from pipeline.markup.phrases import FUNCTION_WORDS, PHRASES
from pipeline.markup.walk import Layout
from pipeline.text import block_key

# Character classes; the table covers the alphabets, everything above counts as a letter or by its own entry.
CLASSES = (
    "space",
    "upper",
    "lower",
    "digit",
    "comma",
    "stop",
    "question",
    "exclamation",
    "quote",
    "bar",
    "other",
    "ideograph",
)
_TABLE_SIZE = 0x3100
_IDEOGRAPHS_A_WORD = 2
_LAST = 0xFF00


def _class_table() -> NDArray[np.uint8]:
    table = np.full(_LAST + 0x100, CLASSES.index("other"), np.uint8)
    for code in range(_TABLE_SIZE):
        category = unicodedata.category(chr(code))
        if category == "Lu":
            table[code] = CLASSES.index("upper")
        elif category == "Ll":
            table[code] = CLASSES.index("lower")
        elif category == "Nd":
            table[code] = CLASSES.index("digit")
    table[0x2E80:0x3000] = table[0x3040:0xA000] = CLASSES.index("ideograph")
    signs = {
        "space": " \n\t",
        "comma": ",;，、；،",
        "stop": ".。…।",
        "question": "?？؟",
        "exclamation": "!！",
        "quote": '"“”„«»「」『』',
        "bar": "|›•·→/",
    }
    for name, characters in signs.items():
        for character in characters:
            table[ord(character)] = CLASSES.index(name)
    return table


_CLASS_OF = _class_table()
_ENDS = frozenset(".!?…。！？।:")
_CLOSERS = "\"'”’)»]"

_FAMILIES = tuple(PHRASES)
_ENTRIES = [(phrase, index) for index, family in enumerate(_FAMILIES) for phrase in PHRASES[family]]
_AUTOMATON = AhoCorasick([phrase for phrase, _ in _ENTRIES])
_FAMILY_OF = np.array([index for _, index in _ENTRIES])

_SIGNS = ".,:;!?\"'“”‘’()[]|–—-"
_LONGEST_COMPARED = 400
_WORDS_COMPARED = 60

NAMES = (
    "chars", "words", "word_length", "commas", "stops", "questions", "exclamations", "quotes", "bars", "upper_share",
    "digit_share", "letter_share", "ends_sentence", "colon_end", "starts_upper", "starts_lower", "starts_digit",
    "function_words", "function_share", *(f"says_{family}" for family in PHRASES), "by", "copies", "copy_index",
    "link_density", "links", "bold_share", "italic_share", "images", "times", "newlines",
    "title_overlap", "title_share", "description_overlap", "in_declared_body", "has_declared_body",
)  # fmt: skip


def describe(layout: Layout, title: str, texts: Mapping[str, str]) -> NDArray[np.float32]:
    """The word features of a page's blocks, shape (blocks, len(NAMES)).

    ``title`` is the declared title; ``texts`` may hold a declared ``description`` and ``body``.
    """
    strings = layout.texts
    whole = "\n".join(strings)
    size = np.fromiter(map(len, strings), np.int64, len(strings))
    start = np.concatenate([[0], np.cumsum(size[:-1] + 1)])
    lowered = _lower(whole)
    counts = _class_counts(whole, start, size)
    parts = [
        lowered[first : first + length].split() for first, length in zip(start.tolist(), size.tolist(), strict=True)
    ]
    words = np.fromiter(map(len, parts), np.float64, len(parts)) + counts[:, 11] // _IDEOGRAPHS_A_WORD
    functions = np.fromiter((sum(map(FUNCTION_WORDS.__contains__, run)) for run in parts), np.float64, len(parts))
    letters = counts[:, 1] + counts[:, 2] + counts[:, 10] + counts[:, 11]
    spread = np.maximum(size, 1)
    return np.column_stack(
        [
            size,
            words,
            size / np.maximum(words, 1),
            counts[:, 4:10],
            counts[:, 1] / spread,
            counts[:, 3] / spread,
            letters / spread,
            _edges(strings),
            functions,
            functions / np.maximum(words, 1),
            _phrases(lowered, start),
            [run[0] in FIRST_WORDS_OF_BYLINES for run in parts],
            _copies(strings),
            _inside(layout, spread),
            _declared(parts, strings, title, texts),
        ]
    ).astype(np.float32)


FIRST_WORDS_OF_BYLINES = frozenset(
    ("by", "von", "par", "por", "di", "av", "door", "text:", "words", "written", "posted")
)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _class_counts(whole: str, start: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _CLASS_OF[np.minimum(codes, len(_CLASS_OF) - 1)]
    place = np.repeat(np.arange(len(start)), size + 1)[: len(classes)]
    flat = np.bincount(place * len(CLASSES) + classes, minlength=len(start) * len(CLASSES))
    return flat.reshape(len(start), len(CLASSES))


def _edges(strings: Sequence[str]) -> NDArray[np.float64]:
    rows = []
    for text in strings:
        first = text[0]
        last = text[-1]
        if last in _CLOSERS:
            last = text[-2:-1] or last
        rows.append((last in _ENDS, last == ":", first.isupper(), first.islower(), first.isdigit()))
    return np.array(rows, np.float64)


def _phrases(lowered: str, start: NDArray[np.int64]) -> NDArray[np.float64]:
    """How often each family of phrases stands in each block, counted where a word begins."""
    found = [
        (first, entry)
        for entry, first, _ in _AUTOMATON.find_matches_as_indexes(lowered)
        if not (first and lowered[first - 1].isalnum())
    ]
    if not found:
        return np.zeros((len(start), len(_FAMILIES)))
    first, entry = np.array(found, np.int64).T
    place = np.searchsorted(start, first, "right") - 1
    counts = np.bincount(place * len(_FAMILIES) + _FAMILY_OF[entry], minlength=len(start) * len(_FAMILIES))
    return counts.reshape(len(start), len(_FAMILIES)).astype(np.float64)


def _copies(strings: Sequence[str]) -> NDArray[np.float64]:
    result = np.zeros((len(strings), 2))
    result[:, 0] = 1
    copies = Counter(strings)
    if len(copies) == len(strings):
        return result
    met: Counter[str] = Counter()
    for place, text in enumerate(strings):
        if copies[text] > 1:
            result[place] = copies[text], met[text]
            met[text] += 1
    return result


def _inside(layout: Layout, size: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.column_stack(
        [
            np.minimum(layout.linked / size, 1.0),
            layout.links,
            np.minimum(layout.bold / size, 1.0),
            np.minimum(layout.italic / size, 1.0),
            layout.images,
            layout.times,
            [text.count("\n") for text in layout.texts],
        ]
    )


def _declared(
    parts: Sequence[Sequence[str]], strings: Sequence[str], title: str, texts: Mapping[str, str]
) -> NDArray[np.float64]:
    """How much of a block stands in the declared title, description and body, and the body's presence."""
    named = {word.strip(_SIGNS) for word in title.lower().split()} - {""}
    described = set(texts.get("description", "").lower().split())
    body = block_key(texts.get("body", ""))
    result = np.zeros((len(parts), 5))
    result[:, 4] = bool(body)
    # Most words of a page are not in its title: the words that are, with whatever signs, are told once for all blocks.
    met = set().union(*parts)
    telling = (met & named) | {word for word in met if not word.isalnum() and word.strip(_SIGNS) in named}
    for place, run in enumerate(parts):
        if not telling.isdisjoint(run):
            own = {word.strip(_SIGNS) for word in run[:_WORDS_COMPARED]}
            common = len(own & named)
            result[place, :2] = common / max(len(own), 1), common / max(len(named), 1)
    if described:
        result[:, 2] = [
            0.0 if described.isdisjoint(run) else len(described.intersection(run)) / len(run) for run in parts
        ]
    if body:
        result[:, 3] = [len(text) > 20 and block_key(text[:_LONGEST_COMPARED]) in body for text in strings]
    return result
