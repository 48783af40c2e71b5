"""The few lines that end a run."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine.publish import LATEST, Published


def lines(done: Published, clean: Path) -> str:
    """Documents by status, removed blocks by reason, clusters, and where the results are."""
    facts = done.manifest
    by_status = ", ".join(f"{count:,} {status}" for status, count in facts["documents"].items())
    by_reason = ", ".join(f"{count:,} {reason}" for reason, count in facts["removed_by_reason"].items())
    parts = [
        f"{facts['inputs']:,} inputs: {by_status}",
        f"{facts['removed_blocks']:,} blocks removed: {by_reason}",
        f"{facts['mentions']:,} names found, {facts['near_duplicates']:,} documents in "
        f"{facts['near_duplicate_clusters']:,} clusters of near-duplicates",
        f"results: {clean / LATEST} -> {done.folder.name} (open {clean / LATEST / 'report.html'})",
    ]
    if codes := facts["rejected_by_code"]:
        parts.insert(1, "not cleaned: " + ", ".join(f"{count:,} {code}" for code, count in codes.items()))
    return "\n".join(parts)
