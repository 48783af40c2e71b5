"""What plain text costs: microseconds of CPU per line, stage by stage, on pages of the development corpora.

    python -m tests.benchmarks.text            200 pages in both renderings
    python -m tests.benchmarks.text 1000       so many

The limit is 40 microseconds per line for all stages of a batch together, on one core that does nothing else. What
weighed most in a score is found on demand alone (``python -m pipeline explain``) and stands below the sum.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable
from typing import TypeVar

from pipeline import plain
from pipeline.classify import text as classify
from pipeline.classify import text_explain, text_stages
from pipeline.learning.text_data import document, read_pages
from pipeline.model import Evidence
from pipeline.rules import read_cues
from pipeline.settings import Policy
from pipeline.trees import load
from tests.conftest import ROOT, SHARED

T = TypeVar("T")
ROUNDS = 3


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU time of a few rounds, in seconds, and the result."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def main(count: int) -> None:
    pages = read_pages(SHARED / "corpora")
    documents = [document(page) for page in pages[:: max(len(pages) // count, 1)][:count]]
    models = load((ROOT / "pipeline" / "models" / "text.npz").read_bytes())
    tables = {path.name: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "seeds" / "cues").glob("*.toml")}
    cues = read_cues(tables)
    seconds: dict[str, float] = {}
    seconds["segment"], segmented = timed(lambda: [plain.segment(item) for item in documents])
    seconds["predict"], predicted = timed(lambda: [text_stages.predict(item, models) for item in segmented])
    context = models[text_stages.CONTEXT]
    explained, _ = timed(lambda: [text_explain.strongest(context, leaves) for _, leaves in predicted])
    scored = [classify.score(item, parts, models) for item, parts in zip(documents, segmented, strict=True)]
    seconds["judge"], _ = timed(
        lambda: [classify.judge(page, [Evidence()] * len(page.blocks), cues, Policy()) for page in scored]
    )
    lines = sum(len(item.blocks) for item in segmented)
    print(f"{len(documents)} pages, {lines} lines; microseconds of CPU per line")
    for stage, value in [*seconds.items(), ("all", sum(seconds.values())), ("explain", explained)]:
        print(f"  {stage:8} {value / lines * 1e6:6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
