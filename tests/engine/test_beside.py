"""Work in several processes: all of it, in order, and no failure in any of them goes unheard."""

from __future__ import annotations

import os

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
