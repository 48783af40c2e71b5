"""The forests of the HTML model, and what they say of pages from sites they have not seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.classify import html_page, html_worth
from pipeline.classify.html import (
    ALONE,
    CONFIDENCE,
    CONTEXT,
    CONTEXT_NAMES,
    EMPTY,
    HOPELESS,
    KIND,
    KINDS,
    PATHS,
    context_rows,
    in_context,
)
from pipeline.classify.html_context import word_count
from pipeline.classify.html_empty import emptiness
from pipeline.learning import html_paths as counting
from pipeline.learning.boosting import fit
from pipeline.learning.html_data import Example
from pipeline.learning.scores import word_score
from pipeline.markup.features import FEATURES
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
_CONTEXT = {**_SHARED, "extra_trees": False, "feature_fraction": 0.2, "learning_rate": 0.07}
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
_CONFIDENCE = {**_PAGE, "objective": "cross_entropy", "learning_rate": 0.03}
# Articles are half of the corpora and most of the world; their few bad ones would not be learnt from otherwise.
_ARTICLES = 2.0
ROUNDS = {ALONE: 70, CONTEXT: 300, KIND: 80, CONFIDENCE: 200}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a page with blocks: what its kind is read from, and what the worth of its extraction is."""

    kind: NDArray[np.float32]
    worth: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """What models that have not seen its site say of a page: first and final scores, and the page's rows."""

    first: NDArray[np.float32]
    scores: NDArray[np.float32]
    rows: Rows | None
    models: dict[str, Forest]


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """What a page teaches: its rows if it has blocks, its kind, the F1 of what was kept, whether nothing was."""

    rows: Rows | None
    kind: str
    f1: float
    empty: bool


def fold_of(example: Example, folds: int) -> int:
    """The fold of a page: one for all pages of a site."""
    site = example.document.hints.site or example.document.doc_id
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % folds


def cross_fit(examples: Sequence[Example], folds: int = FOLDS) -> list[Unseen]:
    """For every page, what models fitted without its site say of it; pages without a kind teach only about blocks.

    The first scores that the context step learns from are themselves from models without the page's own site, as
    they will be when cleaning; so are the weights of the words in paths.
    """
    home = [fold_of(example, folds) for example in examples]
    alone = [fit_alone([e for e, own in zip(examples, home, strict=True) if own != number]) for number in range(folds)]
    firsts = [alone[number].probability(_own(example)) for example, number in zip(examples, home, strict=True)]
    counts = _Counts(examples)
    parts: list[dict[str, Forest]] = []
    scores = [np.zeros(0, np.float32)] * len(examples)
    rows: list[Rows | None] = [None] * len(examples)
    for number in range(folds):
        others = [place for place, own in enumerate(home) if own != number]
        seen, paths = counts.rows(others, [place for place, own in enumerate(home) if own == number], firsts)
        forest = fit_context([examples[i] for i in others], [firsts[i] for i in others], [seen[i] for i in others])
        parts.append({ALONE: alone[number], CONTEXT: forest, PATHS: paths})
        for place, own in enumerate(home):
            if own == number:
                scores[place], rows[place] = _see(examples[place], firsts[place], seen[place], forest)
    for number in range(folds):
        parts[number] |= fit_page(_pages(examples, scores, rows, [own != number for own in home]))
    return [
        Unseen(first, found, told, parts[number])
        for first, found, told, number in zip(firsts, scores, rows, home, strict=True)
    ]


def fit_all(examples: Sequence[Example]) -> dict[str, Forest]:
    """The forests of the model file, fitted on all pages; each step learns from what the one before says unseen."""
    unseen = cross_fit(examples)
    firsts = [page.first for page in unseen]
    seen, paths = _Counts(examples).rows(range(len(examples)), (), firsts)
    return {
        ALONE: fit_alone(examples),
        PATHS: paths,
        CONTEXT: fit_context(examples, firsts, [seen[place] for place in range(len(examples))]),
        **fit_page(_pages(examples, [p.scores for p in unseen], [p.rows for p in unseen], [True] * len(examples))),
    }


