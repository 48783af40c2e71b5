"""Why the lines of a plain-text page that are not the story are not: marks, groups, cues and neighbours.

A line that says what it is by its form, its group or a cue is an anchor; ``text_zones`` spreads the reasons of anchors
over the lines about them, and what is left is named by its place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.classify import forms
from pipeline.classify.html_reasons import Cue, Cues
from pipeline.classify.text_groups import teasers_and_headlines
from pipeline.classify.text_lines import Lines, read_lines
from pipeline.classify.text_outline import Outline
from pipeline.classify.text_places import by_form, by_place, in_menu
from pipeline.classify.text_signs import NETWORK
from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import Why, prices, removed_runs, spread
from pipeline.model import Reason
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
# Reasons by names that are found faster than the members of an enumeration.
_BYLINE = Reason.BYLINE
_COMMENTS = Reason.COMMENTS
_DUPLICATE_TITLE = Reason.DUPLICATE_TITLE
_LEGAL = Reason.LEGAL
_MASTHEAD = Reason.MASTHEAD
_NAVIGATION = Reason.NAVIGATION
_OTHER = Reason.OTHER
_SECTION_LABEL = Reason.SECTION_LABEL
_SHARE = Reason.SHARE
_SIDEBAR_HEADLINES = Reason.SIDEBAR_HEADLINES
_TAGS = Reason.TAGS
_TEMPLATE = Reason.TEMPLATE


def reasons(
    page: Outline, keep: Sequence[bool], heading: Heading, templates: Collection[int], cues: Cues
) -> dict[int, Why]:
    """The reason and the rule for every line that is not kept; ``templates`` are lines that the site has on many
    pages."""
    lines = read_lines(page)
    groups = teasers_and_headlines(lines, keep, heading)
    posts = _posts(lines)
    removed = [index for index, flag in enumerate(keep) if not flag]
    if heading.title is not None and not keep[heading.title]:
        removed.remove(heading.title)
    of_removed = set(removed)
    hits = _Hits(lines, cues, removed)
    anchors: dict[int, Why] = {}
    for index in _telling(lines, removed, heading, groups, posts, hits):
        why = _own_reason(index, lines, heading, groups, posts, hits)
        if why is None:
            continue
        if why[0] in _MENU_WORDS and in_menu(lines, index, _MENU_WORDS[why[0]]):
            why = _NAVIGATION, "place:menu"
        if why[0] is _TAGS and index < heading.first and lines.entries[index]:
            why = _NAVIGATION, "place:menu"  # the tags of a story are no entries above it
        anchors[index] = why
    for above, (reason, rule) in list(anchors.items()):
        if reason is _BYLINE and rule.startswith("cue:") and above + 1 not in anchors and above + 1 in of_removed:
            anchors[above + 1] = _BYLINE, "zone:" + rule
    runs = removed_runs(removed)
    for run in runs:
        anchors.update(prices(lines, run, anchors))
    found = dict(anchors)
    found.update((index, (_DUPLICATE_TITLE, "place:heading")) for index in _titles(lines, keep, heading, found))
    for run in runs:
        found.update(spread(lines, run, anchors, _announced(lines, run[0], keep, hits)))
    for index, why in found.items():
        if why[0] in _LISTS and why[1].startswith("zone:"):
            found[index] = by_form(lines, index) or why
    rest = [index for index in removed if index not in found]
    if templates:
        found.update((index, (_TEMPLATE, "site:repeated")) for index in rest if index in templates)
        rest = [index for index in rest if index not in found]
    for index in rest:
        if index in posts and not forms.is_wordless(lines.texts[index]):
            found[index] = (_COMMENTS, "place:posts")
        else:
            found[index] = by_form(lines, index) or by_place(lines, index, heading)
    return found


class _Hits:
    """The cues of the lines of a page: of the removed ones found in one pass, of others when they are asked for."""

    def __init__(self, lines: Lines, cues: Cues, removed: Sequence[int]) -> None:
        self._lines, self._cues = lines, cues
        self._known = dict(zip(removed, cues.find_each([lines.texts[index] for index in removed]), strict=True))
        self.cued = [index for index, found in self._known.items() if found]

    def of(self, index: int) -> Sequence[Cue]:
        """The cues that match a line."""
        if index not in self._known:
            self._known[index] = self._cues.find(self._lines.texts[index])
        return self._known[index]


def _telling(
    lines: Lines, removed: Sequence[int], heading: Heading, groups: dict[int, Why], posts: frozenset[int], hits: _Hits
) -> list[int]:
    """The removed lines that may have a reason of their own, in order."""
    labels = (index - 1 for index, why in groups.items() if why[0] is _SECTION_LABEL)
    telling = posts.union(groups, heading.copies, labels, (0,), lines.likely_networks, lines.marks, hits.cued)
    return sorted(telling.intersection(removed))


def _titles(lines: Lines, keep: Sequence[bool], heading: Heading, known: dict[int, Why]) -> list[int]:
    """Lines shortly above the story that read like its title: most of their words come back in it."""
    if heading.title is not None and heading.title < heading.first:
        return []
    body: set[str] = set()
    found: list[int] = []
    for index in range(max(heading.first - _TITLE_REACH, 0), heading.first):
        text = lines.texts[index]
        if keep[index] or index in known or lines.words[index] < _TITLE_WORDS or lines.sentences[index]:
            continue
        body = body or {word for at, flag in enumerate(keep) if flag for word in words(lines.texts[at])}
        long = [word for word in words(text) if len(word) >= _LONG_WORD]
        if long and sum(word in body for word in long) >= _TITLE_SHARE * len(long):
            found.append(index)
    return found[-1:]


def _announced(lines: Lines, first: int, keep: Sequence[bool], hits: _Hits) -> Why | None:
    """What a kept line right above a stretch of removed ones announces: a heading may have been taken for story."""
    if first == 0 or not keep[first - 1] or lines.words[first - 1] > _LABEL_WORDS:
        return None
    found = hits.of(first - 1)
    return (found[0].reason, f"cue:{found[0].id}") if found and found[0].reason in _ANNOUNCING else None


def _posts(lines: Lines) -> frozenset[int]:
    """The lines of a page that stand at the head or the foot of posts, where it has several; with those about them."""
    found = [index for index in lines.likely_posts if forms.is_post_line(lines.texts[index])]
    if len(found) < _LEAST_POSTS:
        return frozenset()
    strong = sum(forms.is_strong_post_line(lines.texts[index]) for index in found)
    if strong < _LEAST_STRONG:
        return frozenset()
    return frozenset(
        near
        for index in found
        for near in range(index - _ABOUT_POST, index + _ABOUT_POST + 1)
        if 0 <= near < len(lines.texts)
    )


def _own_reason(
    index: int, lines: Lines, heading: Heading, groups: dict[int, Why], posts: frozenset[int], hits: _Hits
) -> Why | None:
    text, signs, mark = lines.texts[index], lines.signs[index], lines.marks.get(index)
    if index in heading.copies:
        return _DUPLICATE_TITLE, "title:copy"
    if mark == "byline" and forms.is_grouping(text):
        return _NAVIGATION, "form:grouping"
    if signs & NETWORK and forms.is_networks(text):
        return _SHARE, "form:networks"
    if index in posts and forms.is_post_line(text):
        return _COMMENTS, "form:post"
    own = groups.get(index)
    if own is None and mark in _MARK_REASONS:
        own = _MARK_REASONS[mark], f"mark:{mark}"
    if own is not None and own[0] is not _SIDEBAR_HEADLINES:
        return own
    if found := hits.of(index):
        if _is_field(lines, index):
            about = range(max(index - _FORM, 0), min(index + _FORM + 1, len(lines.texts)))
            asked = [hit for near in about for hit in hits.of(near) if hit.reason in _SIGN_UPS]
            return _strongest(asked, 0) if asked else None
        if found[0].reason is _OTHER and not _in_form(lines, index, hits):
            found = found[1:]
        calls = found if own is None else [hit for hit in found if hit.reason in _CALLS]
        if calls:
            return _strongest(calls, len(text))
    return own or _masthead(lines, index, heading, groups)


def _masthead(lines: Lines, index: int, heading: Heading, groups: dict[int, Why]) -> Why | None:
    """The name of the site: a short line above a label or above all others."""
    below = groups.get(index + 1)
    labelled = below is not None and below[0] is _SECTION_LABEL
    if not labelled and not index == 0 < (heading.title if heading.title is not None else -1):
        return None
    if lines.words[index] > _MASTHEAD_WORDS or lines.sentences[index] or lines.entries[index]:
        return None
    return _MASTHEAD, "place:above-label" if labelled else "place:first"


def _strongest(hits: Sequence[Cue], size: int) -> Why:
    if len(hits) == 1:
        return hits[0].reason, f"cue:{hits[0].id}"
    count: dict[Reason, int] = {}
    for cue in hits:
        count[cue.reason] = count.get(cue.reason, 0) + 1
    if size > _LONG and _LEGAL in count:
        count[_LEGAL] += 9  # a legal footer speaks of cookies, advertising and subscriptions too

    def weight(reason: Reason) -> tuple[int, int]:
        return count[reason], -_RANK.index(reason) if reason in _RANK else -len(_RANK)

    best = max(count, key=weight)
    return best, f"cue:{next(cue.id for cue in hits if cue.reason is best)}"


def _in_form(lines: Lines, index: int, hits: _Hits) -> bool:
    """Whether a word of forms or shops has another beside it: alone it is as likely the entry of a menu."""
    if not forms.is_label(lines.texts[index]):
        return True
    about = range(max(index - _FORM, 0), min(index + _FORM + 1, len(lines.texts)))
    return any(
        lines.prices[place] or ((found := hits.of(place)) and found[0].reason is _OTHER)
        for place in about
        if place != index
    )


def _is_field(lines: Lines, index: int) -> bool:
    """Whether a word that share bars use stands among no networks: the name of a field in a form, say."""
    about = range(max(index - 2, 0), min(index + 3, len(lines.texts)))
    return lines.texts[index].lower().strip(" *:") in _FIELDS and not any(
        lines.has(near, NETWORK) and forms.is_networks(lines.texts[near]) for near in about
    )
