"""What plain text costs: microseconds of CPU per line, stage by stage, on pages of the development corpora.

    python -m tests.benchmarks.text            200 pages, each in one of its renderings
    python -m tests.benchmarks.text 1000       so many

Each page is read once, as what a process remembers of one text would flatter a second reading, and what was read
before is left out of the collection of garbage, as in the processes of a batch. The limit is 40 microseconds per line
for all stages of a batch together, on one core that does nothing else. What weighed most in a score is found on demand
alone (``python -m pipeline explain``): it is measured after all pages, and stands below the sum.
"""

from __future__ import annotations

import gc
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from typing import TypeVar

from pipeline import plain
from pipeline.classify import text as classify
from pipeline.classify import text_explain, text_stages
from pipeline.learning.text_data import document, read_pages
from pipeline.model import Document, Evidence, MediaType
from pipeline.rules import CueTable, read_cues
from pipeline.settings import Policy
from pipeline.trees import Forest, load
from tests.conftest import ROOT, SHARED

T = TypeVar("T")
WARM_UP = 40 * "The ferry left the harbour at six, an hour late, with forty people aboard.\n"
STAGES = ("segment", "predict", "judge")


def main(count: int) -> None:
    pages = read_pages(SHARED / "corpora")
    one_rendering = list({page.page_id: page for page in pages[::2] + pages[1::2]}.values())
    documents = [document(page) for page in one_rendering[:: max(len(one_rendering) // count, 1)][:count]]
    models = load((ROOT / "pipeline" / "models" / "text.npz").read_bytes())
    tables = {path.name: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "seeds" / "cues").glob("*.toml")}
    cues = read_cues(tables)
    one_page(Document("warm", "warm", MediaType.TEXT, "utf-8", "", WARM_UP), models, cues, dict.fromkeys(STAGES, 0.0))
    gc.collect()
    gc.freeze()
    spent = dict.fromkeys(STAGES, 0.0)
    lines = sum(one_page(item, models, cues, spent) for item in documents)
    print(f"{len(documents)} pages, {lines} lines; microseconds of CPU per line")
    explain = sum(explained(item, models) for item in documents)
    for stage, value in [*spent.items(), ("all", sum(spent.values())), ("explain", explain)]:
        print(f"  {stage:8} {value / lines * 1e6:6.1f}")


def one_page(item: Document, models: Mapping[str, Forest], cues: CueTable, spent: dict[str, float]) -> int:
    """How many lines a page has; adds the seconds of CPU of each stage to ``spent``, page by page as a batch goes."""

    def timed(stage: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        result = work()
        spent[stage] += time.process_time() - start
        return result

    segmented = timed("segment", lambda: plain.segment(item))
    page = timed("predict", lambda: classify.score(item, segmented, models))
    timed("judge", lambda: classify.judge(page, [Evidence()] * len(page.blocks), cues, Policy()))
    return len(segmented.blocks)


def explained(item: Document, models: Mapping[str, Forest]) -> float:
    """The seconds of CPU that it takes to say what weighed most in the scores of a page."""
    _, rows = text_stages.predict(plain.segment(item), models)
    context = models[text_stages.CONTEXT]
    start = time.process_time()
    text_explain.strongest(context, context.leaves(rows))
    return time.process_time() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
