"""What the tag path of a block says: the words in ids and classes, learnt, and where it branches off from the story."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.trees import Forest

NAMES = ("step_least", "step_most", "above_mean", "third_mean", "path_least", "path_most", "path_mean")
BRANCH_NAMES = ("branch_common", "branch_left", "branch_own", "branch_same", "branch_mass", "branch_score")
# Steps of a path that are read, nearest first; the first ones also by their place.
_DEEP = 8
_PLACED = 3
_NOTHING = (0.0, 0.0, 0.0)
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}")


def keys(path: str) -> list[tuple[str, ...]]:
    """The keys of the nearest steps of a path, nearest first: each word with its place (``0body``), then ``*body``."""
    result = []
    for place, step in enumerate(_nearest(path)):
        words = _words(step)
        placed = [f"{place}{word}" for word in words] if place < _PLACED else []
        result.append((*placed, *(f"*{word}" for word in words)))
    return result


def describe(paths: Sequence[str], weight: Callable[[str], float | None]) -> NDArray[np.float32]:
    """What the words of each block's path weigh, shape (blocks, len(NAMES)).

    ``weight`` gives the log-odds that a block below such a step is main content, or nothing for an unknown key.
    """
    scale = _Scale(weight)
    known: dict[str, tuple[float, ...]] = {}
    for path in paths:
        if path not in known:
            known[path] = scale.weigh(path)
    return np.array([known[path] for path in paths], np.float32).reshape(len(paths), len(NAMES))


class _Scale:
    """Weighs paths, and remembers for one page what their steps weigh: the same few recur in all of them."""

    def __init__(self, weight: Callable[[str], float | None]) -> None:
        self._weight = weight
        self._words: dict[str, dict[str, None]] = {}
        self._anywhere: dict[str, list[float]] = {}
        self._placed: tuple[dict[str, tuple[float, float, float]], ...] = tuple({} for _ in range(_PLACED))

    def weigh(self, path: str) -> tuple[float, ...]:
        steps = _nearest(path)
        anywhere: list[float] = []
        for step in steps:
            values = self._anywhere.get(step)
            if values is None:
                values = self._anywhere[step] = self._values("*", step)
            anywhere += values
        count = len(steps)
        least, most, _ = self._at(0, steps[0])
        above = self._at(1, steps[1])[2] if count > 1 else 0.0
        third = self._at(2, steps[2])[2] if count > 2 else 0.0
        return least, most, above, third, *_sum_up(anywhere)

    def _at(self, place: int, step: str) -> tuple[float, float, float]:
        """The least, the most and the mean that a step weighs in a place."""
        known = self._placed[place].get(step)
        if known is None:
            known = self._placed[place][step] = _sum_up(self._values(str(place), step))
        return known

    def _values(self, place: str, step: str) -> list[float]:
        words = self._words.get(step)
        if words is None:
            words = self._words[step] = _words(step)
        return [value for word in words if (value := self._weight(place + word)) is not None]


def _nearest(path: str) -> list[str]:
    return path.rsplit("/", _DEEP)[: -_DEEP - 1 : -1]


def _words(step: str) -> dict[str, None]:
    return dict.fromkeys(map(str.lower, _WORD.findall(step)))


def _sum_up(values: Sequence[float]) -> tuple[float, float, float]:
    """The least, the most and the mean of values."""
    return (min(values), max(values), sum(values) / len(values)) if values else _NOTHING


@lru_cache(maxsize=4)
def weights(forest: Forest) -> dict[str, float]:
    """The weights of a model file by key. Forests never change, so that remembering them changes no result."""
    return dict(zip(forest.names, forest.value.tolist(), strict=True))


def branches(paths: Sequence[str], mass: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float32]:
    """Where each block branches off from the path of most of the story, shape (blocks, len(BRANCH_NAMES)).

    ``weight`` are the blocks' word counts, ``mass`` these times their scores. Containers of one path count as one.
    """
    parents = [path.rpartition("/")[0] for path in paths]
    number: dict[str, int] = {}
    group = np.array([number.setdefault(parent, len(number)) for parent in parents], np.intp)
    masses = np.bincount(group, mass, len(number))
    means = masses / np.maximum(np.bincount(group, weight, len(number)), 1.0)
    best = int(masses.argmax())
    split = [parent.split("/") for parent in number]
    story = split[best]
    table = np.empty((len(number), len(BRANCH_NAMES)), np.float32)
    for index, steps in enumerate(split):
        common = 0
        for one, other in zip(steps, story, strict=False):
            if one != other:
                break
            common += 1
        table[index] = (
            common / len(story),
            len(story) - common,
            len(steps) - common,
            index == best,
            masses[index] / max(float(mass.sum()), 1e-9),
            means[index],
        )
    return table[group]
