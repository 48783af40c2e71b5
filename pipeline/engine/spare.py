"""The text files of a release that is kept no longer, which become those of the next one: in a run where little has
changed, linking all files and removing as many would be most of the work.

A spare is what is left of a release without its other tables: the text files, the tables that tell of them, and the
manifest, by which they are known to be what was written. The first run of many documents leaves as many in stock as
there will be runs before a release goes.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from pipeline.engine import integrity
from pipeline.store import files

NAME = "spare"
_MOST = 5  # in stock
_PARTS = {integrity.TEXTS, integrity.TEXT_TABLES, integrity.MANIFEST}


def place(state: Path) -> Path:
    """Where the spare lies, if there is one, beside the results of all stages."""
    return state / NAME


def count(keep: int) -> int:
    """How many there are to be at first, where so many releases are kept (0: all)."""
    return min(max(keep, 1), _MOST)


def all_of(spare: Path) -> list[Path]:
    """The places of the spare and of those in stock behind it, whether they are there or not."""
    return [spare, *(spare.with_name(f"{spare.name}-{number}") for number in range(1, _MOST))]


def refill(spare: Path) -> bool:
    """Whether there is one, be it that the first of the stock took its place now."""
    there = next((path for path in all_of(spare) if path.exists()), None)
    if there not in (None, spare):
        files.move(there, spare)
    return there is not None


def retire(release: Path, spare: Path) -> bool:
    """Makes a spare of a release that is not kept, where that can be done; it is no release from then on."""
    if not _moved(release, spare):
        return False
    for path in sorted(spare.iterdir()):
        if path.name not in _PARTS:
            files.remove_tree(path)
    return True


def begin(twins: Sequence[Path], spare: Path) -> None:
    """Begins some with further trees of text files, links to those of the release that this process is to make."""
    for twin, path in zip(twins, all_of(spare), strict=False):
        begun = files.temporary_folder(path)
        if not _moved(twin, begun / integrity.TEXTS):
            files.remove_tree(begun)


def _moved(source: Path, path: Path) -> bool:
    """Moves a folder, unless it lies on another file system, where it would have to be copied."""
    try:
        files.move(source, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def finish(spare: Path, release: Path) -> None:
    """Gives those that were begun what tells of their files: that of the release, which has the same ones."""
    for path in all_of(spare):
        begun = files.temporary(path)
        if begun.is_dir():
            for table in integrity.text_tables(release):
                files.share_loose(table, begun / integrity.TEXT_TABLES / table.name)
            files.share_loose(release / integrity.MANIFEST, begun / integrity.MANIFEST)
            files.remove_tree(path)
            files.move(begun, path)
