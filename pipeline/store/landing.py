"""What lies in the landing folder now; nothing there is written.

Where a folder is as an earlier look at it left it, nothing in it is hashed or packed again.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.model import Code, Hints, Rejection
from pipeline.settings import Limits
from pipeline.store import inputs
from pipeline.store.inputs import RACY, SIDECAR, Entry, Folder, Scan, join, printable, reject, state_of, unreadable

_SIDECAR = SIDECAR.encode()
_NOTHING = msgspec.Raw()
_CHUNK = 1 << 20
_TOGETHER = 64  # folders that two threads look at before the next ones are listed

T = TypeVar("T")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The folders as an earlier scan found them, by path, and when that was written, in nanoseconds since 1970."""

    folders: Mapping[bytes, Folder]
    written: int

    def without(self, found: Scan) -> Scan:
        """A scan without what is known of its folders, to be sent to a process that knows them too."""
        return replace(found, folders=tuple(map(self._told, found.folders)))

    def _told(self, folder: Folder) -> Folder:
        return Folder(folder.path, "", 0, 0, _NOTHING) if self.folders.get(folder.path) is folder else folder

    def whole(self, told: Scan) -> Scan:
        """The scan that ``without`` was given."""
        return replace(told, folders=tuple(one if one.digest else self.folders[one.path] for one in told.folders))


def known(cache: Path) -> Known:
    """What an earlier scan left; nothing where that is absent or torn."""
    try:
        folders = inputs.unpack(cache.read_bytes()).folders
        return Known({folder.path: folder for folder in folders}, cache.stat().st_mtime_ns)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Known({}, 0)


def scan(folder: Path, earlier: Known, limits: Limits, at_news: Callable[[], None] | None = None) -> Scan:
    """Everything below a folder; nothing is written. ``at_news`` is called as soon as something there seems to be new:
    a file had to be read, or there is a folder in which names have come or gone since what is known was written.

    Hidden names are left alone. Links are followed only within the folder; devices, pipes and sockets are never
    opened. Hashes are those of an ``earlier`` scan where size, times and inode are as they were; that is only a saving.
    """
    root, began = folder.resolve(), time.time_ns()
    known, written = earlier.folders, earlier.written
    rejections: list[Rejection] = []
    found: list[Folder] = []
    fresh = 0

    def look(place: tuple[bytes, list[os.DirEntry[str]]]) -> tuple[Folder | None, int]:
        path, names = place
        return _folder(root, path, names, known.get(path), rejections, limits)

    is_touched = at_news is not None and any(_is_touched(root, path, written) for path in known)
    if at_news is not None and (is_touched or not known):
        at_news()
        at_news = None
    places = _walk(str(root), b"", rejections)
    for made, read in map(look, places) if known else _by_two(look, places):
        if read and at_news is not None:
            at_news()
            at_news = None
        fresh += read
        if made is not None:
            found.append(made)
    found.sort(key=lambda one: one.path)
    rejections.sort(key=lambda rejection: rejection.doc_id)
    changed = is_touched or len(found) != len(known) or any(known.get(one.path) is not one for one in found)
    return Scan(str(root), tuple(found), tuple(rejections), changed, fresh, began)


def _is_touched(root: Path, path: bytes, since: int) -> bool:
    """Whether names have come to a folder, or gone from it, since a time; by its own time, in nanoseconds since 1970.

    A clock that jumped makes this wrong, and what hangs on it earlier or later, but no other.
    """
    try:
        return os.stat(join(os.fsencode(root), path)).st_mtime_ns > since  # noqa: PTH116 - thousands of them
    except OSError:
        return True


def _by_two(work: Callable[[T], Result], parts: Iterator[T]) -> Iterator[Result]:
    """What ``map`` gives, in two threads: most of the work is reading and hashing, and neither holds up the other."""
    with ThreadPoolExecutor(2) as threads:
        while some := list(islice(parts, _TOGETHER)):
            yield from threads.map(work, some)


