"""CPU time of cleaning an HTML page beside trafilatura's extraction of the same pages, and where ours goes.

    python -m tests.benchmarks.html CORPUS.parquet [PAGES]

Both run in this process on every page in turn; metadata is included on our side and left out on the other.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow.parquet as pq
import trafilatura

from pipeline import ingest, markup, names, render
from pipeline.classify import html as classify
from pipeline.metadata import html as metadata
from pipeline.model import Document, Evidence
from pipeline.steps import Kit
from pipeline.store.seeds import Options, load_kit

PAGES = 300
T = TypeVar("T")
R = TypeVar("R")


def main(corpus: Path, count: int = PAGES) -> None:
    """Print milliseconds per page for every step and the ratio to trafilatura."""
    table = pq.read_table(corpus, columns=["html"])
    chosen = np.random.default_rng(5).permutation(len(table))[:count]
    kit = load_kit(Options())
    spent: Counter[str] = Counter()
    pages = [table["html"][int(row)].as_py() for row in chosen]
    clean(pages[0], kit, Counter())
    trafilatura.extract(pages[0], deduplicate=False)
    done = 0
    for page in pages:
        if document := clean(page, kit, spent):
            timed("trafilatura", spent, lambda source: trafilatura.extract(source, deduplicate=False), document.source)
            done += 1
    ours = sum(seconds for step, seconds in spent.items() if step != "trafilatura")
    for step, seconds in spent.items():
        print(f"{step:14}{1000 * seconds / done:8.2f} ms a page")
    print(f"{'ours':14}{1000 * ours / done:8.2f} ms a page, {ours / spent['trafilatura']:.2f} of trafilatura's time")


def clean(data: bytes, kit: Kit, spent: Counter[str]) -> Document | None:
    """Clean one page step by step, adding the seconds of each step to ``spent``; None for what is no page."""
    (document,) = timed("ingest", spent, lambda content: tuple(ingest.read(content, "page.html")), data)
    if not isinstance(document, Document):
        return None
    segmented = timed("segment", spent, markup.segment, document)
    page = timed("score", spent, lambda parts: classify.score(document, parts, kit.html_models), segmented)
    nothing = (Evidence(),) * len(page.blocks)
    judged = timed("judge", spent, lambda known: classify.judge(page, known, kit.cues, kit.policy), nothing)
    found = timed("metadata", spent, lambda verdicts: metadata.resolve(page, verdicts, document), judged)
    text = timed("render", spent, lambda verdicts: render.body(verdicts, found), judged)
    timed("names", spent, lambda body: names.normalise(body, kit.gazetteer), text)
    return document


def timed(step: str, spent: Counter[str], work: Callable[[T], R], argument: T) -> R:
    start = time.process_time()
    result = work(argument)
    spent[step] += time.process_time() - start
    return result


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PAGES)
