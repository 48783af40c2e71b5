"""Inputs, rules and clocks that change, and names and times at their limits (F22 to F27, F31, F36)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine.shards import Shards
from pipeline.settings import Limits
from pipeline.store.landing import known, scan
from tests.engine.faults.conftest import Golden
from tests.engine.faults.places import Trial
from tests.runs import ENVIRONMENT, LUIGI, ROOT

Heals = Callable[[], None]


def test_a_changed_rule_or_line_of_code_is_no_old_result(trial: Trial, tmp_path: Path) -> None:
    """F22: a copy of the package whose seed tables, and then whose code, are changed, over the same results."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "pipeline", copy / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "seeds", copy / "seeds")
    trial.put("coast/barge.txt", "The barge Windrose IV lay at the quay for a week. Everybody went to see it there.")

    def release() -> str:
        folders = ["--raw", str(trial.raw), "--clean", str(trial.clean)]
        command = [str(LUIGI), "--local-scheduler", "--module", "pipeline", "CleanAll", *folders]
        environment = {**ENVIRONMENT, "PYTHONPATH": str(copy)}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        trial.check()
        return trial.release

    first = release()
    shutil.copyfile(ROOT / "tests" / "engine" / "own_family.toml", copy / "seeds" / "names" / "barges.toml")
    second = release()
    assert second != first
    assert "Windrose-4" in (trial.clean / "latest/text/coast/barge.txt.txt").read_text()
    with (copy / "pipeline" / "steps.py").open("a") as code:
        code.write(
            "\n\n_name = name\n\n\n"
            "def name(decided: Decided, kit: Kit) -> Named:\n"
            "    return replace(_name(decided, kit), title='ANOTHER TITLE')\n"
        )
    third = release()
    assert third != second
    assert (trial.clean / "latest/text/coast/barge.txt.txt").read_text().startswith("ANOTHER TITLE\n")
    with (copy / "pipeline" / "render.py").open("a") as code:  # what only the text files show
        code.write("\n\n_page = page\n\n\ndef page(*parts: str | None) -> str:\n    return _page(*parts).upper()\n")
    assert release() != third
    assert "WINDROSE-4" in (trial.clean / "latest/text/coast/barge.txt.txt").read_text()


def test_an_input_that_changed_after_it_was_done(trial: Trial, heals: Heals) -> None:
    """F23: seen by its content, also when size and time are as before."""
    trial.run()
    path = trial.raw / "coast/market.txt"
    before, status = path.read_bytes(), path.stat()
    other = trial.raw / ".other"
    other.write_bytes(before.replace(b"lamp", b"pump").replace(b"wall", b"well"))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)  # another inode: that much must tell
    assert path.read_bytes() != before
    first = trial.release
    trial.run()
    assert trial.release != first
    path.write_bytes(before)
    heals()


@pytest.mark.parametrize(("workers", "between"), [("1", True), ("1", False), ("2", False)])
@pytest.mark.parametrize(("how", "code"), [("change", "E_CHANGED_WHILE_READ"), ("remove", "E_VANISHED")])
def test_an_input_that_changes_or_goes_in_mid_run(
    trial: Trial, heals: Heals, how: str, code: str, workers: str, between: bool
) -> None:
    """F24, F25: rejected for this run with exit 0, taken up by the next one; no mixed bytes are ever cleaned.

    What comes back as it was seen at first stands under the keys of a run that could not read it.
    """
    path = trial.raw / "coast/market.txt"
    before, status = path.read_bytes(), path.stat()
    trial.run("--workers", workers, fault={"when": "Segment", "do": how, "path": str(path)})
    assert {row["doc_id"]: row["code"] for row in trial.rows("rejected.parquet")}["coast/market.txt"] == code
    Path(f"{path}.fired").unlink()
    if between:
        trial.run()
        rejected = [row["doc_id"] for row in trial.rows("rejected.parquet")]
        assert "coast/market.txt" not in rejected
    path.write_bytes(before)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    heals()


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.whole)])
@pytest.mark.parametrize("jump", ["tomorrow", "yesterday"])
@pytest.mark.parametrize("when", ["Segment", "Publish"])
def test_a_clock_that_jumps_in_mid_run(
    trial: Trial, golden: Golden, heals: Heals, jump: str, when: str, workers: str
) -> None:
    """F26: no deadline and no order hangs on it."""
    trial.run("--workers", workers, fault={"when": when, "do": jump})
    assert trial.content() == golden.content
    heals()


@pytest.mark.parametrize("year", [-2_524_521_600, 0, 4_102_444_800], ids=["1890", "1970", "2100"])
def test_files_from_other_centuries(trial: Trial, golden: Golden, year: int) -> None:
    """F27: as far as the file system can tell; their time orders nothing."""
    for path in trial.raw.rglob("*.txt"):
        os.utime(path, (year, year))
    trial.run()
    assert trial.content() == golden.content
    assert trial.run() == ""


def test_names_of_255_bytes(trial: Trial) -> None:
    """F31: of a file, of a folder, and in letters that take three bytes each."""
    names = ["n" * 255, "n" * 251 + ".txt", "塔" * 85, "d" * 255 + "/" + "f" * 255]
    for name in names:
        trial.put(f"coast/{name}", (trial.raw / "valley/tower.txt").read_bytes())
    trial.run()
    assert trial.manifest["documents"]["clean"] == 3 + len(names)
    assert {row["doc_id"] for row in trial.rows("documents")} >= {f"coast/{name}" for name in names}
    assert trial.run() == ""


def test_shards_are_few_however_many_inputs(tmp_path: Path) -> None:
    """F36: 20,000 inputs are a handful of tasks, and the shards of a million are in the hundreds."""
    for folder in range(20):
        (tmp_path / "raw" / str(folder)).mkdir(parents=True)
        for number in range(1_000):
            (tmp_path / "raw" / str(folder) / str(number)).touch()
    found = scan(tmp_path / "raw", known(tmp_path / "cache"), Limits())
    assert found.count == 20_000
    assert Shards(found).count <= 64
    assert Shards(found, 256).count == 256
