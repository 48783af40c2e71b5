"""Near-duplicates over the results of all shards, with what an earlier run found of the texts that are still there.

Memory holds a few numbers a document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import duplicates
from pipeline.engine.laid import Texts
from pipeline.store import files, rows

# What is remembered of each text for the next run: the least text print of its cluster, and of texts that stand for
# a cluster by which document they do, and what holds most of them; of the others, how similar they are to which text.
MEMORY = pa.schema(
    [("print", pa.uint64()), ("cluster", pa.uint64()), ("stands_by", pa.uint64()), ("holder", pa.uint64()),
     ("share", pa.float64()), ("head", pa.uint64()), ("excerpt", pa.bool_()), ("similarity", pa.float64())]
)  # fmt: skip
_BASE = "near.last"
_RESULT = re.compile(r"[\w.]+\.parquet")
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Documents in clusters; all arrays have shape (documents,), in canonical order.

    ``doc_ids`` and ``heads``, the place of the canonical member of each document's cluster; ``roots`` the place of
    the member that it is an edition of; ``similarity`` to the canonical member.
    """

    doc_ids: pa.ChunkedArray
    heads: Indices
    roots: Indices
    similarity: NDArray[np.float64]


def group(paths: Sequence[Path], order: pa.Table, memory: Path) -> Grouped:
    """The clusters of all documents with a text in the given results.

    ``order`` has their ``doc_id``, ``print``, ``size`` (number of shingles), ``shard`` (place in ``paths``) and
    ``row`` in canonical order, the first of a cluster being its canonical member. ``memory`` is where what was found
    is left for the next run, which finds it by a pointer beside; without it everything is compared.
    """
    prints = order["print"].to_numpy()
    known, first, text_of_doc = np.unique(prints, return_index=True, return_inverse=True)
    lone = known == 0  # without a single shingle: nothing to compare
    if lone.any():
        known, first, text_of_doc = known[1:], first[1:], text_of_doc - 1
    shard, row = order["shard"].to_numpy()[first], order["row"].to_numpy()[first]
    by_place = np.lexsort((row, shard))
    known, first = known[by_place], first[by_place]
    number = np.empty(len(by_place), dtype=np.int64)
    number[by_place] = np.arange(len(by_place))
    sizes = order["size"].to_numpy()[first].astype(np.int64)
    before = _remembered(memory)
    standing, fresh = _standing(known, before)
    texts = Texts(paths, shard[by_place], row[by_place], sizes, fresh, memory.parent)
    label = duplicates.regroup(texts, standing, fresh)
    least = np.full(len(known), len(prints), dtype=np.int64)  # by label, the place of the canonical document
    np.minimum.at(least, label, first)
    is_root = first == least[label]
    roots = np.flatnonzero(is_root)
    stands_by = np.zeros(len(known), dtype=np.uint64)
    stands_by[roots] = _named(order["doc_id"], order["key"], first[roots])
    fresh_root, best = _held(known, roots, stands_by, before)
    best = duplicates.contained(texts, first, roots, fresh_root, best)
    root_of_label = np.zeros(len(known), dtype=np.int64)
    root_of_label[label[roots]] = roots
    root = root_of_label[label]
    head = root.copy()
    for text in best:
        head[root == text] = duplicates.last(text, best)
    similarity = _similarities(texts, known, root, head, before)
    _remember(memory, known, label, stands_by, best, root, head, similarity)
    return _members(order, text_of_doc, number, first, root, head, similarity)


def _members(
    order: pa.Table, text_of_doc: Indices, number: Indices,
    first: Indices, root: Indices, head: Indices, similarity: NDArray[np.float64],
) -> Grouped:  # fmt: skip
    count = order.num_rows
    places = np.arange(count)
    has_text = text_of_doc >= 0
    text = number[text_of_doc[has_text]]
    heads, roots = places.copy(), places.copy()
    heads[has_text], roots[has_text] = first[head[text]], first[root[text]]
    of_doc = np.ones(count)
    of_doc[has_text] = similarity[text]
    return Grouped(order["doc_id"], heads, roots, of_doc)


def _similarities(
    texts: Texts, known: NDArray[np.uint64], root: Indices, head: Indices, before: pa.Table
) -> NDArray[np.float64]:
    """The similarity of each text to the head of its cluster, which is the earlier one where both are as they were."""
    similarity = np.ones(len(known))
    others = np.flatnonzero(head != np.arange(len(known)))
    is_excerpt = head != root
    if len(before):
        place = _find(before["print"].to_numpy(), known[others])
        same = before["print"].to_numpy()[place] == known[others]
        same &= before["head"].to_numpy()[place] == known[head[others]]
        same &= before["excerpt"].to_numpy()[place] == is_excerpt[others]
        similarity[others[same]] = before["similarity"].to_numpy()[place[same]]
        others = others[~same]
    for one in others.tolist():
        own, canonical = texts.shingles(one), texts.shingles(int(head[one]))
        if is_excerpt[one]:
            similarity[one] = duplicates.shared(own, canonical) / len(own)
        else:
            similarity[one] = duplicates.jaccard(own, canonical)
    return similarity


