"""The text files of a release that is kept no longer, which become those of the next one: in a run where little has
changed, linking all files and removing as many would be most of the work.

A spare is what is left of a release without its other tables: the text files, the tables that tell of them, and the
manifest, by which they are known to be what was written. The first run of many documents makes one, too.
"""

from __future__ import annotations

import errno
from pathlib import Path

from pipeline.engine import integrity
from pipeline.store import files

NAME = "spare"
_PARTS = {integrity.TEXTS, integrity.TEXT_TABLES, integrity.MANIFEST}


def place(state: Path) -> Path:
    """Where the spare lies, if there is one, beside the results of all stages."""
    return state / NAME


def retire(release: Path, spare: Path) -> bool:
    """Makes a spare of a release that is not kept, where that can be done; it is no release from then on."""
    if not _moved(release, spare):
        return False
    for path in sorted(spare.iterdir()):
        if path.name not in _PARTS:
            files.remove_tree(path)
    return True


def begin(twin: Path, spare: Path) -> None:
    """Begins one with a second tree of text files, links to those of the release that this process is to make."""
    begun = files.temporary_folder(spare)
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
    """Gives the one that was begun, if any, what tells of its files: that of the release, which has the same ones."""
    begun = files.temporary(spare)
    if begun.is_dir():
        for table in integrity.text_tables(release):
            files.share_loose(table, begun / integrity.TEXT_TABLES / table.name)
        files.share_loose(release / integrity.MANIFEST, begun / integrity.MANIFEST)
        files.remove_tree(spare)
        files.move(begun, spare)
