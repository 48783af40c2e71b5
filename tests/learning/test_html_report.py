"""The tables of a measurement: groups, intervals, calibration."""

from __future__ import annotations

from pipeline.learning.html_report import Outcome, report
from pipeline.learning.scores import Score


def outcome(number: int, language: str, f1: float, confidence: float) -> Outcome:
    score, theirs = Score(f1, f1), Score(0.5, 0.5)
    return Outcome(
        page=f"page{number}",
        site=f"site{number}",
        kind="article",
        language=language,
        told_kind="article",
        confidence=confidence,
        words=score,
        shingles=score,
        seconds=0.01,
        their_words={"default": theirs, "worse": Score(0.1, 0.1)},
        their_shingles={"default": theirs, "worse": theirs},
        their_seconds={"default": 0.02, "worse": 0.02},
    )


PAGES = [outcome(n, "en", 0.9, 0.9) for n in range(10)] + [outcome(n, "no", 0.7, 0.5) for n in range(10, 20)]


def lines() -> list[str]:
    return list(report("invented", "as shipped", PAGES))


def row(name: str) -> list[str]:
    (found,) = [line for line in lines() if line.startswith(name)]
    return found.removeprefix(name).split()


def test_the_best_mode_is_compared_with() -> None:
    assert "compared with: trafilatura (default)" in lines()
    assert row("all")[:2] == ["20", "0.8000"]


def test_languages_stand_beside_english() -> None:
    assert row("language en")[:2] == ["10", "0.9000"]
    assert row("languages but en")[:2] == ["10", "0.7000"]
    assert "other languages behind English: +0.2000 word F1" in lines()


def test_confidence_is_compared_with_what_was_reached() -> None:
    assert "largest gap 0.200; the lowest tenth holds 0.15 of the lost F1" in lines()
