"""Which blocks of a page are its main content, told from the main text that people wrote down for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.text import words

_SHINGLE = 4
_WINDOW = 4


def label(texts: Sequence[str], wanted: str) -> NDArray[np.float32]:
    """The share of each block's words that the main text accounts for, shape (blocks,), 0 to 1.

    A block of four words and more is matched by its 4-grams, a shorter one as a whole phrase. Where a phrase stands
    on the page more often than in the main text, the copies with the most main text around them count.
    """
    gold = words(wanted)
    known = {
        size: Counter(zip(*(gold[start:] for start in range(size)), strict=False)) for size in range(1, _SHINGLE + 1)
    }
    runs = [words(text) for text in texts]
    share = np.array([_coverage(run, known) for run in runs], dtype=np.float32)
    size = np.array([len(run) for run in runs], dtype=np.float32)
    around = surroundings(share, size)
    by_run: dict[tuple[str, ...], list[int]] = {}
    for index, run in enumerate(runs):
        if share[index] > 0 and len(run) <= 40:
            by_run.setdefault(tuple(run), []).append(index)
    for phrase, places in by_run.items():
        allowed = known[min(len(phrase), _SHINGLE)][phrase[:_SHINGLE]]
        if len(places) > allowed:
            places.sort(key=lambda place: (-around[place], place))
            share[places[allowed:]] = 0.0
        if len(phrase) < _SHINGLE:  # a short phrase far from all main text is there by chance
            for place in places[:allowed]:
                if around[place] < 0.15:
                    share[place] = 0.0
    return share


def _coverage(run: list[str], known: dict[int, Counter[tuple[str, ...]]]) -> float:
    if not run:
        return 0.0
    size = min(len(run), _SHINGLE)
    covered = np.zeros(len(run), dtype=bool)
    grams = known[size]
    for start in range(len(run) - size + 1):
        if tuple(run[start : start + size]) in grams:
            covered[start : start + size] = True
    return float(covered.mean())


def surroundings(share: NDArray[np.float32], size: NDArray[np.float32]) -> NDArray[np.float64]:
    """The share of main text among the words of the blocks within ``_WINDOW`` places, the block itself left out."""
    weight = np.minimum(size, 60.0)
    total = np.zeros(len(share))
    good = np.zeros(len(share))
    for offset in range(-_WINDOW, _WINDOW + 1):
        if offset == 0 or abs(offset) >= len(share):
            continue
        here = slice(max(0, -offset), len(share) - max(0, offset))
        there = slice(max(0, offset), len(share) - max(0, -offset))
        total[here] += weight[there]
        good[here] += (weight * share)[there]
    return good / np.maximum(total, 1.0)
