"""Mark-up that never ends: closed where its author forgot to, and sound mark-up left as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.markup import segment
from pipeline.markup.mend import mend
from pipeline.model import Document, MediaType

TEXT = "The mill on the upper stream is turning again after the flood, and the miller has lost nothing but his hat. "
BODY = "".join(f"<p>{TEXT * 3}</p>" for _ in range(4))
BROKEN = {
    "title": f"<html><head><title>The mill<body>{BODY}",
    "title and head": f"<html><head><title>The mill</head><body>{BODY}</body></html>",
    "comment": f"<html><body><p>Start</p><!-- here begins {BODY}</body></html>",
    "attribute": f'<html><body><div class="story>{BODY}</div></body></html>',
    "attribute before another": f'<html><body><div class="story>{BODY}</div><p class="end">End</p></body></html>',
    "attribute in single quotes": f"<html><body><div class='story>{BODY}</div><p class='end'>End</p></body></html>",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN.keys())
def test_a_page_that_never_closes_something_is_read_by_the_second_parser(source: str) -> None:
    found = segment(Document("x", "x", MediaType.HTML, "utf-8", "", source))
    assert found.parser == "beautifulsoup"
    assert ("text", "beautifulsoup") in found.metadata.origins
    assert [block.text for block in found.blocks if block.text.startswith("The mill on")] == [(TEXT * 3).strip()] * 4


@pytest.mark.parametrize(
    "source",
    [
        f"<html><head><title>The mill</title></head><body>{BODY}</body></html>",
        f'<p title="a > b" class="x">{TEXT}</p><!-- one --><p>End</p>',
        '<p>5 > 4, and x = "y" stays</p>',
        "",
    ],
)
def test_sound_mark_up_stays(source: str) -> None:
    assert mend(source) == source


def letters(source: str) -> str:
    return "".join(filter(str.isalpha, re.sub("</(?:title|head)>", "", source)))


@given(st.text("<>=\"'!- ptileahd/\n", max_size=80))
def test_mending_loses_no_letter(source: str) -> None:
    assert letters(mend(source)) == letters(source)
