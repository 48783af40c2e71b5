"""Stories that only the data of a page holds: found where they hang, left alone where they are something else."""

from __future__ import annotations

import html
import json

import pytest

from pipeline.markup import segment_scripts
from pipeline.markup.scripts import declared_story, hidden_story
from pipeline.model import Document, MediaType

TITLE = "Lighthouse keeper retires after forty winters"
STORY = (
    "The last keeper on the northern skerries climbed down from the lamp for good on Friday. Nobody will follow him.",
    "For forty winters he had trimmed wicks, painted rails and written down every ship that passed. The books fill "
    "two rooms, and the museum in the capital has asked for them.",
    "The lamp itself has been turning by motor since spring. A technician is to visit it twice a year, he said, and "
    "the gulls may have the rest.",
    "What he will miss is the sound of the fog horn, which his wife will not. They are moving to a flat in town.",
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
PLAIN = "\n".join(STORY)
LONG = "\n".join(STORY * 5)


def page(*scripts: str, body: str = "<div id=app></div>") -> str:
    return f"<html><head><title>{TITLE}</title></head><body>{body}{''.join(scripts)}</body></html>"


def script(data: object, kind: str = "application/json", before: str = "", after: str = "") -> str:
    return f'<script type="{kind}">{before}{json.dumps(data)}{after}</script>'


def flight(text: str) -> str:
    row = f"1a:T{len(text.encode()):x},{text}"
    pieces = (row[:200], row[200:])
    return "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)


def attribute(data: object, name: str = "data-preloaded") -> str:
    return f'<div id="data" {name}="{html.escape(json.dumps(data))}"></div>'


def posts(*texts: str, **further: object) -> list[dict[str, object]]:
    """The posts of a forum as Discourse stores them."""
    return [
        {"id": number, "name": "Ada", "username": "ada", "created_at": "2024-03-05", "cooked": text, **further}
        for number, text in enumerate(texts)
    ]


POSTS = [f"<p>{paragraph}</p>" for paragraph in STORY]
TOPIC = {"post_stream": {"posts": posts(*POSTS), "stream": [0, 1, 2, 3]}, "title": TITLE, "posts_count": 4}

FOUND = {
    "linked data": (
        script({"@type": "NewsArticle", "articleBody": PLAIN}, "application/ld+json"),
        "json-ld:articleBody",
    ),
    "linked data in a graph": (
        script({"@graph": [{"@type": "Person"}, {"articleBody": PLAIN}]}, "application/ld+json"),
        "json-ld:articleBody",
    ),
    "the state of Next.js": (
        script({"props": {"pageProps": {"article": {"headline": TITLE, "bodyHtml": PARAGRAPHS}}}}),
        "script:bodyHtml",
    ),
    "a list of paragraphs": (
        script({"story": {"title": TITLE, "content_elements": [{"type": "text", "content": p} for p in STORY]}}),
        "script:content_elements",
    ),
    "an assignment": (
        script(
            {"post": {"title": TITLE, "content": {"rendered": PARAGRAPHS}}}, "", "window.__STATE__ = ", "; start();"
        ),
        "script:rendered",
    ),
    "JSON in a string": (
        script(json.dumps({"page": {"title": TITLE, "text": PLAIN}}), "", "var s = JSON.parse(", ");"),
        "script:text",
    ),
    "pieces that React sends": (flight(LONG), "script:text"),
    "escaped mark-up": (
        script({"title": TITLE, "body": PARAGRAPHS.replace("<", "&lt;").replace(">", "&gt;")}),
        "script:body",
    ),
    "the props of a component": (
        attribute({"props": {"title": TITLE, "body": PARAGRAPHS}}, "data-page"),
        "attribute:body",
    ),
    "paragraphs in an attribute": (
        attribute({"title": TITLE, "blocks": [{"type": "p", "value": p} for p in STORY]}, ":article"),
        "attribute:blocks",
    ),
    "a topic in a string": (attribute({"topic_7": json.dumps(TOPIC), "site": "{}"}), "thread:posts"),
    "a topic in a script": (script({"topic": TOPIC}), "thread:posts"),
    "posts of plain text": (attribute({"title": TITLE, "posts": posts(*STORY)}), "thread:posts"),
    "posts beside the banner of a forum": (
        attribute({"topic_7": json.dumps(TOPIC), "banner": json.dumps({"html": PARAGRAPHS * 20})}),
        "thread:posts",
    ),
    "untitled posts, the first one longest": (
        attribute({"posts": posts("".join(POSTS) + PARAGRAPHS * 4, *POSTS)}),
        "thread:posts",
    ),
}


@pytest.mark.parametrize(("source", "origin"), FOUND.values(), ids=FOUND.keys())
def test_a_story_is_found_paragraph_by_paragraph(source: str, origin: str) -> None:
    found = segment_scripts(Document("x", "x", MediaType.HTML, "utf-8", "", page(source)), TITLE, None)
    assert found is not None
    assert dict(found.metadata.origins) == {"text": origin}
    texts = [block.text for block in found.blocks if block.mark != "title"]
    assert texts[: len(STORY)] == list(STORY)
    assert all(block.path.startswith(f"{origin}/") for block in found.blocks)


OTHER = {
    "no script": "",
    "a program": f"<script>{'function f(a) { return a ? f(a - 1) : 0; } ' * 40}</script>",
    "broken JSON": script({"title": TITLE, "body": PARAGRAPHS})[:-40] + "</script>",
    "settings": script({"i18n": {"title": TITLE, "text": PLAIN}, "cookieBanner": {"text": PLAIN}}),
    "what readers wrote": script({"title": TITLE, "comments": [{"content": p} for p in STORY]}),
    "several stories and no title": script([{"title": "A", "body": LONG}, {"title": "B", "body": LONG[10:]}]),
    "a short untitled text": script({"widget": {"text": PLAIN}}),
    "a teaser": script({"@type": "NewsArticle", "articleBody": STORY[0]}, "application/ld+json"),
    "a long untitled text of some part of the page": attribute({"events": [{"body": LONG}]}),
    "the newest posts of many topics": attribute({"posts": posts(*POSTS, title="Another topic")}),
    "posts that readers wrote below": attribute({"title": TITLE, "comments": posts(*POSTS)}),
    "posts of no one": attribute({"posts": posts(*POSTS, username="")}),
    "the texts of a forum": attribute({"siteSettings": json.dumps({"title": TITLE, "text": PLAIN})}),
    "a damaged attribute": attribute({"topic_7": json.dumps(TOPIC)})[:-60] + '"></div>',
    "an attribute cut off": attribute({"topic_7": json.dumps(TOPIC)})[:900],
    "a damaged topic": attribute({"topic_7": json.dumps(TOPIC)[:-9]}),
    "more tags than a page may have": attribute({"title": TITLE, "posts": posts(*POSTS, "<b>a</b>" * 30_000)}),
    "from elsewhere": '<script src="/app.js">' + json.dumps({"title": TITLE, "body": PARAGRAPHS}) + "</script>",
}


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER.keys())
def test_nothing_else_is_taken_for_a_story(source: str) -> None:
    assert hidden_story(page(source), TITLE) is None


