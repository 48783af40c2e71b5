"""Which containers set an HTML block apart from the story, unless the model is sure of it.

What is kept rests on this vocabulary alone: the richer one that names reasons can grow without moving a block.
"""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from pipeline.classify.html_places import CONTAINER_STEMS, CONTAINERS
from pipeline.model import Block, Reason
from pipeline.remember import remembered

# The first that matches a step of a path is its container.
_CONTAINERS = {
    Reason.COOKIE_NOTICE: CONTAINERS[Reason.COOKIE_NOTICE],
    Reason.COMMENTS: CONTAINERS[Reason.COMMENTS],
    Reason.DONATION_APPEAL: CONTAINERS[Reason.DONATION_APPEAL],
    Reason.NEWSLETTER: r"newsletter|mailchimp|mailing-?list|sign-?up|mc4wp|mc_embed",
    Reason.SUBSCRIPTION: r"paywall|regwall|subscri|premium-offer|membership|piano",
    Reason.SHARE: r"[#._-](?:shar(?:e|es|ing)|social\w*|addthis|sharedaddy|follow)(?![a-z])",
    Reason.ADVERTISEMENT: CONTAINERS[Reason.ADVERTISEMENT],
    Reason.AUTHOR_BIO: CONTAINERS[Reason.AUTHOR_BIO],
    Reason.BYLINE: CONTAINERS[Reason.BYLINE],
    Reason.CAPTION: CONTAINERS[Reason.CAPTION],
    Reason.DATE: CONTAINERS[Reason.DATE],
    Reason.TAGS: r"[#._-](?:(?:tag|cat)s?-?(?:list|cloud|links)|tags?|keywords|categor(?:y|ies)|topics?)(?![a-z-])",
    Reason.RELATED: r"related|recommend|outbrain|taboola|read-?(?:more|next|also)|more-?(?:from|stories|news)|"
    r"similar|you-?may",
    Reason.SIDEBAR_HEADLINES: CONTAINERS[Reason.SIDEBAR_HEADLINES],
}
_PATTERNS = tuple((reason, re.compile(pattern)) for reason, pattern in _CONTAINERS.items())
_STEMS = AhoCorasick(CONTAINER_STEMS.split())
_MENU = re.compile(r"^nav\b|[#._-](?:nav\w*|menu\w*|breadcrumbs?|pagination|pager|toc|skip\w*|tabs?|dropdown)(?![a-z])")
_REGION = re.compile(
    r"kicker|eyebrow|section-?(?:label|name|title)|teaser|[#._-](?:cards?|tiles?|promo\w*)(?![a-z])|excerpt|"
    r"^aside\b|sidebar|[#._-](?:rail|widgets?)(?![a-z])|copyright|[#._-]legal|disclaimer|imprint|colophon|"
    r"^footer(?![\w.#-]*-footer)\b|[#.](?:page-|site-|main-)?footer|masthead|"
    r"[#._-](?:logo|branding|topbar|(?:site|page|main)-?header)(?![a-z])|^header\b"
)
_APART = frozenset((Reason.CAPTION, Reason.COMMENTS, Reason.AUTHOR_BIO))
_LINK_LISTS = frozenset((Reason.RELATED, Reason.SIDEBAR_HEADLINES, Reason.SHARE, Reason.TAGS))
# The entry of a menu is one whatever it names.
_LESS_THAN_MENUS = frozenset((Reason.TAGS, Reason.SIDEBAR_HEADLINES, Reason.CAPTION, Reason.RELATED))
_ALL_LINK = 0.8


class Containers:
    """What the tag paths of one page say of what its blocks are apart from; each is read once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Reason | None, bool]] = {"": (None, False)}

    def apart(self, block: Block) -> Reason | None:
        """The reason of the innermost container of a block, where it sets the block apart; else None."""
        reason, in_menu = self._innermost(block.path)
        if in_menu and reason in _LESS_THAN_MENUS:
            return None
        linked = block.link_density > _ALL_LINK and reason in _LINK_LISTS
        return reason if linked or reason in _APART else None

    def _innermost(self, path: str) -> tuple[Reason | None, bool]:
        """The innermost container, and whether the innermost region of the page is a menu."""
        waiting: list[str] = []
        while path not in self._known:  # a loop, as paths can be deeper than Python's stack
            waiting.append(path)
            path = path.rpartition("/")[0]
        reason, in_menu = self._known[path]
        for inner in reversed(waiting):
            own, menu = _read(inner.rpartition("/")[2])
            reason, in_menu = own or reason, in_menu if menu is None else menu
            self._known[inner] = reason, in_menu
        return reason, in_menu


@remembered
def _read(name: str) -> tuple[Reason | None, bool | None]:
    """The container a step names, and whether the region it names is a menu; None where it names none."""
    step = name.lower()
    known = _STEMS.find_matches_as_indexes(step)
    container = next((reason for reason, pattern in _PATTERNS if pattern.search(step)), None) if known else None
    menu = True if _MENU.search(step) else False if _REGION.search(step) else None
    return container, menu
