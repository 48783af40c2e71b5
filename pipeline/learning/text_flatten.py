"""HTML to the lines of a flattened page, in the two ways that pages lose their mark-up: laid out, or node by node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html

RENDERINGS = ("inscriptis", "get_text")
"""As the corpora call them: blocks laid out with blank lines and bullets, or a line per text node."""

_SKIPPED = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe"}
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section select summary "
    "table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure", "dl", "hr"}
_CELLS = {"td", "th"}
_LISTS = {"ul", "ol"}
_BULLETS = ("* ", "+ ", "o ")
_SPACE = re.compile(r"\s+")
_MOST_BLANK = 8
_DEEPEST = 200


def flatten(data: bytes, rendering: str) -> list[str]:
    """The lines of an HTML page in one of ``RENDERINGS``, blank lines as empty strings.

    Raises ``lxml.etree.ParserError`` where there is no document to parse.
    """
    root = html.document_fromstring(data, parser=html.HTMLParser(remove_comments=True, huge_tree=True))
    if rendering == "get_text":
        return _few_blanks(_SPACE.sub(" ", line).strip() for text in _nodes(root, 0) for line in text.split("\n"))
    layout = _Layout()
    layout.put(root, 0, 0)
    layout.close()
    return layout.lines


def _few_blanks(lines: Iterator[str]) -> list[str]:
    kept: list[str] = []
    blank = 0
    for line in lines:
        blank = 0 if line else blank + 1
        if blank <= _MOST_BLANK:
            kept.append(line)
    return kept


def _shown(element: html.HtmlElement, depth: int) -> bool:
    return isinstance(element.tag, str) and element.tag not in _SKIPPED and depth < _DEEPEST


def _nodes(element: html.HtmlElement, depth: int) -> Iterator[str]:
    if not _shown(element, depth):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _nodes(child, depth + 1)
        if child.tail:
            yield child.tail


@dataclass(slots=True)
class _Layout:
    """A page being laid out: finished lines, the open line, and what is to stand before the next one."""

    lines: list[str] = field(default_factory=list)
    open: str = ""
    gap: int = 0
    bullet: str = ""

    def put(self, element: html.HtmlElement, depth: int, level: int) -> None:
        """An element and all that it holds; ``level`` is the number of lists around it."""
        if not _shown(element, depth):
            return
        tag = str(element.tag)
        if tag in _BLOCKS or tag == "br":
            self.close()
        if tag in _CELLS:
            self.open += " "
        self.gap = max(self.gap, int(tag in _APART))
        level += tag in _LISTS
        if tag == "li":
            self.bullet = _BULLETS[min(max(level - 1, 0), 2)]
        self.write(element.text)
        for child in element:
            self.put(child, depth + 1, level)
            self.write(child.tail)
        if tag in _BLOCKS:
            self.close()
        if tag == "li":
            self.bullet = ""
        self.gap = max(self.gap, int(tag in _APART))

    def write(self, text: str | None) -> None:
        """More text on the open line, white space folded."""
        folded = _SPACE.sub(" ", text or "")
        self.open += folded.lstrip() if self.open.endswith(" ") else folded

    def close(self) -> None:
        """End the open line, if it shows anything."""
        text, self.open = self.open.strip(), ""
        if text:
            self.lines += [""] * (self.gap if self.lines else 0)
            self.lines.append(self.bullet + text)
            self.gap, self.bullet = 0, ""
