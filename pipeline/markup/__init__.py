"""HTML pages as blocks: parsed once, cut at block-level tags, with features and what the head declares.

The visible text of a page is its blocks' texts joined by line ends; ``Block.start`` and ``Block.end`` point into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.markup.features import extract
from pipeline.markup.head import read_head
from pipeline.markup.parse import drop_head, parse, tokens
from pipeline.markup.tags import FAMILY_BIT, KINDS
from pipeline.markup.walk import Layout, Leaf, paths, walk
from pipeline.model import Block, Document, Kind, Segmented

_LONGEST_CAPTION = 250
_ITALIC = 0.9
_MARKED = {"h1": "title", "figcaption": "caption", "caption": "caption"}


def segment(document: Document) -> Segmented:
    """The blocks of a page with their features and its declared metadata; every visible character is in one block.

    White space aside, the texts of the blocks in order are the text nodes of the page in order, without those of
    scripts, styles, templates and the head. ``parser`` names who read the mark-up.
    """
    parsed = parse(document.source)
    metadata, texts = read_head(parsed.root, parsed.linked_data)
    if metadata.title is None and document.hints.title:
        metadata = replace(metadata, title=document.hints.title, origins=(*metadata.origins, ("title", "hint")))
    drop_head(parsed.root)
    layout = walk(tokens(parsed.root))
    features = extract(layout, metadata.title or "", texts)
    return Segmented(_blocks(layout), features, metadata, parsed.parser)


def visible_text(blocks: Sequence[Block]) -> str:
    """The text that the offsets of HTML blocks point into."""
    return "\n".join(block.text for block in blocks)


def _blocks(layout: Layout) -> tuple[Block, ...]:
    blocks = []
    path = paths(layout.containers)
    start = 0
    for ordinal, leaf in enumerate(layout.leaves):
        tag = layout.containers[leaf.container].tag
        end = start + len(leaf.text)
        blocks.append(
            Block(
                ordinal=ordinal,
                text=leaf.text,
                kind=KINDS.get(tag, Kind.OTHER),
                start=start,
                end=end,
                path=path[leaf.container],
                link_density=round(min(leaf.linked / max(len(leaf.text), 1), 1.0), 3),
                mark=_MARKED.get(tag) or ("caption" if _is_caption(leaf) else ""),
            )
        )
        start = end + 1
    return tuple(blocks)


def _is_caption(leaf: Leaf) -> bool:
    """Whether a block is a few words in italics, or so called by its class, that follow a picture in one container."""
    if not leaf.images or len(leaf.text) > _LONGEST_CAPTION:
        return False
    return leaf.italic >= _ITALIC * len(leaf.text) or bool(leaf.inline & FAMILY_BIT["caption"])
