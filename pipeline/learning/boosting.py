"""LightGBM boosters trained the same way every time, and turned into forests that need no LightGBM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from pipeline.trees import Forest

# One thread and fixed seeds: the same rows give the same trees, bit for bit.
DETERMINISTIC = {
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "seed": 7,
    "verbose": -1,
    "use_missing": False,
}


def fit(
    rows: NDArray[np.float32],
    target: NDArray[np.float32],
    weight: NDArray[np.float32],
    names: Sequence[str],
    rounds: int,
    parameters: Mapping[str, Any],
) -> Forest:
    """A boosted forest for targets in 0 to 1 (cross-entropy), or for real targets if ``parameters`` say so."""
    settings = {**DETERMINISTIC, **parameters}
    data = lightgbm.Dataset(rows, target, weight=weight, params=settings, feature_name=list(names))
    return to_forest(lightgbm.train(settings, data, rounds), names)


def to_forest(booster: lightgbm.Booster, names: Sequence[str]) -> Forest:
    """The forest that decides as the booster does on float32 rows without missing values."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    depth = 0
    for tree in booster.dump_model()["tree_info"]:
        roots.append(len(feature))
        _reserve(feature, threshold, left, value, 1)
        waiting = [(tree["tree_structure"], roots[-1], 0)]
        while waiting:
            node, place, level = waiting.pop()
            depth = max(depth, level)
            if "split_feature" not in node:
                left[place] = place
                value[place] = node["leaf_value"]
                continue
            value[place] = node["internal_value"]  # unused in scores; explanations read it
            if node["decision_type"] != "<=":
                raise ValueError(f"splits by {node['decision_type']!r} are not supported")
            feature[place] = node["split_feature"]
            threshold[place] = _round_down(node["threshold"])
            left[place] = len(feature)
            _reserve(feature, threshold, left, value, 2)
            waiting.append((node["left_child"], left[place], level + 1))
            waiting.append((node["right_child"], left[place] + 1, level + 1))
    return Forest(
        names=tuple(names),
        feature=np.array(feature, np.int16),
        threshold=np.array(threshold, np.float32),
        left=np.array(left, np.int32),
        value=np.array(value, np.float32),
        roots=np.array(roots, np.int32),
        depth=depth,
        base=0.0,
        extra={},
    )


def _reserve(feature: list[int], threshold: list[float], left: list[int], value: list[float], count: int) -> None:
    feature += [-1] * count
    threshold += [0.0] * count
    left += [0] * count
    value += [0.0] * count


def _round_down(threshold: float) -> float:
    """The largest float32 not above a threshold: for float32 values the comparison then comes out the same."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))
