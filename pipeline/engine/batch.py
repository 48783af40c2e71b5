"""The stages that look across all documents: stories, profile, cluster.

stories  all segment files      -> which pages carry the same story (knows nothing of sites)
profile  segment files, stories -> per site, on how many distinct stories each block occurs
cluster  all names files        -> near-duplicate clusters
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import duplicates, sites
from pipeline.engine import near, relations
from pipeline.engine.beside import dealt, each
from pipeline.engine.keys import key
from pipeline.runs import runs, stretches
from pipeline.store import packed, rows
from pipeline.store.tables import CLUSTERS

_TOGETHER = 1_024  # pages of some sites that are looked at together
_PROCESSES = 2  # where there is enough to do for them; the stages here have no pool beside them
_RELATIONS = [relation.value for relation in duplicates.Relation]
COUNTS = "counts"  # what was counted of each shard, beside the stages' results

# Pages of which there is something to say: ``site`` is set where it was not known and the batch gave it away, and not
# every page is ``counted`` for its story.
STORIES = pa.schema([("doc_id", pa.string()), ("site", pa.string()), ("counted", pa.bool_())])
PROFILE = pa.schema(
    [("site", pa.string()), ("pages", pa.int64()), ("digest", pa.string()),
     ("keys", pa.list_(pa.uint64())), ("counts", pa.list_(pa.uint32()))]
)  # fmt: skip


def stories(segments: Sequence[Path], out: Path) -> None:
    """Groups the copies of one story over all sites, and names for each site the pages that count for it.

    Pages without a site that are made alike get one in common.
    """
    table = _placed(segments, ["doc_id", "identity", "print", "size", "site", "url"])
    table = table.take(pc.sort_indices(table["doc_id"]))
    grouped = near.group(segments, table, _memory(out))
    found = sites.group_by_recurrence(_loose(segments, table, grouped))
    named = pa.array(found.values(), pa.string()).take(
        pc.index_in(table["doc_id"], value_set=pa.array(found, pa.string()))
    )
    own = pc.if_else(pc.equal(table["site"], ""), pc.fill_null(named, ""), table["site"])
    counted = pa.array(_counted_pages(table, own, grouped))
    told = pa.Table.from_arrays([table["doc_id"], named, counted], schema=STORIES)
    rows.write(out, STORIES, [told.filter(pc.or_(pc.is_valid(named), pc.invert(counted)))])


def _placed(paths: Sequence[Path], columns: Sequence[str]) -> pa.Table:
    """The given columns of all rows that are documents with a text, with the place of their file and in it."""
    tables = []
    for number, path in enumerate(paths):
        table = rows.read_table(path, columns)
        table = table.append_column("shard", pa.repeat(pa.scalar(number, pa.int16()), table.num_rows))
        table = table.append_column("row", pa.array(np.arange(table.num_rows, dtype=np.int32)))
        tables.append(table.filter(pc.is_valid(table["print"])))
    return pa.concat_tables(tables).combine_chunks()


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


def profile(segments: Sequence[Path], story_file: Path, out: Path) -> None:
    """Counts, per site, on how many distinct stories each block occurs; blocks seen once are not kept.

    What was counted of each shard is remembered under what it was counted from.
    """
    found = load_sites(story_file)
    table = rows.read_table(story_file, ["doc_id", "counted"])
    left_out = table.filter(pc.invert(table["counted"]))["doc_id"].combine_chunks()
    counts = {path: _counts_file(path, left_out, found, out.parent.with_name(COUNTS)) for path in segments}
    missing = [item for item in counts.items() if not rows.is_whole(item[1])]
    each(partial(_count, left_out=left_out, found=found), dealt(missing, _PROCESSES))
    _write_profile(out, sites.merge(map(load_profile, counts.values())).recurring())


def _counts_file(path: Path, left_out: pa.Array, found: Mapping[str, str], folder: Path) -> Path:
    """Where what was counted of a shard is remembered."""
    ids = rows.read_table(path, ["doc_id"])["doc_id"]
    numbers = pc.indices_nonzero(pc.is_in(ids, value_set=left_out))
    uncounted = zip(numbers.to_pylist(), ids.take(numbers).to_pylist(), strict=True)
    facts = (f"{number} {found.get(doc_id, '')}" for number, doc_id in uncounted)
    loose = (f"{doc_id} {found[doc_id]}" for doc_id in (ids.to_pylist() if found else ()) if doc_id in found)
    return folder / f"{path.stem}.{key(COUNTS, *facts, *loose)}.parquet"


def _count(shards: Iterable[tuple[Path, Path]], left_out: pa.Array, found: Mapping[str, str]) -> None:
    for path, out in shards:
        _write_profile(out, sites.count(_keyed(path, left_out, found)))


def _write_profile(out: Path, profile: sites.Profile) -> None:
    rows.write(
        out,
        PROFILE,
        ({"site": c.site, "pages": c.pages, "digest": c.digest(), "keys": c.keys, "counts": c.counts} for c in profile),
    )


def _keyed(path: Path, left_out: pa.Array, found: Mapping[str, str]) -> Iterator[tuple[str, bool, NDArray[np.uint64]]]:
    table = rows.read_table(path, ["doc_id", "site", "keys"])
    uncounted = pc.is_in(table["doc_id"], value_set=left_out)
    columns = (column.to_pylist() for column in (table["doc_id"], table["site"], uncounted))
    for doc_id, own, is_left_out, keys in zip(*columns, packed.KEYS.rows(table["keys"]), strict=True):
        site = own or found.get(doc_id)
        if site:  # a rejected input has none
            yield site, not is_left_out, keys


def load_profile(path: Path, wanted: Iterable[str] | None = None) -> sites.Profile:
    """The profile of all sites from its file, or of those that are wanted."""
    table = rows.read_table(path, ["site", "pages", "keys", "counts"])
    if wanted is not None:
        table = table.filter(pc.is_in(table["site"], value_set=pa.array(wanted, pa.string())))
    return sites.Profile(
        sites.SiteCounts(site, pages, keys.values.to_numpy(), counts.values.to_numpy())
        for site, pages, keys, counts in zip(
            table["site"].to_pylist(), table["pages"].to_pylist(), table["keys"], table["counts"], strict=True
        )
    )


def load_digests(path: Path) -> dict[str, str]:
    """By site, the digest of what a profile file says of it."""
    table = rows.read_table(path, ["site", "digest"])
    return dict(zip(table["site"].to_pylist(), table["digest"].to_pylist(), strict=True))


def site_digests(segment_file: Path, found: Mapping[str, str], digests: Mapping[str, str]) -> str:
    """What the profile says of the sites of a shard, as one string: part of the key of its clean stage."""
    known = set(filter(None, pc.unique(rows.read_table(segment_file, ["site"])["site"]).to_pylist()))
    loose: list[str] = []
    if found:
        ids = rows.read_table(segment_file, ["doc_id"])["doc_id"].to_pylist()
        loose = [f"{doc_id}={found[doc_id]}" for doc_id in ids if doc_id in found]
        known.update(line.rpartition("=")[2] for line in loose)
    return " ".join([*loose, *(f"{site}={digests.get(site, '-')}" for site in sorted(known))])


def cluster(names_files: Sequence[Path], out: Path) -> None:
    """Groups near-duplicates over all documents that have a text; see ``relations`` for what lies beside ``out``."""
    ordered = _placed(names_files, ["doc_id", "identity", "print", "size", "order", "cluster_id"])
    ordered = ordered.take(pc.sort_indices(ordered, [("order", "ascending"), ("doc_id", "ascending")]))
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
    relations.write(out, table.filter(has_others), shard, row, len(names_files))
    rows.write(out, CLUSTERS, [table.take(pc.sort_indices(table["doc_id"]))])
