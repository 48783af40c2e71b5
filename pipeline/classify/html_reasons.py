"""Why a removed HTML block is not the story: from its form, its containers, its words and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ahocorasick_rs import AhoCorasick

from pipeline.dates import find_dates, read_dateline
from pipeline.model import Block, Kind, Reason
from pipeline.text import block_key


class Cue(Protocol):
    """What is read of a cue."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> Reason: ...
    @property
    def position(self) -> str: ...


class Cues(Protocol):
    """What is asked of a cue table."""

    def find(self, text: str) -> Sequence[Cue]: ...


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a removal, the rule that gave it, and whether the block says so by its own form."""

    reason: Reason
    rule: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """Patterns for one step of a path, in lower case; steps without any of the stems need not be tried."""

    stems: AhoCorasick
    patterns: tuple[tuple[Reason, re.Pattern[str]], ...]

    def read(self, step: str) -> Reason | None:
        lowered = step.lower()
        if not self.stems.find_matches_as_indexes(lowered):
            return None
        return next((reason for reason, pattern in self.patterns if pattern.search(lowered)), None)


def _patterns(stems: str, table: dict[Reason, str]) -> _Table:
    return _Table(AhoCorasick(stems.split()), tuple((reason, re.compile(pattern)) for reason, pattern in table.items()))


# Ids and classes on one step of a path that leave little doubt, then those that name a region of the page.
_CONTAINERS = _patterns(
    "cookie consent gdpr cmp onetrust ot- didomi usercentrics comment disqus respond komment replies donat fundrais "
    "support spenden newsletter mail sign mc4wp mc_embed paywall regwall subscri premium member piano shar social "
    "addthis follow ad sponsor anzeige werbung author bio by autor contributor caption cap figure credit time date "
    "publish posted tag keyword categor topic related recommend outbrain taboola read more similar you most trending "
    "latest popular recent",
    {
        Reason.COOKIE_NOTICE: r"cookie|consent|gdpr|onetrust|#ot-|didomi|usercentrics",
        Reason.COMMENTS: r"[#.](?:\w+[_-]+)*(?:comments?|commentlist|disqus|respond|kommentare?|replies)(?![a-z])",
        Reason.DONATION_APPEAL: r"donat|fundrais|support-us|spenden",
        Reason.NEWSLETTER: r"newsletter|mailchimp|mailing-?list|sign-?up|mc4wp|mc_embed",
        Reason.SUBSCRIPTION: r"paywall|regwall|subscri|premium-offer|membership|piano",
        Reason.SHARE: r"[#._-](?:shar(?:e|es|ing)|social\w*|addthis|sharedaddy|follow)(?![a-z])",
        Reason.ADVERTISEMENT: r"[#._-](?:ads?|advert\w*|adslot|sponsor\w*|anzeige|werbung)(?![a-z])",
        Reason.AUTHOR_BIO: r"author[_-]*(?:bio|box|info|card|desc|about|profile)|about[_-]*(?:the-)?author|[#._-]bio\b",
        Reason.BYLINE: r"by-?lines?\b|[#._-](?:authors?|autor|contributors?)(?![a-z])",
        Reason.CAPTION: r"^(?:figcaption|figure|caption)\b|[._-](?:captions?|credits?|cap)(?![a-z])",
        Reason.DATE: r"^time\b|timestamp|[#._-](?:date|time|datetime|pubdate|published|posted-?on)(?![a-z])",
        Reason.TAGS: r"[#._-](?:(?:tag|cat)s?-?(?:list|cloud|links)|tags?|keywords|categor(?:y|ies)|topics?)(?![a-z-])",
        Reason.RELATED: r"related|recommend|outbrain|taboola|read-?(?:more|next|also)|more-?(?:from|stories|news)|"
        r"similar|you-?may",
        Reason.SIDEBAR_HEADLINES: r"most-?(?:read|popular|viewed)|trending|[#._-](?:latest|popular)|recent-?posts",
    },
)
_REGIONS = _patterns(
    "nav menu breadcrumb pag toc skip tab dropdown kicker eyebrow section teaser card tile promo excerpt aside sidebar "
    "rail widget copyright legal disclaimer imprint colophon footer masthead logo branding topbar header",
    {
        Reason.NAVIGATION: r"^nav\b|[#._-](?:nav\w*|menu\w*|breadcrumbs?|pagination|pager|toc|skip\w*|tabs?|dropdown)"
        r"(?![a-z])",
        Reason.SECTION_LABEL: r"kicker|eyebrow|section-?(?:label|name|title)",
        Reason.TEASER: r"teaser|[#._-](?:cards?|tiles?|promo\w*)(?![a-z])|excerpt",
        Reason.SIDEBAR_HEADLINES: r"^aside\b|sidebar|[#._-](?:rail|widgets?)(?![a-z])",
        Reason.LEGAL: r"copyright|[#._-]legal|disclaimer|imprint|colophon|^footer(?![\w.#-]*-footer)\b|"
        r"[#.](?:page-|site-|main-)?footer",
        Reason.MASTHEAD: r"masthead|[#._-](?:logo|branding|topbar|(?:site|page|main)-?header)(?![a-z])|^header\b",
    },
)
_CLAIMS = ("©", "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "版权所有")
_SIGN_AND_YEAR = re.compile(r"\(c\) ?(?:19|20)\d\d")
_CLOCK = re.compile(r"\d?\d[:.h]\d\d(?::\d\d)?")
_DIGIT = re.compile(r"\d")
_HOUR = re.compile(
    r"^[\s(\[]*(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?: ?(?:uhr|h|[ap]\.?m\.?|[a-z]{2,4}))?\W*$", re.I
)
_AGO = re.compile(r"^\W*(?:\w+ )?\d+ (?:min(?:ute)?|hour|day|week|month|year)s? ago\W*$", re.I)
_DATE_WORDS = re.compile(
    r"\b(?:published|updated|posted|last|modified|on|at|created|date|stand|veröffentlicht|aktualisiert|publié|le|am|um|"
    r"uhr|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|day|gmt|bst|utc|[ce]s?t|[ap]m|publicado|el|de)\b",
    re.I,
)
_BY = re.compile(
    r"(?i:(?:(?:words|written|posted|story|text|report(?:ed|ing)?|reviewed|photos?|photographs?) by|by|von|par|por)\b:?"
    r"\s+)"
    r"[^\W\d_a-zß-ÿ]|(?i:interview|text|story|report)\s?:\s[^\W\d_a-zß-ÿ]|(?:文|作者|记者|本报记者)[:：/／]"
)
_SOURCE = re.compile(r"^(?:sources?|quellen?|fuentes?|来源|來源|via)\s*[:：]", re.I)
_CREDIT = re.compile(r"(?:摄影?|攝|供图|资料图)[)）]?$")
_ADVERTISEMENT = re.compile(
    r"\W*(?:advertisements?|advertising|anzeigen?|werbung|publicité|publicidad|pubblicità|reklam[ae]?|advertentie|annons|广告)\W*$",
    re.I,
)
_LABEL_WORDS = 4
_LEGAL_WORDS = 3
_LINKED = 0.5
_ALL_LINK = 0.8
# A menu entry is one whatever it names: a topic, a service, a membership.
_LESS_THAN_MENUS = frozenset(
    (Reason.TAGS, Reason.SIDEBAR_HEADLINES, Reason.SUBSCRIPTION, Reason.CAPTION, Reason.RELATED)
)
_APART = frozenset((Reason.CAPTION, Reason.COMMENTS, Reason.AUTHOR_BIO))
_LINK_LISTS = frozenset((Reason.RELATED, Reason.SIDEBAR_HEADLINES, Reason.SHARE, Reason.TAGS))
_LINE = 80
_LONG_LEGAL = 700
_LONG_BYLINE = 12


class Paths:
    """What the tag paths of one page say; steps recur from block to block, so each is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Reason | None] = {}
        self._steps: dict[tuple[str, str], Reason | None] = {}

    def container(self, path: str) -> Reason | None:
        """The reason of the innermost container that leaves little doubt."""
        return self._innermost(path, "container", _CONTAINERS)

    def region(self, path: str) -> Reason | None:
        """The reason of the innermost region of the page around a block."""
        return self._innermost(path, "region", _REGIONS)

    def _innermost(self, path: str, name: str, table: _Table) -> Reason | None:
        waiting: list[str] = []
        while path and (name, path) not in self._known:  # a loop, as paths can be deeper than Python's stack
            waiting.append(path)
            path = path.rpartition("/")[0]
        reason = self._known.get((name, path))
        for inner in reversed(waiting):
            reason = self._step(inner.rpartition("/")[2], name, table) or reason
            self._known[name, inner] = reason
        return reason

    def _step(self, step: str, name: str, table: _Table) -> Reason | None:
        if (name, step) not in self._steps:
            self._steps[name, step] = table.read(step)
        return self._steps[name, step]


