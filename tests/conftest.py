"""Where the data beside the repository lies, for the tests that read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.runs import LUIGI, ROOT, Place, told

settings.register_profile("untimed", deadline=None)  # on a busy machine anything can take its time
settings.load_profile("untimed")

SHARED = Path(os.environ.get("WINNOW_SHARED", ROOT.parent / "shared"))


def shared(*parts: str) -> Path:
    """A file or folder of the shared data; the test is skipped where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the shared data folder (WINNOW_SHARED)")
    return path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample corpus, cleaned once by the real command for all tests that only look."""
    place = Place(ROOT / "raw", tmp_path_factory.mktemp("sample") / "clean")
    told(LUIGI, "--module", "pipeline", "CleanAll", "--raw", place.raw, "--clean", place.clean)
    return place
