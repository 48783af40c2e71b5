"""Segmentation: nothing visible is lost, and blocks end where a reader sees a paragraph end."""

from __future__ import annotations

import html

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.markup import segment, visible_text
from pipeline.markup.features import COLUMNS
from pipeline.model import Document, Kind, MediaType, Segmented


def page(source: str) -> Segmented:
    return segment(Document("x", "x", MediaType.HTML, "utf-8", "", source))


def texts(source: str) -> list[str]:
    return [block.text for block in page(source).blocks]


CASES = {
    "inline mark-up joins": ("<p>One <b>bold</b>ly <a href=/>linked</a> word.</p>", ["One boldly linked word."]),
    "nobr is inline": ("<p>About <nobr>3 km</nobr> away</p>", ["About 3 km away"]),
    "two breaks end a paragraph": ("<div>First.<br><br>Second.</div>", ["First.", "Second."]),
    "so does one": (f"<b>Head</b><br>{'word ' * 30}<br>Source: X", ["Head", ("word " * 30).strip(), "Source: X"]),
    "verse stays together": (
        "<p>A short line<br>and another<br>and a third</p>",
        ["A short line\nand another\nand a third"],
    ),
    "list items": ("<ul><li>Tea<li>Milk</ul>", ["Tea", "Milk"]),
    "a nested list": ("<ul><li>Tea<ul><li>Green</ul>after</ul>", ["Tea", "Green", "after"]),
    "definitions": ("<dl><dt>Keel<dd>Lowest beam</dl>", ["Keel", "Lowest beam"]),
    "a table row is one block": ("<table><tr><td>May</td><td>12</td></tr></table>", ["May 12"]),
    "cells with paragraphs are not": ("<table><tr><td><p>May</p></td><td>12</td></tr></table>", ["May", "12"]),
    "code keeps its lines": ("<pre>a = 1\n  b = 2</pre>", ["a = 1\n  b = 2"]),
    "noscript counts": ("<noscript><p>Without script</p></noscript>", ["Without script"]),
    "scripts and styles do not": ("<p>Seen</p><script>var a='<p>no</p>'</script><style>p{}</style>", ["Seen"]),
    "comments do not split": ("<p>One<!-- x --> two</p>", ["One two"]),
    "text beside blocks": ("<div>Before<p>Inside</p>after</div>", ["Before", "Inside", "after"]),
    "entities": ("<p>Fish &amp;amp; chips &lt;b&gt; 5 &gt; 4</p>", ["Fish &amp; chips <b> 5 > 4"]),
    "an attribute with a bracket": ('<p title="a > b">Text</p>', ["Text"]),
    "a name with a bracket": ('<p class"a<b>Text</p>', ["Text"]),
    "a choice is one block": ("<select><option>One<option>Two</select>", ["One Two"]),
    "no mark-up at all": ("Just a line", ["Just a line"]),
    "nothing": ("", []),
    "a comment alone": ("<!-- hidden -->", []),
    "a second document": ("<html><body><p>A</p></body></html><html><body><p>B</p></body></html>", ["A", "B"]),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES.keys())
def test_blocks(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<h2>Head</h2>", Kind.HEADING),
        ("<p>Text</p>", Kind.PARAGRAPH),
        ("<ul><li>Item</ul>", Kind.ITEM),
        ("<blockquote>Said</blockquote>", Kind.QUOTE),
        ("<table><tr><td>1</table>", Kind.TABLE),
        ("<pre>x</pre>", Kind.CODE),
        ("<figure><figcaption>Seen from above</figcaption></figure>", Kind.CAPTION),
    ],
)
def test_kinds(source: str, kind: Kind) -> None:
    assert [block.kind for block in page(source).blocks] == [kind]


def test_path_and_link_density() -> None:
    (block,) = page('<div id="main" class="story wide"><p>See <a href="/">here</a></p></div>').blocks
    assert block.path == "body/div#main.story.wide/p"
    assert block.link_density == pytest.approx(0.5)


@pytest.mark.parametrize("depth", [300, 1500, 5000])
def test_deep_pages_are_read(depth: int) -> None:
    result = page("<div>" * depth + "<p>At the bottom of it all</p>" + "</div>" * depth)
    assert "At the bottom of it all" in visible_text(result.blocks)


def test_a_huge_text_node_is_read() -> None:
    assert len(texts(f"<p>{'ab ' * 4_000_000}</p>")[0]) == 4_000_000 * 3 - 1


def test_the_second_parser_says_so() -> None:
    source = "<div>" * 5000 + "<p>" + "Far below the limit of the first parser. " * 30
    assert page(source).parser == "beautifulsoup"
    assert page("<p>Plain</p>").parser == "lxml"


BLOCK_TAGS = ("p", "div", "ul", "li", "table", "tr", "td", "h2", "pre", "blockquote", "figcaption", "section")
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=8)
TAG = st.sampled_from(sorted({*BLOCK_TAGS, "span", "b", "a", "font", "nobr"}))
TREE = st.recursive(
    WORD.map(html.escape),
    lambda inner: st.tuples(TAG, st.lists(inner, max_size=4)).map(
        lambda pair: f'<{pair[0]} class="x > y">{" ".join(pair[1])}</{pair[0]}><br>'
    ),
    max_leaves=25,
)


def visible(text: str) -> str:
    return "".join(text.split())


@given(st.lists(st.tuples(WORD, TAG), max_size=12))
def test_every_word_is_in_exactly_one_block(pairs: list[tuple[str, str]]) -> None:
    source = "<body>x" + "".join(f"<{tag}>{html.escape(word)}</{tag}>" for word, tag in pairs)
    assert visible("".join(texts(source))) == visible("x" + "".join(word for word, _ in pairs)).replace(
        "\x00", "\ufffd"
    )


@given(TREE)
def test_offsets_point_into_the_visible_text(source: str) -> None:
    result = page(source)
    whole = visible_text(result.blocks)
    assert [whole[block.start : block.end] for block in result.blocks] == [block.text for block in result.blocks]
    assert [block.ordinal for block in result.blocks] == list(range(len(result.blocks)))
    assert result.features.shape == (len(result.blocks), len(COLUMNS))
    assert np.isfinite(result.features).all()
