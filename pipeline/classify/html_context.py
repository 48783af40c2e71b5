"""Each block seen again among its neighbours, once all have a first score: a block alone, then in context.

The two steps follow jusText (Pomikálek 2011), with learnt trees in both places.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

NEAR = (-4, -3, -2, -1, 1, 2, 3, 4)
WINDOWS = (3, 8, 20)
LEVELS = ("own", "parent", "third", "article")
NAMES = (
    "score",
    *(f"score{offset:+d}" for offset in NEAR),
    *(f"window_{reach}" for reach in WINDOWS),
    *(f"{level}_score" for level in LEVELS),
    *(f"{level}_mass" for level in LEVELS),
    "group_score", "group_best", "mass_before", "mass_after", "since_strong", "until_strong", "rank",
    "section_score", "page_mass", "page_share", "page_best", "page_f1", "page_threshold", "page_doubt",
)  # fmt: skip
_IDEOGRAPH = re.compile(r"[\u2e80-\u2fff\u3040-\u9fff]")
_STRONG = 0.5
_FAR = 60.0


def context(
    scores: NDArray[np.float32], words: NDArray[np.float32], headings: NDArray[np.bool_], spans: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the first scores of a page say around each block, shape (blocks, len(NAMES)).

    ``words`` are the blocks' word counts, ``headings`` marks headings, ``spans`` are the feature columns
    ``markup.places.SPANS``.
    """
    score = scores.astype(np.float64)
    weight = np.maximum(words.astype(np.float64), 1.0)
    mass = score * weight
    count = len(score)
    total = max(float(mass.sum()), 1e-9)
    running_mass = np.concatenate([[0.0], np.cumsum(mass)])
    running_weight = np.concatenate([[0.0], np.cumsum(weight)])
    edges = spans.astype(np.int64)
    index = np.arange(count)

    def mean(first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = (running_mass[end] - running_mass[first]) / np.maximum(
            running_weight[end] - running_weight[first], 1.0
        )
        return result

    reach = max(NEAR)
    padded = np.zeros(count + 2 * reach)
    padded[reach : reach + count] = score
    levels = [(edges[:, 2 * level], edges[:, 2 * level + 1]) for level in range(len(LEVELS))]
    best_f1, threshold = expected_f1(score, weight)
    page = (
        total,
        total / float(weight.sum()),
        float(score.max()),
        best_f1,
        threshold,
        float((weight * score * (1 - score)).sum()) / total,
    )
    columns = [
        score,
        *(padded[reach + offset : reach + offset + count] for offset in NEAR),
        *(mean(np.maximum(index - size, 0), np.minimum(index + size + 1, count)) for size in WINDOWS),
        *(mean(first, end) for first, end in levels),
        *((running_mass[end] - running_mass[first]) / total for first, end in levels),
        *_groups(score, mass, weight, edges[:, -1]),
        running_mass[:-1] / total,
        1 - running_mass[1:] / total,
        *_distances(score >= _STRONG, index),
        np.argsort(np.argsort(-score, kind="stable"), kind="stable") / count,
        _section(headings, index, mean),
        *(np.full(count, value) for value in page),
    ]
    return np.column_stack(columns).astype(np.float32)


def word_count(text: str) -> int:
    """The words of a text, two ideographs counting as one."""
    count = text.count(" ") + text.count("\n") + 1
    return count if text.isascii() else count + len(_IDEOGRAPH.findall(text)) // 2


def expected_f1(score: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """The highest word F1 to be expected from any threshold on calibrated scores, and that threshold.

    Keeping what scores above half of the best F1 is optimal for F1 (Lipton, Elkan and Narayanaswamy 2014).
    """
    if not len(score):
        return 0.0, _STRONG
    order = np.argsort(-score, kind="stable")
    good = np.cumsum((weight * score)[order])
    values = 2 * good / np.maximum(np.cumsum(weight[order]) + good[-1], 1e-9)
    best = float(values.max())
    return best, best / 2


def _groups(
    score: NDArray[np.float64], mass: NDArray[np.float64], weight: NDArray[np.float64], group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kinds = int(group.max()) + 1
    mean = np.bincount(group, mass, kinds) / np.bincount(group, weight, kinds).clip(1e-9)
    best = np.zeros(kinds)
    np.maximum.at(best, group, score)
    return mean[group], best[group]


def _distances(strong: NDArray[np.bool_], index: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many blocks lie between a block and the nearest strong one before and after it."""
    count = len(index)
    before = np.maximum.accumulate(np.where(strong, index, -count))
    before = np.concatenate([[-count], before[:-1]])
    after = np.minimum.accumulate(np.where(strong, index, 2 * count)[::-1])[::-1]
    after = np.concatenate([after[1:], [2 * count]])
    return np.minimum(index - before, _FAR), np.minimum(after - index, _FAR)


def _section(headings: NDArray[np.bool_], index: NDArray[np.int64], mean: object) -> NDArray[np.float64]:
    """The mean score of what follows a block up to the next heading."""
    count = len(index)
    following = np.minimum.accumulate(np.where(headings, index, count)[::-1])[::-1]
    following = np.concatenate([following[1:], [count]])
    first = np.minimum(index + 1, count)
    assert callable(mean)
    result: NDArray[np.float64] = mean(first, np.maximum(following, first))
    return result
