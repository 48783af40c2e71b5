"""Documents contained in a larger one, found without missing any.

The filter is prefix filtering (Chaudhuri, Ganti & Kaushik 2006; Bayardo, Ma & Srikant 2007) for containment: when at
least ``CONTAINED`` of a set A lies in B, at most ``len(A) - ceil(CONTAINED * len(A))`` of any part of A can be
missing from B. The part taken is the rarest shingles of A, so that what few documents share decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.runs import places, runs, shared, stretches

CONTAINED = 0.75  # share of a document's shingles that must stand in the larger one
SHORTEST = 24  # shingles; shorter texts are formulae as often as stories

_PREFIX = 0.4  # share of a document's shingles that are looked up; half of them must be found
# The table of frequencies has at least as many places as there are shingles, at half a byte each: with twice as many,
# 6 million of them took no less time, with half as many, 20 million took a quarter more.
_LEAST_BITS, _MOST_BITS = 16, 28
_MOST_COUNTED = np.uint8(15)
# What is held at a time: shingles of documents side by side, keys to look up, and finds of keys in documents.
_BLOCK, _MOST_KEYS, _MOST_FINDS = 1 << 16, 1 << 19, 1 << 19

Load = Callable[[int], NDArray[np.uint32]]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some documents in a row: ``places`` among the candidates, ``hashes`` of all of them, and whose each is."""

    places: Indices
    hashes: NDArray[np.uint32]
    document: Indices  # by hash, number within the block


@dataclass(frozen=True, slots=True, eq=False)
class _Keys:
    """Rare shingles to look up, sorted, with the place of their owner."""

    values: NDArray[np.uint32]
    owners: NDArray[np.int32]


def containers(candidates: Sequence[int], sizes: Indices, load: Load) -> dict[int, tuple[float, int]]:
    """For each of ``candidates`` that is an excerpt, the share of it that stands in the candidate that holds most of
    it, and that candidate: the least index where two hold the same.

    ``sizes`` has shape (candidates,): how many shingles ``load`` gives for each.
    """
    frequency = _frequencies(candidates, load, sizes)
    may_miss = sizes - np.ceil(CONTAINED * sizes).astype(np.int64)
    needed = _prefix(sizes) - may_miss
    best: dict[int, tuple[float, int]] = {}
    for keys in _prefixes(candidates, load, sizes, needed, frequency):
        for owner, place in _plausible(candidates, load, sizes, keys, needed, frequency):
            excerpt, container = candidates[owner], candidates[place]
            contained = shared(load(excerpt), load(container)) / int(sizes[owner])
            if contained >= CONTAINED:
                best[excerpt] = max(best.get(excerpt, (0.0, 0)), (contained, -container))
        del keys  # before the next ones are made
    return {excerpt: (share, -container) for excerpt, (share, container) in best.items()}


def last(excerpt: int, best: Mapping[int, tuple[float, int]]) -> int:
    """The largest document that an excerpt leads to: what holds it, what holds that one, and so on. Containers have
    more shingles than their excerpts, so no chain returns."""
    while excerpt in best:
        excerpt = best[excerpt][1]
    return excerpt


def _blocks(candidates: Sequence[int], load: Load, sizes: Indices) -> Iterator[_Block]:
    """All candidates, some in a row at a time."""
    for part in stretches(sizes, _BLOCK):
        own = np.arange(part.start, part.stop)
        hashes = np.concatenate([load(candidate) for candidate in candidates[part]])
        yield _Block(own, hashes, np.repeat(own - part.start, sizes[part]))


