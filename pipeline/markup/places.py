"""Where each block stands: the containers around it, the blocks beside it, the blocks built like it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.markup.tags import MASK_NAMES, TAG_BIT, TAGS
from pipeline.markup.walk import Layout

LEVELS = ("own", "parent", "third", "article", "group")
LEVEL_NAMES = tuple(
    f"{level}_{name}"
    for level in LEVELS[:4]
    for name in ("blocks", "chars", "link_density", "long_share", "char_share", "block_share", "p_share", "height")
)
GROUP_NAMES = (
    "group_blocks",
    "group_chars",
    "group_char_share",
    "group_link_density",
    "group_reach",
    "group_words_spread",
)
PLACE_NAMES = (
    "depth", "position", "char_position", "sibling_rank", "siblings", "headings", "since_heading", "since_h1",
    "chars_since_heading", "in_main",
)  # fmt: skip
MASK_FEATURES = (
    *(f"above_{tag}" for tag in TAGS),
    *(f"leaf_{tag}" for tag in TAGS),
    *(f"own_{name}" for name in MASK_NAMES),
    *(f"near_{name}" for name in MASK_NAMES),
    *(f"any_{name}" for name in MASK_NAMES),
)
# Where the containers begin and end, in blocks, and the group of a block: for the context step, not for the trees.
SPANS = (*(f"{level}_{edge}" for level in LEVELS[:4] for edge in ("first", "end")), "group")
_ARTICLE_CHARS = 600
_CLIMB = 12


class Places:
    """The containers of a page as arrays, parents before children, and sums over any of them.

    Blocks lie in document order, so a container is a run of blocks and every sum a difference of running sums.
    """

    def __init__(self, layout: Layout, size: NDArray[np.float32], linked: NDArray[np.float32]) -> None:
        containers = layout.containers
        self.first, self.end, self.parent = containers.first, containers.end, containers.parent
        self.depth, self.own = containers.depth, containers.own
        self.home = layout.home
        self.size = size
        self.linked = linked
        parent = self.parent[self.home]
        self.levels = [self.home, parent, self.parent[self.parent[parent]], self._article()]
        self.groups, self.group = _groups(layout)

    def sum(self, values: NDArray[np.float32], containers: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of a value over the blocks of each container."""
        running = np.zeros(len(values) + 1)
        np.cumsum(values, out=running[1:])
        total: NDArray[np.float64] = running[self.end[containers]] - running[self.first[containers]]
        return total

    def _article(self) -> NDArray[np.int64]:
        """The nearest container of each block that holds a fair amount of text."""
        chars = self.sum(self.size, np.arange(len(self.first)))
        level = self.home
        for _ in range(_CLIMB):
            small = (chars[level] < _ARTICLE_CHARS) & (level > 0)
            if not small.any():
                break
            level = np.where(small, self.parent[level], level)
        return level

    def spans(self) -> NDArray[np.int64]:
        """First and end block of each block's containers, and its group, shape (blocks, len(SPANS))."""
        edges = [edge for level in self.levels for edge in (self.first[level], self.end[level])]
        return np.column_stack([*edges, self.group])

    def level_features(self, is_paragraph: NDArray[np.float32]) -> NDArray[np.float64]:
        """What each of the four containers around a block holds, shape (blocks, len(LEVEL_NAMES))."""
        count = len(self.home)
        total = max(float(self.size.sum()), 1.0)
        long = self.size * ((self.size > 100) & (self.linked < 0.3 * self.size))
        in_paragraphs = self.size * is_paragraph
        out = []
        for level in self.levels:
            blocks = self.end[level] - self.first[level]
            chars = np.maximum(self.sum(self.size, level), 1.0)
            out += [
                blocks,
                chars,
                self.sum(self.linked, level) / chars,
                self.sum(long, level) / chars,
                chars / total,
                blocks / count,
                self.sum(in_paragraphs, level) / chars,
                self.depth[self.home] - self.depth[level],
            ]
        return np.column_stack(out)

    def group_features(self, words: NDArray[np.float32]) -> NDArray[np.float64]:
        """What the blocks built alike have in common, shape (blocks, len(GROUP_NAMES))."""
        group, kinds = self.group, self.groups
        count = np.bincount(group, minlength=kinds)
        chars = np.bincount(group, self.size, kinds)
        linked = np.bincount(group, self.linked, kinds)
        mean = np.bincount(group, words, kinds) / count
        square = np.bincount(group, words.astype(np.float64) ** 2, kinds) / count
        index = np.arange(len(group))
        last = np.zeros(kinds, np.int64)
        np.maximum.at(last, group, index)
        first = np.full(kinds, len(group))
        np.minimum.at(first, group, index)
        per_group = np.column_stack(
            [
                count,
                chars / count,
                chars / max(float(self.size.sum()), 1.0),
                linked / np.maximum(chars, 1.0),
                (last - first + 1) / len(group),
                np.sqrt(np.maximum(square - mean**2, 0.0)) / np.maximum(mean, 1.0),
            ]
        )
        return per_group[group]


def _groups(layout: Layout) -> tuple[int, NDArray[np.int64]]:
    """How many ways of building a block there are, and which each has: tags and classes of its container and above.

    Of the container and the next one up tags and classes count, of the one above them the tag alone. The ways are
    numbered in the order of their names.
    """
    containers = layout.containers
    homes = np.flatnonzero(np.bincount(layout.home))
    place = np.searchsorted(homes, layout.home)
    up = containers.parent[homes]
    names = []
    for home, above, over in zip(homes.tolist(), up.tolist(), containers.parent[up].tolist(), strict=True):
        tag, label = containers.tag, containers.label
        names.append(f"{tag[home]}{label[home]}/{tag[above]}{label[above]}/{tag[over]}")
    number = {name: index for index, name in enumerate(sorted(set(names)))}
    return len(number), np.array([number[name] for name in names], np.int64)[place]


def place_features(
    layout: Layout, places: Places, is_heading: NDArray[np.bool_], is_h1: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Position in the page, among siblings and under headings, shape (blocks, len(PLACE_NAMES))."""
    home, size = places.home, places.size
    count = len(home)
    index = np.arange(count)
    last_heading = np.maximum.accumulate(np.where(is_heading, index, -1))
    last_h1 = np.maximum.accumulate(np.where(is_h1, index, -1))
    before = np.cumsum(size) - size
    parent = places.parent[home]
    main = (layout.containers.tags & TAG_BIT["main"]) != 0
    return np.column_stack(
        [
            places.depth[home],
            index / count,
            before / max(float(size.sum()), 1.0),
            index - places.first[parent],
            places.end[parent] - places.first[parent],
            np.cumsum(is_heading),
            np.minimum(index - last_heading, 99),
            np.where(last_h1 >= 0, np.minimum(index - last_h1, 199), -1),
            np.where(last_heading >= 0, before - before[np.maximum(last_heading, 0)], -1),
            main[home],
        ]
    )


def mask_features(layout: Layout, places: Places, leaf_tags: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Tags above and at a block, and the families of words in the attributes at, near and above it."""
    home = places.home
    containers = layout.containers
    above, tags, inline = containers.above[home], containers.tags[home], layout.inline
    own = places.own[home] | inline
    up = places.parent[home]
    near = own | places.own[up] | places.own[places.parent[up]]
    return [
        _bits(tags, len(TAGS)),
        _bits(leaf_tags, len(TAGS)),
        *(_bits(mask, len(MASK_NAMES)) for mask in (own, near, above | inline)),
    ]


def _bits(masks: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    bits: NDArray[np.bool_] = (masks[:, None] & (1 << np.arange(count))) != 0
    return bits
