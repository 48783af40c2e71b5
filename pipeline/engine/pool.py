"""A pool of processes, one document at a time under a deadline and a memory limit.

A document that hangs, crashes or eats memory is tried once more by a fresh process and then rejected; its
neighbours are untouched. The standard pools cannot do that: one lost process breaks ``ProcessPoolExecutor`` for all
of its documents, and ``multiprocessing.Pool`` waits for it for ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.engine.progress import Progress
from pipeline.engine.supervise import die_with
from pipeline.model import Code, Rejection
from pipeline.settings import Limits
from pipeline.steps import Kit, Sourced
from pipeline.store import environment, payloads, seeds
from pipeline.store.environment import EnvironmentFault
from pipeline.store.seeds import Options

_RECYCLED_AFTER = 2_000  # documents; what a parser leaks goes with its process
_TRIES = 2
Row = dict[str, Any]


Work = Callable[[Any, Kit], Row]


@dataclass(slots=True)
class _Job:
    index: int
    item: Sourced
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Worker:
    """A process and the one document it is at: only an idle process reads its pipe, so only then may one be sent.

    With a second one on its way, parent and process can wait for each other for ever, each with a full pipe.
    """

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    ready: bool = False  # has read the tables; the time that takes is no document's
    job: _Job | None = None
    since: float = 0.0
    served: int = 0


class Pool:
    """Processes that do one kind of work and outlive a shard; ``close`` ends them. Not for use by two threads.

    ``processes`` says how many there may be; it is asked after every document, and at least one there is.
    """

    def __init__(
        self, work: Work, options: Options, processes: Callable[[], int], limits: Limits, progress: Progress
    ) -> None:
        self._work, self._options = work, options
        self._processes = processes
        self._limits = limits
        self._progress = progress
        # A copy of this process has all tables at hand and costs 10 ms; a new interpreter takes two seconds to read
        # them. A copy of a process with threads could hold a lock for ever: see ``engine.worker``, which has none here.
        self._context = multiprocessing.get_context("fork")
        self._workers: list[_Worker] = []
        self._pipes = selectors.PollSelector()  # of all processes; one made for each wait would cost more than the wait

    def map(self, items: Iterable[Sourced]) -> Iterator[Row]:
        """The work done on every item, in their order. An item whose process was lost twice gives a rejection row."""
        source = iter(items)
        done: dict[int, Row] = {}
        again: deque[_Job] = deque()
        given = taken = 0
        exhausted = False
        try:
            while True:
                for worker in self._idle(exhausted and not again):
                    if again:
                        self._send(worker, again.popleft())
                    elif (item := next(source, None)) is not None:
                        self._send(worker, _Job(given, item))
                        given += 1
                    else:
                        exhausted = True
                        break
                while taken in done:
                    yield done.pop(taken)
                    self._progress.advance()
                    taken += 1
                if exhausted and taken == given:
                    return
                self._collect(done, again)
        finally:
            if any(worker.job for worker in self._workers):  # left early: what is in flight has no taker
                self.close()

    def close(self) -> None:
        """Ends every process."""
        for worker in list(self._workers):
            self._end(worker)

    def _idle(self, done: bool) -> list[_Worker]:
        """The processes without a document, as many as there may be; those that have served long enough are replaced
        first, and none is begun when all is ``done``."""
        most = max(1, self._processes())
        for worker in [worker for worker in self._workers if not worker.job]:
            if worker.served >= _RECYCLED_AFTER or len(self._workers) > most:
                self._end(worker)
        while len(self._workers) < most and not done:
            self._workers.append(self._start())
        return [worker for worker in self._workers if worker.ready and not worker.job]

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # A forked copy has the parent's ends of all pipes: open there, they would keep it waiting for a dead parent.
        inherited = [ours, *(worker.pipe for worker in self._workers)]
        process = self._context.Process(
            target=_serve, args=(theirs, self._work, self._options, self._limits.memory_bytes, inherited), daemon=True
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._pipes.register(ours, selectors.EVENT_READ, worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        """Ends a process, whatever it is at."""
        self._pipes.unregister(worker.pipe)
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()

    def _send(self, worker: _Worker, job: _Job) -> None:
        worker.job, worker.since = job, time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # a dead process is seen, and its job given back, on collecting
            worker.pipe.send(job.item)

    def _collect(self, done: dict[int, Row], again: deque[_Job]) -> None:
        """Waits for the next results, or for the first deadline to pass."""
        deadlines = [worker.since + self._limits.seconds for worker in self._workers if worker.job]
        patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        ready = [key.data for key, _ in self._pipes.select(patience)]
        for worker in ready:
            self._receive(worker, done, again)
        for worker in [worker for worker in self._workers if worker.job and worker not in ready]:
            if time.monotonic() - worker.since >= self._limits.seconds:
                self._lose(worker, (Code.TIMEOUT, f"took longer than {self._limits.seconds:g} s"), done, again)

    def _receive(self, worker: _Worker, done: dict[int, Row], again: deque[_Job]) -> None:
        try:
            row = worker.pipe.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            cause = _cause(worker.process.exitcode)
            if not worker.ready:
                raise EnvironmentFault(f"a process of the pool cannot start: {cause[1]}") from None
            self._lose(worker, cause, done, again)
            return
        if isinstance(row, EnvironmentFault):
            raise row
        worker.ready = True
        if worker.job:
            done[worker.job.index] = row
        worker.job = None
        worker.served += 1

    def _lose(self, worker: _Worker, cause: tuple[Code, str], done: dict[int, Row], again: deque[_Job]) -> None:
        """Ends a process; the document it was at is tried once more, then rejected."""
        self._end(worker)
        job = worker.job
        if job is None:
            return
        job.tries += 1
        if job.tries < _TRIES:
            again.append(job)
            return
        code, message = cause
        item = job.item
        rejection = Rejection(item.doc_id, item.source_path, code, "worker", f"{message}, {_TRIES} times")
        done[job.index] = {
            "doc_id": item.doc_id,
            "group": item.source_path,
            "rejection": payloads.encode(rejection),
        }


def _cause(exitcode: int | None) -> tuple[Code, str]:
    if exitcode is not None and exitcode < 0:
        return Code.CRASH, f"its process was ended by {signal.Signals(-exitcode).name}"
    return Code.WORKER_EXIT, f"its process ended with exit code {exitcode}"


def _serve(pipe: Connection, work: Work, options: Options, memory_bytes: int, inherited: Sequence[Connection]) -> None:
    """What a process of the pool does until its pipe closes."""
    for other in inherited:
        other.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    die_with(os.getppid())
    most = _held() + memory_bytes  # what a forked process takes over is no document's
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # Linux alone; so that the kernel takes this process before the parent
        Path("/proc/self/oom_score_adj").write_text("1000")
    kit = seeds.load_kit(options)
    with contextlib.suppress(EOFError, ConnectionError):  # the parent closed the pipe, or is no more
        pipe.send(None)
        while True:
            pipe.send(_done(work, pipe.recv(), kit))


def _done(work: Work, item: Sourced, kit: Kit) -> Row | EnvironmentFault:
    """The row of an item; where the machine lacks what every other item needs as well, what is to be said of that."""
    try:
        return work(item, kit)
    except OSError as error:
        if not environment.exhausted(error):
            raise
        return EnvironmentFault(environment.problem(error, Path(item.source_path)))


def _held() -> int:
    """The bytes of data that this process holds, as its limit counts them (proc_pid_statm(5)); 0 if nothing tells."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    return 0
