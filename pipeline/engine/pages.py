"""A page on its way from the pass that sees it alone to the one that judges it, packed.

The blocks of a page are packed as columns. They share their tag paths, which would be three quarters of what is packed:
each stands once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.model import Block, Document, Kind, Page
from pipeline.store import payloads


@dataclass(frozen=True, slots=True)
class Read:
    """A document after the page-alone pass; its source is dropped, its length in characters kept."""

    document: Document
    page: Page
    raw_chars: int


@dataclass(frozen=True, slots=True)
class _Packed:
    """A page without its blocks, and those by field; their paths are numbers of ``distinct_paths``."""

    document: Document
    page: Page
    raw_chars: int
    ordinals: list[int]
    texts: list[str]
    kinds: list[Kind]
    starts: list[int]
    ends: list[int]
    lines: list[int]
    paths: list[int]
    link_densities: list[float]
    marks: list[str]
    distinct_paths: list[str]


_PACKED = payloads.decoder(_Packed)


def pack(read: Read) -> bytes:
    """The page without its source."""
    blocks = read.page.blocks
    paths = [block.path for block in blocks]
    numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
    packed = _Packed(
        replace(read.document, source=""),
        replace(read.page, blocks=()),
        read.raw_chars,
        [block.ordinal for block in blocks],
        [block.text for block in blocks],
        [block.kind for block in blocks],
        [block.start for block in blocks],
        [block.end for block in blocks],
        [block.line for block in blocks],
        [numbers[path] for path in paths],
        [block.link_density for block in blocks],
        [block.mark for block in blocks],
        list(numbers),
    )
    return payloads.encode(packed)


def unpack(packed: bytes) -> Read:
    """The page that ``pack`` was given."""
    found = _PACKED.decode(packed)
    paths = map(found.distinct_paths.__getitem__, found.paths)
    blocks = map(
        Block,
        found.ordinals, found.texts, found.kinds, found.starts, found.ends, found.lines,
        paths, found.link_densities, found.marks,
    )  # fmt: skip
    return Read(found.document, replace(found.page, blocks=tuple(blocks)), found.raw_chars)
