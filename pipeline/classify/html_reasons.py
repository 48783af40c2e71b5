"""Why a removed HTML block is not the story: from its form, its containers, its words and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec import structs

from pipeline.classify import forms
from pipeline.classify.html_places import Frame, Paths, Place
from pipeline.dates import find_dates, read_dateline
from pipeline.model import Block, Kind, Reason
from pipeline.remember import remembered
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
    def find_each(self, texts: Sequence[str]) -> Sequence[Sequence[Cue]]: ...


class Why(msgspec.Struct, frozen=True, gc=False):
    """The reason of a removal, the rule that gave it, and whether the block says so by its own form."""

    reason: Reason
    rule: str
    apart: bool = False


_IN_MENU = Why(Reason.NAVIGATION, "path:navigation")
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
# The letters that these begin with, whatever their case: the long s is one, and so are the Turkish i's.
_ADVERTISES = frozenset("aAwWpPrR广")
_BY_LETTERS = frozenset("wWpPsSſtTrRbBvViIİı文作记本")
_LABEL_WORDS = 4
_ENTRY_WORDS = 8
_LEGAL_WORDS = 3
_LINKED = 0.5
# What stands in a menu or a footer and is more than an entry of it.
_FORMS = frozenset((Reason.COOKIE_NOTICE, Reason.NEWSLETTER, Reason.DONATION_APPEAL, Reason.COMMENTS, Reason.SHARE))
_IN_FOOTER = frozenset((Reason.COOKIE_NOTICE, Reason.SHARE, Reason.NEWSLETTER, Reason.LEGAL, Reason.MASTHEAD))
_CONTROLS = ("button", "select", "option", "summary")
_CONTACT = re.compile(
    r"[\w.+-]+@\w|\[email|\(?\+?\d[\d ()./-]{6,}\d|\b[A-Z]{2} \d{5}\b|^(?:phone|fax|tel|email|e-mail|address)\b", re.I
)
_CONTACT_SIGNS = re.compile(r"[@\[\d]")
_PRICE = re.compile(r"^\W{0,3}(?:[$€£¥]|usd|eur|chf)? ?\d[\d.,]* ?(?:[$€£¥]|usd|eur|chf)?\W*$", re.I)
_LINE = 80
_LONG_LEGAL = 700
_LONG_BYLINE = 12


def why(block: Block, own: Why | None, cues: Cues, paths: Paths) -> Why:
    """The reason why a block is not the story, by the first of these that speaks; ``own`` is what ``by_itself`` says.

    Its own mark or form; the menu it stands in; a cue that it wholly is; ids and classes from the inside out; cues;
    the frame and the region of the page; its share of links and its length. Cues are looked up only where structure
    has not decided.
    """
    place = paths.place(block.path)
    if own is not None:
        if own.reason is Reason.DUPLICATE_TITLE and place.frame is Frame.MENU:
            return structs.replace(own, reason=Reason.NAVIGATION, rule="path:navigation")
        return own
    linked = block.link_density > _LINKED
    if len(block.text) <= _LINE and forms.is_networks(block.text) and "close" not in block.path.rpartition("/")[2]:
        return Why(Reason.SHARE, "form:networks")
    if place.frame is Frame.MENU and not place.posts and (linked or place.container not in _FORMS):
        return _IN_MENU
    found = cues.find(block.text)
    for cue in found:
        if cue.position == "whole" and not (cue.reason is Reason.OTHER and place.container):
            return Why(cue.reason, f"cue:{cue.id}")
    if contained := _by_container(block, place):
        return contained
    if found:
        reasons = [cue.reason for cue in found]
        cue = found[reasons.index(max(reasons, key=reasons.count))]
        return Why(cue.reason, f"cue:{cue.id}")
    return _by_frame(block, place) or _by_region(block, place)


def _by_container(block: Block, place: Place) -> Why | None:
    reason = place.container
    if place.comments and reason not in (Reason.RELATED, Reason.ADVERTISEMENT, Reason.NEWSLETTER):
        reason = Reason.COMMENTS
    # Figures hold more than captions.
    apart = block.kind in (Kind.TABLE, Kind.HEADING) or block.path.rpartition("/")[2].startswith(_CONTROLS)
    if reason is Reason.CAPTION and apart:
        return _by_region(block, place)
    if reason is not None:
        if place.frame is Frame.FOOTER and block.link_density > _LINKED and reason not in _IN_FOOTER:
            return Why(Reason.NAVIGATION, "path:footer")
        return Why(reason, f"path:{reason.value}")
    return Why(Reason.COMMENTS, "path:post") if place.posts else None


def _by_frame(block: Block, place: Place) -> Why | None:
    """What stands in the header or the footer of a page: links, labels of links, and what its owner says of itself."""
    count = len(block.text.split())
    entry = block.link_density > _LINKED or block.path.rpartition("/")[2].startswith(_CONTROLS)
    if place.frame in (Frame.HEADER, Frame.FOOTER) and _is_contact(block.text):
        return Why(Reason.OTHER, "form:contact")
    if place.frame is Frame.HEADER:
        if place.region is Reason.MASTHEAD or block.kind is Kind.HEADING:
            return Why(Reason.MASTHEAD, "path:masthead")
        return Why(Reason.NAVIGATION if entry or count <= _LABEL_WORDS else Reason.MASTHEAD, "path:header")
    if place.frame is Frame.FOOTER:
        if place.region is Reason.MASTHEAD and not entry:
            return Why(Reason.MASTHEAD, "path:masthead")
        if block.link_density > _LINKED and count >= _ENTRY_WORDS:
            return Why(Reason.RELATED, "form:headline")
        if entry or (block.kind is Kind.HEADING and count <= _ENTRY_WORDS) or count < _LEGAL_WORDS:
            return Why(Reason.NAVIGATION, "path:footer")
        return Why(Reason.LEGAL, "path:footer")
    return None


def _is_contact(text: str) -> bool:
    """Whether a text holds an address or a number; without a sign of them only its first word can tell."""
    return (_CONTACT_SIGNS.search(text) is not None and _CONTACT.search(text) is not None) or bool(_CONTACT.match(text))


def by_itself(block: Block, title_key: str) -> Why | None:
    """What a block says of itself: a copy of the title, its mark, or a form (legal line, source line, byline, date).

    ``title_key`` is the ``block_key`` of the page's title.
    """
    text = block.text
    size = len(text)
    if title_key and size < 2 * len(title_key) + _LABEL_WORDS and _is_title(text, title_key):
        return Why(Reason.DUPLICATE_TITLE, "form:title", apart=True)
    if block.mark == "caption":
        return Why(Reason.CAPTION, "form:caption", apart=True)
    return _by_form(text) if size < _LONG_LEGAL else None


@remembered
def _by_form(text: str) -> Why | None:
    """What a text of some lines at most says by its form."""
    if is_legal(text):
        return Why(Reason.LEGAL, "form:legal")
    return _by_line(text) if len(text) <= _LINE else None


def _by_line(text: str) -> Why | None:
    """What a short line says of itself; a look at its signs and first letter saves most expressions the trial."""
    first = text[:1]
    if (first in _ADVERTISES or not first.isalnum()) and _ADVERTISEMENT.match(text):
        return Why(Reason.ADVERTISEMENT, "form:advertisement", apart=True)
    if not text.isascii() and _CREDIT.search(text):
        return Why(Reason.CAPTION, "form:credit", apart=True)
    if (":" in text or "：" in text) and _SOURCE.match(text):
        return Why(Reason.SOURCE, "form:source", apart=True)
    if "(" in text:  # the agency stands in brackets
        line = read_dateline(text)
        if line is not None and line.whole:
            return Why(Reason.DATELINE, "form:dateline", apart=True)
    if is_byline(text):
        return Why(Reason.BYLINE, "form:byline", apart=True)
    if is_date(text):
        return Why(Reason.DATE, "form:date", apart=True)
    return None


def _is_title(text: str, key: str) -> bool:
    """Whether a text has a title's ``block_key``, which in ASCII is never the longer of the two."""
    return (len(text) >= len(key) or not text.isascii()) and block_key(text) == key


