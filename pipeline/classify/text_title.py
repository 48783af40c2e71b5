"""The heading of a plain-text page: which line is the title, which are its copies, where the story begins and ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

from pipeline.classify.text_outline import Outline
from pipeline.model import Metadata
from pipeline.text import block_key, words

_STOPS = frozenset(".。!！?？;；:：,，")
_ASKING = frozenset("?？!！")
_AFTER_STOPS = "'\"”’」』)"
_LETTER = re.compile(r"[^\W_]")
_HEAD_MARKS = {"byline", "date", "dateline"}
_HEAD_REACH = 3
_LONGEST = 250
_COPIED = 0.6
"""More of a title than that must be left in a copy that is cut short."""
_ROUNDING = 1e-9
_MOST_ABOVE = 0.35
_BODY_LINES = 60
_MOST_DROPPED = 0.2
"""Of the kept text: where more stands above a title, that is rather a headline within the story."""
_REACH = 25
"""How many lines above the story a title is looked for."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the title stands, its copies above the story, and the first and last line of the story itself.

    ``outside`` are lines that scored as story but lie outside of it or are part of the heading.
    """

    title: int | None
    copies: tuple[int, ...]
    first: int
    last: int
    outside: tuple[int, ...] = ()


def find_heading(page: Outline, declared: Metadata, keep: Sequence[bool], templates: Collection[int] = ()) -> Heading:
    """The heading of a page, given which of its lines look like the story and what is declared of it.

    ``templates`` are lines that the site has on so many pages that they are no title of one story.
    """
    kept = list(compress(range(len(keep)), keep))
    if not kept:
        return Heading(None, (), len(keep), -1)
    first, last = _core(page, kept)
    title = _find_title(page, declared, kept, first, templates)
    if title is None:
        return Heading(None, (), first, last)
    key = squeeze(page.texts[title])
    likely = [i for i in _likely_copies(page.texts[: first + 2], key) if i != title]
    copies = [i for i in likely if is_copy(squeeze(page.texts[i]), key)]
    later = [i for i in copies if i > title]
    if later and later[-1] <= first:  # of two equal copies the one next to the story is the heading
        copies = [i for i in [*copies, title] if i != later[-1]]
        title = later[-1]
    start = next((index for index in kept if index > title and index not in copies), first)
    outside = {title, *copies, *_above(page, kept, title)}
    return Heading(title, tuple(sorted(copies)), start, last, tuple(sorted(outside)))


def _find_title(
    page: Outline, declared: Metadata, kept: Sequence[int], first: int, templates: Collection[int]
) -> int | None:
    """The first of the lines that look most like a title, if one does.

    The likeliest are looked at first, so that few of the others can still win and most need not be read.
    """
    announced = _announced_lines(page)
    candidates = [index for index in _candidates(page, kept, first, announced) if index not in templates]
    story = _Story(page, kept[:_BODY_LINES], first, announced, declared)
    folded: list[str] = []
    best, title = 0.9, None
    for most, index in sorted(((story.most(index), index) for index in candidates), reverse=True):
        if most + _ROUNDING < best:
            break
        value = story.title_score(index)
        text = page.texts[index]
        if value >= best and len(text.split()) <= 5:
            folded = folded or [text.casefold() for text in page.texts]
            if folded.count(text.casefold()) > 2:
                value -= 0.8  # a section label that comes again and again
        if value > best or (value == best and title is not None and index < title):
            best, title = value, index
    return title


def _above(page: Outline, kept: Sequence[int], title: int) -> list[int]:
    """The kept lines above a title that a byline or date confirms: few lines that only looked like story."""
    above = [index for index in kept if index < title]
    below = range(title + 1, title + 1 + _HEAD_REACH)
    if not above or not any(page.marks.get(index) in _HEAD_MARKS for index in below):
        return []
    dropped, total = (sum(page.sizes[index] for index in indices) for indices in (above, kept))
    return above if dropped <= _MOST_DROPPED * total else []


def _likely_copies(texts: Sequence[str], key: str) -> list[int]:
    """Which lines can be copies of a squeezed title: length and first letter of plain lines tell most that are none."""
    letters, least = (key[:1], key[:1].upper()), _COPIED * len(key)
    return [
        index
        for index, text in enumerate(texts)
        if (len(text) >= least or not text.isascii())
        and (text[:1] in letters or (not (text.isascii() and text[:1].isalnum()) and _begins_with(text, letters)))
    ]


def _begins_with(text: str, letters: Sequence[str]) -> bool:
    """Whether the first letter of a plain line is one of some; of other lines that is not asked."""
    first = _LETTER.search(text) if text.isascii() else None
    return first is None or first.group() in letters


def _candidates(page: Outline, kept: Sequence[int], first: int, announced: Collection[int]) -> list[int]:
    """Where a title may stand: shortly above the story, on its first lines, or above a byline or date further down,
    with most of the story still to come."""
    near = range(max(first - _REACH, 0), min(first + 1, len(page.texts)))
    found, above = list(near), 0
    further = sorted(index for index in announced if index >= near.stop)
    if not further:
        return found
    most = _MOST_ABOVE * sum(page.sizes[index] for index in kept)
    story = iter([index for index in kept if index >= near.stop - 1])
    following = next(story, len(page.texts))
    for index in further:
        while following < index:
            above += page.sizes[following]
            following = next(story, len(page.texts))
        if above > most:
            break
        found.append(index)
    return found


def _announced_lines(page: Outline) -> set[int]:
    """The lines that a byline, a date or a dateline follows within a few lines."""
    heads = [index for index, mark in page.marks.items() if mark in _HEAD_MARKS]
    return {index - distance for index in heads for distance in range(1, _HEAD_REACH + 1) if index >= distance}


def _core(page: Outline, kept: Sequence[int]) -> tuple[int, int]:
    """The first and last line of the longest stretch of story, by characters, gaps of a few lines bridged."""
    best, start, size, total = (kept[0], kept[0]), kept[0], 0, -1
    previous = kept[0]
    for index in kept:
        if index - previous > 8:
            start, size = index, 0
        size += page.sizes[index]
        if size > total:
            total, best = size, (start, index)
        previous = index
    return best


class _Story:
    """A story that begins at the line ``first``, and how much a line looks like its title."""

    def __init__(
        self,
        page: Outline,
        body: Sequence[int],
        first: int,
        announced: Collection[int],
        declared: Metadata,
    ) -> None:
        self._page, self._body, self._first, self._announced = page, body, first, announced
        self._declared = squeeze(declared.title or "")
        self._slug = squeeze(_slug(declared.canonical_url or ""))

    @cached_property
    def _text(self) -> str:
        return "\n".join([self._page.texts[index].casefold() for index in self._body])

    def _tells(self, word: str) -> bool:
        """Whether a word stands in the story; few are asked for, so that the story is not taken apart."""
        start = self._text.find(word)
        while start >= 0:
            end = start + len(word)
            if not _goes_on(self._text[max(start - 2, 0) : start][::-1]) and not _goes_on(self._text[end : end + 2]):
                return True
            start = self._text.find(word, start + 1)
        return False

    def most(self, index: int) -> float:
        """What ``title_score`` cannot exceed."""
        if index in self._page.marks or self._page.sizes[index] > _LONGEST:
            return 0.0
        if self._declared:
            return 5.0
        text, announced = self._page.texts[index], index in self._announced
        near = max(0.0, 0.4 - 0.05 * abs(self._first - index))
        alone = 0.7 if index == 0 and self._first == 1 else 0.0
        value = 1.2 + (2.0 if self._slug else 0.0) + near + alone + (0.8 if announced else 0.0)
        if _stops(text) and text[-1] not in _ASKING:
            value -= 0.6
        return value - 1.0 if index > self._first and not announced else value

    def title_score(self, index: int) -> float:
        """How much a line looks like the title; about 1 and more is a title."""
        page, first = self._page, self._first
        text = page.texts[index]
        own = words(text)
        wide = 0 if text.isascii() else sum("\u2e80" < character < "\ua000" for character in text)
        size = len(own) + wide // 2
        if index in page.marks or not 2 <= size <= 30 or len(text) > _LONGEST:
            return 0.0
        key = squeeze(text) if self._declared or self._slug else ""
        if self._declared and is_copy(key, self._declared):
            return 4.0
        value = (0.4 if size >= 4 else 0.0) - (0.8 if self._declared else 0.0)
        if self._slug and len(key) > 12 and key[:40] in self._slug:
            value += 2.0
        known = self._known(text, own, wide)
        value += 0.8 * known if known else -0.5
        value += max(0.0, 0.4 - 0.05 * abs(first - index))
        if index == 0 and first == 1 and _stops(page.texts[1]):
            value += 0.7  # nothing else stands above the story
        announced = index in self._announced
        if announced:
            value += 0.8 if page.marks.get(index + 1) in _HEAD_MARKS else 0.5
        if _stops(text) and text[-1] not in _ASKING:
            value -= 0.6 if text.endswith((".", "。")) and size <= 16 else 1.2
        if index >= first and not announced and (index > first or not self._followed(index)):
            value -= 1.0
        if text.isupper() and size <= 3:
            value -= 0.6
        return value

    def _known(self, text: str, own: Sequence[str], wide: int) -> float:
        """The share of the words of a line, or of its ideographs, that come back in the story."""
        if wide:
            letters = (c for c in text if "\u2e80" < c < "\ua000" and c.isalnum())
            return sum(letter in self._text for letter in letters) / wide
        long = [word for word in own if len(word) > 3]
        return sum(map(self._tells, long)) / max(len(long), 1)

    def _followed(self, index: int) -> bool:
        """Whether a sentence that is longer than a line follows it."""
        texts, marks = self._page.texts, self._page.marks
        follower = next((texts[below] for below in range(index + 1, len(texts)) if below not in marks), None)
        return follower is not None and len(follower) >= 1.3 * len(texts[index]) and _stops(follower)


def _goes_on(beside: str) -> bool:
    """Whether a word goes on in the two characters beside it: a letter, or an apostrophe and a letter."""
    return beside[:1].isalnum() or (beside[:1] in ("'", "’") and beside[1:].isalnum())


def _stops(text: str) -> bool:
    """Whether a line ends in a sign of punctuation, whatever closes after it."""
    return text.rstrip(_AFTER_STOPS)[-1:] in _STOPS


def squeeze(text: str) -> str:
    """Letters and digits alone, case-folded: what a title and a slug made of it have in common."""
    return block_key(text.replace("'", "").replace("’", "")).replace(" ", "")


def is_copy(key: str, title: str) -> bool:
    """Whether two squeezed lines are copies: equal, or one is cut short or carries a site's name at its end."""
    if not key or not title:
        return False
    short, long = sorted((key, title), key=len)
    return short == long or (len(short) >= 16 and long.startswith(short) and len(short) > _COPIED * len(long))


def _slug(url: str) -> str:
    return url.rsplit("?", 1)[0].rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
