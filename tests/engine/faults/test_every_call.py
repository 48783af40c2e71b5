"""Every call that changes the disk fails in turn, as SQLite tests itself: the n-th one, for n = 1, 2, 3 ...

For each n until a run passes untouched, and for each kind of failure: nothing half-made stands, the exit code tells,
and the next run gives the release of an undisturbed run byte for byte.

``make test-faults`` makes all of them fail, ``make test`` some: every ``_STRIDE``-th, another part in each kind.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.store import environment
from tests.engine.faults.conftest import Golden
from tests.engine.faults.places import Trial

_NEVER = 1_000_000
_STRIDE = 40
KINDS = ["EIO", "ENOSPC", "kill"]


def outcome(trial: Trial, number: int, how: str, below: str, *arguments: str, little: bool = False) -> tuple[int, str]:
    fault = {"call": number, "how": how, "below": f"{trial.clean}{below}", "little": little}
    return trial.disturbed(*arguments, fault=fault)


def fails_at(
    trial: Trial, golden: Golden, number: int, how: str, below: str = "", *arguments: str, little: bool = False
) -> bool:
    """Whether there is an n-th call below a folder; what must hold after it failed is checked."""
    code, output = outcome(trial, number, how, below, *arguments, little=little)
    trial.check()
    if not re.search(rf"^call {number}: ", output, re.MULTILINE):
        assert code == 0, output
        return False
    # A call that fails in clearing up, or under a name that need not be linked, may be survived.
    assert code in ({30} if how == "kill" else {0, 50}), output
    assert code != 0 or trial.content() == golden.content
    if code == 50:
        assert re.search("^winnow: .*(No space left|Input/output error)", output, re.MULTILINE), output
    trial.run()
    assert trial.content() == golden.content
    assert not trial.leftovers()
    return True


def begin_again(trial: Trial, earlier: Trial | None) -> None:
    """An empty clean folder, or one that an earlier run over other inputs left."""
    shutil.rmtree(trial.clean, ignore_errors=True)
    if earlier is not None:
        shutil.copytree(earlier.clean, trial.clean, symlinks=True)


@pytest.fixture
def earlier(trial: Trial, tmp_path: Path) -> Trial:
    """A release over one input less, to be followed by the next."""
    made = replace(trial, raw=tmp_path / "fewer", clean=tmp_path / "earlier")
    shutil.copytree(trial.raw, made.raw)
    (made.raw / "coast/market.txt").unlink()
    made.run()
    return made


@pytest.fixture
def spared(earlier: Trial, tmp_path: Path) -> Trial:
    """The same after a release over another input less, which is kept no longer: its text files are the spare."""
    made = replace(earlier, clean=tmp_path / "spared")
    market = made.raw / "coast/market.txt"
    gone = next(path for path in sorted(made.raw.rglob("*.txt")) if path != market)
    content, status = gone.read_bytes(), gone.stat()
    gone.unlink()
    made.run("--keep-releases", "1")
    gone.write_bytes(content)
    os.utime(gone, ns=(status.st_atime_ns, status.st_mtime_ns))
    made.run("--keep-releases", "1")
    assert (made.clean / ".state/spare/text").is_dir()
    return made


# The last ones where next to nothing seems to have changed, so that one process makes the release.
OVER = ["nothing", "an earlier release", "a spare", "little but a release", "little but a spare"]


@pytest.fixture
def before(over: str, request: pytest.FixtureRequest) -> Trial | None:
    """What the folder holds before the run that is disturbed."""
    if over == "nothing":
        return None
    made: Trial = request.getfixturevalue("earlier" if over.endswith("release") else "spared")
    return made


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("how", KINDS)
def test_some_calls_fail(trial: Trial, golden: Golden, before: Trial | None, over: str, how: str) -> None:
    """A sample, for every change."""
    number = 1 + KINDS.index(how) * _STRIDE // len(KINDS)
    found = 0
    while True:
        begin_again(trial, before)
        if not fails_at(trial, golden, number, how, "", "--keep-releases", "1", little=over.startswith("little")):
            break
        found += 1
        number += _STRIDE
    assert found >= 1


@pytest.mark.whole
@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("how", KINDS)
def test_every_call_fails(trial: Trial, golden: Golden, before: Trial | None, over: str, how: str) -> None:
    """All of them."""
    number = 1
    while True:
        begin_again(trial, before)
        if not fails_at(trial, golden, number, how, "", "--keep-releases", "1", little=over.startswith("little")):
            break
        number += 1
    assert number > 60


@pytest.mark.parametrize("number", [1, 4, 8, 9, 14, 16])
@pytest.mark.parametrize("how", KINDS)
def test_writing_the_first_texts_fails(trial: Trial, golden: Golden, how: str, number: int) -> None:
    """What one of two workers does beside the other is the first that changes anything below the releases."""
    assert fails_at(trial, golden, number, how, "/releases", "--workers", "2")


def test_the_calls_are_counted(trial: Trial, golden: Golden) -> None:
    """That counting alone changes nothing, so that what the other tests see is the failure."""
    assert outcome(trial, _NEVER, "EIO", "")[0] == 0
    assert trial.content() == golden.content


def test_the_failures_are_those_that_stop_a_run() -> None:
    """The kinds above are the machine's fault in the product's eyes."""
    for how in KINDS[:2]:
        error = OSError(getattr(errno, how), how, "file")
        assert environment.problem(error, Path())
