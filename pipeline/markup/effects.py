"""What each tag does to the text around it: opens or closes a container, ends a line, parts words, counts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

import numpy as np

from pipeline.markup.tags import BOLD, INLINE, ITALIC, VOID


class Do(IntEnum):
    """The effect of a tag on the text before and after it."""

    NOTHING = 0
    SPACE = 1
    BREAK = 2
    LINE_END = 3  # a break within preformatted text
    IMAGE = 4
    TIME = 5
    LINK = 6
    UNLINK = 7
    BOLD = 8
    UNBOLD = 9
    ITALIC = 10
    UNITALIC = 11
    CELL = 12  # of a table; its row decides what it does
    UNCELL = 13
    EMPTY_CELL = 14
    FLUSH = 15  # from here on they end a block
    CLOSE = 16
    CLOSE_PRE = 17
    CLOSE_ROW = 18
    OPEN = 19  # from here on they open a container
    OPEN_PRE = 20
    OPEN_ROW = 21


# Columns of the table of effects: how deep links, bold, italic and preformatted text nest, and what is counted.
COUNTED = ("link", "bold", "italic", "links", "images", "times", "pre")
_EFFECTS: dict[Do, tuple[str, ...]] = {
    Do.LINK: ("link", "links"),
    Do.BOLD: ("bold",),
    Do.ITALIC: ("italic",),
    Do.OPEN_PRE: ("pre",),
    Do.IMAGE: ("images",),
    Do.TIME: ("times",),
}
_UNDONE = {Do.UNLINK: "link", Do.UNBOLD: "bold", Do.UNITALIC: "italic", Do.CLOSE_PRE: "pre"}
EFFECTS = np.array(
    [[(name in _EFFECTS.get(do, ())) - (name == _UNDONE.get(do)) for name in COUNTED] for do in Do], np.int64
)
# A cell outside of a row of running text is a container like any other.
AS_CONTAINER = np.array(
    [{Do.CELL: Do.OPEN, Do.UNCELL: Do.CLOSE, Do.EMPTY_CELL: Do.FLUSH}.get(do, do) for do in Do], np.int64
)

_VOIDS = {"br": Do.BREAK, "img": Do.IMAGE, "hr": Do.FLUSH}
_CHOICES = ("option", "optgroup")
_CELLS = ("td", "th")
IN_CELLS = frozenset((*_CHOICES, *_CELLS))  # elements that are no inline ones and may be part of a block all the same
_OPENING = {"pre": Do.OPEN_PRE, "tr": Do.OPEN_ROW}
_CLOSING = {"pre": Do.CLOSE_PRE, "tr": Do.CLOSE_ROW}
_WEIGHT = {
    "a": (Do.LINK, Do.UNLINK),
    **dict.fromkeys(BOLD, (Do.BOLD, Do.UNBOLD)),
    **dict.fromkeys(ITALIC, (Do.ITALIC, Do.UNITALIC)),
    "time": (Do.TIME, Do.NOTHING),
}
_IN_ROWS = frozenset((*INLINE, *VOID, *_CELLS))

# Of a tag: what it does, its name, and whether it may stand in a row of nothing but running text.
Effect = tuple[Do, str, bool]


def effects_of(tags: Iterable[str]) -> list[Effect]:
    """What tags do, given what stands between their brackets; attributes have no say in it."""
    known: dict[tuple[str, bool], Effect] = {}
    result = []
    for inside in tags:
        key = inside.split(" ", 1)[0], inside[-1] == "/"
        effect = known.get(key)
        if effect is None:
            effect = known[key] = _effect(*key)
        result.append(effect)
    return result


def _effect(head: str, empty: bool) -> Effect:
    if head[0] == "/":
        name = head[1:].lower()
        return _closing(name), name, True
    name = head.rstrip("/").lower()
    return _opening(name, empty), name, name in _IN_ROWS


def _closing(name: str) -> Do:
    if name in VOID:
        return _VOIDS.get(name, Do.NOTHING)
    if name in INLINE:
        return _WEIGHT[name][1] if name in _WEIGHT else Do.NOTHING
    if name in _CHOICES:
        return Do.SPACE
    return Do.UNCELL if name in _CELLS else _CLOSING.get(name, Do.CLOSE)


def _opening(name: str, empty: bool) -> Do:
    if name in VOID:
        return _VOIDS.get(name, Do.NOTHING)
    if name in INLINE:
        return _WEIGHT[name][0] if name in _WEIGHT and not empty else Do.NOTHING
    if name in _CHOICES:
        return Do.SPACE
    if name in _CELLS:
        return Do.EMPTY_CELL if empty else Do.CELL
    return Do.FLUSH if empty else _OPENING.get(name, Do.OPEN)
