from __future__ import annotations

import pytest

from pipeline.classify.text_outline import Outline, outline
from pipeline.classify.text_title import Heading
from pipeline.classify.text_trim import spare, trim
from pipeline.model import Block, Kind
from tests.classify.pages import STORY, TITLE

LINES = (TITLE, *STORY)


def spared(lines: tuple[str, ...], scores: list[float]) -> list[str]:
    """The lines that stay although they scored under one half."""
    page = page_of(lines)
    keep = [score >= 0.5 for score in scores]
    last = max((index for index, flag in enumerate(keep) if flag), default=-1)
    kept = spare(page, scores, keep, Heading(0, (), 1, last))
    return [text for text, before, after in zip(lines, keep, kept, strict=True) if after and not before]


def page_of(lines: tuple[str, ...]) -> Outline:
    return outline([Block(place, text, Kind.LINE, 0, len(text), line=place + 1) for place, text in enumerate(lines)])


@pytest.mark.parametrize(
    ("others", "score", "stays"),
    [(3, 0.3, True), (2, 0.3, False), (3, 0.1, False)],
    ids=["interview", "too few questions", "furniture"],
)
def test_a_doubtful_question_of_an_interview_stays(others: int, score: float, stays: bool) -> None:
    asked = [line for number in range(others) for line in (f"What came in year {number}?", STORY[number])]
    lines = (*asked, "What comes next?", STORY[4])
    scores = [*[0.9] * len(asked), score, 0.9]
    assert trim(page_of(lines), scores, [value >= 0.5 for value in scores])[-2] is stays


@pytest.mark.parametrize(
    ("score", "stays"), [(0.45, True), (0.36, True), (0.3, False)], ids=["doubtful", "more so", "furniture"]
)
def test_a_long_last_paragraph_of_a_clean_text_stays_when_in_doubt(score: float, stays: bool) -> None:
    assert spared((TITLE, *STORY[2:4]), [0.1, 0.9, score]) == ([STORY[3]] if stays else [])


def test_a_short_doubtful_line_of_a_nearly_clean_text_stays() -> None:
    assert spared((*LINES, "It was the third such meeting."), [0.1, *[0.9] * 6, 0.2]) == [
        "It was the third such meeting."
    ]


def test_nothing_is_spared_amid_furniture() -> None:
    menu = tuple(f"Ferries to the northern islands, line {number} and back again" for number in range(12))
    assert spared((*LINES, *menu, STORY[0]), [0.1, *[0.9] * 6, *[0.05] * 12, 0.4]) == []


def test_a_label_below_the_story_goes() -> None:
    assert spared((*LINES, "Ferries"), [0.1, *[0.9] * 6, 0.4]) == []
