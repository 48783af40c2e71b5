"""The stage that counts, per site, on how many distinct stories each block occurs.

What was counted of each shard is remembered under what it was counted from, and sites of whose shards nothing has
changed are taken over from the profile before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import sites
from pipeline.engine import takeover
from pipeline.engine.beside import dealt, each
from pipeline.engine.keys import key
from pipeline.store import packed, rows

_PROCESSES = 2  # where there is enough to do for them; the stage has no pool beside them
COUNTS = "counts"  # what was counted of each shard, beside the stages' results
_NAME = ("profile",)  # under which the profile before is found
PROFILE = pa.schema(
    [("site", pa.string()), ("pages", pa.int64()), ("digest", pa.string()),
     ("keys", pa.list_(pa.uint64())), ("counts", pa.list_(pa.uint32()))]
)  # fmt: skip


def profile(segments: Sequence[Path], story_file: Path, out: Path) -> None:
    """Counts what the pages of some shards show, given what ``batch.stories`` says of them; blocks seen once are not
    kept."""
    table = rows.read_table(story_file, ["shard", "row", "site", "counted"])
    said = [table.filter(pc.equal(table["shard"], number)).sort_by("row") for number in range(len(segments))]
    folder = out.parent.with_name(COUNTS)
    counts = [_counts_file(*shard, folder) for shard in zip(segments, said, strict=True)]
    shards = zip(segments, said, counts, strict=True)
    each(_count, dealt([shard for shard in shards if not rows.is_whole(shard[2])], _PROCESSES))
    rows.write(out, PROFILE, [_merged(counts, takeover.latest(out, _NAME))], {COUNTS: _names(counts)})
    takeover.remember(out, _NAME)


def _counts_file(segment: Path, said: pa.Table, folder: Path) -> Path:
    """Where what was counted of a shard is remembered."""
    columns = (column.to_pylist() for column in said.select(["row", "counted", "site"]).columns)
    facts = (f"{row} {counted} {site or ''}" for row, counted, site in zip(*columns, strict=True))
    return folder / f"{segment.stem}.{key(COUNTS, *facts)}.parquet"


def _count(shards: Iterable[tuple[Path, pa.Table, Path]]) -> None:
    for segment, said, out in shards:
        rows.write(out, PROFILE, [_table(sites.count(_keyed(segment, said)))])


def _keyed(segment: Path, said: pa.Table) -> Iterator[tuple[str, bool, NDArray[np.uint64]]]:
    """The site of each page of a shard, whether it is counted, and its block keys."""
    table = rows.read_table(segment, ["site", "keys"])
    own, keys = table["site"].to_pylist(), packed.KEYS.rows(table["keys"])
    counted = [True] * len(own)
    for row, is_counted, found in zip(*(said[name].to_pylist() for name in ("row", "counted", "site")), strict=True):
        counted[row], own[row] = is_counted, own[row] or found
    # A rejected input has no site.
    return ((site, is_counted, mine) for site, is_counted, mine in zip(own, counted, keys, strict=True) if site)


def _names(counts: Iterable[Path]) -> str:
    return " ".join(path.name for path in counts)


def _merged(counts: Sequence[Path], before: Path | None) -> pa.Table:
    """The profile of all that was counted, by site; of sites that are as they were, what the profile before has."""
    known = before and rows.facts(before).get(COUNTS)
    folder, now, then = counts[0].parent, set(_names(counts).split()), set((known or "").split())
    changed = [folder / name for name in now ^ then]
    if before is None or not known or len(changed) > len(counts) or not all(map(rows.is_whole, changed)):
        return _table(sites.merge(map(load_profile, counts)).recurring())
    affected = pa.concat_arrays([pa.array([], pa.string()), *map(_sites, changed)])
    touched = [path for path in counts if pc.any(pc.is_in(_sites(path), value_set=affected)).as_py()]
    made = sites.merge(load_profile(path, affected) for path in touched).recurring()
    table = rows.read_table(before)
    kept = table.filter(pc.invert(pc.is_in(table["site"], value_set=affected)))
    return pa.concat_tables([kept, _table(made)]).sort_by("site")


def _sites(path: Path) -> pa.StringArray:
    return rows.read_table(path, ["site"])["site"].combine_chunks()


def _table(profile: sites.Profile) -> pa.Table:
    told = (
        {"site": c.site, "pages": c.pages, "digest": c.digest(), "keys": c.keys, "counts": c.counts} for c in profile
    )
    return pa.Table.from_pylist(list(told), schema=PROFILE)


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
