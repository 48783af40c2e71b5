"""The folded copy and its way back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.fold import fold


@pytest.mark.parametrize(
    ("text", "plain", "lower"),
    [
        ("Chang’e–6", "Chang'e-6", "chang'e-6"),
        ("Chang`e 6", "Chang`e 6", "chang'e 6"),
        ("Long\u00a0March\u20095", "Long March 5", "long march 5"),
        ("Shen\u00adzhou\u200b 12", "Shenzhou 12", "shenzhou 12"),
        ("İ-ẞ", "İ-ẞ", "İ-ß"),
        ("a—b", "a—b", "a—b"),
    ],
)
def test_one_kind_of_space_hyphen_and_apostrophe(text: str, plain: str, lower: str) -> None:
    folded = fold(text)
    assert (folded.plain, folded.lower) == (plain, lower)


@given(st.text(alphabet=st.sampled_from("aB'’– \u00a0\u00ad\u200bİ"), max_size=30))
def test_every_folded_character_knows_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.plain) == len(folded.lower)
    for index, character in enumerate(folded.plain):
        start, end = folded.span(index, index + 1)
        assert end == start + 1
        assert text[start] == character or character in " -'"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [("a `b` c", "b", "c"), ("```\nb\n``` c", "b", "c"), ("``b ` d`` c", "d", "c"), ("```\nb", "b", "`")],
)
def test_backticks_mark_code(text: str, inside: str, outside: str) -> None:
    folded = fold(text)
    assert folded.in_code(text.index(inside))
    assert not folded.in_code(text.index(outside))


def test_a_backtick_that_is_an_apostrophe_opens_no_code() -> None:
    text = "Chang`e 3 and Chang`e 4"
    assert not fold(text).in_code(text.index("and"))
