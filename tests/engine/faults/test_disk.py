"""Disks that are full, read-only, forbidden, or two (F11, F12, F16 to F18, F32, F35, F40)."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.faults.conftest import Golden, Mount, remount
from tests.engine.faults.places import Trial
from tests.runs import ENVIRONMENT, ROOT

NOBODY = 65534
UNPRIVILEGED = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]  # root, but bound by permissions


def test_a_full_disk_stops_the_run_at_once(trial: Trial, golden: Golden, mounted: Mount) -> None:
    """F11, F12, F35: wherever it becomes full, no document is blamed, and with more room the run goes on."""
    reached = set()
    for size in range(20, 160, 20):
        with mounted(f"{size}k") as place:
            full = replace(trial, clean=place / "clean")
            before = fingerprint(trial.raw)
            code, output = full.disturbed()
            reached.add(code)
            full.check()
            if code:
                assert code == 50, output
                assert f"winnow: {place}" in output
                assert "No space left on device" in output
                assert "bytes free" in output
                assert "Traceback" not in output
                assert not full.leftovers()
            assert fingerprint(trial.raw) == before
            remount(place, "size=8m")
            full.run()
            assert full.content() == golden.content
    assert 50 in reached


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_disk_without_inodes(trial: Trial, golden: Golden, mounted: Mount, workers: str) -> None:
    """F11: full in another way, by one of two workers as well."""
    with mounted("8m", ",nr_inodes=24") as place:
        full = replace(trial, clean=place / "clean")
        assert "No space left" in full.run("--workers", workers, code=50)
        remount(place, "nr_inodes=500")
        full.run()
        assert full.content() == golden.content


def test_a_read_only_folder(trial: Trial, golden: Golden, mounted: Mount) -> None:
    """F17, F18: with nothing to do all is well, with anything to do it is told before the first document."""
    with mounted() as place:
        shown = replace(trial, clean=place / "clean")
        shown.run()
        remount(place, "ro")
        assert shown.run() == ""
        empty = replace(trial, clean=place / "other")
        assert "Read-only file system" in empty.run(code=50)
        shown.put("coast/new.txt", "A new page that has to be read.")
        assert "Read-only file system" in shown.run(code=50)
        assert shown.release == golden.release
        remount(place, "rw")
        shown.run()
        assert shown.manifest["inputs"] == 5


def test_a_folder_that_belongs_to_another(trial: Trial, golden: Golden) -> None:
    """F40: root-owned leftovers, and inputs that may not be read: the first stop the run, the others are listed."""
    trial.run()
    unreadable = trial.put("coast/secret.txt", "Nobody may read this page.")
    unreadable.chmod(0)
    os.chown(unreadable, NOBODY, NOBODY)
    for path in (trial.clean, *trial.clean.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    code, output = unprivileged(trial)
    assert code == 50, output
    assert f"winnow: {trial.clean}" in output
    assert "Permission denied" in output
    shutil.rmtree(trial.clean)
    code, output = unprivileged(trial)
    assert code == 0, output
    assert {row["doc_id"]: row["code"] for row in trial.rows("rejected.parquet")}["coast/secret.txt"] == "E_PERMISSION"
    trial.check()
    unreadable.unlink()
    trial.run()
    assert trial.content() == golden.content


def unprivileged(trial: Trial) -> tuple[int, str]:
    if os.geteuid() or shutil.which("setpriv") is None:
        pytest.skip("needs to be root, and setpriv to give its rights away")
    command = [*UNPRIVILEGED, *trial.command()]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_modes_of_files_are_those_of_whoever_runs_it(trial: Trial, mask: int) -> None:
    """F40: umask decides, and a stricter one today is no obstacle to the run of tomorrow."""
    command = ["sh", "-c", f'umask {mask:04o}; exec "$@"', "sh", *trial.command()]
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True)
    for path in trial.clean.rglob("*"):
        if not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o777 if path.is_dir() else 0o666) & ~mask, path
    assert trial.run() == ""


def test_stage_results_on_another_file_system_than_releases(trial: Trial, golden: Golden, mounted: Mount) -> None:
    """F32: what cannot be linked is copied; temporary files are always beside their final names."""
    with mounted() as place:
        trial.clean.mkdir()
        (trial.clean / ".state").symlink_to(place)
        (trial.raw / "coast/market.txt").rename(trial.raw.with_name("market.txt"))
        trial.run("--keep-releases", "1")
        trial.raw.with_name("market.txt").rename(trial.raw / "coast/market.txt")
        trial.run("--keep-releases", "1")
        assert trial.content() == golden.content
        assert len(trial.releases) == 1  # the one before could not be moved to where a spare lies
        assert not (place / "spare").exists()
        assert not list(place.rglob(".winnow-*"))


@pytest.mark.parametrize("stage", ["Stories", "Cluster", "Publish"])
def test_the_folder_of_results_is_deleted_in_mid_run(
    trial: Trial, heals: Callable[[], None], golden: Golden, stage: str
) -> None:
    """F16: exit 30, or 0 where all of it was made again; never a success without a release."""
    fault = {"when": stage, "do": "remove tree", "path": str(trial.clean)}
    code, output = trial.disturbed(fault=fault)
    assert code in (0, 30), output
    assert code or trial.content() == golden.content
    heals()
