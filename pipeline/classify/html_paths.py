"""What the tag path of a block says: the words in ids and classes, learnt, and where it branches off from the story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.trees import Forest

NAMES = ("step_least", "step_most", "above_mean", "third_mean", "path_least", "path_most", "path_mean")
BRANCH_NAMES = ("branch_common", "branch_left", "branch_own", "branch_same", "branch_mass", "branch_score")
# Steps of a path that are read, nearest first; the first ones also by their place.
_DEEP = 8
_PLACED = 3
_PLACES = ("*", *map(str, range(_PLACED)))
_BEYOND = (0,) * _DEEP
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}")
_LOWER_LETTERS = bytes(code if chr(code) in "\nabcdefghijklmnopqrstuvwxyz" else 0x20 for code in range(256))
Floats = NDArray[np.float64]


def keys(path: str) -> list[tuple[str, ...]]:
    """The keys of the nearest steps of a path, nearest first: each word with its place (``0body``), then ``*body``."""
    steps = _nearest(path)
    result = []
    for place, words in enumerate(_words(steps)):
        placed = [f"{place}{word}" for word in words] if place < _PLACED else []
        result.append((*placed, *(f"*{word}" for word in words)))
    return result


def describe(paths: Sequence[str], weight: Callable[[str], float | None]) -> NDArray[np.float32]:
    """What the words of each block's path weigh, shape (blocks, len(NAMES)).

    ``weight`` gives the log-odds that a block below such a step is main content, or nothing for an unknown key. Paths
    recur from block to block and steps from path to path: each is read once, and all steps at once.
    """
    if not paths:
        return np.zeros((0, len(NAMES)), np.float32)
    place_of = {path: place for place, path in enumerate(dict.fromkeys(paths))}
    split = [_nearest(path) for path in place_of]
    number = {step: place for place, step in enumerate(dict.fromkeys(chain.from_iterable(split)), 1)}
    # Beyond the end of a path stands the step of number 0, which has no words.
    steps = np.array([[*map(number.__getitem__, path), *_BEYOND[len(path) :]] for path in split])
    least, most, total, count = _sums(_words(number), weight)
    anywhere, nearest, above, third = range(len(_PLACES))
    first = steps[:, 0]
    table = np.column_stack(
        [
            _or_nothing(least[nearest, first]),
            _or_nothing(most[nearest, first]),
            _mean(total[above, steps[:, 1]], count[above, steps[:, 1]]),
            _mean(total[third, steps[:, 2]], count[third, steps[:, 2]]),
            _or_nothing(least[anywhere, steps].min(axis=1)),
            _or_nothing(most[anywhere, steps].max(axis=1)),
            _mean(total[anywhere, steps].sum(axis=1), count[anywhere, steps].sum(axis=1)),
        ]
    ).astype(np.float32)
    return table[[place_of[path] for path in paths]]


def _sums(steps: Sequence[Iterable[str]], weight: Callable[[str], float | None]) -> tuple[Floats, ...]:
    """The least, the most, the sum and the number of what the words of each step weigh anywhere and in each place.

    Shape (1 + _PLACED, 1 + steps) each; the first step is none.
    """
    # A word that weighs nothing opens every step, so that none is without words.
    known = {"": 0}
    opened = [("", *words) for words in ((), *steps)]
    flat = np.array([known.setdefault(word, len(known)) for words in opened for word in words])
    sizes = np.fromiter(map(len, opened), np.intp, len(opened))
    starts = np.cumsum(sizes) - sizes
    weights = np.array([[weight(place + word) for word in known] for place in _PLACES], np.float64)
    heard = np.isfinite(weights)
    least = np.minimum.reduceat(np.where(heard, weights, np.inf)[:, flat], starts, axis=1)
    most = np.maximum.reduceat(np.where(heard, weights, -np.inf)[:, flat], starts, axis=1)
    total = np.add.reduceat(np.where(heard, weights, 0.0)[:, flat], starts, axis=1)
    return least, most, total, np.add.reduceat(heard[:, flat].astype(np.float64), starts, axis=1)


def _or_nothing(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def _mean(total: Floats, count: Floats) -> Floats:
    result: Floats = total / np.maximum(count, 1.0)
    return result


def _nearest(path: str) -> list[str]:
    return path.rsplit("/", _DEEP)[: -_DEEP - 1 : -1]


def _words(steps: Iterable[str]) -> list[dict[str, None]]:
    """The words of two letters and more of each step, in lower case, each once and in their order."""
    found = []
    lines = "\n".join(steps)
    plain = lines.encode("ascii", "replace").translate(_LOWER_LETTERS).decode("ascii")
    for step, words in zip(lines.split("\n"), plain.split("\n"), strict=True):
        if step == step.lower():  # no humps that begin a word
            found.append(dict.fromkeys([word for word in words.split() if len(word) > 1]))
        else:
            found.append(dict.fromkeys(map(str.lower, _WORD.findall(step))))
    return found


@lru_cache(maxsize=4)
def weights(forest: Forest) -> dict[str, float]:
    """The weights of a model file by key. Forests never change, so that remembering them changes no result."""
    return dict(zip(forest.names, forest.value.tolist(), strict=True))


def branches(paths: Sequence[str], mass: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float32]:
    """Where each block branches off from the path of most of the story, shape (blocks, len(BRANCH_NAMES)).

    ``weight`` are the blocks' word counts, ``mass`` these times their scores. Containers of one path count as one.
    """
    parent_of = {path: path.rpartition("/")[0] for path in dict.fromkeys(paths)}
    number = {parent: place for place, parent in enumerate(dict.fromkeys(parent_of.values()))}
    group = np.array([number[parent_of[path]] for path in paths], np.intp)
    masses = np.bincount(group, mass, len(number))
    means = masses / np.maximum(np.bincount(group, weight, len(number)), 1.0)
    best = int(masses.argmax())
    split = [parent.split("/") for parent in number]
    story = split[best]
    common = np.array([_common(steps, story) for steps in split])
    depth = np.array([len(steps) for steps in split])
    table = np.column_stack(
        [
            common / len(story),
            len(story) - common,
            depth - common,
            np.arange(len(split)) == best,
            masses / max(float(mass.sum()), 1e-9),
            means,
        ]
    ).astype(np.float32)
    return table[group]


def _common(steps: Sequence[str], others: Sequence[str]) -> int:
    """How many steps two paths share from the top."""
    count = 0
    for one, other in zip(steps, others, strict=False):
        if one != other:
            break
        count += 1
    return count
