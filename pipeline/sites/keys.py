"""The identity of a block across the pages of a site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from pipeline.hashes import mixed, of_stretches
from pipeline.letters import BEYOND, LATIN, from_codes, from_latin, latin, letters, without_signs
from pipeline.remember import remembered

# The tags that make a place in a template. Generic boxes, ids and classes are left out: a menu's current entry has
# another class on every page and a story's wrapper its number in the id. On the sites with three or more HTML pages
# in the corpora, short boilerplate was found on all pages of its site for .45 of the blocks (text alone .51, all tags
# .39, tags with classes .30), short story blocks for .13 (.16, .10, .07).
_LANDMARK = re.compile(
    r"/(nav|aside|header|footer|main|article|form|h[1-6]|p|[uo]l|li|a|table|blockquote|figcaption)(?![a-z0-9])"
)
_LONGEST = 1_024  # characters of a path that is remembered; half of them have more than is usual
_END = "\0"  # of the letters of a block
_NO_LETTER = bytes(code for code, fold in enumerate(LATIN) if not fold and code != ord(_END))


def block_keys(texts: Sequence[str], paths: Sequence[str]) -> NDArray[np.uint64]:
    """A stable 64-bit key per block, shape (blocks,): its letters and digits, case-folded, and its place.

    The place is the landmarks in the block's tag path (``Block.path``; empty for plain text), so that the headline of
    a story is not taken for its copy in a sidebar, while a menu entry stays itself when it is highlighted. Blocks
    without a letter or digit have key 0, and only they.
    """
    places = {path: _place(path) for path in set(paths)}  # the paragraphs of a page share theirs
    own = _hashes(texts)
    keys = mixed(own ^ np.fromiter(map(places.__getitem__, paths), dtype=np.uint64, count=len(paths)))
    keys[keys == 0] = 1
    keys[own == 0] = 0
    return keys


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """A hash of the letters and digits of each text, those of a page at once; 0 where there are none."""
    codes = np.frombuffer(_letters(texts), dtype=np.uint8)
    ends = (codes == ord(_END)).nonzero()[0]
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    found = of_stretches(codes, starts, ends)
    found[(found == 0) & (starts < ends)] = 1
    return found


def _letters(texts: Sequence[str]) -> bytes:
    """The letters and digits of each text, case-folded, in UTF-8, and an ``_END`` after each."""
    folds = latin(without_signs(_joined(texts))).translate(LATIN, _NO_LETTER)
    if folds.count(_END.encode()) != len(texts):  # a page can hold anything, this sign as well
        return _letters([text.replace(_END, "") for text in texts])
    if ord(BEYOND) not in folds:
        return from_latin(folds)
    pieces = from_latin(folds).split(_END.encode())
    beyond = [number for number, piece in enumerate(pieces) if ord(BEYOND) in piece]
    codes, others = letters(_joined([texts[number] for number in beyond]))
    told = from_codes(others[(others != 0) | (codes == ord(_END))])
    for number, piece in zip(beyond, told.split(_END.encode()), strict=False):
        pieces[number] = piece
    return _END.encode().join(pieces)


def _joined(texts: Sequence[str]) -> str:
    return _END.join([*texts, ""])


@partial(remembered, longest=_LONGEST)
def _place(path: str) -> int:
    # With a slash before it, too, since an expression that begins with a sign is searched far faster.
    return _hash("/".join(_LANDMARK.findall("/" + path.casefold())))


@remembered
def _hash(place: str) -> int:
    return int.from_bytes(blake2b(place.encode(), digest_size=8).digest(), "little")
