"""Why the lines of a plain-text page that are not the story are not: marks, groups, cues and neighbours.

A line that says what it is by its form, its group or a cue is an anchor; ``text_zones`` spreads the reasons of anchors
over the lines about them, and what is left is named by its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.classify.html_reasons import Cue, Cues
from pipeline.classify.text_groups import teasers_and_headlines
from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import PRICE, Why, is_entry, prices, removed_runs, spread
from pipeline.model import Block, Evidence, Page, Reason

_MARK_REASONS = {
    "date": Reason.DATE,
    "byline": Reason.BYLINE,
    "dateline": Reason.DATELINE,
    "caption": Reason.CAPTION,
    "source": Reason.SOURCE,
    "more": Reason.TEASER,
}
_RANK = (
    Reason.LEGAL,
    Reason.DONATION_APPEAL,
    Reason.SUBSCRIPTION,
    Reason.NEWSLETTER,
    Reason.COMMENTS,
    Reason.SHARE,
    Reason.RELATED,
    Reason.COOKIE_NOTICE,
    Reason.ADVERTISEMENT,
)
"""Which reason wins where a line has as many cues for one as for another."""
_LONG = 300
_MASTHEAD_WORDS = 6
_ENDS_SENTENCE = re.compile(r"\w[.!?。！？]$")


_MENU_WORDS = {
    Reason.NEWSLETTER: 2,
    Reason.SUBSCRIPTION: 2,
    Reason.DONATION_APPEAL: 3,
    Reason.RELATED: 2,
    Reason.ADVERTISEMENT: 3,
}
"""Entries of a menu may use the words of an appeal; one of so many words is an entry."""
_NO_NAMES = frozenset(("in", "the", "this", "of", "and", "for", "to", "on", "all", "our", "more", "your", "article"))
_CALL_WORDS = 8
_CALLS = {Reason.ADVERTISEMENT, Reason.NEWSLETTER, Reason.SUBSCRIPTION, Reason.SHARE, Reason.LEGAL, Reason.COMMENTS}
"""What a short line amid headlines may be instead, if a cue says so."""
_MENU_LINE = 4
_HEADLINE, _HEADLINE_WORDS = 40, 22


def reasons(
    page: Page,
    keep: Sequence[bool],
    heading: Heading,
    evidence: Sequence[Evidence],
    cues: Cues,
    template_share: float,
    template_pages: int,
) -> dict[int, Why]:
    """The reason and the rule for every line that is not kept."""
    blocks = page.blocks
    anchors: dict[int, Why] = {}
    groups = teasers_and_headlines(blocks, keep, heading)
    for index, block in enumerate(blocks):
        if keep[index] or index == heading.title:
            continue
        why = _own_reason(index, block, heading, groups, cues)
        if why is not None and why[0] in _MENU_WORDS and _in_menu(blocks, index, _MENU_WORDS[why[0]]):
            why = Reason.NAVIGATION, "place:menu"
        if why is not None:
            anchors[index] = why
    for index in range(1, len(blocks)):
        labelled = anchors.get(index - 1, (None, ""))
        if labelled[0] is Reason.BYLINE and labelled[1].startswith("cue:") and index not in anchors and not keep[index]:
            anchors[index] = Reason.BYLINE, "zone:" + labelled[1]
    runs = removed_runs(keep, heading.title)
    for run in runs:
        anchors.update(prices(blocks, run, anchors))
    found = dict(anchors)
    for run in runs:
        found.update(spread(blocks, run, anchors))
    for index in range(len(blocks)):
        if keep[index] or index == heading.title or index in found:
            continue
        known = evidence[index]
        if known.site_pages >= template_pages and known.seen_on >= template_share * known.site_pages:
            found[index] = (Reason.TEMPLATE, "site:repeated")
        else:
            found[index] = _by_place(blocks, index, heading)
    return found


def _own_reason(index: int, block: Block, heading: Heading, groups: dict[int, Why], cues: Cues) -> Why | None:
    if index in heading.copies:
        return Reason.DUPLICATE_TITLE, "title:copy"
    own: Why | None = None
    if index in groups:
        own = groups[index]
    elif block.mark in _MARK_REASONS:
        own = _MARK_REASONS[block.mark], f"mark:{block.mark}"
    if own is not None and (own[0] is not Reason.SIDEBAR_HEADLINES or len(block.text.split()) > _CALL_WORDS):
        return own
    hits = cues.find(block.text)
    if hits and (own is None or hits[0].reason in _CALLS):
        return _strongest(hits, len(block.text))
    if own is not None:
        return own
    below = groups.get(index + 1)
    head = heading.title if heading.title is not None else -1
    if len(block.text.split()) > _MASTHEAD_WORDS or _ENDS_SENTENCE.search(block.text) or is_entry(block.text):
        return None
    if below and below[0] is Reason.SECTION_LABEL:
        return Reason.MASTHEAD, "place:above-label"
    return (Reason.MASTHEAD, "place:first") if index == 0 < head else None


def _strongest(hits: Sequence[Cue], size: int) -> Why:
    count = Counter(cue.reason for cue in hits)
    if size > _LONG and Reason.LEGAL in count:
        count[Reason.LEGAL] += 9  # a legal footer speaks of cookies, advertising and subscriptions too

    def weight(reason: Reason) -> tuple[int, int]:
        return count[reason], -_RANK.index(reason) if reason in _RANK else -len(_RANK)

    best = max(count, key=weight)
    return best, f"cue:{next(cue.id for cue in hits if cue.reason is best)}"


def _in_menu(blocks: Sequence[Block], index: int, most: int) -> bool:
    """Whether a line of at most ``most`` words stands among lines as short as those of a menu."""
    if len(blocks[index].text.strip("*+-• ").split()) > most:
        return False
    about = blocks[max(index - 3, 0) : index + 4]
    short = sum(len(block.text.split()) <= _MENU_LINE and block.text[-1] not in ".!?:" for block in about)
    return short >= len(about) - 1 and len(about) > 4 and not any(PRICE.match(block.text) for block in about)


def _by_place(blocks: Sequence[Block], index: int, heading: Heading) -> Why:
    """What a line most likely is where nothing but its place and length speaks."""
    text = blocks[index].text
    size = len(text.split())
    if not any(character.isalnum() for character in text):
        return Reason.OTHER, "place:no-words"
    if index < heading.first:
        return _above_story(blocks, index, heading.title if heading.title is not None else heading.first, size)
    if index < heading.last:
        return Reason.OTHER, "place:inside"
    if size <= _MENU_LINE and len(text) < _HEADLINE:
        return Reason.NAVIGATION, "place:below-story"
    if size <= _HEADLINE_WORDS and not _ENDS_SENTENCE.search(text):
        return Reason.SIDEBAR_HEADLINES, "place:below-story"
    return Reason.OTHER, "place:below-story"


def _above_story(blocks: Sequence[Block], index: int, head: int, size: int) -> Why:
    """What a line above the story is: a byline, a label right above the title, else part of a menu."""
    text = blocks[index].text
    if index > head - 3 and _is_name(text) and _beside_head_mark(blocks, index):
        return Reason.BYLINE, "place:name"
    if index < head and size <= _HEADLINE_WORDS:
        label = size <= _MENU_LINE and not is_entry(text) and not any(c.isdigit() for c in text)
        if label and head - index <= 2 and (index < 2 or not _in_menu(blocks, index - 1, _MENU_LINE)):
            return Reason.SECTION_LABEL, "place:above-title"
        return Reason.NAVIGATION, "place:above-title"
    return (Reason.NAVIGATION if size <= _MENU_LINE else Reason.OTHER), "place:above-story"


def _is_name(text: str) -> bool:
    """Two to five capitalised words, or two to four Chinese characters."""
    parts = text.split()
    if 2 <= len(parts) <= 5:
        return all(part[0].isupper() and part.lower() not in _NO_NAMES for part in parts) and not any(
            c.isdigit() for c in text
        )
    return 2 <= len(text) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in text)


def _beside_head_mark(blocks: Sequence[Block], index: int) -> bool:
    about = blocks[max(index - 2, 0) : index + 3]
    return any(block.mark in {"byline", "date", "dateline"} for block in about)
