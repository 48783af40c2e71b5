"""Exceptions end as rejections of their document; sites come from the best evidence there is."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline import steps
from pipeline.model import Block, Code, Document, DocumentError, Hints, Kind, MediaType, Metadata, Page, Rejection

DOCUMENT = Document("a/b.txt#1", "a/b.txt", MediaType.TEXT, "utf-8", "", "text")


def page(metadata: Metadata = Metadata(), *lines: str) -> Page:  # noqa: B008 - frozen
    blocks = tuple(Block(n, line, Kind.LINE, 0, len(line), line=n + 1) for n, line in enumerate(lines))
    return Page(blocks, np.zeros(len(lines), dtype=np.float32), metadata)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DocumentError(Code.TOO_DEEP, "deep"), Code.TOO_DEEP),
        (MemoryError(), Code.MEMORY),
        (RecursionError(), Code.TOO_DEEP),
        (ZeroDivisionError("by nothing"), Code.INTERNAL),
    ],
)
def test_an_exception_becomes_a_rejection(error: Exception, code: Code) -> None:
    def work() -> str:
        raise error

    rejection = steps.guarded(work, DOCUMENT, "clean")
    assert isinstance(rejection, Rejection)
    assert (rejection.doc_id, rejection.code, rejection.stage) == (DOCUMENT.doc_id, code, "clean")
    assert rejection.message


def test_an_interrupt_is_no_rejection() -> None:
    def work() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        steps.guarded(work, DOCUMENT, "clean")


@pytest.mark.parametrize(
    ("hints", "metadata", "path", "site", "origin"),
    [
        (Hints(site="harbour", url="https://x.example"), Metadata(), "a/b", "harbour", "hint"),
        (Hints(url="https://www.Harbour.example:8080/a"), Metadata(), "a/b", "harbour.example", "url"),
        (Hints(), Metadata(canonical_url="https://amp.harbour.example/a"), "a/b", "harbour.example", "canonical link"),
        (Hints(url="http://[broken"), Metadata(), "a/b", "a", "folder"),
        (Hints(), Metadata(), "a/b/c", "a", "folder"),
        (Hints(), Metadata(), "2026-11-20/a/b", "a", "folder"),
        (Hints(), Metadata(), "2026-11-20/b", "", ""),
        (Hints(), Metadata(), "b", "", ""),
    ],
)
def test_sites(hints: Hints, metadata: Metadata, path: str, site: str, origin: str) -> None:
    document = Document(path, path, MediaType.TEXT, "utf-8", "", "text", hints=hints)
    assert steps.site_of(document, page(metadata)) == (site, origin)


def test_a_footer_names_the_site_of_a_text_without_any() -> None:
    document = Document("b", "b", MediaType.TEXT, "utf-8", "", "text")
    found, origin = steps.site_of(document, page(Metadata(), "A story.", "Copyright 2024 Harbour Courier Ltd."))
    assert found
    assert origin.startswith("inferred")
