"""One run at a time in a clean folder: a lock that the kernel releases with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pipeline.store import files

_HELD: dict[Path, int] = {}


def hold(folder: Path) -> bool:
    """Whether this process holds the folder's lock now; it keeps it until it ends.

    Raises ``OSError`` where the folder cannot be written.
    """
    files.make_folder(folder)
    path = folder.resolve() / ".lock"
    if path in _HELD and _stands(path):
        return True
    descriptor = files.open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    _HELD[path] = descriptor
    return True


def _stands(path: Path) -> bool:
    """Whether the file that is locked is still the one under the name: the folder may have been deleted since."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(_HELD[path]))
