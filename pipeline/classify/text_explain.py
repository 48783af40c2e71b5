"""Which features weighed most in a line's probability: the path of each tree, split by split (Saabas 2014)."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.trees import Forest

TOP = 3
_DISTANCE = re.compile(r"[+-]\d+$|_\d+$")


def strongest(forest: Forest, leaves: NDArray[np.intp]) -> tuple[tuple[str, ...], ...]:
    """For each row the names of the three features that moved its score furthest, with the direction they moved it.

    ``leaves`` are those that ``Forest.leaves`` gives, shape (rows, trees). The inner nodes of the forest must carry
    the mean value of what is below them.
    """
    names, shares = _leaf_shares(forest)
    total = np.zeros((len(leaves), len(names)), dtype=np.float32)
    for tree in range(leaves.shape[1]):
        total += shares[leaves[:, tree]]
    best = np.argsort(-np.abs(total), axis=1, kind="stable")[:, :TOP]
    up = np.take_along_axis(total, best, axis=1) > 0
    signed = (tuple(f"-{name}" for name in names), tuple(f"+{name}" for name in names))
    return tuple(
        tuple(signed[raised][column] for column, raised in zip(columns, ups, strict=True))
        for columns, ups in zip(best.tolist(), up.tolist(), strict=True)
    )


@lru_cache(maxsize=4)
def _leaf_shares(forest: Forest) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Names of features, and what each adds to the value on the way from the root to each node, shape (nodes, names).

    A feature seen at several distances (``alone-1``, ``alone+2``, ``mass_above_5``) counts as one, by its stem.
    Forests never change, so that remembering the result of one changes no result.
    """
    stems = [_DISTANCE.sub("", name) for name in forest.names]
    names = tuple(dict.fromkeys(stems))
    column = np.array([names.index(stem) for stem in stems])
    shares = np.zeros((len(forest.feature), len(names)), dtype=np.float32)
    level = forest.roots
    while len(level):
        inner = level[forest.feature[level] >= 0]
        for step in (0, 1):
            child = forest.left[inner] + step
            shares[child] = shares[inner]
            shares[child, column[forest.feature[inner]]] += forest.value[child] - forest.value[inner]
        level = np.concatenate([forest.left[inner], forest.left[inner] + 1])
    return names, shares
