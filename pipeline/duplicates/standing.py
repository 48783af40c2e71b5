"""Clusters kept from run to run: only texts that are new are compared, and the result is that of comparing all.

The relation between two texts depends on the two alone. So a cluster all of whose texts are still there stands as it
was, a cluster that lost one is taken apart and looked at anew, and what is left to find has a new text in it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.bands import BANDS, EDITION, PLAUSIBLE, ROWS, Forest, jaccard
from pipeline.duplicates.excerpts import SHORTEST, containers
from pipeline.duplicates.overlaps import Overlap, Texts, overlaps
from pipeline.duplicates.shingles import SIGNATURE_SIZE
from pipeline.runs import places, runs, stretches

# Texts with keys in common whose signatures are held at a time; pairs of them, and those whose signatures stand beside
# each other.
_TEXTS, _PAIRS, _AT_ONCE = 1 << 12, 1 << 14, 1 << 9
_FEW = 20  # of so many roots one may be new for the others not to be compared with each other again
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Indices = NDArray[np.int64]


def band_keys(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A key for each band and signature, shape (bands, signatures): equal where the rows of the band are."""
    wide = signatures[:, : BANDS * ROWS].astype(np.uint64).reshape(len(signatures), BANDS, ROWS)
    keys = np.zeros((len(signatures), BANDS), dtype=np.uint64)
    for row in range(ROWS):
        keys = (keys ^ wide[:, :, row]) * _MULTIPLIER
        keys ^= keys >> np.uint64(29)
    return np.ascontiguousarray(keys.T)


def regroup(texts: Texts, standing: Indices, fresh: NDArray[np.bool_]) -> tuple[Indices, NDArray[np.bool_]]:
    """For each text the least text that it is connected with by pairs of similarity ``EDITION`` or more, and which
    texts may be excerpts or hold one.

    ``standing`` gives the former for the texts that are not ``fresh``, from an earlier run in whose clusters nothing
    is missing now; a fresh text stands for itself. Only pairs with a fresh text in them are compared.
    """
    forest = Forest(standing.tolist())
    related = np.ones(len(standing), dtype=bool)
    if fresh.any() and texts.laid_out:
        _unite_by_band(texts, fresh, forest)
    elif fresh.any():
        new = np.flatnonzero(fresh)
        related[new] = False
        _unite_overlapping(texts, new, forest, related)
    return forest.roots(), related


def _unite_by_band(texts: Texts, fresh: NDArray[np.bool_], forest: Forest) -> None:
    rejected: set[tuple[int, int]] = set()
    for number in range(BANDS):
        roots = forest.roots()
        for some, sizes in _buckets(texts.band(number), fresh, roots):
            signed = _signed(texts, some)
            for first, second in _pairs(sizes):
                ones, others = some[first], some[second]
                wanted = (fresh[ones] | fresh[others]) & (roots[ones] != roots[others])
                wanted[wanted] = _agreement(signed, first[wanted], second[wanted]) >= PLAUSIBLE
                _compare(texts, ones[wanted], others[wanted], forest, rejected)


def _unite_overlapping(texts: Texts, new: Indices, forest: Forest, related: NDArray[np.bool_]) -> None:
    """The same from what the new ones have in common with all; ``related`` becomes true where there is such a one."""
    sizes, signed = texts.sizes, texts.signatures(new)
    beside, near = slice(0), signed[:0]  # signatures of the texts beside the last one that had an edition
    for some, overlap in overlaps(texts, new):
        if _has_excerpt(overlap, sizes):
            related[[overlap.text, *overlap.others.tolist()]] = True
        for other in _editions(overlap, sizes).tolist():
            if forest.find(overlap.text) == forest.find(other):
                continue
            if beside != some:
                beside, near = some, texts.signatures(np.arange(some.start, some.stop))
            if _meet(near[overlap.text - some.start], signed[np.searchsorted(new, other)]):
                forest.unite(overlap.text, other)


def _editions(overlap: Overlap, sizes: Indices) -> Indices:
    """The others whose Jaccard similarity to the text is that of an edition."""
    either = sizes[overlap.text] + sizes[overlap.others] - overlap.both
    close: Indices = overlap.others[overlap.both / either >= EDITION]
    return close


def _has_excerpt(overlap: Overlap, sizes: Indices) -> bool:
    """Whether one of a pair may be an excerpt of the other, by their sizes."""
    own, others = sizes[overlap.text], sizes[overlap.others]
    return bool(((np.minimum(own, others) >= SHORTEST) & (own != others)).any())


