"""Clusters kept from run to run: only texts that are new are compared, and the result is that of comparing all.

The relation between two texts depends on the two alone. So a cluster all of whose texts are still there stands as it
was, a cluster that lost one is taken apart and looked at anew, and what is left to find has a new text in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.bands import BANDS, EDITION, PLAUSIBLE, ROWS, Forest, jaccard
from pipeline.duplicates.excerpts import CONTAINED, SHORTEST, containers
from pipeline.runs import places, runs

_FILTER_BITS = 22
_FEW = 20  # of so many roots one may be new for the others not to be compared with each other again
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Indices = NDArray[np.int64]


class Texts(Protocol):
    """Distinct sets of shingles by number, wherever they lie; ``sizes`` has shape (texts,)."""

    @property
    def sizes(self) -> Indices:
        """How many shingles each text has."""

    def shingles(self, text: int) -> NDArray[np.uint64]:
        """The sorted shingle hashes of a text."""

    def several(self, texts: Indices) -> list[NDArray[np.uint64]]:
        """Those of some texts, ascending."""

    def signatures(self, texts: Indices) -> NDArray[np.uint32]:
        """The signatures of some texts, shape (texts, 128)."""

    def band(self, number: int) -> tuple[Indices, NDArray[np.uint64]]:
        """Texts and their keys in one band, see ``band_keys``: all that share one with a fresh text, and perhaps
        others; texts ascending."""

    def chunks(self) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """The shingle hashes of all texts, some texts at a time, with the number of the first."""


def band_keys(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A key for each band and signature, shape (bands, signatures): equal where the rows of the band are."""
    wide = signatures[:, : BANDS * ROWS].astype(np.uint64).reshape(len(signatures), BANDS, ROWS)
    keys = np.zeros((len(signatures), BANDS), dtype=np.uint64)
    for row in range(ROWS):
        keys = (keys ^ wide[:, :, row]) * _MULTIPLIER
        keys ^= keys >> np.uint64(29)
    return np.ascontiguousarray(keys.T)


def regroup(texts: Texts, standing: Indices, fresh: NDArray[np.bool_]) -> Indices:
    """For each text the least text that it is connected with by pairs of similarity ``EDITION`` or more.

    ``standing`` gives that for the texts that are not ``fresh``, from an earlier run in whose clusters nothing is
    missing now; a fresh text stands for itself. Only pairs with a fresh text in them are compared.
    """
    forest = Forest(standing.tolist())
    if not fresh.any():
        return forest.roots()
    rejected: set[tuple[int, int]] = set()
    for number in range(BANDS):
        for bucket in _buckets(*texts.band(number), fresh, forest.roots()):
            _compare(texts, bucket, fresh, forest, rejected)
    return forest.roots()


def _buckets(some: Indices, keys: NDArray[np.uint64], fresh: NDArray[np.bool_], roots: Indices) -> Iterator[Indices]:
    """The texts of equal keys, ascending, where one of them is fresh and not all are connected."""
    by_key = np.argsort(keys, kind="stable")
    order, ordered = some[by_key], keys[by_key]
    begins, sizes = runs(ordered)
    ends = begins + sizes
    owners = roots[order]
    several = np.minimum.reduceat(owners, begins) != np.maximum.reduceat(owners, begins)
    wanted = several & (np.add.reduceat(fresh[order].astype(np.int64), begins) > 0)
    for begin, end in zip(begins[wanted], ends[wanted], strict=True):
        yield order[begin:end]


def _compare(
    texts: Texts, bucket: Indices, fresh: NDArray[np.bool_], forest: Forest, rejected: set[tuple[int, int]]
) -> None:
    signatures = texts.signatures(bucket)
    for place, one in enumerate(bucket[:-1].tolist()):
        others = np.arange(place + 1, len(bucket))
        if not fresh[one]:
            others = others[fresh[bucket[others]]]
        agreement = (signatures[others] == signatures[place]).mean(axis=1)
        own: NDArray[np.uint64] | None = None
        for other in bucket[others[agreement >= PLAUSIBLE]].tolist():
            if (one, other) in rejected or forest.find(one) == forest.find(other):
                continue
            own = texts.shingles(one) if own is None else own
            if jaccard(own, texts.shingles(other)) >= EDITION:
                forest.unite(one, other)
            else:
                rejected.add((one, other))


