"""The identity of a block across the pages of a site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from pipeline.hashes import Codes, mixed, of_stretches
from pipeline.letters import letters, without_signs
from pipeline.remember import remembered

# The tags that make a place in a template. Generic boxes, ids and classes are left out: a menu's current entry has
# another class on every page and a story's wrapper its number in the id. On the sites with three or more HTML pages
# in the corpora, short boilerplate was found on all pages of its site for .45 of the blocks (text alone .51, all tags
# .39, tags with classes .30), short story blocks for .13 (.16, .10, .07).
_LANDMARK = re.compile(
    r"/(nav|aside|header|footer|main|article|form|h[1-6]|p|[uo]l|li|a|table|blockquote|figcaption)(?![a-z0-9])"
)
_END = "\0"  # of the letters of a block
_LOWER = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum() and code != ord(_END))


def block_keys(texts: Sequence[str], paths: Sequence[str]) -> NDArray[np.uint64]:
    """A stable 64-bit key per block, shape (blocks,): its letters and digits, case-folded, and its place.

    The place is the landmarks in the block's tag path (``Block.path``; empty for plain text), so that the headline of
    a story is not taken for its copy in a sidebar, while a menu entry stays itself when it is highlighted. Blocks
    without a letter or digit have key 0, and only they.
    """
    places = {path: _place(path) for path in set(paths)}  # the paragraphs of a page share theirs
    own = _hashes(texts)
    keys = mixed(own ^ np.fromiter((places[path] for path in paths), dtype=np.uint64, count=len(paths)))
    keys[keys == 0] = 1
    keys[own == 0] = 0
    return keys


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """A hash of the letters and digits of each text, those of a page at once; 0 where there are none."""
    joined = without_signs(_END.join(texts))
    if joined.count(_END) >= len(texts):  # a page can hold anything, this sign as well
        joined = without_signs(_END.join(text.replace(_END, "") for text in texts))
    if joined.isascii():
        return _of_each(_ascii_letters(joined + _END))[: len(texts)]
    parts = joined.split(_END)
    plain, other = ([n for n, part in enumerate(parts) if part.isascii() is is_plain] for is_plain in (True, False))
    ascii_, beyond = (_END.join([*map(parts.__getitem__, numbers), ""]) for numbers in (plain, other))
    found = np.empty(len(parts), dtype=np.uint64)
    codes: NDArray[np.uint32] = np.concatenate((_ascii_letters(ascii_).astype(np.uint32), _other_letters(beyond)))
    found[plain + other] = _of_each(codes)
    return found


def _ascii_letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode().translate(_LOWER, _NO_ASCII_LETTER), dtype=np.uint8)


def _other_letters(text: str) -> NDArray[np.uint32]:
    codes, folds = letters(text)
    found: NDArray[np.uint32] = folds[(folds != 0) | (codes == ord(_END))]
    return found


def _of_each(codes: Codes) -> NDArray[np.uint64]:
    """The hash of what stands before each ``_END``."""
    ends = np.flatnonzero(codes == ord(_END))
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    found = of_stretches(codes, starts, ends)
    found[(found == 0) & (starts < ends)] = 1
    return found


@remembered
def _place(path: str) -> int:
    # With a slash before it, too, since an expression that begins with a sign is searched far faster.
    return _hash("/".join(_LANDMARK.findall("/" + path.casefold())))


@remembered
def _hash(place: str) -> int:
    return int.from_bytes(blake2b(place.encode(), digest_size=8).digest(), "little")
