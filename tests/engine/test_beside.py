"""Work in several processes: all of it, in order, and no failure in any of them goes unheard."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from pipeline.engine import beside


def work(part: int) -> tuple[int, int]:
    if part == 13:
        raise OSError(28, "No space left on device", "page")
    if part == 99:
        os._exit(0)
    return part * 2, os.getpid()


def test_results_come_in_order_from_processes_of_their_own() -> None:
    found = beside.each(work, [1, 2, 3])
    assert [result for result, _ in found] == [2, 4, 6]
    assert len({process for _, process in found}) == 3
    assert found[0][1] == os.getpid()
    assert beside.each(work, []) == []


@pytest.mark.parametrize("parts", [[13, 1], [1, 13]])
def test_an_error_is_raised_with_its_number(parts: list[int]) -> None:
    with pytest.raises(OSError, match="No space left") as raised:
        beside.each(work, parts)
    assert (raised.value.errno, raised.value.filename) == (28, "page")


def test_a_process_that_ends_early_is_told() -> None:
    with pytest.raises(RuntimeError, match="before its work was done"):
        beside.each(work, [1, 99])


@pytest.mark.parametrize("needed", [True, False])
def test_a_copy_goes_on_with_work_once_something_else_is_needed(needed: bool) -> None:
    said = []

    def work(leave: Callable[[], None]) -> tuple[list[int], int]:
        begun = [os.getpid()]
        if needed:
            leave()
        return [*begun, os.getpid()], len(said)

    (before, after), heard = beside.handing_over(work, lambda: said.append("meanwhile"))
    assert (before == os.getpid(), after == before) == (True, not needed)
    assert (said, heard) == (["meanwhile"] * needed, 0)
    if needed:
        with pytest.raises(ProcessLookupError):
            os.kill(after, 0)


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), 9)])
def test_what_a_lost_copy_was_at_is_done_here(end: Callable[[], None]) -> None:
    here = os.getpid()

    def work(leave: Callable[[], None]) -> int:
        leave()
        if os.getpid() != here:
            end()
        return os.getpid()

    assert beside.handing_over(work, list) == here


def test_work_goes_on_here_where_there_can_be_no_copy() -> None:
    said: list[str] = []

    def work(leave: Callable[[], None]) -> int:
        leave()
        return os.getpid()

    def no_process() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fork", no_process)
        assert beside.handing_over(work, lambda: said.append("meanwhile")) == os.getpid()
    assert not said


def test_errors_of_both_are_raised_and_no_copy_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, copies = os.fork, []

    def noted() -> int:
        copies.append(fork())
        return copies[-1]

    monkeypatch.setattr(os, "fork", noted)

    def work(leave: Callable[[], None]) -> None:
        leave()
        raise OSError(28, "No space left on device", "page")

    def meanwhile() -> None:
        raise ValueError("a table is wrong")

    with pytest.raises(OSError, match="No space left") as raised:
        beside.handing_over(work, list)
    assert (raised.value.errno, raised.value.filename) == (28, "page")
    with pytest.raises(ValueError, match="a table is wrong"):
        beside.handing_over(work, meanwhile)
    assert len(copies) == 2
    for copy in copies:
        with pytest.raises(ProcessLookupError):
            os.kill(copy, 0)
