"""The few lines that end a run."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine.history import LATEST
from pipeline.engine.publish import Published


def lines(done: Published, clean: Path, stays: str) -> str:
    """Documents by status, removed blocks by reason, clusters, and where the results are.

    ``stays`` is the release that ``latest`` is pinned to, or empty.
    """
    facts = done.manifest
    by_reason = ", ".join(f"{count:,} {reason}" for reason, count in facts["removed_by_reason"].items())
    link, report = clean / LATEST, done.folder / "report.html" if stays else clean / LATEST / "report.html"
    leads = f"{done.folder}" if stays else f"{link} -> {done.folder.name}"
    parts = [
        counts(done),
        f"{facts['removed_blocks']:,} blocks removed: {by_reason}",
        f"{facts['mentions']:,} names found, {facts['near_duplicates']:,} documents in "
        f"{facts['near_duplicate_clusters']:,} clusters of near-duplicates",
        f"results: {leads} (open {report})",
    ]
    if codes := facts["rejected_by_code"]:
        parts.insert(1, "not cleaned: " + ", ".join(f"{count:,} {code}" for code, count in codes.items()))
    if stays:
        parts.append(pinned(clean, stays))
    return "\n".join(parts)


def counts(done: Published) -> str:
    """The inputs by what became of them."""
    by_status = ", ".join(f"{count:,} {status}" for status, count in done.manifest["documents"].items())
    return f"{done.manifest['inputs']:,} inputs: {by_status}"


def pinned(clean: Path, release: str) -> str:
    """That ``latest`` stays where a rollback has led it, and how to let it go on."""
    return f"{clean / LATEST} stays at {release} since a rollback; `python -m pipeline rollback --unpin` lets it go on"
