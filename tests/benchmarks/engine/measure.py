"""Runs of the real command, with what they take: wall time, and the peak memory of each of their processes."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine.takeover import MADE
from pipeline.store import rows
from tests.runs import LUIGI, ROOT

_PERIOD = 0.05  # seconds between two looks at the processes
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
STAGES = ("segment", "stories", "profile", "clean", "names", "cluster", "tables")


@dataclass
class Taken:
    """What a run took: seconds by the clock and of the processors, which other programs on a busy machine disturb
    less, and peaks of resident memory in MB: of the main process (and the one that watches over it), and of the
    largest of those that work on shards and documents."""

    seconds: float = 0.0
    cpu: float = 0.0
    main: float = 0.0
    workers: float = 0.0
    made: dict[str, str] = field(default_factory=dict)  # by stage, results and rows that were not taken over


@dataclass(frozen=True)
class Place:
    """A landing folder and a clean folder for runs that are measured."""

    raw: Path
    clean: Path

    def run(self, *arguments: str) -> Taken:
        """Runs ``CleanAll`` and waits for it."""
        standing = {path: path.stat().st_ino for path in self._results()}  # a run removes what no release needs
        taken = watch(LUIGI, "--module", "pipeline", "CleanAll", "--raw", self.raw, "--clean", self.clean, *arguments)
        taken.made = self._made(standing)
        return taken

    def _results(self) -> Iterator[Path]:
        for stage in STAGES:
            yield from (p for p in (self.clean / ".state" / stage).glob("*.parquet") if p.name.count(".") == 1)

    def _made(self, standing: dict[Path, int]) -> dict[str, str]:
        """By stage, how many results are new, and how many of their groups of rows were made and not taken over.

        A result that is only another name of an earlier file counts nothing.
        """
        seen = set(standing.values())
        found: dict[str, list[int]] = {}
        for path in self._results():
            if path not in standing and path.stat().st_ino not in seen:
                counts = found.setdefault(path.parent.name, [0, 0])
                counts[0] += 1
                counts[1] += int(rows.facts(path).get(MADE, 0))
        return {stage: f"{found[stage][0]} files/{found[stage][1]} rows" for stage in STAGES if stage in found}


def watch(*command: str | Path) -> Taken:
    """Runs a command and waits for it; the benchmark ends when it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before, begun = _cpu(), time.monotonic()
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    taken = Taken()
    while process.poll() is None:
        run = [process.pid, *_children(process.pid)]
        taken.main = max([taken.main, *map(_peak, run)])
        taken.workers = max([taken.workers, *(_peak(worker) for main in run[1:] for worker in _below(main))])
        time.sleep(_PERIOD)
    taken.seconds, taken.cpu = time.monotonic() - begun, _cpu() - before
    if process.returncode:
        sys.exit(f"{command[0]} ended with exit code {process.returncode}")
    return taken


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(process: int) -> float:
    """The peak of a process's resident memory so far, in MB; 0 when it is gone."""
    try:
        found = _PEAK.search(Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def _children(process: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


def _below(process: int) -> Iterator[int]:
    """All living descendants of a process."""
    for child in _children(process):
        yield child
        yield from _below(child)
