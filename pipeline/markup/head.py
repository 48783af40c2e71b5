"""What the head of a page declares about itself: JSON-LD, Open Graph, meta tags, title and links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from pipeline.model import Metadata
from pipeline.text import fold_space

# Where each field is looked for, best first: (kind of place, key).
_PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "title": (
        ("json-ld", "headline"),
        ("meta", "og:title"),
        ("meta", "twitter:title"),
        ("meta", "dc.title"),
        ("meta", "citation_title"),
        ("meta", "title"),
        ("element", "title"),
    ),
    "author": (
        ("json-ld", "author"),
        ("meta", "author"),
        ("meta", "article:author"),
        ("meta", "dc.creator"),
        ("meta", "citation_author"),
        ("meta", "parsely-author"),
        ("meta", "sailthru.author"),
        ("meta", "byl"),
        ("meta", "twitter:data1"),
    ),
    "published": (
        ("json-ld", "datePublished"),
        ("meta", "article:published_time"),
        ("meta", "datepublished"),
        ("meta", "og:published_time"),
        ("meta", "parsely-pub-date"),
        ("meta", "sailthru.date"),
        ("meta", "dc.date.issued"),
        ("meta", "dcterms.created"),
        ("meta", "dc.date"),
        ("meta", "pubdate"),
        ("meta", "publish-date"),
        ("meta", "date"),
        ("meta", "citation_publication_date"),
        ("json-ld", "dateCreated"),
        ("json-ld", "uploadDate"),
    ),
    "publisher": (
        ("meta", "og:site_name"),
        ("json-ld", "publisher"),
        ("meta", "application-name"),
        ("meta", "dc.publisher"),
    ),
    "language": (("element", "lang"), ("json-ld", "inLanguage"), ("meta", "og:locale"), ("meta", "content-language")),
    "canonical_url": (("element", "canonical"), ("meta", "og:url"), ("json-ld", "url")),
}
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})(?!\d)")
_ADDRESS = re.compile(r"https?://|www\.|^@|^[\w.-]+@")
_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report|Review|Recipe|Product|NewsAr|HowTo|QAPage|DiscussionForum")
_MAX_TITLE = 400


def read_head(root: etree._Element, linked_data: Sequence[str]) -> tuple[Metadata, Mapping[str, str]]:
    """The metadata that a page declares, each field with its origin, and the longer declared texts by name.

    The texts (``description``, ``body``) are what the publisher says the page is about; they serve as features.
    """
    found: dict[tuple[str, str], str] = {}
    for key, value in (*_elements(root), *_meta(root), *_linked_data(linked_data)):
        found.setdefault(key, value)
    fields: dict[str, str] = {}
    origins: list[tuple[str, str]] = []
    for field, places in _PLACES.items():
        for place in places:
            if valid := _valid(field, found.get(place, "")):
                fields[field] = valid
                origins.append((field, f"{place[0]}:{place[1]}"))
                break
    texts = {
        "description": found.get(("meta", "og:description")) or found.get(("meta", "description")) or "",
        "body": found.get(("json-ld", "articleBody"), ""),
        "type": found.get(("json-ld", "@type"), ""),
        "og_type": found.get(("meta", "og:type"), ""),
        "element_title": found.get(("element", "title"), ""),
    }
    metadata = Metadata(
        title=fields.get("title"),
        author=fields.get("author"),
        published=fields.get("published"),
        publisher=fields.get("publisher"),
        language=fields.get("language"),
        canonical_url=fields.get("canonical_url"),
        origins=tuple(origins),
    )
    return metadata, texts


def _valid(field: str, value: str) -> str | None:
    if field == "published":
        return iso_date(value)
    if field == "language":
        code = re.split(r"[-_]", value.strip())[0].lower()
        return code if 2 <= len(code) <= 3 and code.isalpha() else None
    if field == "author":
        return None if not value or _ADDRESS.search(value) else value
    return value[:_MAX_TITLE] or None


def iso_date(text: str) -> str | None:
    """The first year-month-day of a text as ISO 8601, or nothing when it holds none that exists."""
    match = _ISO_DATE.search(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in (match.groups()[:3] if match.group(1) else match.groups()[3:]))
    if not (1980 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _elements(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    if lang := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"):
        yield ("element", "lang"), lang
    title = root.find("head/title")
    if title is None:
        title = root.find(".//title")
    if title is not None and (text := fold_space("".join(title.itertext()))):
        yield ("element", "title"), text
    for link in root.iter("link"):
        if link.get("rel", "").lower() == "canonical" and (href := link.get("href", "").strip()):
            yield ("element", "canonical"), href


def _meta(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    for meta in root.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        content = meta.get("content")
        if key and content and (text := fold_space(content)):
            yield ("meta", key.strip().lower()), text


def _linked_data(scripts: Sequence[str]) -> Iterator[tuple[tuple[str, str], str]]:
    items = [item for script in scripts for item in _items(script)]
    items.sort(key=lambda item: not _ARTICLE_TYPE.search(_plain(item.get("@type"))))
    for item in items:
        if not _ARTICLE_TYPE.search(_plain(item.get("@type"))):
            continue
        for key in (
            "@type",
            "headline",
            "datePublished",
            "dateCreated",
            "uploadDate",
            "inLanguage",
            "articleBody",
            "url",
        ):
            if text := _plain(item.get(key)):
                yield ("json-ld", key), text
        for key in ("author", "publisher"):
            if text := _names(item.get(key)):
                yield ("json-ld", key), text


def _items(script: str) -> Iterator[dict[str, Any]]:
    try:
        data = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return
    waiting = [data]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, dict):
            yield item
            waiting += [
                item[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(item.get(key), list | dict)
            ]


def _plain(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return fold_space(value) if isinstance(value, str) else ""


def _names(value: object) -> str:
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for name in map(_names, value) if name))
    return fold_space(value) if isinstance(value, str) else ""
