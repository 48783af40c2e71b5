"""The stages that work on one shard, document by document: segment, clean, names.

segment  raw files of a shard    -> pages with what each page alone says
clean    a segment file, profile -> verdicts, metadata, canonical text
names    a clean file            -> text with names in one form, mentions, signatures
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import duplicates, ingest, sites, steps
from pipeline.engine import pages, removed, takeover
from pipeline.engine.batch import load_profile, load_sites
from pipeline.engine.pages import Read
from pipeline.engine.pool import Pool
from pipeline.engine.takeover import Wanted
from pipeline.model import Document, Evidence, Hints, Rejection
from pipeline.settings import Limits
from pipeline.steps import Decided, Kit
from pipeline.store import inputs, rows, seeds
from pipeline.store.inputs import Input
from pipeline.store.seeds import Options

_KEPT = 0.5  # the page-alone probability from which a block counts as story in the first pass


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document with its canonical text; the verdicts on its blocks are packed apart."""

    document: Document
    decided: Decided
    page_kind: str
    confidence: float
    raw_chars: int


# ``group`` and ``basis`` say what a row was made from; see ``takeover``.
_BASE = [
    ("doc_id", pa.string()),
    ("group", pa.string()),
    ("basis", pa.string()),
    ("rejection", pa.binary()),
    ("payload", pa.large_binary()),
]
_STORY = [
    ("print", pa.uint64()),
    ("size", pa.int32()),
    ("signature", pa.binary(4 * duplicates.SIGNATURE_SIZE)),
    ("shingles", pa.list_(pa.uint64())),
]
SEGMENT = pa.schema([*_BASE, ("site", pa.string()), ("url", pa.string()), ("keys", pa.list_(pa.uint64())), *_STORY])
# Digests of what the two later stages read of a page: a page that is judged again with the same result redoes neither.
CLEAN = pa.schema([*_BASE, ("text_basis", pa.string()), ("removed_basis", pa.string()), ("removed", pa.large_binary())])
NAMES = pa.schema([*_BASE, ("published", pa.string()), ("length", pa.int64()), *_STORY])
_JUDGED, _REJECTION = rows.decoder(Judgement), rows.decoder(Rejection)
_PLACES = ("harbour", "market", "bridge", "theatre", "garden", "station")  # of the first text that is cleaned
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """Which shard a result is of, by its own name and those it had when there were fewer shards, and the digest of the
    configuration that the stage reads."""

    names: tuple[str, ...]
    config: str


@dataclass(frozen=True, slots=True)
class ToRead:
    """A file that is one document, on its way to a process that reads it."""

    entry: Input

    @property
    def doc_id(self) -> str:
        """The id of its document."""
        return self.entry.path

    @property
    def source_path(self) -> str:
        """The file of its document."""
        return self.entry.path


@dataclass(frozen=True, slots=True, eq=False)
class ToJudge:
    """A page on its way to a process that judges it: its packed row, its site where the batch found that, and on how
    many of how many stories each of its blocks was seen."""

    doc_id: str
    source_path: str
    payload: bytes
    site: str
    seen: NDArray[np.uint32]
    pages: int


@dataclass(frozen=True, slots=True)
class ToName:
    """A packed judgement on its way to a process that brings its names to one form."""

    doc_id: str
    source_path: str
    payload: bytes


Item = ToRead | Document | Rejection | ToJudge | ToName


def work(item: Item, kit: Kit) -> Row:
    """The row that an item gives: what a process of the pool does."""
    if isinstance(item, ToJudge):
        return _judge_one(item, kit)
    if isinstance(item, ToName):
        return _name_one(item, kit)
    return segment_one(_read_one(item) if isinstance(item, ToRead) else item, kit)


