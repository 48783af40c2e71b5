"""The stages that look across all documents: stories, profile, cluster.

stories  all segment files      -> which pages carry the same story (knows nothing of sites)
profile  segment files, stories -> per site, on how many distinct stories each block occurs
cluster  all names files        -> near-duplicate clusters
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import duplicates, sites
from pipeline.store import rows
from pipeline.store.tables import CLUSTERS

# ``site`` is set where it was not known and the batch gave it away.
STORIES = pa.schema([("doc_id", pa.string()), ("site", pa.string()), ("counted", pa.bool_())])
PROFILE = pa.schema(
    [("site", pa.string()), ("pages", pa.int64()), ("keys", pa.list_(pa.uint64())), ("counts", pa.list_(pa.uint32()))]
)


def stories(segments: Sequence[Path], out: Path) -> None:
    """Groups the copies of one story over all sites, and names for each site the pages that count for it.

    Pages without a site that are made alike get one in common.
    """
    table = _concatenated(segments, ["doc_id", "site", "url", "keys", "signature", "shingles"])
    doc_ids: list[str] = table["doc_id"].to_pylist()
    own = dict(zip(doc_ids, zip(table["site"].to_pylist(), table["url"].to_pylist(), strict=True), strict=True))
    members = _cluster(table, [(doc_id,) for doc_id in doc_ids])
    found = sites.group_by_recurrence(_loose(table, {member.doc_id: member.cluster_id for member in members}))
    counted = sites.counted_pages(
        sites.StoryPage(
            member.doc_id,
            own[member.doc_id][0] or found.get(member.doc_id, ""),
            member.cluster_id,
            member.relation is duplicates.Relation.EXCERPT,
            own[member.doc_id][1] or "",
        )
        for member in members
    )
    rows.write(
        out,
        STORIES,
        ({"doc_id": doc_id, "site": found.get(doc_id), "counted": doc_id in counted} for doc_id in sorted(doc_ids)),
    )


def _loose(table: pa.Table, stories: Mapping[str, str]) -> Iterator[sites.LoosePage]:
    unknown = table.filter(pc.equal(table["site"], ""))
    for doc_id, keys in zip(unknown["doc_id"].to_pylist(), unknown["keys"], strict=True):
        yield sites.LoosePage(doc_id, stories[doc_id], keys.values.to_numpy())


def load_sites(story_file: Path) -> dict[str, str]:
    """The site of every document that the batch had to find it for."""
    return {row["doc_id"]: row["site"] for row in rows.read(story_file, ["doc_id", "site"]) if row["site"]}


def profile(segments: Sequence[Path], story_file: Path, out: Path) -> None:
    """Counts, per site, on how many distinct stories each block occurs; blocks seen once are not kept."""
    counted = {row["doc_id"] for row in rows.read(story_file, ["doc_id", "counted"]) if row["counted"]}
    found = load_sites(story_file)
    parts = [sites.count(_keyed(path, counted, found)) for path in segments]
    merged = sites.merge(parts).recurring()
    rows.write(
        out,
        PROFILE,
        ({"site": c.site, "pages": c.pages, "keys": c.keys, "counts": c.counts} for c in merged),
    )


def _keyed(path: Path, counted: set[str], found: Mapping[str, str]) -> Iterator[tuple[str, bool, NDArray[np.uint64]]]:
    for row in rows.read(path, ["doc_id", "site", "keys"]):
        site = row["site"] or found.get(row["doc_id"])
        if row["keys"] is not None and site:
            yield site, row["doc_id"] in counted, np.asarray(row["keys"], dtype=np.uint64)


def load_profile(path: Path) -> sites.Profile:
    """The profile of all sites from its file."""
    return sites.Profile(
        sites.SiteCounts(
            row["site"],
            row["pages"],
            np.asarray(row["keys"], dtype=np.uint64),
            np.asarray(row["counts"], dtype=np.uint32),
        )
        for row in rows.read(path)
    )


def site_digests(segment_file: Path, found: Mapping[str, str], digests: Mapping[str, str]) -> str:
    """What the profile says of the sites of a shard, as one string: part of the key of its clean stage."""
    table = rows.read_table(segment_file, ["doc_id", "site"])
    known = set(filter(None, pc.unique(table["site"]).to_pylist()))
    loose = [f"{doc_id}={found[doc_id]}" for doc_id in table["doc_id"].to_pylist() if doc_id in found]
    known.update(found[line.rpartition("=")[0]] for line in loose)
    return " ".join([*loose, *(f"{site}={digests.get(site, '-')}" for site in sorted(known))])


def cluster(names_files: Sequence[Path], out: Path) -> None:
    """Groups near-duplicates over all documents that have a text."""
    table = _concatenated(names_files, ["doc_id", "published", "length", "signature", "shingles"])
    keys = [
        duplicates.canonical_order(published, length, doc_id)
        for published, length, doc_id in zip(
            table["published"].to_pylist(), table["length"].to_pylist(), table["doc_id"].to_pylist(), strict=True
        )
    ]
    rows.write(
        out,
        CLUSTERS,
        (
            {
                "cluster_id": member.cluster_id,
                "doc_id": member.doc_id,
                "is_canonical": member.is_canonical,
                "similarity": member.similarity,
                "relation": member.relation.value,
            }
            for member in _cluster(table, keys)
        ),
    )


def _concatenated(paths: Iterable[Path], columns: Sequence[str]) -> pa.Table:
    """The given columns of all rows that are documents, as one table without copying."""
    table = pa.concat_tables([rows.read_table(path, columns) for path in paths])
    return table.filter(pc.is_valid(table["signature"]))


def _cluster(table: pa.Table, order_keys: Sequence[tuple[Any, ...]]) -> list[duplicates.Membership]:
    signatures = np.frombuffer(b"".join(table["signature"].to_pylist()), dtype=np.uint32)
    shingles = table["shingles"]

    def load(index: int) -> NDArray[np.uint64]:
        values: NDArray[np.uint64] = shingles[index].values.to_numpy(zero_copy_only=True)
        return values

    shaped = signatures.reshape(-1, duplicates.SIGNATURE_SIZE)
    return duplicates.cluster(table["doc_id"].to_pylist(), shaped, load, order_keys)


def load_clusters(path: Path) -> dict[str, dict[str, Any]]:
    """The cluster row of every document that has one."""
    return {row["doc_id"]: row for row in rows.read(path)}