def test_the_longest_declared_body_counts() -> None:
    both = script([{"articleBody": PLAIN[:450]}, {"articleBody": PLAIN}], "application/ld+json")
    story = declared_story(page(both))
    assert story is not None
    assert story.prose == len(" ".join(PLAIN.split()))


@pytest.mark.parametrize(("seen", "found"), [(0, True), (100, True), (400, False)])
def test_a_declared_body_replaces_a_story_only_where_far_more_is_missing(seen: int, found: bool) -> None:
    source = page(script({"articleBody": PLAIN}, "application/ld+json"))
    document = Document("x", "x", MediaType.HTML, "utf-8", "", source)
    assert (segment_scripts(document, TITLE, seen) is not None) is found


def test_other_data_does_not_replace_a_visible_story() -> None:
    source = page(script({"title": TITLE, "bodyHtml": PARAGRAPHS}))
    assert segment_scripts(Document("x", "x", MediaType.HTML, "utf-8", "", source), TITLE, 50) is None


def test_a_thread_is_its_posts_alone() -> None:
    source = page(attribute({"topic_7": json.dumps(TOPIC)}))
    found = segment_scripts(Document("x", "x", MediaType.HTML, "utf-8", "", source), TITLE, None)
    assert found is not None
    assert [block.text for block in found.blocks] == [TITLE, *STORY]


def test_each_post_is_an_element_of_its_own() -> None:
    story = hidden_story(page(attribute({"title": TITLE, "posts": posts("<b>Ship ahoy", *POSTS, "  ", "Aye.")})), TITLE)
    assert story is not None
    assert story.markup.count('<div class="post">') == 2 + len(POSTS)


def test_a_story_in_a_script_comes_before_one_in_an_attribute_of_the_same_length() -> None:
    data = {"title": TITLE, "body": PARAGRAPHS}
    story = hidden_story(page(attribute(data), script(data)), TITLE)
    assert story is not None
    assert story.origin == "script:body"


def test_attributes_do_not_replace_a_visible_story() -> None:
    source = page(attribute({"topic_7": json.dumps(TOPIC)}))
    assert segment_scripts(Document("x", "x", MediaType.HTML, "utf-8", "", source), TITLE, 50) is None


def test_sentences_may_end_at_tags() -> None:
    lines = [sentence for paragraph in STORY for sentence in paragraph.split(". ")]
    body = "".join(f"<li>{line.rstrip('.')}.</li>" for line in lines)
    assert hidden_story(page(script({"title": TITLE, "body": f"<ul>{body}</ul>"})), TITLE) is not None
