"""What a monitor reads: ``metrics.prom`` in the clean folder, in the text format of Prometheus.

node_exporter's textfile collector takes it as it is. Written whole or not at all, after every run that ended well,
those with nothing to do among them: an alarm on the age of the last success must not ring because nothing new came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from pipeline.engine import history
from pipeline.engine.history import Release
from pipeline.store import files

FILE = "metrics.prom"
_HELP = {
    "winnow_last_success_timestamp_seconds": "When a run last ended well, with or without something to do.",
    "winnow_published_timestamp_seconds": "When the newest release was published.",
    "winnow_latest_is_pinned": "Whether a rollback holds latest, 1 or 0.",
    "winnow_inputs": "Inputs of the newest release by what became of them.",
    "winnow_rejected": "Inputs of the newest release that were not cleaned, by code.",
    "winnow_removed_blocks": "Blocks removed from the newest release by reason.",
    "winnow_mentions": "Names found in the newest release.",
    "winnow_near_duplicates": "Documents of the newest release that have a near-duplicate.",
}


class _Manifest(msgspec.Struct):
    documents: dict[str, int]
    rejected_by_code: dict[str, int]
    removed_by_reason: dict[str, int]
    mentions: int
    near_duplicates: int


def write(clean: Path) -> None:
    """The metrics of the newest release, after a run that ended well now."""
    *_, newest = history.releases(clean)
    lines: list[str] = []
    for name, samples in _samples(clean, newest):
        lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]
        lines += [f"{name}{labels} {value}" for labels, value in samples.items()]
    files.write(clean / FILE, "".join(f"{line}\n" for line in lines).encode())


def _samples(clean: Path, newest: Release) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Each metric with its values by labels in the notation of the format."""
    told = msgspec.json.decode((newest.folder / "manifest.json").read_bytes(), type=_Manifest)
    yield "winnow_last_success_timestamp_seconds", {"": round(time.time())}
    if newest.event.time:
        yield "winnow_published_timestamp_seconds", {"": datetime.fromisoformat(newest.event.time).timestamp()}
    yield "winnow_latest_is_pinned", {"": int(bool(history.pinned(clean)))}
    yield "winnow_inputs", _labelled("status", told.documents)
    yield "winnow_rejected", _labelled("code", told.rejected_by_code)
    yield "winnow_removed_blocks", _labelled("reason", told.removed_by_reason)
    yield "winnow_mentions", {"": told.mentions}
    yield "winnow_near_duplicates", {"": told.near_duplicates}


def _labelled(label: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Counts by a word of our own (a status, a code, a reason): nothing in it needs to be escaped."""
    return {f'{{{label}="{name}"}}': count for name, count in sorted(counts.items())}
