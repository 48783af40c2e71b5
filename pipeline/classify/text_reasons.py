"""Why the lines of a plain-text page that are not the story are not: marks, groups, cues and neighbours.

A line that says what it is by its form, its group or a cue is an anchor; ``text_zones`` spreads the reasons of anchors
over the lines about them, and what is left is named by its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.classify import forms
from pipeline.classify.html_reasons import Cue, Cues
from pipeline.classify.text_groups import teasers_and_headlines
from pipeline.classify.text_places import by_form, by_place, ends_sentence, in_menu, read_lines
from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import Why, is_entry, prices, removed_runs, spread
from pipeline.model import Block, Evidence, Page, Reason
from pipeline.text import words

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


_MENU_WORDS = {
    Reason.NEWSLETTER: 2,
    Reason.SUBSCRIPTION: 2,
    Reason.DONATION_APPEAL: 3,
    Reason.RELATED: 2,
    Reason.ADVERTISEMENT: 3,
}
"""Entries of a menu may use the words of an appeal; one of so many words is an entry."""
_CALLS = {
    Reason.ADVERTISEMENT,
    Reason.NEWSLETTER,
    Reason.SUBSCRIPTION,
    Reason.SHARE,
    Reason.LEGAL,
    Reason.COMMENTS,
    Reason.RELATED,
}
"""What a short line amid headlines may be instead, if a cue says so."""
_LISTS = frozenset(
    (Reason.NAVIGATION, Reason.SIDEBAR_HEADLINES, Reason.RELATED, Reason.SHARE, Reason.COOKIE_NOTICE, Reason.TAGS)
)
"""Zones whose lines may be no more than a sign, a number or an address between the others."""
_ANNOUNCING = frozenset((Reason.RELATED, Reason.SIDEBAR_HEADLINES, Reason.COMMENTS, Reason.AUTHOR_BIO, Reason.TAGS))
_LABEL_WORDS = 7
_LEAST_POSTS, _LEAST_STRONG, _ABOUT_POST = 5, 2, 3
_TITLE_WORDS, _TITLE_SHARE, _TITLE_REACH, _LONG_WORD = 5, 0.7, 12, 4
_FORM = 2
_SIGN_UPS = frozenset((Reason.NEWSLETTER, Reason.SUBSCRIPTION))
_FIELDS = frozenset(("email", "e-mail", "save", "copy"))


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
    posts = _posts(blocks)
    lines = read_lines(blocks)
    for index in range(len(blocks)):
        if keep[index] or index == heading.title:
            continue
        why = _own_reason(index, blocks, heading, groups, posts, cues)
        if why is not None and why[0] in _MENU_WORDS and in_menu(blocks, index, _MENU_WORDS[why[0]]):
            why = Reason.NAVIGATION, "place:menu"
        if why is not None and why[0] is Reason.TAGS and index < heading.first and is_entry(blocks[index].text):
            why = Reason.NAVIGATION, "place:menu"  # the tags of a story are no entries above it
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
    found.update((index, (Reason.DUPLICATE_TITLE, "place:heading")) for index in _titles(blocks, keep, heading, found))
    for run in runs:
        found.update(spread(blocks, run, anchors, _announced(blocks, run[0], keep, cues)))
    for index, why in found.items():
        if why[0] in _LISTS and why[1].startswith("zone:"):
            found[index] = by_form(lines, index) or why
    for index in range(len(blocks)):
        if keep[index] or index == heading.title or index in found:
            continue
        if evidence[index].is_template(template_share, template_pages):
            found[index] = (Reason.TEMPLATE, "site:repeated")
        else:
            found[index] = (
                (Reason.COMMENTS, "place:posts")
                if index in posts and not forms.is_wordless(blocks[index].text)
                else by_form(lines, index) or by_place(lines, index, heading)
            )
    return found


def _titles(blocks: Sequence[Block], keep: Sequence[bool], heading: Heading, known: dict[int, Why]) -> list[int]:
    """Lines shortly above the story that read like its title: most of their words come back in it."""
    if heading.title is not None and heading.title < heading.first:
        return []
    body: set[str] = set()
    found: list[int] = []
    for index in range(max(heading.first - _TITLE_REACH, 0), heading.first):
        text = blocks[index].text
        if keep[index] or index in known or len(text.split()) < _TITLE_WORDS or ends_sentence(text):
            continue
        body = body or {word for at, flag in enumerate(keep) if flag for word in words(blocks[at].text)}
        long = [word for word in words(text) if len(word) >= _LONG_WORD]
        if long and sum(word in body for word in long) >= _TITLE_SHARE * len(long):
            found.append(index)
    return found[-1:]


def _announced(blocks: Sequence[Block], first: int, keep: Sequence[bool], cues: Cues) -> Why | None:
    """What a kept line right above a stretch of removed ones announces: a heading may have been taken for story."""
    if first == 0 or not keep[first - 1] or len(blocks[first - 1].text.split()) > _LABEL_WORDS:
        return None
    hits = cues.find(blocks[first - 1].text)
    return (hits[0].reason, f"cue:{hits[0].id}") if hits and hits[0].reason in _ANNOUNCING else None


def _posts(blocks: Sequence[Block]) -> frozenset[int]:
    """The lines of a page that stand at the head or the foot of posts, where it has several; with those about them."""
    lines = [index for index, block in enumerate(blocks) if forms.is_post_line(block.text)]
    strong = sum(forms.is_strong_post_line(blocks[index].text) for index in lines)
    if len(lines) < _LEAST_POSTS or strong < _LEAST_STRONG:
        return frozenset()
    return frozenset(
        near
        for index in lines
        for near in range(index - _ABOUT_POST, index + _ABOUT_POST + 1)
        if 0 <= near < len(blocks)
    )


def _own_reason(
    index: int, blocks: Sequence[Block], heading: Heading, groups: dict[int, Why], posts: frozenset[int], cues: Cues
) -> Why | None:
    block = blocks[index]
    if index in heading.copies:
        return Reason.DUPLICATE_TITLE, "title:copy"
    if block.mark == "byline" and forms.is_grouping(block.text):
        return Reason.NAVIGATION, "form:grouping"
    if forms.is_networks(block.text):
        return Reason.SHARE, "form:networks"
    if index in posts and forms.is_post_line(block.text):
        return Reason.COMMENTS, "form:post"
    own: Why | None = None
    if index in groups:
        own = groups[index]
    elif block.mark in _MARK_REASONS:
        own = _MARK_REASONS[block.mark], f"mark:{block.mark}"
    if own is not None and own[0] is not Reason.SIDEBAR_HEADLINES:
        return own
    hits = cues.find(block.text)
    if hits and _is_field(blocks, index):
        asked = [
            hit
            for near in blocks[max(index - _FORM, 0) : index + _FORM + 1]
            for hit in cues.find(near.text)
            if hit.reason in _SIGN_UPS
        ]
        return _strongest(asked, 0) if asked else None
    if hits and hits[0].reason is Reason.OTHER and not _in_form(blocks, index, cues):
        hits = hits[1:]
    calls = hits if own is None else [hit for hit in hits if hit.reason in _CALLS]
    if calls:
        return _strongest(calls, len(block.text))
    if own is not None:
        return own
    below = groups.get(index + 1)
    head = heading.title if heading.title is not None else -1
    if not (index == 0 < head or (below and below[0] is Reason.SECTION_LABEL)):
        return None
    if len(block.text.split()) > _MASTHEAD_WORDS or ends_sentence(block.text) or is_entry(block.text):
        return None
    if below and below[0] is Reason.SECTION_LABEL:
        return Reason.MASTHEAD, "place:above-label"
    return Reason.MASTHEAD, "place:first"


def _strongest(hits: Sequence[Cue], size: int) -> Why:
    count = Counter(cue.reason for cue in hits)
    if size > _LONG and Reason.LEGAL in count:
        count[Reason.LEGAL] += 9  # a legal footer speaks of cookies, advertising and subscriptions too

    def weight(reason: Reason) -> tuple[int, int]:
        return count[reason], -_RANK.index(reason) if reason in _RANK else -len(_RANK)

    best = max(count, key=weight)
    return best, f"cue:{next(cue.id for cue in hits if cue.reason is best)}"


def _in_form(blocks: Sequence[Block], index: int, cues: Cues) -> bool:
    """Whether a word of forms or shops has another beside it: alone it is as likely the entry of a menu."""
    if not forms.is_label(blocks[index].text):
        return True
    near = [place for place in range(index - _FORM, index + _FORM + 1) if 0 <= place < len(blocks) and place != index]
    texts = [blocks[place].text for place in near]
    return any(forms.is_price(text) or ((hit := cues.find(text)) and hit[0].reason is Reason.OTHER) for text in texts)


def _is_field(blocks: Sequence[Block], index: int) -> bool:
    """Whether a word that share bars use stands among no networks: the name of a field in a form, say."""
    about = blocks[max(index - 2, 0) : index + 3]
    return blocks[index].text.lower().strip(" *:") in _FIELDS and not any(
        forms.is_networks(near.text) for near in about
    )
