"""A server that makes runs, places to run in, and what an undisturbed run gives."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.faults.places import Trial, fill


@dataclass(frozen=True)
class Golden:
    """The release of an undisturbed run over the four inputs, and all its files."""

    release: str
    content: dict[str, bytes]
    place: Trial


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    folder = tmp_path_factory.mktemp("golden")
    trial = Trial(folder / "raw", folder / "clean")
    fill(trial)
    trial.run()
    return Golden(trial.release, trial.content(), trial)


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """The four inputs, not yet cleaned."""
    made = Trial(tmp_path / "raw", tmp_path / "clean")
    fill(made)
    return made


@pytest.fixture
def heals(trial: Trial, golden: Golden) -> Callable[[], None]:
    """Checks that the next undisturbed run gives what a run that was never disturbed gives."""

    def check() -> None:
        trial.run()
        assert trial.release == golden.release
        assert trial.content() == golden.content
        assert not trial.leftovers()

    return check


Mount = Callable[..., AbstractContextManager[Path]]


@pytest.fixture
def mounted(tmp_path: Path) -> Mount:
    """A small file system of its own; skips where none may be mounted."""

    @contextmanager
    def mount(size: str = "8m", options: str = "") -> Iterator[Path]:
        place = tmp_path / "mounted"
        place.mkdir(exist_ok=True)
        told = f"size={size},mode=755{options}"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", told, "tmpfs", place], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"needs to mount a file system: {done.stderr.decode()}")
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)

    return mount


def remount(place: Path, options: str) -> None:
    """Other options for a mounted file system, such as another size, or no writing."""
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)