class _Frequencies:
    """An upper bound, up to 15, of the documents that hold a shingle: they are counted by bucket, two in a byte."""

    def __init__(self, shingles: int) -> None:
        bits = min(_MOST_BITS, max(_LEAST_BITS, shingles.bit_length()))
        self._mask = np.uint32((1 << bits) - 1)
        self._pairs = np.zeros(1 << (bits - 1), dtype=np.uint8)

    def add(self, hashes: NDArray[np.uint32]) -> None:
        """Counts some documents, whose hashes stand in a row, each once a document."""
        ordered = np.sort(hashes & self._mask)
        begins, counts = runs(ordered)
        buckets = ordered[begins].astype(np.int64)
        places, shifts = buckets >> 1, self._shifts(buckets)
        room = _MOST_COUNTED - ((self._pairs.take(places) >> shifts) & _MOST_COUNTED)
        # Both halves of a byte may be counted at once.
        np.add.at(self._pairs, places, np.minimum(counts, room).astype(np.uint8) << shifts)

    def of(self, hashes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """The bound for each of some hashes."""
        buckets = (hashes & self._mask).astype(np.int64)
        return (self._pairs.take(buckets >> 1) >> self._shifts(buckets)) & _MOST_COUNTED

    @staticmethod
    def _shifts(buckets: Indices) -> NDArray[np.uint8]:
        """By how many bits the count of each is shifted in its byte."""
        return (buckets & 1).astype(np.uint8) << np.uint8(2)


def _frequencies(candidates: Sequence[int], load: Load, sizes: Indices) -> _Frequencies:
    frequency = _Frequencies(int(sizes.sum()))
    for block in _blocks(candidates, load, sizes):
        frequency.add(block.hashes)
    return frequency


def _prefix(sizes: Indices) -> Indices:
    lengths: Indices = np.ceil(_PREFIX * sizes).astype(np.int64)
    return lengths


def _prefixes(
    candidates: Sequence[int], load: Load, sizes: Indices, needed: Indices, frequency: _Frequencies
) -> Iterator[_Keys]:
    """The rarest shingles of each document, as far as others may have them, for some documents at a time."""
    values: list[NDArray[np.uint32]] = []
    owners: list[NDArray[np.int32]] = []
    for block in _blocks(candidates, load, sizes):
        held_by = frequency.of(block.hashes)
        rarest = np.lexsort((held_by, block.document))
        own = sizes[block.places]
        rank = np.arange(len(rarest)) - np.repeat(np.cumsum(own) - own, own)
        document = block.document[rarest]
        wanted = (rank < _prefix(own)[document]) & (held_by[rarest] > 1)
        elsewhere = np.bincount(document[wanted], minlength=len(own))
        enough = (own >= SHORTEST) & (elsewhere >= needed[block.places])
        wanted &= enough[document]
        values.append(block.hashes[rarest[wanted]])
        owners.append(block.places[document[wanted]].astype(np.int32))
        if sum(map(len, values)) >= _MOST_KEYS:
            yield _sorted(values, owners)
    if sum(map(len, values)):
        yield _sorted(values, owners)


def _sorted(values: list[NDArray[np.uint32]], owners: list[NDArray[np.int32]]) -> _Keys:
    """The keys of the parts, which are empty from then on: the next ones are gathered while these are held."""
    joined, whose = np.concatenate(values), np.concatenate(owners)
    values.clear()
    owners.clear()
    order = np.argsort(joined, kind="stable")
    return _Keys(joined[order], whose[order])


def _plausible(
    candidates: Sequence[int], load: Load, sizes: Indices, keys: _Keys, needed: Indices, frequency: _Frequencies
) -> Iterator[tuple[int, int]]:
    """Places of a document and of a larger one in which enough of its rare shingles occur."""
    for block in _blocks(candidates, load, sizes):
        shared_ones = np.flatnonzero(frequency.of(block.hashes) > 1)
        shared_ones = shared_ones[np.argsort(block.hashes[shared_ones])]  # looked up in order: what is near is at hand
        hashes, document = block.hashes[shared_ones], block.document[shared_ones]
        begins = np.searchsorted(keys.values, hashes, side="left")
        lengths = np.searchsorted(keys.values, hashes, side="right") - begins
        found = np.flatnonzero(lengths)
        found = found[np.argsort(document[found], kind="stable")]
        for part in _parts(document[found], lengths[found]):
            yield from _enough(
                block, sizes, keys, needed, document[found[part]], begins[found[part]], lengths[found[part]]
            )


def _parts(document: Indices, lengths: Indices) -> Iterator[slice]:
    """Stretches of finds that are worked on together: whole documents, and no more finds than memory is to hold."""
    if not len(document):
        return
    firsts, counts = runs(document)
    for part in stretches(np.add.reduceat(lengths, firsts), _MOST_FINDS):
        yield slice(int(firsts[part.start]), int(firsts[part.stop - 1] + counts[part.stop - 1]))


def _enough(
    block: _Block, sizes: Indices, keys: _Keys, needed: Indices, document: Indices, begins: Indices, lengths: Indices
) -> Iterator[tuple[int, int]]:
    owners = keys.owners[places(begins, lengths)].astype(np.int64)
    pairs = np.sort(owners * len(block.places) + np.repeat(document, lengths))
    firsts, counts = runs(pairs)
    owner, place = np.divmod(pairs[firsts], len(block.places))
    place = block.places[place]
    wanted = (counts >= needed[owner]) & (sizes[owner] < sizes[place])
    yield from zip(owner[wanted].tolist(), place[wanted].tolist(), strict=True)
