"""The heading of a plain-text page: which line is the title, which are its copies, where the story begins and ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.model import Block, Page
from pipeline.text import block_key, words

_STOP_END = re.compile(r"[.。!！?？;；:：,，]['\"”’」』)]*$")
_LETTER = re.compile(r"[^\W_]")
_HEAD_MARKS = {"byline", "date", "dateline"}
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


def find_heading(page: Page, keep: Sequence[bool], templates: Collection[int] = ()) -> Heading:
    """The heading of a page, given which of its lines look like the story; ``templates`` are lines that the site has
    on so many pages that they are no title of one story."""
    kept = [index for index, flag in enumerate(keep) if flag]
    if not kept:
        return Heading(None, (), len(page.blocks), -1)
    first, last = _core(page, kept)
    body_words = {word for index in kept[:_BODY_LINES] for word in words(page.blocks[index].text)}
    copies_of = Counter(block.text.casefold() for block in page.blocks)
    best, title = 0.9, None
    declared = squeeze(page.metadata.title or "")
    slug = squeeze(_slug(page.metadata.canonical_url or ""))
    for index in _candidates(page.blocks, kept, first):
        if index in templates:
            continue
        value = _title_score(page.blocks, index, first, body_words, declared, slug)
        if copies_of[page.blocks[index].text.casefold()] > 2 and len(page.blocks[index].text.split()) <= 5:
            value -= 0.8  # a section label that comes again and again
        if value > best:
            best, title = value, index
    if title is None:
        return Heading(None, (), first, last)
    key = squeeze(page.blocks[title].text)
    above = range(min(first + 2, len(keep)))
    likely = [i for i in above if i != title and _may_copy(page.blocks[i].text, key)]
    copies = [i for i in likely if is_copy(squeeze(page.blocks[i].text), key)]
    later = [i for i in copies if i > title]
    if later and later[-1] <= first:  # of two equal copies the one next to the story is the heading
        copies = [i for i in [*copies, title] if i != later[-1]]
        title = later[-1]
    start = next((index for index in kept if index > title and index not in copies), first)
    outside = {title, *copies, *_above(page.blocks, kept, title)}
    return Heading(title, tuple(sorted(copies)), start, last, tuple(sorted(outside)))


def _above(blocks: Sequence[Block], kept: Sequence[int], title: int) -> list[int]:
    """The kept lines above a title that a byline or date confirms: few lines that only looked like story."""
    above = [index for index in kept if index < title]
    dropped, total = (sum(len(blocks[index].text) for index in indices) for indices in (above, kept))
    return above if _announced(blocks, title) and dropped <= _MOST_DROPPED * total else []


def _may_copy(text: str, key: str) -> bool:
    """Whether a line can be a copy of a squeezed title: the first letters of plain lines tell most that are none."""
    first = _LETTER.search(text) if text.isascii() else None
    return first is None or first.group() in (key[:1], key[:1].upper())


def _candidates(blocks: Sequence[Block], kept: Sequence[int], first: int) -> list[int]:
    """Where a title may stand: shortly above the story, on its first lines, or above a byline or date further down,
    with most of the story still to come."""
    near = range(max(first - _REACH, 0), min(first + 1, len(blocks)))
    total = sum(len(blocks[index].text) for index in kept)
    found, above = list(near), 0
    for index in range(near.stop, len(blocks)):
        above += len(blocks[index - 1].text) if index - 1 in kept else 0
        if above > _MOST_ABOVE * total:
            break
        if _announced(blocks, index):
            found.append(index)
    return found


def _announced(blocks: Sequence[Block], index: int) -> bool:
    """Whether a byline, a date or a dateline follows within a few lines."""
    return any(block.mark in _HEAD_MARKS for block in blocks[index + 1 : index + 4])


def _core(page: Page, kept: Sequence[int]) -> tuple[int, int]:
    """The first and last line of the longest stretch of story, by characters, gaps of a few lines bridged."""
    best, start, size, total = (kept[0], kept[0]), kept[0], 0, -1
    previous = kept[0]
    for index in kept:
        if index - previous > 8:
            start, size = index, 0
        size += len(page.blocks[index].text)
        if size > total:
            total, best = size, (start, index)
        previous = index
    return best


def _title_score(
    blocks: Sequence[Block],
    index: int,
    first: int,
    body: set[str],
    declared: str,
    slug: str,
) -> float:
    """How much a line looks like the title of the story that begins at ``first``; about 1 and more is a title."""
    block = blocks[index]
    text = block.text
    own = words(text)
    wide = sum("\u2e80" < character < "\ua000" for character in text)
    size = len(own) + wide // 2
    if block.mark or not 2 <= size <= 30 or len(text) > 250:
        return 0.0
    key = squeeze(text)
    if declared and is_copy(key, declared):
        return 4.0
    value = (0.4 if size >= 4 else 0.0) - (0.8 if declared else 0.0)
    if slug and len(key) > 12 and key[:40] in slug:
        value += 2.0
    if wide:
        characters = set("".join(body))
        known = sum(character in characters for character in text if "\u2e80" < character < "\ua000") / wide
    else:
        long = [word for word in own if len(word) > 3]
        known = sum(word in body for word in long) / max(len(long), 1)
    value += 0.8 * known if known else -0.5
    value += max(0.0, 0.4 - 0.05 * abs(first - index))
    if index == 0 and first == 1 and _STOP_END.search(blocks[1].text):
        value += 0.7  # nothing else stands above the story
    announced = _announced(blocks, index)
    if announced:
        value += 0.8 if blocks[index + 1].mark in _HEAD_MARKS else 0.5
    if _STOP_END.search(text) and not text.endswith(("?", "？", "!", "！")):
        value -= 0.6 if text.endswith((".", "。")) and size <= 16 else 1.2
    if index >= first and not announced:
        follower = next((block for block in blocks[index + 1 :] if not block.mark), None)
        if (
            index > first
            or follower is None
            or len(follower.text) < 1.3 * len(text)
            or not _STOP_END.search(follower.text)
        ):
            value -= 1.0
    if text.isupper() and size <= 3:
        value -= 0.6
    return value


def squeeze(text: str) -> str:
    """Letters and digits alone, case-folded: what a title and a slug made of it have in common."""
    return block_key(text.replace("'", "").replace("’", "")).replace(" ", "")


def is_copy(key: str, title: str) -> bool:
    """Whether two squeezed lines are copies: equal, or one is cut short or carries a site's name at its end."""
    if not key or not title:
        return False
    short, long = sorted((key, title), key=len)
    return short == long or (len(short) >= 16 and long.startswith(short) and len(short) > 0.6 * len(long))


def _slug(url: str) -> str:
    return url.rsplit("?", 1)[0].rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
