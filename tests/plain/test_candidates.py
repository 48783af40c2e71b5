from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import glyphs
from pipeline.plain.candidates import marks_of
from pipeline.plain.marks import mark_of
from tests.plain.test_marks import CASES

TEXTS = [text for texts in CASES.values() for text in texts]
PIECES = st.sampled_from(
    [
        *TEXTS,
        "May 3, 2021",
        "GMT3 May 2021",
        "Uhr2021-05-03",
        "３月３日",
        "𝟑.𝟑.2021",
        "photo by",
        "…",
        " ",
        "ſ",
        "\u0301",
        "(",
        "\u00a0",
        "/",
        "crédit",
        "月",
        "x",
    ]
)


def is_sound(texts: list[str]) -> bool:
    return marks_of(texts, glyphs.read(texts)) == [mark_of(text) for text in texts]


def test_no_mark_of_a_page_is_missed() -> None:
    assert is_sound(TEXTS)
    assert is_sound([text.upper() for text in TEXTS])
    assert is_sound([f"{text} …" for text in TEXTS])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "3",
        "3 May 2021 / 8:15 GMT3 May 2021",
        ".",
        "by",
        "𝟑/𝟑/𝟐𝟎𝟐𝟏",
        "Publıshed 3 May 2021",
        "AUTEURİ: Ada",
        "ſource: Ada",
    ],
)
def test_a_line_alone(text: str) -> None:
    assert is_sound([text])


@given(st.lists(st.lists(PIECES, min_size=1, max_size=3).map(" ".join), max_size=6))
@example(["A fine day.", "Source: Ada", ""])
def test_lines_are_marked_among_others_as_they_are_alone(texts: list[str]) -> None:
    assert is_sound(texts)