def is_legal(text: str) -> bool:
    """Whether a text claims copyright."""
    lowered = text.lower()
    if text.isascii():
        claims = "all rights reserved" in lowered or "alle rechte vorbehalten" in lowered
    else:
        claims = any(claim in lowered for claim in _CLAIMS)
    return claims or ("(c)" in lowered and _SIGN_AND_YEAR.search(lowered) is not None)


def is_byline(text: str) -> bool:
    """Whether a line says by whom the story is, and little else."""
    return (
        text[:1] in _BY_LETTERS
        and _BY.match(text) is not None
        and len(text.split()) <= _LONG_BYLINE
        and text[-1] not in ".!?"
    )


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


def _by_region(block: Block, place: Place) -> Why:
    count = len(block.text.split())
    region = place.region
    linked = block.link_density > _LINKED
    if region is Reason.SIDEBAR_HEADLINES:
        if (linked and (count < _LABEL_WORDS or place.items > 1)) or (
            block.kind is Kind.ITEM and count <= _LABEL_WORDS
        ):
            return Why(Reason.NAVIGATION, "path:sidebar")
        if not linked and count < _LABEL_WORDS:
            return Why(Reason.SECTION_LABEL, "path:sidebar")
    if _PRICE.match(block.text) and not linked:
        return Why(Reason.OTHER, "form:number")
    if region is not None:
        return Why(region, f"path:{region.value}")
    if linked:
        return Why(Reason.NAVIGATION, "form:links") if count <= _LABEL_WORDS else Why(Reason.RELATED, "form:headline")
    if block.kind is Kind.HEADING and count <= _LABEL_WORDS:
        return Why(Reason.OTHER, "form:label")  # a label above the title is known by its place
    return Why(Reason.AUTHOR_BIO, "form:bio") if forms.is_bio(block.text) else Why(Reason.OTHER, "model")
