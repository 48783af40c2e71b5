"""A page in one row of numbers: what its kind is read from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.html_context import expected_f1

_BANDS = (0.1, 0.3, 0.5, 0.7, 0.9)
_AMONG_KEPT = ("link_density", "ends_sentence", "function_share", "words", "copies", "any_comment", "any_forum")
_OWN = (
    "f1", "threshold", "kept_words", "kept_share", "kept_blocks", "kept_score", "left_score", "doubt", "change",
    "first_f1", "runs", "reach", *(f"band_{edge}" for edge in _BANDS),
)  # fmt: skip


@lru_cache(1)
def columns(names: tuple[str, ...]) -> tuple[list[int], list[int], list[int], int]:
    """Where in the features of a block stand: facts of the page, what is averaged over all, over the kept; words."""
    index = {name: place for place, name in enumerate(names)}
    page = [place for name, place in index.items() if name.startswith("page_")]
    averaged = [place for name, place in index.items() if name.startswith(("says_", "any_", "leaf_"))]
    return page, averaged, [index[name] for name in _AMONG_KEPT], index["words"]


def names_of_row(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the numbers of ``describe``, given those of the features of a block."""
    page, averaged, _, _ = columns(names)
    return (
        *(names[place] for place in page),
        *(f"mean_{names[place]}" for place in averaged),
        *(f"within_{name}" for name in _AMONG_KEPT),
        *_OWN,
    )


def describe(
    names: tuple[str, ...], features: NDArray[np.float32], first: NDArray[np.float32], scores: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The row of a page of at least one block, shape (1, len(names_of_row(names))).

    ``features`` are the features of its blocks called ``names``; ``first`` and ``scores`` the
    scores before and after context.
    """
    page, averaged, among_kept, words = columns(names)
    weight = np.maximum(features[:, words].astype(np.float64), 1.0)
    share = weight / weight.sum()
    score = scores.astype(np.float64)
    f1, threshold = expected_f1(score, weight)
    kept = score >= threshold
    mass = weight * kept
    kept_words = float(mass.sum())
    inside = share * kept / max(float((share * kept).sum()), 1e-9)
    runs = int(kept[0]) + int((kept[1:] & ~kept[:-1]).sum())
    places = np.flatnonzero(kept)
    row = [
        *features[0, page],
        *(share @ features[:, averaged]),
        *(inside @ features[:, among_kept]),
        f1,
        threshold,
        kept_words,
        kept_words / float(weight.sum()),
        float(kept.sum()),
        float(inside @ score),
        float((share * ~kept) @ score),
        float(share @ (score * (1 - score))) / max(float(share @ score), 1e-9),
        float(share @ np.abs(score - first)),
        expected_f1(first.astype(np.float64), weight)[0],
        runs,
        (places[-1] - places[0] + 1) / len(kept) if len(places) else 0.0,
        *(float(share @ (score > edge)) for edge in _BANDS),
    ]
    return np.array([row], np.float32)
