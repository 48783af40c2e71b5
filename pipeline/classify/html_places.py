"""What the tag path of an HTML block says: the container it stands in, its region, and the frame of the page around it.

The tables read ids and classes as themes and content systems write them: WordPress, Drupal, Shopify, Squarespace,
XenForo, Discourse, Invision, phpBB, vBulletin and the Bootstrap vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from ahocorasick_rs import AhoCorasick

from pipeline.model import Reason
from pipeline.remember import remembered


def _words(text: str) -> list[str]:
    return text.split()


class Frame(StrEnum):
    """The part of a page that is the same on every page of a site, or the middle that is not."""

    NONE = ""
    MAIN = "main"
    MENU = "menu"
    HEADER = "header"
    FOOTER = "footer"


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a block stands.

    ``container`` is the reason of the innermost container that leaves little doubt, ``region`` that of the innermost
    region of the page, ``comments`` whether any container holds comments, ``posts`` whether any is a post of a forum,
    ``items`` in how many list items the block is nested.
    """

    container: Reason | None = None
    region: Reason | None = None
    frame: Frame = Frame.NONE
    comments: bool = False
    posts: bool = False
    article: bool = False
    items: int = 0


class _Step(msgspec.Struct, frozen=True, gc=False):
    """What one step of a path says by itself; ``whole`` where it names what belongs to the page and not to a story."""

    container: Reason | None = None
    region: Reason | None = None
    frame: Frame = Frame.NONE
    posts: bool = False
    article: bool = False
    entry: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """Patterns for one step of a path, in lower case, each with the bit that says that its stems stand in the step.

    A step without any of the stems of ``known`` says nothing.
    """

    known: tuple[str, ...]
    patterns: tuple[tuple[int, Reason, re.Pattern[str]], ...]
    stems: tuple[tuple[str, int], ...]
    gate: int

    def read(self, step: str, bits: int) -> Reason | None:
        if not bits & self.gate:
            return None
        for bit, reason, pattern in self.patterns:
            if bits & bit and pattern.search(step):
                return reason
        return None


def _table(gate: int, known: str, stems: dict[Reason, str], patterns: dict[Reason, str]) -> _Table:
    """A table whose patterns have the bits above ``gate``; every match of a pattern holds one of its stems."""
    bits = {reason: gate << place for place, reason in enumerate(patterns, 1)}
    return _Table(
        known=tuple(_words(known)),
        patterns=tuple((bits[reason], reason, re.compile(pattern)) for reason, pattern in patterns.items()),
        stems=tuple((stem, bits[reason]) for reason, text in stems.items() for stem in _words(text)),
        gate=gate,
    )


