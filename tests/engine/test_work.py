"""What the processes of the pool do."""

from __future__ import annotations

import pytest

from pipeline.engine import work
from pipeline.metadata import language
from pipeline.store.seeds import Options


def test_what_is_loaded_at_its_first_use_is_there_before_processes_are_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_model", None)
    work.warm(Options())
    assert language.is_read()
