"""Plain text to blocks: one per line, broken and hard-wrapped paragraphs joined, with the form and features of each."""

from __future__ import annotations

from pipeline import glyphs
from pipeline.model import Block, Document, Kind, Metadata, Segmented
from pipeline.plain.candidates import marks_of
from pipeline.plain.features import NAMES, line_features
from pipeline.plain.fragments import mend
from pipeline.plain.lines import read_lines, unwrap

__all__ = ["NAMES", "segment"]


def segment(document: Document) -> Segmented:
    """The blocks of a plain-text document: one per line that shows anything, one per paragraph where lines are wrapped
    or broken at links.

    ``Block.line`` is the 1-based number of the first line in the source, ``Block.mark`` what the form of the line
    says it is (``marks.MARKS``); the columns of ``features`` are ``NAMES``. Metadata holds the document's hints.
    """
    lines = unwrap(mend(read_lines(document.source)))
    texts = [line.text for line in lines]
    page = glyphs.read(texts)
    marks = marks_of(texts, page)
    kind = Kind.LINE  # asked for once: a member of an enumeration is found slowly
    blocks = [
        Block(ordinal, line.text, kind, line.start, line.end, line.number, "", 0.0, mark)
        for ordinal, (line, mark) in enumerate(zip(lines, marks, strict=True))
    ]
    hints = document.hints
    declared = Metadata(title=hints.title, published=hints.date, canonical_url=hints.url)
    return Segmented(tuple(blocks), line_features(page, lines, marks), declared, parser="lines")
