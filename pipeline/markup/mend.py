"""Mark-up that swallows the page, closed where its author forgot to: titles, comments and attributes without an end.

By the book a browser shows such a page empty, too; a text that stands in the source is worth more than the book.
"""

from __future__ import annotations

import re

_TITLE = re.compile(r"<title\b[^>]*>(?![^<]*</title)[^<]*", re.I)
_HEAD = re.compile(r"<head\b", re.I)
_HEAD_END = re.compile(r"</head\b", re.I)
_BODY = re.compile(r"<(?:body|article|main|div|p|h1)\b", re.I)
# A quote that opens an attribute, and the end of its tag and another tag before the quote that should have closed it.
_ATTRIBUTE = re.compile(r"(=\s*([\"'])[^\"'<>]*[^\"'<>\s])(?=>(?:\s*<|[^\W\d_]))")


def mend(source: str) -> str:
    """The source of a page with what never ends closed: the title, the head, a comment, the value of an attribute."""
    source = _TITLE.sub(lambda match: f"{match[0]}</title>", source)
    source = _ATTRIBUTE.sub(r"\1\2", source)
    start = source.rfind("<!--")
    if start >= 0 and "-->" not in source[start:]:
        source = source[:start] + source[start + len("<!--") :]
    head = _HEAD.search(source)
    if head and not _HEAD_END.search(source) and (body := _BODY.search(source, head.end())):
        source = f"{source[: body.start()]}</head>{source[body.start() :]}"
    return source