def _named(doc_ids: pa.ChunkedArray, keys: pa.ChunkedArray, places: Indices) -> NDArray[np.uint64]:
    """A hash of the order key and id of some documents."""
    wanted = pa.array(places)
    pairs = zip(keys.take(wanted).to_pylist(), doc_ids.take(wanted).to_pylist(), strict=True)
    digests = b"".join(
        hashlib.blake2b(f"{key}\x1f{doc_id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for key, doc_id in pairs
    )
    return np.frombuffer(digests, dtype="<u8")


def _standing(known: NDArray[np.uint64], before: pa.Table) -> tuple[Indices, NDArray[np.bool_]]:
    """The clusters of an earlier run of which no text is missing, and which texts are in none of them."""
    standing = np.arange(len(known))
    old, cluster = before["print"].to_numpy(), before["cluster"].to_numpy()
    broken = np.unique(cluster[~np.isin(old, known)])
    intact = ~np.isin(cluster, broken)
    old, cluster = old[intact], cluster[intact]
    fresh = ~np.isin(known, old)
    order = np.argsort(known)
    place = order[np.searchsorted(known[order], old)]
    _, which = np.unique(cluster, return_inverse=True)
    least = np.full(len(which), len(known), dtype=np.int64)
    np.minimum.at(least, which, place)
    standing[place] = least[which]
    return standing, fresh


def _held(
    known: NDArray[np.uint64], roots: Indices, stands_by: NDArray[np.uint64], before: pa.Table
) -> tuple[NDArray[np.bool_], dict[int, tuple[float, int]]]:
    """Which roots have to be compared with all others, and for those that have not, what holds most of them."""
    fresh = np.zeros(len(known), dtype=bool)
    stood = before["stands_by"].to_numpy()[_find(before["print"].to_numpy(), known[roots])] if len(before) else 0
    fresh[roots] = (stood != stands_by[roots]) | ~np.isin(known[roots], before["print"].to_numpy())
    best: dict[int, tuple[float, int]] = {}
    is_root = np.zeros(len(known), dtype=bool)
    is_root[roots] = True
    held = before.filter(pa.array(before["holder"].to_numpy() != 0))
    excerpts, holders = (_find(known, held[name].to_numpy()) for name in ("print", "holder"))
    there = np.isin(held["print"].to_numpy(), known) & is_root[excerpts] & ~fresh[excerpts]
    stands = np.isin(held["holder"].to_numpy(), known) & is_root[holders] & ~fresh[holders]
    orphaned = there & ~stands
    for place in np.flatnonzero(there & stands).tolist():
        best[int(excerpts[place])] = held["share"][place].as_py(), int(holders[place])
    fresh[excerpts[orphaned]] = True
    return fresh, {excerpt: value for excerpt, value in best.items() if not fresh[value[1]]}


def _find(values: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> Indices:
    """The place of each wanted value; any place for one that is not there."""
    order = np.argsort(values)
    return order[np.minimum(np.searchsorted(values[order], wanted), len(values) - 1)]


def _remembered(memory: Path) -> pa.Table:
    pointer = memory.with_name(_BASE)
    name = pointer.read_text("utf-8", "replace") if pointer.is_file() else ""
    if _RESULT.fullmatch(name) and rows.is_whole(memory.with_name(name)):
        found = rows.read_table(memory.with_name(name))
        if found.schema.names == MEMORY.names:  # else another version left it
            return found
    return MEMORY.empty_table()


def _remember(
    memory: Path,
    known: NDArray[np.uint64],
    label: Indices,
    stands_by: NDArray[np.uint64],
    best: dict[int, tuple[float, int]],
    root: Indices,
    head: Indices,
    similarity: NDArray[np.float64],
) -> None:
    holder, share = np.zeros(len(known), dtype=np.uint64), np.zeros(len(known))
    for text, (part, container) in best.items():
        holder[text], share[text] = known[container], part
    columns = (known, known[label], stands_by, holder, share, known[head], head != root, similarity)
    rows.write(memory, MEMORY, [pa.Table.from_arrays([pa.array(column) for column in columns], schema=MEMORY)])
    files.write_loose(memory.with_name(_BASE), memory.name.encode())
