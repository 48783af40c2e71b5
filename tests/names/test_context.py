"""The words around a name."""

from __future__ import annotations

import pytest

from pipeline.names.context import Context, words
from pipeline.names.families import Family, Vocabulary

SEA = Vocabulary("sea", ("ship*", "NATO", "海"), ("ferry", "crew"), ("fast", "old"))


@pytest.mark.parametrize(
    ("text", "found"),
    [("the Ships sail", True), ("hardship", False), ("NATO said", True), ("Nato said", False), ("出海了", True)],
)
def test_words_hold_to_case_and_boundaries(text: str, found: bool) -> None:
    assert bool(words(SEA.cues).search(text)) is found


def test_no_words_never_match() -> None:
    assert not words(()).search("anything")


@pytest.mark.parametrize(
    ("text", "cue", "noun", "refused"),
    [
        ("a ship, Gull 5", True, False, False),
        ("Gull 5 ferry", False, True, False),
        ("Gull 5 fast old crew", False, True, False),
        ("Gull 5 fast food", False, False, False),
        ("a ship\nGull 5", False, False, False),
        ("a ship" + " x" * 90 + " Gull 5", False, False, False),
        ("old Gull 5", False, False, True),
        ("Gull 5 nest", False, False, True),
        ("Gull 5 in the zoo", False, False, True),
        ("Gull 5\nzoo", False, False, False),
    ],
)
def test_cues_nouns_and_refusals(text: str, cue: bool, noun: bool, refused: bool) -> None:
    family = Family(
        "gull", "a.toml", "Gull", "ferry", SEA, not_before=("nest*",), not_after=("old",), not_near=("zoo",)
    )
    context = Context.of(family)
    start = text.index("Gull")
    assert context.has_cue(text, start, start + 6) is cue
    assert bool(context.noun.match(text, start + 6)) is noun
    assert context.refuses(text, start, start + 6) is refused
