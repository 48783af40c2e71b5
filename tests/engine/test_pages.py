"""A packed page is the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline import ingest, steps
from pipeline.engine import pages
from pipeline.engine.pages import Read
from pipeline.model import Document, MediaType, Metadata, Page
from pipeline.store import seeds
from pipeline.store.seeds import Options
from tests.runs import ROOT


@pytest.mark.parametrize("path", ["kuestenblatt/faehre.html", "orbital-courier/lost-satellite.txt"])
def test_what_is_unpacked_is_what_was_packed(path: str) -> None:
    (document,) = ingest.read((ROOT / "raw" / path).read_bytes(), path)
    assert isinstance(document, Document)
    document, page = steps.read_page(document, seeds.load_kit(Options()))
    packed = pages.pack(Read(document, page, len(document.source)))
    found = pages.unpack(packed)
    assert found.document == replace(document, source="")
    assert found.raw_chars == len(document.source)
    assert found.page.blocks == page.blocks
    assert found.page.scores.tolist() == page.scores.tolist()
    assert (found.page.metadata, found.page.page_kind) == (page.metadata, page.page_kind)
    assert found.page.confidence == pytest.approx(page.confidence)


def test_a_page_without_blocks_stays_one() -> None:
    document = Document("a", "a", MediaType.TEXT, "utf-8", "", "text")
    page = Page((), np.zeros(0, dtype=np.float32), Metadata(), empty_because="no block")
    found = pages.unpack(pages.pack(Read(document, page, 4)))
    assert (found.page.blocks, found.page.empty_because) == ((), "no block")
