from __future__ import annotations

import pytest
from lxml import etree

from pipeline.learning.text_flatten import RENDERINGS, flatten

CASES = [
    ("<p>One <a href='#'>two</a> three.</p>", ["One two three."], ["One", "two", "three."]),
    ("<p>One.</p><p>Two.</p>", ["One.", "", "Two."], ["One.", "Two."]),
    ("<ul><li>One<ul><li>Two</ul><li>Three</ul>", ["* One", "+ Two", "* Three"], ["One", "Two", "Three"]),
    ("<div>One</div>  <div>Two<br>Three</div>", ["One", "Two", "Three"], ["One", "", "Two", "Three"]),
    ("<table><tr><td>One<td>Two<tr><td>Three</table>", ["One Two", "Three"], ["One", "Two", "Three"]),
    ("<p>One<script>var two;</script><style>p {}</style></p>", ["One"], ["One"]),
    ("<title>No</title><body><!-- no -->One", ["One"], ["One"]),
    ("<pre>One\ntwo</pre>", ["One two"], ["One", "two"]),
]


@pytest.mark.parametrize(("source", "laid_out", "by_node"), CASES)
def test_both_renderings(source: str, laid_out: list[str], by_node: list[str]) -> None:
    page = f"<html><head></head><body>{source}</body></html>".encode()
    assert flatten(page, "inscriptis") == laid_out
    assert flatten(page, "get_text") == by_node


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_depth_and_blank_lines_have_an_end(rendering: str) -> None:
    page = b"<body>One" + b"\n" * 40 + b"<div>" * 240 + b"deep" + b"</div>" * 240 + b"Two</body>"
    lines = flatten(page, rendering)
    assert lines[0] == "One"
    assert lines[-1] == "Two"
    assert len(lines) <= 20


def test_nothing_is_no_page() -> None:
    with pytest.raises(etree.ParserError):
        flatten(b"", "get_text")
