"""The one place that opens files for writing: beside the final name, fsynced, renamed, and the folder fsynced.

A reader therefore finds a whole file under a final name or none (Pillai et al., "All File Systems Are Not Created
Equal", OSDI 2014). Every call that changes the disk is made here and by way of ``os`` or ``pathlib``, so that tests can
let each of them fail in turn. Temporary names are short and hidden; who holds the lock of a folder may sweep them.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ASIDE = ".bad"  # what was found damaged is kept under its name with this suffix
_TEMPORARY = re.compile(r"\.winnow-\d+-[0-9a-f]{8}\.tmp")
_BUFFER = 1 << 20
_PROBE = bytes(1 << 16)
NO_LINKS = {errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP}  # another file system, too many, or none at all
_durable = True


def durable(wanted: bool) -> None:
    """Whether files are to survive a loss of power; without, they survive all else, and small runs are faster."""
    global _durable
    _durable = wanted


class _Descriptor(io.RawIOBase):
    """A new file, written by calls of ``os.write``."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        return os.write(self._descriptor, data)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A binary file that stands under ``path`` when the block ends, and not at all when it raises."""
    make_folder(path.parent)
    beside = temporary(path)
    try:
        with _create(beside) as out:
            yield out
            out.flush()
            _sync(out.fileno())
        beside.replace(path)
    except BaseException as error:  # an interrupt, too, must leave nothing beside the final name; it goes on from here
        with contextlib.suppress(OSError):  # the first failure is the one to tell
            _remove(beside)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)
        raise
    sync_folder(path.parent)


def _create(path: Path) -> BinaryIO:
    return cast(BinaryIO, io.BufferedWriter(_Descriptor(path), _BUFFER))


def write(path: Path, data: bytes) -> None:
    """The bytes under the path, wholly or not at all."""
    with atomic(path) as out:
        out.write(data)


def write_loose(path: Path, data: bytes) -> None:
    """The bytes in a file of a folder that is not yet visible under its final name; see ``sync_tree``."""
    make_folder(path.parent)
    write_there(path, data)


def write_there(path: Path, data: bytes) -> None:
    """The same where the folder is there already, for thousands of files in one."""
    with _create(path) as out:
        out.write(data)


def link(target: str, path: Path) -> None:
    """A symbolic link under ``path`` that leads to ``target``, swapped in by rename."""
    beside = temporary(path)
    _remove(beside)
    beside.symlink_to(target)
    beside.replace(path)
    sync_folder(path.parent)


def link_file(source: str, path: str) -> None:
    """A second name for a file that never changes; raises ``OSError`` where there can be none."""
    os.link(source, path)


def share(existing: Path, path: Path) -> None:
    """The file that stands under ``existing`` under ``path`` as well; copied where it cannot be linked."""
    share_loose(existing, path)
    sync_folder(path.parent)


def share_loose(existing: Path, path: Path) -> None:
    """The same where the folder is synced later, or is not yet visible under its final name; see ``sync_tree``."""
    make_folder(path.parent)
    _remove(path)
    try:
        link_file(str(existing), str(path))
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        with existing.open("rb") as content, atomic(path) as out:
            shutil.copyfileobj(content, out)


def make_folder(path: Path) -> None:
    """The folder and those above it, as far as they are not there."""
    path.mkdir(parents=True, exist_ok=True)


def temporary_folder(path: Path) -> Path:
    """A new folder beside ``path``, to be filled and then moved to it."""
    folder = temporary(path)
    remove_tree(folder)
    make_folder(folder)
    return folder


def move(source: Path, path: Path) -> None:
    """A file or folder under another name of the same file system, on the disk when this returns."""
    make_folder(path.parent)
    source.replace(path)
    sync_folder(path.parent)


def keep_aside(path: Path) -> Path:
    """Gives what is damaged another name, for a person to look at; the name it had is free again."""
    aside = path.with_name(path.name + ASIDE)
    remove_tree(aside)
    move(path, aside)
    return aside


def sync_folder(path: Path) -> None:
    """Returns when the names in a folder are on the disk."""
    if not _durable:
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(path: Path) -> None:
    """Returns when everything on the file system of a folder is on the disk: one call instead of one a file."""
    if _durable:
        os.sync()
        sync_folder(path)


def _sync(descriptor: int) -> None:
    if _durable:
        os.fsync(descriptor)


def probe(folder: Path) -> None:
    """Raises ``OSError`` where not even a small file can be written."""
    path = temporary(folder / "probe")
    try:
        with _create(path) as out:
            out.write(_PROBE)
            out.flush()
            _sync(out.fileno())
    except OSError as error:
        error.filename = str(folder)
        raise
    finally:
        with contextlib.suppress(OSError):
            _remove(path)


def open_streams() -> None:
    """Leads standard streams that whoever began this process closed to nowhere, lest a file get their numbers."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def lead_nowhere(descriptor: int) -> None:
    """Drops what is still to be written to a stream that takes nothing more: at its end Python would try again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def open_lock(path: Path) -> int:
    """A descriptor of a file that is there to be locked."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def sweep(folder: Path) -> int:
    """Removes the temporary files and folders that ended runs left; returns how many.

    Only for who holds the lock and writes nothing at the time.
    """
    found = list(stale(folder))
    for path in found:
        remove_tree(path)
    return len(found)


def stale(folder: Path) -> Iterator[Path]:
    """Temporary files and folders where they can be: in a clean folder, two below it, and among its stage results."""
    for place in (folder, *folder.glob("*/"), *folder.glob(".state/*/")):
        if not place.is_symlink():
            yield from (path for path in place.glob(".winnow-*.tmp") if _TEMPORARY.fullmatch(path.name))


def remove_tree(path: Path) -> None:
    """Removes a file, a link or a whole folder; nothing there is no error."""
    if path.is_symlink() or not path.is_dir():
        _remove(path)
    else:
        _remove_folder(str(path))


def _remove_folder(folder: str) -> None:
    with os.scandir(folder) as entries:  # a list, since what is listed changes
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                _remove_folder(entry.path)
            else:
                os.unlink(entry.path)  # noqa: PTH108 - a path object for each would double the cost
    Path(folder).rmdir()


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def temporary(path: Path) -> Path:
    """The name beside ``path`` of what is to be moved to it: this process's own, and what ``sweep`` removes."""
    digest = blake2b(os.fsencode(path.name), digest_size=4).hexdigest()
    return path.with_name(f".winnow-{os.getpid()}-{digest}.tmp")