def _walk(root: str, path: bytes, rejections: list[Rejection]) -> Iterator[tuple[bytes, list[os.DirEntry[str]]]]:
    """Every folder with its entries that are files or links to files, by name; what is neither is rejected."""
    try:
        with os.scandir(f"{root}/{os.fsdecode(path)}" if path else root) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        rejections.append(unreadable(printable(path) or ".", error))
        return
    folders: list[bytes] = []
    kept: list[os.DirEntry[str]] = []
    for entry in found:
        if entry.is_file(follow_symlinks=False):
            kept.append(entry)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(join(path, os.fsencode(entry.name)))
        elif entry.is_symlink():
            problem = _judge_link(printable(join(path, os.fsencode(entry.name))), Path(entry.path), Path(root))
            if problem is None:
                kept.append(entry)
            else:
                rejections.append(problem)
        else:
            shown = printable(join(path, os.fsencode(entry.name)))
            rejections.append(reject(shown, Code.NOT_REGULAR, "a device, pipe or socket", skipped=True))
    yield path, kept
    for below in folders:
        yield from _walk(root, below, rejections)


def _judge_link(path: str, file: Path, root: Path) -> Rejection | None:
    try:
        target = file.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return reject(path, Code.VANISHED, f"a link that leads nowhere: {error}")
    if not target.is_relative_to(root):
        return reject(path, Code.SYMLINK_OUTSIDE, "a link that leads out of the landing folder", skipped=True)
    if not target.is_file():
        return reject(path, Code.NOT_REGULAR, "a link to something that is no file", skipped=True)
    return None


def _folder(
    root: Path,
    path: bytes,
    names: list[os.DirEntry[str]],
    known: Folder | None,
    rejections: list[Rejection],
    limits: Limits,
) -> tuple[Folder | None, int]:
    """A folder in packed form, the one known from the cache where nothing changed, None where it holds no file; and
    how many of its files were read."""
    before = {entry.name: entry for entry in known.entries} if known is not None else {}
    entries: list[Entry] = []
    fresh = 0
    here = {os.fsencode(file.name) for file in names} if any(file.name.endswith(SIDECAR) for file in names) else set()
    for file in names:
        name = os.fsencode(file.name)
        if name.endswith(_SIDECAR) and name.removesuffix(_SIDECAR) not in here:
            described = printable(name.removesuffix(_SIDECAR))
            rejections.append(
                reject(printable(join(path, name)), Code.BAD_SIDECAR, f"describes {described}, which is not there")
            )
            continue
        entry = _identify(join(path, name), name, file, before.get(name), limits)
        if isinstance(entry, Rejection):
            rejections.append(entry)
        else:
            fresh += entry is not before.get(name)
            entries.append(entry)
    if known is not None and not fresh and len(entries) == len(before):
        return known, 0
    entries.sort(key=lambda entry: entry.name)
    return Folder.of(path, entries) if entries else None, fresh


def _identify(
    path: bytes, name: bytes, file: os.DirEntry[str], before: Entry | None, limits: Limits
) -> Entry | Rejection:
    try:
        status = file.stat()
        if before is not None and before.state == state_of(status) and not before.racy:
            return before
        if not stat.S_ISREG(status.st_mode):
            return reject(printable(path), Code.NOT_REGULAR, "a device, pipe or socket", skipped=True)
        if status.st_size > limits.container_bytes:
            message = f"{status.st_size:,} bytes; the limit is {limits.container_bytes:,}"
            return reject(printable(path), Code.TOO_LARGE, message)
        hints = None
        if name.endswith(_SIDECAR):
            data = Path(file.path).read_bytes()
            digest, hints = sha256(data).hexdigest(), msgspec.json.decode(data, type=Hints)
        else:
            digest = _hashed(file.path)
    except OSError as error:
        return unreadable(printable(path), error)
    except (msgspec.MsgspecError, RecursionError) as error:
        return reject(printable(path), Code.BAD_SIDECAR, f"{error}; the page itself is cleaned without it")
    racy = abs(time.time_ns() - status.st_mtime_ns) <= RACY
    return Entry(name, status.st_size, status.st_mtime_ns, status.st_ino, digest, racy, hints, status.st_ctime_ns)


def _hashed(path: str) -> str:
    digest = sha256()
    with Path(path).open("rb", buffering=0) as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
