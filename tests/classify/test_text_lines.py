"""What is found of all lines of a page at once is what asking each of them would find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify import forms, text_signs
from pipeline.classify.html_reasons import is_byline
from pipeline.classify.text_lines import Lines, read_lines
from pipeline.classify.text_outline import outline
from pipeline.classify.text_places import by_wording
from pipeline.classify.text_title import Heading
from pipeline.model import Block, Kind
from tests.classify.test_forms import CASES

OUTSIDE = Heading(None, (), 0, -1)
TEXTS = [text for _, text, _ in CASES]
SIGNS: list[tuple[int, Callable[[str], bool]]] = [
    (text_signs.POST | text_signs.COLON, forms.is_post_line),
    (text_signs.NETWORK, forms.is_networks),
    (text_signs.MINUTES, forms.is_reading_time),
    (text_signs.CODE, forms.is_code),
    (text_signs.ROW | text_signs.MENU, forms.is_row),
    (text_signs.MONEY, forms.is_price),
    (text_signs.DIGIT, forms.is_numbered),
    (text_signs.CLAIM, forms.is_claim),
    (text_signs.BIO, forms.is_bio),
    (text_signs.BYLINE | text_signs.CJK, is_byline),
    (text_signs.CREDIT | text_signs.CLAIM, forms.is_credit),
]
PIECES = st.sampled_from(
    [*TEXTS, "By Ada Lind", "记者：林", "Crédit: Ada", "ımage: Ada", "5 mİn", "K", "𝟝𝟝𝟝", "•", "•.", "o"]
)
LINE = st.lists(PIECES, min_size=1, max_size=3).map(" ".join)


def lines_of(texts: list[str]) -> Lines:
    return read_lines(outline([Block(place, text, Kind.LINE, 0, len(text)) for place, text in enumerate(texts)]))


def test_a_page_without_lines() -> None:
    assert lines_of([]).texts == []


@pytest.mark.parametrize("change", [str, str.upper, str.lower, "• {}".format, "{} 日".format])
def test_a_line_that_has_a_form_has_a_sign_of_it(change: Callable[[str], str]) -> None:
    texts = [change(text) for text in (*TEXTS, "By Ada Lind", "Crédit: Ada", "ſuite 5: ıcon x")]
    lines = lines_of(texts)
    for sign, has_form in SIGNS:
        assert [text for index, text in enumerate(texts) if has_form(text) and not lines.has(index, sign)] == []


@given(st.lists(LINE, min_size=1, max_size=8))
def test_lines_are_read_as_each_would_be(texts: list[str]) -> None:
    lines = lines_of(texts)
    assert lines.words == [len(text.split()) for text in texts]
    assert lines.prices == [forms.is_price(text) for text in texts]
    assert lines.contacts == [forms.is_contact(text) for text in texts]
    assert lines.entries == [(text[0] in "*+-•·›»>" and text[-1] != text[0]) or text.startswith("o ") for text in texts]
    assert all(lines.has(index, sign) for sign, form in SIGNS for index, text in enumerate(texts) if form(text))
    before = [text[-2:-1] for text in texts]
    assert lines.sentences == [
        text[-1] in ".!?。！？" and (last.isalnum() or last == "_") for text, last in zip(texts, before, strict=True)
    ]
    assert all(lines.likely_wordings[index] for index in range(len(texts)) if by_wording(lines, index, OUTSIDE))


@given(
    st.lists(st.sampled_from(["• a b", "a", "a b", "- a", "b a", "•• a c", "abc", "• abc d", "7 a", "·"]), max_size=14)
)
def test_lines_that_begin_alike_are_found(texts: list[str]) -> None:
    lines = lines_of(texts)
    openings = [text.lstrip("*+-• ").partition(" ")[0] for text in texts]
    assert [lines.is_alike(index) for index in range(len(texts))] == [
        own.isalpha() and openings[max(index - 4, 0) : index + 5].count(own) > 4 for index, own in enumerate(openings)
    ]


def test_wide_characters_count_by_two() -> None:
    assert lines_of(["two words", "月球 站"]).sizes == [2, 3.5]
