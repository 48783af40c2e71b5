"""Forests decide as the boosters they were made from, and survive being written."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.learning.boosting import DETERMINISTIC, fit, to_forest
from pipeline.trees import Forest, dump, load

NAMES = ("a", "b", "c")
PARAMETERS = {**DETERMINISTIC, "objective": "cross_entropy", "num_leaves": 7, "min_data_in_leaf": 5}


def data(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(400, 3)).astype(np.float32)
    rows[:, 2] = random.integers(0, 4, 400)
    return rows, ((rows[:, 0] + rows[:, 2] > 1.5) * 0.9).astype(np.float32)


@pytest.fixture(scope="module")
def booster() -> lightgbm.Booster:
    rows, target = data(0)
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(rows, target, params=PARAMETERS), 20)


@given(seed=st.integers(0, 1000), count=st.integers(0, 50))
def test_the_forest_decides_as_its_booster(booster: lightgbm.Booster, seed: int, count: int) -> None:
    rows = data(seed)[0][:count]
    margin = to_forest(booster, NAMES).margin(rows)
    assert margin.shape == (count,)
    if count:
        np.testing.assert_allclose(margin, booster.predict(rows, raw_score=True), atol=1e-5)


def test_rows_are_decided_one_by_one_however_many_there_are(booster: lightgbm.Booster) -> None:
    forest = to_forest(booster, NAMES)
    rows = np.tile(data(3)[0], (4, 1))
    leaves = forest.leaves(rows)
    assert (forest.feature[leaves] == -1).all()
    np.testing.assert_array_equal(leaves[-9:], np.concatenate([forest.leaves(row[None]) for row in rows[-9:]]))


def test_training_and_writing_are_deterministic() -> None:
    rows, target = data(1)
    weight = np.ones(len(rows), np.float32)
    first, second = (dump({"m": fit(rows, target, weight, NAMES, 10, PARAMETERS)}) for _ in range(2))
    assert first == second


def test_a_written_forest_is_read_back(booster: lightgbm.Booster) -> None:
    forest = to_forest(booster, NAMES)
    read: Forest = load(dump({"m": forest}))["m"]
    rows = data(2)[0]
    np.testing.assert_array_equal(read.margin(rows), forest.margin(rows))
    assert read.names == NAMES


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a model"])
def test_other_bytes_are_no_model(content: bytes) -> None:
    with pytest.raises(ValueError, match="model"):
        load(content)


def test_rows_must_have_the_features_of_the_model(booster: lightgbm.Booster) -> None:
    with pytest.raises(ValueError, match="3 features"):
        to_forest(booster, NAMES).margin(np.zeros((2, 5), np.float32))
