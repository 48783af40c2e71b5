"""A page on its way from the pass that sees it alone to the one that judges it, packed.

The blocks of a page share their tag paths, which would be three quarters of what is packed: each stands once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from pipeline.model import Block, Document, Kind, Page
from pipeline.store import payloads


@dataclass(frozen=True, slots=True)
class Read:
    """A document after the page-alone pass; its source is dropped, its length in characters kept."""

    document: Document
    page: Page
    raw_chars: int


class _Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A block whose path is a number."""

    ordinal: int
    text: str
    kind: Kind
    start: int
    end: int
    line: int
    path: int
    link_density: float
    mark: str


@dataclass(frozen=True, slots=True)
class _Packed:
    document: Document
    page: Page
    raw_chars: int
    blocks: list[_Block]
    paths: list[str]


_PACKED = payloads.decoder(_Packed)


def pack(read: Read) -> bytes:
    """The page without its source."""
    numbers: dict[str, int] = {}
    blocks = [
        _Block(b.ordinal, b.text, b.kind, b.start, b.end, b.line, numbers.setdefault(b.path, len(numbers)),
               b.link_density, b.mark)
        for b in read.page.blocks
    ]  # fmt: skip
    document, page = replace(read.document, source=""), replace(read.page, blocks=())
    return payloads.encode(_Packed(document, page, read.raw_chars, blocks, list(numbers)))


def unpack(packed: bytes) -> Read:
    """The page that ``pack`` was given."""
    found = _PACKED.decode(packed)
    paths = found.paths
    blocks = tuple(
        Block(b.ordinal, b.text, b.kind, b.start, b.end, b.line, paths[b.path], b.link_density, b.mark)
        for b in found.blocks
    )
    return Read(found.document, replace(found.page, blocks=blocks), found.raw_chars)
