"""HTML pages with known main text: read from corpus files, segmented and labelled."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline import ingest
from pipeline.learning.labels import label, surroundings
from pipeline.markup import segment
from pipeline.model import Document, Hints, Kind, MediaType, Rejection, Segmented
from pipeline.text import fold_space

# In these corpora the main text leaves out lists and block quotes: there a missing one teaches nothing.
_SILENT_ON_LISTS = ("fundus",)
_SILENT_PATHS = ("/li", "/ul", "/ol", "/blockquote")
_MAX_WEIGHED_WORDS = 150
_SHORT = 6
_SHARE_OF_SHORT = 0.4
_WITHIN = 0.4
# News pages are few in the corpora and many in the world.
_NEWS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A page with its main text as people wrote it down.

    ``labels[i]`` is the share of block ``i`` that is main text, ``weights[i]`` how much it counts in learning: 0
    where its label is unknown or too much like many others.
    """

    document: Document
    segmented: Segmented
    wanted: str
    kind: str
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]


def corpus_files(corpora: Sequence[Path], *columns: str) -> list[Path]:
    """The tables among files and in folders with ``html`` and these columns, each once, by name."""
    files = {
        file.resolve() for corpus in corpora for file in (corpus.glob("*.parquet") if corpus.is_dir() else [corpus])
    }
    ordered = sorted(files, key=lambda file: (file.name, str(file)))
    return [file for file in ordered if {"html", *columns} <= set(pq.read_schema(file).names)]


def read_examples(file: Path) -> Iterator[Example]:
    """The pages of a corpus with main text, in order; one that can not be read at all counts as one without blocks."""
    silent = file.name.startswith(_SILENT_ON_LISTS)
    for document, row in _pages(file):
        segmented = segment(document)
        texts = [block.text for block in segmented.blocks]
        labels = label(texts, row["main_text"])
        weights = _weights(texts, labels)
        if silent:
            weights[_unknown(segmented, labels)] = 0.0
            weights *= _NEWS
        yield Example(document, segmented, row["main_text"], row.get("page_type") or "article", labels, weights)


def read_snippets(file: Path) -> Iterator[Example]:
    """The pages of a corpus of snippets that must or must not come out; no block without one counts."""
    for document, row in _pages(file):
        segmented = segment(document)
        texts = [fold_space(block.text) for block in segmented.blocks]
        wanted = _holding(texts, row["must_contain"])
        unwanted = _holding(texts, row["must_not_contain"])
        weights = _weights(texts, np.ones(len(texts), np.float32))
        weights[wanted == unwanted] = 0.0
        weights *= _NEWS
        yield Example(document, segmented, "", "", wanted.astype(np.float32), weights)


def _holding(texts: list[str], snippets: list[str]) -> NDArray[np.bool_]:
    parts = [fold_space(snippet) for snippet in snippets]
    return np.array([any(part in text for part in parts if part) for text in texts], np.bool_)


def _pages(file: Path) -> Iterator[tuple[Document, dict[str, Any]]]:
    number = 0
    for batch in pq.ParquetFile(file).iter_batches(batch_size=64):
        for row in batch.to_pylist():
            number += 1
            yield _document(row, number), row


def _document(row: dict[str, Any], number: int) -> Document:
    name = str(row.get("id") or number)
    data = row["html"].encode() if isinstance(row["html"], str) else row["html"]
    hints = Hints(url=row.get("url"), site=row.get("site"))
    (document,) = ingest.read(data, f"{name}.html", hints)
    if isinstance(document, Rejection):
        return Document(document.doc_id, document.source_path, MediaType.HTML, "", "", "", hints=hints)
    return document


def _weights(texts: list[str], labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every page counts the same, a block by the root of its words; of short furniture a part speaks for the rest."""
    if not texts:
        return np.zeros(0, np.float32)
    words = np.array([len(text.split()) for text in texts])
    size = np.sqrt(np.minimum(words, _MAX_WEIGHED_WORDS))
    heard = np.random.default_rng(zlib.crc32(texts[0].encode())).random(len(texts)) < _SHARE_OF_SHORT
    sampled = (words < _SHORT) & (labels == 0)
    size = np.where(sampled, size * heard / _SHARE_OF_SHORT, size)
    result: NDArray[np.float32] = (100 * size / max(float(size.sum()), 1.0)).astype(np.float32)
    return result


def _unknown(segmented: Segmented, labels: NDArray[np.float32]) -> NDArray[np.bool_]:
    listed = [
        block.kind in (Kind.ITEM, Kind.QUOTE) or any(part in block.path for part in _SILENT_PATHS)
        for block in segmented.blocks
    ]
    prose = [len(block.text.split()) >= _SHORT and block.link_density < 0.5 for block in segmented.blocks]
    words = np.array([len(block.text.split()) for block in segmented.blocks], np.float32)
    within = surroundings(labels, words) > _WITHIN
    result: NDArray[np.bool_] = np.array(listed, bool) & np.array(prose, bool) & (labels < 0.5) & within
    return result
