"""The report shows documents and reasons, and shows text as text."""

from __future__ import annotations

from typing import Any

from pipeline import report
from pipeline.model import Code, Rejection

MANIFEST: dict[str, Any] = {
    "release": "abc",
    "pipeline_version": "1",
    "config_digest": "def",
    "inputs": 2,
    "documents": {"clean": 1, "empty": 0, "rejected": 1, "skipped": 0},
    "removed_blocks": 1,
    "removed_by_reason": {"share": 1},
    "mentions": 0,
    "near_duplicate_clusters": 0,
}
DOCUMENT = {
    "doc_id": "a.html",
    "site": "harbour",
    "title": "<script>alert(1)</script>",
    "published": None,
    "author": None,
    "page_kind": "article",
    "status": "clean",
    "confidence": 0.9,
    "text": "One & <b>two</b>\n\nThree",
}
BLOCK = {"text": "<img src=x onerror=y>", "reason": "share", "rule": "cue", "score": 0.1, "seen_on": 3, "site_pages": 4}


def test_everything_from_a_page_is_escaped() -> None:
    rejected = Rejection("<i>.txt", "<i>.txt", Code.EMPTY, "ingest", "<b>")
    html = report.page(MANIFEST, [report.Shown(DOCUMENT, [BLOCK])], [rejected])
    for written in ("<script>alert", "<img src", "<b>two", "<i>.txt"):
        assert written not in html
    assert "&lt;img src=x onerror=y&gt;" in html
    assert "share (cue, score 0.10, on about 3 of 4 pages)" in html
    assert "E_EMPTY" in html
