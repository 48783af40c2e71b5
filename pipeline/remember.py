"""What pure functions said of short texts, remembered from document to document of a process.

The pages of a site share most of their tags and paths. A function that depends on nothing but its argument gives the
same answer from memory, so no result depends on what was cleaned before; the memory is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
_ANSWERS = 4_096  # a page asks a few hundred, and the pages of a site come after each other
LONGEST = 256


def remembered(work: Callable[[str], T], longest: int = LONGEST) -> Callable[[str], T]:
    """The function with a memory for its answers to texts of up to ``longest`` characters; ``work`` must be pure."""
    known = lru_cache(maxsize=_ANSWERS)(work)

    @wraps(work)
    def ask(text: str) -> T:
        return known(text) if len(text) <= longest else work(text)

    return ask