def contained(
    texts: Texts, ranks: Indices, roots: Indices, fresh: NDArray[np.bool_], best: dict[int, tuple[float, int]]
) -> dict[int, tuple[float, int]]:
    """For each of ``roots`` that is an excerpt, the share of it that stands in the root that holds most of it, and
    that root; of two that hold the same, the one of lower rank.

    ``ranks`` has shape (texts,); ``fresh`` says, shape (texts,), which roots have to be compared with all others;
    ``best`` is the result for the others from an earlier run, in which what is gone does not occur.
    """
    if fresh[roots].sum() * _FEW > len(roots):
        return _all_contained(texts, ranks, roots)
    found = {excerpt: value for excerpt, value in best.items() if not fresh[excerpt]}
    if not fresh[roots].any():
        return found
    for excerpt, container, share in _pairs(texts, roots, fresh):
        known = found.get(excerpt)
        if known is None or (share, -ranks[container]) > (known[0], -ranks[known[1]]):
            found[excerpt] = share, container
    return found


def _all_contained(texts: Texts, ranks: Indices, roots: Indices) -> dict[int, tuple[float, int]]:
    by_rank = roots[np.argsort(ranks[roots])]
    found = containers(range(len(by_rank)), lambda number: texts.shingles(int(by_rank[number])))
    return {int(by_rank[excerpt]): (share, int(by_rank[holder])) for excerpt, (share, holder) in found.items()}


def _pairs(texts: Texts, roots: Indices, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int, float]]:
    """Excerpt, container and share of all pairs of roots with a fresh one in them."""
    sizes = texts.sizes
    is_root = np.zeros(len(sizes), dtype=bool)
    is_root[roots] = True
    new = roots[fresh[roots]]
    held = texts.several(new)
    values, owners = np.concatenate(held), np.repeat(np.arange(len(new)), [len(one) for one in held])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    passing = np.zeros(1 << _FILTER_BITS, dtype=bool)
    passing[_places(values)] = True
    least = CONTAINED * max(SHORTEST, int(sizes[new].min()))
    for first, chunk in texts.chunks():
        ends = np.cumsum(_lengths(sizes, first, len(chunk)))
        hits = np.flatnonzero(passing[_places(chunk)])
        text_of = np.searchsorted(ends, hits, side="right")
        counts = np.bincount(text_of, minlength=len(ends))
        enough = counts >= np.minimum(least, CONTAINED * sizes[first : first + len(ends)])
        for place in np.flatnonzero(enough & (counts > 0) & is_root[first : first + len(ends)]).tolist():
            begin, end = np.searchsorted(text_of, [place, place + 1])
            yield from _shares(first + place, chunk[hits[begin:end]], values, owners, new, sizes)


def _shares(
    text: int,
    mine: NDArray[np.uint64],
    values: NDArray[np.uint64],
    owners: Indices,
    new: Indices,
    sizes: Indices,
) -> Iterator[tuple[int, int, float]]:
    """What a text and the fresh ones hold of each other, where that is enough."""
    begins = np.searchsorted(values, mine, side="left")
    lengths = np.searchsorted(values, mine, side="right") - begins
    both = np.bincount(owners[places(begins, lengths)], minlength=len(new))
    smaller = np.minimum(sizes[new], sizes[text])
    shares = both / smaller
    enough = (shares >= CONTAINED) & (smaller >= SHORTEST) & (sizes[new] != sizes[text])
    for number in np.flatnonzero(enough).tolist():
        other = int(new[number])
        small, large = (text, other) if sizes[text] < sizes[other] else (other, text)
        yield small, large, float(shares[number])


def _places(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (values & np.uint64((1 << _FILTER_BITS) - 1)).astype(np.int64)


def _lengths(sizes: Indices, first: int, total: int) -> Indices:
    """The sizes of the texts from ``first`` on that have ``total`` shingles together."""
    ends = np.cumsum(sizes[first : first + total])
    return sizes[first : first + int(np.searchsorted(ends, total, side="left")) + 1]
