"""Evidence: what recurrence weighs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Evidence
from pipeline.sites import template_log_odds, weigh

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


@given(st.integers(1, 2000), st.integers(0, 100), st.floats(0, 1), st.data())
def test_more_stories_and_more_company_never_weigh_less(
    pages: int, words: int, company: float, data: st.DataObject
) -> None:
    seen_on = data.draw(st.integers(1, pages))
    weight = template_log_odds(Evidence(seen_on, pages), words, company)
    assert 0 <= weight <= 6
    assert weight >= template_log_odds(Evidence(max(seen_on - 1, 1), pages), words, company)
    assert weight >= template_log_odds(Evidence(seen_on, pages), words, company / 2)


@pytest.mark.parametrize("evidence", [Evidence(), Evidence(1, 1), Evidence(0, 9), Evidence(1, 9)])
def test_no_evidence_weighs_nothing(evidence: Evidence) -> None:
    assert template_log_odds(evidence, SHORT, 1.0) == 0.0


def weights(texts: list[str], evidence: list[Evidence], score: float = 0.7, confidence: float = 1.0) -> list[float]:
    scores = np.full(len(texts), score, dtype=np.float32)
    return [seen.weight for seen in weigh(scores, confidence, evidence, texts)]


def story(number: int) -> str:
    return f"A sentence of this story alone, the one that has the number {number} and no other, stands here."


OWN, SHARED, EVERYWHERE = Evidence(1, 5), Evidence(3, 5), Evidence(40, 40)


def test_a_heading_amid_unrepeated_prose_weighs_less_than_in_a_run() -> None:
    amid = weights([story(1), story(2), "What happens next", story(3), story(4)], [OWN, OWN, SHARED, OWN, OWN])
    run = ["More to read", "What happens next", "Write to us", "Our other papers", "Jobs with us"]
    among = weights([*map(story, range(8)), *run], [OWN] * 8 + [SHARED] * 5)
    assert 0 <= amid[2] < 0.5
    assert among[10] > 3 * amid[2] + 0.5


@pytest.mark.parametrize("label", ["Ingredients", "Pros", "配料"])
def test_a_label_amid_unrepeated_prose_weighs_nothing(label: str) -> None:
    texts = [story(1), story(2), label, story(3), story(4)]
    assert weights(texts, [OWN, OWN, Evidence(5, 5), OWN, OWN])[2] == 0


def test_an_appeal_amid_the_story_goes_where_all_stories_have_it() -> None:
    appeal = "Good reporting takes months and costs money; will you join the readers who pay for most of ours?"
    evidence = [Evidence(1, 40), Evidence(1, 40), EVERYWHERE, Evidence(1, 40), Evidence(1, 40)]
    found = weigh(np.full(5, 0.9, np.float32), 1.0, evidence, [story(1), story(2), appeal, story(3), story(4)])
    kept = [seen.weighed(0.9) > 0.4 for seen in found]
    assert kept == [True, True, False, True, True]


def test_scripts_without_spaces_have_words_too() -> None:
    latin, han = "word " * 20, "探测器" * 13 + "。"
    one, other = (weights([story(1), text, story(2)], [OWN, EVERYWHERE, OWN])[1] for text in (latin, han))
    assert one == other > 0


def test_lines_of_code_weigh_little() -> None:
    prose, code = "all of that is the same here", "return all.of(that) == the.same();"
    plain, coded = (weights([story(1), text, story(2)], [OWN, EVERYWHERE, OWN])[1] for text in (prose, code))
    assert coded < plain / 2


@pytest.mark.parametrize("seen", [Evidence(4, 5), Evidence(8, 8)])
def test_on_a_page_in_doubt_only_many_stories_weigh(seen: Evidence) -> None:
    texts = [*map(story, range(6)), "Free returns within thirty days of delivery", "Sold by a seller of the market"]
    evidence = [Evidence(1, seen.site_pages)] * 6 + [seen] * 2
    assert weights(texts, evidence)[-1] > 0
    assert weights(texts, evidence, confidence=0.5) == [0] * 8
    assert weights(texts, [Evidence(1, 40)] * 6 + [EVERYWHERE] * 2, confidence=0.5)[-1] > 0


def test_a_page_that_would_lose_most_of_its_story_keeps_it() -> None:
    texts = [story(number) for number in range(6)]
    assert weights(texts, [SHARED] * 6) == [0] * 6


@given(st.floats(0, 1), st.floats(0, 6))
def test_evidence_only_ever_takes(score: float, weight: float) -> None:
    assert 0 <= Evidence(2, 2, weight).weighed(score) <= score + 1e-9
