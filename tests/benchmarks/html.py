"""CPU time of ``pipeline.clean`` beside ``trafilatura.extract`` on the same HTML pages, and where ours goes.

    python -m tests.benchmarks.html [PAGES]         300 pages of the development corpora unless said

Both get the bytes of a page as they were scraped. They take turns page by page in one process, so that whatever else
the machine does falls on both; CPU time is what counts. Metadata, reasons and names are included on our side, nothing
of the kind on the other. Each has cleaned pages before the clock starts. The limit is half of trafilatura's time.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import trafilatura

import pipeline
from pipeline.model import DocumentError
from tests.conftest import SHARED

PAGES = 300
SEED = 300
CORPORA = ("wcxb_dev", "fundus_parser")
WARM_UP = 5
# A page that does not say its language has the language model loaded before the clock starts.
UNDECLARED = b"<html><body>" + 3 * b"<p>The ferry left the harbour at six, an hour late, with forty people aboard.</p>"
OURS = "pipeline.clean"
RIVALS: dict[str, Callable[[bytes], Any]] = {
    "trafilatura": trafilatura.extract,
    "  without comments": partial(trafilatura.extract, include_comments=False),
}
# Stages in the order of the work, and the functions whose own time each is, without that of stages within.
STAGES: tuple[tuple[str, str], ...] = (
    ("unpack, identify", "pipeline.ingest:read"),
    ("decode", "pipeline.ingest:decode"),
    ("hash", "pipeline.ingest:sha256"),
    ("limits of mark-up", "pipeline.ingest:check_markup"),
    ("parse", "pipeline.markup:parse"),
    ("head, metadata", "pipeline.markup:read_head"),
    ("serialise", "pipeline.markup:tokens"),
    ("walk", "pipeline.markup:walk"),
    ("features: words", "pipeline.markup.wording:describe"),
    ("features: places", "pipeline.markup:extract"),
    ("blocks", "pipeline.markup:segment"),
    ("score: trees", "pipeline.trees:Forest.leaves"),
    ("score: context, page", "pipeline.classify.html:score"),
    ("judge", "pipeline.classify.html:judge"),
    ("reasons", "pipeline.classify.html_verdicts:why"),
    ("cues", "pipeline.rules:CueTable.find"),
    ("metadata", "pipeline.metadata.html:resolve"),
    ("render", "pipeline.render:body"),
    ("names", "pipeline.names:normalise"),
    ("the rest", "pipeline.steps:clean"),
)


def main(count: int = PAGES) -> None:
    """Print milliseconds and pages per second of each, the ratios, and our stages."""
    pages = sample(count)
    for page in (UNDECLARED, *(page for _, page in pages[:WARM_UP])):
        for run in (pipeline.clean, *RIVALS.values()):
            seconds(run, page)
    times = race(pages)
    for corpus in (*CORPORA, ""):
        report(corpus or "all", [spent for name, spent in times if corpus in ("", name)])
    print()
    stages([page for _, page in pages])


def sample(count: int) -> list[tuple[str, bytes]]:
    """Pages drawn from both corpora at once, with the name of theirs."""
    tables = {name: pq.read_table(SHARED / "corpora" / f"{name}.parquet", columns=["html"])["html"] for name in CORPORA}
    rows = [(name, row) for name, table in tables.items() for row in range(len(table))]
    chosen = np.random.default_rng(SEED).permutation(len(rows))[:count]
    return [(name, tables[name][row].as_py()) for name, row in (rows[place] for place in chosen)]


def race(pages: Iterable[tuple[str, bytes]]) -> list[tuple[str, Counter[str]]]:
    """Seconds of each by page; what we refuse as no page counts for none."""
    times = []
    for place, (corpus, page) in enumerate(pages):
        runners = [(OURS, pipeline.clean), *RIVALS.items()]
        turn = place % len(runners)
        spent: Counter[str] = Counter()
        for name, run in (*runners[turn:], *runners[:turn]):
            spent[name] = seconds(run, page)
        if spent[OURS]:
            times.append((corpus, spent))
    return times


def seconds(run: Callable[[bytes], Any], page: bytes) -> float:
    """CPU seconds of one call; 0 for a page that is none."""
    start = time.process_time()
    try:
        run(page)
    except DocumentError:
        return 0.0
    return time.process_time() - start


def report(corpus: str, times: list[Counter[str]]) -> None:
    total = sum(times, Counter())
    print(f"{corpus}, {len(times)} pages")
    for name in (OURS, *RIVALS):
        spent = total[name]
        rate = f"{1000 * spent / len(times):8.2f} ms a page {len(times) / spent:8.1f} pages a second"
        ratio = "" if name == OURS else f"   ours takes {total[OURS] / spent:.2f} of it"
        print(f"  {name:20}{rate}{ratio}")


def stages(pages: list[bytes]) -> None:
    """Print what each stage takes; the clock between them adds a little to those that are called often."""
    watch = Stopwatch()
    for stage, place in STAGES:
        watch.put_on(stage, place)
    done = sum(seconds(pipeline.clean, page) > 0 for page in pages)
    total = sum(watch.spent.values())
    for stage, _ in STAGES:
        spent = watch.spent[stage]
        print(f"  {stage:22}{1000 * spent / done:8.2f} ms a page {spent / total:6.1%}")
    print(f"  {'all':22}{1000 * total / done:8.2f} ms a page")


class Stopwatch:
    """The CPU seconds that functions spend by themselves, without the time of others under the watch."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._within: list[float] = []

    def put_on(self, stage: str, place: str) -> None:
        """Time the function that stands at ``module:name`` from now on."""
        module, _, path = place.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for step in owners:
            owner = getattr(owner, step)
        setattr(owner, name, self._timed(stage, getattr(owner, name)))

    def _timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: object, **named: object) -> object:
            start = time.process_time()
            self._within.append(0.0)
            try:
                return work(*arguments, **named)
            finally:
                spent = time.process_time() - start
                self.spent[stage] += spent - self._within.pop()
                if self._within:
                    self._within[-1] += spent

        return timed


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
