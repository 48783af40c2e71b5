"""Machines that lack something: an environment, streams, file handles, processes, shared memory (F29, F30, F33)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.faults.conftest import Golden
from tests.engine.faults.places import Trial
from tests.runs import ENVIRONMENT, ROOT

Heals = Callable[[], None]


def shell(script: str, trial: Trial, *arguments: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """A shell that runs the real command as ``"$@"``."""
    done = subprocess.run(
        ["bash", "-c", script, "bash", *trial.command(*arguments)],
        cwd=ROOT,
        env=ENVIRONMENT if environment is None else environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('exec env -i PYTHONPATH="$PYTHONPATH" "$@"', id="no environment"),
        pytest.param('exec env LC_ALL=C LANG=C PYTHONUTF8=0 "$@" <&- ', id="no standard input"),
        pytest.param('exec "$@" >&- 2>&- <&-', id="no streams at all"),
        pytest.param('"$@" | true; exit ${PIPESTATUS[0]}', id="nobody reads"),
        pytest.param('exec "$@" > /dev/full', id="no room for the summary"),
        pytest.param('exec "$@" > /dev/full 2>&1', id="no room for anything"),
    ],
)
def test_from_cron(trial: Trial, golden: Golden, heals: Heals, script: str) -> None:
    """F29: with names that are no UTF-8 among the inputs; what cannot be printed is no reason to fail."""
    strange = trial.raw / os.fsdecode(b"coast/caf\xe9.txt")
    strange.write_text("")
    code, output = shell(script, trial)
    assert code == 0, output
    assert "Traceback" not in output
    trial.check()
    strange.unlink()
    heals()


def test_everything_is_on_the_disk_before_it_has_its_name(trial: Trial) -> None:
    """F30: as the kernel sees it, each file and folder is synced before it is renamed; ``--no-fsync`` never waits."""
    synced, renamed = traced(trial)
    assert renamed
    assert set(renamed) <= synced
    shutil.rmtree(trial.clean)
    synced, renamed = traced(trial, "--no-fsync")
    assert renamed
    assert not synced


def traced(trial: Trial, *arguments: str) -> tuple[set[str], list[str]]:
    """Paths below the clean folder that were synced, and temporary ones that were renamed."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    log = trial.raw.parent / "trace"
    calls = "trace=fsync,fdatasync,sync,rename,renameat,renameat2"
    script = f'exec strace -f -y -s 4096 -o {log} -e {calls} "$@"'
    code, output = shell(script, trial, *arguments)
    if "ptrace" in output.lower() and code:
        pytest.skip("may not trace processes here")
    assert code == 0, output
    told = log.read_text()
    clean = re.escape(str(trial.clean))
    synced = set(re.findall(rf"fsync\(\d+<({clean}[^>]*)>", told))
    renamed = re.findall(rf'rename(?:at2?)?\((?:[^"]*)"({clean}[^"]*\.tmp)"', told)
    if re.search(r"\bsync\(\)", told):  # the release as a whole
        synced |= {path for path in renamed if Path(path).parent.name == "releases"}
    return synced, [path for path in renamed if Path(path).parent != trial.clean]  # the link latest has no content


@pytest.mark.parametrize("handles", [*(pytest.param(few, marks=pytest.mark.whole) for few in (12, 16, 24, 32)), 20, 64])
def test_few_file_handles(trial: Trial, heals: Heals, handles: int) -> None:
    """F33: a run gets by, or stops with a message; it never blames a document."""
    code, output = shell(f'ulimit -n {handles}; exec "$@"', trial)
    assert code in (0, 50), output
    if code:
        assert "ulimit -n" in output
        assert "Traceback" not in output
    else:
        assert trial.manifest["documents"]["clean"] == 3
    heals()


@pytest.mark.parametrize(
    "processes", [2, pytest.param(1, marks=pytest.mark.whole), pytest.param(4, marks=pytest.mark.whole)]
)
def test_few_processes(trial: Trial, heals: Heals, processes: int) -> None:
    """F33: as a user for whom the limit holds, and who may read what root installed."""
    if os.geteuid() or shutil.which("setpriv") is None:
        pytest.skip("needs to be root, and setpriv to become another user")
    for path in (trial.raw.parent, trial.raw, *trial.raw.rglob("*")):
        os.chown(path, 65533, 65533)
    privileges = "--inh-caps=+dac_read_search --ambient-caps=+dac_read_search --bounding-set=-all,+dac_read_search"
    become = f"setpriv --reuid=65533 --regid=65533 --clear-groups {privileges}"
    code, output = shell(f'exec {become} bash -c \'ulimit -u {processes}; exec "$@"\' bash "$@" --no-lock', trial)
    if "setpriv" in output:
        pytest.skip(f"may not become another user: {output}")
    assert code in (0, 50), output
    if code:
        assert "winnow:" in output
        assert "Traceback" not in output
        trial.check()
    heals()


@pytest.mark.parametrize("size", ["4k", "64k"])
def test_little_shared_memory(trial: Trial, heals: Heals, size: str) -> None:
    """F33: a container's /dev/shm of 64 KB is enough; none at all is told."""
    if os.geteuid() or shutil.which("unshare") is None:
        pytest.skip("needs to be root, and unshare for a /dev/shm of its own")
    script = f'exec unshare -m bash -c \'mount -t tmpfs -o size={size} tmpfs /dev/shm && exec "$@"\' bash "$@"'
    code, output = shell(script, trial, "--workers", "2")
    if "unshare" in output or "mount:" in output:
        pytest.skip(f"may not mount: {output}")
    assert code in (0, 50), output
    assert code == 0 or size == "4k"
    heals()
