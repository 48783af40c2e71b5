"""Documents that end the process that reads them, as their text asks; all others are read as ever."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path
from typing import Any

from pipeline import steps
from pipeline.engine import work as engine_work
from pipeline.model import Document, Rejection
from pipeline.settings import Limits
from pipeline.steps import Kit

_REAL = engine_work.work


def limits() -> Limits:
    """Short, so that a test of what hangs is short."""
    return Limits(seconds=6.0)


def work(item: Any, kit: Kit) -> Any:
    """What the product does with an item, unless it is a document with an order in its first line."""
    source = _source(item)
    if not source.startswith("POISON "):
        return _REAL(item, kit)
    order, tally = source.split("\n")[0].removeprefix("POISON ").split(" at ")
    with Path(tally).open("a") as seen:
        seen.write(f"{order} {Path('/proc/self/oom_score_adj').read_text().strip()}\n")
    match order:
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(0)
        case "C exit":
            ctypes.CDLL(None).exit(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(3600)
        case "hang in C":
            ctypes.CDLL(None).pause()
        case "eat":
            found = steps.guarded(lambda: [bytes(100_000_000) for _ in range(100)], item, "segment")
            assert isinstance(found, Rejection)
            return _REAL(found, kit)
    raise AssertionError(order)


def _source(item: Any) -> str:
    if isinstance(item, Document):
        return item.source
    return Path(item.entry.file).read_text(errors="replace") if isinstance(item, engine_work.ToRead) else ""
