"""What a field of a page's data holds: prose or keys and programs, mark-up or plain text, by its name and by itself."""

from __future__ import annotations

import html
import re
from typing import Any, TypeGuard

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
_SHORT = 30
_HEAD = 300
_LEAST_LETTERS = 0.7
_LETTER = re.compile(r"[^\W\d_]|\s")


def prose(text: str) -> int:
    """How many characters of a text are prose: none if it reads like a program or a list of keys."""
    if len(text) < _SHORT:
        return 0
    plain = " ".join(_without_tags(text).split())
    if not plain or "{" in plain[:_HEAD] or len(_LETTER.findall(plain)) < _LEAST_LETTERS * len(plain):
        return 0
    return len(plain) if _SENTENCE_END.search(plain) else 0


def sentences(text: str) -> int:
    """How many sentences end in a text, its tags aside."""
    return len(_SENTENCE_END.findall(_without_tags(text)))


def is_marked_up(text: str) -> bool:
    """Whether a text has tags that paragraphs are made of."""
    return bool(_MARKED_UP.search(text))


def as_markup(text: str) -> str:
    """A text as mark-up: as it is, unescaped, or each of its lines as a paragraph."""
    if "&lt;" in text and not _MARKED_UP.search(text) and _MARKED_UP.search(html.unescape(text)):
        text = html.unescape(text)
    if _MARKED_UP.search(text):
        return text if text.lstrip().startswith("<") else f"<p>{text}"
    return "".join(f"<p>{html.escape(line)}</p>" for line in html.unescape(text).splitlines() if line.strip())


def no_story(name: str) -> bool:
    """Whether a name speaks of what is no story: settings, navigation, what readers wrote below."""
    return bool(_NO_STORY.search(name))


def may_hold_text(name: str) -> bool:
    """Whether a name speaks of a text that may be a story."""
    return bool(_NAME.search(name)) and not no_story(name)


def is_text(name: str, value: Any) -> TypeGuard[str]:
    """Whether a field is a string under the name of a text."""
    return isinstance(value, str) and may_hold_text(name)


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", html.unescape(text) if "&lt;" in text else text)
