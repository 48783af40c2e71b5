"""Labelled pages for the line classifier: read from the corpora, masked where the gold is known to be silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.model import Block, Document, MediaType, Segmented
from pipeline.plain import segment

_BULLET = re.compile(r"[*+•-] |\d{1,2}[.)] ")


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page as text lines; ``labels`` are 1 main text, 0 furniture, -1 blank or unknown, one per line."""

    page_id: str
    site: str
    rendering: str
    page_type: str
    corpus: str
    lines: tuple[str, ...]
    labels: tuple[int, ...]
    title: str
    main_text: str


def read_pages(corpora: Path) -> list[LabelledPage]:
    """All labelled pages below a folder of ``*_lines.parquet`` files, in the order of their names."""
    pages: list[LabelledPage] = []
    for path in sorted(corpora.glob("*_lines.parquet")):
        corpus = path.name.removesuffix("_lines.parquet")
        for row in pq.read_table(path).to_pylist():
            labels = list(row["labels"])
            if corpus.startswith("fundus"):
                labels = mask_omissions(row["lines"], labels)
            pages.append(
                LabelledPage(
                    row["id"],
                    site_of(row["url"], row["site"]),
                    row["rendering"],
                    row["page_type"],
                    corpus,
                    tuple(row["lines"]),
                    tuple(labels),
                    row["title"] or "",
                    row["main_text"],
                )
            )
    return pages


def site_of(url: str, fallback: str) -> str:
    """The registered domain, near enough to keep the hosts of one site in one fold."""
    host = (urlsplit(url).hostname or fallback).removeprefix("www.")
    parts = host.split(".")
    keep = 3 if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:])


def mask_omissions(lines: list[str], labels: list[int]) -> list[int]:
    """Labels with -1 for list items and quotations inside the story, which the Fundus gold leaves out."""
    story = [index for index, label in enumerate(labels) if label == 1]
    if not story:
        return labels
    masked = list(labels)
    for index in range(story[0], story[-1] + 1):
        text = lines[index].strip()
        if labels[index] == 0 and (_BULLET.match(text) or text[:1] in "“„«\"'‘" or len(text.split()) >= 12):
            masked[index] = -1
    return masked


def document(page: LabelledPage) -> Document:
    """The page as the pipeline would meet it."""
    return Document(page.page_id, page.page_id, MediaType.TEXT, "utf-8", "", "\n".join(page.lines), page.site)


def segment_labelled(page: LabelledPage) -> tuple[Segmented, NDArray[np.int8]]:
    """The blocks of a page and the label of each: that of most of its characters, -1 where that is unknown."""
    segmented = segment(document(page))
    labels = np.array([_label(block, page) for block in segmented.blocks], dtype=np.int8)
    return segmented, labels


def _label(block: Block, page: LabelledPage) -> int:
    if page.lines[block.line - 1].strip() and block.end - block.start <= len(page.lines[block.line - 1]):
        return page.labels[block.line - 1]
    votes = {1: 0, 0: 0, -1: 0}
    offset, index = 0, block.line - 1
    while offset < block.end - block.start and index < len(page.lines):
        votes[page.labels[index]] += len(page.lines[index].strip())
        offset += len(page.lines[index]) + 1
        index += 1
    return max(votes, key=lambda label: votes[label])


def folds(sites: list[str], count: int) -> NDArray[np.int8]:
    """A fold for each page, the same for all pages of a site, and the same in every run."""
    from hashlib import sha256

    return np.array([int(sha256(site.encode()).hexdigest()[:8], 16) % count for site in sites], dtype=np.int8)


def batches(pages: list[LabelledPage]) -> Iterator[tuple[LabelledPage, Segmented, NDArray[np.int8]]]:
    """Each page that has blocks, segmented and labelled."""
    for page in pages:
        segmented, labels = segment_labelled(page)
        if segmented.blocks:
            yield page, segmented, labels
