"""Folders with very many files, looked through with strings: a path object for each would double the cost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path


def names(folder: Path) -> list[str]:
    """What lies in a folder, in order; nothing where there is none."""
    return sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208 - strings


def walk(folder: str, names: Sequence[str]) -> Iterator[tuple[str, str, os.stat_result]]:
    """The files among some names in a folder and below them: in which of its folders each lies (with a slash at the
    end, or ``""``), its name and what the system tells of it. Links are not followed."""
    waiting = []
    for name in names:
        status = os.lstat(f"{folder}/{name}")
        if stat.S_ISDIR(status.st_mode):
            waiting.append(f"{name}/")
        else:
            yield "", name, status
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{entry.name}/")
                else:
                    yield below, entry.name, entry.stat(follow_symlinks=False)
