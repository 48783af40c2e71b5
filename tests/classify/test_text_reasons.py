from __future__ import annotations

import tomllib
from functools import cache

import pytest

from pipeline.classify.text_outline import outline
from pipeline.classify.text_reasons import reasons
from pipeline.classify.text_title import find_heading
from pipeline.model import Document, Evidence, MediaType, Metadata
from pipeline.plain import segment
from pipeline.rules import CueTable, read_cues
from tests.classify.pages import STORY, TITLE
from tests.conftest import ROOT


@cache
def cues() -> CueTable:
    files = sorted((ROOT / "seeds" / "cues").glob("*.toml"))
    return read_cues({file.name: tomllib.loads(file.read_text("utf-8")) for file in files})


def named(source: str, seen: Evidence | None = None, table: CueTable | None = None) -> list[tuple[str, str]]:
    """Each removed line of a page with its reason, where the lines of ``STORY`` are kept."""
    blocks = segment(Document("a", "a", MediaType.TEXT, "utf-8", "", source)).blocks
    page = outline(blocks)
    keep = [block.text in STORY for block in blocks]
    heading = find_heading(page, Metadata(), keep)
    templates = range(len(blocks)) if seen and seen.is_template(0.4, 4) else ()
    found = reasons(page, keep, heading, templates, cues() if table is None else table)
    return [(blocks[index].text, str(found[index][0])) for index in sorted(found)]


BODY = "\n".join(STORY)


def below(text: str) -> list[str]:
    """The reasons of the lines below the story."""
    return [reason for _, reason in named(f"{TITLE}\n{BODY}\n\n\n{text}")]


def above(text: str) -> list[str]:
    """The reasons of the lines above the story, the title left out."""
    return [reason for _, reason in named(f"{text}\n{BODY}")]


ABOVE = [
    ("The Harbour Post\nISLANDS\n" + TITLE + "\nBy Anna Example\n3 March 2023", "masthead section-label byline date"),
    (TITLE + "\nAnna Example\n2023-03-03 08:15", "byline date"),
    (TITLE + "\nBergen (NTB) Mar 3, 2023\nFile photo of the lighthouse", "dateline caption"),
    ("old-lighthouse-to-shine-again-after-forty-years\n" + TITLE, "duplicate-title"),
    ("Skip to main content\nHome\nNews\nSport\nWeather\nFerries\nBoats\n" + TITLE, " ".join(["navigation"] * 7)),
    ("Home\nNews\nNewsletter\nSport\nFerries\nBoats\n" + TITLE, " ".join(["navigation"] * 6)),
]


@pytest.mark.parametrize(("text", "expected"), ABOVE)
def test_lines_above_the_story(text: str, expected: str) -> None:
    assert above(text) == expected.split()


OFFER = """Dear readers, this page has no owner but you.
It is written by four people and a dog, and printed in a shed.
Will you help us with a small sum?
Please make a donation today.
Deckhand
$5 a month


Captain
$50 once


card or PayPal"""
TEASER = """FERRIES
New captain for the northern line
Bergen (NTB) Mar 1, 2023
She has sailed the route as mate for nine years and knows every rock by its first name ... read more"""
HEADLINES = """FERRIES
New captain for the northern line
Landing closed until summer
BOATS
Eleven ships race round the cape
Harbour dues to rise again next year
FERRIES
Night boat gets a second cook"""
BELOW = [
    ("Source: Wirepool News", "source"),
    ("Related links\nHarbour board\nWeather office", "related related related"),
    (OFFER, " ".join(["donation-appeal"] * 9)),
    (TEASER, "teaser teaser teaser teaser"),
    (HEADLINES, " ".join(["sidebar-headlines"] * 8)),
    ("Share this story\nFacebook Reddit", "share share"),
    ("Comments\nseadog44\nAbout time too, I say, and not a day too soon for me.", "comments comments comments"),
    ("We use cookies to make this page better.", "cookie-notice"),
    ("Advertisement", "advertisement"),
    ("Tags: lighthouse, islands", "tags"),
    ("About the author\nAnna Example writes about islands and has done so since 1999.", "author-bio author-bio"),
    ("Sign up for our morning letter and get it in your inbox.", "newsletter"),
    ("Subscribe now for one crown a week", "subscription"),
    ("Copyright 2023 The Harbour Post. All rights reserved. We use cookies and sell advertising.", "legal"),
    ("About us\nContact us\nJobs", "navigation navigation navigation"),
    ("Mehr zum Thema\nHafenamt", "related related"),
    ("Partager cet article", "share"),
    ("Lo más leído\nUn faro vuelve a la vida tras cuarenta años", "sidebar-headlines sidebar-headlines"),
    ("相关新闻\n港口灯塔四十年后重新点亮", "related related"),
]


@pytest.mark.parametrize(("text", "expected"), BELOW)
def test_lines_below_the_story(text: str, expected: str) -> None:
    assert below(text) == expected.split()


def test_a_line_the_site_repeats_is_a_template_where_nothing_better_is_known() -> None:
    line = "All times are local, and distances are given in sea miles unless we say otherwise in the text itself."
    assert below(line) == ["other"]
    repeated = named(f"{TITLE}\n{BODY}\n\n\n{line}", Evidence(8, 10))
    assert repeated == [(line, "template")]
    assert named(f"{TITLE}\n{BODY}\n\n\n{line}", Evidence(3, 3)) == [(line, "other")]


def test_without_cues_every_line_still_has_a_reason() -> None:
    assert len(named(f"{TITLE}\n{BODY}\n{OFFER}\n{HEADLINES}", table=CueTable(()))) == 9 + 8
