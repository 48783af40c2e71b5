"""The identity of a block across the pages of a site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.text import block_key

# The tags that make a place in a template. Generic boxes, ids and classes are left out: a menu's current entry has
# another class on every page and a story's wrapper its number in the id. On the sites with three or more HTML pages
# in the corpora, short boilerplate was found on all pages of its site for .45 of the blocks (text alone .51, all tags
# .39, tags with classes .30), short story blocks for .13 (.16, .10, .07).
_LANDMARKS = re.compile(r"nav|aside|header|footer|main|article|form|h[1-6]|p|[uo]l|li|a|table|blockquote|figcaption")
_TAG = re.compile(r"(?:^|/)([A-Za-z0-9]+)")


def block_keys(texts: Sequence[str], paths: Sequence[str]) -> NDArray[np.uint64]:
    """A stable 64-bit key per block, shape (blocks,): its letters and digits, case-folded, and its place.

    The place is the landmarks in the block's tag path (``Block.path``; empty for plain text), so that the headline of
    a story is not taken for its copy in a sidebar, while a menu entry stays itself when it is highlighted. Blocks
    without a letter or digit have key 0, and only they.
    """
    places = {path: _place(path) for path in set(paths)}  # the paragraphs of a page share theirs
    return np.array(
        [_key(block_key(text), places[path]) for text, path in zip(texts, paths, strict=True)], dtype=np.uint64
    )


def _key(letters: str, place: str) -> int:
    if not letters:
        return 0
    data = f"{place}\n{letters}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little") or 1


def _place(path: str) -> str:
    return "/".join(tag for tag in _TAG.findall(path.casefold()) if _LANDMARKS.fullmatch(tag))
