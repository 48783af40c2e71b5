"""Mark-up that would cost a parser minutes or gigabytes, told before anything parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Code, DocumentError
from pipeline.settings import Limits

_TAG = re.compile(r"<[a-zA-Z]")
# A name is tried from its first character on alone, and as a whole: a run of 20,000 characters took seconds else.
_ATTRIBUTE = re.compile(r"(?<![^\s=<>\"'/])[^\s=<>\"'/]++\s*=|\s[^\s=<>\"'/]++(?=[\s>])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ENTITY = "<!ENTITY"  # in this case alone, as XML has it
_MOST_ENTITIES = 20
_LONG_TAG = 20_000


def check_markup(html: str, limits: Limits) -> None:
    """Raises ``DocumentError`` for too many entities, tags, or attributes on one tag.

    Plain counts come first: they clear nearly every page in a hundredth of the time of the expressions.
    """
    if html.count(_ENTITY) > _MOST_ENTITIES:
        raise DocumentError(Code.ENTITY_BOMB, f"declares more than {_MOST_ENTITIES} entities")
    if html.count("<") > limits.nodes and (nodes := len(_TAG.findall(html))) > limits.nodes:
        raise DocumentError(Code.TOO_MANY_NODES, f"{nodes:,} tags; the limit is {limits.nodes:,}")
    for piece in _long_pieces(html):
        if not piece[0].isalpha() or 0 <= piece.find(">") <= _LONG_TAG:
            continue
        tag = _QUOTED.sub('""', piece).partition(">")[0]  # what a value holds is no attribute
        attributes = len(_ATTRIBUTE.findall(tag + ">"))
        if attributes > limits.attributes:
            message = f"{attributes:,} attributes on a tag; the limit is {limits.attributes:,}"
            raise DocumentError(Code.TOO_MANY_ATTRS, message)


def _long_pieces(html: str) -> Iterator[str]:
    """The pieces between one ``<`` and the next that are longer than a tag ever is, found in leaps of that length."""
    start = 0
    while len(html) - start > _LONG_TAG:
        near = html.rfind("<", start, start + _LONG_TAG + 1)
        if near < 0:
            end = html.find("<", start)
            yield html[start : end if end >= 0 else None]
            if end < 0:
                return
            near = end
        start = near + 1
