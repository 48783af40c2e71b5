"""Zones of furniture: a heading, then what it announces, an appeal of many lines, a list of offers and their prices.

An anchor (a line that says what it is) speaks for the lines about it that do not, up to the next anchor or a gap in the
layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.classify.text_lines import Lines
from pipeline.classify.text_signs import MONEY
from pipeline.model import Block, Reason

Why = tuple[Reason, str]
"""The reason of a removal and the rule that found it."""

_GAP = 2
_LOOK_AHEAD = 12
_PRICE = re.compile(r"^\W{0,2}(?:[$€£¥]\s?\d|\d+(?:[.,]\d\d)?\s?(?:[$€£¥]|(?:USD|EUR|GBP|CHF)\b))")
_PRICE_WORDS = 6
_SHARE = Reason.SHARE
_OFFERS = {Reason.DONATION_APPEAL, Reason.SUBSCRIPTION}
_OFFER_REACH = 12
_STANDALONE = {
    Reason.DATE,
    Reason.BYLINE,
    Reason.DATELINE,
    Reason.CAPTION,
    Reason.SOURCE,
    Reason.LEGAL,
    Reason.MASTHEAD,
    Reason.SECTION_LABEL,
    Reason.DUPLICATE_TITLE,
    Reason.TEASER,
    Reason.OTHER,
    Reason.ADVERTISEMENT,
}
"""Anchors that speak for themselves alone."""
_REACH = {
    Reason.SHARE: 2,
    Reason.NEWSLETTER: 2,
    Reason.SUBSCRIPTION: 6,
    Reason.RELATED: 10,
    Reason.TAGS: 8,
    Reason.SIDEBAR_HEADLINES: 20,
    Reason.COMMENTS: 12,
    Reason.AUTHOR_BIO: 6,
}
"""How many lines such an anchor speaks for; a menu may follow without a gap."""
_MOST_WORDS = {
    Reason.SIDEBAR_HEADLINES: 25,
    Reason.RELATED: 25,
    Reason.NAVIGATION: 8,
    Reason.TAGS: 8,
    Reason.SHARE: 4,
}
"""A longer line is prose and belongs to no such zone."""
_LEAST_WORDS = {Reason.SIDEBAR_HEADLINES: 4, Reason.NEWSLETTER: 4, Reason.SUBSCRIPTION: 3}
"""A shorter line is the entry of a menu."""
_ENTRY_WORDS = 4
_AHEAD = _OFFERS | {Reason.NEWSLETTER, Reason.COOKIE_NOTICE}
"""What begins before the line that says so: the sentences of an appeal lead up to it."""
_LISTS = {Reason.NAVIGATION, Reason.RELATED, Reason.TAGS, Reason.SIDEBAR_HEADLINES}
"""Zones that short lines with a bullet can belong to; below an appeal such a line begins a menu."""


def removed_runs(removed: Sequence[int]) -> list[list[int]]:
    """Stretches of removed lines, one below the other, that something else stands between."""
    runs: list[list[int]] = []
    last = -1
    for index in removed:
        if index != last + 1 or not runs:
            runs.append([])
        runs[-1].append(index)
        last = index
    return runs


def prices(lines: Lines, run: Sequence[int], anchors: dict[int, Why]) -> dict[int, Why]:
    """The lines of a run that name a price near an appeal or a subscription offer: they belong to it."""
    offers = [index for index in run if index in anchors and anchors[index][0] in _OFFERS]
    found: dict[int, Why] = {}
    if not offers:
        return found
    for index in run:
        if index in anchors or lines.words[index] > _PRICE_WORDS or not is_priced(lines, index):
            continue
        near = min(offers, key=lambda offer: abs(offer - index))
        if abs(near - index) <= _OFFER_REACH:
            found[index] = anchors[near][0], f"price:{anchors[near][1]}"
    return found


def is_priced(lines: Lines, index: int) -> bool:
    """Whether a line begins with a price."""
    return lines.has(index, MONEY) and _PRICE.match(lines.texts[index]) is not None


def spread(lines: Lines, run: Sequence[int], anchors: dict[int, Why], announced: Why | None = None) -> dict[int, Why]:
    """Reasons for the lines of a run that have none of their own, from the anchors about them.

    ``announced`` is what the line above the run announces. An appeal in a single line speaks for that line alone.
    """
    found: dict[int, Why] = {}
    own = [anchors[index] for index in run if index in anchors]
    if announced is None and not own:
        return found
    blocks = lines.blocks
    leads = any(why[0] in _AHEAD for why in own)
    current = announced
    single = [reason for reason in _OFFERS if sum(why[0] is reason for why in own) < 2]
    coming = _anchors_ahead(blocks, run, anchors, single) if leads else []
    since = 0
    for place, index in enumerate(run):
        since += 1
        if index in anchors:
            current, since = (anchors[index] if _speaks(anchors[index], single) else None), 0
            continue
        if current is None and not leads:
            continue
        if current is not None and current[0] is _SHARE and _heads_a_list(lines, index):
            current = None
        if current is not None and (since > _REACH.get(current[0], 1000) or not _belongs(lines, index, current[0])):
            current = None
        ahead = coming[place] if leads else None
        if ahead is not None and (ahead[0] not in _AHEAD or not _belongs(lines, index, ahead[0])):
            ahead = None
        stays = current is not None and _gap_above(blocks, index) < _GAP
        if ahead is not None and (not stays or _differs(blocks[run[place - 1]], blocks[index])):
            current, since = ahead, 0
        elif not stays:
            current = None
        if current is not None:
            found[index] = current[0], f"zone:{current[1]}"
    found.update(_between(run, {**anchors, **found}))
    return found


def _heads_a_list(lines: Lines, index: int) -> bool:
    """Whether a line stands above the first entry of a list."""
    return not lines.entries[index] and index + 1 < len(lines.texts) and lines.entries[index + 1]


def _speaks(why: Why, single: Sequence[Reason]) -> bool:
    """Whether an anchor opens a zone: it is no line that stands for itself and no mark, which names its own line."""
    return why[0] not in _STANDALONE and why[0] not in single and not why[1].startswith(("mark:", "form:"))


def _belongs(lines: Lines, index: int, reason: Reason) -> bool:
    """Whether a line can be part of a zone: prose is no headline and no menu entry."""
    size, text = lines.words[index], lines.texts[index]
    if lines.entries[index] and size <= _ENTRY_WORDS and reason not in _LISTS:
        return False
    if size < _LEAST_WORDS.get(reason, 0) and text[-1].isalnum() and text.isascii():
        return False
    return reason not in _MOST_WORDS or size <= _MOST_WORDS[reason]


def _between(run: Sequence[int], known: dict[int, Why]) -> dict[int, Why]:
    """Lines without a reason between two lines of one offer, whatever the gaps in the layout."""
    found: dict[int, Why] = {}
    placed = [place for place, index in enumerate(run) if index in known]
    for one, other in pairwise(placed):
        why = known[run[one]]
        if why[0] in _OFFERS and known[run[other]][0] is why[0] and other - one <= _OFFER_REACH:
            found.update({run[place]: (why[0], f"zone:{why[1]}") for place in range(one + 1, other)})
    return found


def _anchors_ahead(
    blocks: Sequence[Block], run: Sequence[int], anchors: dict[int, Why], single: Sequence[Reason]
) -> list[Why | None]:
    """For each line of a run the next anchor that opens a zone, if it is near and no gap lies between."""
    ahead: list[Why | None] = [None] * len(run)
    coming, distance = None, 0
    for place in range(len(run) - 1, 0, -1):
        index = run[place]
        distance += 1
        if index in anchors:
            coming, distance = (anchors[index] if _speaks(anchors[index], single) else None), 1
        if distance > _LOOK_AHEAD or _gap_above(blocks, index) >= _GAP:
            coming = None
        ahead[place - 1] = coming
    return ahead


def _differs(above: Block, block: Block) -> bool:
    """Whether a line is written otherwise than the one above it: it closes with punctuation and the other does not."""
    return (above.text[-1].isalnum()) and not block.text[-1].isalnum()


def _gap_above(blocks: Sequence[Block], index: int) -> int:
    """How many blank lines stand above a block."""
    if index == 0:
        return 0
    return blocks[index].line - blocks[index - 1].line - 1