def warm(options: Options) -> None:
    """Reads what the package and its libraries load at their first use, so that forked processes need not."""
    kit = seeds.load_kit(options)
    story = [f"The {place} of the old town was full of people who had come to see the boats." for place in _PLACES]
    html = "".join(f"<p>{line}</p>" for line in story)
    for source in ("\n\n".join(story), f"<html><body><h1>Boats</h1>{html}</body></html>"):
        list(steps.clean(source.encode(), "first", Hints(), kit))
    rows.without_pandas()
    # All of that stays: looking through it for garbage would copy it into every forked process.
    gc.collect()
    gc.freeze()


def segment(part: Sequence[Input], shard: Shard, out: Path, pool: Pool) -> None:
    """Reads, decodes and segments the files of a shard; every input gives at least one row."""
    wanted = [Wanted(entry.path, _digest(shard.config, entry.sha256, entry.sidecar_sha256)) for entry in part]
    takeover.renew(
        out, shard.names, SEGMENT, wanted, lambda missing: pool.map(_documents([part[number] for number in missing]))
    )


def _digest(*parts: str | bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass"))
        found.update(b"\x1f")
    return found.hexdigest()[:24]


def _documents(part: Sequence[Input]) -> Iterator[ToRead | Document | Rejection]:
    """The documents of some files, each in turn; what is sure to be a single one is left for the processes to read."""
    for entry in part:
        if ingest.may_hold_several(inputs.head(entry)):
            yield from _read(entry)
        else:
            yield ToRead(entry)


def _read(entry: Input) -> Iterator[Document | Rejection]:
    data = inputs.read(entry)
    if isinstance(data, Rejection):
        yield data
    else:
        yield from ingest.read(data, entry.path, entry.hints, Limits())


def _read_one(item: ToRead) -> Document | Rejection:
    data = inputs.read(item.entry)
    if isinstance(data, Rejection):
        return data
    return steps.guarded(lambda: next(ingest.read(data, item.source_path, item.entry.hints, Limits())), item, "ingest")


def segment_one(item: Document | Rejection, kit: Kit) -> Row:
    """The row of one document."""
    if isinstance(item, Rejection):
        return _rejected(item)
    found = steps.guarded(lambda: steps.read_page(item, kit), item, "segment")
    if isinstance(found, Rejection):
        return _rejected(found)
    document, page = found
    texts = [block.text for block in page.blocks]
    story = "\n\n".join(text for text, score in zip(texts, page.scores, strict=True) if score >= _KEPT)
    return {
        "doc_id": document.doc_id,
        "group": document.source_path,
        "payload": pages.pack(Read(document, page, len(item.source))),
        "site": document.site,
        "url": document.hints.url or page.metadata.canonical_url,
        "keys": sites.block_keys(texts, [block.path for block in page.blocks]),
        **_story(story),
    }


def _rejected(rejection: Rejection) -> Row:
    return {"doc_id": rejection.doc_id, "group": rejection.source_path, "rejection": rows.encode(rejection)}


def _story(text: str) -> Row:
    shingles = duplicates.shingle_hashes(text)
    signature = duplicates.minhash(shingles).tobytes()
    print_ = duplicates.text_print(shingles)
    return {"print": print_, "size": len(shingles), "signature": signature, "shingles": shingles}


def clean(segment_file: Path, story_file: Path, profile_file: Path, shard: Shard, out: Path, pool: Pool) -> None:
    """Judges every block of a shard's pages with what their sites know."""
    known, found = load_profile(profile_file), load_sites(story_file)
    facts = rows.read_table(segment_file, ["doc_id", "basis", "rejection", "site", "keys"])
    judged = [_evidence(row, keys, known, found) for row, keys in _keyed(facts)]
    wanted = [
        Wanted(row["doc_id"], _digest(row["basis"], row["rejection"] or b"", shard.config, site, str(pages), seen))
        for row, site, pages, seen in judged
    ]

    def made(missing: list[int]) -> Iterator[Row]:
        sites_of = {judged[number][0]["doc_id"]: judged[number][1:] for number in missing}
        return _grouped(pool.map(_items(segment_file, missing, lambda row: _to_judge(row, *sites_of[row["doc_id"]]))))

    takeover.renew(out, shard.names, CLEAN, wanted, made)


def _keyed(table: pa.Table) -> Iterator[tuple[Row, NDArray[np.uint64]]]:
    """The rows of a segment file with their block keys."""
    none = np.zeros(0, dtype=np.uint64)
    facts = table.drop_columns(["keys"]).to_pylist()
    for row, keys in zip(facts, table["keys"], strict=True):
        yield row, keys.values.to_numpy() if keys.is_valid else none


def _evidence(
    row: Row, keys: NDArray[np.uint64], known: sites.Profile, found: Mapping[str, str]
) -> tuple[Row, str, int, bytes]:
    """A row with its site where the batch found that, and what the site says of its blocks, packed."""
    site = found.get(row["doc_id"], "")
    counts = known.site(row["site"] or site)
    if counts is None:
        return row, site, 0, np.zeros(len(keys), dtype=np.uint32).tobytes()
    return row, site, counts.pages, counts.seen_on(keys).tobytes()


def _items(path: Path, wanted: Sequence[int], pack: Callable[[Row], Item]) -> Iterator[Item]:
    """What the given rows of a result become for the pool; those of rejected inputs stay rejections."""
    for row in rows.read_some(path, ["doc_id", "group", "rejection", "payload"], wanted):
        yield pack(row) if row["rejection"] is None else _REJECTION.decode(row["rejection"])


def _grouped(made: Iterable[Row]) -> Iterator[Row]:
    """From here on each document is a group of its own, whatever file it came from."""
    return (row | {"group": row["doc_id"]} for row in made)


def _to_judge(row: Row, site: str, pages: int, seen: bytes) -> ToJudge:
    return ToJudge(row["doc_id"], row["group"], row["payload"], site, np.frombuffer(seen, dtype=np.uint32), pages)


def _judge_one(item: ToJudge, kit: Kit) -> Row:
    read = pages.unpack(item.payload)
    document, page = read.document, read.page
    if item.site:
        document, page = steps.at_site(document, page, item.site, "recurring blocks")
    known = {seen: Evidence(seen, item.pages) for seen in np.unique(item.seen).tolist()}
    evidence = [known[seen] for seen in item.seen.tolist()]
    decided = steps.guarded(lambda: steps.decide(document, page, evidence, kit), document, "clean")
    if isinstance(decided, Rejection):
        return _rejected(decided)
    text = replace(decided, judged=())
    payload = rows.encode(Judgement(document, text, read.page.page_kind, read.page.confidence, read.raw_chars))
    gone = removed.pack(decided.judged)
    return {
        "doc_id": item.doc_id,
        "payload": payload,
        "text_basis": _digest(payload),
        "removed_basis": _digest(gone),
        "removed": gone,
    }


def name(clean_file: Path, shard: Shard, out: Path, pool: Pool) -> None:
    """Brings the names of a shard's texts to one form and signs the result for near-duplicate search."""
    facts = rows.read_table(clean_file, ["doc_id", "rejection", "text_basis"]).to_pylist()
    wanted = [Wanted(row["doc_id"], _digest(row["text_basis"] or row["rejection"], shard.config)) for row in facts]

    def made(missing: list[int]) -> Iterator[Row]:
        return _grouped(pool.map(_items(clean_file, missing, _to_name)))

    takeover.renew(out, shard.names, NAMES, wanted, made)


def _to_name(row: Row) -> ToName:
    return ToName(row["doc_id"], row["group"], row["payload"])


def _name_one(item: ToName, kit: Kit) -> Row:
    judgement = _JUDGED.decode(item.payload)
    named = steps.guarded(lambda: steps.name(judgement.decided, kit), judgement.document, "names")
    if isinstance(named, Rejection):
        return _rejected(named)
    return {
        "doc_id": item.doc_id,
        "payload": rows.encode(named),
        "published": judgement.decided.metadata.published,
        "length": len(named.text),
        **(_story(named.text) if named.text else {}),
    }
