"""Luigi's worker with what it lacks: it notices every end of a task's process, and a run ends as it should.

Luigi 3.8.1 waits for ever for a task whose process ends with exit code 0 and no answer, ends itself where a library
calls ``exit``, and goes on with the next task when the disk is full.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import luigi
import luigi.worker
from luigi.cmdline_parser import CmdlineParser

from pipeline.engine import exits, processors, supervise
from pipeline.engine.exits import Exit
from pipeline.store import environment, files

_FAILED = "FAILED"  # as Luigi's scheduler spells it
_HERE = Path()


class Worker(luigi.worker.Worker):
    """The worker of a run that the luigi command began."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        exits.tell(Exit.DONE)
        self._answered_for: set[int | None] = set()
        try:
            if CmdlineParser.get_instance():  # type: ignore[no-untyped-call]  # a program that calls luigi.build goes on after the run
                supervise.supervise()
            super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        except OSError as error:
            _stop_if_environment(error)
            raise

    def __enter__(self) -> Worker:
        try:
            super().__enter__()  # type: ignore[no-untyped-call]
        except RuntimeError as error:  # no thread to be had
            _stop_if_environment(error)
            raise
        return self

    def run(self) -> bool:
        """Works until nothing is left; ends the program where the exit code is not Luigi's to know."""
        try:
            succeeded: bool = super().run()  # type: ignore[no-untyped-call]
        except (OSError, RuntimeError) as error:  # no thread to be had, among others
            _stop_if_environment(error)
            raise
        self._stop_if_told()
        supervise.ended()
        if succeeded and exits.told() is Exit.REJECTED:
            raise SystemExit(int(Exit.REJECTED))
        return succeeded

    def _create_task_process(self, task: luigi.Task) -> luigi.worker.TaskProcess:
        process: luigi.worker.TaskProcess = super()._create_task_process(task)  # type: ignore[no-untyped-call]
        if getattr(task, "only_asks", False) and process.timeout_time is None:
            process.use_multiprocessing = False  # to fork would cost more than the asking, each time anew
        elif getattr(task, "works_apart", False):
            process.use_multiprocessing = True
            processors.tell(self.worker_processes)  # there may be more to come at once
        return process

    def _handle_next_task(self) -> None:
        # Luigi has nothing else to begin before one of these has ended.
        processors.tell(sum(process.use_multiprocessing for process in self._running_tasks.values()))
        super()._handle_next_task()  # type: ignore[no-untyped-call]
        self._stop_if_told()

    def _purge_children(self) -> None:
        """Answers for a process that ended without an answer; Luigi does so when its exit code is not 0."""
        gone = {key: process for key, process in self._running_tasks.items() if _is_over(process)}
        # What a process answered was in the queue before it ended, so an empty queue now is no answer.
        if gone and self._task_result_queue.empty():
            for key, process in gone.items():
                self._answer_for(key, process)
        super()._purge_children()  # type: ignore[no-untyped-call]

    def _answer_for(self, key: str, process: luigi.worker.TaskProcess) -> None:
        if process.pid in self._answered_for:
            return
        self._answered_for.add(process.pid)
        message = f"the process of {key} ended with exit code {process.exitcode} before its work was done"
        exits.say(message)
        if process.exitcode == 0:
            self._task_result_queue.put((key, _FAILED, message, [], []))

    def _stop_if_told(self) -> None:
        if exits.told() is Exit.ENVIRONMENT:  # every other task would fail of the same
            raise SystemExit(int(Exit.ENVIRONMENT))


def _is_over(process: luigi.worker.TaskProcess) -> bool:
    return process.use_multiprocessing and not process.is_alive()


def _stop_if_environment(error: Exception) -> None:
    if message := environment.problem(error, _HERE):
        exits.stop(message, Exit.ENVIRONMENT)


def install() -> None:
    """Has the luigi command use this worker, and its log leave out what a line has told."""
    files.open_streams()
    luigi.worker.Worker = Worker  # type: ignore[misc]
    logging.getLogger("luigi-interface").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a record says more than the message that ends the run: its traceback does not, on a full disk."""
    error = record.exc_info[1] if record.exc_info else None
    return error is None or environment.problem(error, _HERE) is None
