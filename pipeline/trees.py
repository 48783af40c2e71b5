"""Gradient-boosted trees: a safe file format and a vectorised evaluator, with numpy alone.

Training needs LightGBM; cleaning does not, so that no system library stands between a user and a clean text.
A model file is a zip of arrays (numpy's ``.npz`` read with ``allow_pickle=False``) and holds no code.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FORMAT_VERSION = 1


# Rows and tests that are decided at once: what lies between two steps then stays in a processor's cache.
_ROWS_AT_ONCE, _TESTS_AT_ONCE = 512, 1024


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """A sum of binary decision trees over float32 features, as flat arrays over all nodes of all trees.

    Node ``i`` is inner when ``feature[i] >= 0``: go to ``left[i]`` if ``x[feature[i]] <= threshold[i]``, else to
    ``left[i] + 1``. A leaf has ``feature[i] == -1``, points to itself, and contributes ``value[i]``. ``roots`` has
    one index per tree; ``depth`` is the longest path from a root to a leaf.
    """

    names: tuple[str, ...]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    depth: int
    base: float
    extra: dict[str, list[float]]
    _plan: _Plan = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_plan", _plan(self.feature, self.threshold, self.left, self.value, self.roots))

    def leaves(self, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        """The leaf that each row reaches in each tree, shape (rows, trees)."""
        return self._plan.leaf.take(self._places(rows))

    def _places(self, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        """Where the leaf that each row reaches in each tree stands among all leaves, shape (rows, trees)."""
        places = np.empty((len(rows), len(self.roots)), np.intp)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self._plan.decide(rows[start : start + _ROWS_AT_ONCE], places[start : start + _ROWS_AT_ONCE])
        return places

    def margin(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The summed leaf values of each row, shape (rows,); log-odds for a classifier."""
        if rows.shape[0] == 0:
            return np.zeros(0)
        if rows.shape[1] != len(self.names):
            raise ValueError(f"the model reads {len(self.names)} features, not {rows.shape[1]}")
        values = self._plan.value.take(self._places(rows), mode="clip")
        total: NDArray[np.float64] = values.sum(axis=1, dtype=np.float64) + self.base
        return total

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The logistic of ``margin``, shape (rows,), 0 to 1."""
        return (1.0 / (1.0 + np.exp(-self.margin(rows)))).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """A forest as operations on sets of rows, a bit a row.

    Every test of the forest is made once for all rows; the rows that reach a node are those that reach its parent and
    pass the parent's test. So the work is in nodes times rows / 8 bytes, not in trees times depth times rows. The
    bits turn about what QuickScorer (Lucchese and others 2015) does for one row and all leaves of a tree.
    """

    column: NDArray[np.intp]  # the feature that each distinct test reads
    limit: NDArray[np.float32]  # and what it must exceed, shape (tests, 1)
    levels: tuple[tuple[int, NDArray[np.intp], NDArray[np.intp]], ...]  # first node, and the parents with their tests
    digits: tuple[NDArray[np.intp], ...]  # the nodes above the leaves whose number has this digit, (most, trees)
    first: NDArray[np.intp]  # of each tree, its first leaf in ``leaf``
    leaf: NDArray[np.intp]  # the node of each leaf, tree by tree
    value: NDArray[np.float32]  # and its value
    count: int  # of nodes, and of none at the end

    def decide(self, rows: NDArray[np.float32], out: NDArray[np.intp]) -> None:
        """Write the place in ``leaf`` of what each row reaches in each tree into ``out``, shape (rows, trees)."""
        outcomes = self._outcomes(rows)
        reached = np.empty((self.count, outcomes.shape[1]), np.uint8)
        reached[: len(self.first)], reached[-1] = 255, 0
        for start, parents, tests in self.levels:
            middle, end = start + len(parents), start + 2 * len(parents)
            above = reached.take(parents, axis=0, mode="clip")
            right = outcomes.take(tests, axis=0, mode="clip", out=reached[middle:end])
            right &= above
            np.bitwise_xor(above, right, out=reached[start:middle])
        number = np.zeros((len(self.first), len(rows)), np.uint8 if len(self.digits) <= 8 else np.uint16)
        for members in reversed(self.digits):
            having = np.bitwise_or.reduce(reached.take(members, axis=0, mode="clip"), axis=0)
            number += number  # a shift takes ten times as long
            number |= np.unpackbits(having, axis=1, count=len(rows), bitorder="little")
        np.add(number.T, self.first, out=out)

    def _outcomes(self, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Which rows pass each test, eight to a byte; some tests at a time."""
        count, width = len(self.column), (len(rows) + 7) // 8
        values = np.zeros((rows.shape[1], 8 * width), np.float32)  # whole bytes of rows
        values[:, : len(rows)] = rows.T
        outcomes = np.empty((count, width), np.uint8)
        read = np.empty((min(_TESTS_AT_ONCE, count), 8 * width), np.float32)
        passed = np.empty(read.shape, np.bool_)
        for start in range(0, count, _TESTS_AT_ONCE):
            end = min(start + _TESTS_AT_ONCE, count)
            own = values.take(self.column[start:end], axis=0, mode="clip", out=read[: end - start])
            beyond = np.greater(own, self.limit[start:end], out=passed[: end - start])
            outcomes[start:end] = np.packbits(beyond.reshape(-1), bitorder="little").reshape(-1, width)
        return outcomes


