"""Pages without an address that give themselves away by what they repeat: runs of lines in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.runs import shared

RUN = 4  # adjacent blocks: menus and footers keep their order, while single entries recur on any site
STORIES = 3  # distinct stories that must hold a run; two could be one story that changed
# Share of the shorter page's distinct blocks that both must hold. Of the pairs of pages in the corpora that share so
# much, 230 of 268 are of one site and the others of sister sites or of one forum software with its template.
OVERLAP = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class LoosePage:
    """A page of an unknown site: ``story`` is the id of its near-duplicates, ``keys`` its block keys in order."""

    doc_id: str
    story: str
    keys: NDArray[np.uint64]


def group_by_recurrence(pages: Iterable[LoosePage]) -> dict[str, str]:
    """For each page that is made like pages of other stories, by document id, a name for the site they make.

    Pages are linked that are neighbours, by document id, among the holders of a run of ``RUN`` adjacent blocks which
    ``STORIES`` stories or more hold, and that share ``OVERLAP`` of their blocks; sites are the connected components. A
    syndicated story links nothing, as its copies are one story. A site's name is ``~`` and the hash of the run that
    most of its pages hold (the least of several), the same for any order of ``pages``.
    """
    ordered = sorted(pages, key=lambda page: page.doc_id)
    parent = list(range(len(ordered)))
    held: list[tuple[int, NDArray[np.int64]]] = []
    for run, holders in _held_by_several(*_runs_of(ordered)):
        if len({ordered[holder].story for holder in holders}) < STORIES:
            continue
        held.append((run, holders))
        for one, other in pairwise(holders.tolist()):
            roots = _find(parent, one), _find(parent, other)
            if roots[0] != roots[1] and _made_alike(ordered[one], ordered[other]):
                parent[max(roots)] = min(roots)
    return _named(ordered, [_find(parent, index) for index in range(len(ordered))], held)


def _made_alike(one: LoosePage, other: LoosePage) -> bool:
    if one.story == other.story:
        return False
    blocks, others = (np.unique(page.keys[page.keys != 0]) for page in (one, other))
    return shared(blocks, others) >= OVERLAP * min(len(blocks), len(others))


def _named(pages: list[LoosePage], roots: list[int], held: list[tuple[int, NDArray[np.int64]]]) -> dict[str, str]:
    sizes = Counter(roots)
    best: dict[int, tuple[int, int]] = {}
    for run, holders in held:
        for root, pages_of in Counter(roots[holder] for holder in holders.tolist()).items():
            best[root] = max(best.get(root, (0, 0)), (pages_of, -run))
    return {page.doc_id: f"~{-best[root][1]:016x}" for page, root in zip(pages, roots, strict=True) if sizes[root] > 1}


def _runs_of(pages: list[LoosePage]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes of all runs, ascending, and for each the index of its page; twice on a page is once."""
    found, owners = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for index, page in enumerate(pages):
        keys = page.keys[page.keys != 0]
        if len(keys) < RUN:
            continue
        runs = np.zeros(len(keys) - RUN + 1, dtype=np.uint64)
        for place in range(RUN):
            runs = runs * np.uint64(0x9E3779B97F4A7C15) + keys[place : len(keys) - RUN + 1 + place]
        distinct = np.unique(runs)
        found.append(distinct)
        owners.append(np.full(len(distinct), index))
    hashes = np.concatenate(found)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.concatenate(owners)[order]


def _held_by_several(runs: NDArray[np.uint64], owners: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    if not len(runs):
        return
    begins = np.concatenate(([0], np.flatnonzero(runs[1:] != runs[:-1]) + 1))
    ends = np.append(begins[1:], len(runs))
    several = ends - begins >= STORIES
    for begin, end in zip(begins[several], ends[several], strict=True):
        yield int(runs[begin]), owners[begin:end]


def _find(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = node = parent[parent[node]]
    return node
