"""The stages that work on one shard, document by document: segment, clean, names.

segment  raw files of a shard    -> pages with what each page alone says
clean    a segment file, profile -> verdicts, metadata, canonical text; the first time also what names makes
names    a clean file            -> text with names in one form, mentions, signatures
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline import duplicates, ingest, sites
from pipeline.engine import takeover
from pipeline.engine.batch import load_sites
from pipeline.engine.pool import Pool
from pipeline.engine.profiles import load_profile
from pipeline.engine.work import EVIDENCE, NAMED, Item, ToJudge, ToName, ToRead, digests
from pipeline.model import Document, Rejection
from pipeline.settings import Limits
from pipeline.store import packed, payloads, reading, rows
from pipeline.store.inputs import Input

# ``group`` and ``basis`` say what a row was made from; see ``takeover``.
_BASE = [
    ("doc_id", pa.string()),
    ("group", pa.string()),
    ("basis", pa.string()),
    ("rejection", pa.binary()),
    ("payload", pa.large_binary()),
]
_STORY = [
    ("identity", pa.uint64()),
    ("print", pa.uint64()),
    ("size", pa.int32()),
    ("signature", pa.binary(4 * duplicates.SIGNATURE_SIZE)),
    ("shingles", packed.COLUMN),
]
SEGMENT = pa.schema([*_BASE, ("site", pa.string()), ("url", pa.string()), ("keys", packed.COLUMN), *_STORY])
# Digests of what the two later stages read of a page: a page that is judged again with the same result redoes neither.
CLEAN = pa.schema([*_BASE, ("text_basis", pa.string()), ("removed_basis", pa.string()), ("removed", pa.large_binary())])
# Of documents with a text: ``cluster_id`` is that of the cluster which they stand for, where they do; ``order``, which
# one does.
NAMES = pa.schema([*_BASE, ("order", pa.string()), ("cluster_id", pa.string()), *_STORY])
_FEW = 500  # pages of a shard whose rows with names in one form are held in memory
_REJECTION = payloads.decoder(Rejection)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """Which shard a result is of, by its own name and those it had when there were fewer shards, and the digest of the
    configuration that the stage reads."""

    names: tuple[str, ...]
    config: str


@dataclass(frozen=True, slots=True)
class Naming:
    """The stage that names a shard's texts, and where its result goes, by the content of what it is made from."""

    shard: Shard
    out: Callable[[str], Path]


def segment(part: Sequence[Input], shard: Shard, out: Path, pool: Pool) -> None:
    """Reads, decodes and segments the files of a shard; every input gives at least one row."""
    bases = digests(shard.config, (entry.sha256 for entry in part), (entry.sidecar_sha256 for entry in part))
    wanted = list(zip((entry.path for entry in part), bases, strict=True))
    takeover.renew(
        out, shard.names, SEGMENT, wanted, lambda missing: pool.map(_documents([part[number] for number in missing]))
    )


def _documents(part: Sequence[Input]) -> Iterator[ToRead | Document | Rejection]:
    """The documents of some files, each in turn; what is sure to be a single one is left for the processes to read."""
    for entry in part:
        if ingest.may_hold_several(reading.head(entry)):
            yield from _read(entry)
        else:
            yield ToRead(entry)


def _read(entry: Input) -> Iterator[Document | Rejection]:
    data = reading.read(entry)
    if isinstance(data, Rejection):
        yield data
    else:
        yield from ingest.read(data, entry.path, entry.hints, Limits(), entry.sha256)


def clean(
    segment_file: Path, story_file: Path, profile_file: Path, shard: Shard, out: Path, pool: Pool, naming: Naming
) -> dict[str, Row]:
    """Judges every block of a shard's pages with what their sites know.

    Names are brought to one form at once, so that the pages need not be handed out again, where neither this stage nor
    the next has a result to take rows from, and where pages are few: their rows are given to ``name`` by document id.
    """
    facts = rows.read_table(segment_file, ["doc_id", "basis", "rejection", "site", "keys"])
    ids, bases, rejections, own = (facts[name].to_pylist() for name in ("doc_id", "basis", "rejection", "site"))
    known = load_sites(story_file)
    found = [known.get(doc_id, "") for doc_id in ids]  # where the batch found the site, not the page
    site_of = [site or other for site, other in zip(own, found, strict=True)]
    profile = load_profile(profile_file, set(site_of))
    pages_of = {counts.site: counts.about_pages for counts in profile}
    counted = [pages_of.get(site, 0) for site in site_of]
    seen = _seen(facts["keys"], site_of, profile)
    reasons = [rejection or b"" for rejection in rejections]
    wanted = list(zip(ids, digests(shard.config, bases, reasons, found, map(str, counted), seen), strict=True))
    named = naming.out(takeover.made_from(wanted))
    before = takeover.latest(out, shard.names), takeover.latest(named, naming.shard.names)
    at_once = before == (None, None) and not named.exists()

    def made(missing: list[int]) -> Iterator[Row]:
        names_too = at_once or len(missing) <= _FEW

        def to_judge(number: int, row: Row) -> ToJudge:
            return ToJudge(
                row["doc_id"], row["group"], row["payload"], found[number], seen[number], counted[number], names_too
            )

        return _grouped(pool.map(_items(segment_file, missing, to_judge)))

    ready: dict[str, Row] = {}

    def set_aside(judged: Iterator[Row]) -> Iterator[Row]:
        for row in judged:
            if NAMED in row:
                ready[row["doc_id"]] = row.pop(NAMED)
            yield row

    if not at_once:
        takeover.renew(out, shard.names, CLEAN, wanted, lambda missing: set_aside(made(missing)))
        return ready
    with _putting_names(naming.shard, named) as put_names:
        takeover.renew(out, shard.names, CLEAN, wanted, lambda missing: put_names(made(missing)))
    return ready


