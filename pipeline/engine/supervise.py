"""The process that outlives a run: it waits, ends everything that the run started, and gives the exit code.

A run can be ended by what no code of its own can answer: a signal in the middle of a call into C, a library that
calls ``exit(0)``, the kernel's want of memory. So the run goes on in a child, and its parent is told by the kernel
how it ended. A stop is then a crash and a sweep, and that is a way that every run has to survive anyway (Candea and
Fox, "Crash-Only Software", HotOS 2003).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from pipeline.engine import exits, lock
from pipeline.engine.exits import Exit
from pipeline.store import files

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE = 4.0  # seconds for killed processes to be gone
_ENDED = b"\0"  # what a run says last; folders have no such name


def supervise() -> None:
    """Returns in a new process, where the run goes on; the old one waits for it and ends with its exit code.

    When that process is told to stop, everything below it is killed and its temporary files are removed. When the
    run's process ends with 0 before its work is done, the exit code says so.
    """
    watched = {number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, *watched})
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    news, telling = os.pipe()
    parent = os.getpid()
    gc.freeze()  # the packages stay to the end, when each of the two would look through them for garbage: .1 s
    child = os.fork()
    if child:
        os.close(telling)
        raise SystemExit(_outlive(child, watched, news))
    os.close(news)
    os.set_blocking(telling, False)
    _TELLING.append(telling)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the parent decides what it ends
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    die_with(parent)
    os.register_at_fork(after_in_child=lambda: die_with(os.getppid()))


_TELLING: list[int] = []  # the end of the pipe to the parent, in a supervised process


def working_in(folder: Path) -> None:
    """Lets the parent know a folder that this run holds the lock of."""
    _tell(os.fsencode(folder.resolve()) + b"\n")


def ended() -> None:
    """Lets the parent know that the run came to its end, and that its exit code means what it says."""
    _tell(_ENDED + b"\n")


def _tell(line: bytes) -> None:
    for descriptor in _TELLING:
        with contextlib.suppress(BlockingIOError):  # thousands of folders: the last ones keep their temporary files
            os.write(descriptor, line)


def die_with(parent: int) -> None:
    """Has the kernel end this process when its parent ends, so that none is left behind."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(Exit.FAILED)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _outlive(child: int, watched: AbstractSet[signal.Signals], news: int) -> int:
    while True:
        number = signal.sigwait({signal.SIGCHLD, *watched})
        if number != signal.SIGCHLD:
            _end_descendants()
            _clear_up(_read_all(news))
            exits.say(f"stopped by {signal.Signals(number).name}")
            return 128 + number
        status = _reap(child)
        if status is not None:
            _end_descendants()
            told = _read_all(news)
            code = _verdict(os.waitstatus_to_exitcode(status), _ENDED in told)
            if code != Exit.DONE:
                _clear_up(told)
            return code


def _reap(child: int) -> int | None:
    """The child's status, once it has one; the children that it left behind come to this process and go."""
    found = None
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            pid, status = ended
            if pid == child:
                found = status
    return found


def _end_descendants() -> None:
    """Kills what the run left, and waits until all are gone: orphans come to this process, their reaper."""
    until = time.monotonic() + _PATIENCE
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            for pid in _children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.005)


def _children() -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone by now
            _, parent, *_ = status.read_bytes().rpartition(b")")[2].split()
            if int(parent) == os.getpid():
                found.append(int(status.parent.name))
    return found


def _verdict(code: int, complete: bool) -> int:
    if code < 0:
        number = signal.Signals(-code)
        exits.say(f"the run's process was ended by {number.name}; what it had done stands, run again")
        return 128 + number if number in _STOPPING else Exit.FAILED
    if code == Exit.DONE and not complete:
        exits.say("the run's process ended before its work was done; what it had done stands, run again")
        return Exit.FAILED
    return code


def _read_all(news: int) -> list[bytes]:
    os.set_blocking(news, False)  # a descendant that cannot be killed may still hold the other end
    told = b""
    with contextlib.suppress(BlockingIOError):
        while part := os.read(news, 1 << 16):
            told += part
    return told.split(b"\n")


def _clear_up(told: list[bytes]) -> None:
    """Removes the temporary files of the run where no other run has begun since."""
    for line in told:
        folder = Path(os.fsdecode(line))
        if line in (b"", _ENDED) or not folder.is_dir():
            continue
        try:
            if lock.hold(folder):
                files.sweep(folder)
        except OSError as error:  # what is wrong there was told already; the next run sweeps
            print(f"winnow: {folder}: {error.strerror}", file=sys.stderr)
