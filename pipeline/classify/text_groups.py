"""Groups of furniture that give themselves away by form: teasers, and headlines under a label that comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.classify.text_lines import Lines
from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import Why
from pipeline.model import Block, Reason

_LABEL_WORDS, _SHORT_LABEL = 5, 2
_LABEL_LETTERS = 2
_LEAST_HEADLINE, _MOST_HEADLINE, _SHARE = 4, 20, 0.6
_TEASER_REACH = 4
_HEADLINE_WORDS = 5
"""Where half of the lines are shorter than this they are a menu, not headlines."""


def teasers_and_headlines(lines: Lines, keep: Sequence[bool], heading: Heading) -> dict[int, Why]:
    """The removed lines that belong to a teaser or to a group of headlines under a repeated label."""
    keys = {
        index: text.casefold()
        for index, (text, size) in enumerate(zip(lines.texts, lines.words, strict=True))
        if size <= _LABEL_WORDS
    }
    repeated = {key for key, count in Counter(keys.values()).items() if count > 1}
    labels = {
        index
        for index, key in keys.items()
        if key in repeated
        and not keep[index]
        and index not in lines.marks
        and not lines.entries[index]
        and _has_letters(key)
    }
    found: dict[int, Why] = {}
    for index, mark in lines.marks.items():
        if mark == "more" and not keep[index] and len(lines.texts[index]) > 60:
            found.update(_teaser(lines, keep, heading, labels, index))
    for index in sorted(labels):
        if index > heading.last and index not in found:
            found.update(_headlines(lines, keep, labels, index, found))
    head = heading.title if heading.title is not None else heading.first
    heads_groups = {keys[index] for index in labels if index in found}
    for index in sorted(labels):
        if index < head and keys[index] in heads_groups and index not in found:
            found[index] = (Reason.SECTION_LABEL, "label:repeated")
    return found


def _has_letters(text: str) -> bool:
    return text[:_LABEL_LETTERS].isalpha() or sum(map(str.isalpha, text)) >= _LABEL_LETTERS


def _teaser(lines: Lines, keep: Sequence[bool], heading: Heading, labels: set[int], index: int) -> dict[int, Why]:
    """The abstract that ends in an invitation to read on, with its dateline, headline and label above it."""
    why = (Reason.TEASER, "group:read-more")
    found = {index: why}
    headlines = 0
    for above in range(index - 1, max(index - 1 - _TEASER_REACH, -1), -1):
        mark = lines.marks.get(above)
        if keep[above] or above == heading.title or _gap(lines.blocks, above + 1) > 1:
            break
        if above in labels:
            found[above] = why
            break
        if mark in ("date", "dateline", "byline"):
            found[above] = why
        elif headlines == 0 and lines.words[above] <= 25:
            found[above] = why
            headlines = 1
        else:
            if headlines and lines.words[above] <= _SHORT_LABEL and not lines.entries[above]:
                found[above] = why
            break
    return found


def _headlines(
    lines: Lines, keep: Sequence[bool], labels: set[int], label: int, taken: dict[int, Why]
) -> dict[int, Why]:
    """A repeated label with the headlines below it, up to the next label or a wide gap; nothing where they are none."""
    why = (Reason.SIDEBAR_HEADLINES, "group:repeated-label")
    found = {label: why}
    for index in range(label + 1, len(lines.blocks)):
        if keep[index] or index in labels or index in taken or index in lines.marks:
            break
        if _gap(lines.blocks, index) > 2 or lines.sizes[index] > _MOST_HEADLINE:
            break
        if lines.entries[index] or lines.texts[index][-1] in ":,":
            break
        found[index] = why
    sizes = sorted(lines.sizes[index] for index in found if index != label)
    headlines = sum(size >= _LEAST_HEADLINE for size in sizes)
    return found if headlines > _SHARE * len(sizes) and sizes[len(sizes) // 2] >= _HEADLINE_WORDS else {}


def _gap(blocks: Sequence[Block], index: int) -> int:
    return blocks[index].line - blocks[index - 1].line - 1 if 0 < index < len(blocks) else 0
