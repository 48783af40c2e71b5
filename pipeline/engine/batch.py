"""The stages that look across all documents for near-duplicates: stories, cluster.

stories  all segment files      -> which pages carry the same story (knows nothing of sites)
cluster  all names files        -> near-duplicate clusters
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import duplicates, sites
from pipeline.engine import near, relations
from pipeline.engine.beside import dealt, each
from pipeline.runs import runs, stretches
from pipeline.store import packed, rows
from pipeline.store.tables import CLUSTERS

_TOGETHER = 1_024  # pages of some sites that are looked at together
_PROCESSES = 2  # where there is enough to do for them; the stages here have no pool beside them
_RELATIONS = [relation.value for relation in duplicates.Relation]
_OF_STORIES = ("doc_id", "identity", "print", "size", "site", "url")
_OF_CLUSTERS = ("doc_id", "identity", "print", "size", "order", "cluster_id")
_MOST_AHEAD = 500_000  # rows read ahead, about a hundred bytes each
_AHEAD: dict[Path, pa.Table] = {}

# Pages of which there is something to say, with the place of their segment file and in it: ``site`` is set where it was
# not known and the batch gave it away, and not every page is ``counted`` for its story.
STORIES = pa.schema(
    [("doc_id", pa.string()), ("shard", pa.int16()), ("row", pa.int32()), ("site", pa.string()),
     ("counted", pa.bool_())]
)  # fmt: skip


def stories(segments: Sequence[Path], out: Path) -> None:
    """Groups the copies of one story over all sites, and names for each site the pages that count for it.

    Pages without a site that are made alike get one in common.
    """
    table = _placed(segments, _OF_STORIES)
    table = table.take(pc.sort_indices(table["doc_id"]))
    grouped = near.group(segments, table, _memory(out))
    found = sites.group_by_recurrence(_loose(segments, table, grouped))
    named = pa.array(found.values(), pa.string()).take(
        pc.index_in(table["doc_id"], value_set=pa.array(found, pa.string()))
    )
    own = pc.if_else(pc.equal(table["site"], ""), pc.fill_null(named, ""), table["site"])
    counted = pa.array(_counted_pages(table, own, grouped))
    told = pa.Table.from_arrays([table["doc_id"], table["shard"], table["row"], named, counted], schema=STORIES)
    told = told.filter(pc.or_(pc.is_valid(named), pc.invert(counted)))
    _leave(partial(near.remember, _memory(out), grouped), partial(rows.write, out, STORIES, [told]))


def _placed(paths: Sequence[Path], columns: Sequence[str]) -> pa.Table:
    """The given columns of all rows that are documents with a text, with the place of their file and in it."""
    tables = []
    for number, path in enumerate(paths):
        table = _AHEAD.pop(path) if path in _AHEAD else _texts_of(path, columns)
        tables.append(table.append_column("shard", pa.repeat(pa.scalar(number, pa.int16()), table.num_rows)))
    return pa.concat_tables(tables).combine_chunks()


def _texts_of(path: Path, columns: Sequence[str]) -> pa.Table:
    table = rows.read_table(path, columns)
    table = table.append_column("row", pa.array(np.arange(table.num_rows, dtype=np.int32)))
    return table.filter(pc.is_valid(table["print"]))


def read_ahead(segments: Iterable[Path], names_files: Iterable[Path]) -> None:
    """Reads what ``stories`` and ``cluster`` ask of some results, for this process and those forked from it; of no more
    results than a few dozen megabytes."""
    forget()
    count = 0
    for paths, columns in ((segments, _OF_STORIES), (names_files, _OF_CLUSTERS)):
        for path in paths:
            with contextlib.suppress(OSError, KeyError, pa.ArrowException):  # whoever needs it says what is wrong
                if count < _MOST_AHEAD:
                    _AHEAD[path] = _texts_of(path, columns)
                    count += _AHEAD[path].num_rows


def forget() -> None:
    """Gives up what was read ahead."""
    _AHEAD.clear()


def _memory(out: Path) -> Path:
    return out.with_name(f"{out.stem}.memory.parquet")


def _loose(segments: Sequence[Path], table: pa.Table, grouped: near.Grouped) -> Iterator[sites.LoosePage]:
    """The pages of unknown sites with their block keys."""
    unknown = pc.equal(table["site"], "")
    heads = pa.array(grouped.heads).filter(unknown.combine_chunks())
    loose = table.filter(unknown)
    for number in pc.unique(loose["shard"]).to_pylist():
        mine = pc.equal(loose["shard"], number)
        places = loose["row"].filter(mine)
        keys = packed.KEYS.rows(rows.read_table(segments[number], ["keys"])["keys"].take(places))
        for doc_id, head, own in zip(
            loose["doc_id"].filter(mine).to_pylist(), heads.filter(mine.combine_chunks()).to_pylist(), keys, strict=True
        ):
            yield sites.LoosePage(doc_id, str(head), own)


def _counted_pages(table: pa.Table, own: pa.ChunkedArray, grouped: near.Grouped) -> NDArray[np.bool_]:
    """Whether each page is counted for its site, which is its own or that found for it. A page without an address and
    without a copy on its site is."""
    sites_ = pc.dictionary_encode(own).combine_chunks()
    site, excerpt = sites_.indices.to_numpy().astype(np.int64), grouped.heads != grouped.roots
    _, group, sizes = np.unique(site * len(site) + grouped.heads, return_inverse=True, return_counts=True)
    counted: NDArray[np.bool_] = (sizes[group] == 1) & pc.is_null(table["url"]).to_numpy()
    doubtful = np.flatnonzero(~counted)
    doubtful = doubtful[np.argsort(site[doubtful], kind="stable")]
    stories = table.select(["doc_id", "url"]).append_column("site", own)
    stories = stories.append_column("head", pa.array(grouped.heads)).append_column("is_excerpt", pa.array(excerpt))
    by_site = list(_by_site(doubtful, site[doubtful]))
    for chosen in each(partial(_chosen, stories), dealt(by_site, _PROCESSES)):
        counted[chosen] = True
    return counted


def _chosen(stories: pa.Table, by_site: Iterable[NDArray[np.int64]]) -> list[int]:
    """The places of the pages that are counted, among those of some whole sites at a time."""
    chosen: list[int] = []
    for places in by_site:
        some = stories.take(pa.array(places))
        doc_ids, urls, names, heads, excerpts = (column.to_pylist() for column in some.columns)
        pages = map(sites.StoryPage, doc_ids, names, map(str, heads), excerpts, (url or "" for url in urls))
        wanted = sites.counted_pages(pages)
        chosen += [place for place, doc_id in zip(places.tolist(), doc_ids, strict=True) if doc_id in wanted]
    return chosen


def _by_site(places: NDArray[np.int64], site: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Places that are in order of their sites, some whole sites at a time."""
    begins, sizes = runs(site)
    for part in stretches(sizes, _TOGETHER):
        yield places[begins[part.start] : begins[part.stop - 1] + sizes[part.stop - 1]]


