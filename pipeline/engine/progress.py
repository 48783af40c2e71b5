"""What a person sees while a run works, at a terminal or on luigid's page; nothing where nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

_PERIOD = 0.2  # seconds between two drawings
_REPORTED_AFTER = 2.0  # seconds between two reports
Report = Callable[[str, int], None]  # takes a message and a percentage


class Progress:
    """One line on a terminal: documents done, rate, time left. Silent when ``out`` is no terminal."""

    def __init__(self, out: TextIO | None = sys.stderr) -> None:
        self._out = out if out is not None and out.isatty() else None
        self._stage, self._total, self._done, self._before = "", 0, 0, 0
        self._started = self._drawn = self._reported = 0.0
        self._report: Report | None = None

    def begin(self, stage: str, total: int, done: int = 0, report: Report | None = None) -> None:
        """A stage begins: of about ``total`` documents, ``done`` need no work; ``report`` is told from time to time."""
        self._stage, self._total, self._done, self._before = stage, total, done, done
        self._started, self._report = time.monotonic(), report
        if report is not None:
            report(self._line(0.0), self._percent)

    def advance(self) -> None:
        """One more document is done."""
        self._done += 1
        now = time.monotonic()
        if self._out and now - self._drawn >= _PERIOD:
            self._drawn = now
            self._out.write(f"\r\x1b[K{self._line(now - self._started)}")
            self._out.flush()
        if self._report is not None and now - self._reported >= _REPORTED_AFTER:
            self._reported = now
            self._report(self._line(now - self._started), self._percent)

    def end(self) -> None:
        """Leaves a clean line behind, and a last report."""
        if self._report is not None:
            self._report(self._line(time.monotonic() - self._started), self._percent)
            self._report = None
        if self._out:
            self._out.write("\r\x1b[K")
            self._out.flush()

    @property
    def _percent(self) -> int:
        return min(100, 100 * self._done // max(1, self._total))

    def _line(self, seconds: float) -> str:
        line = f"{self._stage}: {self._done:,} of about {self._total:,} documents"
        rate = (self._done - self._before) / seconds if seconds > 0 else 0.0
        if not rate:
            return line
        return f"{line}, {rate:,.0f}/s, {_span(max(0, self._total - self._done) / rate)} left"


def _span(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
