"""The tables of a measurement: by kind and language, with intervals, calibration, the worst pages and the speed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.learning.scores import Score, bootstrap

_WORST = 10
_DECILES = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one page: agreement with its main text and CPU seconds, ours and trafilatura's by mode."""

    page: str
    site: str
    kind: str
    language: str
    told_kind: str
    confidence: float
    words: Score
    shingles: Score
    seconds: float
    their_words: Mapping[str, Score]
    their_shingles: Mapping[str, Score]
    their_seconds: Mapping[str, float]


def report(name: str, note: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The lines of the report on one corpus; trafilatura stands there in its best mode for that corpus."""
    modes = list(outcomes[0].their_words)
    best = max(modes, key=lambda mode: float(np.mean([o.their_words[mode].f1 for o in outcomes])))
    yield f"{name}: {len(outcomes)} pages, {note}"
    yield "trafilatura, word F1 by mode: " + ", ".join(
        f"{mode} {np.mean([o.their_words[mode].f1 for o in outcomes]):.4f}" for mode in modes
    )
    yield f"compared with: trafilatura ({best})"
    yield ""
    yield (
        f"{'pages':24}{'n':>5}  {'word F1 (95 %)':22}{'P':>6}{'R':>6}  {'trafilatura F1':16}{'P':>6}{'R':>6}"
        f"  {'difference (95 %)':24}{'shingle F1':>10}{'trafilatura':>12}"
    )
    yield _row("all", outcomes, best)
    for title, key in (("kind", _kind), ("language", _language)):
        for value in sorted({key(o) for o in outcomes}):
            group = [o for o in outcomes if key(o) == value]
            if title == "kind" or len(group) >= 5:
                yield _row(f"{title} {value}", group, best)
    yield from _languages(outcomes, best)
    yield ""
    yield from calibration(outcomes)
    yield ""
    yield "worst pages: " + ", ".join(
        f"{o.page} ({o.site}) {o.words.f1:.2f}" for o in sorted(outcomes, key=lambda o: o.words.f1)[:_WORST]
    )
    told = float(np.mean([o.told_kind == o.kind for o in outcomes]))
    yield f"page kind told right: {told:.3f}"
    yield from _speed(outcomes, modes)


def _languages(outcomes: Sequence[Outcome], mode: str) -> Iterator[str]:
    """All other languages than English together, and how far they fall behind it."""
    english = [o for o in outcomes if o.language == "en"]
    others = [o for o in outcomes if o.language != "en"]
    if english and others:
        yield _row("languages but en", others, mode)
        behind = np.mean([o.words.f1 for o in english]) - np.mean([o.words.f1 for o in others])
        yield f"other languages behind English: {behind:+.4f} word F1"


def _kind(outcome: Outcome) -> str:
    return outcome.kind


def _language(outcome: Outcome) -> str:
    return outcome.language


def _row(name: str, group: Sequence[Outcome], mode: str) -> str:
    def mean(value: Callable[[Outcome], float]) -> float:
        return float(np.mean([value(o) for o in group]))

    low, high = bootstrap([o.words.f1 for o in group])
    ahead = [o.words.f1 - o.their_words[mode].f1 for o in group]
    least, most = bootstrap(ahead)
    return (
        f"{name:24}{len(group):>5}  {mean(lambda o: o.words.f1):.4f} ({low:.3f}-{high:.3f})  "
        f"{mean(lambda o: o.words.precision):6.3f}{mean(lambda o: o.words.recall):6.3f}  "
        f"{mean(lambda o: o.their_words[mode].f1):<16.4f}"
        f"{mean(lambda o: o.their_words[mode].precision):6.3f}{mean(lambda o: o.their_words[mode].recall):6.3f}  "
        f"{np.mean(ahead):+.4f} ({least:+.3f} {most:+.3f}) "
        f"{mean(lambda o: o.shingles.f1):10.4f}{mean(lambda o: o.their_shingles[mode].f1):12.4f}"
    )


def calibration(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Expected beside reached F1 by tenths of confidence, and what share of the lost F1 the lowest tenth holds."""
    order = sorted(outcomes, key=lambda o: (o.confidence, o.page))
    lost = sum(1 - o.words.f1 for o in order)
    tenths = [part for part in np.array_split(np.arange(len(order)), _DECILES) if len(part)]
    expected = [float(np.mean([order[i].confidence for i in part])) for part in tenths]
    reached = [float(np.mean([order[i].words.f1 for i in part])) for part in tenths]
    yield "confidence by tenths: " + " ".join(f"{value:.3f}" for value in expected)
    yield "word F1 reached:      " + " ".join(f"{value:.3f}" for value in reached)
    worst = max(abs(a - b) for a, b in zip(expected, reached, strict=True))
    share = sum(1 - order[i].words.f1 for i in tenths[0]) / lost if lost else 0.0
    yield f"largest gap {worst:.3f}; the lowest tenth holds {share:.2f} of the lost F1"


def _speed(outcomes: Sequence[Outcome], modes: Sequence[str]) -> Iterator[str]:
    ours = sum(o.seconds for o in outcomes)
    yield f"pages per CPU second: {len(outcomes) / max(ours, 1e-9):.1f}; trafilatura " + ", ".join(
        f"{mode} {len(outcomes) / max(sum(o.their_seconds[mode] for o in outcomes), 1e-9):.1f}" for mode in modes
    )
