"""Winnow: clean canonical text from raw scraped pages.

    import pipeline
    cleaned = pipeline.clean(data, name="page.html", url="https://example.org/story")
    cleaned.text, cleaned.metadata, cleaned.verdicts, cleaned.mentions

    pipeline.normalise_names("Shenzhou XII").text        # 'Shenzhou-12'

The batch is ``luigi --module pipeline CleanAll``.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Cleaned, NamedText
    from pipeline.steps import Kit

__all__ = ["clean", "normalise_names"]

if "luigi" in sys.modules:  # the luigi command imports this module to find the tasks; other users need not load Luigi
    # Threads for linear algebra would be idle, copied into no process of the pool, and end a run that may have none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a table took goes back to the machine: Arrow's own pool kept 65 MB more over 100,000 documents.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    import pipeline.days
    import pipeline.tasks  # noqa: F401


def clean(data: bytes | str, name: str = "page", url: str | None = None) -> Cleaned:
    """The story of one page, with a verdict and a reason for each of its blocks.

    ``data`` is a page as it was scraped (text or HTML, also gzip'd); ``name`` stands for its path, ``url`` tells
    its site. The page is judged alone: what other pages of its site would tell is known to the batch only.

    Raises ``pipeline.model.DocumentError``, with a code, for what is no page, and for a container of several.
    """
    from pipeline import steps
    from pipeline.model import Code, DocumentError, Hints, Rejection

    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    results = list(steps.clean(content, name, Hints(url=url), _kit()))
    if len(results) != 1:
        raise DocumentError(
            Code.NOT_TEXT, f"a container of {len(results)} records; clean them one by one or as a batch"
        )
    (result,) = results
    if isinstance(result, Rejection):
        raise DocumentError(result.code, f"{result.doc_id}: {result.message}")
    return result


def normalise_names(text: str) -> NamedText:
    """The text with every known name in its canonical form, and every mention with its offsets in that text.

    A text without a name comes back as the same object.
    """
    from pipeline import names

    return names.normalise(text, _kit().gazetteer)


@cache
def _kit() -> Kit:
    """The packaged tables and models, read at the first call."""
    from pipeline.store import seeds

    return seeds.load_kit(seeds.Options())
