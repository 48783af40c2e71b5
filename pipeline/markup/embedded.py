"""Where a page carries data beside its text: in scripts, and as JSON in attributes of its tags.

The posts of Discourse and the props of Inertia, Rails and Astro stand in attributes. Which products do so, and under
what name, is not asked: a value that is long and is JSON is read, whatever its name.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

# Neither is looked for again where it was not found, so that tags that never close cost one look each.
_SCRIPT = re.compile(r"<script\b([^<>]*)>", re.I)
_SCRIPT_END = re.compile(r"</script", re.I)
# A name has a bounded length and its value follows at once, so that no character is looked at many times.
_ATTRIBUTE = re.compile(r"""(?<=[\s"'])([\w:@.-]{1,60})=(?:"(\s*[{\[][^"]*)"|'(\s*[{\[][^']*)')""")
_LEAST_ATTRIBUTE = 400
_MOST_ATTRIBUTES = 60
_LONGEST_ATTRIBUTE = 5_000_000


def scripts(source: str) -> Iterator[tuple[str, str]]:
    """The attributes and the text of each script of a page that closes, in their order."""
    for begin, start, end in _scripts(source):
        yield begin[1], source[start:end]


def attribute_values(source: str) -> Iterator[dict[str, Any]]:
    """What the longest attributes of a page hold as JSON, each under its name, longest first.

    Strings of JSON that stand at the top of such a value are read, too, but none within those, so that each character
    is decoded twice at most. What is no JSON, or is longer than any page's data, is left out.
    """
    found = []
    for match in _ATTRIBUTE.finditer(_without_scripts(source)):
        text = match[2] or match[3]
        if _LEAST_ATTRIBUTE <= len(text) <= _LONGEST_ATTRIBUTE:
            found.append((match[1], text))
    found.sort(key=lambda pair: -len(pair[1]))
    for name, text in found[:_MOST_ATTRIBUTES]:
        value = _loaded(html.unescape(text))
        if isinstance(value, dict):
            yield {name: {key: _unpacked(part) for key, part in value.items()}}
        elif value is not None:
            yield {name: value}


def _scripts(source: str) -> Iterator[tuple[re.Match[str], int, int]]:
    place = 0
    while (begin := _SCRIPT.search(source, place)) and (end := _SCRIPT_END.search(source, begin.end())):
        yield begin, begin.end(), end.start()
        place = end.end()


def _without_scripts(source: str) -> str:
    pieces = []
    place = 0
    for begin, _, end in _scripts(source):
        pieces.append(source[place : begin.start()])
        place = end
    return "".join([*pieces, source[place:]])


def _unpacked(part: Any) -> Any:
    if isinstance(part, str) and len(part) >= _LEAST_ATTRIBUTE and part.startswith(("{", "[")):
        value = _loaded(part)
        return part if value is None else value
    return part


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
