"""What a page's row tells of the worth of its extraction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.classify.html_worth import describe, names_of_row, usual_cut
from pipeline.markup.features import FEATURES

NAMES = names_of_row(FEATURES)
SHARES = tuple(
    name for name in NAMES if name.startswith(("agrees_", "kept_in", "kept_items", "kept_headings", "dense_", "prose_"))
)
SCORES = arrays(np.float32, st.integers(1, 30), elements=st.floats(0, 1, width=32))


def row(scores: list[float], words: list[int], paths: list[str], **columns: list[float]) -> dict[str, float]:
    features = np.zeros((len(scores), len(FEATURES)), np.float32)
    for name, values in {"words": words, **columns}.items():
        features[:, FEATURES.index(name)] = values
    found = np.array(scores, np.float32)
    return dict(zip(NAMES, describe(FEATURES, features, found, found, paths)[0].tolist(), strict=True))


@given(SCORES, st.integers(1, 4))
def test_a_page_is_one_finite_row_of_distinct_names(scores: np.ndarray, containers: int) -> None:
    paths = [f"body/div.{place % containers}/p" for place in range(len(scores))]
    found = row(scores.tolist(), list(range(1, len(scores) + 1)), paths)
    assert len(found) == len(NAMES) == len(set(NAMES))
    assert np.isfinite(list(found.values())).all()
    assert all(-1e-6 <= found[name] <= 1 + 1e-6 for name in (*SHARES, "f1", "precision", "recall", "start", "end"))


@given(SCORES)
def test_the_usual_cut_keeps_what_is_likely_and_drops_what_is_not(scores: np.ndarray) -> None:
    assert 0.2 <= usual_cut(scores.astype(np.float64), np.ones(len(scores))) <= 0.5


def test_all_ways_agree_on_a_sure_story_in_one_container() -> None:
    found = row([0.99, 0.99, 0.01], [40, 60, 3], ["body/main/p", "body/main/p", "body/footer/p"])
    agreed = [found[name] for name in NAMES if name.startswith("agrees_")]
    assert agreed == pytest.approx([1.0] * len(agreed))
    assert found["prose_kept"] == pytest.approx(1.0)
    assert found["main_container"] == pytest.approx(1.0)
    assert found["container_entropy"] == pytest.approx(0.0)


def test_a_link_list_kept_instead_of_the_prose_disagrees_with_it() -> None:
    paths = ["body/ul/li", "body/ul/li", "body/div/p"]
    found = row([0.9, 0.9, 0.1], [20, 20, 80], paths, link_density=[1, 1, 0], leaf_li=[1, 1, 0])
    assert found["agrees_prose"] == found["agrees_dense"] == found["prose_kept"] == 0
    assert found["kept_items"] == 1


@pytest.mark.parametrize(
    ("words", "widest", "gaps", "islands"),
    [([50, 10, 50], 10, 0.1, 1), ([50, 40, 50], 40, 0.4, 2)],
)
def test_what_is_dropped_between_kept_blocks_is_a_gap(
    words: list[int], widest: float, gaps: float, islands: int
) -> None:
    found = row([0.9, 0.02, 0.9], words, ["body/p"] * 3)
    assert (found["widest_gap"], found["islands"]) == (widest, islands)
    assert found["gaps"] == pytest.approx(gaps)
    assert (found["start"], found["end"]) == (0, 1)


def test_a_page_of_which_nothing_is_kept_has_no_place_and_no_agreement() -> None:
    found = row([0.0, 0.0], [30, 30], ["body/p"] * 2)
    assert {found[name] for name in ("start", "end", "islands", "containers", "agrees_prose", "f1")} == {0}