def why(block: Block, title_key: str, cues: Cues, paths: Paths) -> Why:
    """The reason why a block is not the story, by the first of these that speaks; ``title_key`` is a ``block_key``.

    A copy of the title; its own mark or form (legal line, source line, dateline, byline, date); a cue that it wholly
    is; ids and classes from the inside out; cues; the region of the page; its share of links and its length.
    """
    if own := _by_itself(block, title_key):
        return own
    found = cues.find(block.text)
    for cue in found:
        if cue.position == "whole":
            return Why(cue.reason, f"cue:{cue.id}")
    region = paths.region(block.path)
    reason = paths.container(block.path)
    if reason is not None and not (region is Reason.NAVIGATION and reason in _LESS_THAN_MENUS):
        linked = block.link_density > _ALL_LINK and reason in _LINK_LISTS
        return Why(reason, f"path:{reason.value}", apart=linked or reason in _APART)
    if found:
        return Why(found[0].reason, f"cue:{found[0].id}")
    return _by_region(block, region)


def _by_itself(block: Block, title_key: str) -> Why | None:
    text = block.text
    if title_key and _may_be(text, title_key) and block_key(text) == title_key:
        return Why(Reason.DUPLICATE_TITLE, "form:title", apart=True)
    if block.mark == "caption":
        return Why(Reason.CAPTION, "form:caption", apart=True)
    if len(text) < _LONG_LEGAL and is_legal(text):
        return Why(Reason.LEGAL, "form:legal")
    if len(text) > _LINE:
        return None
    if _ADVERTISEMENT.match(text):
        return Why(Reason.ADVERTISEMENT, "form:advertisement", apart=True)
    if not text.isascii() and _CREDIT.search(text):
        return Why(Reason.CAPTION, "form:credit", apart=True)
    if _SOURCE.match(text):
        return Why(Reason.SOURCE, "form:source", apart=True)
    line = read_dateline(text)
    if line is not None and line.whole:
        return Why(Reason.DATELINE, "form:dateline", apart=True)
    if is_byline(text):
        return Why(Reason.BYLINE, "form:byline", apart=True)
    if is_date(text):
        return Why(Reason.DATE, "form:date", apart=True)
    return None


