"""Verdicts on HTML blocks: every block gets one, removals say why, evidence from the site counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.classify.html import explain, judge, score, seen_story, with_story
from pipeline.markup import segment, segment_scripts, visible_text
from pipeline.model import Document, Evidence, Judged, MediaType, Page, Reason, Role
from pipeline.rules import CueTable
from pipeline.settings import Policy
from pipeline.sites import weigh
from pipeline.trees import Forest, load
from tests.conftest import ROOT

PAGE = """<html><head><title>Harbour ferry returns after repair | Harbour Post</title></head><body>
<header><nav><ul><li><a href="/">Home</a><li><a href="/sport">Sport</a><li><a href="/weather">Weather</a></ul></nav>
</header><main><article><h1>Harbour ferry returns after repair</h1><p class="byline">By Ada Lind</p>
<p>The small ferry that links the island with the mainland is running again after nine weeks in the yard. Its owner
said on Monday that the new engine had passed every trial, and that the first crossing was full.</p>
<p>Islanders had gone by fishing boat in the meantime, which took an hour and was possible only in calm weather. The
school sent its lessons by post, and the shop ordered flour for a month, said Mette Holm, who runs both.</p>
<p>A second ferry, larger and driven by batteries, is to follow in two years if the county agrees to pay for it. The
council will vote on the plan in June, after a hearing that is open to everyone who lives along the fjord.</p>
<figure><img src="a.jpg"><figcaption>The ferry at its berth</figcaption></figure>
</article></main><aside class="related-stories"><h3>More stories</h3><ul><li><a href="/1">Bridge closed for a day</a>
<li><a href="/2">Lighthouse for sale again</a></ul></aside>
<footer><p>© 2024 Harbour Post. All rights reserved.</p></footer></body></html>"""


NOTHING, DEFAULT = Evidence(), Policy()


@pytest.fixture(scope="module")
def models() -> dict[str, Forest]:
    return load(Path(ROOT / "pipeline/models/html.npz").read_bytes())


def read(source: str, models: dict[str, Forest]) -> Page:
    document = Document("x", "x", MediaType.HTML, "utf-8", "", source)
    return score(document, segment(document), models)


def judged(page: Page, evidence: Evidence = NOTHING, policy: Policy = DEFAULT) -> tuple[Judged, ...]:
    known = weigh(page.scores, 1.0, [evidence] * len(page.blocks), [block.text for block in page.blocks])
    return judge(page, known, CueTable([]), policy)


def test_the_story_is_kept_and_the_rest_has_reasons(models: dict[str, Forest]) -> None:
    verdicts = judged(read(PAGE, models))
    assert [item.block.text[:9] for item in verdicts if item.verdict.role is Role.BODY] == [
        "The small",
        "Islanders",
        "A second ",
    ]
    assert [item.block.text for item in verdicts if item.verdict.role is Role.TITLE] == [
        "Harbour ferry returns after repair"
    ]
    reasons = {item.block.text: item.verdict.reason for item in verdicts if not item.verdict.keep}
    assert reasons == {
        "Home": Reason.NAVIGATION,
        "Sport": Reason.NAVIGATION,
        "Weather": Reason.NAVIGATION,
        "By Ada Lind": Reason.BYLINE,
        "The ferry at its berth": Reason.CAPTION,
        "More stories": Reason.RELATED,
        "Bridge closed for a day": Reason.RELATED,
        "Lighthouse for sale again": Reason.RELATED,
        "© 2024 Harbour Post. All rights reserved.": Reason.LEGAL,
    }


def test_every_removed_block_has_a_reason_and_a_rule(models: dict[str, Forest]) -> None:
    for item in judged(read(PAGE, models)):
        assert (item.verdict.reason is None) == item.verdict.keep
        assert item.verdict.rule


def test_a_doubtful_block_on_every_page_of_its_site_is_a_template(models: dict[str, Forest]) -> None:
    page = read(PAGE, models)
    doubtful = replace(page, scores=np.minimum(page.scores, np.float32(0.8)))
    assert [item for item in judged(doubtful) if item.verdict.role is Role.BODY]
    verdicts = judged(doubtful, Evidence(12, 12))
    assert not [item for item in verdicts if item.verdict.role is Role.BODY]
    assert "site:template" in {item.verdict.rule for item in verdicts}


def test_captions_can_be_kept(models: dict[str, Forest]) -> None:
    verdicts = judged(read(PAGE, models), policy=Policy(captions=True))
    assert [item.block.text for item in verdicts if item.verdict.rule == "policy:captions"] == [
        "The ferry at its berth"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<html><body><div id=app></div></body></html>",
        "<html><body><h1>404</h1><p>Page not found</p></body></html>",
        "<html><body><h1>Just a moment...</h1><p>Verify you are human to go on.</p></body></html>",
        "<nav><ul>" + "".join(f"<li><a href='/{n}'>Entry {n}</a>" for n in range(30)) + "</ul></nav>",
        "<h1>Harbour Post</h1><p>We and our 61 partners store cookies on your device, to show personalised ads and to "
        "count visits. You can change your choice at any time in our privacy policy.</p><button>Accept all</button>",
        "<main><h1>Willkommen bei der Hafenpost</h1><p>Lesen Sie wie gewohnt mit Werbung und Cookies. Ihre Zustimmung "
        "können Sie in der Datenschutzerklärung jederzeit widerrufen.</p><button>Zustimmen</button></main>",
    ],
    ids=["nothing", "shell", "404", "captcha", "menu", "cookie wall", "cookie wall in German"],
)
def test_pages_without_content_are_empty_for_a_reason(source: str, models: dict[str, Forest]) -> None:
    page = read(source, models)
    assert page.empty_because
    assert all(not item.verdict.keep for item in judged(page))


def test_a_story_about_cookies_is_one(models: dict[str, Forest]) -> None:
    about = (
        "Cookies and consent: the county will ask ferry passengers before it counts their telephones, says Ada Lind."
    )
    assert read(PAGE.replace("<p>A second", f"<p>{about}</p><p>A second"), models).empty_because is None


def test_as_much_evidence_as_blocks(models: dict[str, Forest]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        judge(read(PAGE, models), [], CueTable([]), Policy())


def test_scores_are_probabilities(models: dict[str, Forest]) -> None:
    page = read(PAGE, models)
    assert page.scores.shape == (len(page.blocks),)
    assert ((page.scores >= 0) & (page.scores <= 1)).all()
    assert 0 <= page.confidence <= 1
    assert page.scores.dtype == np.float32


def test_a_pull_quote_is_kept_once(models: dict[str, Forest]) -> None:
    quote = "We freeze the whole pane and pull the film away in one piece"
    long = (
        f"<p>Nobody in the yard had believed in it. “{quote},” said Mette Holm, who has run the yard on the mainland "
    )
    long += "since her uncle left it to her, and who still does the welding herself on Saturdays.</p>"
    source = PAGE.replace("<figure>", f"{long}<p>“{quote}.”</p><figure>")
    verdicts = judged(read(source, models))
    assert [item.verdict.keep for item in verdicts if quote in item.block.text] == [True, False]


@pytest.mark.parametrize("line", ["17:42", "9 February 2023", "By Ada Lind", "Advertisement", "Source: Harbour Wire"])
def test_some_lines_never_stay_in_a_story(line: str, models: dict[str, Forest]) -> None:
    source = PAGE.replace("<p>Islanders", f"<p>{line}</p><p>Islanders")
    assert [item.verdict.keep for item in judged(read(source, models)) if item.block.text == line][-1] is False


def test_a_story_that_stands_in_one_block_besides_is_kept_once(models: dict[str, Forest]) -> None:
    story = [f"Guest {n} of house {n + 5} waited for ferry {n} at berth {n + 3}, and " * 9 + "left." for n in range(14)]
    source = PAGE.replace("<figure>", "".join(f"<p>{text}</p>" for text in story) + f"<p>{' '.join(story)}</p><figure>")
    page = read(source, models)
    sure = replace(page, page_kind="article", scores=np.ones(len(page.blocks), np.float32))
    kept = {item.block.text: item.verdict for item in judged(sure)}
    assert kept[" ".join(story)].rule == "form:echo"
    assert all(kept[text].keep for text in story)


def test_a_path_speaks_on_articles_alone(models: dict[str, Forest]) -> None:
    page = read(PAGE.replace("<p>A second", "<p class=tags><a href=/t>Ferries and islands</a></p><p>A second"), models)
    place = next(index for index, block in enumerate(page.blocks) if block.text.startswith("Ferries"))
    page = replace(page, scores=np.full(len(page.blocks), np.float32(0.7)))
    assert not judged(replace(page, page_kind="article"))[place].verdict.keep
    assert judged(replace(page, page_kind="listing"))[place].verdict.keep


def test_the_features_that_weighed_most_are_told_on_request(models: dict[str, Forest]) -> None:
    segmented = segment(Document("x", "x", MediaType.HTML, "utf-8", "", PAGE))
    found = explain(segmented, models)
    assert len(found) == len(segmented.blocks)
    assert all(len(names) == 3 and all(name[0] in "+-" for name in names) for names in found)
    assert read(PAGE, models).explanations == ()


def read_hidden(source: str, models: dict[str, Forest]) -> Page:
    """A page with the story that stands in its data alone, which must be found."""
    document = Document("x", "x", MediaType.HTML, "utf-8", "", source)
    page = score(document, segment(document), models)
    hidden = segment_scripts(document, page.metadata.title or "", seen_story(page))
    assert hidden is not None
    return with_story(page, document, hidden, models)


def test_a_story_from_the_scripts_stands_behind_what_a_reader_sees(models: dict[str, Forest]) -> None:
    start, end = PAGE.index("<p>The small"), PAGE.index("<figure>")
    story = PAGE[start:end]
    state = json.dumps({"title": "Harbour ferry returns after repair", "bodyHtml": story})
    source = f"{PAGE[:start]}{PAGE[end:]}<script type='application/json'>{state}</script>"
    both = read_hidden(source, models)
    kept = [item for item in judged(both) if item.verdict.role is Role.BODY]
    assert [item.block.text[:9] for item in kept] == ["The small", "Islanders", "A second "]
    assert {item.verdict.rule for item in kept} == {"script:bodyHtml"}
    assert ("text", "script:bodyHtml") in both.metadata.origins
    whole = visible_text(both.blocks)
    assert [whole[block.start : block.end] for block in both.blocks] == [block.text for block in both.blocks]
    assert [block.ordinal for block in both.blocks] == list(range(len(both.blocks)))


@pytest.mark.parametrize("forum", [True, False])
def test_the_posts_of_a_thread_make_a_forum(models: dict[str, Forest], forum: bool) -> None:
    start, end = PAGE.index("<p>The small"), PAGE.index("<figure>")
    texts = [f"<p>{text}" for text in PAGE[start:end].split("<p>")[1:]]
    topic = {
        "title": "Harbour ferry returns after repair",
        "posts": [{"username": "ada", "created_at": "2024-03-05", "cooked": text} for text in texts],
    }
    source = f"<title>{topic['title']}</title><div data-preloaded='{json.dumps(topic)}'></div>"
    both = read_hidden(source, models)
    assert both.page_kind == "forum"
    kept = [item for item in judged(both, policy=Policy(forum=forum)) if item.verdict.role is Role.BODY]
    assert [item.block.text[:9] for item in kept] == (["The small", "Islanders", "A second "] if forum else [])


def test_nothing_short_above_the_title_is_the_story(models: dict[str, Forest]) -> None:
    page = read(PAGE.replace("<h1>", "<p>News from the fjord</p><h1>"), models)
    sure = replace(page, scores=np.ones(len(page.blocks), np.float32))
    assert {item.block.text: item.verdict.keep for item in judged(sure)}["News from the fjord"] is False
