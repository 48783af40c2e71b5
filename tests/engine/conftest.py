"""A landing folder of its own for each test."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.runs import Place, page

NIGHTS = ("tower", "bridge", "harbour")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    raw = tmp_path / "raw"
    raw.mkdir()
    return Place(raw, tmp_path / "clean")


@pytest.fixture(scope="session")
def _three_nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    folder = tmp_path_factory.mktemp("nights")
    place = Place(folder / "raw", folder / "clean")
    return folder, tuple(night(place, subject) for subject in NIGHTS)


def night(place: Place, subject: str, *arguments: str) -> str:
    """One more page of a site, and the release that has it; all releases stay."""
    place.put(f"north/{subject}.txt", page("North", subject))
    place.run("--keep-releases", "0", *arguments)
    return place.release


@pytest.fixture
def nights(_three_nights: tuple[Path, tuple[str, ...]], tmp_path: Path) -> tuple[Place, tuple[str, ...]]:
    """A place of one's own with the releases of three nights, one page of a site more in each."""
    folder, made = _three_nights
    subprocess.run(["cp", "-a", f"{folder}/.", tmp_path], check=True)
    return Place(tmp_path / "raw", tmp_path / "clean"), made
