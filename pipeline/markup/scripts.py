"""Stories that stand in no element of a page but in the data of its scripts: JSON-LD, and the state of an app.

A page that a browser is to build (Next.js, Nuxt, Apollo, Arc, WordPress behind React) carries its text as JSON: as one
string of text or mark-up, or as a list of paragraphs. What is prose, and where it hangs, tells the story from settings.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.text import block_key

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.I | re.S)
_FROM_ELSEWHERE = re.compile(r"\bsrc\s*=", re.I)
# Where a value of JSON may begin in a program: after =, (, a comma or a colon; JSON.parse takes a string of JSON.
_BEGIN = re.compile(r"""[=(]\s*(?=[{\[]\s*["{\[\d])|JSON\.parse\(\s*(?=")""")
_FLIGHT = "__next_f"
_FLIGHT_TEXT = re.compile(rb"(?:^|\n)[0-9a-f]+:T([0-9a-f]+),")
_FLIGHT_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])", re.M)
_TAG = re.compile(r"<[^>]*>")
_MARKED_UP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|li|figure|blockquote|span|strong|section|article)\b", re.I)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*(?=\s|$)|[。！？।؟]")
_NAME = re.compile(
    r"body|content|html|text|story|article|paragraph|rendered|cooked|element|block|section|post|value", re.I
)
_NO_STORY = re.compile(
    r"css|style|cookie|consent|gdpr|i18n|locale|translat|label|config|setting|footer|header|nav|menu|related|"
    r"recommend|comment|review|rating|question|answer|product|legal|terms|privacy|polic|newsletter|author|teaser|promo|caption|faq|tooltip|error",
    re.I,
)
_BODY = "articleBody"
_DECLARED = re.compile(r'"articleBody"\s*:\s*"(?:[^"\\]|\\.)*')
_JSON_LD = "ld+json"
_LEAST_SCRIPT = 300
_LEAST_PROSE = 400
_LEAST_UNTITLED = 2_000
_LEAST_TITLE = 12
_LEAST_SENTENCES = 3
_LEAST_LETTERS = 0.7
_MAX_ATTEMPTS = 60
_MAX_VALUES = 200_000
_LONGEST_PARAGRAPH = 3_000
_RIVAL = 0.5
_LETTER = re.compile(r"[^\W\d_]|\s")


@dataclass(frozen=True, slots=True)
class Story:
    """The mark-up of a story found in a script, how many characters of prose it holds, and where it hung.

    ``origin`` is ``json-ld:articleBody``, or ``script:`` and the name of the field.
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
        _Candidate((text,), _prose(text), f"json-ld:{_BODY}", titled=True)
        for kind, script in _scripts(source)
        if _JSON_LD in kind and _BODY in script
        for value in _loaded(script)
        for _, item in _objects(value)
        if isinstance(text := item.get(_BODY), str)
    ]
    best = max(found, key=lambda candidate: candidate.prose, default=None)
    return _story(best) if best is not None and best.prose >= least else None


def hidden_story(source: str, title: str) -> Story | None:
    """The story of a page that stands in its scripts alone, or nothing that is surely one.

    A declared ``articleBody`` comes first. Else it is the longest prose under a name that speaks of text, hanging
    from the object that bears the page's ``title``; without a title, the longest by far.
    """
    if (declared := declared_story(source)) is not None:
        return declared
    found = [
        candidate
        for value in _values(source)
        for titled, item in _objects(value, block_key(title))
        for candidate in _candidates(item, titled)
    ]
    found.sort(key=lambda candidate: (-candidate.titled, -candidate.prose))
    if not found:
        return None
    best = found[0]
    rivals = [other for other in found[1:] if other.parts != best.parts and other.prose > _RIVAL * best.prose]
    if not best.titled and (rivals or best.prose < _LEAST_UNTITLED):
        return None
    return _story(best)


def _story(candidate: _Candidate) -> Story:
    return Story("\n".join(map(_as_markup, candidate.parts)), candidate.prose, candidate.origin)


def _as_markup(text: str) -> str:
    if "&lt;" in text and not _MARKED_UP.search(text) and _MARKED_UP.search(html.unescape(text)):
        text = html.unescape(text)
    if _MARKED_UP.search(text):
        return text if text.lstrip().startswith("<") else f"<p>{text}"
    return "".join(f"<p>{html.escape(line)}</p>" for line in html.unescape(text).splitlines() if line.strip())


def _prose(text: str) -> int:
    """How many characters of a text are prose: none if it reads like a program or a list of keys."""
    if len(text) < _LEAST_SCRIPT // 10:
        return 0
    plain = " ".join(_TAG.sub(" ", html.unescape(text) if "&lt;" in text else text).split())
    if not plain or "{" in plain[:_LEAST_SCRIPT] or len(_LETTER.findall(plain)) < _LEAST_LETTERS * len(plain):
        return 0
    return len(plain) if _SENTENCE_END.search(plain) else 0


def _scripts(source: str) -> Iterator[tuple[str, str]]:
    for match in _SCRIPT.finditer(source):
        long = len(match[2]) >= _LEAST_SCRIPT or _FLIGHT in match[2]
        if long and not _FROM_ELSEWHERE.search(match[1]):
            yield match[1].lower(), match[2]


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
    yield {"text": max(texts, key=_prose, default="")}
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
                if isinstance(part, list | dict) and not _NO_STORY.search(name)
            ]


def _is_title(key: str, title: str) -> bool:
    """Whether a text says the title of the page, which the name of the site may follow."""
    return f"{title} ".startswith(f"{key} ") or key.startswith(f"{title} ")


def _candidates(item: dict[str, Any], titled: bool) -> Iterator[_Candidate]:
    for name, value in item.items():
        if not _NAME.search(name) or _NO_STORY.search(name):
            continue
        parts = (value,) if isinstance(value, str) else _paragraphs(value) if isinstance(value, list) else ()
        prose = sum(map(_prose, parts))
        if prose >= _LEAST_PROSE and sum(len(_SENTENCE_END.findall(part)) for part in parts) >= _LEAST_SENTENCES:
            yield _Candidate(tuple(parts), prose, f"script:{name}", titled)


def _paragraphs(values: Sequence[Any]) -> tuple[str, ...]:
    """The paragraphs of a list: its strings, or the text that each of its objects holds; none where they are long."""
    parts = []
    for value in values:
        text = value
        if isinstance(value, dict):
            texts = [part for name, part in value.items() if isinstance(part, str) and _NAME.search(name)]
            text = max(texts, key=_prose, default="")
        if isinstance(text, str) and text:
            parts.append(text)
    return tuple(parts) if all(len(part) <= _LONGEST_PARAGRAPH for part in parts) else ()
