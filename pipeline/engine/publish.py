"""From the parts of all shards to a release that appears at once: built beside, synced, renamed, then linked."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import report
from pipeline.engine import integrity, relations, spare, tally, texts
from pipeline.engine import tables as engine_tables
from pipeline.engine.history import LATEST, RELEASES
from pipeline.engine.tables import PARTS, Stamp, part_path
from pipeline.engine.tally import Summary
from pipeline.model import Code, Rejection, Status
from pipeline.store import files, payloads, rows, tables
from pipeline.text import sha256

SCHEMA = 2  # of releases and stage results; one more whenever an older version would misread them
_DIGITS = 16
_REJECTION = payloads.decoder(Rejection)
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


def publish(
    indexes: Sequence[Path],
    clusters: Path,
    scan_rejections: Iterable[Rejection],
    facts: Facts,
    clean: Path,
    ahead: Path,
    kept: Path,
    *,
    verify: bool = False,
) -> Published:
    """Builds the release of the given shards; it stands under its name when it is whole, and not before.

    ``ahead`` is where text files may have been laid out already, see ``texts.lay_ahead``, and ``kept`` where those of a
    release that is kept no longer may lie, see ``spare``. ``verify`` reads every file
    that stands from before, else sizes and times decide what is read.
    """
    whole = tally.total(map(engine_tables.summary, indexes))
    rejections = sorted([*scan_rejections, *_rejected(indexes)], key=lambda rejection: rejection.doc_id)
    members = relations.members(clusters)
    digest = _digest(whole, rejections, members, facts.stamp)
    folder = clean / RELEASES / digest
    manifest = _manifest(digest, whole, rejections, members, facts)
    if integrity.changed(folder, thorough=verify):
        beside = ahead if ahead.is_dir() else files.temporary_folder(folder)
        before = (clean / LATEST).resolve() if (clean / LATEST).is_dir() else None
        if before is not None and verify and integrity.changed(before, thorough=True):
            before = None
        _build(beside, indexes, clusters, rejections, manifest, before, kept)
        with contextlib.suppress(*_REPORT_FAILURES):  # the data do not wait for it, and the task Report tells
            files.write_loose(beside / integrity.REPORT, _report(beside, manifest, rejections))
        files.sync_tree(beside)
        integrity.replace(folder, beside)
        spare.finish(kept, folder)
    files.remove_tree(ahead)  # where it served for nothing
    return Published(digest, folder, manifest, tuple(rejections))


def _rejected(indexes: Sequence[Path]) -> Iterator[Rejection]:
    for path in indexes:
        statuses = engine_tables.summary(path).statuses
        if statuses.keys() & {Status.REJECTED.value, Status.SKIPPED.value}:
            packed = rows.read_table(path, ["rejection"])["rejection"].to_pylist()
            yield from (_REJECTION.decode(data) for data in packed if data is not None)


def _digest(whole: Summary, rejections: Sequence[Rejection], members: pa.Table, stamp: Stamp) -> str:
    """The digest of a release's contents, whatever the files they lie in; ``members`` are all that clusters say beyond
    what documents say of themselves."""
    lines = [msgspec.json.encode(asdict(rejection)).decode() for rejection in rejections]
    lines += relations.lines(members)
    return sha256("\n".join([stamp.pipeline_version, stamp.config_digest, whole.digest, *lines]))[:_DIGITS]


def _manifest(
    digest: str, whole: Summary, rejections: Sequence[Rejection], members: pa.Table, facts: Facts
) -> dict[str, Any]:
    skipped = sum(rejection.skipped for rejection in rejections)
    counts = {
        Status.CLEAN.value: whole.statuses.get(Status.CLEAN.value, 0),
        Status.EMPTY.value: whole.statuses.get(Status.EMPTY.value, 0),
        Status.REJECTED.value: len(rejections) - skipped,
        Status.SKIPPED.value: skipped,
    }
    return {
        "schema": SCHEMA,
        "release": digest,
        **asdict(facts.stamp),
        "site_stats": facts.site_stats,
        "inputs": sum(counts.values()),
        "documents": counts,
        "removed_blocks": sum(whole.reasons.values()),
        "removed_by_reason": whole.reasons,
        "mentions": whole.mentions,
        "near_duplicate_clusters": pc.count_distinct(members["cluster_id"]).as_py(),
        "near_duplicates": members.num_rows,
        "rejected_by_code": dict(Counter(r.code.value for r in rejections).most_common()),
        "texts": {"files": whole.texts, "bytes": whole.text_bytes},
    }


def _build(
    folder: Path,
    indexes: Sequence[Path],
    clusters: Path,
    rejections: Sequence[Rejection],
    manifest: dict[str, Any],
    before: Path | None,
    kept: Path,
) -> None:
    for name in (*PARTS, "texts"):
        place = folder / (integrity.TEXT_TABLES if name == "texts" else name)
        for number, path in enumerate(indexes):
            files.share_loose(part_path(path, name), place / f"part-{number:05}.parquet")
    files.share_loose(clusters, folder / "clusters.parquet")
    rows.write(folder / "rejected.parquet", tables.REJECTED, map(_rejected_row, rejections))
    by_month = (rows.read_table(part_path(path, "mentions_by_month")) for path in indexes)
    rows.write(folder / "mentions_by_month.parquet", tables.MENTIONS_BY_MONTH, by_month)
    known = integrity.known_digests(before) if before is not None else {}
    texts.write(folder, indexes, before, known, kept)
    files.write_loose(folder / integrity.MANIFEST, integrity.seal(folder, manifest, known))


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
