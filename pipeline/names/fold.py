"""The folded copy in which names are looked for, with a map back to the text.

Every fold maps one character to one, so offsets agree; only characters without width are dropped, and then the map
says where each remaining character came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_TABLE = {
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d",  # never the em dash: it parts clauses
    "'": "\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\uff07",
}
_FOLDS = tuple((variant, plain) for plain, variants in _TABLE.items() for variant in variants)
_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_CODE = re.compile(r"```.*?(?:```|\Z)|(?<![\w`])(`+)[^`\n]+\1(?!\w)", re.DOTALL)
_IS_ZERO_WIDTH = re.compile(f"[{_ZERO_WIDTH}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable.

    ``plain`` has one kind of space, hyphen and apostrophe and nothing without width; ``lower`` is ``plain`` in lower
    case, with backticks as the apostrophes they often are; both have the same length. ``origin[i]`` is the place of
    character ``i`` in the text, None where every ``i`` is its own place. ``code`` holds the spans of ``plain`` that
    backticks mark as code.
    """

    plain: str
    lower: str
    origin: tuple[int, ...] | None = None
    code: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters ``start`` to ``end`` (not empty) stand in the text."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1

    def in_code(self, place: int) -> bool:
        """Whether a folded character stands in code."""
        before = bisect_right(self.code, (place, place))
        return before > 0 and place < self.code[before - 1][1]


def fold(text: str) -> Folded:
    """The folded copy of a text; offsets into it lead back through ``Folded.span``."""
    if text.isascii():
        return Folded(text, text.lower().replace("`", "'"), None, _code_spans(text))
    origin = None
    plain = text
    if any(character in text for character in _ZERO_WIDTH):
        origin = tuple(index for index, character in enumerate(text) if character not in _ZERO_WIDTH)
        plain = _IS_ZERO_WIDTH.sub("", text)
    plain = fold_characters(plain)
    lower = plain.lower()
    if len(lower) != len(plain):  # "İ" has a lower case of two characters
        lower = "".join(low if len(low := character.lower()) == 1 else character for character in plain)
    return Folded(plain, lower.replace("`", "'"), origin, _code_spans(plain))


def _code_spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _CODE.finditer(text)) if "`" in text else ()


def fold_characters(text: str) -> str:
    """The text with one kind of space, hyphen and apostrophe, of the same length."""
    for variant, plain in _FOLDS:
        text = text.replace(variant, plain)
    return text


def fold_spelling(spelling: str) -> str:
    """A spelling of a gazetteer as it stands in ``Folded.lower``."""
    return fold_characters(spelling).lower().replace("`", "'")
