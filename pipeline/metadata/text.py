"""What a plain-text page says of itself: title, author, date, dateline, source, publisher, captions, language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.dates import Date, Dateline, find_dates, read_dateline
from pipeline.metadata.language import spoken
from pipeline.model import Document, Judged, Metadata, Page, Reason, Role

_BY = re.compile(
    r"^(?:(?i:(?:written |story |text |report |reporting )?by|von|par|por|di|autor(?:in)?:|author:|auteur ?:|text:)\s+"
    r"|(?:(?:本报|新华社|特约)?记者|作者|文|撰文|编辑|责任编辑)[ ]?[:：/／丨|][ ]?)"
)
_AFTER_NAME = re.compile(
    r"\s*(?:[;|/·•]| [-–—] |,? (?i:(?:for|in|at|from|updated|published|posted)\b)"
    r"|,(?i:.*\b(?:correspondent|reporter|editor|writer|redakteur|redakteurin|journaliste|redactor|redactora)\b)).*$"
)
_EDGES = " \t.,;:|/·•*-–—"
_SOURCE = re.compile(r"^[^:：]{1,30}[:：]\s*")
_NOT_OF_THIS_STORY = {Reason.TEASER, Reason.SIDEBAR_HEADLINES, Reason.RELATED, Reason.COMMENTS, Reason.LEGAL}


def resolve(page: Page, judged: Sequence[Judged], document: Document) -> Metadata:
    """Everything known of a plain-text document beside its text; ``origins`` names the line each field comes from.

    A date without a year takes it from the nearest dated line outside the story (a date line, a caption), and its
    origin says so; where there is none, ``published`` stays without a year (``--04-24``).
    """
    found = replace(page.metadata)
    origins: list[tuple[str, str]] = []

    def note(field: str, value: str | None, origin: str) -> str | None:
        if value:
            origins.append((field, origin))
        return value

    title = next((item for item in judged if item.verdict.role is Role.TITLE), None)
    line, line_origin = _dateline(judged)
    published, date_origin = _published(judged, line, page.metadata.published, line_origin)
    author, author_origin = _author(judged)
    source = _first(judged, Reason.SOURCE)
    masthead = _first(judged, Reason.MASTHEAD)
    credited = _SOURCE.sub("", source.block.text).strip(_EDGES) if source else None
    agency = line.agency if line else None
    return replace(
        found,
        title=note("title", title.block.text, _line(title)) if title else note("title", found.title, "hint"),
        author=note("author", author, author_origin),
        published=note("published", published, date_origin),
        dateline=note("dateline", line.text, line_origin) if line else None,
        dateline_place=line.place if line else None,
        dateline_agency=agency,
        source=note("source", credited, _line(source)) if source and credited else note("source", agency, "dateline"),
        publisher=note("publisher", masthead.block.text.strip(_EDGES), _line(masthead))
        if masthead
        else found.publisher,
        language=spoken(judged),
        captions=tuple(i.block.text for i in judged if i.verdict.reason is Reason.CAPTION),
        origins=tuple(origins),
    )


def _line(item: Judged) -> str:
    return f"line {item.block.line}"


def _first(judged: Sequence[Judged], reason: Reason) -> Judged | None:
    return next((item for item in judged if item.verdict.reason is reason), None)


def _dateline(judged: Sequence[Judged]) -> tuple[Dateline | None, str]:
    """The dateline on a line of its own, or the one that opens the story."""
    alone = _first(judged, Reason.DATELINE)
    if alone is not None and (line := read_dateline(alone.block.text)):
        return line, _line(alone)
    body = [item for item in judged if item.verdict.role is Role.BODY]
    for item in body[:2]:
        line = read_dateline(item.block.text)
        if line is not None and not line.whole and len(line.text) < len(item.block.text):
            return line, _line(item)
    return None, ""


def _published(
    judged: Sequence[Judged], line: Dateline | None, hinted: str | None, line_origin: str
) -> tuple[str | None, str]:
    if hinted:
        dates = find_dates(hinted)
        return (dates[0].iso, "hint") if dates else (None, "")
    dated = _first(judged, Reason.DATE)
    if dated is not None:
        dates = find_dates(dated.block.text)
        if dates and dates[0].year:
            return dates[0].iso, _line(dated)
    if line is None or line.date is None:
        return None, ""
    if line.date.year:
        return line.date.iso, line_origin
    evidence = _year_evidence(judged, line.date)
    if evidence is None:
        return line.date.iso, f"{line_origin} (no year)"
    year, item = evidence
    return replace(line.date, year=year).iso, f"{line_origin}; year from {item.verdict.reason} in {_line(item)}"


def _year_evidence(judged: Sequence[Judged], date: Date) -> tuple[int, Judged] | None:
    """The year of the nearest date outside the story that names the same day, or a day less than a fortnight off."""
    best: tuple[int, int, Judged] | None = None
    for item in judged:
        if item.verdict.role is not Role.REMOVED or item.verdict.reason in _NOT_OF_THIS_STORY:
            continue
        for other in find_dates(item.block.text):
            distance = abs((other.month * 30 + other.day) - (date.month * 30 + date.day))
            if other.year and distance < 14 and (best is None or distance < best[0]):
                best = distance, other.year, item
    return (best[1], best[2]) if best else None


def _author(judged: Sequence[Judged]) -> tuple[str | None, str]:
    for item in judged:
        if item.verdict.reason is not Reason.BYLINE:
            continue
        name = _AFTER_NAME.sub("", _BY.sub("", item.block.text)).strip(_EDGES)
        if name:
            return name, _line(item)
    return None, ""
