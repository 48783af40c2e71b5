"""What speaks against a name, one question at a time; ``|`` marks where the name ends or begins."""

from __future__ import annotations

import pytest

from pipeline.names import guards
from pipeline.names.fold import fold


def at(marked: str) -> tuple[str, int]:
    """The text and the place of its mark."""
    before, _, after = marked.partition("|")
    return before + after, len(before)


@pytest.mark.parametrize(
    ("marked", "free"),
    [("|A", True), (" |A", True), ("(|A", True), ("船|A", True), ("x|A", False), ("pre-|A", False), (" -|A", True),
     ("/|A", False), ("#|A", False), ("@|A", False), ("3.|A", False), ("_|A", False)],
)  # fmt: skip
def test_where_a_name_can_begin(marked: str, free: bool) -> None:
    assert guards.bounded_before(*at(marked)) is free


@pytest.mark.parametrize(
    ("marked", "free"),
    [("5|", True), ("5| b", True), ("5|.", True), ("5|, b", True), ("5|s", False), ("5|%", False), ("5|.5", False),
     ("5|,000", False), ("5|:30", False), ("5|.jpg", False), ("5|-year", False), ("5|-02", True), ("5|-1", False),
     ("5|/6", True), ("5|/x", False), ("5|号", True), ("5|_", False)],
)  # fmt: skip
def test_where_a_name_can_end(marked: str, free: bool) -> None:
    assert guards.bounded_after(*at(marked), plural=False) is free


@pytest.mark.parametrize(("marked", "free"), [("9|s fly", True), ("9|s", True), ("9|st", False), ("9|s-x", False)])
def test_one_s_makes_a_plural(marked: str, free: bool) -> None:
    assert guards.bounded_after(*at(marked), plural=True) is free


@pytest.mark.parametrize(
    ("marked", "strict", "counts"),
    [("5| miles", False, True), ("5| other", False, True), ("5| May", False, True), ("5| may fly", False, False),
     ("5| doors", False, False), ("5| doors", True, True), ("5| crews", True, False), ("5|, miles", True, False)],
)  # fmt: skip
def test_numbers_that_count(marked: str, strict: bool, counts: bool) -> None:
    text, end = at(marked)
    assert guards.counts_something(text, text.lower(), end, strict=strict) is counts


@pytest.mark.parametrize(
    ("marked", "canonical", "pronoun"),
    [("I| think", True, True), ("I| launched", True, False), ("I| launched", False, True), ("I|, a", False, False),
     ("I|'d go", True, True), ("I|'s crew", False, False), ("I|", False, False), ("I| and II", False, False)],
)  # fmt: skip
def test_the_pronoun(marked: str, canonical: bool, pronoun: bool) -> None:
    assert guards.may_be_pronoun(*at(marked), roman_is_canonical=canonical) is pronoun


@pytest.mark.parametrize(
    ("text", "name", "protected"),
    [
        ("“Orca 2”", "Orca 2", True),
        ("“Orca 2,” he", "Orca 2", True),
        ("“the Orca 2”", "Orca 2", False),
        ("“Orca 2 sank”", "Orca 2", False),
        ("http://x.org/a-Orca 2", "Orca 2", True),
        ("a@Orca 2", "Orca 2", True),
        ("a_Orca 2", "Orca 2", True),
        ("见http://x.org，Orca 2", "Orca 2", False),
        ("the `Orca 2` line", "Orca 2", True),
        ("x" * 400 + " Orca 2", "Orca 2", False),
    ],
)
def test_protected_names(text: str, name: str, protected: bool) -> None:
    start = text.index(name)
    assert guards.is_protected(fold(text), start, start + len(name)) is protected


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("ORCA 2 SINKS", True),
        ("Orca 2 sinks", False),
        ("NEWS: ORCA 2 SINKS | Daily", True),
        ("the ORCA 2 sinks", False),
    ],
)
def test_headlines_in_capitals(text: str, capitals: bool) -> None:
    start = text.upper().index("ORCA 2")
    assert guards.in_capitals(text, start, start + 6) is capitals
