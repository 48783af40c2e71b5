"""Faults that are made to happen in a run: when a task starts, in a document, or at the n-th call that changes a disk.

Used by the harness, and by the real command as ``luigi --module tests.engine.faults.inject CleanAll`` with the fault
as JSON in the environment (``WINNOW_FAULT``).
"""

from __future__ import annotations

import ctypes
import errno
import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import luigi

from pipeline import parameters, report, tasks
from pipeline.engine import batch, plan, work
from tests.engine.faults import poison

Fault = dict[str, Any]


def prepare(fault: Fault) -> None:
    """Arranges for the fault to happen in this process and those forked from it, in a run that sees so ``little``
    change, where that is asked for, that one process makes the release."""
    if fault.get("little"):
        plan._MANY = 1
    match fault:
        case {"when": task, "do": what}:
            _at_start(getattr(tasks, task), what, fault.get("path", ""))
        case {"instead of": "stories", "do": what}:
            batch.stories = lambda *_: _do(what, fault.get("path", ""))  # type: ignore[assignment]
        case {"poison": _}:
            work.work = poison.work
            parameters.Limits = poison.limits  # type: ignore[misc,assignment]
        case {"report": "fails"}:
            report.page = _fail  # type: ignore[assignment]
        case {"call": number, "how": how, "below": folder}:
            Calls(number, how, folder).install()
        case _:
            raise ValueError(fault)


def _fail(*_: object) -> str:
    raise KeyError("a fault in the report's code")


def _at_start(task: type[luigi.Task], what: str, path: str) -> None:
    """Once, when a task of a kind is about to run, in the process where it is."""
    fired = Path(f"{path}.fired") if path else None

    def happen(_: luigi.Task) -> None:
        if fired and fired.exists():
            return
        if fired:
            fired.touch()
        _do(what, path)

    task.event_handler(luigi.Event.START)(happen)  # type: ignore[no-untyped-call]


def _do(what: str, path: str) -> None:
    actions: dict[str, Callable[[], object]] = {
        "os._exit": lambda: os._exit(0),
        "C exit": lambda: ctypes.CDLL(None).exit(0),
        "sys.exit": lambda: sys.exit(3),
        "raise": lambda: _fail(),
        "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "change": lambda: Path(path).write_text("Another text has come, and it is a long one, while the run went on."),
        "remove": lambda: Path(path).unlink(),
        "remove tree": lambda: shutil.rmtree(path),
        "tomorrow": lambda: _jump(86_400),
        "yesterday": lambda: _jump(-86_400),
    }
    actions[what]()


def _jump(seconds: int) -> None:
    """The clock of this process is another from now on, as after a correction."""
    now, now_ns = time.time, time.time_ns
    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + seconds * 1_000_000_000


class Calls:
    """Counts the calls that change what lies below a folder, and lets the n-th fail or end the process.

    The count is shared by threads, and with processes that fork from this one. ``how`` is the name of an error
    number, or ``kill``, which ends a write half-way.
    """

    _BY_PATH = ("mkdir", "rename", "replace", "link", "symlink", "unlink", "rmdir")

    def __init__(self, number: int, how: str, folder: str) -> None:
        import mmap

        self._number, self._how, self._folder = number, how, folder
        self._count, self._lock = mmap.mmap(-1, 8), multiprocessing.Lock()
        self._descriptors: set[int] = set()
        self._open, self._close, self._write = os.open, os.close, os.write

    def install(self) -> None:
        for name in self._BY_PATH:
            setattr(os, name, self._by_path(name, getattr(os, name)))
        os.fsync = self._on_descriptor("fsync", os.fsync)
        os.write = self._on_descriptor("write", os.write)  # type: ignore[assignment]
        os.open, os.close = self._opening, self._closing  # type: ignore[assignment]

    def _concerns(self, path: object) -> bool:
        return isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(self._folder)

    def _by_path(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            if any(map(self._concerns, arguments)):
                self._next(name, arguments[-1])
            return call(*arguments, **named)

        return counted

    def _on_descriptor(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(descriptor: int, *arguments: Any) -> Any:
            if descriptor in self._descriptors:
                self._next(name, descriptor, *arguments)
            return call(descriptor, *arguments)

        return counted

    def _opening(self, path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        concerns = self._concerns(path)
        if concerns and flags & (os.O_WRONLY | os.O_RDWR):
            self._next("open", path)
        descriptor = self._open(path, flags, *arguments, **named)
        if concerns:
            self._descriptors.add(descriptor)
        return descriptor

    def _closing(self, descriptor: int) -> None:
        self._descriptors.discard(descriptor)
        self._close(descriptor)

    def _next(self, name: str, *arguments: Any) -> None:
        with self._lock:
            count = int.from_bytes(self._count[:8], "little") + 1
            self._count[:8] = count.to_bytes(8, "little")
        if count != self._number:
            return
        print(f"call {count}: {name} {arguments[0]} {self._how}", file=sys.stderr, flush=True)
        if self._how == "kill":
            if name == "write":
                self._write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        number = getattr(errno, self._how)
        raise OSError(number, os.strerror(number))


if "WINNOW_FAULT" in os.environ:
    prepare(json.loads(os.environ["WINNOW_FAULT"]))