def _may_be(text: str, key: str) -> bool:
    """Whether the length of a text allows of its ``block_key`` being this one; in ASCII a key is never the longer."""
    return len(text) < 2 * len(key) + _LABEL_WORDS and (len(text) >= len(key) or not text.isascii())


def is_legal(text: str) -> bool:
    """Whether a text claims copyright."""
    lowered = text.lower()
    return any(claim in lowered for claim in _CLAIMS) or (
        "(c)" in lowered and _SIGN_AND_YEAR.search(lowered) is not None
    )


def is_byline(text: str) -> bool:
    """Whether a line says by whom the story is, and little else."""
    return _BY.match(text) is not None and len(text.split()) <= _LONG_BYLINE and text[-1] not in ".!?"


def is_date(text: str) -> bool:
    """Whether a line is a date or a time of day, and nothing else."""
    if _DIGIT.search(text) is None:
        return False
    if _HOUR.match(text) or _AGO.match(text):
        return True
    dates = find_dates(text)
    if not dates:
        return False
    rest = text
    for date in reversed(dates):
        rest = rest[: date.start] + rest[date.end :]
    rest = _CLOCK.sub("", rest)
    return _DIGIT.search(rest) is None and len(re.sub(r"[\W_]+", "", _DATE_WORDS.sub("", rest))) <= _LABEL_WORDS


def _by_region(block: Block, region: Reason | None) -> Why:
    count = len(block.text.split())
    linked = block.link_density > _LINKED and block.kind is not Kind.HEADING
    if region in (Reason.LEGAL, Reason.MASTHEAD) and (linked or (region is Reason.LEGAL and count < _LEGAL_WORDS)):
        return Why(Reason.NAVIGATION, f"path:{region.value}")
    if region is Reason.SIDEBAR_HEADLINES and count < _LABEL_WORDS:
        return Why(Reason.NAVIGATION if linked else Reason.SECTION_LABEL, "path:sidebar")
    if region is not None:
        return Why(region, f"path:{region.value}")
    if linked:
        return Why(Reason.NAVIGATION, "form:links") if count <= _LABEL_WORDS else Why(Reason.RELATED, "form:headline")
    if block.kind is Kind.HEADING and count <= _LABEL_WORDS:
        return Why(Reason.SECTION_LABEL, "form:label")
    return Why(Reason.OTHER, "model")
