"""Calls into the kernel by the hundred thousand, from more than one process: threads would wait for each other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def dealt(items: Sequence[Part], count: int) -> list[Sequence[Part]]:
    """The items in so many parts, as cards are dealt: parts for ``each``, as long as each other but for one item."""
    return [items[number::count] for number in range(count)]


def each(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """What the work makes of each part, of all but the first in a process of its own.

    Raises what the work raises in any of them, and ``RuntimeError`` where a process ends before its work is done.
    """
    context = multiprocessing.get_context("fork")
    others = []
    for part in parts[1:]:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_send, args=(theirs, work, part))
        process.start()
        theirs.close()
        others.append((process, ours))
    try:
        found: list[Result | Exception] = [_done(work, part) for part in parts[:1]]
        found += [_received(pipe) for _, pipe in others]
    finally:
        for process, pipe in others:
            pipe.close()
            process.join()
    results = []
    for result in found:
        if isinstance(result, Exception):
            raise result
        results.append(result)
    return results


def _done(work: Callable[[Part], Result], part: Part) -> Result | Exception:
    try:
        return work(part)
    except Exception as error:  # noqa: BLE001 - raised again by who asked, once the other processes have ended
        return error


def _send(pipe: Connection, work: Callable[[Part], Result], part: Part) -> None:
    pipe.send(_done(work, part))


def _received(pipe: Connection) -> Result | Exception:
    try:
        result: Result | Exception = pipe.recv()
    except EOFError:
        return RuntimeError("a process ended before its work was done")
    return result
