"""Groups of furniture that give themselves away by form: teasers, and headlines under a label that comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import Why, is_entry
from pipeline.model import Block, Reason

_LABEL_WORDS, _SHORT_LABEL = 5, 2
_LABEL_LETTERS = 2
_LEAST_HEADLINE, _MOST_HEADLINE, _SHARE = 4, 20, 0.6
_TEASER_REACH = 4
_HEADLINE_WORDS = 5
"""Where half of the lines are shorter than this they are a menu, not headlines."""


def teasers_and_headlines(blocks: Sequence[Block], keep: Sequence[bool], heading: Heading) -> dict[int, Why]:
    """The removed lines that belong to a teaser or to a group of headlines under a repeated label."""
    keys = [block.text.casefold() for block in blocks]
    short = [index for index, block in enumerate(blocks) if _is_short(block.text)]
    count = Counter(keys[index] for index in short)
    labels = {
        index
        for index in short
        if count[keys[index]] >= 2
        and not keep[index]
        and not blocks[index].mark
        and not is_entry(blocks[index].text)
        and _has_letters(keys[index])
    }
    found: dict[int, Why] = {}
    for index, block in enumerate(blocks):
        if block.mark == "more" and not keep[index] and len(block.text) > 60:
            found.update(_teaser(blocks, keep, heading, labels, index))
    for index in sorted(labels):
        if index > heading.last and index not in found:
            found.update(_headlines(blocks, keep, labels, index, found))
    head = heading.title if heading.title is not None else heading.first
    heads_groups = {keys[index] for index in labels if index in found}
    for index in sorted(labels):
        if index < head and keys[index] in heads_groups and index not in found:
            found[index] = (Reason.SECTION_LABEL, "label:repeated")
    return found


def _is_short(text: str) -> bool:
    """Whether a line has no more words than a label; the words of long lines are not all counted."""
    return len(text.split(None, _LABEL_WORDS)) <= _LABEL_WORDS


def _has_letters(text: str) -> bool:
    return text[:_LABEL_LETTERS].isalpha() or sum(map(str.isalpha, text)) >= _LABEL_LETTERS


def _teaser(
    blocks: Sequence[Block], keep: Sequence[bool], heading: Heading, labels: set[int], index: int
) -> dict[int, Why]:
    """The abstract that ends in an invitation to read on, with its dateline, headline and label above it."""
    why = (Reason.TEASER, "group:read-more")
    found = {index: why}
    headlines = 0
    for above in range(index - 1, max(index - 1 - _TEASER_REACH, -1), -1):
        block = blocks[above]
        if keep[above] or above == heading.title or _gap(blocks, above + 1) > 1:
            break
        if above in labels:
            found[above] = why
            break
        if block.mark in ("date", "dateline", "byline"):
            found[above] = why
        elif headlines == 0 and len(block.text.split()) <= 25:
            found[above] = why
            headlines = 1
        else:
            if headlines and len(block.text.split()) <= _SHORT_LABEL and not is_entry(block.text):
                found[above] = why
            break
    return found


def _headlines(
    blocks: Sequence[Block], keep: Sequence[bool], labels: set[int], label: int, taken: dict[int, Why]
) -> dict[int, Why]:
    """A repeated label with the headlines below it, up to the next label or a wide gap; nothing where they are none."""
    why = (Reason.SIDEBAR_HEADLINES, "group:repeated-label")
    found = {label: why}
    for index in range(label + 1, len(blocks)):
        block = blocks[index]
        if keep[index] or index in labels or index in taken or block.mark or _gap(blocks, index) > 2:
            break
        if size_of(block.text) > _MOST_HEADLINE or is_entry(block.text) or block.text[-1] in ":,":
            break
        found[index] = why
    sizes = sorted(size_of(blocks[index].text) for index in found if index != label)
    headlines = sum(size >= _LEAST_HEADLINE for size in sizes)
    return found if headlines > _SHARE * len(sizes) and sizes[len(sizes) // 2] >= _HEADLINE_WORDS else {}


def size_of(text: str) -> float:
    """Words, a Chinese one counted as two characters."""
    if text.isascii():
        return len(text.split())
    return len(text.split()) + sum("\u3040" < character < "\ua000" for character in text) / 2


def _gap(blocks: Sequence[Block], index: int) -> int:
    return blocks[index].line - blocks[index - 1].line - 1 if 0 < index < len(blocks) else 0