class _Counts:
    """What the words in the paths of all pages weigh, for pages that learn (without their own site) and others."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self.pages = [counting.count(example) for example in examples]
        self.sites = [example.document.hints.site or example.document.doc_id for example in examples]

    def rows(
        self, learning: Sequence[int], others: Sequence[int], firsts: Sequence[NDArray[np.float32]]
    ) -> tuple[dict[int, NDArray[np.float32]], Forest]:
        """The rows of the context step for pages by number, and the weights that the learning ones teach."""
        total = counting.add([self.pages[place] for place in learning])
        by_site: dict[str, list[int]] = {}
        for place in learning:
            by_site.setdefault(self.sites[place], []).append(place)
        result = {}
        for places in by_site.values():
            weight = counting.without(total, counting.add([self.pages[place] for place in places]))
            for place in places:
                result[place] = self._row(place, firsts[place], weight)
        for place in others:
            result[place] = self._row(place, firsts[place], counting.without(total, {}))
        return result, counting.to_forest(total)

    def _row(
        self, place: int, first: NDArray[np.float32], weight: Callable[[str], float | None]
    ) -> NDArray[np.float32]:
        segmented = self.examples[place].segmented
        if not segmented.blocks:
            return np.zeros((0, len(FEATURES) + len(CONTEXT_NAMES)), np.float32)
        return context_rows(FEATURES, segmented.features, first, [block.path for block in segmented.blocks], weight)


def fit_alone(examples: Sequence[Example]) -> Forest:
    """The forest that scores a block without regard to other scores."""
    parts = [(_own(e)[e.weights > 0], e.labels[e.weights > 0], e.weights[e.weights > 0]) for e in examples]
    return fit(*_stack(parts), FEATURES, ROUNDS[ALONE], _ALONE)


def fit_context(
    examples: Sequence[Example], firsts: Sequence[NDArray[np.float32]], seen: Sequence[NDArray[np.float32]]
) -> Forest:
    """The forest that scores the hopeful blocks again among their neighbours, from their rows in context."""
    parts = []
    for example, first, table in zip(examples, firsts, seen, strict=True):
        hopeful = first >= HOPELESS
        known = hopeful & (example.weights > 0)
        parts.append((table[known[hopeful]], example.labels[known], example.weights[known]))
    return fit(*_stack(parts), (*FEATURES, *CONTEXT_NAMES), ROUNDS[CONTEXT], _CONTEXT)


def fit_page(pages: Sequence[_Page]) -> dict[str, Forest]:
    """The forests that tell the kind of a page and the word F1 to expect of its extraction.

    Of pages that were judged to be without main content, the second knows how often that was right.
    """
    some = [(page, page.rows) for page in pages if page.rows is not None]
    clean = [(page, rows.worth) for page, rows in some if not page.empty]
    empty = [page.f1 for page in pages if page.empty]
    right = (sum(empty) + 1) / (len(empty) + 2)  # the rule of succession: few pages say little
    kind = fit(
        np.vstack([rows.kind for _, rows in some]),
        np.array([KINDS.index(page.kind) for page, _ in some], np.float32),
        np.ones(len(some), np.float32),
        html_page.names_of_row(FEATURES),
        ROUNDS[KIND],
        _KIND,
    )
    confidence = fit(
        np.vstack([worth for _, worth in clean]),
        np.array([page.f1 for page, _ in clean], np.float32),
        np.array([_ARTICLES if page.kind == "article" else 1.0 for page, _ in clean], np.float32),
        html_worth.names_of_row(FEATURES),
        ROUNDS[CONFIDENCE],
        _CONFIDENCE,
    )
    return {KIND: kind, CONFIDENCE: replace(confidence, extra={EMPTY: [round(right, 3)]})}


def kept_f1(example: Example, scores: NDArray[np.float32]) -> float:
    """The word F1 of what the scores would keep of a page."""
    blocks = example.segmented.blocks
    weight = np.array([word_count(block.text) for block in blocks], np.float64)
    threshold = html_worth.usual_cut(scores.astype(np.float64), weight)
    text = "\n".join(block.text for block, score in zip(blocks, scores, strict=True) if score >= threshold)
    return word_score(text, example.wanted).f1


def _see(
    example: Example, first: NDArray[np.float32], seen: NDArray[np.float32], forest: Forest
) -> tuple[NDArray[np.float32], Rows | None]:
    if not len(first):
        return first, None
    scores = in_context(first, seen, forest)
    own, paths = _own(example), [block.path for block in example.segmented.blocks]
    return scores, Rows(
        html_page.describe(FEATURES, own, first, scores),
        html_worth.describe(FEATURES, own, first, scores, paths),
    )


def _pages(
    examples: Sequence[Example],
    scores: Sequence[NDArray[np.float32]],
    rows: Sequence[Rows | None],
    chosen: Sequence[bool],
) -> list[_Page]:
    """What the chosen pages teach about pages; those of unknown kind teach nothing."""
    found = []
    for example, score, told, wanted in zip(examples, scores, rows, chosen, strict=True):
        if wanted and example.kind:
            empty = told is None or emptiness(example.segmented.blocks, score) is not None
            f1 = float(not example.wanted.strip()) if empty else kept_f1(example, score)
            found.append(_Page(told, example.kind, f1, empty))
    return found


def _own(example: Example) -> NDArray[np.float32]:
    return example.segmented.features[:, : len(FEATURES)]


def _stack(
    parts: Sequence[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    rows, target, weight = zip(*parts, strict=True)
    return np.vstack(rows), np.concatenate(target), np.concatenate(weight)
