"""What the scores of single lines cannot see: where a story ends, what stands alone, and what is clean already."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress

from pipeline.classify.text_outline import Outline
from pipeline.classify.text_title import Heading

_FURNISHED, _PLAIN, _LABEL = 0.15, 0.15, 60
_CALL, _PLAIN_CALL = 25, 0.35
"""Below this share of furniture a page counts as nearly clean; down to this probability its lines then stay."""
_BARE = 0.1
"""So does a page with less than this, beside the title, that is plainly furniture, as when one long paragraph of a
short story is in doubt."""
_ISLAND, _ISLAND_SCORE, _ISLAND_BELOW = 3, 0.75, 0.1
"""A line amid removed ones below nine tenths of the story: of 17 such lines that scored under .75 three were story."""
_CLOSED = frozenset(".!?。！？…\"'”’»」』)]")
_ABSTRACT = 60
_LIST_SCORE = 0.6
"""Of 255 lines without a closing mark that scored less, below the last sentence of a story, 219 were furniture."""
_QUESTIONS, _QUESTION, _QUESTION_SCORE = 3, 150, 0.15
"""So many short questions that are kept, with their answers below, make an interview."""


def trim(page: Outline, scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept, without doubtful lines: heads of teasers, headlines after the last sentence, and islands; with the
    doubtful questions of interviews."""
    own = _without_teaser_heads(page, scores, keep)
    return _with_questions(page, scores, _without_islands(page, scores, _without_trail(page, scores, own)))


def _without_teaser_heads(page: Outline, scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for the headlines right above removed abstracts that invite to read on."""
    result = list(keep)
    for index in [index for index, mark in page.marks.items() if mark == "more" and not keep[index]]:
        if index and page.sizes[index] > _ABSTRACT:
            result[index - 1] &= page.texts[index - 1][-1:] in _CLOSED or scores[index - 1] >= _ISLAND_SCORE
    return result


def _without_trail(page: Outline, scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for doubtful lines below the last sentence: a heading with nothing below announces nothing.

    Where most of the story does not end its lines with a mark (some scripts have none), nothing changes.
    """
    kept = kept_lines(keep)
    closed = [index for index in kept if page.texts[index][-1:] in _CLOSED]
    result = list(keep)
    if 2 * _size(page, closed) >= sum(compress(page.sizes, keep)):
        for index in kept[bisect_right(kept, closed[-1]) if closed else 0 :]:
            result[index] = scores[index] >= _LIST_SCORE
    return result


def kept_lines(keep: Sequence[bool]) -> list[int]:
    """The places of what is kept."""
    return list(compress(range(len(keep)), keep))


def _size(page: Outline, indices: Sequence[int]) -> int:
    return sum(map(page.sizes.__getitem__, indices))


def _without_islands(page: Outline, scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for doubtful single lines far below the story, each amid lines that are removed."""
    total = sum(compress(page.sizes, keep))
    below, result = 0, list(keep)
    for index in reversed(kept_lines(keep)):
        below += page.sizes[index]
        if below > _ISLAND_BELOW * total:
            break
        about = keep[max(index - _ISLAND, 0) : index + _ISLAND + 1]
        if sum(about) == 1 and scores[index] < _ISLAND_SCORE:
            result[index] = False
    return result


def _with_questions(page: Outline, scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept, and in an interview every question between two answers that is not plainly furniture."""
    answered = compress(range(len(keep) - 1), keep[1:])
    questions = [index for index in answered if page.texts[index][-1] in "?？" and page.sizes[index] < _QUESTION]
    result = list(keep)
    if sum(keep[index] for index in questions) >= _QUESTIONS:
        for index in questions:
            result[index] |= index > 0 and keep[index - 1] and scores[index] >= _QUESTION_SCORE
    return result


def spare(page: Outline, scores: Sequence[float], keep: Sequence[bool], heading: Heading) -> list[bool]:
    """What is kept, and on a page that is nearly all story every line of it that is not plainly furniture.

    Text that is clean already has to stay as it is. A last line that announces something announces what is not there.
    """
    whole = sum(page.sizes)
    total = max(whole, 1)
    furniture = (whole - sum(compress(page.sizes, keep))) / total
    judged = zip(page.sizes, keep, scores, strict=True)
    plainly = sum([size for size, flag, score in judged if score < _PLAIN_CALL and not flag])
    if heading.title is not None and not keep[heading.title] and scores[heading.title] < _PLAIN_CALL:
        plainly -= page.sizes[heading.title]
    if heading.last < 0 or (furniture >= _FURNISHED and plainly / total >= _BARE):
        return list(keep)
    least = _PLAIN if furniture < _FURNISHED else _PLAIN_CALL
    first = heading.first if heading.title is None else heading.title
    result = list(keep)
    for index in range(first + 1, len(keep)):
        open_ended = page.texts[index][-1].isalnum()
        label = index > heading.last and open_ended and page.sizes[index] < _LABEL
        if not label and index not in page.marks:
            short = open_ended and page.sizes[index] < _CALL
            result[index] |= scores[index] >= (_PLAIN_CALL if short else least)
    return result
