"""Which failures of the machine stop a run, and what to say of them.

They say nothing about a document: on a full disk no document is at fault, and the next one would fail as well.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

_ADVICE = {
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "the machine has no file handles left",
    errno.EAGAIN: "raise the limit of processes (ulimit -u)",
    errno.ENOMEM: "the machine has no memory left",
}
_NO_THREAD = "can't start new thread"  # all that Python says of it
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


class EnvironmentFault(Exception):
    """The machine lacks what a run needs: the run stops at once, and no document is blamed."""


def exhausted(error: OSError) -> bool:
    """Whether an input could not be read for want of something that no input can help."""
    return error.errno in _ADVICE


def problem(error: BaseException, folder: Path) -> str | None:
    """What to tell of an error that the machine is to blame for, with path and free bytes; else None."""
    if isinstance(error, EnvironmentFault):
        return str(error)
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return f"{_NO_THREAD}; {_ADVICE[errno.EAGAIN]}"
    if not isinstance(error, OSError) or error.errno is None:
        return None
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else folder
    if error.errno in _ADVICE:
        return f"{path}: {error.strerror}; {_ADVICE[error.errno]}"
    if error.errno in _DISK:
        return f"{path}: {error.strerror}; {_free(path)}"
    return None


def _free(path: Path) -> str:
    """The space that is left where a path lies, or would lie."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return f"{shutil.disk_usage(path).free:,} bytes free"
