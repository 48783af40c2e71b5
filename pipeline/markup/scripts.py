"""Stories that stand in no element of a page but in its data: JSON-LD, and the state of an app.

A page that a browser is to build (Next.js, Nuxt, Apollo, Arc, WordPress behind React, Discourse) carries its text as
JSON, in scripts or attributes: as one string of text or mark-up, as a list of paragraphs, or as the posts of a thread.
What is prose, and where it hangs, tells the story from settings.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.markup.embedded import attribute_values, scripts
from pipeline.markup.fields import as_markup, is_text, may_hold_text, no_story, prose, sentences
from pipeline.markup.threads import posts
from pipeline.model import THREAD
from pipeline.text import block_key

_SCRIPT = "script:"
_ATTRIBUTE = "attribute:"
_FROM_ELSEWHERE = re.compile(r"\bsrc\s*=", re.I)
# Where a value of JSON may begin in a program: after =, (, a comma or a colon; JSON.parse takes a string of JSON.
_BEGIN = re.compile(r"""[=(]\s*(?=[{\[]\s*["{\[\d])|JSON\.parse\(\s*(?=")""")
_FLIGHT = "__next_f"
_FLIGHT_TEXT = re.compile(rb"(?:^|\n)[0-9a-f]+:T([0-9a-f]+),")
_FLIGHT_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])", re.M)
_BODY = "articleBody"
_DECLARED = re.compile(r'"articleBody"\s*:\s*"(?:[^"\\]|\\.)*')
_JSON_LD = "ld+json"
_LEAST_SCRIPT = 300
_LEAST_PROSE = 400
_LEAST_UNTITLED = 2_000
_LEAST_TITLE = 12
_LEAST_SENTENCES = 3
_MAX_ATTEMPTS = 60
_MAX_VALUES = 200_000
_LONGEST_PARAGRAPH = 3_000
_RIVAL = 0.5
# As many as a page may have.
_MOST_TAGS = 50_000


@dataclass(frozen=True, slots=True)
class Story:
    """The mark-up of a story found in a page's data, how many characters of prose it holds, and where it hung.

    ``origin`` is ``json-ld:articleBody``, or ``script:`` or ``attribute:`` and the name of the field; ``thread:`` and
    that name for the posts of a forum, wherever they stood.
    """

    markup: str
    prose: int
    origin: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    parts: tuple[str, ...]
    prose: int
    origin: str
    titled: bool


def declared_story(source: str, least: int = _LEAST_PROSE) -> Story | None:
    """The longest ``articleBody`` that a page declares in JSON-LD, if it holds so many characters of prose."""
    if _BODY not in source or max((len(match[0]) for match in _DECLARED.finditer(source)), default=0) < least:
        return None
    found = [
        _Candidate((text,), prose(text), f"json-ld:{_BODY}", titled=True)
        for kind, script in _scripts(source)
        if _JSON_LD in kind and _BODY in script
        for value in _loaded(script)
        for _, item in _objects(value)
        if isinstance(text := item.get(_BODY), str)
    ]
    best = max(found, key=lambda candidate: candidate.prose, default=None)
    return _story(best) if best is not None and best.prose >= least else None


def hidden_story(source: str, title: str) -> Story | None:
    """The story of a page that stands in its data alone, or nothing that is surely one.

    A declared ``articleBody`` comes first. Else it is the longest prose under a name that speaks of text, hanging
    from the object that bears the page's ``title``; without a title, the longest by far, but none of an
    attribute, whose data may be that of any part of the page. The posts of a thread count as one text.
    """
    if (declared := declared_story(source)) is not None:
        return declared
    found = [
        candidate
        for place, values in ((_SCRIPT, _values(source)), (_ATTRIBUTE, attribute_values(source)))
        for value in values
        for titled, item in _objects(value, block_key(title))
        for candidate in _candidates(item, titled, place)
        if titled or not candidate.origin.startswith(_ATTRIBUTE)
    ]
    found.sort(key=lambda candidate: (-candidate.titled, -candidate.prose))
    if not found:
        return None
    best = found[0]
    rivals = [other for other in found[1:] if other.prose > _RIVAL * best.prose and not _is_within(other, best)]
    if not best.titled and (rivals or best.prose < _LEAST_UNTITLED):
        return None
    return _story(best)


def _is_within(other: _Candidate, best: _Candidate) -> bool:
    """Whether a text is the same as another, or a post of it."""
    if not best.origin.startswith(THREAD):
        return other.parts == best.parts
    return all(any(part in post for post in best.parts) for part in other.parts)


def _story(candidate: _Candidate) -> Story:
    return Story("\n".join(map(as_markup, candidate.parts)), candidate.prose, candidate.origin)


def _scripts(source: str) -> Iterator[tuple[str, str]]:
    for attributes, text in scripts(source):
        if (len(text) >= _LEAST_SCRIPT or _FLIGHT in text) and not _FROM_ELSEWHERE.search(attributes):
            yield attributes.lower(), text


def _values(source: str) -> Iterator[Any]:
    """The JSON values in the scripts of a page, and the texts that React sends in pieces ("flight")."""
    flight: list[str] = []
    for kind, script in _scripts(source):
        for value in _loaded(script) if "json" in kind else _embedded(script):
            match value:
                case [1, str(piece)]:
                    flight.append(piece)
                case _:
                    yield value
    if flight:
        yield from _flight("".join(flight))


def _loaded(script: str) -> Iterator[Any]:
    try:
        yield json.loads(html.unescape(script) if script.lstrip().startswith("{&quot;") else script, strict=False)
    except (ValueError, RecursionError):
        return


def _embedded(script: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    place = 0
    for _ in range(_MAX_ATTEMPTS):
        match = _BEGIN.search(script, place)
        if match is None:
            return
        place = match.end()
        try:
            value, place = decoder.raw_decode(script, place)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, str):
            yield from _loaded(value)
        else:
            yield value


def _flight(text: str) -> Iterator[Any]:
    data = text.encode("utf-8", "replace")
    texts = [
        data[match.end() : match.end() + int(match[1], 16)].decode("utf-8", "replace")
        for match in _FLIGHT_TEXT.finditer(data)
    ]
    yield {"text": max(texts, key=prose, default="")}
    decoder = json.JSONDecoder(strict=False)
    for match in _FLIGHT_ROW.finditer(text):
        try:
            yield decoder.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            continue


def _objects(value: Any, title: str = "") -> Iterator[tuple[bool, dict[str, Any]]]:
    """All objects of a value, and whether they or the object around them bear the title."""
    waiting: list[tuple[bool, Any]] = [(False, value)]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        titled, item = waiting.pop()
        if isinstance(item, list):
            waiting += [(titled, part) for part in reversed(item) if isinstance(part, list | dict)]
        elif isinstance(item, dict):
            own = bool(title) and any(
                isinstance(text, str) and _LEAST_TITLE <= len(text) < _LEAST_PROSE and _is_title(block_key(text), title)
                for text in item.values()
            )
            yield own or titled, item
            waiting += [
                (own or titled, part)
                for name, part in reversed(item.items())
                if isinstance(part, list | dict) and not no_story(name)
            ]


def _is_title(key: str, title: str) -> bool:
    """Whether a text says the title of the page, which the name of the site may follow."""
    return f"{title} ".startswith(f"{key} ") or key.startswith(f"{title} ")


def _candidates(item: dict[str, Any], titled: bool, place: str) -> Iterator[_Candidate]:
    for name, value in item.items():
        long = isinstance(value, list) or (isinstance(value, str) and len(value) >= _LEAST_PROSE)
        if not long or not may_hold_text(name):
            continue
        origin = f"{place}{name}"
        parts: tuple[str, ...] = (value,) if isinstance(value, str) else ()
        if isinstance(value, list) and (parts := posts(value)):
            origin = f"{THREAD}{name}"
        elif isinstance(value, list):
            parts = _paragraphs(value)
        size = sum(map(prose, parts))
        if size < _LEAST_PROSE or sum(part.count("<") for part in parts) > _MOST_TAGS:
            continue
        if sum(map(sentences, parts)) >= _LEAST_SENTENCES:
            yield _Candidate(parts, size, origin, titled)


def _paragraphs(values: Sequence[Any]) -> tuple[str, ...]:
    """The paragraphs of a list: its strings, or the text that each of its objects holds; none where they are long."""
    parts = []
    for value in values:
        text = value
        if isinstance(value, dict):
            texts = [part for name, part in value.items() if is_text(name, part)]
            text = max(texts, key=prose, default="")
        if isinstance(text, str) and text:
            parts.append(text)
    return tuple(parts) if all(len(part) <= _LONGEST_PARAGRAPH for part in parts) else ()
