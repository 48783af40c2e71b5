"""The one place that opens files for writing: beside the final name, fsynced, renamed, and the folder fsynced.

A reader therefore finds a whole file under a final name or none (Pillai et al., "All File Systems Are Not Created
Equal", OSDI 2014). Temporary names are short, hidden and carry the process id, so that what a killed run left can
be told from what a living one writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

_TEMPORARY = re.compile(r"\.winnow-(\d+)-[0-9a-f]{8}\.tmp$")


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A binary file that stands under ``path`` when the block ends, and not at all when it raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _temporary(path)
    try:
        with beside.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:  # an interrupt, too, must leave nothing beside the final name; it goes on from here
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write(path: Path, data: bytes) -> None:
    """The bytes under the path, wholly or not at all."""
    with atomic(path) as out:
        out.write(data)


def write_loose(path: Path, data: bytes) -> None:
    """The bytes in a file of a folder that is not yet visible under its final name; see ``sync_tree``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def share(existing: Path, path: Path) -> None:
    """The file that stands under ``existing`` under ``path`` as well, which then need not be written."""
    path.unlink(missing_ok=True)
    os.link(existing, path)
    sync_folder(path.parent)


def link(target: str, path: Path) -> None:
    """A symbolic link under ``path`` that leads to ``target``, swapped in by rename."""
    beside = _temporary(path)
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Returns when the names in a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(path: Path) -> None:
    """Returns when everything on the file system of a folder is on the disk: one call instead of one a file."""
    os.sync()
    sync_folder(path)


def sweep(folder: Path) -> int:
    """Removes the temporary files and folders of processes that are no more; returns how many."""
    removed = 0
    for path in folder.rglob(".winnow-*.tmp"):
        found = _TEMPORARY.search(path.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            remove_tree(path)
            removed += 1
    return removed


def remove_tree(path: Path) -> None:
    """Removes a file, a link or a whole folder; nothing there is no error."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for child in path.iterdir():
        remove_tree(child)
    path.rmdir()


def temporary_folder(path: Path) -> Path:
    """A new folder beside ``path``, to be filled and renamed to it."""
    folder = _temporary(path)
    remove_tree(folder)
    folder.mkdir(parents=True)
    return folder


def _temporary(path: Path) -> Path:
    digest = blake2b(os.fsencode(path.name), digest_size=4).hexdigest()
    return path.with_name(f".winnow-{os.getpid()}-{digest}.tmp")
