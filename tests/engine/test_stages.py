"""The stages that work document by document."""

from __future__ import annotations

from py3langid import langid

from pipeline.engine import stages
from pipeline.store.seeds import Options


def test_what_is_loaded_at_its_first_use_is_there_before_processes_are_forked() -> None:
    langid.IDENTIFIER = None
    stages.warm(Options())
    assert langid.IDENTIFIER is not None
