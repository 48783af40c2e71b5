"""Reasons of HTML removals: what a block says by its form, its containers, its words and its place."""

from __future__ import annotations

import pytest

from pipeline.classify.html_places import Paths
from pipeline.classify.html_reasons import by_itself, is_byline, is_date, why
from pipeline.model import Block, Kind, Reason
from pipeline.rules import CueTable, read_cues

CUES = read_cues(
    {
        "test.toml": {
            "cue": [
                {
                    "id": "x-share",
                    "reason": "share",
                    "phrases": ["tell a friend"],
                    "examples": ["Tell a friend"],
                    "counterexamples": ["A friend told me"],
                },
                {
                    "id": "x-label",
                    "reason": "share",
                    "position": "whole",
                    "phrases": ["print"],
                    "examples": ["Print"],
                    "counterexamples": ["Print is dead"],
                },
            ]
        }
    }
)


def block(
    text: str, path: str = "body/div/p", kind: Kind = Kind.PARAGRAPH, links: float = 0.0, mark: str = ""
) -> Block:
    return Block(0, text, kind, 0, len(text), path=path, link_density=links, mark=mark)


CASES = [
    (block("Ferry returns", kind=Kind.HEADING), Reason.DUPLICATE_TITLE, "form:title"),
    (block("The ferry at dawn", kind=Kind.CAPTION, mark="caption"), Reason.CAPTION, "form:caption"),
    (block("© 2024 Harbour Post"), Reason.LEGAL, "form:legal"),
    (block("Source: Harbour Wire"), Reason.SOURCE, "form:source"),
    (block("By Ada Lind"), Reason.BYLINE, "form:byline"),
    (block("Published: 5 May 2024, 10:30"), Reason.DATE, "form:date"),
    (block("Skerray, Scotland (HP) May 5, 2024"), Reason.DATELINE, "form:dateline"),
    (block("Advertisement", "body/div.related/p"), Reason.ADVERTISEMENT, "form:advertisement"),
    (block("Print", "body/div.related/p"), Reason.SHARE, "cue:x-label"),
    (block("I saw it too", "body/div#comments/div.text/p"), Reason.COMMENTS, "path:comments"),
    (block("Tell a friend", "body/div#comments/p"), Reason.COMMENTS, "path:comments"),
    (block("Tell a friend"), Reason.SHARE, "cue:x-share"),
    (block("Partners use your data", "body/div#onetrust-banner/p"), Reason.COOKIE_NOTICE, "path:cookie-notice"),
    (block("Storm closes the whole school", "body/aside/ul/li"), Reason.SIDEBAR_HEADLINES, "path:sidebar-headlines"),
    (block("Sport", "body/nav/ul/li", links=1.0), Reason.NAVIGATION, "path:navigation"),
    (block("Sport", "body/footer/ul/li", links=1.0), Reason.NAVIGATION, "path:footer"),
    (block("Registered in Skerray", "body/footer/p"), Reason.LEGAL, "path:footer"),
    (block("Storm closes the school for one more week", links=1.0), Reason.RELATED, "form:headline"),
    (block("Weather desk", kind=Kind.HEADING), Reason.OTHER, "form:label"),
    (block("Nothing at all speaks for any of the reasons here."), Reason.OTHER, "model"),
]


@pytest.mark.parametrize(("item", "reason", "rule"), CASES, ids=[f"{case[2]} {case[0].text[:20]}" for case in CASES])
def test_reason(item: Block, reason: Reason, rule: str) -> None:
    because = why(item, by_itself(item, "ferry returns"), CUES, Paths())
    assert (because.reason, because.rule) == (reason, rule)


def test_the_innermost_container_speaks() -> None:
    item = block("Anything", "body/div.related/div#comments/p")
    assert why(item, by_itself(item, ""), CueTable([]), Paths()).reason is Reason.COMMENTS


def test_deep_paths_are_read() -> None:
    item = block("Anything", "body/div.related" + "/div" * 3000)
    assert why(item, by_itself(item, ""), CueTable([]), Paths()).reason is Reason.RELATED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Lind", True),
        ("by Staff Writers", True),
        ("Words by Ada Lind, photographs by Bo Ek", True),
        ("Von Jette Carstens", True),
        ("By Monday the road was open again.", False),
        ("By then", False),
        ("Bygone days", False),
    ],
)
def test_bylines(text: str, expected: bool) -> None:
    assert is_byline(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17:42", True),
        ("17.42 Uhr", True),
        ("3 hours ago", True),
        ("Updated on May 5, 2024 at 10:30 GMT", True),
        ("14. November 2024", True),
        ("2024年5月6日", True),
        ("On May 5, 2024 the ferry sank", False),
        ("12:3", False),
        ("Chapter 3", False),
    ],
)
def test_dates(text: str, expected: bool) -> None:
    assert is_date(text) is expected
