"""Declared metadata: the best place wins, and every field says where it was found."""

from __future__ import annotations

import pytest

from pipeline.markup import segment
from pipeline.markup.head import iso_date
from pipeline.model import Document, MediaType, Metadata


def declared(head: str) -> Metadata:
    source = f"<html lang='en-GB'><head>{head}</head><body><p>Text</p></body></html>"
    return segment(Document("x", "x", MediaType.HTML, "utf-8", "", source)).metadata


ARTICLE = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "The Harbour Post"},
{"@type": "NewsArticle", "headline": "Ferry returns", "datePublished": "2024-03-05T10:00:00Z",
"author": [{"@type": "Person", "name": "Ada Lind"}, {"name": "Bo Ek"}],
"publisher": {"name": "Harbour Post"}}]}</script>"""

CASES = {
    "title element": ("<title>Ferry returns</title>", "title", "Ferry returns", "element:title"),
    "open graph before title": (
        "<title>Ferry returns | Post</title><meta property='og:title' content='Ferry returns'>",
        "title",
        "Ferry returns",
        "meta:og:title",
    ),
    "json-ld title": (ARTICLE, "title", "Ferry returns", "json-ld:headline"),
    "json-ld authors": (ARTICLE, "author", "Ada Lind, Bo Ek", "json-ld:author"),
    "json-ld date": (ARTICLE, "published", "2024-03-05", "json-ld:datePublished"),
    "json-ld publisher": (ARTICLE, "publisher", "Harbour Post", "json-ld:publisher"),
    "meta author": ("<meta name='author' content='Ada Lind'>", "author", "Ada Lind", "meta:author"),
    "an address is no author": ("<meta name='author' content='https://x.test/ada'>", "author", None, None),
    "meta date": (
        "<meta property='article:published_time' content='2023-11-02'>",
        "published",
        "2023-11-02",
        "meta:article:published_time",
    ),
    "language": ("", "language", "en", "element:lang"),
    "canonical": (
        "<link rel='canonical' href='https://x.test/a'>",
        "canonical_url",
        "https://x.test/a",
        "element:canonical",
    ),
    "broken json-ld": ("<script type='application/ld+json'>{oops</script>", "title", None, None),
}


@pytest.mark.parametrize(("head", "field", "value", "origin"), CASES.values(), ids=CASES.keys())
def test_declared(head: str, field: str, value: str | None, origin: str | None) -> None:
    found = declared(head)
    assert getattr(found, field) == value
    assert dict(found.origins).get(field) == origin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05T10:00:00+01:00", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("2024-13-05", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_iso_date(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected
