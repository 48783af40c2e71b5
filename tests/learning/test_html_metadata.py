"""When a field counts as found."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.learning.html_metadata import agree, evaluate_all
from pipeline.store.seeds import Options, load_kit


@pytest.mark.parametrize(
    ("field", "wanted", "found", "expected"),
    [
        ("title", "The curtain", "The Curtain!", True),
        ("title", "The curtain", "The curtain | Valley Post", False),
        ("author", "Ada Lind, Bo Ek", "Bo Ek and Ada Lind", False),
        ("author", "Ada Lind, Bo Ek", "Bo Ek, Ada Lind", True),
        ("author", "Ada Lind", None, False),
        ("date", "2024-05-01T10:00:00Z", "2024-05-01", True),
        ("date", "2024-05-01", "2024-05-02", False),
        ("title", "The weavers’ curtain", "The weavers' curtain", True),
    ],
)
def test_agreement(field: str, wanted: str, found: str | None, expected: bool) -> None:
    assert agree(field, wanted, found) is expected


def test_all_files_with_annotations_are_measured(tmp_path: Path) -> None:
    page = (
        "<html><head><title>The curtain | Valley Post</title><meta name=author content='Ada Lind'></head><body>"
        "<h1>The curtain</h1><p>The weavers of the upper valley have finished the longest curtain in the country.</p>"
    )
    pages = pa.table({"id": ["a"], "html": [page.encode()], "main_text": ["The weavers"]})
    notes = pa.table({"id": ["a"], "title": ["The curtain"], "author": ["Ada Lind"], "date": [None]})
    pq.write_table(pages, tmp_path / "noted.parquet")
    pq.write_table(notes, tmp_path / "noted_lines.parquet")
    pq.write_table(pages, tmp_path / "bare.parquet")
    lines: list[str] = []
    evaluate_all(tmp_path, load_kit(Options()), lines.append)
    assert [line.split()[:4] for line in lines] == [
        ["noted", "title", "1", "pages"],
        ["noted", "author", "1", "pages"],
    ]
    assert all("right: 1.000" in line for line in lines)
