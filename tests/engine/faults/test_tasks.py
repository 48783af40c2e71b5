"""Tasks and documents that fail, hang or end their process (F3 to F10, F34, F39)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.faults.places import Trial
from tests.runs import ENVIRONMENT, ROOT

Heals = Callable[[], None]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("how", ["raise", "sys.exit", "os._exit", "C exit", "segfault", "kill"])
def test_a_task_that_does_not_end_well_is_no_success(trial: Trial, heals: Heals, how: str, workers: str) -> None:
    """F3, F4, F6, F6b, F7: raising, leaving, crashing, with one of Luigi's workers and with two."""
    output = trial.run("--workers", workers, fault={"instead of": "stories", "do": how}, code=30)
    assert output
    assert not (trial.clean / "latest").exists()
    heals()


@pytest.mark.parametrize("how", ["os._exit", "kill"])
def test_a_task_beside_another_that_does_not_end_well_is_no_success(trial: Trial, heals: Heals, how: str) -> None:
    """F3, F6: of what goes beside looking for near-duplicates, whose result stands for the next run."""
    trial.run("--workers", "2", fault={"when": "Write", "do": how}, code=30)
    assert not (trial.clean / "latest").exists()
    assert list((trial.clean / ".state/cluster").glob("*.parquet"))
    heals()


def test_the_exit_codes_hold_without_a_configuration(trial: Trial, tmp_path: Path) -> None:
    """F3b: the real command where no luigi.cfg is."""
    trial.clean.mkdir()
    (trial.clean / ".state").mkdir()
    (trial.clean / ".state" / "cluster").write_text("a file where a folder must be")
    done = subprocess.run(trial.command("--local-scheduler"), cwd=tmp_path, env=ENVIRONMENT, check=False)
    assert done.returncode == 30


@pytest.mark.parametrize(
    ("order", "code", "workers"),
    [
        ("segfault", "E_CRASH", "1"),
        ("segfault", "E_CRASH", "2"),
        ("kill", "E_CRASH", "1"),
        ("exit", "E_WORKER_EXIT", "1"),
        ("C exit", "E_WORKER_EXIT", "1"),
        ("hang", "E_TIMEOUT", "2"),  # each waits for the deadline of a document, twice
        pytest.param("hang", "E_TIMEOUT", "1", marks=pytest.mark.whole),
        pytest.param("hang in C", "E_TIMEOUT", "1", marks=pytest.mark.whole),
        ("eat", "E_MEMORY", "1"),
    ],
)
def test_a_document_that_ends_its_process_is_rejected_alone(
    trial: Trial, tmp_path: Path, order: str, code: str, workers: str
) -> None:
    """F4, F5, F8, F9, F10, F34: tried twice, then rejected; a later run with a new neighbour does not try again."""
    tally = tmp_path / "tally"
    trial.put("coast/poison.txt", f"POISON {order} at {tally}\n\nMore text.")
    trial.run("--strict", "--workers", workers, fault={"poison": True}, code=20)
    rejected = {row["doc_id"]: row["code"] for row in trial.rows("rejected.parquet")}
    assert rejected == {"coast/empty.txt": "E_EMPTY", "coast/poison.txt": code}
    assert trial.manifest["documents"] == {"clean": 3, "empty": 0, "rejected": 2, "skipped": 0}
    tries = 1 if code == "E_MEMORY" else 2  # its process lives on, and there is no doubt about the cause
    assert tally.read_text() == f"{order} 1000\n" * tries  # the kernel would take such a process first (oom_score_adj)
    trial.put("coast/new.txt", "A new neighbour came to the coast. Nobody had ever seen her before, it was said.")
    trial.run(fault={"poison": True})
    assert trial.manifest["documents"]["rejected"] == 2
    assert tally.read_text().count(order) == tries


def test_a_report_that_fails_keeps_nobody_from_the_data(trial: Trial, heals: Heals) -> None:
    """F39: the release stands, the exit code tells, and later the report is made alone."""
    trial.run(fault={"report": "fails"}, code=30)
    assert trial.manifest["documents"]["clean"] == 3
    assert not (trial.clean / "latest" / "report.html").exists()
    before = {path: path.stat().st_mtime_ns for path in trial.clean.rglob("*.parquet")}
    heals()
    assert {path: path.stat().st_mtime_ns for path in trial.clean.rglob("*.parquet")} == before


def test_the_harness_runs_this_package() -> None:
    """What is tested is the package beside the tests."""
    import pipeline

    assert Path(pipeline.__file__).is_relative_to(ROOT)