def _plan(
    feature: NDArray[np.int16],
    threshold: NDArray[np.float32],
    left: NDArray[np.int32],
    value: NDArray[np.float32],
    roots: NDArray[np.int32],
) -> _Plan:
    keys = (feature.astype(np.int64) << 32) | threshold.astype(np.float32).view(np.uint32)
    distinct, test = np.unique(keys[feature >= 0], return_inverse=True)
    which = np.zeros(len(feature), np.intp)
    which[feature >= 0] = test
    level, tree = roots.astype(np.intp), np.arange(len(roots))
    nodes, homes, levels = [level], [tree], []
    base = 0
    while len(inner := np.flatnonzero(feature[level] >= 0)):
        parents, base = base + inner, base + len(level)
        levels.append((base, parents, which[level[inner]]))
        level = np.concatenate([left[level[inner]], left[level[inner]] + 1]).astype(np.intp)
        tree = np.tile(tree[inner], 2)
        nodes.append(level)
        homes.append(tree)
    node, home = np.concatenate(nodes), np.concatenate(homes)
    start, size, parent = _leaves_below(levels, len(node))
    ends = np.flatnonzero(feature[node] < 0)
    ends = ends[np.lexsort((start[ends], home[ends]))]
    leaf = node[ends]
    return _Plan(
        column=(distinct >> 32).astype(np.intp),
        limit=(distinct & 0xFFFFFFFF).astype(np.uint32).view(np.float32)[:, None],
        levels=tuple(levels),
        digits=_digits(home, start, start + size - 1, parent),
        first=np.searchsorted(home[ends], np.arange(len(roots))),
        leaf=leaf,
        value=value[leaf],
        count=len(node) + 1,
    )


def _leaves_below(
    levels: Sequence[tuple[int, NDArray[np.intp], NDArray[np.intp]]], count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """The number of the first leaf below each node, counted in each tree from left to right, how many there are, and
    the node above, -1 above a root."""
    start, size, above = np.zeros(count, np.intp), np.ones(count, np.intp), np.full(count, -1)
    for base, parents, _ in reversed(levels):
        middle = base + len(parents)
        size[parents] = size[base:middle] + size[middle : middle + len(parents)]
    for base, parents, _ in levels:
        middle, end = base + len(parents), base + 2 * len(parents)
        start[base:middle] = start[parents]
        start[middle:end] = start[parents] + size[base:middle]
        above[base:end] = np.tile(parents, 2)
    return start, size, above


def _digits(
    home: NDArray[np.intp], first: NDArray[np.intp], last: NDArray[np.intp], above: NDArray[np.intp]
) -> tuple[NDArray[np.intp], ...]:
    """For each binary digit of a leaf's number the highest nodes below which all leaves have it; columns are filled up
    with the empty set. ``first`` and ``last`` are the leaves below a node."""
    digits = []
    for digit in range(int(last.max()).bit_length()):
        having = (first >> digit == last >> digit) & (first >> digit & 1 == 1)
        highest = np.flatnonzero(having & ~(having[above] & (above >= 0)))
        highest = highest[np.argsort(home[highest], kind="stable")]
        rank = np.arange(len(highest)) - np.searchsorted(home[highest], home[highest])
        members = np.full((int(rank.max()) + 1, int(home.max()) + 1), len(home))
        members[rank, home[highest]] = highest
        digits.append(members)
    return tuple(digits)


def dump(forests: dict[str, Forest]) -> bytes:
    """Named forests as the bytes of a model file; the same forests give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        head = {
            name: {"names": f.names, "depth": f.depth, "base": f.base, "extra": f.extra} for name, f in forests.items()
        }
        put("head.json", json.dumps({"version": FORMAT_VERSION, "forests": head}, sort_keys=True).encode())
        for name, forest in forests.items():
            for field in ("feature", "threshold", "left", "value", "roots"):
                array = io.BytesIO()
                np.save(array, getattr(forest, field), allow_pickle=False)
                put(f"{name}/{field}.npy", array.getvalue())
    return out.getvalue()


def load(data: bytes) -> dict[str, Forest]:
    """The forests of a model file by name.

    Raises ``ValueError`` when the bytes are no model file or of a format this version does not read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            head = json.loads(archive.read("head.json"))
            if head.get("version") != FORMAT_VERSION:
                raise ValueError(f"model format {head.get('version')!r}; this version reads {FORMAT_VERSION}")
            result = {}
            for name, facts in head["forests"].items():
                arrays = {
                    field: np.load(io.BytesIO(archive.read(f"{name}/{field}.npy")), allow_pickle=False)
                    for field in ("feature", "threshold", "left", "value", "roots")
                }
                result[name] = Forest(
                    names=tuple(facts["names"]),
                    depth=facts["depth"],
                    base=facts["base"],
                    extra=facts["extra"],
                    **arrays,
                )
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise ValueError(f"not a model file: {error}") from error
    return result