def _meet(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> bool:
    """Whether two texts are compared where all texts are: a band has the same key, and the signatures agree enough."""
    first, second = band_keys(np.stack([one, other])).T
    return bool((first == second).any() and (one == other).mean() >= PLAUSIBLE)


def _buckets(keys: NDArray[np.uint64], fresh: NDArray[np.bool_], roots: Indices) -> Iterator[tuple[Indices, Indices]]:
    """The texts of equal keys, ascending, where one of them is fresh and not all are connected: those of some keys one
    after the other, and how many texts each key has."""
    order = np.argsort(keys, kind="stable")
    begins, sizes = runs(keys[order])
    owners = roots[order]
    wanted = np.minimum.reduceat(owners, begins) != np.maximum.reduceat(owners, begins)
    wanted &= np.logical_or.reduceat(fresh[order], begins)
    begins, sizes = begins[wanted], sizes[wanted]
    for part in stretches(sizes, _TEXTS):
        yield order[places(begins[part], sizes[part])], sizes[part]


def _pairs(sizes: Indices) -> Iterator[tuple[Indices, Indices]]:
    """The places of both texts of each pair within one of the groups, which stand one after the other; some pairs at a
    time, in order of the first."""
    ends = np.cumsum(sizes)
    firsts = places(ends - sizes, sizes - 1)  # each with all that come after it
    after = np.repeat(ends, sizes - 1) - firsts - 1
    for part in stretches(after, _PAIRS):
        yield np.repeat(firsts[part], after[part]), places(firsts[part] + 1, after[part])


def _signed(texts: Texts, some: Indices) -> NDArray[np.uint32]:
    """The signatures of some texts, in any order."""
    order = np.argsort(some)
    found = np.empty((len(some), SIGNATURE_SIZE), dtype=np.uint32)
    found[order] = texts.signatures(some[order])
    return found


def _agreement(signed: NDArray[np.uint32], first: Indices, second: Indices) -> NDArray[np.float64]:
    """In what share of their places the signatures of each pair agree."""
    slices = [slice(begin, begin + _AT_ONCE) for begin in range(0, len(first), _AT_ONCE)]
    agreeing = [
        np.count_nonzero(signed.take(first[some], axis=0) == signed.take(second[some], axis=0), axis=1)
        for some in slices
    ]
    shares: NDArray[np.float64] = np.concatenate([np.zeros(0), *agreeing]) / signed.shape[1]
    return shares


def _compare(texts: Texts, ones: Indices, others: Indices, forest: Forest, rejected: set[tuple[int, int]]) -> None:
    """Connects the pairs that are similar enough; they are in order of the first of each."""
    held = -1
    own = np.zeros(0, dtype=np.uint32)
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        if (one, other) in rejected or forest.find(one) == forest.find(other):
            continue
        if one != held:
            held, own = one, texts.shingles(one)
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
    new = roots[fresh[roots]]
    is_root = np.zeros(len(fresh), dtype=bool)
    is_root[roots] = True
    for _, overlap in overlaps(texts, new):
        if not is_root[overlap.text]:
            continue
        for excerpt, container, share in _shares(overlap, texts.sizes):
            known = found.get(excerpt)
            if known is None or (share, -ranks[container]) > (known[0], -ranks[known[1]]):
                found[excerpt] = share, container
    return found


def _all_contained(texts: Texts, ranks: Indices, roots: Indices) -> dict[int, tuple[float, int]]:
    by_rank = roots[np.argsort(ranks[roots])]
    numbers = by_rank.tolist()
    found = containers(range(len(numbers)), texts.sizes[by_rank], lambda number: texts.shingles(numbers[number]))
    return {numbers[excerpt]: (share, numbers[holder]) for excerpt, (share, holder) in found.items()}


def _shares(overlap: Overlap, sizes: Indices) -> Iterator[tuple[int, int, float]]:
    """Excerpt, container and share where a text and another are the two; the smaller is the excerpt."""
    text = overlap.text
    for other, both in zip(overlap.others.tolist(), overlap.both.tolist(), strict=True):
        small, large = (text, other) if sizes[text] < sizes[other] else (other, text)
        if sizes[small] >= SHORTEST and sizes[small] != sizes[large]:
            yield small, large, both / int(sizes[small])
