"""How many of the machine's processors each task at work may use.

The process that hands out tasks says how many are at work; their pools read it in memory that all of them share. So a
stage's last shard gets the processors that the others have left, and no task waits for another's.
"""

from __future__ import annotations

import mmap
import os

_AT_WORK = mmap.mmap(-1, 1)  # shared with every process that is forked from this one
_MOST = 255


def tell(tasks: int) -> None:
    """Says how many tasks are at work, or will be at once."""
    _AT_WORK[0] = min(tasks, _MOST)


def share() -> int:
    """The processors that each of the tasks at work may use: at least one."""
    return max(1, len(os.sched_getaffinity(0)) // max(1, _AT_WORK[0]))
