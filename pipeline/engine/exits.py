"""How a run ends: its exit codes, and what the processes of a run tell the one that ends it."""

from __future__ import annotations

import contextlib
import mmap
import sys
from enum import IntEnum
from typing import NoReturn

from pipeline.store import files


class Exit(IntEnum):
    """The exit codes of ``luigi --module pipeline CleanAll``; a signal that stops a run gives 128 and its number."""

    DONE = 0
    LOCKED = 10
    REJECTED = 20
    FAILED = 30
    CONFIG = 40
    ENVIRONMENT = 50


_SHARED = mmap.mmap(-1, 1)  # one byte that all processes forked from this one see: Luigi runs tasks in some of them


def tell(code: Exit) -> None:
    """What the run is to end with, unless Luigi has worse to report."""
    _SHARED[0] = code


def told() -> Exit:
    """What was told last; ``DONE`` when nothing was."""
    return Exit(_SHARED[0])


def stop(message: str, code: Exit) -> NoReturn:
    """Ends the program with a message and an exit code."""
    say(message)
    raise SystemExit(int(code))


def say(message: str) -> None:
    """A line for the person or the log that reads standard error; nothing where there is none, or no room."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"winnow: {message}", file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Lines on standard output. Where they cannot be written, what was done stands all the same, and a line says so
    unless it is only that nobody reads any more."""
    if sys.stdout is None:
        return
    try:
        print(text, flush=True)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            say(f"standard output: {error.strerror}; the run itself is not concerned")
        files.lead_nowhere(sys.stdout.fileno())
