"""Near-duplicates over the results of all shards, with what an earlier run found of the texts that are still there.

Memory holds a few numbers a document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import duplicates
from pipeline.engine.laid import Texts
from pipeline.runs import shared
from pipeline.store import files, rows

# What is remembered of each text for the next run, in order of the prints: the first text of its cluster, and of texts
# that stand for a cluster by which document they do, and what holds most of them; of the others, how similar they are
# to which text. Texts are named by their rows. Null is what is so for a text that is alone.
MEMORY = pa.schema(
    [("print", pa.uint64()), ("cluster", pa.int64()), ("stands_by", pa.uint64()), ("holder", pa.int64()),
     ("share", pa.float64()), ("head", pa.int64()), ("excerpt", pa.bool_()), ("similarity", pa.float64())]
)  # fmt: skip
_BASE = "near.last"
_AT_ONCE = 1_024  # texts of which shingles are asked for together
_RESULT = re.compile(r"[\w.]+\.parquet")
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Documents in clusters; all arrays have shape (documents,), in canonical order.

    ``heads`` has the place of the canonical member of each document's cluster, ``roots`` that of the member that it is
    an edition of, ``similarity`` that to the canonical member; ``memory`` is for the next run, see ``remember``.
    """

    heads: Indices
    roots: Indices
    similarity: NDArray[np.float64]
    memory: pa.Table


@dataclass(frozen=True, slots=True, eq=False)
class _Before:
    """What an earlier run found of its texts, see ``MEMORY``; for nulls see ``_alone``.

    ``now`` is the number that each has among the present texts, -1 where it is gone; ``was`` is, by present text, its
    place among the earlier ones, -1 where it is new.
    """

    now: Indices
    was: Indices
    cluster: Indices
    stands_by: NDArray[np.uint64]
    holder: Indices
    share: NDArray[np.float64]
    head: Indices
    excerpt: NDArray[np.bool_]
    similarity: NDArray[np.float64]


def group(paths: Sequence[Path], order: pa.Table, memory: Path) -> Grouped:
    """The clusters of all documents with a text in the given results.

    ``order`` has their ``identity``, ``print``, ``size`` (number of shingles), ``shard`` (place in ``paths``) and
    ``row`` in canonical order, the first of a cluster being its canonical member. ``memory`` is where ``remember`` is
    to leave what was found; an earlier run's is found by a pointer beside, and without one everything is compared.
    """
    prints = order["print"].to_numpy()
    known, first, text_of_doc = np.unique(prints, return_index=True, return_inverse=True)
    if len(known) and known[0] == 0:  # without a single shingle: nothing to compare
        known, first, text_of_doc = known[1:], first[1:], text_of_doc - 1
    shard, row = order["shard"].to_numpy()[first], order["row"].to_numpy()[first]
    by_place = np.lexsort((row, shard))
    number = np.empty(len(by_place), dtype=np.int64)
    number[by_place] = np.arange(len(by_place))
    before = _earlier(memory, known, number)
    known, first = known[by_place], first[by_place]
    sizes = order["size"].to_numpy()[first].astype(np.int64)
    standing, fresh = _standing(before, len(known))
    texts = Texts(paths, shard[by_place], row[by_place], sizes, fresh, memory.parent)
    rows.release()
    label, related = duplicates.regroup(texts, standing, fresh)
    rows.release()
    least = np.full(len(known), len(prints), dtype=np.int64)  # by label, the place of the canonical document
    np.minimum.at(least, label, first)
    is_root = first == least[label]
    roots = np.flatnonzero(is_root)
    stands_by = np.zeros(len(known), dtype=np.uint64)
    stands_by[roots] = order["identity"].to_numpy()[first[roots]]
    fresh_root, best = _held(roots, stands_by, before)
    best = duplicates.contained(texts, first, roots, fresh_root & related, best)
    root_of_label = np.zeros(len(known), dtype=np.int64)
    root_of_label[label[roots]] = roots
    root = root_of_label[label]
    head = root.copy()
    for text in best:
        head[root == text] = duplicates.last(text, best)
    similarity = _similarities(texts, root, head, before)
    memorable = _memorable(known, by_place, label, stands_by, best, root, head, similarity)
    has_text = text_of_doc >= 0
    own = number[text_of_doc[has_text]]
    heads, roots, of_doc = np.arange(len(prints)), np.arange(len(prints)), np.ones(len(prints))
    heads[has_text], roots[has_text], of_doc[has_text] = first[head[own]], first[root[own]], similarity[own]
    return Grouped(heads, roots, of_doc, memorable)


def remember(memory: Path, grouped: Grouped) -> None:
    """Leaves what was found for the next run."""
    rows.write(memory, MEMORY, [grouped.memory])
    files.write_loose(memory.with_name(_BASE), memory.name.encode())


