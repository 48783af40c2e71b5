"""The token stream of a page cut into leaf blocks and the containers around them, as arrays over the page.

What each tag does is looked up once; nesting is running sums, blocks are what lies between two tags that end one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.markup.effects import AS_CONTAINER, COUNTED, EFFECTS, IN_CELLS, Do, Effect, effects_of
from pipeline.markup.tags import INLINE, TAG_BIT, VOID, inline_families, read_tag

# Lines that <br> sets apart are blocks of their own, but for runs of this many short ones: verse, or an address.
_VERSE_LINES = 3
_SHORT_LINE = 80
_PRE = COUNTED.index("pre")
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Containers:
    """The block-level elements of a page, parents before children; the first stands for the page.

    ``own`` are the attribute families of an element, ``above`` those of it and all above it, ``tags`` the tag bits
    of it and all above it. ``first`` and ``end`` are the run of its blocks. Elements without text are left out where
    they have no inside.
    """

    tag: list[str]
    label: list[str]
    parent: Integers
    depth: Integers
    own: Integers
    above: Integers
    tags: Integers
    first: Integers
    end: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The blocks of a page in document order, and the containers around them.

    Of each block: its text, the container it stands in, the attribute families of the inline elements inside; how
    many of its characters are linked, bold and italic; how many links, images and times it holds. Images without
    text belong to the block that follows.
    """

    texts: list[str]
    home: Integers
    inline: Integers
    linked: Integers
    bold: Integers
    italic: Integers
    links: Integers
    images: Integers
    times: Integers
    containers: Containers


def walk(stream: Sequence[str]) -> Layout:
    """The layout of a token stream (see ``parse.tokens``); every character of its text is in exactly one block."""
    texts, tags = list(stream[::2]), stream[1::2]
    numbers = {inside: number for number, inside in enumerate(dict.fromkeys(tags))}
    number = np.fromiter(map(numbers.__getitem__, tags), np.int64, len(tags))
    effects = effects_of(numbers)
    page = _Tags(list(numbers), effects, number)
    do = _cells_in_place(np.array([effect[0] for effect in effects], np.int64)[number], effects, number)
    change = EFFECTS[do]
    in_pre = np.cumsum(change[:, _PRE]) > 0
    if in_pre.any():
        do[in_pre & (do == Do.BREAK)] = Do.LINE_END
    ends = np.append(np.flatnonzero((do >= Do.FLUSH) | (do == Do.BREAK)), len(do))
    counted = np.zeros((len(texts), len(COUNTED)), np.int64)
    counted[1:] = change
    filled = _weigh(texts, counted)
    for kind, sign in ((Do.SPACE, " "), (Do.LINE_END, "\n")):
        for place in np.flatnonzero(do == kind).tolist():
            texts[place + 1] = sign + texts[place + 1]
    lines = _lines(texts, filled, ends, do, in_pre)
    return _layout(lines, counted, page, do)


@dataclass(frozen=True, slots=True, eq=False)
class _Tags:
    """The distinct tags of a page and what each does, and of each tag in turn which it is."""

    insides: list[str]
    effects: list[Effect]
    number: Integers

    def inline(self, do: Integers) -> Integers:
        """The attribute families that each tag adds to the block it stands in; shifted by one, as texts count."""
        masks = np.zeros(len(self.insides), np.int64)
        for number, (inside, (_, name, _)) in enumerate(zip(self.insides, self.effects, strict=True)):
            if " " in inside and inside[0] != "/":
                if name in INLINE and name not in VOID:
                    masks[number] = inline_families(inside)
                elif name in IN_CELLS:
                    masks[number] = read_tag(inside)[0]
        result = np.zeros(len(do) + 1, np.int64)
        result[1:] = np.where(do < Do.FLUSH, masks[self.number], 0)
        return result


