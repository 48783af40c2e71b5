"""The rows of a release: documents, removed blocks and mentions of one shard, and a digest for each document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline import render
from pipeline.engine import takeover
from pipeline.engine.relations import Relations
from pipeline.engine.removed import rounded, unpack
from pipeline.engine.stages import Shard
from pipeline.engine.takeover import Place, Stored, Wanted
from pipeline.engine.tally import Summary, Tally
from pipeline.engine.work import Judgement, digests
from pipeline.model import Rejection, Status
from pipeline.steps import Named
from pipeline.store import files, payloads, rows, tables
from pipeline.text import sha256

_JUDGED, _NAMED, _REJECTION = payloads.decoder(Judgement), payloads.decoder(Named), payloads.decoder(Rejection)
# ``group`` and ``basis`` say what a document's rows were made from, see ``takeover``; a number of rows for each part.
INDEX = pa.schema(
    [("doc_id", pa.string()), ("group", pa.string()), ("basis", pa.string()), ("status", pa.string()),
     ("digest", pa.string()), ("rejection", pa.binary()), ("documents", pa.int64()), ("removed_blocks", pa.int64()),
     ("mentions", pa.int64()), ("mentions_by_month", pa.int64()), ("texts", pa.int64())]
)  # fmt: skip
_NAME_BYTES = 240  # of the 255 that file systems allow
_SAFE = re.compile(rf"(?=.*[\w-])[\w .~+,=@%()-]{{1,{_NAME_BYTES - 40}}}", re.ASCII)
PARTS = {"documents": tables.DOCUMENTS, "removed_blocks": tables.REMOVED_BLOCKS, "mentions": tables.MENTIONS}
_WRITTEN = PARTS | {"mentions_by_month": tables.MENTIONS_BY_MONTH, "texts": tables.TEXTS}
_SUMMARY = "summary"  # a fact of an index: what it and its parts hold
_SUMMED = msgspec.json.Decoder(Summary)
Row = dict[str, Any]
Parts = Mapping[str, list[Row] | rows.Columns]  # by table, the rows of a document


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a release carries about the run: the package's version and the configuration's digest."""

    pipeline_version: str
    config_digest: str


def assemble(clean_file: Path, names_file: Path, related: Relations, shard: Shard, stamp: Stamp, out: Path) -> None:
    """Writes the parts of a shard beside ``out`` and, last of all, ``out``: the index of the shard's documents.

    A document's digest is over all its rows in all tables and its text file, so that a release's digest depends on
    all that a release shows of it, and not on how documents are laid out in files.
    """
    named = rows.read_table(names_file, ["doc_id", "basis"])
    removed_bases = rows.read_table(clean_file, ["removed_basis"])["removed_basis"]
    removed = (gone or "" for gone in removed_bases.to_pylist())
    lines = map(related.line, range(named.num_rows))
    bases = digests(shard.config, named["basis"].to_pylist(), removed, lines)
    wanted = list(zip(named["doc_id"].to_pylist(), bases, strict=True))
    before = takeover.earlier(out, shard.names, INDEX)
    places = before.places(wanted)
    if before.path is not None and before.is_just(places):
        for name in _WRITTEN:
            files.share_loose(part_path(before.path, name), part_path(out, name))
        files.share(before.path, out)
    else:
        missing = [number for number, place in enumerate(places) if place is None]
        pairs = zip(missing, *_rows(clean_file, names_file, missing), strict=True)
        made = (_made(clean, names, related.of(number, names["cluster_id"]), stamp) for number, clean, names in pairs)
        _write(out, wanted, places, before.path, made, takeover.told(wanted, missing))
    takeover.remember(out, shard.names)


def parts(index: Path) -> list[Path]:
    """The files that belong to the index of a shard."""
    return [part_path(index, name) for name in _WRITTEN]


def summary(index: Path) -> Summary:
    """What a shard's tables hold."""
    return _SUMMED.decode(rows.facts(index)[_SUMMARY])


def part_path(index: Path, table: str) -> Path:
    """Where the part of a table lies that belongs to the index of a shard."""
    return index.with_name(f"{index.stem}.{table}.parquet")


def _write(
    out: Path,
    wanted: Sequence[Wanted],
    places: Sequence[Place | None],
    before: Path | None,
    made: Iterator[tuple[Row, Parts]],
    told: dict[str, str],
) -> None:
    stored = _StoredParts(before) if before is not None else None
    tally = Tally()
    with rows.sink(out, INDEX, told) as put_index, ExitStack() as stack:
        sinks = {name: stack.enter_context(rows.sink(part_path(out, name), _WRITTEN[name])) for name in _WRITTEN}
        sinks["index"] = put_index

        def put(name: str, item: Row | pa.Table) -> None:
            tally.add(name, item)
            sinks[name](item)

        for first, place in takeover.runs(places):
            if place is None:
                index, parts = next(made)
                put("index", index | {"group": wanted[first][0], "basis": wanted[first][1]})
                for name, found in parts.items():
                    for item in [found] if isinstance(found, rows.Columns) else found:
                        put(name, item)
            elif stored is not None:
                for table in stored.index.rows(*place):
                    put("index", table)
                for name in _WRITTEN:
                    for table in stored.part(name, *place):
                        put(name, table)
        told[_SUMMARY] = msgspec.json.encode(tally.summary()).decode()


