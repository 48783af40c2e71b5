"""A landing folder of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    raw = tmp_path / "raw"
    raw.mkdir()
    return Place(raw, tmp_path / "clean")
