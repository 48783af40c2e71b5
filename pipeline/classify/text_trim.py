"""What the scores of single lines cannot see: where a story ends, what stands alone, and what is clean already."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pipeline.classify.text_title import Heading
from pipeline.model import Block

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


def trim(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept, without doubtful lines: heads of teasers, headlines after the last sentence, and islands; with the
    doubtful questions of interviews."""
    own = _without_teaser_heads(blocks, scores, keep)
    return _with_questions(blocks, scores, _without_islands(blocks, scores, _without_trail(blocks, scores, own)))


def _without_teaser_heads(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for the headlines right above removed abstracts that invite to read on."""
    result = list(keep)
    for index in [index for index, block in enumerate(blocks) if block.mark == "more" and not keep[index]]:
        if index and len(blocks[index].text) > _ABSTRACT:
            above = blocks[index - 1]
            result[index - 1] &= above.text[-1:] in _CLOSED or scores[index - 1] >= _ISLAND_SCORE
    return result


def _without_trail(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for doubtful lines below the last sentence: a heading with nothing below announces nothing.

    Where most of the story does not end its lines with a mark (some scripts have none), nothing changes.
    """
    kept = [index for index, flag in enumerate(keep) if flag]
    closed = [index for index in kept if blocks[index].text[-1:] in _CLOSED]
    result = list(keep)
    if 2 * _size(blocks, closed) >= _size(blocks, kept):
        for index in kept[bisect_right(kept, closed[-1]) if closed else 0 :]:
            result[index] = scores[index] >= _LIST_SCORE
    return result


def _size(blocks: Sequence[Block], indices: Sequence[int]) -> int:
    return sum([len(blocks[index].text) for index in indices])


def _without_islands(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept but for doubtful single lines far below the story, each amid lines that are removed."""
    kept = [index for index, flag in enumerate(keep) if flag]
    total = _size(blocks, kept)
    below, result = 0, list(keep)
    for index in reversed(kept):
        below += len(blocks[index].text)
        if below > _ISLAND_BELOW * total:
            break
        about = keep[max(index - _ISLAND, 0) : index + _ISLAND + 1]
        if sum(about) == 1 and scores[index] < _ISLAND_SCORE:
            result[index] = False
    return result


def _with_questions(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool]) -> list[bool]:
    """What is kept, and in an interview every question between two answers that is not plainly furniture."""
    answered = [index - 1 for index, flag in enumerate(keep) if flag and index]
    questions = [index for index in answered if blocks[index].text[-1] in "?？" and len(blocks[index].text) < _QUESTION]
    result = list(keep)
    if sum(keep[index] for index in questions) >= _QUESTIONS:
        for index in questions:
            result[index] |= index > 0 and keep[index - 1] and scores[index] >= _QUESTION_SCORE
    return result


def spare(blocks: Sequence[Block], scores: Sequence[float], keep: Sequence[bool], heading: Heading) -> list[bool]:
    """What is kept, and on a page that is nearly all story every line of it that is not plainly furniture.

    Text that is clean already has to stay as it is. A last line that announces something announces what is not there.
    """
    total = max(sum(len(block.text) for block in blocks), 1)
    removed = [index for index, flag in enumerate(keep) if not flag]
    furniture = _size(blocks, removed) / total
    plain = [index for index in removed if scores[index] < _PLAIN_CALL and index != heading.title]
    plainly = _size(blocks, plain) / total
    if heading.last < 0 or (furniture >= _FURNISHED and plainly >= _BARE):
        return list(keep)
    least = _PLAIN if furniture < _FURNISHED else _PLAIN_CALL
    first = heading.first if heading.title is None else heading.title
    result = list(keep)
    for index in range(first + 1, len(blocks)):
        label = index > heading.last and blocks[index].text[-1].isalnum() and len(blocks[index].text) < _LABEL
        if not label and not blocks[index].mark:
            short = blocks[index].text[-1].isalnum() and len(blocks[index].text) < _CALL
            result[index] |= scores[index] >= (_PLAIN_CALL if short else least)
    return result
