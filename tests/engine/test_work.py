"""What the processes of the pool do."""

from __future__ import annotations

from py3langid import langid

from pipeline.engine import work
from pipeline.store.seeds import Options


def test_what_is_loaded_at_its_first_use_is_there_before_processes_are_forked() -> None:
    langid.IDENTIFIER = None
    work.warm(Options())
    assert langid.IDENTIFIER is not None
