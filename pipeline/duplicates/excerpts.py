"""Documents contained in a larger one, found without missing any.

The filter is prefix filtering (Chaudhuri, Ganti & Kaushik 2006; Bayardo, Ma & Srikant 2007) for containment: when at
least ``CONTAINED`` of a set A lies in B, at most ``len(A) - ceil(CONTAINED * len(A))`` of any part of A can be
missing from B. The part taken is the rarest shingles of A, so that what few documents share decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.bands import shared

CONTAINED = 0.75  # share of a document's shingles that must stand in the larger one
SHORTEST = 24  # shingles; shorter texts are formulae as often as stories

_PREFIX = 0.4  # share of a document's shingles that are looked up; half of them must be found
# The table of frequencies has twice as many places as there are shingles, so that few of them collide, at a byte each.
_LEAST_BITS, _MOST_BITS = 16, 28
_MOST_COUNTED = 255

Load = Callable[[int], NDArray[np.uint64]]


def containers(candidates: Sequence[int], load: Load) -> dict[int, tuple[float, int]]:
    """For each of ``candidates`` that is an excerpt, the share of it that stands in the candidate that holds most of
    it, and that candidate: the least index where two hold the same.
    """
    sizes = np.array([len(load(candidate)) for candidate in candidates], dtype=np.int64)
    frequency = _frequencies(candidates, load, int(sizes.sum()))
    keys, owners, needed = _prefixes(candidates, load, sizes, frequency)
    if not len(keys):
        return {}
    best: dict[int, tuple[float, int]] = {}
    for place, container in enumerate(candidates):
        hashes = load(container)
        for owner in _plausible(hashes[frequency[_bucket(hashes, frequency)] > 1], keys, owners, needed):
            if sizes[owner] >= sizes[place]:
                continue
            excerpt = candidates[owner]
            contained = shared(load(excerpt), hashes) / int(sizes[owner])
            if contained >= CONTAINED:
                best[excerpt] = max(best.get(excerpt, (0.0, 0)), (contained, -container))
    return {excerpt: (share, -container) for excerpt, (share, container) in best.items()}


def last(excerpt: int, best: Mapping[int, tuple[float, int]]) -> int:
    """The largest document that an excerpt leads to: what holds it, what holds that one, and so on. Containers have
    more shingles than their excerpts, so no chain returns."""
    while excerpt in best:
        excerpt = best[excerpt][1]
    return excerpt


def _bucket(hashes: NDArray[np.uint64], frequency: NDArray[np.uint8]) -> NDArray[np.int64]:
    return (hashes & np.uint64(len(frequency) - 1)).astype(np.int64)


def _frequencies(candidates: Sequence[int], load: Load, shingles: int) -> NDArray[np.uint8]:
    """By bucket of hashes an upper bound of the documents that hold one of them, up to 255."""
    bits = min(_MOST_BITS, max(_LEAST_BITS, (2 * shingles).bit_length()))
    frequency = np.zeros(1 << bits, dtype=np.uint8)
    for candidate in candidates:
        buckets = _bucket(load(candidate), frequency)
        frequency[buckets] += frequency[buckets] < _MOST_COUNTED  # once per document, whatever collides within it
    return frequency


def _prefixes(
    candidates: Sequence[int], load: Load, sizes: NDArray[np.int64], frequency: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
    """The rare shingles to look up, sorted, with the place of their owner, and how many of them each owner needs."""
    keys, owners = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int32)]
    needed = np.zeros(len(candidates), dtype=np.int64)
    for place, candidate in enumerate(candidates):
        size = int(sizes[place])
        if size < SHORTEST:
            continue
        hashes = load(candidate)
        held_by = frequency[_bucket(hashes, frequency)]
        length = math.ceil(_PREFIX * size)
        rarest = np.argsort(held_by, kind="stable")[:length]
        may_miss = size - math.ceil(CONTAINED * size)
        elsewhere = rarest[held_by[rarest] > 1]
        needed[place] = length - may_miss
        if len(elsewhere) >= needed[place]:
            keys.append(hashes[elsewhere])
            owners.append(np.full(len(elsewhere), place, dtype=np.int32))
    all_keys = np.concatenate(keys)
    order = np.argsort(all_keys, kind="stable")
    return all_keys[order], np.concatenate(owners)[order], needed


def _plausible(
    hashes: NDArray[np.uint64], keys: NDArray[np.uint64], owners: NDArray[np.int32], needed: NDArray[np.int64]
) -> list[int]:
    """The places of documents whose rare shingles occur often enough among ``hashes``."""
    begins = np.searchsorted(keys, hashes, side="left")
    lengths = np.searchsorted(keys, hashes, side="right") - begins
    if not lengths.any():
        return []
    offsets = np.repeat(begins - np.concatenate(([0], lengths.cumsum()[:-1])), lengths)
    found, counts = np.unique(owners[offsets + np.arange(lengths.sum())], return_counts=True)
    return [int(owner) for owner in found[counts >= needed[found]]]
