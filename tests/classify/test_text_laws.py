"""Laws of cleaning plain text: what is clean stays as it is, and blank space carries no meaning of its own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import plain, render
from pipeline.classify import text as classify
from pipeline.metadata import text as metadata
from pipeline.model import Document, Evidence, MediaType
from pipeline.rules import CueTable
from pipeline.settings import Policy
from tests.classify.pages import STORY, TITLE
from tests.classify.test_text import CASES, DONATIONS, INTERVIEW, models
from tests.conftest import shared


def clean(source: str) -> tuple[str | None, str]:
    """Title and body of a text, canonical."""
    document = Document("a", "a", MediaType.TEXT, "utf-8", "", source)
    page = classify.score(document, plain.segment(document), models())
    judged = classify.judge(page, [Evidence()] * len(page.blocks), CueTable(()), Policy())
    found = metadata.resolve(page, judged, document)
    return render.title(found), render.body(judged, found)


@pytest.mark.parametrize("name", CASES)
def test_cleaning_what_was_cleaned_changes_nothing(name: str) -> None:
    once = clean("\n".join(text for text, _ in CASES[name]))
    assert clean(render.page(*once)) == once


@pytest.mark.parametrize("name", CASES)
def test_a_body_alone_comes_back_as_the_same_text(name: str) -> None:
    _, body = clean("\n".join(text for text, _ in CASES[name]))
    assert render.page(*clean(body + "\n")) == render.page(None, body)


@pytest.mark.parametrize("number", range(5))
def test_the_seeds_once_cleaned_stay_as_they_are(number: int) -> None:
    path = sorted(shared("seeds").glob("*.txt"))[number]
    once = clean(path.read_text("utf-8"))
    assert clean(render.page(*once)) == once
    assert render.page(*clean(once[1] + "\n")) == render.page(None, once[1])


PARAGRAPHS = st.lists(st.sampled_from([*STORY, *DONATIONS, INTERVIEW[0]]), min_size=4, unique=True)


@settings(max_examples=40, deadline=None)
@given(PARAGRAPHS)
def test_paragraphs_of_prose_stay_in_any_order(paragraphs: list[str]) -> None:
    title, body = clean(render.page(TITLE, "\n\n".join(paragraphs)))
    assert (title, body.split("\n\n")) == (TITLE, paragraphs)


@settings(max_examples=40, deadline=None)
@given(PARAGRAPHS, st.sampled_from(["\n", "\n\n", "\n\n\n\n", "\r\n", " \n\t\n"]))
def test_the_space_between_paragraphs_changes_nothing(paragraphs: list[str], gap: str) -> None:
    assert clean(gap.join([TITLE, *paragraphs])) == clean("\n\n".join([TITLE, *paragraphs]))
