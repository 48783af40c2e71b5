"""More pages to learn from: those of which people marked a few sentences, where our reading of their HTML agrees with
every mark.

The labels are those of the HTML classifier, weak ones in the sense of Ratner and others (2017); the marks decide which
pages count.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from lxml import etree

from pipeline import steps
from pipeline.learning.labels import label
from pipeline.learning.text_data import LabelledPage, site_of
from pipeline.learning.text_flatten import RENDERINGS, flatten
from pipeline.model import Cleaned, Hints, Role
from pipeline.steps import Kit
from pipeline.store import seeds
from pipeline.store.seeds import Options
from pipeline.text import fold_space

CORPUS = "snippets"
_COLUMNS = {"id", "url", "site", "html", "must_contain", "must_not_contain"}
_LEAST_LINES = 3
_MAIN_SHARE = 0.5


def read_snippet_pages(corpora: Path) -> list[LabelledPage]:
    """Both renderings of the pages below a folder that are given as HTML with ``must_contain`` and
    ``must_not_contain``, where our text holds all of the former and none of the latter; in order."""
    kit = seeds.load_kit(Options())
    return [
        page
        for path in sorted(corpora.glob("*.parquet"))
        if set(pq.read_schema(path).names) >= _COLUMNS
        for row in pq.read_table(path, columns=sorted(_COLUMNS)).to_pylist()
        for page in _pages(row, kit)
    ]


def _pages(row: dict[str, object], kit: Kit) -> Iterator[LabelledPage]:
    data, wanted, unwanted = row["html"], row["must_contain"], row["must_not_contain"]
    if not (isinstance(data, bytes) and isinstance(wanted, list) and isinstance(unwanted, list)):
        raise TypeError(f"page {row['id']!r}: html must be bytes, snippets lists")
    main_text = _body(data, str(row["url"]), kit)
    folded = _fold(main_text)
    if not all(_fold(part) in folded for part in wanted) or any(_fold(part) in folded for part in unwanted):
        return
    for rendering in RENDERINGS:
        try:
            lines = flatten(data, rendering)
        except etree.ParserError:
            return
        shares = label(lines, main_text)
        labels = [int(share >= _MAIN_SHARE) if line else -1 for line, share in zip(lines, shares, strict=True)]
        if labels.count(1) >= _LEAST_LINES:
            site = site_of(str(row["url"]), str(row["site"]))
            facts = (str(row["id"]), site, rendering, "article", CORPUS, tuple(lines), tuple(labels))
            yield LabelledPage(*facts, title="", main_text=main_text)


def _body(data: bytes, url: str, kit: Kit) -> str:
    """What the HTML classifier takes for the story, without its title; nothing where it rejects the page."""
    cleaned = [c for c in steps.clean(data, "page.html", Hints(url=url), kit) if isinstance(c, Cleaned)]
    return "\n".join(item.block.text for c in cleaned for item in c.verdicts if item.verdict.role is Role.BODY)


def _fold(text: str) -> str:
    return fold_space(text).casefold()
