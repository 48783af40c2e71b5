"""From the parts of all shards to a release that appears at once: built beside, synced, renamed, then linked."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import render, report
from pipeline.engine import integrity
from pipeline.engine import tables as engine_tables
from pipeline.engine.history import LATEST, RELEASES
from pipeline.engine.tables import PARTS, Stamp, part_path
from pipeline.model import Code, Rejection, Status
from pipeline.store import files, rows, tables
from pipeline.text import sha256

SCHEMA = 1  # of releases and stage results; one more whenever an older version would misread them
_DIGITS = 16
_REJECTION = rows.decoder(Rejection)
_INDEXED = ["doc_id", "status", "digest", "text_path", "text_digest", "rejection", "mentions"]
_REPORTED = ("documents", "removed_blocks")
_SHOWN = 200  # documents that the report shows block by block
# What a fault in the report's code can raise; a full disk is none of it.
_REPORT_FAILURES = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A release and what it counts."""

    digest: str
    folder: Path
    manifest: dict[str, Any]
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a manifest says of its run beside counts; ``site_stats`` names the site profiles that judged."""

    stamp: Stamp
    site_stats: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """The texts that a release still has as they were written: their folder, and the digest of each by its path."""

    texts: Path
    digests: dict[str, str]


def publish(
    indexes: Sequence[Path],
    clusters: Path,
    scan_rejections: Iterable[Rejection],
    facts: Facts,
    clean: Path,
    *,
    verify: bool = False,
) -> Published:
    """Builds the release of the given shards; it stands under its name when it is whole, and not before.

    ``verify`` reads every file that stands from before, else sizes and times decide what is read.
    """
    index = pa.concat_tables([rows.read_table(path, _INDEXED) for path in indexes])
    rejections = sorted(
        [*scan_rejections, *(_REJECTION.decode(data) for data in index["rejection"].to_pylist() if data is not None)],
        key=lambda rejection: rejection.doc_id,
    )
    digest = _digest(index, rejections, clusters, facts.stamp)
    folder = clean / RELEASES / digest
    manifest = _manifest(digest, index, rejections, indexes, clusters, facts)
    if integrity.changed(folder, thorough=verify):
        beside = files.temporary_folder(folder)
        before = _standing(clean / LATEST, verify)
        _build(beside, indexes, index, clusters, rejections, manifest, before)
        with contextlib.suppress(*_REPORT_FAILURES):  # the data do not wait for it, and the task Report tells
            files.write_loose(beside / integrity.REPORT, _report(beside, manifest, rejections))
        files.sync_tree(beside)
        integrity.replace(folder, beside)
    return Published(digest, folder, manifest, tuple(rejections))


def _digest(index: pa.Table, rejections: Sequence[Rejection], clusters: Path, stamp: Stamp) -> str:
    """The digest of a release's contents, whatever the files they lie in."""
    lines = sorted(f"{doc_id} {digest}" for doc_id, digest in zip(
        index["doc_id"].to_pylist(), index["digest"].to_pylist(), strict=True))  # fmt: skip
    lines += [msgspec.json.encode(asdict(rejection)).decode() for rejection in rejections]
    lines += [msgspec.json.encode(row).decode() for row in rows.read(clusters)]
    return sha256("\n".join([stamp.pipeline_version, stamp.config_digest, *lines]))[:_DIGITS]


def _manifest(
    digest: str,
    index: pa.Table,
    rejections: Sequence[Rejection],
    indexes: Sequence[Path],
    clusters: Path,
    facts: Facts,
) -> dict[str, Any]:
    statuses = Counter(index["status"].to_pylist())
    skipped = sum(rejection.skipped for rejection in rejections)
    counts = {
        Status.CLEAN.value: statuses[Status.CLEAN.value],
        Status.EMPTY.value: statuses[Status.EMPTY.value],
        Status.REJECTED.value: len(rejections) - skipped,
        Status.SKIPPED.value: skipped,
    }
    reasons: Counter[str] = Counter()
    for path in indexes:
        column = rows.read_table(part_path(path, "removed_blocks"), ["reason"])["reason"]
        for item in pc.value_counts(column).to_pylist():
            reasons[item["values"]] += item["counts"]
    relations = rows.read_table(clusters, ["cluster_id", "is_canonical"])
    sizes = Counter(relations["cluster_id"].to_pylist())
    return {
        "schema": SCHEMA,
        "release": digest,
        **asdict(facts.stamp),
        "site_stats": facts.site_stats,
        "inputs": sum(counts.values()),
        "documents": counts,
        "removed_blocks": sum(reasons.values()),
        "removed_by_reason": dict(reasons.most_common()),
        "mentions": pc.sum(index["mentions"]).as_py() or 0,
        "near_duplicate_clusters": sum(size > 1 for size in sizes.values()),
        "near_duplicates": sum(size for size in sizes.values() if size > 1),
        "rejected_by_code": dict(Counter(r.code.value for r in rejections).most_common()),
    }


