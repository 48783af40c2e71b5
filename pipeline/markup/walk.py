"""The token stream of a page cut into leaf blocks and the containers around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from pipeline.markup.tags import BOLD, INLINE, ITALIC, TAG_BIT, VOID, TagReader

# Lines that <br> sets apart are blocks of their own, but for runs of this many short ones: verse, or an address.
_VERSE_LINES = 3
_SHORT_LINE = 80


@dataclass(slots=True)
class Container:
    """A block-level element: its place in the tree, the families of its attributes, the blocks inside it."""

    tag: str
    parent: int
    depth: int
    own: int  # attribute families of this element
    above: int  # of this element and all above it
    tags: int  # tag bits of this element and all above it
    label: str
    first: int
    end: int = 0


@dataclass(slots=True)
class Leaf:
    """A block as it was met: its text, and counts of the characters in links, bold and italic."""

    text: str
    container: int
    inline: int  # attribute families of inline elements inside
    linked: int
    links: int
    bold: int
    italic: int
    images: int
    times: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All blocks of a page in document order, and its containers, parents before children."""

    leaves: list[Leaf]
    containers: list[Container]


class _Do(IntEnum):
    NOTHING = 0
    OPEN = 1
    CLOSE = 2
    SPACE = 3
    CELL = 4
    BREAK = 5
    RULE = 6
    IMAGE = 7
    TIME = 8
    LINK = 9
    UNLINK = 10
    BOLD = 11
    UNBOLD = 12
    ITALIC = 13
    UNITALIC = 14


_VOIDS = {"br": _Do.BREAK, "img": _Do.IMAGE, "hr": _Do.RULE}
_CHOICES = ("option", "optgroup")
_CELLS = ("td", "th")


def walk(stream: Sequence[str]) -> Layout:
    """The layout of a token stream (see ``parse.tokens``); every character of its text is in exactly one leaf."""
    walker = _Walker()
    reader = TagReader()
    known: dict[str, tuple[_Do, str, int, str]] = {}
    walker.text(stream[0])
    for index in range(1, len(stream), 2):
        inside = stream[index]
        step = known.get(inside)
        if step is None:
            step = known[inside] = _step(inside, reader)
        if step[0]:
            walker.act(step, stream, index)
        elif step[2]:
            walker.inline |= step[2]
        if stream[index + 1]:
            walker.text(stream[index + 1])
    walker.flush()
    walker.containers[0].end = len(walker.leaves)
    return Layout(walker.leaves, walker.containers)


def _step(inside: str, reader: TagReader) -> tuple[_Do, str, int, str]:
    """What a tag makes the walk do, with the tag's name, families and label."""
    if inside[0] == "/":
        name, mask, label = inside[1:].lower(), 0, ""
    else:
        name, mask, label = reader.read(inside)
    closing = inside[0] == "/"
    if name in VOID:
        return _VOIDS.get(name, _Do.NOTHING), name, mask, label
    if name in INLINE:
        return _inline_step(name, closing, inside[-1] == "/"), name, mask, label
    if name in _CHOICES:
        return _Do.SPACE, name, mask, label
    if name in _CELLS:
        return _Do.CELL, "/" if closing else name, mask, label
    return _Do.CLOSE if closing else _Do.OPEN, name, mask, label


def _inline_step(name: str, closing: bool, empty: bool) -> _Do:
    if empty:
        return _Do.NOTHING
    if name == "a":
        return _Do.UNLINK if closing else _Do.LINK
    if name in BOLD:
        return _Do.UNBOLD if closing else _Do.BOLD
    if name in ITALIC:
        return _Do.UNITALIC if closing else _Do.ITALIC
    return _Do.TIME if name == "time" and not closing else _Do.NOTHING


