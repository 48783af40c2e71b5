"""Weights of the words in paths: learnt from pages, never from a page's own site."""

from __future__ import annotations

import pytest

from pipeline.learning.html_paths import Counts, add, to_forest, without

STORY: Counts = {"*story": (1.0, 1.0)}
MENU: Counts = {"*menu": (0.0, 1.0)}


def test_counts_add_up() -> None:
    assert add([STORY, MENU, STORY]) == {"*story": (2.0, 2.0), "*menu": (0.0, 1.0)}


def test_what_only_the_own_site_has_is_unknown() -> None:
    total = add([STORY] * 10 + [MENU] * 10)
    assert without(total, add([STORY] * 10))("*story") is None
    weight = without(total, add([STORY] * 2))("*story")
    assert weight is not None
    assert weight > 0


def test_good_words_weigh_more_than_bad_ones_and_rare_ones_little() -> None:
    forest = to_forest(add([STORY] * 40 + [MENU] * 40 + [{"*rare": (2.0, 2.0), "*once": (1.0, 1.0)}]))
    weights = dict(zip(forest.names, forest.value.tolist(), strict=True))
    assert weights["*story"] > weights["*rare"] > weights["*menu"]
    assert "*once" not in weights


def test_the_model_says_what_learning_said() -> None:
    total = add([STORY] * 7 + [{"*story": (0.0, 1.0)}] * 3)
    (value,) = to_forest(total).value.tolist()
    assert value == pytest.approx(without(total, {})("*story"))


def test_the_order_of_pages_does_not_change_the_model() -> None:
    pages = [STORY, MENU, {"*story": (0.3, 0.7), "*menu": (0.1, 0.4)}]
    assert to_forest(add(pages * 3)).names == to_forest(add(pages[::-1] * 3)).names
