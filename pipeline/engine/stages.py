"""The stages that work on one shard, document by document: segment, clean, names.

segment  raw files of a shard    -> pages with what each page alone says
clean    a segment file, profile -> verdicts, metadata, canonical text
names    a clean file            -> text with names in one form, mentions, signatures
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline import duplicates, ingest, sites, steps
from pipeline.engine import takeover
from pipeline.engine.batch import load_profile, load_sites
from pipeline.engine.pool import Pool
from pipeline.model import Document, Evidence, Page, Rejection
from pipeline.steps import Decided, Kit
from pipeline.store import inputs, rows, seeds
from pipeline.store.inputs import Input
from pipeline.store.seeds import Options
from pipeline.text import sha256

_KEPT = 0.5  # the page-alone probability from which a block counts as story in the first pass


@dataclass(frozen=True, slots=True)
class Read:
    """A document after the page-alone pass; its source is dropped, its length in characters kept."""

    document: Document
    page: Page
    raw_chars: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document with verdicts on all its blocks."""

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
_STORY = [("signature", pa.binary(4 * duplicates.SIGNATURE_SIZE)), ("shingles", pa.list_(pa.uint64()))]
SEGMENT = pa.schema([*_BASE, ("site", pa.string()), ("url", pa.string()), ("keys", pa.list_(pa.uint64())), *_STORY])
CLEAN = pa.schema(_BASE)
NAMES = pa.schema([*_BASE, ("published", pa.string()), ("length", pa.int64()), *_STORY])
_READ, _JUDGED = rows.decoder(Read), rows.decoder(Judgement)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """Which shard a result is of, and the digest of the configuration that the stage reads."""

    name: str
    config: str


def segment(part: Sequence[Input], shard: Shard, options: Options, out: Path, pool: Pool) -> None:
    """Reads, decodes and segments the files of a shard; every input gives at least one row."""
    kit = seeds.load_kit(options)
    before = takeover.earlier(out, shard.name, SEGMENT)
    basis = {entry.path: _digest(shard.config, entry.sha256, entry.sidecar_sha256) for entry in part}
    kept = {path: table for path, made_from in basis.items() if (table := before.take(path, made_from)) is not None}
    made = pool.map(_documents([entry for entry in part if entry.path not in kept], kit))
    fresh = groupby(made, key=lambda row: str(row["group"]))

    def ordered() -> Iterator[Row | pa.Table]:
        for entry in part:
            if entry.path in kept:
                yield kept[entry.path]
            else:
                path, found = next(fresh)
                yield from (row | {"basis": basis[path]} for row in found)

    rows.write(out, SEGMENT, ordered())
    takeover.remember(out, shard.name)


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts))[:24]


def _documents(shard: Sequence[Input], kit: Kit) -> Iterator[Document | Rejection]:
    for entry in shard:
        data = inputs.read(entry)
        if isinstance(data, Rejection):
            yield data
        else:
            yield from ingest.read(data, entry.path, entry.hints, kit.limits)


def segment_one(item: Document | Rejection, kit: Kit) -> Row:
    """The row of one document: what a process of the pool does."""
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
        "payload": rows.encode(Read(replace(document, source=""), page, len(item.source))),
        "site": document.site,
        "url": document.hints.url or page.metadata.canonical_url,
        "keys": sites.block_keys(texts, [block.path for block in page.blocks]),
        **_story(story),
    }


def _rejected(rejection: Rejection) -> Row:
    return {"doc_id": rejection.doc_id, "group": rejection.source_path, "rejection": rows.encode(rejection)}


def _story(text: str) -> Row:
    shingles = duplicates.shingle_hashes(text)
    return {"signature": duplicates.minhash(shingles).tobytes(), "shingles": shingles}


def clean(segment_file: Path, story_file: Path, profile_file: Path, shard: Shard, options: Options, out: Path) -> None:
    """Judges every block of a shard's pages with what their sites know."""
    kit, known, found = seeds.load_kit(options), load_profile(profile_file), load_sites(story_file)
    before = takeover.earlier(out, shard.name, CLEAN)

    def judged() -> Iterator[Row | pa.Table]:
        for row in rows.read(segment_file, ["doc_id", "rejection", "payload", "site", "keys"]):
            site = found.get(row["doc_id"], "")
            evidence = known.evidence(row["site"] or site, np.asarray(row["keys"] or [], dtype=np.uint64))
            basis = _basis(row, shard.config, site, "".join(f"{item.seen_on}/{item.site_pages} " for item in evidence))
            taken = before.take(row["doc_id"], basis)
            yield _made(_clean_one(row, site, evidence, kit), basis) if taken is None else taken

    rows.write(out, CLEAN, judged())
    takeover.remember(out, shard.name)


def _basis(row: Row, *parts: str) -> str:
    return _digest(sha256(row["rejection"] or row["payload"]), *parts)


def _made(row: Row, basis: str) -> Row:
    return row | {"group": row["doc_id"], "basis": basis}


def _clean_one(row: Row, site: str, evidence: Sequence[Evidence], kit: Kit) -> Row:
    if row["rejection"] is not None:
        return {"doc_id": row["doc_id"], "rejection": row["rejection"]}
    read = _READ.decode(row["payload"])
    document, page = (
        steps.at_site(read.document, read.page, site, "recurring blocks") if site else (read.document, read.page)
    )
    decided = steps.guarded(lambda: steps.decide(document, page, evidence, kit), document, "clean")
    if isinstance(decided, Rejection):
        return _rejected(decided)
    judgement = Judgement(document, decided, read.page.page_kind, read.page.confidence, read.raw_chars)
    return {"doc_id": row["doc_id"], "payload": rows.encode(judgement)}


def name(clean_file: Path, shard: Shard, options: Options, out: Path) -> None:
    """Brings the names of a shard's texts to one form and signs the result for near-duplicate search."""
    kit = seeds.load_kit(options)
    before = takeover.earlier(out, shard.name, NAMES)

    def named() -> Iterator[Row | pa.Table]:
        for row in rows.read(clean_file, ["doc_id", "rejection", "payload"]):
            basis = _basis(row, shard.config)
            taken = before.take(row["doc_id"], basis)
            yield _made(_name_one(row, kit), basis) if taken is None else taken

    rows.write(out, NAMES, named())
    takeover.remember(out, shard.name)


def _name_one(row: Row, kit: Kit) -> Row:
    if row["rejection"] is not None:
        return {"doc_id": row["doc_id"], "rejection": row["rejection"]}
    judgement = _JUDGED.decode(row["payload"])
    named = steps.guarded(lambda: steps.name(judgement.decided, kit), judgement.document, "names")
    if isinstance(named, Rejection):
        return _rejected(named)
    return {
        "doc_id": row["doc_id"],
        "payload": rows.encode(named),
        "published": judgement.decided.metadata.published,
        "length": len(named.text),
        **(_story(named.text) if named.text else {}),
    }
