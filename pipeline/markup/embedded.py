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
_ATTRIBUTE = re.compile(r"""=(?:"(\s*[{\[][^"]*)"|'(\s*[{\[][^']*)')""")
_NAME_BEFORE = re.compile(r"(?<![^\s\"'])[\w:@.-]+\Z")
_LONGEST_NAME = 60
_LEAST_ATTRIBUTE = 400
_MOST_ATTRIBUTES = 60
# Characters of a page's attributes that are read in all.
_MOST_CHARACTERS = 5_000_000


def scripts(source: str) -> Iterator[tuple[str, str]]:
    """The attributes and the text of each script of a page that closes, in their order."""
    for begin, start, end in _scripts(source):
        yield begin[1], source[start:end]


def attribute_values(source: str) -> Iterator[dict[str, Any]]:
    """What the longest attributes of a page hold as JSON, each under its name, longest first.

    Strings of JSON that stand at the top of such a value are read, too, but none within those, so that each character
    is decoded twice at most. What is no JSON, or goes beyond the length of any page's data, is left out.
    """
    left = _MOST_CHARACTERS
    for name, text in sorted(_attributes(source), key=lambda pair: -len(pair[1]))[:_MOST_ATTRIBUTES]:
        if len(text) > left:
            continue
        left -= len(text)
        value = _loaded(html.unescape(text.replace("&quot;", '"')))  # the commonest one at once
        if isinstance(value, dict):
            yield {name: {key: _unpacked(part) for key, part in value.items()}}
        elif value is not None:
            yield {name: value}


def _attributes(source: str) -> Iterator[tuple[str, str]]:
    """The names and values of the attributes outside scripts that are long and begin as JSON does."""
    markup = _without_scripts(source)
    for match in _ATTRIBUTE.finditer(markup):
        text = match[1] or match[2]
        if len(text) < _LEAST_ATTRIBUTE:
            continue
        before = markup[max(match.start() - _LONGEST_NAME, 0) : match.start()]
        if name := _NAME_BEFORE.search(before):
            yield name[0], text


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
