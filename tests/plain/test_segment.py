from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Document, Hints, Kind, MediaType, Segmented
from pipeline.plain import NAMES, segment


def segmented(source: str, hints: Hints | None = None) -> Segmented:
    return segment(Document("a.txt", "a.txt", MediaType.TEXT, "utf-8", "", source, hints=hints or Hints()))


def test_a_block_is_a_line_with_its_number_and_mark() -> None:
    blocks = segmented("A heading\n\nBy Anna Example\n  Some text  here.\n").blocks
    assert [(block.ordinal, block.line, block.mark, block.text) for block in blocks] == [
        (0, 1, "", "A heading"),
        (1, 3, "byline", "By Anna Example"),
        (2, 4, "", "Some text here."),
    ]
    assert {block.kind for block in blocks} == {Kind.LINE}


def test_hints_are_declared_metadata() -> None:
    found = segmented("Text", Hints(url="https://example.org/a", title="A title", date="2021-03-03")).metadata
    assert (found.title, found.published, found.canonical_url) == ("A title", "2021-03-03", "https://example.org/a")


def test_features_tell_prose_from_labels() -> None:
    prose = "It was late, and the men who had come to mend the roof said that they would be back in the morning."
    rows = segmented(f"HOME\n{prose}\nHOME").features
    column = {name: rows[:, index] for index, name in enumerate(NAMES)}
    assert column["stop_words"][1] > 0.4 > column["stop_words"][0]
    assert column["upper_characters"][0] == 1
    assert column["repeats"][0] == column["repeats"][2] > column["repeats"][1]
    assert column["repeat_number"].tolist()[::2] == [0, np.float32(np.log1p(1))]


def test_nothing_gives_no_blocks() -> None:
    for source in ("", "\n \n\u200b\n"):
        assert segmented(source).blocks == ()
        assert segmented(source).features.shape == (0, len(NAMES))


@given(st.text())
def test_any_text_has_one_finite_row_for_each_block(source: str) -> None:
    found = segmented(source)
    assert found.features.shape == (len(found.blocks), len(NAMES))
    assert found.features.dtype == np.float32
    assert np.isfinite(found.features).all()
