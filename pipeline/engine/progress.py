"""What a person at a terminal sees while a run works; nothing where nobody looks."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_PERIOD = 0.2  # seconds between two drawings


class Progress:
    """One line on a terminal: documents done, rate, time left. Silent when ``out`` is no terminal."""

    def __init__(self, out: TextIO | None = sys.stderr) -> None:
        self._out = out if out is not None and out.isatty() else None
        self._stage, self._total, self._done, self._before = "", 0, 0, 0
        self._started = self._drawn = 0.0

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """A stage begins: of about ``total`` documents, ``done`` need no work."""
        self._stage, self._total, self._done, self._before = stage, total, done, done
        self._started = time.monotonic()

    def advance(self) -> None:
        """One more document is done."""
        self._done += 1
        now = time.monotonic()
        if self._out and now - self._drawn >= _PERIOD:
            self._drawn = now
            self._draw(self._out, now - self._started)

    def end(self) -> None:
        """Leaves a clean line behind."""
        if self._out:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def _draw(self, out: TextIO, seconds: float) -> None:
        rate = (self._done - self._before) / seconds if seconds > 0 else 0.0
        left = max(0, self._total - self._done) / rate if rate else 0.0
        line = f"{self._stage}: {self._done:,} of about {self._total:,} documents, {rate:,.0f}/s, {_span(left)} left"
        out.write(f"\r\x1b[K{line}")
        out.flush()


def _span(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
