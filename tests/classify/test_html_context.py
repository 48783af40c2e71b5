"""Scores among their neighbours, and the threshold that serves F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.classify import html_page
from pipeline.classify.html_context import NAMES, context, expected_f1
from pipeline.markup.features import FEATURES
from pipeline.markup.places import SPANS

SCORES = st.integers(1, 30).flatmap(lambda n: arrays(np.float32, n, elements=st.floats(0, 1, width=32)))


def spans(count: int) -> np.ndarray:
    """Every block in one container, all built alike."""
    table = np.zeros((count, len(SPANS)), np.float32)
    table[:, 1:-1:2] = count
    return table


@given(SCORES)
def test_context_has_a_finite_row_for_every_block(scores: np.ndarray) -> None:
    count = len(scores)
    rows = context(scores, np.ones(count, np.float32), np.zeros(count, np.bool_), spans(count))
    assert rows.shape == (count, len(NAMES))
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(rows[:, NAMES.index("score")], scores)
    np.testing.assert_allclose(rows[:, NAMES.index("own_score")], scores.mean(), atol=1e-5)


def test_neighbours_stand_on_their_side() -> None:
    rows = context(np.array([0.9, 0.1], np.float32), np.ones(2, np.float32), np.zeros(2, np.bool_), spans(2))
    assert rows[1, NAMES.index("score-1")] == pytest.approx(0.9)
    assert rows[0, NAMES.index("score+1")] == pytest.approx(0.1)
    assert rows[0, NAMES.index("score-1")] == 0


@given(SCORES)
def test_no_other_threshold_expects_a_higher_f1(scores: np.ndarray) -> None:
    values = scores.astype(np.float64)
    weight = np.arange(1.0, len(values) + 1)
    best, threshold = expected_f1(values, weight)
    assert threshold == pytest.approx(best / 2)
    for cut in values:
        kept = values >= cut
        other = 2 * (weight * values)[kept].sum() / max(weight[kept].sum() + (weight * values).sum(), 1e-9)
        assert other <= best + 1e-9


@given(SCORES)
def test_a_page_is_one_finite_row(scores: np.ndarray) -> None:
    features = np.ones((len(scores), len(FEATURES)), np.float32)
    row = html_page.describe(FEATURES, features, scores, scores)
    assert row.shape == (1, len(html_page.names_of_row(FEATURES)))
    assert np.isfinite(row).all()


def test_the_names_of_a_page_row_are_distinct() -> None:
    names = html_page.names_of_row(FEATURES)
    assert len(set(names)) == len(names)
