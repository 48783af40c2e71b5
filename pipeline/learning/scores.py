"""How near an extracted text comes to the text that was asked for, and how sure that figure is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from pipeline.text import words

SHINGLE = 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of an extraction, 0 to 1, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 when both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def word_score(extracted: str, wanted: str) -> Score:
    """Agreement of two texts as multisets of words; two empty texts agree fully."""
    return _overlap(Counter(words(extracted)), Counter(words(wanted)))


def shingle_score(extracted: str, wanted: str, size: int = SHINGLE) -> Score:
    """Agreement of two texts as multisets of runs of ``size`` words, which order and place can not flatter."""
    return _overlap(shingles(extracted, size), shingles(wanted, size))


def shingles(text: str, size: int = SHINGLE) -> Counter[tuple[str, ...]]:
    """All runs of ``size`` words of a text with their counts; a shorter text is one run."""
    run = words(text)
    if len(run) < size:
        return Counter([tuple(run)] if run else [])
    return Counter(zip(*(run[start:] for start in range(size)), strict=False))


def _overlap(found: Counter[T], wanted: Counter[T]) -> Score:
    if not found and not wanted:
        return Score(1.0, 1.0)
    if not found or not wanted:
        return Score(0.0, 0.0)
    common = (found & wanted).total()
    return Score(common / found.total(), common / wanted.total())


def bootstrap(values: Sequence[float], rounds: int = 2000, seed: int = 0) -> tuple[float, float]:
    """The 95 % percentile interval of the mean (Efron 1979), resampling pages; the same for the same values."""
    if not len(values):
        return (float("nan"), float("nan"))
    sample = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(sample), (rounds, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), [2.5, 97.5])
    return (float(low), float(high))