def load_sites(story_file: Path) -> dict[str, str]:
    """The site of every document that the batch had to find it for."""
    table = rows.read_table(story_file, ["doc_id", "site"])
    table = table.filter(pc.is_valid(table["site"]))
    return dict(zip(table["doc_id"].to_pylist(), table["site"].to_pylist(), strict=True))


def cluster(names_files: Sequence[Path], out: Path) -> None:
    """Groups near-duplicates over all documents that have a text; see ``relations`` for what lies beside ``out``."""
    ordered = _placed(names_files, _OF_CLUSTERS)
    by_id = pc.sort_indices(ordered["doc_id"])  # by both at once takes three times as long, and this sort is stable
    ordered = ordered.take(by_id.take(pc.sort_indices(ordered["order"].take(by_id))))
    grouped = near.group(names_files, ordered, _memory(out))
    is_canonical = grouped.heads == np.arange(ordered.num_rows)
    relation = np.where(grouped.similarity == 1.0, _RELATIONS.index("same"), _RELATIONS.index("edition"))
    relation[grouped.heads != grouped.roots] = _RELATIONS.index("excerpt")
    columns = (
        ordered["cluster_id"].take(pa.array(grouped.heads)),
        ordered["doc_id"],
        pa.array(is_canonical),
        pa.array(grouped.similarity.astype(np.float32)),
        pa.array(_RELATIONS).take(pa.array(relation)),
    )
    table = pa.Table.from_arrays(list(columns), schema=CLUSTERS)
    has_others = pa.array(np.bincount(grouped.heads, minlength=ordered.num_rows)[grouped.heads] > 1)
    shard, row = (ordered[name].filter(has_others).to_numpy() for name in ("shard", "row"))
    _leave(
        partial(rows.write, out, CLUSTERS, [table.take(pc.sort_indices(table["doc_id"]))]),
        partial(near.remember, _memory(out), grouped),
        partial(relations.write, out, table.filter(has_others), shard, row, len(names_files)),
    )


def _leave(large: Callable[[], None], *others: Callable[[], None]) -> None:
    """Writes some files, of which a thread writes the largest: most of that is done without Python's lock."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(large)
        for write in others:
            write()
        done.result()