# Ids and classes on one step of a path that leave little doubt, then those that name a region of the page.
CONTAINER_STEMS = (
    "cookie consent gdpr cmp onetrust ot- didomi usercentrics comment disqus respond komment replies donat fundrais "
    "support spenden newsletter mail sign mc4wp mc_embed paywall regwall subscri premium member piano shar social "
    "addthis follow ad sponsor anzeige werbung author bio by autor contributor caption cap figure credit time date "
    "publish posted tag keyword categor topic related recommend outbrain taboola read more similar you most trending "
    "latest popular recent next crosslink disclaim disclos footnote licen fine legal"
)
CONTAINERS = {
    Reason.COOKIE_NOTICE: r"cookie|consent|gdpr|onetrust|#ot-|didomi|usercentrics",
    Reason.COMMENTS: r"[#.](?:\w+[_-]+)*(?:comments?|commentlist|disqus|respond|kommentare?|replies)(?![a-z])",
    Reason.DONATION_APPEAL: r"donat|fundrais|support-us|spenden",
    Reason.NEWSLETTER: r"newsletter|mailchimp|mailing-?list|sign-?up|mc4wp|mc_embed|"
    r"e?mail-?(?:form|signup|capture)|"
    r"^form[.#].*subscri|subscri(?:be|ber|ption)[_-]*form",
    Reason.SUBSCRIPTION: r"paywall|regwall|subscri|premium-offer|membership|piano(?!-)",
    Reason.SHARE: r"[#._-](?:shar(?:e|es|ing)|socials?(?:[_-]?(?:media|links?|icons?|shar\w+|bar|buttons?|list))?|"
    r"addthis|sharedaddy|follow(?:-?us)?)(?![a-z])",
    Reason.ADVERTISEMENT: r"[#._-](?:ads?|advert\w*|adslot|sponsor\w*|anzeige|werbung)(?![a-z])",
    Reason.AUTHOR_BIO: r"author[_-]*(?:bio|box|info|card|desc|about|profile)|about[_-]*(?:the-)?author|[#._-]bio\b",
    Reason.BYLINE: r"by-?lines?\b|[#._-](?:authors?|autor|contributors?)(?![a-z])",
    Reason.CAPTION: r"^(?:figcaption|figure|caption)\b|[._-](?:captions?|credits?|cap)(?![a-z])",
    Reason.DATE: r"^time\b|timestamp|[#._-](?:date|time|datetime|pubdate|published|posted-?on)(?![a-z])",
    Reason.RELATED: r"related|recommend|outbrain|taboola|read-?(?:more|next|also)|more-?(?:from|stories|news)|"
    r"similar|you-?may|continue-reading|crosslink",
    Reason.TAGS: r"[#._-](?:(?:tag|cat)s?-?(?:list|cloud|links)|tags?|keywords|categor(?:y|ies)|topics)(?![a-z-])",
    Reason.SIDEBAR_HEADLINES: r"most-?(?:read|popular|viewed)|trending|[#._-](?:latest|popular)|recent-?posts",
    Reason.LEGAL: r"[#._-](?:disclaimers?|disclosures?|footnotes?|licen[sc]e|fine-?print|legal-?(?:line|text|note))"
    r"(?![a-z])",
}
_OWN_STEMS = {
    Reason.COOKIE_NOTICE: "cookie consent gdpr onetrust #ot- didomi usercentrics",
    Reason.COMMENTS: "comment disqus respond komment replies",
    Reason.DONATION_APPEAL: "donat fundrais support-us spenden",
    Reason.NEWSLETTER: "newsletter mail sign mc4wp mc_embed subscri",
    Reason.SUBSCRIPTION: "paywall regwall subscri premium-offer membership piano",
    Reason.SHARE: "shar social addthis follow",
    Reason.ADVERTISEMENT: "#ad .ad _ad -ad sponsor anzeige werbung",
    Reason.AUTHOR_BIO: "author #bio .bio _bio -bio",
    Reason.BYLINE: "byline by-line author autor contributor",
    Reason.CAPTION: "figcaption figure caption credit .cap _cap -cap",
    Reason.DATE: "time #date .date _date -date pubdate published posted",
    Reason.RELATED: "related recommend outbrain taboola readmore readnext readalso read- more-from morefrom "
    "more-stories morestories more-news morenews similar youmay you-may continue-reading crosslink",
    Reason.TAGS: "#tag .tag _tag -tag #cat .cat _cat -cat keywords topics",
    Reason.SIDEBAR_HEADLINES: "mostread mostpopular mostviewed most- trending latest popular recent",
    Reason.LEGAL: "disclaim disclos footnote licen fine legal",
}
_CONTAINERS = _table(1 << 8, CONTAINER_STEMS, _OWN_STEMS, CONTAINERS)
_REGIONS = _table(
    1 << 32,
    "kicker eyebrow section teaser card tile promo excerpt aside sidebar rail widget copyright legal imprint colophon "
    "masthead logo branding topbar tagline description slogan title",
    {
        Reason.SECTION_LABEL: "kicker eyebrow section",
        Reason.TEASER: "teaser card tile promo excerpt",
        Reason.SIDEBAR_HEADLINES: "aside sidebar rail widget",
        Reason.LEGAL: "copyright legal imprint colophon",
        Reason.MASTHEAD: "logo branding tagline slogan strapline site-",
    },
    {
        Reason.SECTION_LABEL: r"kicker|eyebrow|section-?(?:label|name)",
        Reason.TEASER: r"teaser|(?<!bg)[#._-](?:cards?|tiles?|promo(?:s|tions?)?)(?![a-z])"
        r"(?!-(?:list|grid|deck|container))|excerpt",
        Reason.SIDEBAR_HEADLINES: r"^aside\b|(?<!with)(?<!with-)(?<!has-)(?<!show-)(?<!no-)sidebar|"
        r"(?<!elementor)[#._-](?:rail|widgets?)(?![a-z])(?!-container)",
        Reason.LEGAL: r"copyright|[#._-]legal(?![a-z])|imprint|colophon",
        Reason.MASTHEAD: r"[#._-](?:logo|branding)(?![a-z])|(?<!text-)tagline|slogan|strapline|"
        r"site-(?:title|name|description)",
    },
)
_MENU = re.compile(
    r"^nav\b|[#._-]nav(?:s|bar|igation|list|links?|column|item)?(?![a-z])|[#._-]nav(?=[A-Z_-])|navigation|navbar|"
    r"(?:main|top|sub|site|header|footer|side|mobile|primary|global|mega|desktop)-?nav|menu|breadcrumb|[#._-]crumbs?\b|"
    r"paginat(?:ion|or)|[#._-]pag(?:er|enav|inav)\b|flyout|drawer|burger|[#._-](?:tab-?list|tabs-?nav|nav-tabs|dropdown|toc)(?![a-z])|"
    r"table-?(?:of-?)?contents|skip-?(?:to|link|nav)|(?:language|locale|region|country|store)-?(?:selector|switcher|menu)|"
    r"localization|quick-?links"
)
_INNER_FOOTER = re.compile(
    r"(?:pre|card|post|entry|message|article|modal|section|block|comment|item|story|table)[_-]{0,2}footer"
)
_HEADER = re.compile(r"masthead|[#._-](?:topbar|top-bar|(?:site|page|main|global)[_-]{0,2}header)(?![a-z])|^header\b")
_INNER_HEADER = re.compile(r"hero|article|story|post|entry")
_WHOLE_PAGE = re.compile(r"site|page|global|main")
_MAIN = re.compile(r"^main\b|#(?:main-?)?content\b|#main\b")
_POSTS = re.compile(
    r"message--post|message-(?:cell|inner|footer|attribution|user)|messagecard|crawler-post|ipsentry|ipscomment|"
    r"cauthorpane|postbit|postbody|postprofile|topic-(?:owner|post)|reactionsbar|#pcs?\d|js-post\b|user-details"
)