class _Walker:
    """The state of one walk; text gathers in ``parts`` until a block-level tag ends the block."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.containers = [Container("html", 0, 0, 0, 0, 0, "", 0)]
        self.current = 0
        self.parts: list[str] = []
        self.lines: list[Leaf] = []
        self.has_text = False
        self.in_row = False
        self.link_depth = self.bold_depth = self.italic_depth = self.pre_depth = 0
        self.inline = self.linked = self.links = self.bold = self.italic = self.images = self.times = 0

    def text(self, text: str) -> None:
        if text.isspace():
            self.parts.append(text if self.pre_depth else " ")
            return
        self.parts.append(text)
        self.has_text = self.has_text or bool(text)
        if self.link_depth:
            self.linked += len(text)
        if self.bold_depth:
            self.bold += len(text)
        if self.italic_depth:
            self.italic += len(text)

    def flush(self) -> None:
        """End the block here, if there is one; an image without text belongs to the block that follows."""
        if self.has_text:
            self._end_line()
        else:
            self.parts.clear()
        if self.lines:
            self.leaves += _stanzas(self.lines) if len(self.lines) >= _VERSE_LINES else self.lines
            self.lines = []

    def _end_line(self) -> None:
        text = _unescape("".join(self.parts))
        text = _trim_lines(text) if self.pre_depth else " ".join(text.split())
        if text:
            counts = (self.inline, self.linked, self.links, self.bold, self.italic, self.images, self.times)
            self.lines.append(Leaf(text, self.current, *counts))
        self.parts.clear()
        self.has_text = False
        self.inline = self.linked = self.links = self.bold = self.italic = self.images = self.times = 0

    def act(self, step: tuple[_Do, str, int, str], stream: Sequence[str], index: int) -> None:
        do, name, mask, label = step
        if do is _Do.OPEN:
            self.open(name, mask, label)
            if name == "tr":
                self.in_row = _is_plain_row(stream, index)
            elif name == "pre":
                self.pre_depth += 1
            if stream[index][-1] == "/":
                self.close(name)
        elif do is _Do.CLOSE:
            self.close(name)
        elif do is _Do.LINK:
            self.link_depth += 1
            self.links += 1
            self.inline |= mask
        elif do is _Do.UNLINK:
            self.link_depth -= 1
        elif do is _Do.CELL:
            self._cell(name, mask, label, stream[index])
        else:
            self._mark(do, mask)

    def _mark(self, do: _Do, mask: int) -> None:
        self.inline |= mask
        if do is _Do.BREAK:
            self._break()
        elif do is _Do.IMAGE:
            self.images += 1
        elif do is _Do.BOLD or do is _Do.UNBOLD:
            self.bold_depth += 1 if do is _Do.BOLD else -1
        elif do is _Do.ITALIC or do is _Do.UNITALIC:
            self.italic_depth += 1 if do is _Do.ITALIC else -1
        elif do is _Do.TIME:
            self.times += 1
        elif do is _Do.SPACE:
            self.parts.append(" ")
        elif do is _Do.RULE:
            self.flush()

    def open(self, name: str, mask: int, label: str) -> None:
        self.flush()
        parent = self.containers[self.current]
        above, tags = parent.above | mask, parent.tags | TAG_BIT.get(name, 0)
        self.containers.append(
            Container(name, self.current, parent.depth + 1, mask, above, tags, label, len(self.leaves))
        )
        self.current = len(self.containers) - 1

    def close(self, name: str) -> None:
        self.flush()
        container = self.containers[self.current]
        container.end = len(self.leaves)
        self.current = container.parent
        if name == "tr":
            self.in_row = False
        elif name == "pre":
            self.pre_depth -= 1

    def _cell(self, name: str, mask: int, label: str, inside: str) -> None:
        """A table cell: in a row of running text it only parts words, else it is a container."""
        if self.in_row:
            self.parts.append(" ")
            self.inline |= mask
        elif name == "/":
            self.close(name)
        else:
            self.open(name, mask, label)
            if inside[-1] == "/":
                self.close(name)

    def _break(self) -> None:
        """A <br> ends a line, two in a row a block; in preformatted text it is a line end like any other."""
        if self.pre_depth:
            self.parts.append("\n")
        elif self.has_text:
            self._end_line()
        else:
            self.flush()


def _is_plain_row(stream: Sequence[str], index: int) -> bool:
    """Whether the table row that starts here holds nothing but cells of running text: then it is one block."""
    for position in range(index + 2, len(stream), 2):
        inside = stream[position]
        if inside == "/tr":
            return True
        if inside[0] != "/":
            name = inside.split(" ", 1)[0].rstrip("/")
            if name not in INLINE and name not in _CELLS and name not in VOID:
                return False
    return True


def _stanzas(lines: Sequence[Leaf]) -> list[Leaf]:
    """The lines of a block as leaves: every line one, but a run of short ones together."""
    result: list[Leaf] = []
    for short, run in groupby(lines, key=lambda line: len(line.text) < _SHORT_LINE):
        group = list(run)
        result += [_joined(group)] if short and len(group) >= _VERSE_LINES else group
    return result


def _joined(lines: Sequence[Leaf]) -> Leaf:
    inline = 0
    for line in lines:
        inline |= line.inline
    return Leaf(
        text="\n".join(line.text for line in lines),
        container=lines[0].container,
        inline=inline,
        linked=sum(line.linked for line in lines),
        links=sum(line.links for line in lines),
        bold=sum(line.bold for line in lines),
        italic=sum(line.italic for line in lines),
        images=sum(line.images for line in lines),
        times=sum(line.times for line in lines),
    )


def _trim_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", "\r").replace("&amp;", "&")


def paths(containers: Sequence[Container]) -> list[str]:
    """The tag path of every container from the body down, with ids and classes, such as ``body/div#main.story/p``."""
    result: list[str] = []
    for container in containers:
        if container.tag in ("html", "body"):
            result.append("body")
        else:
            result.append(f"{result[container.parent]}/{container.tag}{container.label}")
    return result
