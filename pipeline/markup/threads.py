"""The posts of a forum in the data of a page, where writer, time and counts are fields beside what was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.markup.fields import as_markup, is_marked_up, is_text, prose

# What a post says of itself. An article in a list of articles bears a title of its own.
_WRITER = re.compile(r"user(?:_?name)?|author(?:_?name)?|poster|member|nick(?:_?name)?", re.I)
_OWN_TITLE = re.compile(r"title|headline|heading|subject", re.I)


def posts(values: Sequence[Any]) -> tuple[str, ...]:
    """The posts of a thread, each as an element: a list of objects that all say who wrote them and bear no title.

    Nothing where the list is something else. What was written stands in the field that holds most prose.
    """
    found = [value for value in values if isinstance(value, dict) and _is_post(value)]
    if len(found) < len(values):
        return ()
    sizes: Counter[str] = Counter()
    for post in found:
        sizes.update({name: prose(text) for name, text in post.items() if is_text(name, text)})
    if not sizes:
        return ()
    field = max(sizes, key=lambda name: sizes[name])
    texts = [text for post in found if isinstance(text := post.get(field), str) and text.strip()]
    if not any(map(is_marked_up, texts)):
        texts = list(map(as_markup, texts))
    return tuple(f'<div class="post">{text}</div>' for text in texts)


def _is_post(item: dict[str, Any]) -> bool:
    written = any(_WRITER.fullmatch(name) and value for name, value in item.items())
    return written and not any(_OWN_TITLE.fullmatch(name) and value for name, value in item.items())
