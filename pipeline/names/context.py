"""The words around a name that speak for or against it, as patterns made from a family's word lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.names.families import Family, Vocabulary

REACH = 160  # characters on either side of a name within which a cue counts, never beyond its line
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Context:
    """What one family asks of the words near its names."""

    cue: re.Pattern[str]
    noun: re.Pattern[str]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    not_near: re.Pattern[str]

    @classmethod
    def of(cls, family: Family) -> Context:
        """The patterns of a family; its own cues replace those of its vocabulary."""
        return cls(
            cue=words(family.cues or family.vocabulary.cues),
            noun=_nouns(family.vocabulary),
            not_before=words(family.not_before, head="[ -]"),
            not_after=words(family.not_after, tail="[ -]$"),
            not_near=words(family.not_near),
        )

    def has_cue(self, plain: str, start: int, end: int) -> bool:
        """Whether a cue stands near the name from ``start`` to ``end``, on its line and outside it."""
        low, high = window(plain, start, end)
        return bool(self.cue.search(plain, low, start) or self.cue.search(plain, end, high))

    def refuses(self, plain: str, start: int, end: int) -> bool:
        """Whether the words beside or near the name say that something else is meant."""
        if self.not_before.match(plain, end):
            return True
        if self.not_after is not _NEVER and self.not_after.search(plain[max(0, start - 40) : start]):
            return True
        return self.not_near is not _NEVER and bool(self.not_near.search(plain, *window(plain, start, end)))


def window(plain: str, start: int, end: int) -> tuple[int, int]:
    """The part of the line within ``REACH`` of the name."""
    low, high = max(0, start - REACH), min(len(plain), end + REACH)
    stop = plain.find("\n", end, high)
    return plain.rfind("\n", low, start) + 1 or low, high if stop < 0 else stop


@cache
def words(listed: tuple[str, ...], head: str = "", tail: str = "") -> re.Pattern[str]:
    """One pattern for a list of words between ``head`` and ``tail``; it never matches where the list is empty."""
    if not listed:
        return _NEVER
    return re.compile(f"{head}(?:{'|'.join(map(_word, listed))}){tail}")


def _word(listed: str) -> str:
    stem = re.escape(listed.rstrip("*")) + (r"\w*" if listed.endswith("*") else "")
    if not listed.isascii():
        return stem  # Chinese writes no spaces: there are no word boundaries to hold to
    if listed.islower():
        return rf"\b(?i:{stem})\b"
    return rf"\b(?:{stem}|{re.escape(listed.rstrip('*').upper())})\b"


@cache
def _nouns(vocabulary: Vocabulary) -> re.Pattern[str]:
    adjectives = "|".join(map(_word, vocabulary.adjectives)) or "(?!)"
    nouns = "|".join(map(_word, vocabulary.nouns)) or "(?!)"
    return re.compile(rf"[ -](?:(?:{adjectives})[ -]){{0,3}}(?:{nouns})")
