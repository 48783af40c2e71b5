"""Runs that are killed, stopped, or begun twice (F1, F2, F13, F14, F15, F28), by the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.faults.places import Trial
from tests.runs import ENVIRONMENT, ROOT, story

Heals = Callable[[], None]
SLOW_STOP = 5.0  # seconds; the contract's, not a measurement


def begin(trial: Trial, *arguments: str) -> subprocess.Popen[str]:
    """The real command over documents of which one hangs, under way: the hanging document has been reached."""
    tally = trial.raw.parent / "tally"
    trial.put("coast/hangs.txt", f"POISON hang at {tally}\n\nText.")
    # A session of its own, so that what outlives the run can be found.
    running = subprocess.Popen(
        trial.command(*arguments, module="tests.engine.faults.inject"),
        cwd=ROOT,
        env={**ENVIRONMENT, "WINNOW_FAULT": json.dumps({"poison": True})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while not tally.exists():
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.02)
    return running


def descendants(session: int) -> list[str]:
    """The processes of a session that still run, by their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, its_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append((folder / "cmdline").read_text())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL], ids=lambda s: s.name)
def test_a_stop_leaves_nothing_behind(trial: Trial, heals: Heals, number: signal.Signals, workers: str) -> None:
    """F1, F2, F15: in the midst of a hanging document; the lock goes with its process, kill -9 leaves what is swept."""
    if workers == "2" and number is signal.SIGHUP:
        pytest.skip("as the other signals")
    if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("the tests were started by nohup, and so are the runs, which a hang-up must not stop then")
    running = begin(trial, "--workers", workers)
    os.kill(running.pid, number)
    output, _ = running.communicate(timeout=SLOW_STOP)
    assert running.returncode == (-9 if number is signal.SIGKILL else 128 + number), output
    assert "Traceback" not in output
    until = time.monotonic() + SLOW_STOP
    while descendants(running.pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert descendants(running.pid) == []
    if number is not signal.SIGKILL:
        assert not trial.leftovers()
    (trial.raw / "coast/hangs.txt").unlink()
    heals()


def test_killing_only_the_working_process_is_told(trial: Trial, heals: Heals) -> None:
    """F1, F10: what the kernel does that is out of memory; the process that waits gives the exit code."""
    running = begin(trial)
    (worker,) = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()[:1]
    os.kill(int(worker), signal.SIGKILL)
    output, _ = running.communicate(timeout=SLOW_STOP)
    assert running.returncode == 30
    assert "SIGKILL" in output
    assert descendants(running.pid) == []
    assert not trial.leftovers()
    (trial.raw / "coast/hangs.txt").unlink()
    heals()


@pytest.mark.parametrize("arguments", [(), ("--keep-captions", "--shards", "3")], ids=["the same", "other flags"])
def test_a_second_run_at_once_is_turned_away(trial: Trial, heals: Heals, arguments: tuple[str, ...]) -> None:
    """F13, F14: whatever its command line is."""
    running = begin(trial)
    assert "another run" in trial.run(*arguments, code=10)
    running.terminate()
    assert running.wait(timeout=SLOW_STOP) == 143
    (trial.raw / "coast/hangs.txt").unlink()
    heals()


def test_a_killed_write_is_swept(trial: Trial, heals: Heals) -> None:
    """F1: half a file beside its final name, by a process whose number another one has by now (F15)."""
    left = trial.clean / ".state" / "segment" / f".winnow-{os.getpid()}-0123abcd.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"PAR1 and no end")
    heals()
    assert not left.exists()


@pytest.mark.parametrize("zone", ["UTC", pytest.param("Pacific/Apia", marks=pytest.mark.whole)])
def test_a_run_that_cron_starts_twice_does_nothing_the_second_time(trial: Trial, zone: str) -> None:
    """F28: the night with two two o'clocks; the zone of the clock is in no result."""
    environment = {**ENVIRONMENT, "TZ": zone}
    first = subprocess.run(trial.command(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    release = trial.release
    again = subprocess.run(trial.command(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert trial.release == release


def test_a_closed_terminal_does_not_end_a_run_under_nohup(trial: Trial) -> None:
    """F2: who ignores a signal goes on ignoring it."""
    ignoring = (
        f"import os, signal, sys; signal.signal({signal.SIGHUP}, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", ignoring, *trial.command()],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (trial.clean / ".lock").exists():
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=120) == 0


def test_the_next_release_is_the_same_after_a_stop_with_new_pages(trial: Trial) -> None:
    """F1 over an older release: that one stands until the new one is whole."""
    trial.run()
    before = trial.release
    trial.put("coast/harbour.txt", story("harbour"))
    running = begin(trial)
    running.kill()
    running.wait()
    assert trial.release == before
    trial.check()
    (trial.raw / "coast/hangs.txt").unlink()
    trial.run()
    assert trial.manifest["documents"]["clean"] == 4
    assert not trial.leftovers()
