"""The forests of the HTML model, and what they say of pages from sites they have not seen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classify import html_page
from pipeline.classify.html import ALONE, CONFIDENCE, CONTEXT, HOPELESS, KIND, KINDS, context_rows, in_context
from pipeline.classify.html_context import NAMES as CONTEXT_NAMES
from pipeline.classify.html_context import expected_f1, word_count
from pipeline.classify.html_verdicts import LEAST
from pipeline.learning.boosting import fit
from pipeline.learning.html_data import Example
from pipeline.learning.scores import word_score
from pipeline.markup.features import FEATURES
from pipeline.settings import Policy
from pipeline.trees import Forest

FOLDS = 4
_SHARED = {
    "objective": "cross_entropy",
    "extra_trees": True,
    "num_leaves": 31,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
}
_ALONE = {**_SHARED, "learning_rate": 0.15}
_CONTEXT = {**_SHARED, "learning_rate": 0.1}
_PAGE = {
    "extra_trees": True,
    "num_leaves": 8,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "learning_rate": 0.06,
    "max_bin": 63,
}
_KIND = {**_PAGE, "objective": "multiclass", "num_class": len(KINDS)}
_CONFIDENCE = {**_PAGE, "objective": "cross_entropy"}
ROUNDS = {ALONE: 70, CONTEXT: 200, KIND: 80, CONFIDENCE: 150}


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """What models that have not seen its site say of a page: first and final scores, and the page's row."""

    first: NDArray[np.float32]
    scores: NDArray[np.float32]
    row: NDArray[np.float32] | None
    models: dict[str, Forest]


def fold_of(example: Example, folds: int) -> int:
    """The fold of a page: one for all pages of a site."""
    site = example.document.hints.site or example.document.doc_id
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % folds


def cross_fit(examples: Sequence[Example], folds: int = FOLDS) -> list[Unseen]:
    """For every page, what models fitted without its site say of it; pages without a kind teach only about blocks.

    The first scores that the context step learns from are themselves from models without the page's own site, as
    they will be when cleaning.
    """
    home = [fold_of(example, folds) for example in examples]
    alone = [fit_alone([e for e, own in zip(examples, home, strict=True) if own != number]) for number in range(folds)]
    firsts = [alone[number].probability(_own(example)) for example, number in zip(examples, home, strict=True)]
    contexts = []
    for number in range(folds):
        others = [place for place, own in enumerate(home) if own != number]
        contexts.append(fit_context([examples[i] for i in others], [firsts[i] for i in others]))
    scores, rows = [], []
    for example, number, first in zip(examples, home, firsts, strict=True):
        found, row = _see(example, first, contexts[number])
        scores.append(found)
        rows.append(row)
    pages = [fit_page(*_pages(examples, scores, rows, [own != number for own in home])) for number in range(folds)]
    return [
        Unseen(first, found, row, {ALONE: alone[number], CONTEXT: contexts[number], **pages[number]})
        for first, found, row, number in zip(firsts, scores, rows, home, strict=True)
    ]


def fit_all(examples: Sequence[Example]) -> dict[str, Forest]:
    """The forests of the model file, fitted on all pages; each step learns from what the one before says unseen."""
    unseen = cross_fit(examples)
    return {
        ALONE: fit_alone(examples),
        CONTEXT: fit_context(examples, [page.first for page in unseen]),
        **fit_page(*_pages(examples, [p.scores for p in unseen], [p.row for p in unseen], [True] * len(examples))),
    }


def fit_alone(examples: Sequence[Example]) -> Forest:
    """The forest that scores a block without regard to other scores."""
    parts = [(_own(e)[e.weights > 0], e.labels[e.weights > 0], e.weights[e.weights > 0]) for e in examples]
    return fit(*_stack(parts), FEATURES, ROUNDS[ALONE], _ALONE)


def fit_context(examples: Sequence[Example], firsts: Sequence[NDArray[np.float32]]) -> Forest:
    """The forest that scores the hopeful blocks again among their neighbours."""
    parts = []
    for example, first in zip(examples, firsts, strict=True):
        if not len(first):
            continue
        rows = (first >= HOPELESS) & (example.weights > 0)
        seen = context_rows(FEATURES, example.segmented.features, first)[rows]
        parts.append((seen, example.labels[rows], example.weights[rows]))
    return fit(*_stack(parts), (*FEATURES, *CONTEXT_NAMES), ROUNDS[CONTEXT], _CONTEXT)


def fit_page(rows: NDArray[np.float32], kinds: NDArray[np.float32], f1: NDArray[np.float32]) -> dict[str, Forest]:
    """The forests that tell the kind of a page and the word F1 to expect of its extraction."""
    names = html_page.names_of_row(FEATURES)
    weight = np.ones(len(rows), np.float32)
    return {
        KIND: fit(rows, kinds, weight, names, ROUNDS[KIND], _KIND),
        CONFIDENCE: fit(rows, f1, weight, names, ROUNDS[CONFIDENCE], _CONFIDENCE),
    }


def kept_f1(example: Example, scores: NDArray[np.float32]) -> float:
    """The word F1 of what the scores would keep of a page."""
    blocks = example.segmented.blocks
    weight = np.array([word_count(block.text) for block in blocks], np.float64)
    threshold = min(max(expected_f1(scores.astype(np.float64), weight)[1], LEAST), Policy().html_threshold)
    text = "\n".join(block.text for block, score in zip(blocks, scores, strict=True) if score >= threshold)
    return word_score(text, example.wanted).f1


def _see(
    example: Example, first: NDArray[np.float32], forest: Forest
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    if not len(first):
        return first, None
    scores = in_context(FEATURES, example.segmented.features, first, forest)
    return scores, html_page.describe(FEATURES, _own(example), first, scores)


def _pages(
    examples: Sequence[Example],
    scores: Sequence[NDArray[np.float32]],
    rows: Sequence[NDArray[np.float32] | None],
    chosen: Sequence[bool],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Row, kind and reached F1 of each chosen page that has blocks."""
    found = [
        (row, KINDS.index(example.kind), kept_f1(example, score))
        for example, score, row, wanted in zip(examples, scores, rows, chosen, strict=True)
        if wanted and row is not None and example.kind
    ]
    return (
        np.vstack([row for row, _, _ in found]),
        np.array([kind for _, kind, _ in found], np.float32),
        np.array([f1 for _, _, f1 in found], np.float32),
    )


def _own(example: Example) -> NDArray[np.float32]:
    return example.segmented.features[:, : len(FEATURES)]


def _stack(
    parts: Sequence[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    rows, target, weight = zip(*parts, strict=True)
    return np.vstack(rows), np.concatenate(target), np.concatenate(weight)
