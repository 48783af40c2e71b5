"""Work of one task in more than one process, since threads would wait for each other; but for reading, which Arrow does
without Python's lock."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def dealt(items: Sequence[Part], count: int) -> list[Sequence[Part]]:
    """The items in so many parts, as cards are dealt: parts for ``each``, as long as each other but for one item, and
    none of them empty."""
    return [items[number::count] for number in range(min(count, len(items)))]


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


def ahead(items: Iterable[Part]) -> Iterator[Part]:
    """The items, each of which a thread asks for while the one before is worked on."""
    source = iter(items)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, source, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, source, None)
            yield item


def handing_over(work: Callable[[Callable[[], None]], Result], meanwhile: Callable[[], None]) -> Result:
    """What the work makes, which leaves no other trace. It is told what to call once it knows that ``meanwhile`` is
    needed: from there on a copy of this process does the work, and this one what is needed.

    Where no copy can be made, or it is lost, all of the work is done here. Raises what either of the two raises.
    """
    here = os.getpid()
    ours, theirs = multiprocessing.get_context("fork").Pipe(duplex=False)
    with ours, theirs:
        try:
            found = _done(work, _leave)
            if os.getpid() != here:
                theirs.send(found)
        except _Left as left:
            theirs.close()
            found = _of_copy(left.copy, ours, meanwhile, lambda: _done(work, _stay))
        finally:
            if os.getpid() != here:
                os._exit(0)
    if isinstance(found, Exception):
        raise found
    return found


class _Left(BaseException):
    """Leads out of the work that a copy of this process, by its id, goes on with."""

    def __init__(self, copy: int) -> None:
        self.copy = copy


def _leave() -> None:
    with contextlib.suppress(OSError):  # whoever needs a process next says that there is none
        if copy := os.fork():
            raise _Left(copy)


def _stay() -> None:
    pass


def _of_copy(copy: int, pipe: Connection, meanwhile: Callable[[], None], again: Callable[[], Result]) -> Result:
    try:
        meanwhile()
        with contextlib.suppress(EOFError):
            found: Result = pipe.recv()
            return found
    finally:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):  # where nobody is told of ended processes
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
    return again()


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