def _build(
    folder: Path,
    indexes: Sequence[Path],
    index: pa.Table,
    clusters: Path,
    rejections: Sequence[Rejection],
    manifest: dict[str, Any],
    before: _Standing,
) -> None:
    for name in PARTS:
        for number, path in enumerate(indexes):
            files.share(part_path(path, name), folder / name / f"part-{number:05}.parquet")
    files.share(clusters, folder / "clusters.parquet")
    rows.write(folder / "rejected.parquet", tables.REJECTED, map(_rejected_row, rejections))
    by_month = (rows.read_table(part_path(path, "mentions_by_month")) for path in indexes)
    rows.write(folder / "mentions_by_month.parquet", tables.MENTIONS_BY_MONTH, by_month)
    _write_texts(folder, indexes, index, before)
    files.write_loose(folder / integrity.TEXT_INDEX, msgspec.json.encode(_text_digests(index)))
    files.write_loose(folder / integrity.MANIFEST, integrity.seal(folder, manifest))


def write_report(folder: Path) -> None:
    """The report of a release that stands, from its own tables."""
    manifest = msgspec.json.decode((folder / integrity.MANIFEST).read_bytes(), type=dict[str, Any])
    rejected = rows.read(folder / "rejected.parquet")
    rejections = [Rejection(**row | {"code": Code(row["code"])}) for row in rejected]
    files.write(folder / integrity.REPORT, _report(folder, manifest, rejections))


def _report(folder: Path, manifest: dict[str, Any], rejections: Sequence[Rejection]) -> bytes:
    return report.page(manifest, _shown(folder), rejections).encode("utf-8")


def _rejected_row(rejection: Rejection) -> Row:
    return {name: getattr(rejection, name) for name in ("doc_id", "source_path", "stage", "message")} | {
        "code": rejection.code.value
    }


def _text_digests(index: pa.Table) -> dict[str, str]:
    paths, digests = index["text_path"].to_pylist(), index["text_digest"].to_pylist()
    return {path: digest for path, digest in zip(paths, digests, strict=True) if path is not None}


def _write_texts(folder: Path, indexes: Sequence[Path], index: pa.Table, before: _Standing) -> None:
    """The text files; those that the previous release has with the same content are linked, not written again."""
    old, new = str(before.texts), str(folder / "text")
    files.make_folder(folder / "text")
    made: set[str] = set()
    missing: set[str] = set()
    for name, digest in _text_digests(index).items():
        if before.digests.get(name) != digest:
            missing.add(name)
            continue
        parent = name.rpartition("/")[0]
        if parent not in made:
            made.add(parent)
            files.make_folder(Path(new, parent))
        try:
            files.link_file(f"{old}/{name}", f"{new}/{name}")
        except OSError:  # gone, or with as many links as a file can have
            missing.add(name)
    for path in indexes if missing else ():
        _write_missing(folder / "text", path, missing)


def _write_missing(folder: Path, index: Path, missing: set[str]) -> None:
    paths = rows.read_table(index, ["text_path", "documents"]).to_pylist()
    wanted = [row["text_path"] in missing for row in paths if row["documents"]]
    numbers = [number for number, is_wanted in enumerate(wanted) if is_wanted]
    for row in rows.read_some(part_path(index, "documents"), ["doc_id", "title", "text"], numbers):
        files.write_loose(
            folder / engine_tables.text_path(row["doc_id"]), render.page(row["title"], row["text"]).encode("utf-8")
        )


def _standing(release: Path, verify: bool) -> _Standing:
    spoilt = set(integrity.changed(release, thorough=verify))
    digests = integrity.text_digests(release)
    whole = {name: digest for name, digest in digests.items() if f"{integrity.TEXTS}/{name}" not in spoilt}
    return _Standing((release / integrity.TEXTS).resolve(), whole)


def _shown(folder: Path) -> list[report.Shown]:
    """The first documents of a release with what was removed of them; the tables have the same order."""
    shown: dict[str, report.Shown] = {}
    for documents, removed in zip(*(sorted((folder / name).iterdir()) for name in _REPORTED), strict=True):
        first = islice(rows.read(documents), _SHOWN - len(shown))
        part = {row["doc_id"]: report.Shown(row, []) for row in first}
        for row in takewhile(lambda row: row["doc_id"] in part, rows.read(removed)):  # noqa: B023 - used up right here
            part[row["doc_id"]].removed.append(row)
        shown |= part
        if len(shown) >= _SHOWN:
            break
    return sorted(shown.values(), key=lambda item: str(item.document["doc_id"]))