@contextmanager
def _putting_names(shard: Shard, out: Path) -> Iterator[Callable[[Iterable[Row]], Iterator[Row]]]:
    """What takes the rows with names in one form out of those that the judged pages of a shard come with, and puts them
    where ``name`` would."""
    wanted: list[tuple[str, str]] = []
    told: dict[str, str] = {}
    with rows.sink(out, NAMES, told) as put:

        def put_names(judged: Iterable[Row]) -> Iterator[Row]:
            for row in judged:
                named = row.pop(NAMED, row)
                (basis,) = digests(shard.config, [row.get("text_basis") or row["rejection"]])
                wanted.append((row["doc_id"], basis))
                put(named | {"group": row["doc_id"], "basis": basis})
                yield row

        yield put_names
        told |= takeover.told(wanted, range(len(wanted)))
    takeover.remember(out, shard.names)


def _seen(keys: pa.ChunkedArray, site_of: Sequence[str], profile: sites.Profile) -> list[bytes]:
    """For each page on how many stories of its site each of its blocks was seen, packed; those of a site at once."""
    flat, lengths = packed.KEYS.flat(keys), packed.KEYS.counts(keys)
    names, numbers = np.unique(np.array(site_of, dtype=object), return_inverse=True)
    number_of = np.repeat(numbers, lengths)
    by_site = np.argsort(number_of, kind="stable")
    begins = np.searchsorted(number_of[by_site], np.arange(len(names) + 1))
    seen = np.zeros(len(flat), dtype=EVIDENCE)
    for name, begin, end in zip(names, begins, begins[1:], strict=False):
        counts = profile.site(name)
        if counts is not None:
            seen[by_site[begin:end]] = counts.seen_on(flat[by_site[begin:end]])
    whole = seen.tobytes()
    ends = (lengths.cumsum() * EVIDENCE.itemsize).tolist()
    return [whole[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def _items(path: Path, wanted: Sequence[int], pack: Callable[[int, Row], Item]) -> Iterator[Item]:
    """What the given rows of a result become for the pool; those of rejected inputs stay rejections."""
    found = rows.read_some(path, ["doc_id", "group", "rejection", "payload"], wanted)
    for number, row in zip(wanted, found, strict=True):
        yield pack(number, row) if row["rejection"] is None else _REJECTION.decode(row["rejection"])


def _grouped(made: Iterable[Row]) -> Iterator[Row]:
    """From here on each document is a group of its own, whatever file it came from."""
    return (row | {"group": row["doc_id"]} for row in made)


def name(clean_file: Path, shard: Shard, out: Path, pool: Pool, ready: Mapping[str, Row]) -> None:
    """Brings the names of a shard's texts to one form and signs the result for near-duplicate search; rows that are
    ``ready`` are taken as they are."""
    facts = rows.read_table(clean_file, ["doc_id", "rejection", "text_basis"])
    ids, rejections, texts = (facts[name].to_pylist() for name in ("doc_id", "rejection", "text_basis"))
    bases = digests(shard.config, (text or rejection for text, rejection in zip(texts, rejections, strict=True)))
    wanted = list(zip(ids, bases, strict=True))

    def made(missing: list[int]) -> Iterator[Row]:
        others = pool.map(_items(clean_file, [number for number in missing if ids[number] not in ready], _to_name))
        return _grouped(ready[ids[number]] if ids[number] in ready else next(others) for number in missing)

    takeover.renew(out, shard.names, NAMES, wanted, made)


def _to_name(_: int, row: Row) -> ToName:
    return ToName(row["doc_id"], row["group"], row["payload"])
