"""Gradient-boosted trees: a safe file format and a vectorised evaluator, with numpy alone.

Training needs LightGBM; cleaning does not, so that no system library stands between a user and a clean text.
A model file is a zip of arrays (numpy's ``.npz`` read with ``allow_pickle=False``) and holds no code.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FORMAT_VERSION = 1


# Rows and tests that are decided at once: what lies between two steps then stays in a processor's cache.
_ROWS_AT_ONCE, _TESTS_AT_ONCE = 512, 512


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
        object.__setattr__(self, "_plan", _plan(self.feature, self.threshold, self.left, self.roots))

    def leaves(self, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        """The leaf that each row reaches in each tree, shape (rows, trees)."""
        result = np.empty((len(rows), len(self.roots)), np.intp)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self._plan.decide(rows[start : start + _ROWS_AT_ONCE], result[start : start + _ROWS_AT_ONCE])
        return result

    def margin(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The summed leaf values of each row, shape (rows,); log-odds for a classifier."""
        if rows.shape[0] == 0:
            return np.zeros(0)
        if rows.shape[1] != len(self.names):
            raise ValueError(f"the model reads {len(self.names)} features, not {rows.shape[1]}")
        total: NDArray[np.float64] = self.value.take(self.leaves(rows)).sum(axis=1, dtype=np.float64) + self.base
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
    tests: NDArray[np.intp]  # of each node by level: its row among the tests, their opposites, all and nothing
    levels: tuple[tuple[int, int, NDArray[np.intp]], ...]  # below the roots: first and end node, and their parents
    digits: tuple[NDArray[np.intp], ...]  # the leaves whose number in their tree has this digit, shape (most, trees)
    first: NDArray[np.intp]  # of each tree, its first leaf in ``leaf``
    leaf: NDArray[np.intp]  # the node of each leaf, tree by tree

    def decide(self, rows: NDArray[np.float32], out: NDArray[np.intp]) -> None:
        """Write the leaf that each row reaches in each tree into ``out``, shape (rows, trees)."""
        reached = self._outcomes(rows).take(self.tests, axis=0, mode="clip")
        for start, end, parents in self.levels:
            reached[start:end] &= reached.take(parents, axis=0, mode="clip")
        number = np.zeros((len(self.first), len(rows)), np.uint8 if len(self.digits) <= 8 else np.uint16)
        for digit, members in enumerate(self.digits):
            having = np.bitwise_or.reduce(reached.take(members, axis=0, mode="clip"), axis=0)
            number |= np.unpackbits(having, axis=1, count=len(rows), bitorder="little").astype(number.dtype) << digit
        np.add(number.T, self.first, out=out)
        np.take(self.leaf, out, out=out, mode="clip")

    def _outcomes(self, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Which rows pass each test, which do not, all and none, eight to a byte; some tests at a time."""
        columns = np.ascontiguousarray(rows.T, np.float32)
        count, width = len(self.column), (len(rows) + 7) // 8
        outcomes = np.empty((2 * count + 2, width), np.uint8)
        values = np.empty((min(_TESTS_AT_ONCE, count), len(rows)), np.float32)
        for start in range(0, count, _TESTS_AT_ONCE):
            end = min(start + _TESTS_AT_ONCE, count)
            read = columns.take(self.column[start:end], axis=0, mode="clip", out=values[: end - start])
            outcomes[start:end] = np.packbits(read > self.limit[start:end], axis=1, bitorder="little")
        np.invert(outcomes[:count], out=outcomes[count : 2 * count])
        outcomes[2 * count], outcomes[2 * count + 1] = 255, 0
        return outcomes


def _plan(
    feature: NDArray[np.int16], threshold: NDArray[np.float32], left: NDArray[np.int32], roots: NDArray[np.int32]
) -> _Plan:
    keys = (feature.astype(np.int64) << 32) | threshold.astype(np.float32).view(np.uint32)
    distinct, test = np.unique(np.where(feature >= 0, keys, keys.max()), return_inverse=True)
    count = len(distinct)
    level, tree = roots.astype(np.intp), np.arange(len(roots))
    tests, levels, ends = [np.full(len(roots), 2 * count)], [], []
    base = 0
    while len(level):
        inner = feature[level] >= 0
        ends.append((tree[~inner], level[~inner], base + np.flatnonzero(~inner)))
        parents = base + np.flatnonzero(inner)
        base += len(level)
        levels.append((base, base + 2 * len(parents), np.tile(parents, 2)))
        own = test[level[inner]]
        tests.append(np.concatenate([own + count, own]))
        level = np.concatenate([left[level[inner]], left[level[inner]] + 1]).astype(np.intp)
        tree = np.tile(tree[inner], 2)
    tests.append(np.array([2 * count + 1]))
    home, leaf, place = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    order = np.argsort(home, kind="stable")
    first = np.searchsorted(home[order], np.arange(len(roots)))
    return _Plan(
        column=np.maximum(distinct >> 32, 0),
        limit=(distinct & 0xFFFFFFFF).astype(np.uint32).view(np.float32)[:, None],
        tests=np.concatenate(tests),
        levels=tuple(levels[:-1]),
        digits=_digits(home[order], place[order], first, base),
        first=first,
        leaf=leaf[order],
    )


def _digits(
    home: NDArray[np.intp], place: NDArray[np.intp], first: NDArray[np.intp], nothing: int
) -> tuple[NDArray[np.intp], ...]:
    """The leaves by the binary digits of their number in their tree; columns are filled up with the empty set."""
    number = np.arange(len(home)) - first[home]
    digits = []
    for digit in range(int(number.max()).bit_length()):
        having = np.flatnonzero(number >> digit & 1)
        rank = np.arange(len(having)) - np.searchsorted(home[having], home[having])
        members = np.full((int(rank.max()) + 1, len(first)), nothing)
        members[rank, home[having]] = place[having]
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