_KNOWN_FRAME, _MENU_BIT, _FOOTER_BIT, _HEADER_BIT, _MAIN_BIT, _POSTS_BIT = (1 << place for place in range(6))
_FRAME_STEMS = (
    (_KNOWN_FRAME, "nav menu crumb pag toc contents skip tab dropdown flyout drawer burger language locali selector "
    "switcher quick footer header masthead topbar banner main content"),
    (_MENU_BIT, "nav menu crumb paginat pager pagenav paginav flyout drawer burger tablist tab-list dropdown toc "
    "contents skip selector switcher localization quick"),
    (_FOOTER_BIT, "footer"),
    (_HEADER_BIT, "masthead topbar top-bar header"),
    (_MAIN_BIT, "main content"),
    (_POSTS_BIT, "message crawler-post ips cauthorpane postb postprofile topic- reactionsbar #pc js-post user-details"),
)  # fmt: skip


def _all_stems() -> dict[str, int]:
    """What each stem says may match: one pass over a step then tells which of the patterns need be tried."""
    bits: dict[str, int] = {}
    for bit, stems in _FRAME_STEMS:
        for stem in _words(stems):
            bits[stem] = bits.get(stem, 0) | bit
    for table in (_CONTAINERS, _REGIONS):
        for stem, bit in (*table.stems, *((stem, table.gate) for stem in table.known)):
            bits[stem] = bits.get(stem, 0) | bit
    return bits


_SILENT = _Step()
_STEMS = _all_stems()
_BITS = tuple(_STEMS.values())
_FINDER = AhoCorasick(list(_STEMS))


class Paths:
    """What the tag paths of one page say; paths recur from block to block, so each is read once."""

    def __init__(self) -> None:
        self._known: dict[str, Place] = {"": Place()}

    def place(self, path: str) -> Place:
        """Where a block with this path stands."""
        known = self._known.get(path)
        if known is not None:
            return known
        waiting: list[str] = []
        while path not in self._known:  # a loop, as paths can be deeper than Python's stack
            waiting.append(path)
            path = path.rpartition("/")[0]
        place = self._known[path]
        for inner in reversed(waiting):
            name = inner.rpartition("/")[2]
            place = self._known[inner] = _within(place, _read(name))
        return place


@remembered
def _read(name: str) -> _Step:
    """What a step says by itself."""
    step = name.lower()
    bits = 0
    for stem, _, _ in _FINDER.find_matches_as_indexes(step, overlapping=True):
        bits |= _BITS[stem]
    article, entry = step.startswith("article"), step == "li" or step.startswith(("li.", "li#"))
    if not bits and not article and not entry:
        return _SILENT
    frame = _frame(step, bits)
    found = _Step(
        container=_CONTAINERS.read(step, bits),
        region=_REGIONS.read(step, bits),
        frame=frame,
        posts=bits & _POSTS_BIT != 0 and _POSTS.search(step) is not None,
        article=article,
        entry=entry,
        whole=frame is not Frame.NONE and _WHOLE_PAGE.search(step) is not None,
    )
    return _SILENT if found == _SILENT else found


def _frame(step: str, bits: int) -> Frame:
    if not bits & _KNOWN_FRAME:
        return Frame.NONE
    if bits & _MENU_BIT and _MENU.search(step):
        return Frame.MENU
    if bits & _FOOTER_BIT and not _INNER_FOOTER.search(step):
        return Frame.FOOTER
    if bits & _HEADER_BIT and _HEADER.search(step) and not _INNER_HEADER.search(step):
        return Frame.HEADER
    return Frame.MAIN if bits & _MAIN_BIT and _MAIN.search(step) else Frame.NONE


def _within(outer: Place, step: _Step) -> Place:
    """The place inside a step, given the place around it.

    What a frame holds is the frame's first: containers around it no longer speak. A header or a footer inside an
    article is the article's own.
    """
    if step is _SILENT:
        return outer
    article = outer.article or step.article
    frame = step.frame
    if frame in (Frame.HEADER, Frame.FOOTER) and article and not step.whole:
        frame = Frame.NONE
    if frame is Frame.MAIN and outer.frame is Frame.FOOTER:
        frame = Frame.NONE
    starts = frame not in (Frame.NONE, outer.frame)
    container = step.container
    if container is Reason.TAGS and outer.container is Reason.RELATED:
        container = Reason.RELATED
    return Place(
        container or (None if starts else outer.container),
        step.region or (None if starts else outer.region),
        outer.frame if frame is Frame.NONE else frame,
        outer.comments or step.container is Reason.COMMENTS,
        outer.posts or step.posts,
        article,
        outer.items + step.entry,
    )