def _cells_in_place(do: Integers, effects: Sequence[Effect], number: Integers) -> Integers:
    """The effects with table cells decided: in a row of nothing but running text, they only part words."""
    if not ((do >= Do.CELL) & (do <= Do.EMPTY_CELL)).any():
        return do
    strange = np.cumsum(~np.array([effect[2] for effect in effects])[number])
    opens, closes = np.flatnonzero(do == Do.OPEN_ROW), np.flatnonzero(do == Do.CLOSE_ROW)
    close = np.append(closes, len(do))[np.searchsorted(closes, opens)]
    plain = strange[opens] == strange[close - 1]
    inside = np.zeros(len(do) + 1, np.int64)
    np.add.at(inside, opens[plain], 1)
    np.add.at(inside, close[plain], -1)
    in_row = np.cumsum(inside)[:-1] > 0
    cells = (do >= Do.CELL) & (do <= Do.EMPTY_CELL)
    return np.where(cells & in_row, Do.SPACE, AS_CONTAINER[do])


def _weigh(texts: Sequence[str], counted: Integers) -> NDArray[np.bool_]:
    """Which texts are more than white space; nesting in ``counted`` turns into the characters of text under it."""
    size = np.fromiter(map(len, texts), np.int64, len(texts))
    filled = (size > 0) & ~np.fromiter(map(str.isspace, texts), np.bool_, len(texts))
    size[~filled] = 0
    counted[:, :3] = (np.cumsum(counted[:, :3], axis=0) > 0) * size[:, None]
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines of a page: their texts, the tag that ends each, and whether each goes on from the one before."""

    texts: list[str]
    end: Integers
    goes_on: NDArray[np.bool_]


def _lines(
    texts: Sequence[str], filled: NDArray[np.bool_], ends: Integers, do: Integers, in_pre: NDArray[np.bool_]
) -> _Lines:
    places = np.flatnonzero(filled)
    segment = np.searchsorted(ends, places)
    starts = np.flatnonzero(np.diff(segment, prepend=-1))
    segment, first = segment[starts], places[starts]
    last = places[np.append(starts[1:], len(places)) - 1] if len(places) else places
    end = ends[segment]
    result = []
    for low, high in zip(first.tolist(), last.tolist(), strict=True):
        text = texts[low] if low == high else "".join(texts[low : high + 1])
        result.append(" ".join(_unescape(text).split()))
    if in_pre.any():
        _keep_lines(result, texts, segment, ends, in_pre)
    breaks = np.append(do == Do.BREAK, False)
    goes_on = np.zeros(len(end), np.bool_)
    goes_on[1:] = (np.diff(segment) == 1) & breaks[end[:-1]]
    return _Lines(result, end, goes_on)


def _keep_lines(
    result: list[str], texts: Sequence[str], segment: Integers, ends: Integers, in_pre: NDArray[np.bool_]
) -> None:
    """Put preformatted text with its line ends and indents in the place of the folded."""
    for index, place in enumerate(segment.tolist()):
        start = int(ends[place - 1]) + 1 if place else 0
        if start and in_pre[start - 1]:
            result[index] = _trim_lines(_unescape("".join(texts[start : int(ends[place]) + 1])))


def _layout(lines: _Lines, counted: Integers, page: _Tags, do: Integers) -> Layout:
    texts, kept, starts = _stanzas(lines)
    last = kept[np.append(starts[1:], len(kept)) - 1] if len(kept) else kept
    containers, home = _containers(page, do, lines.end[last])
    counts = families = counted[:0]
    if len(kept):
        # A line counts what stands between the end of the line before it and its own.
        until, since = int(lines.end[-1]) + 1, np.append(0, lines.end[:-1] + 1)
        counts = np.add.reduceat(np.add.reduceat(counted[:until], since, axis=0)[kept], starts, axis=0)
        families = np.bitwise_or.reduceat(np.bitwise_or.reduceat(page.inline(do)[:until], since)[kept], starts)
    column = {name: counts[:, index] for index, name in enumerate(COUNTED)}
    return Layout(
        texts=texts,
        home=home,
        inline=families,
        linked=column["link"],
        bold=column["bold"],
        italic=column["italic"],
        links=column["links"],
        images=column["images"],
        times=column["times"],
        containers=containers,
    )


def _stanzas(lines: _Lines) -> tuple[list[str], Integers, Integers]:
    """The texts of the blocks, the lines that are not empty, and which of these each block begins with.

    Every line is a block, but a run of short ones is one.
    """
    kept = np.flatnonzero(np.fromiter(map(bool, lines.texts), np.bool_, len(lines.texts)))
    texts = [lines.texts[place] for place in kept.tolist()] if len(kept) < len(lines.texts) else lines.texts
    if not (lines.goes_on[1:] & lines.goes_on[:-1]).any():
        return texts, kept, np.arange(len(kept))
    group = np.cumsum(~lines.goes_on)[kept].tolist()
    result: list[str] = []
    starts: list[int] = []
    for _, members in groupby(range(len(texts)), key=group.__getitem__):
        run = list(members)
        parts = [list(part) for part in _short_and_long(run, texts)] if len(run) >= _VERSE_LINES else [[i] for i in run]
        for part in parts:
            starts.append(part[0])
            result.append("\n".join([texts[place] for place in part]))
    return result, kept, np.array(starts, np.int64)


def _short_and_long(run: Sequence[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """The lines of a run as blocks: every line one, but short ones that follow each other together."""
    for short, members in groupby(run, key=lambda place: len(texts[place]) < _SHORT_LINE):
        part = list(members)
        if short and len(part) >= _VERSE_LINES:
            yield part
        else:
            yield from ([place] for place in part)


def _containers(page: _Tags, do: Integers, end: Integers) -> tuple[Containers, Integers]:
    """The containers that hold text, and for each block, given the tag that ends it, the container it stands in."""
    place = np.flatnonzero(do >= Do.CLOSE)
    opens = do[place] >= Do.OPEN
    nesting = np.cumsum(np.where(opens, 1, -1))
    level = nesting + ~opens  # a tag that closes is on the level of the one that opened its container
    flushed = np.searchsorted(end, place, "right")
    order = np.argsort(level, kind="stable")  # on each level they take turns
    opening, closing = order[opens[order]], order[~opens[order]]
    filled = flushed[opening] < flushed[closing]
    opening, closing = opening[filled], closing[filled]
    level = level[opening]
    wide = len(place) + 1
    key = level * wide + opening

    def around(levels: Integers, before: Integers) -> Integers:
        """Which container, counted by level, is the last that was opened on a level before a tag."""
        return np.searchsorted(key, levels * wide + before) - 1

    parent = around(level - 1, opening)
    numbers = page.number[place[opening]].tolist()
    readings = {number: read_tag(page.insides[number]) for number in set(numbers)}
    own = np.array([readings[number][0] for number in numbers], np.int64)
    bits = np.array([TAG_BIT.get(page.effects[number][1], 0) for number in numbers], np.int64)
    families = own.copy()
    edges = np.searchsorted(level, np.arange(2, int(level[-1]) + 2)).tolist() if len(level) else []
    for first, last in pairwise(edges):
        families[first:last] |= families[parent[first:last]]
        bits[first:last] |= bits[parent[first:last]]
    document = np.argsort(opening)
    rank = np.empty(len(opening), np.int64)
    rank[document] = np.arange(1, len(opening) + 1)
    before = np.searchsorted(place, end)
    deep = np.append(0, nesting)[before]
    home = np.where(deep > 0, rank[around(deep, before)], 0) if len(rank) else np.zeros(len(end), np.int64)
    ordered = [numbers[index] for index in document.tolist()]

    def in_order(page_itself: int, values: Integers) -> Integers:
        return np.append(page_itself, values[document])

    return Containers(
        tag=["html", *(page.effects[number][1] for number in ordered)],
        label=["", *(readings[number][1] for number in ordered)],
        parent=in_order(0, np.where(level > 1, rank[parent], 0)),
        depth=in_order(0, level),
        own=in_order(0, own),
        above=in_order(0, families),
        tags=in_order(0, bits),
        first=in_order(0, flushed[opening]),
        end=in_order(len(end), flushed[closing]),
    ), home


def _trim_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", "\r").replace("&amp;", "&")


def paths(containers: Containers, wanted: Iterable[int]) -> dict[int, str]:
    """The tag paths of containers from the body down, with ids and classes, such as ``body/div#main.story/p``."""
    known = {0: "body"}
    parent = containers.parent.tolist()
    for place in wanted:
        waiting = []
        while place not in known:
            waiting.append(place)
            place = parent[place]
        path = known[place]
        for inner in reversed(waiting):
            tag = containers.tag[inner]
            path = "body" if tag in ("html", "body") else f"{path}/{tag}{containers.label[inner]}"
            known[inner] = path
    return known
