"""Training of the line classifier: the same corpora give the same model, byte for byte, on one kind of processor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.classify import text_context
from pipeline.classify.text_stages import (
    ALONE,
    CONTEXT,
    LEXICAL_NAMES,
    NET,
    VECTORS,
    WORDS,
    alone_rows,
    context_rows,
)
from pipeline.glyphs import BUCKET_BITS, Glyphs
from pipeline.learning.boosting import fit
from pipeline.learning.text_damage import variants
from pipeline.learning.text_data import LabelledPage, batches, folds, read_pages
from pipeline.learning.text_net import bag_of, fit_net
from pipeline.learning.text_net_gradient import Example
from pipeline.learning.text_snippets import read_snippet_pages
from pipeline.model import Segmented
from pipeline.plain import NAMES
from pipeline.trees import Forest, dump

FOLDS = 5
SHARE = 0.08
"""The share of pages that training sees with each kind of damage."""
MOST_LINES = 120
"""Of a page with more known lines, every second, third or so teaches, and counts for those left out: in folds that
changed nothing but the time."""
PARAMETERS = {"objective": "binary", "max_depth": 8, "min_data_in_leaf": 200, "max_bin": 127}
ALONE_NAMES = (*NAMES, *LEXICAL_NAMES)
CONTEXT_NAMES = (*ALONE_NAMES, *text_context.NAMES)
_WORDS_COLUMN = NAMES.index("words")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A segmented page with the label of each block, -1 where it is unknown."""

    page: LabelledPage
    segmented: Segmented
    glyphs: Glyphs
    labels: NDArray[np.int8]


def samples(pages: Sequence[LabelledPage]) -> list[Sample]:
    """The pages that have blocks, read once."""
    return [
        Sample(page, segmented, glyphs.read([block.text for block in segmented.blocks]), labels)
        for page, segmented, labels in batches(list(pages))
    ]


def train(corpus: Path, out: Path) -> None:
    """Train on all labelled pages below ``corpus`` and write the model to ``out``."""
    pages = [*variants(read_pages(corpus), SHARE), *read_snippet_pages(corpus)]
    out.write_bytes(dump(fit_models(samples(pages))))


def fit_models(train_on: Sequence[Sample]) -> dict[str, Forest]:
    """The parts of the model: word weights, the line alone, the line in context, the network beside it.

    Each stage learns from what the stage before says of sites it has not seen, as it will when cleaning.
    """
    fold = folds([sample.page.site for sample in train_on], FOLDS)
    rows: list[NDArray[np.float32]] = [np.zeros((0, 0), dtype=np.float32)] * len(train_on)
    for number in range(FOLDS):
        weights = word_weights([sample for sample, own in zip(train_on, fold, strict=True) if own != number])
        for index in np.flatnonzero(fold == number).tolist():
            rows[index] = alone_rows(train_on[index].segmented, train_on[index].glyphs, weights)
    alone: list[NDArray[np.float32]] = [np.zeros(0, dtype=np.float32)] * len(train_on)
    for number in range(FOLDS):
        model = fit_alone([(train_on[i], rows[i]) for i in np.flatnonzero(fold != number).tolist()])
        for index in np.flatnonzero(fold == number).tolist():
            alone[index] = model.probability(rows[index])
    first = fit_alone(list(zip(train_on, rows, strict=True)))
    full = [context_rows(rows[i], ALONE_NAMES, alone[i], sample.glyphs) for i, sample in enumerate(train_on)]
    second = fit_context(list(zip(train_on, full, strict=True)))
    vectors, net = fit_net(
        [
            Example(
                np.ascontiguousarray(full[i]),
                alone[i],
                bag_of(sample.glyphs),
                np.maximum(sample.labels, 0),
                _weights(sample),
            )
            for i, sample in enumerate(train_on)
        ]
    )
    parts = {WORDS: word_forest(word_weights(train_on)), ALONE: first, CONTEXT: second}
    return {**parts, VECTORS: vectors, NET: net}


def fit_alone(data: Sequence[tuple[Sample, NDArray[np.float32]]]) -> Forest:
    """The first stage, from samples and their rows."""
    return fit(*_stack(data), ALONE_NAMES, 40, {**PARAMETERS, "num_leaves": 31, "learning_rate": 0.15})


def fit_context(data: Sequence[tuple[Sample, NDArray[np.float32]]]) -> Forest:
    """The second stage, from samples and their rows."""
    return fit(*_stack(data), CONTEXT_NAMES, 90, {**PARAMETERS, "num_leaves": 40, "learning_rate": 0.12})


def _stack(
    data: Sequence[tuple[Sample, NDArray[np.float32]]],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    rows, labels, weights = [], [], []
    for number, (sample, own) in enumerate(data):
        known = np.flatnonzero(sample.labels >= 0)
        weight = _weights(sample)[known]
        step = -(-len(known) // MOST_LINES) or 1
        chosen = slice(number % step, None, step)
        rows.append(own[known[chosen]])
        labels.append(sample.labels[known[chosen]].astype(np.float32))
        weights.append((weight[chosen] * step).astype(np.float32))
    return np.concatenate(rows), np.concatenate(labels), np.concatenate(weights)


def _weights(sample: Sample) -> NDArray[np.float32]:
    """How much each line of a page counts in training, none where its label is unknown."""
    words = np.expm1(sample.segmented.features[:, _WORDS_COLUMN])
    weight = np.sqrt(words + 1.0) * (sample.labels >= 0)
    # A page of a thousand lines must not outweigh ten of a hundred.
    return np.asarray(weight / np.sqrt(max(float(weight.sum()), 1.0)), dtype=np.float32)


def word_weights(train_on: Sequence[Sample]) -> NDArray[np.float32]:
    """A log-odds of story against furniture for each word bucket, from how many sites use it in either."""
    size = 1 << BUCKET_BITS
    seen = [set(), set()]  # type: list[set[int]]
    sites = {site: number for number, site in enumerate(sorted({sample.page.site for sample in train_on}))}
    for sample in train_on:
        labels = sample.labels[sample.glyphs.word_lines]
        base = sites[sample.page.site] * size
        for label in (0, 1):
            seen[label].update(np.unique(sample.glyphs.buckets[labels == label]).astype(np.int64) + base)
    counts = [
        np.bincount(np.fromiter(pairs, dtype=np.int64, count=len(pairs)) % size, minlength=size) for pairs in seen
    ]
    furniture, story = (count + 1.0 for count in counts)
    odds = np.log(story / furniture)
    odds[(counts[0] + counts[1]) < 3] = 0.0
    return (np.round(np.clip(odds, -4, 4) * 16) / 16).astype(np.float32)


def word_forest(weights: NDArray[np.float32]) -> Forest:
    """Word weights as a forest of bare leaves, so that one file format holds the whole model."""
    size = len(weights)
    return Forest(
        names=("bucket",),
        feature=np.full(1, -1, dtype=np.int16),
        threshold=np.zeros(1, dtype=np.float32),
        left=np.zeros(1, dtype=np.int32),
        value=weights,
        roots=np.zeros(1, dtype=np.int32),
        depth=0,
        base=0.0,
        extra={"size": [float(size)]},
    )
