"""A page in one row of numbers from which the worth of its extraction is read: the word F1 to expect of it.

What is kept is compared with what other cuts and plain heuristics would keep of the same page. Agreement with
independent ways to the same end is the classic sign of quality where no reference is at hand (Specia and others 2018,
Quality Estimation for Machine Translation).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.html_context import expected_f1
from pipeline.classify.html_verdicts import LEAST
from pipeline.settings import Policy

_CUTS = (0.1, 0.4, 0.6, 0.75, 0.9)
_HEADINGS = tuple(f"leaf_h{level}" for level in range(1, 7))
# Prose by form alone: so many words, of which few are in links.
_PROSE_WORDS = 12
_DENSE_WORDS = 8
_PROSE_LINKS = 0.3
# Dropped words between two kept blocks that make them two islands.
_GAP_WORDS = 30
_SURE = 0.8
_DOUBT = (0.2, 0.8)
_OWN = (
    "f1", "precision", "recall", "spread", "unsure_blocks", "kept_unsure", "kept_change", "log_words",
    *(f"agrees_{cut}" for cut in _CUTS), "agrees_first", "agrees_dense", "agrees_prose", "dense_share", "prose_kept",
    "kept_in_article", "kept_items", "kept_headings", "start", "end", "widest_gap", "gaps", "islands",
    "containers", "main_container", "container_entropy",
)  # fmt: skip
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


def names_of_row(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the numbers of ``describe``, given those of the features of a block."""
    return (*(name for name in names if name.startswith("page_")), *_OWN)


@lru_cache(maxsize=4)
def _columns(names: tuple[str, ...]) -> tuple[list[int], list[int], list[int]]:
    """Where in the features stand the facts of a page; words, link density, article and item; the headings."""
    page = [place for place, name in enumerate(names) if name.startswith("page_")]
    single = [names.index(name) for name in ("words", "link_density", "above_article", "leaf_li")]
    return page, single, [names.index(name) for name in _HEADINGS]


def usual_cut(scores: Floats, words: Floats) -> float:
    """The score from which blocks of a page of unknown kind are kept by the default policy."""
    return min(max(expected_f1(scores, words)[1], LEAST), Policy().html_threshold)


def describe(
    names: Sequence[str],
    features: NDArray[np.float32],
    first: NDArray[np.float32],
    scores: NDArray[np.float32],
    paths: Sequence[str],
) -> NDArray[np.float32]:
    """The row of a page of at least one block, shape (1, len(names_of_row(names))).

    ``features`` are the features of its blocks called ``names``, ``first`` and ``scores`` the scores before and after
    context, ``paths`` the tag paths.
    """
    page, single, headings = _columns(tuple(names))
    sizes, links, article, item = features[:, single].T.astype(np.float64)
    words = np.maximum(sizes, 1.0)
    score, alone = scores.astype(np.float64), first.astype(np.float64)
    kept = score >= usual_cut(score, words)
    mass = words * kept
    size = max(float(mass.sum()), 1e-9)
    number: dict[str, int] = {}
    group = np.array([number.setdefault(path.rpartition("/")[0], len(number)) for path in paths], np.intp)
    of_kind = np.array([article > 0, item > 0, features[:, headings].max(axis=1) > 0])
    row = [
        *features[0, page].tolist(),
        *_doubts(score, alone, words, kept, size),
        *_agreement(score, alone, words, kept, links, group),
        *(of_kind @ mass / size).tolist(),
        *_layout(words, kept, size),
        *_containers(np.bincount(group, mass).astype(np.float64), size),
    ]
    return np.array([row], np.float32)


def _doubts(score: Floats, alone: Floats, words: Floats, kept: Marks, size: float) -> tuple[float, ...]:
    """What the scores themselves promise: F1, precision, recall, spread, and how much of the kept is in doubt."""
    promised = words * score
    total = max(float(promised.sum()), 1e-9)
    good = float(promised[kept].sum())
    return (
        2 * good / (size + total),
        good / size,
        good / total,
        float(np.sqrt((words * promised * (1 - score)).sum())) / total,
        int(((score > _DOUBT[0]) & (score < _DOUBT[1])).sum()),
        float(words[kept & (score < _SURE)].sum()) / size,
        float((words * np.abs(score - alone))[kept].sum()) / size,
        float(np.log(total)),
    )


def _agreement(
    score: Floats, alone: Floats, words: Floats, kept: Marks, links: Floats, group: NDArray[np.intp]
) -> tuple[float, ...]:
    """The word F1 between what is kept and other choices: by other cuts, first scores, the densest container, prose."""
    dense = np.bincount(group, words * (1 - links) * (words >= _DENSE_WORDS))
    prose = (words >= _PROSE_WORDS) & (links < _PROSE_LINKS)
    others = np.array(
        [*(score >= cut for cut in _CUTS), alone >= Policy().html_threshold, group == dense.argmax(), prose]
    )
    sizes, common = others @ words, (others & kept) @ words
    agreed = 2 * common / np.maximum(sizes + float(words[kept].sum()), 1e-9)
    return (
        *agreed.tolist(),
        float(dense.max()) / max(float(dense.sum()), 1.0),
        float(common[-1]) / max(float(sizes[-1]), 1.0),
    )


def _layout(words: Floats, kept: Marks, size: float) -> tuple[float, ...]:
    """Where the kept blocks begin and end on the page, by words, and what was dropped between them."""
    places = np.flatnonzero(kept)
    if not len(places):
        return (0.0,) * 5
    before = np.concatenate([[0.0], np.cumsum(words)])
    gaps = before[places[1:]] - before[places[:-1] + 1]
    return (
        float(before[places[0]] / before[-1]),
        float(before[places[-1] + 1] / before[-1]),
        float(gaps.max(initial=0.0)),
        float(gaps.sum()) / size,
        int((gaps > _GAP_WORDS).sum()) + 1,
    )


def _containers(masses: Floats, size: float) -> tuple[float, ...]:
    """Over how many containers the kept words are spread, the share of the largest, and the entropy."""
    shares = masses[masses > 0] / size
    return len(shares), float(shares.max(initial=0.0)), float(-(shares * np.log(shares)).sum())
