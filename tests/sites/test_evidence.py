"""Evidence: what recurrence weighs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Evidence
from pipeline.sites import template_log_odds, template_weights, weigh

LONG, SHORT = 40, 4


@pytest.mark.parametrize(
    ("stronger", "words", "weaker", "weaker_words"),
    [
        (Evidence(5, 5), SHORT, Evidence(2, 5), SHORT),
        (Evidence(3, 4), LONG, Evidence(2, 4), LONG),
        (Evidence(20, 40), LONG, Evidence(2, 4), LONG),
        (Evidence(8, 8), SHORT, Evidence(8, 8), 1),
        (Evidence(9, 900), 12, Evidence(9, 900), 3),
    ],
    ids=["more stories", "two others", "share of more stories", "more than a word", "no formula"],
)
def test_stronger_evidence_weighs_more(stronger: Evidence, words: int, weaker: Evidence, weaker_words: int) -> None:
    assert template_log_odds(stronger, words) > template_log_odds(weaker, weaker_words)


@pytest.mark.parametrize("pages", [2, 3, 10, 1000])
def test_a_long_line_on_one_other_page_weighs_little(pages: int) -> None:
    assert 0 <= template_log_odds(Evidence(2, pages), LONG) <= 1


@pytest.mark.parametrize("seen_on", [2, 20, 50])
def test_a_formula_of_three_words_survives_on_a_large_site(seen_on: int) -> None:
    assert template_log_odds(Evidence(seen_on, 5000), 3) < 1


@given(st.integers(1, 2000), st.integers(0, 100), st.data())
def test_more_stories_never_weigh_less(pages: int, words: int, data: st.DataObject) -> None:
    seen_on = data.draw(st.integers(1, pages))
    weight = template_log_odds(Evidence(seen_on, pages), words)
    assert 0 <= weight <= 6
    assert weight >= template_log_odds(Evidence(max(seen_on - 1, 1), pages), words)


@pytest.mark.parametrize("evidence", [Evidence(), Evidence(1, 1), Evidence(0, 9), Evidence(1, 9)])
def test_no_evidence_weighs_nothing(evidence: Evidence) -> None:
    assert template_log_odds(evidence, SHORT) == 0.0


def test_weights_of_a_page_count_words_in_every_script() -> None:
    seen = [Evidence(2, 3)] * 3
    latin, han, short = "word " * 20, "探测器" * 13 + "。", "探测器"
    assert template_weights(seen, [latin, han, short]).tolist() == pytest.approx(
        [template_log_odds(seen[0], words) for words in (20, 19, 1)]
    )


def test_a_menu_goes_and_a_formula_stays() -> None:
    texts = ["Sea Town Sport Weather", "The inquiry continues.", "A sentence of this story alone."]
    scores = np.array([0.5, 0.97, 0.9], dtype=np.float32)
    weighed = weigh(scores, [Evidence(40, 40), Evidence(3, 40), Evidence(1, 40)], texts)
    assert weighed[0] < 0.05
    assert weighed[1] > 0.9
    assert weighed[2] == pytest.approx(0.9)
