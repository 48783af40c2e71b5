"""The gazetteer of the repository, read once."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from pipeline.names import Gazetteer, read_gazetteer
from tests.conftest import ROOT


def seed_tables() -> dict[str, dict[str, Any]]:
    """The tables of ``seeds/names``, keyed by file name."""
    return {path.name: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "seeds" / "names").glob("*.toml")}


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return read_gazetteer(seed_tables())
