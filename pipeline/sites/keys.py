"""The identity of a block across the pages of a site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from pipeline.letters import letters

# The tags that make a place in a template. Generic boxes, ids and classes are left out: a menu's current entry has
# another class on every page and a story's wrapper its number in the id. On the sites with three or more HTML pages
# in the corpora, short boilerplate was found on all pages of its site for .45 of the blocks (text alone .51, all tags
# .39, tags with classes .30), short story blocks for .13 (.16, .10, .07).
_LANDMARK = re.compile(
    r"/(nav|aside|header|footer|main|article|form|h[1-6]|p|[uo]l|li|a|table|blockquote|figcaption)(?![a-z0-9])"
)
_NONE, _FIRST = bytes(8), bytes([1]) + bytes(7)
_SEPARATOR = "\0"
_LOWER = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
_NO_ASCII_LETTER = bytes(code for code in range(1, 128) if not chr(code).isalnum())


def block_keys(texts: Sequence[str], paths: Sequence[str]) -> NDArray[np.uint64]:
    """A stable 64-bit key per block, shape (blocks,): its letters and digits, case-folded, and its place.

    The place is the landmarks in the block's tag path (``Block.path``; empty for plain text), so that the headline of
    a story is not taken for its copy in a sidebar, while a menu entry stays itself when it is highlighted. Blocks
    without a letter or digit have key 0, and only they.
    """
    places = {path: _place(path) for path in set(paths)}  # the paragraphs of a page share theirs
    digests = b"".join(_digest(own, places[path]) for own, path in zip(_letters(texts), paths, strict=True))
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _letters(texts: Sequence[str]) -> list[bytes]:
    """The letters and digits of each text, all texts of a page at once."""
    found = _letters_of(_SEPARATOR.join(texts)).split(_SEPARATOR.encode())
    # A page can hold anything, this sign as well.
    return found if len(found) == len(texts) else [_letters_of(text.replace(_SEPARATOR, "")) for text in texts]


def _letters_of(text: str) -> bytes:
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_ASCII_LETTER)
    codes, folds = letters(text)
    kept = folds.take(np.flatnonzero((folds != 0) | (codes == ord(_SEPARATOR))))
    return kept.tobytes().decode("utf-32-le", "surrogatepass").encode("utf-8", "surrogatepass")


def _digest(own: bytes, place: bytes) -> bytes:
    if not own:
        return _NONE
    found = blake2b(place + own, digest_size=8).digest()
    return found if found != _NONE else _FIRST


def _place(path: str) -> bytes:
    # With a slash before it, too, since an expression that begins with a sign is searched far faster.
    return "/".join([*_LANDMARK.findall("/" + path.casefold()), "\n"]).encode()
