"""The tasks at work share the processors, and what one leaves the others get."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import luigi
import pytest

import pipeline.tasks  # noqa: F401 - has Luigi use the worker that tells how many are at work
from pipeline.engine import processors

_PATIENCE = 60.0  # seconds; only a failure takes that long


class Works(luigi.Task):
    """A task in a process of its own that ends when another has, or says that its share has grown."""

    works_apart = True
    folder = luigi.Parameter()
    name = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(str(Path(self.folder) / self.name))  # type: ignore[no-untyped-call]

    def run(self) -> None:
        here = Path(self.folder)
        (here / f"{self.name}.begun").touch()
        _wait(lambda: len(list(here.glob("*.begun"))) == 2)
        shares = [processors.share()]
        (here / f"{self.name}.asked").touch()
        _wait(lambda: len(list(here.glob("*.asked"))) == 2)
        if self.name == "long":
            _wait(lambda: (here / "short").exists() and processors.share() > shares[0])
            shares.append(processors.share())
        Path(self.output().path).write_text(" ".join(map(str, shares)))


def _wait(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + _PATIENCE
    while not until() and time.monotonic() < limit:
        time.sleep(0.01)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two processors to share")
def test_the_last_task_gets_what_the_others_have_left(tmp_path: Path) -> None:
    tasks = [Works(folder=str(tmp_path), name=name) for name in ("long", "short")]  # type: ignore[no-untyped-call]
    assert luigi.build(tasks, workers=2, local_scheduler=True, log_level="WARNING")  # type: ignore[no-untyped-call]
    all_, half = len(os.sched_getaffinity(0)), len(os.sched_getaffinity(0)) // 2
    assert (tmp_path / "long").read_text() == f"{half} {all_}"


def test_no_task_is_left_without_a_processor() -> None:
    processors.tell(1_000)
    assert processors.share() == 1
    processors.tell(0)
    assert processors.share() == len(os.sched_getaffinity(0))
