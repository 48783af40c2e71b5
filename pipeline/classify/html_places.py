"""What the tag path of an HTML block says: the container it stands in, its region, and the frame of the page around it.

The tables read ids and classes as themes and content systems write them: WordPress, Drupal, Shopify, Squarespace,
XenForo, Discourse, Invision, phpBB, vBulletin and the Bootstrap vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ahocorasick_rs import AhoCorasick

from pipeline.model import Reason


def _words(text: str) -> list[str]:
    return text.split()


class Frame(StrEnum):
    """The part of a page that is the same on every page of a site, or the middle that is not."""

    NONE = ""
    MAIN = "main"
    MENU = "menu"
    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Place:
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


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step of a path says by itself."""

    container: Reason | None
    region: Reason | None
    frame: Frame
    posts: bool


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


_STEMS = _all_stems()
_BITS = tuple(_STEMS.values())
_FINDER = AhoCorasick(list(_STEMS))


class Paths:
    """What the tag paths of one page say; steps recur from block to block, so each is read once."""

    def __init__(self) -> None:
        self._known: dict[str, Place] = {"": Place()}
        self._steps: dict[str, _Step] = {}

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
            step = self._steps.get(name)
            if step is None:
                step = self._steps[name] = _read(name.lower())
            place = self._known[inner] = _within(place, step, name)
        return place


def _read(step: str) -> _Step:
    bits = 0
    for stem, _, _ in _FINDER.find_matches_as_indexes(step, overlapping=True):
        bits |= _BITS[stem]
    if not bits:
        return _SILENT
    container, region, frame = _CONTAINERS.read(step, bits), _REGIONS.read(step, bits), _frame(step, bits)
    posts = bits & _POSTS_BIT != 0 and _POSTS.search(step) is not None
    if container is None and region is None and frame is Frame.NONE and not posts:
        return _SILENT
    return _Step(container, region, frame, posts)


_SILENT = _Step(None, None, Frame.NONE, posts=False)


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


def _within(outer: Place, step: _Step, name: str) -> Place:
    """The place inside a step, given the place around it.

    What a frame holds is the frame's first: containers around it no longer speak. A header or a footer inside an
    article is the article's own.
    """
    entry = name == "li" or name.startswith(("li.", "li#"))
    opens = not outer.article and name.startswith("article")
    if step is _SILENT and not entry and not opens:
        return outer
    article = outer.article or opens
    frame = step.frame
    if frame in (Frame.HEADER, Frame.FOOTER) and article and not _WHOLE_PAGE.search(name.lower()):
        frame = Frame.NONE
    if frame is Frame.MAIN and outer.frame is Frame.FOOTER:
        frame = Frame.NONE
    starts = frame not in (Frame.NONE, outer.frame)
    container = step.container
    if container is Reason.TAGS and outer.container is Reason.RELATED:
        container = Reason.RELATED
    return Place(
        container=container or (None if starts else outer.container),
        region=step.region or (None if starts else outer.region),
        frame=outer.frame if frame is Frame.NONE else frame,
        comments=outer.comments or step.container is Reason.COMMENTS,
        posts=outer.posts or step.posts,
        article=article,
        items=outer.items + entry,
    )
