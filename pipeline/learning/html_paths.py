"""What the words in ids and classes weigh, counted over pages so that no page learns from its own site."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from pipeline.classify.html_paths import keys
from pipeline.learning.html_data import Example
from pipeline.trees import Forest

# A key counts on a page up to this weight of blocks; below so many pages it is not known; few pages say little.
_FULL_PAGE = 20.0
_LEAST_PAGES = 1.5
_PRIOR = 0.35
_PRIOR_PAGES = 4.0
Counts = dict[str, tuple[float, float]]


def count(example: Example) -> Counts:
    """For each key of a page's paths how much main content stands below it, and how much that says: (good, heard)."""
    heard: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    by_path: dict[str, list[str]] = {}
    for block, label, weight in zip(example.segmented.blocks, example.labels, example.weights, strict=True):
        if weight > 0:
            if block.path not in by_path:
                by_path[block.path] = [key for step in keys(block.path) for key in step]
            for key in by_path[block.path]:
                entry = heard[key]
                entry[0] += float(weight) * float(label)
                entry[1] += float(weight)
    result = {}
    for key, (good, all_) in heard.items():
        share = min(all_, _FULL_PAGE) / _FULL_PAGE
        result[key] = (good / all_ * share, share)
    return result


def add(counts: Sequence[Counts]) -> Counts:
    """The counts of several pages together."""
    total: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for page in counts:
        for key, (good, heard) in page.items():
            total[key][0] += good
            total[key][1] += heard
    return {key: (good, heard) for key, (good, heard) in total.items()}


def without(total: Counts, own: Counts) -> Callable[[str], float | None]:
    """The weight of a key by the counts of all pages but a site's own; remembered, as keys recur on a site."""
    known: dict[str, float | None] = {}

    def weight(key: str) -> float | None:
        if key not in known:
            good, heard = total.get(key, (0.0, 0.0))
            less, fewer = own.get(key, (0.0, 0.0))
            known[key] = _log_odds(good - less, heard - fewer)
        return known[key]

    return weight


def to_forest(total: Counts) -> Forest:
    """The weights of all known keys as a forest of bare leaves, so that one file format holds the whole model."""
    weights = {key: value for key in sorted(total) if (value := _log_odds(*total[key])) is not None}
    return Forest(
        names=tuple(weights),
        feature=np.full(1, -1, np.int16),
        threshold=np.zeros(1, np.float32),
        left=np.zeros(1, np.int32),
        value=np.array(list(weights.values()), np.float32).round(2),
        roots=np.zeros(1, np.int32),
        depth=0,
        base=0.0,
        extra={},
    )


def _log_odds(good: float, heard: float) -> float | None:
    if heard < _LEAST_PAGES:
        return None
    share = (good + _PRIOR_PAGES * _PRIOR) / (heard + _PRIOR_PAGES)
    share = min(max(share, 0.01), 0.99)
    return round(math.log(share / (1 - share)), 2)
