"""Canonical text: the kept blocks as paragraphs, one per line, a blank line between."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Judged, Metadata, Role
from pipeline.text import PARAGRAPH_BREAK, canonical_paragraph, fold_space


def body(judged: Sequence[Judged], metadata: Metadata, typography: str = "plain") -> str:
    """The canonical body: NFC, LF, one typography, without the leading dateline that is now metadata.

    Every line of a kept block (a row of a table, a line of code or verse) is a paragraph of its own, so that the
    canonical text of a canonical text is itself.
    """
    paragraphs: list[str] = []
    dateline = metadata.dateline
    for item in judged:
        if item.verdict.role is not Role.BODY:
            continue
        text = item.block.text
        if dateline and text.startswith(dateline):
            text, dateline = text[len(dateline) :], None
        for line in canonical_paragraph(text, typography).split("\n"):
            if folded := fold_space(line):
                paragraphs.append(folded)
    return PARAGRAPH_BREAK.join(paragraphs)


def title(metadata: Metadata, typography: str = "plain") -> str | None:
    """The title in canonical form, on one line."""
    return fold_space(canonical_paragraph(metadata.title, typography)) or None if metadata.title else None


def page(title: str | None, text: str) -> str:
    """What stands in a text file: title, blank line, body, and a final line end."""
    return PARAGRAPH_BREAK.join(part for part in (title, text) if part) + "\n"
