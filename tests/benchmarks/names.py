"""Names measured: ``python -m tests.benchmarks.names``.

Prints the score on the development sentences, every change that the gazetteer makes in the corpora with its sentence,
and the speed on ordinary text and on text with a name in every line, beside a plain ``re`` alternation. What needs the
shared data is left out where there is none.
"""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.names import Gazetteer, normalise, read_gazetteer
from pipeline.names.fold import fold
from pipeline.names.normalise import find_changes
from tests.conftest import ROOT, SHARED

CORPORA = SHARED / "corpora"
ROUNDS = 3  # the best of so many counts: the machine has other work
DENSE_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a corpus: where it is from, and a text of it."""

    corpus: str
    page_id: str
    url: str
    text: str


def main() -> None:
    """Print all measurements."""
    seeds = {path.name: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "seeds" / "names").glob("*.toml")}
    gazetteer = read_gazetteer(seeds)
    sentences = SHARED / "names" / "dev.jsonl"
    if sentences.exists():
        print_score(sentences, gazetteer)
    pages = list(main_texts())
    if pages:
        print_changes("main text", pages, gazetteer)
        print_changes("whole pages", list(whole_pages()), gazetteer)
        print_speed("ordinary text", [page.text for page in pages], gazetteer)
    print_speed("a name in every line", ["\n".join(dense_lines(gazetteer))], gazetteer)


def print_score(sentences: Path, gazetteer: Gazetteer) -> None:
    """Exact positives, untouched negatives, and expected texts that a run leaves as they are."""
    cases = [json.loads(line) for line in sentences.read_text("utf-8").splitlines()]
    positives = [case for case in cases if case["edits"]]
    negatives = [case for case in cases if not case["edits"]]
    exact = sum(normalise(case["text"], gazetteer).text == case["expected"] for case in positives)
    same = sum(normalise(case["text"], gazetteer).text is case["text"] for case in negatives)
    stable = sum(normalise(case["expected"], gazetteer).text == case["expected"] for case in cases)
    print(
        f"development sentences: {exact} of {len(positives)} exact, {same} of {len(negatives)} negatives untouched, "
        f"{stable} of {len(cases)} expected texts unchanged when run again"
    )


def main_texts() -> Iterator[Page]:
    """The human or parser main text of the corpora that have one."""
    for corpus in ("wcxb_dev", "fundus_parser"):
        for row in rows(corpus, ["id", "url", "main_text"]):
            if row["main_text"]:
                yield Page(corpus, row["id"], row["url"] or "", row["main_text"])


def whole_pages() -> Iterator[Page]:
    """The pages as lines, boilerplate included, and the snippets of the corpus that has no main text."""
    for corpus in ("wcxb_dev_lines", "fundus_parser_lines"):
        for row in rows(corpus, ["id", "rendering", "url", "lines"]):
            if row["rendering"] == "inscriptis":
                yield Page(corpus, row["id"], row["url"] or "", "\n".join(row["lines"]))
    for row in rows("trafilatura_eval", ["id", "url", "must_contain", "must_not_contain"]):
        snippets = [*(row["must_contain"] or ()), *(row["must_not_contain"] or ())]
        yield Page("trafilatura_eval", row["id"], row["url"] or "", "\n".join(snippets))


def rows(corpus: str, columns: list[str]) -> list[dict[str, str]]:
    """The rows of a corpus, none where the file is absent."""
    path = CORPORA / f"{corpus}.parquet"
    found: list[dict[str, str]] = pq.read_table(path, columns=columns).to_pylist() if path.exists() else []
    return found


def print_changes(what: str, pages: list[Page], gazetteer: Gazetteer) -> None:
    """Every change with its sentence, for a person to judge, and how many names stood in canonical form already."""
    changed = mentioned = 0
    for page in pages:
        for change in find_changes(page.text, gazetteer):
            mentioned += 1
            if change.surface != change.written:
                changed += 1
                before = page.text[max(0, change.start - 80) : change.start].rpartition("\n")[2]
                after = page.text[change.end : change.end + 80].partition("\n")[0]
                print(f"  {page.corpus} {page.page_id} {page.url}")
                print(f"    {before}[{change.surface} -> {change.written}]{after}")
    print(f"{what}: {changed} changes and {mentioned} mentions in {len(pages)} pages")


def dense_lines(gazetteer: Gazetteer) -> list[str]:
    """Lines of ordinary length, each with one name in a form that has to be rewritten."""
    names = [
        f"{family.name}{'-' if family.join == ' ' else ' '}{designator}"
        for family in gazetteer.families
        for designator in family.designators[:4]
    ]
    text = "The crew of the {} mission said on Monday that the launch from the coast had gone just as planned."
    return [text.format(name) for name in islice(cycle(names), DENSE_LINES)]


def print_speed(what: str, texts: list[str], gazetteer: Gazetteer) -> None:
    """Megabytes of UTF-8 a second on one core."""
    size = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    pattern = alternation(gazetteer)
    ours = best_time(lambda: [normalise(text, gazetteer) for text in texts])
    theirs = best_time(lambda: [pattern.findall(fold(text).lower) for text in texts])
    print(f"{what}: {size / ours:.1f} MB/s; a plain re alternation, finding alone: {size / theirs:.1f} MB/s")


def alternation(gazetteer: Gazetteer) -> re.Pattern[str]:
    """What one would write first: all spellings in one pattern, with a number behind them."""
    spellings = {s for family in gazetteer.families for s in (family.name, *family.spellings, *family.weak)}
    listed = "|".join(re.escape(fold(spelling).lower) for spelling in sorted(spellings, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})(?:[ -]?(?:no\. ?)?[0-9ivx]+[a-z]?)?\b")


def best_time(work: Callable[[], object]) -> float:
    """Seconds that the work takes, the best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
