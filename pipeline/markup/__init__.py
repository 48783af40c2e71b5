"""HTML pages as blocks: parsed once, cut at block-level tags, with features and what the head declares.

The visible text of a page is its blocks' texts joined by line ends; ``Block.start`` and ``Block.end`` point into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from msgspec import structs

from pipeline.markup.features import extract
from pipeline.markup.head import read_head
from pipeline.markup.parse import LXML, drop_head, parse, tokens
from pipeline.markup.scripts import declared_story, hidden_story
from pipeline.markup.tags import FAMILY_BIT, KINDS
from pipeline.markup.walk import Layout, paths, walk
from pipeline.model import THREAD, Block, Document, Kind, Segmented

# How much more prose a declared article body must hold than what was seen of the story to stand in for it.
_FAR_MORE = 3
_LEAST_DECLARED = 400
_LONGEST_CAPTION = 250
_ITALIC = 0.9
_MARKED = {"h1": "title", "figcaption": "caption", "caption": "caption"}


def segment(document: Document) -> Segmented:
    """The blocks of a page with their features and its declared metadata; every visible character is in one block.

    White space aside, the texts of the blocks in order are the text nodes of the page in order, without those of
    scripts, styles, templates and the head. ``parser`` names who read the mark-up; where it was not the usual one, the
    origin of the text says so, too.
    """
    parsed = parse(document.source)
    metadata, texts = read_head(parsed.root, parsed.linked_data)
    if metadata.title is None and document.hints.title:
        metadata = replace(metadata, title=document.hints.title, origins=(*metadata.origins, ("title", "hint")))
    if parsed.parser != LXML:
        metadata = replace(metadata, origins=(*metadata.origins, ("text", parsed.parser)))
    drop_head(parsed.root)
    layout = walk(tokens(parsed.root))
    features = extract(layout, metadata.title or "", texts)
    return Segmented(_blocks(layout), features, metadata, parsed.parser)


def segment_scripts(document: Document, title: str, seen: int | None) -> Segmented | None:
    """The blocks of a story that a page holds only in its scripts or the attributes of its tags, or nothing.

    ``title`` is the declared title; ``seen`` how many characters of a story are visible: where it is ``None``, there
    is none, and any data may hold it; else a declared article body must hold far more. The first step of every
    block's path and the origin of ``text`` say where the story was found.
    """
    if seen is None:
        story = hidden_story(document.source, title)
    else:
        story = declared_story(document.source, max(_FAR_MORE * seen, _LEAST_DECLARED))
    if story is None:
        return None
    begin, end = ("<div class=thread>", "</div>") if story.origin.startswith(THREAD) else ("<article>", "</article>")
    head = f"<title>{escape(title)}</title><body>{begin}<h1>{escape(title)}</h1>"
    found = segment(replace(document, source=f"<html>{head}{story.markup}{end}</body></html>"))
    blocks = tuple(structs.replace(block, path=block.path.replace("body", story.origin, 1)) for block in found.blocks)
    metadata = replace(found.metadata, origins=(("text", story.origin),))
    return Segmented(blocks, found.features, metadata, found.parser)


def visible_text(blocks: Sequence[Block]) -> str:
    """The text that the offsets of HTML blocks point into."""
    return "\n".join(block.text for block in blocks)


def _blocks(layout: Layout) -> tuple[Block, ...]:
    blocks = []
    homes = layout.home.tolist()
    path = paths(layout.containers, homes)
    captions = _captions(layout)
    tags = layout.containers.tag
    start = 0
    for ordinal, (text, home, linked) in enumerate(zip(layout.texts, homes, layout.linked.tolist(), strict=True)):
        tag = tags[home]
        end = start + len(text)
        density = round(min(linked / max(len(text), 1), 1.0), 3) if linked else 0.0
        mark = _MARKED.get(tag) or ("caption" if ordinal in captions else "")
        blocks.append(Block(ordinal, text, KINDS.get(tag, Kind.OTHER), start, end, 0, path[home], density, mark))
        start = end + 1
    return tuple(blocks)


def _captions(layout: Layout) -> set[int]:
    """The blocks of a few words in italics, or so called by their class, that follow a picture in one container."""
    found = set()
    for place in layout.images.nonzero()[0].tolist():
        size = len(layout.texts[place])
        named = bool(layout.inline[place] & FAMILY_BIT["caption"])
        if size <= _LONGEST_CAPTION and (named or layout.italic[place] >= _ITALIC * size):
            found.add(place)
    return found
