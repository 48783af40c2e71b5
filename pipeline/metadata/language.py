"""The language of a story, from its own words (py3langid, a naive Bayes classifier over byte sequences)."""

from __future__ import annotations

from collections.abc import Sequence

import py3langid

from pipeline.model import Judged

_SAMPLE = 3000
_LEAST = 20


def spoken(judged: Sequence[Judged]) -> str | None:
    """The ISO 639-1 code of the story's language, None where there is too little text to tell."""
    text = "\n".join(item.block.text for item in judged if item.verdict.keep)[:_SAMPLE]
    return str(py3langid.classify(text)[0]) if len(text) >= _LEAST else None


def load() -> None:
    """Reads the model, half a second that the first text would wait for; most of it without Python's lock."""
    py3langid.classify("")
