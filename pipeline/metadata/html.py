"""Metadata of an HTML page: what the head declares, completed from the page itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.dates import Dateline, find_dates, read_dateline
from pipeline.metadata.language import spoken
from pipeline.model import Document, Judged, Metadata, Page, Reason, Role
from pipeline.text import block_key, fold_space

_SITE_TAIL = re.compile(r"(?:\s+(?:[|–—»·•]|-{1,2}|::)\s+[^|–—»·•]{2,40}|(?<=[\u2e80-\u9fff])[_|-][^_|-]{2,20})$")
# Fields that Chinese pages name in one line below the title.
_NAMED_AUTHOR = re.compile(r"(?:作者|记者|記者)\s*[:：]\s*([\u4e00-\u9fff·]{2,8})")
_NAMED_SOURCE = re.compile(r"(?:来源|來源)\s*[:：]\s*([^\s|:：]{2,20})")
_BY = re.compile(
    r"^(?:(?:words|written|posted|story|text|report(?:ed|ing)?) by|by|von|par|por|di|av|door|autor(?:in)?|author|"
    r"interview|text)\b:?(?:\s+|$)"
    r"|^(?:文|作者|记者|本报记者)\s*[:：/／]?\s*",
    re.I,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|·•@(/]|\s[–—-]\s|,? \b(?:on|published|updated|posted|for|in|at|correspondent|staff|editor)\b|\d).*$", re.I
)
_SOURCE = re.compile(r"^[^:：]{1,20}[:：]\s*")
_EDGES = " \t.,;:|/·•*-–—"
_LEAD = " :|/·•-–—"
_MAX_NAME_WORDS = 8
# Between the names of several authors, in the languages where pages write it out.
_AND = re.compile(r"\s*(?:;|/|&|,?\s(?:and|und|et|og|och|en|y|e|ja|ve|i)\s)\s*(?=[^\W\d_a-z])")
_LONGEST_AUTHOR = 100
_LONGEST_AUTHORS = 400
_NEAR_TITLE = 8
_LONGEST_DATE_LINE = 150


def resolve(page: Page, judged: Sequence[Judged], document: Document) -> Metadata:
    """The metadata of a document, each field with its origin: ``json-ld:…``, ``meta:…``, ``element:…``, ``block:…``.

    What the head declares is completed by the title block, byline, date, dateline, source and caption blocks, and by
    the hints that came with the document (``hint``). Declared fields win, but for a title block on the page; a declared
    author that is the publisher comes last. No clock is read.
    """
    declared = page.metadata
    origins = dict(declared.origins)
    line, line_origin = _dateline(judged)
    source = _credited(judged)

    def first(field: str, *choices: tuple[str | None, str]) -> str | None:
        for value, origin in choices:
            if value:
                origins[field] = origin
                return value
        origins.pop(field, None)
        return None

    found = origins.copy()
    title = first(
        "title",
        (_title_block(judged), "block:title"),
        (_declared_title(declared, found), found.get("title", "")),
        (document.hints.title, "hint"),
    )
    return replace(
        declared,
        title=title,
        author=first(
            "author",
            (_declared_author(declared), found.get("author", "")),
            (_byline(judged), "block:byline"),
            (declared.author if _is_publisher(declared) else None, found.get("author", "")),
        ),
        published=first(
            "published",
            (declared.published, found.get("published", "")),
            (_day(document.hints.date), "hint"),
            *_dates(judged, line, line_origin),
        ),
        dateline=line.text if line else None,
        dateline_place=line.place if line else None,
        dateline_agency=line.agency if line else None,
        source=first("source", (source, "block:source")),
        language=first(
            "language",
            (declared.language or spoken(judged), found.get("language", "text")),
        ),
        canonical_url=first(
            "canonical_url", (declared.canonical_url, found.get("canonical_url", "")), (document.hints.url, "hint")
        ),
        captions=tuple(item.block.text for item in judged if item.verdict.reason is Reason.CAPTION),
        origins=tuple(sorted(origins.items())),
    )


def _title_block(judged: Sequence[Judged]) -> str | None:
    return next((fold_space(item.block.text).lstrip(_LEAD) for item in judged if item.verdict.role is Role.TITLE), None)


def _declared_title(declared: Metadata, origins: dict[str, str]) -> str | None:
    """The declared title; of a title element, without the name of the site that follows a dash or bar."""
    if declared.title and origins.get("title") == "element:title":
        return fold_space(_SITE_TAIL.sub("", declared.title)) or declared.title
    return declared.title


def _declared_author(declared: Metadata) -> str | None:
    """The declared authors, parted by commas, unless they only repeat the publisher or are a sentence."""
    author = declared.author
    if author is None or _is_publisher(declared):
        return None
    names = [fold_space(name) for name in _AND.sub(", ", _BY.sub("", fold_space(author))).split(",")]
    if len(author) > (_LONGEST_AUTHORS if len(names) > 2 else _LONGEST_AUTHOR):
        return None
    return ", ".join(name for name in names if name) or None


def _is_publisher(declared: Metadata) -> bool:
    author, publisher = declared.author, declared.publisher
    return bool(author and publisher) and block_key(author or "") == block_key(publisher or "")


def _byline(judged: Sequence[Judged]) -> str | None:
    for item in judged:
        if item.verdict.keep:
            continue
        if not item.block.text.isascii() and (match := _NAMED_AUTHOR.search(item.block.text)):
            return match.group(1)
        if item.verdict.reason is Reason.BYLINE:
            name = _AFTER_NAME.sub("", _BY.sub("", fold_space(item.block.text))).strip(_EDGES)
            if name and len(name.split()) <= _MAX_NAME_WORDS and not name[0].islower():
                return name
    return None


def _dateline(judged: Sequence[Judged]) -> tuple[Dateline | None, str]:
    """The dateline on a line of its own, or the one that opens the story."""
    for item in judged:
        if item.verdict.reason is Reason.DATELINE and (line := read_dateline(item.block.text)):
            return line, "block:dateline"
    opening = [item for item in judged if item.verdict.role is Role.BODY][:2]
    for item in opening:
        line = read_dateline(item.block.text)
        if line is not None and not line.whole and len(line.text) < len(item.block.text):
            return line, "block:dateline"
    return None, ""


def _dates(judged: Sequence[Judged], line: Dateline | None, line_origin: str) -> list[tuple[str | None, str]]:
    """Dates that the page shows, the likeliest first: its date line near the title, its dateline."""
    choices: list[tuple[str | None, str]] = []
    title = next((index for index, item in enumerate(judged) if item.verdict.role is Role.TITLE), 0)
    near = [
        index
        for index, item in enumerate(judged)
        if abs(index - title) <= _NEAR_TITLE and not item.verdict.keep and len(item.block.text) <= _LONGEST_DATE_LINE
    ]
    plain = (Reason.DATE, Reason.BYLINE)
    for index in sorted(near, key=lambda index: (judged[index].verdict.reason not in plain, abs(index - title))):
        if day := _day(judged[index].block.text):
            choices.append((day, f"block:{judged[index].verdict.reason}"))
    if line is not None and line.date is not None:
        choices.append((line.date.iso, line_origin))
    return choices


def _day(text: str | None) -> str | None:
    dates = [date for date in find_dates(text or "") if date.year]
    return dates[0].iso if dates else None


def _credited(judged: Sequence[Judged]) -> str | None:
    """The agency or outlet that a source line credits."""
    for item in judged:
        if item.verdict.keep:
            continue
        if not item.block.text.isascii() and (match := _NAMED_SOURCE.search(item.block.text)):
            return match.group(1)
        if item.verdict.reason is Reason.SOURCE and (name := _SOURCE.sub("", item.block.text).strip(_EDGES)):
            return fold_space(name)
    return None
