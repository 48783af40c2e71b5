"""What a process of the pool does with a document: reads it, judges it, brings its names to one form.

Whatever comes back is a row of the stage's result; what cannot be cleaned comes back as a rejection.
"""

from __future__ import annotations

import gc
import hashlib
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import duplicates, ingest, sites, steps
from pipeline.engine import pages, removed
from pipeline.engine.pages import Read
from pipeline.model import Document, Evidence, Hints, Rejection
from pipeline.settings import Limits
from pipeline.steps import Decided, Kit
from pipeline.store import languages, packed, payloads, reading, rows, seeds
from pipeline.store.inputs import Input
from pipeline.store.seeds import Options
from pipeline.text import sha256

_KEPT = 0.5  # the page-alone probability from which a block counts as story in the first pass
_PLACES = ("harbour", "market", "bridge", "theatre", "garden", "station")  # of the first text that is cleaned
_DIGEST = 24
_SWITCH = 1e-4  # seconds
_SEPARATOR = b"\x1f"
EVIDENCE = np.dtype(np.uint32)  # on how many stories a block was seen
NAMED = "named"  # in a judged page's row, its row with names in one form
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document with its canonical text; the verdicts on its blocks are packed apart."""

    document: Document
    decided: Decided
    page_kind: str
    confidence: float
    raw_chars: int


_JUDGED = payloads.decoder(Judgement)


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
    many of how many stories each of its blocks was seen, packed. ``names`` asks for its names in one form as well."""

    doc_id: str
    source_path: str
    payload: bytes
    site: str
    seen: bytes
    pages: int
    names: bool = False


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


def warm(options: Options, kept: Path | None = None) -> None:
    """Reads what the package and its libraries load at their first use, so that forked processes need not.

    ``kept`` is where the language model may lie unpacked, see ``languages``.
    """
    with ThreadPoolExecutor(1) as beside, _soon_switching():
        loading = beside.submit(languages.load, kept)  # most of it without Python's lock
        kit = seeds.load_kit(options)
        loading.result()
    _use(kit)


@lru_cache(maxsize=1)
def _use(kit: Kit) -> None:
    story = [f"The {place} of the old town was full of people who had come to see the boats." for place in _PLACES]
    html = "".join(f"<p>{line}</p>" for line in story)
    for source in ("\n\n".join(story), f"<html><body><h1>Boats</h1>{html}</body></html>"):
        list(steps.clean(source.encode(), "first", Hints(), kit))
    rows.without_pandas()
    np.unique(np.zeros(0))  # reads numpy.ma
    # All of that stays: looking through it for garbage would copy it into every forked process.
    gc.collect()
    gc.freeze()


@contextmanager
def _soon_switching() -> Iterator[None]:
    """A thread that takes Python's lock for a moment, a thousand times, does not wait 5 ms for it each time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _read_one(item: ToRead) -> Document | Rejection:
    data = reading.read(item.entry)
    if isinstance(data, Rejection):
        return data
    entry = item.entry
    documents = ingest.read(data, entry.path, entry.hints, Limits(), entry.sha256)
    return steps.guarded(lambda: next(documents), item, "ingest")


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
        "keys": packed.KEYS.pack(sites.block_keys(texts, [block.path for block in page.blocks])),
        "identity": duplicates.identity("", document.doc_id),
        **_story(story),
    }


def _rejected(rejection: Rejection) -> Row:
    return {"doc_id": rejection.doc_id, "group": rejection.source_path, "rejection": payloads.encode(rejection)}


def _story(text: str) -> Row:
    shingles = duplicates.shingle_hashes(text)
    signature = duplicates.minhash(shingles).tobytes()
    print_ = duplicates.text_print(shingles)
    return {"print": print_, "size": len(shingles), "signature": signature, "shingles": packed.SHINGLES.pack(shingles)}


def _judge_one(item: ToJudge, kit: Kit) -> Row:
    read = pages.unpack(item.payload)
    document, page = read.document, read.page
    if item.site:
        document, page = steps.at_site(document, page, item.site, "recurring blocks")
    seen_on = np.frombuffer(item.seen, dtype=EVIDENCE).tolist()
    known = {seen: Evidence(seen, item.pages) for seen in set(seen_on)}
    evidence = [known[seen] for seen in seen_on]
    decided = steps.guarded(lambda: steps.decide(document, page, evidence, kit), document, "clean")
    if isinstance(decided, Rejection):
        return _rejected(decided)
    text = replace(decided, judged=())
    payload = payloads.encode(Judgement(document, text, read.page.page_kind, read.page.confidence, read.raw_chars))
    gone = removed.pack(decided.judged)
    row = {
        "doc_id": item.doc_id,
        "payload": payload,
        "text_basis": _digest(payload),
        "removed_basis": _digest(gone),
        "removed": gone,
    }
    return row | {NAMED: _named(item.doc_id, document, text, kit)} if item.names else row


def _name_one(item: ToName, kit: Kit) -> Row:
    judgement = _JUDGED.decode(item.payload)
    return _named(item.doc_id, judgement.document, judgement.decided, kit)


def _named(doc_id: str, document: Document, decided: Decided, kit: Kit) -> Row:
    named = steps.guarded(lambda: steps.name(decided, kit), document, "names")
    if isinstance(named, Rejection):
        return _rejected(named)
    row = {"doc_id": doc_id, "payload": payloads.encode(named)}
    if not named.text:
        return row
    order = duplicates.canonical_order(decided.metadata.published, len(named.text))
    return row | {
        "order": order,
        "cluster_id": duplicates.cluster_id(doc_id),
        "identity": duplicates.identity(order, doc_id),
        **_story(named.text),
    }


def _digest(packed: bytes) -> str:
    return sha256(packed)[:_DIGEST]


def digests(config: str, *columns: Iterable[str | bytes]) -> list[str]:
    """For each row the digest of what it is made from: the configuration and its value in each of the columns."""
    same = hashlib.sha256(config.encode())
    found = []
    for values in zip(*columns, strict=True):
        own = same.copy()
        for value in values:
            own.update(_SEPARATOR)
            own.update(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        found.append(own.hexdigest()[:_DIGEST])
    return found