def _similarities(texts: Texts, root: Indices, head: Indices, before: _Before) -> NDArray[np.float64]:
    """The similarity of each text to the head of its cluster, which is the earlier one where both are as they were."""
    similarity = np.ones(len(head))
    others = np.flatnonzero(head != np.arange(len(head)))
    is_excerpt = head != root
    old = others[before.was[others] >= 0]
    place = before.was[old]
    same = (before.now[before.head[place]] == head[old]) & (before.excerpt[place] == is_excerpt[old])
    similarity[old[same]] = before.similarity[place[same]]
    unknown = np.setdiff1d(others, old[same], assume_unique=True)
    for begin in range(0, len(unknown), _AT_ONCE):
        some = unknown[begin : begin + _AT_ONCE]
        asked = np.unique(np.concatenate((some, head[some])))
        found = dict(zip(asked.tolist(), texts.several(asked), strict=True))
        for one, other in zip(some.tolist(), head[some].tolist(), strict=True):
            own, canonical = found[one], found[other]
            if is_excerpt[one]:
                similarity[one] = shared(own, canonical) / len(own)
            else:
                similarity[one] = duplicates.jaccard(own, canonical)
    return similarity


def _standing(before: _Before, count: int) -> tuple[Indices, NDArray[np.bool_]]:
    """The clusters of an earlier run of which no text is missing, and which of the texts are in none of them."""
    broken = np.zeros(len(before.now), dtype=bool)
    broken[before.cluster[before.now < 0]] = True
    intact = ~broken[before.cluster]
    now, cluster = before.now[intact], before.cluster[intact]
    least = np.full(len(broken), count, dtype=np.int64)
    np.minimum.at(least, cluster, now)
    standing, fresh = np.arange(count), np.ones(count, dtype=bool)
    standing[now], fresh[now] = least[cluster], False
    return standing, fresh


def _held(
    roots: Indices, stands_by: NDArray[np.uint64], before: _Before
) -> tuple[NDArray[np.bool_], dict[int, tuple[float, int]]]:
    """Which roots have to be compared with all others, and for those that have not, what holds most of them."""
    fresh = np.zeros(len(stands_by), dtype=bool)
    old = roots[before.was[roots] >= 0]
    fresh[roots] = True
    fresh[old] = before.stands_by[before.was[old]] != stands_by[old]
    stands = np.zeros(len(stands_by) + 1, dtype=bool)  # the last for what is gone, whose place is -1
    stands[roots] = ~fresh[roots]
    held = np.flatnonzero(before.holder >= 0)
    excerpts, holders = before.now[held], before.now[before.holder[held]]
    both = stands[excerpts] & stands[holders]
    fresh[excerpts[stands[excerpts] & ~stands[holders]]] = True
    found = zip(excerpts[both], before.share[held[both]], holders[both], strict=True)
    return fresh, {int(excerpt): (float(share), int(holder)) for excerpt, share, holder in found if not fresh[holder]}


def _earlier(memory: Path, known: NDArray[np.uint64], number: Indices) -> _Before:
    """What an earlier run found; ``known`` are the prints of the present texts, ascending, ``number`` their numbers."""
    table = _remembered(memory)
    old = table["print"].to_numpy()
    found = np.searchsorted(known, old)
    found[found == len(known)] = 0
    there = known[found] == old if len(known) else np.zeros(len(old), dtype=bool)
    now = np.full(len(old), -1, dtype=np.int64)
    now[there] = number[found[there]]
    was = np.full(len(known), -1, dtype=np.int64)
    was[now[there]] = np.flatnonzero(there)
    alone = _alone(len(old))
    columns = {name: pc.coalesce(table[name], pa.array(own)).to_numpy() for name, own in alone.items()}
    return _Before(now, was, stands_by=table["stands_by"].to_numpy(), **columns)


def _alone(count: int) -> dict[str, NDArray[Any]]:
    """What stands in ``MEMORY`` of so many texts that have no near-duplicate, by column; what does not is left out."""
    own = np.arange(count)
    alone = {"cluster": own, "holder": -1, "share": 0.0, "head": own, "excerpt": False, "similarity": 1.0}
    return {name: np.broadcast_to(np.asarray(value), count) for name, value in alone.items()}


def _remembered(memory: Path) -> pa.Table:
    pointer = memory.with_name(_BASE)
    name = pointer.read_text("utf-8", "replace") if pointer.is_file() else ""
    if _RESULT.fullmatch(name) and rows.is_whole(memory.with_name(name)):
        found = rows.read_table(memory.with_name(name))
        if found.schema.equals(MEMORY):  # else another version left it
            return found
    return MEMORY.empty_table()


def _memorable(
    known: NDArray[np.uint64],
    place: Indices,
    label: Indices,
    stands_by: NDArray[np.uint64],
    best: dict[int, tuple[float, int]],
    root: Indices,
    head: Indices,
    similarity: NDArray[np.float64],
) -> pa.Table:
    """What ``MEMORY`` has, of all that by text, ``place`` being that in order of the prints."""
    holder, share = np.full(len(known), -1, dtype=np.int64), np.zeros(len(known))
    for text, (part, container) in best.items():
        holder[text], share[text] = place[container], part
    by_text = (known, place[label], stands_by, holder, share, place[head], head != root, similarity)
    alone = _alone(len(known))
    columns = []
    for name, own in zip(MEMORY.names, by_text, strict=True):
        column = np.empty_like(own)
        column[place] = own
        columns.append(pa.array(column, mask=column == alone[name] if name in alone else None))
    return pa.Table.from_arrays(columns, schema=MEMORY)
