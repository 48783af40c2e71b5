"""Separators, designators, serial numbers and lists, on a family made for it."""

from __future__ import annotations

import pytest

from pipeline.names.families import Family, Vocabulary, index_designators
from pipeline.names.fold import fold
from pipeline.names.grammar import read_first, read_tail

SEA = Vocabulary("sea", (), (), ())
GULL = Family(
    "gull", "a.toml", "Gull", "ferry", SEA, join="-", designators=("1", "2", "3", "5", "5B", "12"), exclude=("3",)
)
TERN = Family("tern", "a.toml", "Tern", "ferry", SEA, numerals="roman", designators=("I", "IIA", "IV", "IV Heavy"))
SKUA = Family(
    "skua",
    "a.toml",
    "Skua",
    "ferry",
    SEA,
    numerals="code",
    designators=("MS-9", "MS-24", "2.1a", "C"),
    serial=("Y", "Yao"),
)


@pytest.mark.parametrize(
    ("family", "text", "written", "rest"),
    [
        (GULL, "Gull 12", "12", ""),
        (GULL, "Gull-XII sails", "12", " sails"),
        (GULL, "Gull Twelve", "12", ""),
        (GULL, "Gull No. 5", "5", ""),
        (GULL, "Gull-5B", "5B", ""),
        (GULL, "Gull 5-B", "5B", ""),
        (GULL, "Gull 5 B", "5", " B"),
        (GULL, "GullV", "5", ""),
        (TERN, "Tern 4", "IV", ""),
        (TERN, "Tern-4 Heavy seas", "IV Heavy", " seas"),
        (TERN, "Tern 2A", "IIA", ""),
        (SKUA, "Skua-MS 24", "MS-24", ""),
        (SKUA, "Skua MS24 Yao-7", "MS-24 Y7", ""),
        (SKUA, "Skua 2-1A", "2.1a", ""),
        (SKUA, "Skua C", "C", ""),
    ],
)  # fmt: skip
def test_designators(family: Family, text: str, written: str, rest: str) -> None:
    member = read_first(fold(text), 0, 4, family, index_designators(family), hyphen_only=False)
    assert member is not None
    assert (member.written, text[member.end :]) == (written, rest)


@pytest.mark.parametrize(
    ("family", "text"),
    [(GULL, "Gull 3"), (GULL, "Gull 7"), (GULL, "Gull v"), (GULL, "Gull five"), (GULL, "GULLV"), (GULL, "Gull  5"),
     (GULL, "Gull, 5"), (TERN, "Tern V"), (SKUA, "Skua c"), (SKUA, "Skua ms 24"), (GULL, "Gull\n5")],
)  # fmt: skip
def test_what_is_no_designator(family: Family, text: str) -> None:
    assert read_first(fold(text), 0, 4, family, index_designators(family), hyphen_only=False) is None


def test_a_spelling_that_asks_for_a_hyphen() -> None:
    index = index_designators(GULL)
    assert read_first(fold("Gull-5"), 0, 4, GULL, index, hyphen_only=True)
    assert not read_first(fold("Gull 5"), 0, 4, GULL, index, hyphen_only=True)


@pytest.mark.parametrize(
    ("family", "text", "tail"),
    [
        (GULL, "Gull 1, 2 and 5", ["-2", "-5"]),
        (GULL, "Gull 1, -2, and -5", ["-2", "-5"]),
        (GULL, "Gull 1 to 5", ["-5"]),
        (GULL, "Gull 1–5", ["5"]),
        (GULL, "Gull I and II", ["-2"]),
        (GULL, "Gull II and 3", ["-3"]),
        (GULL, "Gull 5 and 5B", ["-5B"]),
        (GULL, "Gull 1, 2", []),
        (GULL, "Gull 5 and 2", []),
        (GULL, "Gull 1 and 7", []),
        (GULL, "Gull 1/2", []),
        (TERN, "Tern 1 and 4", ["IV"]),
        (SKUA, "Skua MS-9 and MS 24", ["MS-24"]),
        (SKUA, "Skua MS-9 and -24", ["-24"]),
        (SKUA, "Skua MS-9 and 2.1a", []),
    ],
)
def test_lists_and_ranges(family: Family, text: str, tail: list[str]) -> None:
    index, folded = index_designators(family), fold(text)
    first = read_first(folded, 0, 4, family, index, hyphen_only=False)
    assert first is not None
    assert [member.written for member in read_tail(folded, first, family, index)] == tail
