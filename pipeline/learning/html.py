"""The HTML model: learnt from pages with known main text, and measured beside trafilatura on sites it has not seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import trafilatura

from pipeline import steps
from pipeline.learning.html_data import Example, corpus_files, read_examples, read_snippets
from pipeline.learning.html_fit import FOLDS, cross_fit, fit_all
from pipeline.learning.html_report import Outcome, calibration, report
from pipeline.learning.scores import shingle_score, word_score
from pipeline.model import Cleaned
from pipeline.steps import Kit
from pipeline.text import canonical_paragraph
from pipeline.trees import Forest, dump

# trafilatura as it comes, and the three ways in which it does better on some sets.
MODES: dict[str, dict[str, Any]] = {
    "default": {},
    "no comments": {"include_comments": False},
    "precision, no comments": {"include_comments": False, "favor_precision": True},
    "recall, no comments": {"include_comments": False, "favor_recall": True},
}


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    seconds: float


def train(corpora: Sequence[Path], out: Path) -> None:
    """Learn the HTML model from corpus files and all in folders, and write it; the same data give the same bytes.

    The order of ``corpora`` does not matter, and a file named twice counts once.
    """
    out.write_bytes(dump(fit_all(list(_all_pages(corpora)))))


def _all_pages(corpora: Sequence[Path]) -> Iterator[Example]:
    for file in corpus_files(corpora, "main_text"):
        yield from read_examples(file)
    for file in corpus_files(corpora, "must_contain", "must_not_contain"):
        yield from read_snippets(file)


def evaluate(
    files: Sequence[Path], kit: Kit, *, folds: bool = False, show: Callable[[str], None] = print
) -> list[list[Outcome]]:
    """Measure corpus files beside trafilatura and show the tables; for each the outcome of every page, in order.

    With ``folds`` the models are fitted anew for each of ``FOLDS`` groups of sites, on all corpora of the first
    file's folder without those sites; without, those of ``kit`` are taken, which may have seen the pages. All texts
    are compared in canonical form. Of several files the confidence is shown for all together, too.
    """
    unseen = _unseen(files[0].parent) if folds else {}
    note = f"models fitted in {FOLDS} folds grouped by site" if folds else "models as shipped"
    result = []
    for number, file in enumerate(files):
        if number:
            show("")
        pages = unseen[file.resolve()] if folds else ((example, kit.html_models) for example in read_examples(file))
        result.append([_measure(example, replace(kit, html_models=models)) for example, models in pages])
        for line in report(file.stem, note, result[-1]):
            show(line)
    if len(result) > 1:
        show("")
        show("all files together")
        for line in calibration([outcome for outcomes in result for outcome in outcomes]):
            show(line)
    return result


def _unseen(folder: Path) -> dict[Path, list[tuple[Example, Mapping[str, Forest]]]]:
    """The pages of each file of a folder with main text, with models fitted on all of the folder but their sites."""
    pages = {file.resolve(): list(read_examples(file)) for file in corpus_files([folder], "main_text")}
    known = [example for examples in pages.values() for example in examples]
    snippets = [e for file in corpus_files([folder], "must_contain", "must_not_contain") for e in read_snippets(file)]
    fitted = iter(cross_fit([*known, *snippets]))
    return {file: [(example, next(fitted).models) for example in examples] for file, examples in pages.items()}


def _measure(example: Example, kit: Kit) -> Outcome:
    start = time.process_time()
    cleaned = steps.clean_document(example.document, kit)
    seconds = time.process_time() - start
    text = cleaned.text if isinstance(cleaned, Cleaned) else ""
    theirs = {name: _trafilatura(example.document.source, options) for name, options in MODES.items()}
    wanted = canonical_paragraph(example.wanted)
    return Outcome(
        page=example.document.doc_id.removesuffix(".html"),
        site=example.document.hints.site or "",
        kind=example.kind,
        language=(cleaned.metadata.language or "?") if isinstance(cleaned, Cleaned) else "?",
        told_kind=cleaned.page_kind if isinstance(cleaned, Cleaned) else "",
        confidence=cleaned.confidence if isinstance(cleaned, Cleaned) else 0.0,
        words=word_score(text, wanted),
        shingles=shingle_score(text, wanted),
        seconds=seconds,
        their_words={name: word_score(run.text, wanted) for name, run in theirs.items()},
        their_shingles={name: shingle_score(run.text, wanted) for name, run in theirs.items()},
        their_seconds={name: run.seconds for name, run in theirs.items()},
    )


def _trafilatura(source: str, options: dict[str, Any]) -> _Run:
    start = time.process_time()
    text = trafilatura.extract(source, deduplicate=False, **options)
    seconds = time.process_time() - start
    return _Run(canonical_paragraph(text or ""), seconds)


def floors_kept(outcomes: Sequence[Outcome], least: float) -> bool:
    """Whether the mean word F1 of a measurement is at least a recorded floor."""
    return sum(outcome.words.f1 for outcome in outcomes) / len(outcomes) >= least
