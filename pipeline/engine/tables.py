"""The rows of a release: documents, removed blocks and mentions of one shard, and a digest for each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline import render
from pipeline.engine.stages import Judgement
from pipeline.model import Rejection, Role, Status
from pipeline.steps import Named
from pipeline.store import rows, tables
from pipeline.text import sha256

_JUDGED, _NAMED, _REJECTION = rows.decoder(Judgement), rows.decoder(Named), rows.decoder(Rejection)
INDEX = pa.schema(
    [("doc_id", pa.string()), ("status", pa.string()), ("digest", pa.string()), ("text_path", pa.string()),
     ("text_digest", pa.string()), ("rejection", pa.binary())]
)  # fmt: skip
TEXT_INDEX = ".texts.json"  # in a release: the digest of every text file, for the next run to link by
_NAME_BYTES = 240  # of the 255 that file systems allow
PARTS = {"documents": tables.DOCUMENTS, "removed_blocks": tables.REMOVED_BLOCKS, "mentions": tables.MENTIONS}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a release carries about the run: the package's version and the configuration's digest."""

    pipeline_version: str
    config_digest: str


def assemble(clean_file: Path, names_file: Path, clusters: Mapping[str, Row], stamp: Stamp, out: Path) -> None:
    """Writes the parts of a shard beside ``out`` and, last of all, ``out``: the index of the shard's documents.

    A document's digest is over all its rows in all tables, so that a release's digest does not depend on how
    documents are laid out in files.
    """
    collected: dict[str, list[Row]] = {name: [] for name in PARTS}
    index = [_index(clean, named, clusters, stamp, collected) for clean, named in _pairs(clean_file, names_file)]
    for name, schema in PARTS.items():
        rows.write(part_path(out, name), schema, collected[name])
    rows.write(out, INDEX, index)


def part_path(index: Path, table: str) -> Path:
    """Where the part of a table lies that belongs to the index of a shard."""
    return index.with_name(f"{index.stem}.{table}.parquet")


def _pairs(clean_file: Path, names_file: Path) -> Iterator[tuple[Row, Row]]:
    return zip(rows.read(clean_file), rows.read(names_file, ["doc_id", "rejection", "payload"]), strict=True)


def _index(clean: Row, named: Row, clusters: Mapping[str, Row], stamp: Stamp, out: dict[str, list[Row]]) -> Row:
    if named["rejection"] is not None:
        rejection = _REJECTION.decode(named["rejection"])
        status = Status.SKIPPED if rejection.skipped else Status.REJECTED
        return {
            "doc_id": rejection.doc_id,
            "status": status.value,
            "digest": sha256(named["rejection"]),
            "rejection": named["rejection"],
        }
    judgement, names = _JUDGED.decode(clean["payload"]), _NAMED.decode(named["payload"])
    document = _document(judgement, names, clusters.get(clean["doc_id"], {}), stamp)
    removed, mentions = _removed(judgement), _mentions(clean["doc_id"], names)
    out["documents"].append(document)
    out["removed_blocks"].extend(removed)
    out["mentions"].extend(mentions)
    content = render.page(names.title, names.text) if judgement.decided.status is Status.CLEAN else None
    return {
        "doc_id": clean["doc_id"],
        "status": judgement.decided.status.value,
        "digest": sha256(msgspec.json.encode([document, removed, mentions])),
        "text_path": text_path(clean["doc_id"]) if content is not None else None,
        "text_digest": sha256(content) if content is not None else None,
    }


def _document(judgement: Judgement, names: Named, cluster: Row, stamp: Stamp) -> Row:
    document, metadata = judgement.document, judgement.decided.metadata
    return {
        "doc_id": document.doc_id,
        "source_path": document.source_path,
        "url": document.hints.url or metadata.canonical_url,
        "site": document.site,
        "media_type": document.media_type.value,
        "encoding": document.encoding,
        "language": metadata.language,
        "content_sha256": document.content_sha256,
        "title": names.title,
        "author": metadata.author,
        "published": metadata.published,
        "dateline_place": metadata.dateline_place,
        "dateline_agency": metadata.dateline_agency,
        "publisher": metadata.publisher,
        "text": names.text,
        "text_sha256": sha256(names.text),
        "text_origin": dict(metadata.origins).get("text"),
        "raw_chars": judgement.raw_chars,
        "page_kind": judgement.page_kind,
        "confidence": _rounded(judgement.confidence),
        "status": judgement.decided.status.value,
        "dup_cluster_id": cluster.get("cluster_id"),
        "dup_is_canonical": cluster.get("is_canonical"),
        "dup_similarity": cluster.get("similarity"),
        "pipeline_version": stamp.pipeline_version,
        "config_digest": stamp.config_digest,
    }


def _removed(judgement: Judgement) -> list[Row]:
    return [
        {
            "doc_id": judgement.document.doc_id,
            "ordinal": item.block.ordinal,
            "text": item.block.text,
            "reason": item.verdict.reason.value if item.verdict.reason else None,
            "rule": item.verdict.rule,
            "score": _rounded(item.verdict.score),
            "seen_on": item.verdict.evidence.seen_on,
            "site_pages": item.verdict.evidence.site_pages,
        }
        for item in judgement.decided.judged
        if item.verdict.role is Role.REMOVED
    ]


def _mentions(doc_id: str, names: Named) -> list[Row]:
    return [
        {"doc_id": doc_id, **{field: getattr(mention, field) for field in mention.__dataclass_fields__}}
        for mention in names.mentions
    ]


def _rounded(score: float) -> float:
    """Four decimals: what a sum of tree leaves has beyond them may differ between machines."""
    return round(float(score), 4)


def text_path(doc_id: str) -> str:
    """The path of a document's text below ``text/``: its id with ``.txt``, made safe to write.

    Parts that lead elsewhere, control characters and names beyond 255 bytes are replaced, with a digest of the id
    so that two ids never share a file.
    """
    *folders, last = (_safe_name(part) for part in doc_id.split("/"))
    # A folder "x.txt" must not meet the text of a document "x".
    safe = [f"{folder}_" if folder.endswith(".txt") else folder for folder in folders] + [last]
    path = "/".join(safe)
    if path == doc_id and len((safe[-1] + ".txt").encode()) <= _NAME_BYTES:
        return f"{path}.txt"
    return f"{path}~{sha256(doc_id)[:12]}.txt"


def _safe_name(part: str) -> str:
    kept = "".join(c if c.isprintable() and c not in '\\:*?"<>|' else "_" for c in part)
    kept = kept.encode("utf-8", "replace")[: _NAME_BYTES - 40].decode("utf-8", "ignore")
    return "_" if kept.strip(" .") == "" else kept
