"""Answers from memory: the same as the function's own, and of short texts alone."""

from __future__ import annotations

from pipeline.remember import LONGEST, remembered


def test_a_text_is_asked_of_the_function_once_and_a_long_one_every_time() -> None:
    asked: list[str] = []

    @remembered
    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    short, long = "a" * LONGEST, "a" * (LONGEST + 1)
    assert [size(text) for text in (short, short, long, long)] == [LONGEST, LONGEST, LONGEST + 1, LONGEST + 1]
    assert asked == [short, long, long]
