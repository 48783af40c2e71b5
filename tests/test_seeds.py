"""The five documents the project began with: every line decision, and variations that no rule can know by heart."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from functools import cache

import pytest

from pipeline import plain
from pipeline.classify import text as classify
from pipeline.metadata import text as metadata
from pipeline.model import Document, Evidence, Judged, MediaType, Metadata, Role
from pipeline.rules import CueTable, read_cues
from pipeline.settings import Policy
from pipeline.text import plain_typography, sha256, unify_line_ends
from pipeline.trees import Forest, load
from tests.conftest import ROOT, shared

Row = tuple[str, str]
"""A line and what is expected of it: title, body, a reason, or nothing for a blank line."""


@cache
def models() -> dict[str, Forest]:
    return load((ROOT / "pipeline" / "models" / "text.npz").read_bytes())


@cache
def cues() -> CueTable:
    files = sorted((ROOT / "seeds" / "cues").glob("*.toml"))
    return read_cues({file.name: tomllib.loads(file.read_text("utf-8")) for file in files})


def clean(source: str, table: CueTable) -> tuple[tuple[Judged, ...], Metadata]:
    document = Document("seed", "seed.txt", MediaType.TEXT, "utf-8", "", unify_line_ends(source))
    page = classify.score(document, plain.segment(document), models())
    judged = classify.judge(page, [Evidence()] * len(page.blocks), table, Policy())
    return judged, metadata.resolve(page, judged, document)


def decisions(judged: tuple[Judged, ...]) -> list[Row]:
    return [(item.block.text, str(item.verdict.reason or item.verdict.role)) for item in judged]


EXPECTED = tomllib.loads((ROOT / "seeds" / "documents.toml").read_text("utf-8"))["document"]
NAMES = [entry["file"] for entry in EXPECTED]


def seed(name: str) -> str:
    return (shared("seeds") / name).read_text("utf-8")


def expected_rows(name: str) -> list[Row]:
    """The lines of a seed with what gold.json expects of each."""
    gold = json.loads(shared("seeds", "gold.json").read_text("utf-8"))["documents"][name]
    roles = dict.fromkeys(gold["title_lines"], "title") | dict.fromkeys(gold["body_lines"], "body")
    roles |= {int(line): reason for line, reason in gold["dropped"].items()}
    return [(text, roles.get(number, "")) for number, text in enumerate(seed(name).split("\n"), 1)]


def check(rows: list[Row], table: CueTable, ending: str = "\n") -> None:
    judged, _ = clean(ending.join(text for text, _ in rows), table)
    assert decisions(judged) == [(" ".join(text.split()), role) for text, role in rows if text.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_decision_equals_the_gold(name: str) -> None:
    check(expected_rows(name), cues())


@pytest.mark.parametrize("name", NAMES)
def test_metadata_equals_the_gold(name: str) -> None:
    gold = json.loads(shared("seeds", "gold.json").read_text("utf-8"))["documents"][name]["metadata"]
    _, found = clean(seed(name), cues())
    title = plain_typography(found.title) if found.title else None
    assert (title, found.author, found.published, found.source) == (
        gold["title"],
        gold["author"],
        gold["date"],
        gold["source"],
    )
    line = gold["dateline"] or {"text": None, "place": None, "agency": None}
    assert (found.dateline, found.dateline_place, found.dateline_agency) == (
        line["text"],
        line["place"],
        line["agency"],
    )


def test_a_year_taken_from_a_caption_says_so() -> None:
    _, found = clean(seed(NAMES[0]), cues())
    assert "year from caption" in dict(found.origins)["published"]


def test_without_cues_at_most_five_lines_change_sides() -> None:
    wrong = 0
    for name in NAMES:
        judged, _ = clean(seed(name), CueTable(()))
        wanted = [role in ("title", "body") for text, role in expected_rows(name) if text.strip()]
        wrong += sum(item.verdict.keep != keep for item, keep in zip(judged, wanted, strict=True))
    assert wrong <= 5


@pytest.mark.parametrize("entry", EXPECTED, ids=NAMES)
def test_the_stored_expectations_are_those_of_the_gold(entry: dict[str, object]) -> None:
    name = str(entry["file"])
    assert entry["sha256"] == sha256((shared("seeds") / name).read_bytes())
    rows = expected_rows(name)
    by_role: dict[str, list[int]] = {}
    for number, (_, role) in enumerate(rows, 1):
        if role:
            by_role.setdefault(role, []).append(number)
    assert entry["lines"] == by_role


SECTION = "004_cd132d96e44563b0.txt"
OTHER_APPEAL = (
    "Dear friends of this page,",
    "Every morning our three editors sit down to sift the wires for you, and the bills arrive just as punctually.",
    "Since most banners are filtered out before anyone sees them, what they bring in has shrunk to next to nothing.",
    "Good journalism does not come for free, whatever the hour.",
    "Should this page be of use to you, then a few dollars from your pocket would be a great relief to us.",
    "Bronze Friend",
    "$3 each month",
    "by card",
    "Gold Friend",
    "$30 one time",
    "by card or transfer",
)


def relabelled(rows: list[Row], label: str) -> list[Row]:
    old = next(text for text, role in rows if role == "section-label")
    return [(label if text == old else text, role) for text, role in rows]


def reworded(rows: list[Row]) -> list[Row]:
    words = iter(OTHER_APPEAL)
    return [(next(words) if role == "donation-appeal" else text, role) for text, role in rows]


def appeal_first(rows: list[Row], place: int) -> list[Row]:
    numbers = [index for index, (_, role) in enumerate(rows) if role == "donation-appeal"]
    first, last = numbers[0], numbers[-1] + 1
    return [*rows[:place], *rows[first:last], ("", ""), *rows[place:first], *rows[last:]]


def with_full_stops(rows: list[Row]) -> list[Row]:
    label = next(text for text, role in rows if role == "section-label")

    def stop(text: str, role: str) -> bool:
        return role in ("sidebar-headlines", "teaser") and text != label and text[-1:].isalnum()

    return [(f"{text}." if stop(text, role) else text, role) for text, role in rows]


def without_blank_lines(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row[0].strip()]


VARIATIONS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "label in capitals": lambda rows: relabelled(rows, "ORBITAL AFFAIRS"),
    "label in small letters": lambda rows: relabelled(rows, "Moon and beyond"),
    "one-word label": lambda rows: relabelled(rows, "Rockets"),
    "other appeal": reworded,
    "appeal above all": lambda rows: appeal_first(rows, 0),
    "appeal above the title": lambda rows: appeal_first(rows, 2),
    "other appeal above the title": lambda rows: appeal_first(reworded(rows), 2),
    "headlines with full stops": with_full_stops,
    "no blank lines": without_blank_lines,
    "no blank lines, other appeal": lambda rows: without_blank_lines(reworded(rows)),
    "no blank lines, other label, full stops": lambda rows: without_blank_lines(
        with_full_stops(relabelled(rows, "Orbital Affairs"))
    ),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_variations_are_decided_alike(name: str) -> None:
    check(VARIATIONS[name](expected_rows(SECTION)), cues())


def test_line_ends_of_windows_change_nothing() -> None:
    check(expected_rows(SECTION), cues(), "\r\n")


def test_the_model_is_small() -> None:
    assert (ROOT / "pipeline" / "models" / "text.npz").stat().st_size <= 500_000


def test_titles_are_set_once() -> None:
    for name in NAMES:
        judged, _ = clean(seed(name), cues())
        assert sum(item.verdict.role is Role.TITLE for item in judged) <= 1