class _StoredParts:
    """An earlier index with its parts, whose rows are found by counting."""

    def __init__(self, path: Path) -> None:
        self.index = Stored(path)
        counts = rows.read_table(path, list(_WRITTEN))
        self._ends = {name: [0, *accumulate(counts[name].to_pylist())] for name in _WRITTEN}
        self._parts = {name: Stored(part_path(path, name)) for name in _WRITTEN}

    def part(self, name: str, start: int, count: int) -> Iterator[pa.Table]:
        """The rows in one part of so many documents."""
        ends = self._ends[name]
        return self._parts[name].rows(ends[start], ends[start + count] - ends[start])


def _rows(clean_file: Path, names_file: Path, numbers: Sequence[int]) -> tuple[Iterator[Row], Iterator[Row]]:
    columns = ["doc_id", "rejection", "payload"]
    judged = rows.read_some(clean_file, [*columns, "removed", "removed_basis"], numbers)
    return judged, rows.read_some(names_file, [*columns, "cluster_id"], numbers)


def _made(clean: Row, named: Row, cluster: Row, stamp: Stamp) -> tuple[Row, Parts]:
    """The index row of a document and its rows in each part."""
    if named["rejection"] is not None:
        rejection = _REJECTION.decode(named["rejection"])
        status = Status.SKIPPED if rejection.skipped else Status.REJECTED
        facts = {"digest": sha256(named["rejection"]), "rejection": named["rejection"]}
        return {"doc_id": rejection.doc_id, "status": status.value, **facts, **dict.fromkeys(_WRITTEN, 0)}, {}
    judgement, names = _JUDGED.decode(clean["payload"]), _NAMED.decode(named["payload"])
    document = _document(judgement, names, cluster, stamp)
    removed, mentions = unpack(clean["removed"], clean["doc_id"]), _mentions(clean["doc_id"], names)
    by_month = _by_month(document, mentions)
    texts: list[Row] = []
    if judgement.decided.status is Status.CLEAN:
        content = render.page(names.title, names.text).encode("utf-8")
        texts = [{"path": text_path(clean["doc_id"]), "digest": sha256(content), "bytes": len(content)}]
    parts: dict[str, list[Row] | rows.Columns] = {
        "documents": [document],
        "removed_blocks": removed,
        "mentions": mentions,
        "mentions_by_month": by_month,
        "texts": texts,
    }
    index = {
        "doc_id": clean["doc_id"],
        "status": judgement.decided.status.value,
        "digest": sha256(msgspec.json.encode([document, clean["removed_basis"], mentions, by_month, texts])),
    }
    counts = {name: len(found) for name, found in parts.items()} | {"removed_blocks": len(removed["doc_id"])}
    return index | counts, parts


def _by_month(document: Row, mentions: Sequence[Row]) -> list[Row]:
    """How often each name stands in a document, with the month of its publication where that is known."""
    published = document["published"]
    month = published[:7] if published and published[0] != "-" else None
    counts = Counter((row["name_id"], row["canonical"], row["kind"]) for row in mentions)
    return [
        {"doc_id": document["doc_id"], "month": month, "name_id": name_id, "canonical": canonical, "kind": kind,
         "mentions": count}
        for (name_id, canonical, kind), count in sorted(counts.items())
    ]  # fmt: skip


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
        "confidence": rounded(judgement.confidence),
        "status": judgement.decided.status.value,
        "dup_cluster_id": cluster["cluster_id"],
        "dup_is_canonical": cluster["is_canonical"],
        "dup_similarity": cluster["similarity"],
        "pipeline_version": stamp.pipeline_version,
        "config_digest": stamp.config_digest,
    }


def _mentions(doc_id: str, names: Named) -> list[Row]:
    return [
        {"doc_id": doc_id, **{field: getattr(mention, field) for field in mention.__dataclass_fields__}}
        for mention in names.mentions
    ]


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
    if _SAFE.fullmatch(part):  # as most are
        return part
    kept = "".join(c if c.isprintable() and c not in '\\:*?"<>|' else "_" for c in part)
    kept = kept.encode("utf-8", "replace")[: _NAME_BYTES - 40].decode("utf-8", "ignore")
    return "_" if kept.strip(" .") == "" else kept
