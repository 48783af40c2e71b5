"""Candidate pairs by locality-sensitive bands of the signature, each verified on the whole shingle sets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.shingles import NO_SHINGLE
from pipeline.runs import shared

EDITION = 0.6  # Jaccard similarity from which two documents are editions of one story

# 42 bands of 3 rows meet at a similarity of .6 with probability 1 - (1 - .6**3)**42 = .99996; the usual 25 bands of 5
# would with .87. The extra candidates cost little, as the signatures themselves throw out nearly all of them.
BANDS, ROWS = 42, 3
# A pair at .6 has an estimate below .45 (3.5 standard deviations of 128 draws) once in 4,000.
PLAUSIBLE = 0.45

Load = Callable[[int], NDArray[np.uint32]]


def jaccard(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    """Shared over all distinct values, 0 to 1; 0 for two empty sets, which have nothing to compare."""
    both = shared(one, other)
    return both / (len(one) + len(other) - both) if both else 0.0


def components(signatures: NDArray[np.uint32], load: Load) -> list[int]:
    """For each document the least document it is connected with by pairs of similarity ``EDITION`` or more.

    Pairs that are connected already are not verified again, which changes no component.
    """
    forest = Forest(range(len(signatures)))
    unequal = _unite_equal_sets(signatures, load, forest)
    rejected: set[tuple[int, int]] = set()
    for band in range(BANDS):
        columns = signatures[unequal, band * ROWS : (band + 1) * ROWS]
        for bucket in _buckets(columns, forest.roots()[unequal]):
            _unite_similar(unequal[bucket], signatures, load, forest, rejected)
    return [int(root) for root in forest.roots()]


class Forest:
    """Disjoint sets whose root is their least member."""

    def __init__(self, parents: Iterable[int]) -> None:
        """``parents`` are, by member, a member of its set that is not greater."""
        self._parent = list(parents)
        self._roots: NDArray[np.int64] | None = None

    def find(self, node: int) -> int:
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def unite(self, one: int, other: int) -> None:
        one, other = sorted((self.find(one), self.find(other)))
        self._parent[other] = one
        self._roots = None

    def roots(self) -> NDArray[np.int64]:
        if self._roots is None:
            parent = np.array(self._parent, dtype=np.int64)
            while not np.array_equal(parent, parent[parent]):
                parent = parent[parent]
            self._roots = parent
        return self._roots


def _unite_equal_sets(signatures: NDArray[np.uint32], load: Load, forest: Forest) -> NDArray[np.int64]:
    """Unite documents of equal shingle sets; the documents to compare further: one of each set, empty ones left out.

    Only sets whose signatures agree are loaded.
    """
    first: dict[bytes, int] = {}
    unequal = []
    rows = np.ascontiguousarray(signatures)
    twins = _values_seen_twice(rows)
    for index in np.flatnonzero((rows != NO_SHINGLE).any(axis=1)):
        if twins[index]:
            digest = hashlib.sha256(load(int(index)).tobytes()).digest()
            if digest in first:
                forest.unite(first[digest], int(index))
                continue
            first[digest] = int(index)
        unequal.append(index)
    return np.array(unequal, dtype=np.int64)


def _values_seen_twice(rows: NDArray[np.uint32]) -> NDArray[np.bool_]:
    _, inverse, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    twice: NDArray[np.bool_] = counts[inverse.reshape(-1)] > 1
    return twice


def _buckets(columns: NDArray[np.uint32], roots: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Positions of equal rows, for every row that occurs in more than one component; positions ascending."""
    if len(columns) < 2:
        return
    order = np.lexsort(columns.T[::-1])
    ordered = columns[order]
    begins = np.concatenate(([0], np.flatnonzero((ordered[1:] != ordered[:-1]).any(axis=1)) + 1))
    ends = np.append(begins[1:], len(order))
    owners = roots[order]
    several = np.minimum.reduceat(owners, begins) != np.maximum.reduceat(owners, begins)
    for begin, end in zip(begins[several], ends[several], strict=True):
        yield order[begin:end]


def _unite_similar(
    bucket: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    load: Load,
    forest: Forest,
    rejected: set[tuple[int, int]],
) -> None:
    for place, pivot in enumerate(bucket[:-1]):
        one = int(pivot)
        others = bucket[place + 1 :]
        agreement = (signatures[others] == signatures[one]).mean(axis=1)
        plausible = [int(other) for other in others[agreement >= PLAUSIBLE]]
        own: NDArray[np.uint32] | None = None
        for other in plausible:
            if (one, other) in rejected or forest.find(one) == forest.find(other):
                continue
            own = load(one) if own is None else own
            if jaccard(own, load(other)) >= EDITION:
                forest.unite(one, other)
            else:
                rejected.add((one, other))
