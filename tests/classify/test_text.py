"""Whole pages through the line classifier: hard cases, each line with what it should become."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from pipeline import plain
from pipeline.classify import text as classify
from pipeline.classify import text_stages
from pipeline.model import Document, Evidence, Judged, MediaType, Page, Reason, Role
from pipeline.rules import Cue, CueTable
from pipeline.settings import Policy
from pipeline.sites import weigh
from pipeline.trees import Forest, load
from tests.classify.cases import MORE_CASES
from tests.classify.pages import STORY, TITLE, Row, page
from tests.conftest import ROOT


@cache
def models() -> dict[str, Forest]:
    return load((ROOT / "pipeline" / "models" / "text.npz").read_bytes())


def scored(lines: list[str], explain: bool = False) -> Page:
    document = Document("a", "a", MediaType.TEXT, "utf-8", "", "\n".join(lines))
    return classify.score(document, plain.segment(document), models(), explain)


def judged(lines: list[str], cues: CueTable | None = None, seen: dict[str, Evidence] | None = None) -> list[Judged]:
    found = scored(lines)
    known = [(seen or {}).get(block.text, Evidence()) for block in found.blocks]
    evidence = weigh(found.scores, 1.0, known, [block.text for block in found.blocks])
    return list(classify.judge(found, evidence, cues or CueTable(()), Policy()))


def story_lines(items: list[Judged]) -> list[str]:
    return [item.block.text for item in items if item.verdict.role is Role.BODY]


DONATIONS = (
    "The hospital fund of the island has taken in more donations this winter than in any year since it was founded.",
    "Donors gave 1.2 million crowns between November and February, the treasurer said, most of it in small sums from "
    "people who had themselves been patients in the old wing.",
    "The fund asks nobody by post and spends nothing on advertising. A tin stands on the counter of every shop, and on "
    "Fridays the schoolchildren carry them to the bank.",
    "What is left after the new beds have been paid for will go to the ambulance boat, which needs an engine.",
    "The treasurer, who has kept the books for thirty years, said that she had stopped being surprised by generosity.",
)
COOKIES = (
    "Websites in the county may no longer set cookies before a visitor has agreed to them, a court decided on Tuesday.",
    "The ruling ends a dispute of three years between a consumer group and the operator of a ticket shop, whose notice "
    "had offered a large button to accept all cookies and a small grey line to refuse them.",
    "The judges held that such a notice does not ask but pushes. Consent that is given because nothing else can be "
    "found "
    "is no consent, they wrote in an opinion of forty pages.",
    "The operator said that it would change its privacy policy by the end of the month and consider an appeal.",
)
INTERVIEW = (
    "The keeper of the last lighthouse on the northern coast talks about storms, solitude and his successor, a "
    "computer.",
    "How long have you been here?",
    "Thirty-one years in April. I came for one winter because the pay was good, and then nobody asked me to leave.",
    "What do you do all day?",
    "People think that you sit and look at the sea. In truth you paint. Salt eats paint, so you start at the top, "
    "and when "
    "you are done at the bottom it is time to start at the top again.",
    "And the nights?",
    "At night I read. The library boat brings me twenty books every second month, and I have never sent one back "
    "unread.",
    "What will you do next year?",
    "Paint my own house, I suppose. It has waited long enough.",
)
RECIPE = (
    "This soup has fed the crew of the ferry for as long as anyone can remember, and it takes no more than half an "
    "hour.",
    "For four people you need:",
    "- 600 g of floury potatoes",
    "- 2 leeks",
    "- 300 g of smoked fish",
    "- 1 litre of milk",
    "Peel the potatoes and cut them into pieces as large as a walnut. Slice the leeks and let them soften in butter "
    "over a "
    "low flame for ten minutes.",
    "Add the potatoes and the milk and let it all simmer until the potatoes are done. Put in the fish at the very "
    "end, or "
    "it will fall apart.",
    "Serve with dark bread, and do not tell the cook of the ferry where you have the recipe from.",
)
TEASERS = (
    "School choir wins second prize at the county festival",
    "The forty voices of the island school came within two points of victory on Saturday, when the county festival was "
    "held for the first time since the hall had burnt down, and their conductor said that the judges ... read more",
    "Why the fish market will move to the old tram depot",
    "For a hundred and ten years the catch has been sold on the quay, whatever the weather, but from next spring the "
    "stalls will stand under a roof, because new rules on cooling leave the town no choice, and the ... read more",
    "Ferry company names new captain for the northern line",
    "She has sailed the route as mate for nine years and knows every rock by its first name, says the company, which "
    "is "
    "to hand over the bridge to its first woman captain on the day the summer timetable ... read more",
)
COMMENTS = (
    "Comments",
    "seadog44",
    "About time too! I remember the light from when I was a boy and I always thought it was a shame that they let it "
    "go.",
    "Reply",
    "Marta K.",
    "Lovely, but who is going to pay for it in ten years? My taxes are high enough as it is, thank you very much.",
    "Reply",
)
APPEAL = (
    "Dear reader, our little paper has no owner and no advertisers, only you.",
    "If you like what we do, please help us with five crowns a month. You can stop whenever you want.",
    "Support us now",
)

CASES: dict[str, list[Row]] = {
    "an ordinary page": page(),
    "a story about donations": page(DONATIONS, title="Hospital fund sees record winter for donations"),
    "a story about cookies": page(COOKIES, title="Court bans cookies without consent"),
    "an interview": page(INTERVIEW, title="The keeper of the last light"),
    "a list inside the story": page(RECIPE, title="Ferry soup with smoked fish"),
    "a short story among long teasers": page(STORY[:2], tail=TEASERS),
    "comments that are prose": page(tail=COMMENTS),
    "an appeal below the story": page(tail=APPEAL),
    "an appeal in the middle of the story": page(
        [*((text, True) for text in STORY[:4]), *((text, False) for text in APPEAL), *((t, True) for t in STORY[4:])]
    ),
    "headings inside the story": page(
        (STORY[0], STORY[1], "A light for the fleet", *STORY[2:4], "Two against", STORY[4])
    ),
    **MORE_CASES,
}


GAPS = {"dense": "\n", "spaced": "\n\n"}
# What the model gets wrong, by layout: remove a line here as soon as it gets it right.
HARDEST = {
    ("a remark in prose right below the story", "dense"): "it reads like an aside of the writer",
    ("a remark in prose right below the story", "spaced"): "it reads like an aside of the writer",
    ("a plea in prose below the dateline", "dense"): "a paragraph in the place of the first one is taken for it",
    ("a plea in prose below the dateline", "spaced"): "a paragraph in the place of the first one is taken for it",
    ("a story of one sentence", "spaced"): "a sentence too few to tell headlines below it from the story",
}


def hard_cases() -> list[Any]:
    return [
        pytest.param(
            name,
            gap,
            id=f"{name}, {gap}",
            marks=[pytest.mark.xfail(reason=HARDEST[name, gap], strict=True)] if (name, gap) in HARDEST else [],
        )
        for name in CASES
        for gap in GAPS
    ]


@pytest.mark.parametrize(("name", "gap"), hard_cases())
def test_hard_cases(name: str, gap: str) -> None:
    rows = CASES[name]
    found = story_lines(judged(GAPS[gap].join(text for text, _ in rows).split("\n")))
    assert found == [text for text, story in rows if story]


def test_the_title_is_set_apart() -> None:
    titles = [item.block.text for item in judged([t for t, _ in page()]) if item.verdict.role is Role.TITLE]
    assert titles == [TITLE]


EVERYWHERE = Evidence(9, 10)


def test_a_line_that_the_site_repeats_goes_and_one_it_does_not_stays() -> None:
    line = "All times are local and all distances are given in sea miles unless we say so."
    lines = [text for text, _ in page((*STORY[:3], line, *STORY[3:]))]
    assert line in story_lines(judged(lines))
    removed = {item.block.text: item.verdict for item in judged(lines, seen={line: EVERYWHERE})}
    assert removed[line].reason is Reason.TEMPLATE
    assert (removed[line].evidence.seen_on, removed[line].evidence.site_pages) == (9, 10)


def test_a_line_that_the_site_takes_moves_no_other() -> None:
    line = "All times are local and all distances are given in sea miles unless we say so."
    lines = [text for text, _ in page((*STORY[:3], line, *STORY[3:]))]
    alone, known = (judged(lines, seen=seen) for seen in ({}, {line: EVERYWHERE}))
    changed = [one.block.text for one, other in zip(alone, known, strict=True) if one.verdict != other.verdict]
    assert changed == [line]


def test_what_most_stories_of_a_site_have_is_no_title() -> None:
    lines = [text for text, _ in page()]
    titles = [item.block.text for item in judged(lines, seen={TITLE: EVERYWHERE}) if item.verdict.role is Role.TITLE]
    assert TITLE not in titles


def test_cues_name_reasons_and_never_decide() -> None:
    lines = [text for text, _ in page()]
    bare = judged(lines)
    cues = CueTable([Cue("all", Reason.LEGAL, ("the", "about us"))])
    named = judged(lines, cues)
    assert [item.verdict.keep for item in named] == [item.verdict.keep for item in bare]
    assert {i.block.text: i.verdict.rule for i in named}["About us"] == "cue:all"


@pytest.mark.parametrize("source", ["", "\n\n", "Home\nNews\nSport", "404", "Menu\nLog in\nSearch\nContact us"])
def test_a_page_without_a_story_says_so(source: str) -> None:
    found = scored(source.split("\n"))
    assert found.empty_because
    assert found.confidence < 0.7


@pytest.mark.parametrize(
    ("source", "is_story"),
    [
        ("The barge Windrose IV lay at the quay for a week. Everybody went to see it there.", True),
        ("Die Fähre fährt wieder, sagte der Bürgermeister am Montag in Husum.", True),
        ("Subscribe to our newsletter and get the best stories in your inbox every morning.", False),
        ("Please enable JavaScript in your browser to continue to this website today.", False),
    ],
)
def test_a_page_of_one_line_is_a_story_or_none(source: str, is_story: bool) -> None:
    assert (not scored([source]).empty_because) is is_story


def test_every_block_has_three_features_that_weighed_most() -> None:
    lines = [text for text, _ in page()]
    found = scored(lines, explain=True)
    assert not scored(lines).explanations
    assert len(found.explanations) == len(found.blocks)
    assert all(len(names) == 3 and all(name[0] in "+-" for name in names) for names in found.explanations)


def test_evidence_must_match_the_blocks() -> None:
    with pytest.raises(ValueError, match="1 pieces of evidence"):
        classify.judge(scored(["One", "Two"]), [Evidence()], CueTable(()), Policy())


def test_the_same_page_gives_the_same_scores() -> None:
    lines = [text for text, _ in page()]
    assert np.array_equal(scored(lines).scores, scored(lines).scores)


@pytest.mark.parametrize(("menu", "asked"), [(0, "all"), (40, "some")], ids=["short page", "long page"])
def test_the_trees_are_asked_of_lines_that_the_network_doubts(menu: int, asked: str) -> None:
    lines = [TITLE, *STORY, "The harbour will stay shut.", *(f"* Topic {number}" for number in range(menu))]
    segmented = plain.segment(Document("a", "a", MediaType.TEXT, "utf-8", "", "\n".join(lines)))
    other = {**models(), text_stages.CONTEXT: replace(models()[text_stages.CONTEXT], base=-50.0)}
    before, after = (text_stages.predict(segmented, parts)[0] for parts in (models(), other))
    changed = int((before != after).sum())
    assert changed == len(before) if asked == "all" else 0 < changed < len(before)


@pytest.mark.parametrize(
    ("scores", "expected"), [([1.0, 0.0], 1.0), ([0.5, 0.5], 2 / 3), ([0.0, 0.0], 0.0), ([1.0, 0.5], 0.857)]
)
def test_expected_f1_is_that_of_the_best_choice(scores: list[float], expected: float) -> None:
    assert classify.expected_f1([4, 4], scores) == pytest.approx(expected, abs=0.001)
