"""Title, author and date of HTML pages against the sources' own annotations, beside trafilatura's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import trafilatura

from pipeline import ingest, steps
from pipeline.dates import find_dates
from pipeline.learning.html_data import corpus_files
from pipeline.model import Cleaned, Document, Hints
from pipeline.steps import Kit
from pipeline.text import block_key, canonical_paragraph, words

FIELDS = ("title", "author", "date")


@dataclass(frozen=True, slots=True)
class Found:
    """What one page says of a field: annotated, ours and trafilatura's; only the annotation is always there."""

    field: str
    wanted: str
    ours: str | None
    theirs: str | None


def evaluate_all(corpus: Path, kit: Kit, show: Callable[[str], None] = print) -> None:
    """Measure a corpus file, or all files of a folder that have annotations beside them."""
    for file in corpus_files([corpus], "main_text"):
        if _annotations(file).exists():
            evaluate_metadata(file, kit, show)


def _annotations(file: Path) -> Path:
    return file.with_name(f"{file.stem}_lines.parquet")


def evaluate_metadata(file: Path, kit: Kit, show: Callable[[str], None] = print) -> list[Found]:
    """Measure a corpus whose ``<name>_lines.parquet`` stands beside it and carries the annotations.

    A title or author is right when its words are the annotated ones, a date when it is the same day.
    """
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = list(_compare(file, kit))
    for field in FIELDS:
        group = [item for item in found if item.field == field]
        if group:
            ours = sum(agree(field, item.wanted, item.ours) for item in group) / len(group)
            theirs = sum(agree(field, item.wanted, item.theirs) for item in group) / len(group)
            given = sum(item.ours is not None for item in group) / len(group)
            also = sum(item.theirs is not None for item in group) / len(group)
            show(
                f"{file.stem} {field:7} {len(group):5} pages  right: {ours:.3f} (trafilatura {theirs:.3f})  "
                f"given: {given:.3f} (trafilatura {also:.3f})"
            )
    return found


def agree(field: str, wanted: str, found: str | None) -> bool:
    """Whether a field was found as annotated, in whatever quotes and dashes."""
    if not found:
        return False
    wanted, found = canonical_paragraph(wanted), canonical_paragraph(found)
    if field == "date":
        return _day(wanted) == _day(found)
    return block_key(wanted) == block_key(found) or set(words(wanted)) == set(words(found))


def _day(text: str) -> str:
    dates = find_dates(text)
    return dates[0].iso if dates else text[:10]


def _compare(file: Path, kit: Kit) -> Iterator[Found]:
    notes = {row["id"]: row for row in pq.read_table(_annotations(file), columns=["id", *FIELDS]).to_pylist()}
    for batch in pq.ParquetFile(file).iter_batches(batch_size=32):
        for row in batch.to_pylist():
            note = notes.get(row["id"])
            if note is None:
                continue
            (document,) = ingest.read(row["html"], "page.html", Hints())
            if not isinstance(document, Document):
                continue
            cleaned = steps.clean_document(document, kit)
            theirs = trafilatura.extract_metadata(document.source)
            for field in FIELDS:
                wanted = note[field]
                if isinstance(wanted, str) and wanted.strip():
                    own = (
                        getattr(cleaned.metadata, "published" if field == "date" else field)
                        if isinstance(cleaned, Cleaned)
                        else None
                    )
                    yield Found(field, wanted, own, getattr(theirs, field) if theirs else None)
