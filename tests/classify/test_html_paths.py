"""What paths say: the words of the nearest steps, and where a block leaves the path of the story."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.classify.html_paths import BRANCH_NAMES, NAMES, branches, describe, keys

WEIGHTS = {"0story": 2.0, "*story": 1.5, "*related": -2.0, "1related": -3.0, "2story": 0.5}


def test_keys_are_the_words_of_the_nearest_steps_first() -> None:
    assert keys("body/div#mainStory.wide/p.lead-in") == [
        ("0lead", "0in", "*lead", "*in"),
        ("1div", "1main", "1story", "1wide", "*div", "*main", "*story", "*wide"),
        ("2body", "*body"),
    ]


def test_far_steps_are_read_without_their_place_and_farther_ones_not_at_all() -> None:
    found = keys("/".join(f"div.word{'abcdefghijkl'[number]}x" for number in range(12)))
    assert len(found) == 8
    assert [step[0][0] for step in found] == ["0", "1", "2", "*", "*", "*", "*", "*"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("body/div.story", {"step_least": 2.0, "step_most": 2.0, "path_mean": 1.5}),
        ("body/div.related/div.story", {"above_mean": -3.0, "path_least": -2.0, "path_most": 1.5}),
        ("body/div.story/ul/li", {"third_mean": 0.5, "step_most": 0.0}),
        ("body/div.unheard-of", {}),
    ],
)
def test_weights_are_gathered_by_place(path: str, expected: dict[str, float]) -> None:
    found = dict(zip(NAMES, describe([path], WEIGHTS.get)[0].tolist(), strict=True))
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert expected or not any(found.values())


def test_branches_tell_the_story_from_the_rest() -> None:
    paths = ["body/main/div.text/p"] * 3 + ["body/main/aside/p", "body/footer/p"]
    words = np.array([50.0, 60.0, 40.0, 20.0, 10.0])
    rows = branches(paths, words * np.array([0.9, 0.9, 0.9, 0.2, 0.0]), words)
    found = {name: rows[:, place].tolist() for place, name in enumerate(BRANCH_NAMES)}
    assert found["branch_same"] == [1, 1, 1, 0, 0]
    assert found["branch_left"] == [0, 0, 0, 1, 2]
    assert found["branch_own"] == [0, 0, 0, 1, 1]
    assert found["branch_score"] == pytest.approx([0.9, 0.9, 0.9, 0.2, 0.0])
    assert found["branch_mass"][0] == pytest.approx(135 / 139)


def test_no_blocks_no_rows() -> None:
    assert describe([], WEIGHTS.get).shape == (0, len(NAMES))
