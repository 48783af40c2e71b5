"""Scores of extracted text: what they count, and how sure they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.learning.labels import label
from pipeline.learning.scores import Score, bootstrap, shingle_score, word_score

TEXTS = st.lists(st.sampled_from(["tide", "boat", "quay", "rope", "gull"]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("extracted", "wanted", "expected"),
    [
        ("a b c d", "a b c d", Score(1.0, 1.0)),
        ("a b c d x y z w", "a b c d", Score(0.5, 1.0)),
        ("a b", "a b c d", Score(1.0, 0.5)),
        ("A, b!", "a b", Score(1.0, 1.0)),
        ("a a a a", "a", Score(0.25, 1.0)),
        ("", "a", Score(0.0, 0.0)),
        ("", "", Score(1.0, 1.0)),
    ],
)
def test_word_score(extracted: str, wanted: str, expected: Score) -> None:
    assert word_score(extracted, wanted) == expected


def test_shingles_see_order() -> None:
    assert word_score("d c b a e", "a b c d e").f1 == 1.0
    assert shingle_score("d c b a e", "a b c d e").f1 == 0.0


@given(TEXTS, TEXTS)
def test_f1_is_symmetric_and_bounded(one: str, other: str) -> None:
    for score in (word_score, shingle_score):
        assert score(one, other).f1 == pytest.approx(score(other, one).f1)
        assert 0.0 <= score(one, other).f1 <= 1.0
        assert score(one, one).f1 == 1.0


def test_the_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [0.5, 0.9, 0.7, 1.0, 0.8] * 10
    low, high = bootstrap(values)
    assert low < sum(values) / len(values) < high
    assert bootstrap(values) == (low, high)


def test_labels_follow_the_main_text() -> None:
    story = "the tide came in over the quay and the boats rose with it until the ropes were slack"
    more = "nobody on the pier had seen the water stand so high since the winter of the great storm"
    blocks = ["Home", story, "The tide", "share this story with your friends and family", more, "Home"]
    found = label(blocks, f"{story}\n\n{more}")
    assert [round(float(value)) for value in found] == [0, 1, 1, 0, 1, 0]


def test_of_copies_the_one_within_the_story_counts() -> None:
    story = "the tide came in over the quay and the boats rose with it until the ropes were slack"
    head = "High water at the harbour"
    blocks = [head, "Sport today", "Weather today", "Film today", "Books today", "Maps today", head, story]
    assert [round(float(value)) for value in label(blocks, f"{head}\n{story}")] == [0, 0, 0, 0, 0, 0, 1, 1]
