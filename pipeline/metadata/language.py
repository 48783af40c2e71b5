"""The language of a story, from its own words (py3langid, a naive Bayes classifier over byte sequences)."""

from __future__ import annotations

from collections.abc import Sequence

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.model import Judged

_SAMPLE = 3000
_LEAST = 20
_model: LanguageIdentifier | None = None


def spoken(judged: Sequence[Judged]) -> str | None:
    """The ISO 639-1 code of the story's language, None where there is too little text to tell."""
    text = "\n".join(item.block.text for item in judged if item.verdict.keep)[:_SAMPLE]
    return str(model().classify(text)[0]) if len(text) >= _LEAST else None


def model() -> LanguageIdentifier:
    """The model that is asked: as py3langid brings it, which takes most of a second to unpack, unless ``use`` was told
    another."""
    if _model is None:
        use(LanguageIdentifier.from_model_file(MODEL_FILE))
    return _model


def use(found: LanguageIdentifier) -> None:
    """Has ``spoken`` ask a model that was kept unpacked."""
    global _model
    _model = found


def is_read() -> bool:
    """Whether there is a model to ask at once."""
    return _model is not None
