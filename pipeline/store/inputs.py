"""What lies in the landing folder: every file by path and content, with its sidecar; nothing there is written.

A scan is held folder by folder in packed form, some hundred bytes a file, and unpacked where it is asked for, so
that a million files take the memory of their names. The packed folders are at once the cache of the next scan, as
git's index is of a working tree: a folder that is as it was is neither hashed nor packed again.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from pipeline.model import Code, Hints, Rejection
from pipeline.settings import Limits
from pipeline.store import environment, files

SIDECAR = ".meta.json"
_SIDECAR = SIDECAR.encode()
_CHUNK = 1 << 20
_TOGETHER = 64  # folders that two threads look at before the next ones are listed
_RACY = 2_000_000_000  # nanoseconds: a file this young may change again without its time showing it (as in git)

T = TypeVar("T")
Result = TypeVar("Result")
State: TypeAlias = tuple[int, int, int, int]  # size, time of the last edit, of the last change of state, inode


@dataclass(frozen=True, slots=True)
class Input:
    """One file of the landing folder: ``path`` below it in printable form, ``file`` to open, content hash, hints.

    ``state`` is None where the file was so young that it may change again without that showing in its state.
    """

    path: str
    file: str
    size: int
    sha256: str
    hints: Hints
    sidecar_sha256: str = ""
    state: State | None = field(default=None, compare=False)


class _Entry(msgspec.Struct, array_like=True, gc=False):
    """A page or a sidecar of a folder, with what identified its content when it was last hashed."""

    name: bytes
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    racy: bool = False  # so young when it was hashed that its time cannot be trusted
    hints: Hints | None = None  # of a sidecar
    ctime_ns: int = 0  # which no program can set: an edit that puts size and time back shows here

    @property
    def state(self) -> State:
        """See ``state_of``."""
        return self.size, self.mtime_ns, self.ctime_ns, self.inode


class Folder(msgspec.Struct, array_like=True, frozen=True):
    """One folder's files in packed form: its path below the landing folder, the digest of names and contents, the
    number and bytes of its pages."""

    path: bytes
    digest: str
    count: int
    size: int
    packed: msgspec.Raw

    @property
    def printable(self) -> str:
        """The path in printable form; empty for the landing folder itself."""
        return _printable(self.path)


@dataclass(frozen=True, slots=True)
class Scan:
    """The folders below a landing folder, by path, and what there cannot be an input.

    ``changed`` says whether anything did since the cache was written, ``fresh`` how many files had to be read,
    ``began`` when, in nanoseconds since 1970.
    """

    root: str
    folders: tuple[Folder, ...]
    rejections: tuple[Rejection, ...]
    changed: bool
    fresh: int
    began: int = 0

    @property
    def count(self) -> int:
        """How many inputs there are."""
        return sum(folder.count for folder in self.folders)

    @property
    def size(self) -> int:
        """How many bytes the inputs have."""
        return sum(folder.size for folder in self.folders)

    def inputs(self) -> Iterator[Input]:
        """The inputs, by folder, then by name."""
        for folder in self.folders:
            yield from self.unpacked(folder)

    def unpacked(self, folder: Folder) -> Iterator[Input]:
        """The inputs of one folder, by name."""
        entries = _ENTRIES.decode(folder.packed)
        printable, opened = "", f"{self.root}/"
        if folder.path:
            printable, opened = f"{folder.printable}/", f"{opened}{os.fsdecode(folder.path)}/"
        sidecars = {entry.name: entry for entry in entries if entry.hints is not None}
        for entry in entries:
            if entry.hints is not None:
                continue
            beside = sidecars.get(entry.name + _SIDECAR) if sidecars else None
            hints, digest = (beside.hints or _NO_HINTS, beside.sha256) if beside else (_NO_HINTS, "")
            name = _printable(entry.name)
            own = name if entry.name.isascii() else os.fsdecode(entry.name)
            is_old = max(entry.mtime_ns, entry.ctime_ns) < self.began - _RACY
            state = entry.state if is_old else None
            yield Input(f"{printable}{name}", f"{opened}{own}", entry.size, entry.sha256, hints, digest, state)

    def remember(self, cache: Path) -> None:
        """Leaves the hashes for the next scan, if there are new ones."""
        if self.changed:
            files.write(cache, self.packed())

    def packed(self) -> bytes:
        """The inputs with their hashes, for ``unpack``."""
        return msgspec.msgpack.encode(self.folders)


_ENTRIES = msgspec.msgpack.Decoder(list[_Entry])
_FOLDERS = msgspec.msgpack.Decoder(list[Folder])
_NO_HINTS = Hints()


def unpack(packed: bytes) -> Scan:
    """An earlier scan: which inputs there were, without where they lay."""
    return Scan("", tuple(_FOLDERS.decode(packed)), (), changed=False, fresh=0)


def scan(folder: Path, cache: Path, limits: Limits, at_news: Callable[[], None] | None = None) -> Scan:
    """Everything below a folder; nothing is written. ``at_news`` is called once a file had to be read, or all have to.

    Hidden names are left alone. Links are followed only within the folder; devices, pipes and sockets are never
    opened. Hashes are taken from ``cache`` where size, times and inode are as they were; the cache is only a saving.
    """
    root, began = folder.resolve(), time.time_ns()
    known = _read_cache(cache)
    rejections: list[Rejection] = []
    found: list[Folder] = []
    fresh = 0

    def look(place: tuple[bytes, list[os.DirEntry[str]]]) -> tuple[Folder | None, int]:
        path, names = place
        return _folder(root, path, names, known.get(path), rejections, limits)

    if at_news is not None and not known:
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
    changed = len(found) != len(known) or any(known.get(one.path) is not one for one in found)
    return Scan(str(root), tuple(found), tuple(rejections), changed, fresh, began)


def _by_two(work: Callable[[T], Result], parts: Iterator[T]) -> Iterator[Result]:
    """What ``map`` gives, in two threads: most of the work is reading and hashing, and neither holds up the other."""
    with ThreadPoolExecutor(2) as threads:
        while some := list(islice(parts, _TOGETHER)):
            yield from threads.map(work, some)


def state_of(status: os.stat_result) -> State:
    """The state of a file that a change of its content changes as well."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _walk(root: str, path: bytes, rejections: list[Rejection]) -> Iterator[tuple[bytes, list[os.DirEntry[str]]]]:
    """Every folder with its entries that are files or links to files, by name; what is neither is rejected."""
    try:
        with os.scandir(f"{root}/{os.fsdecode(path)}" if path else root) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        rejections.append(unreadable(_printable(path) or ".", error))
        return
    folders: list[bytes] = []
    kept: list[os.DirEntry[str]] = []
    for entry in found:
        if entry.is_file(follow_symlinks=False):
            kept.append(entry)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(_join(path, os.fsencode(entry.name)))
        elif entry.is_symlink():
            problem = _judge_link(_printable(_join(path, os.fsencode(entry.name))), Path(entry.path), Path(root))
            if problem is None:
                kept.append(entry)
            else:
                rejections.append(problem)
        else:
            shown = _printable(_join(path, os.fsencode(entry.name)))
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
    before = {entry.name: entry for entry in _ENTRIES.decode(known.packed)} if known is not None else {}
    entries: list[_Entry] = []
    fresh = 0
    here = {os.fsencode(file.name) for file in names} if any(file.name.endswith(SIDECAR) for file in names) else set()
    for file in names:
        name = os.fsencode(file.name)
        if name.endswith(_SIDECAR) and name.removesuffix(_SIDECAR) not in here:
            described = _printable(name.removesuffix(_SIDECAR))
            rejections.append(
                reject(_printable(_join(path, name)), Code.BAD_SIDECAR, f"describes {described}, which is not there")
            )
            continue
        entry = _identify(_join(path, name), name, file, before.get(name), limits)
        if isinstance(entry, Rejection):
            rejections.append(entry)
        else:
            fresh += entry is not before.get(name)
            entries.append(entry)
    if known is not None and not fresh and len(entries) == len(before):
        return known, 0
    entries.sort(key=lambda entry: entry.name)
    return _packed(path, entries) if entries else None, fresh


def _packed(path: bytes, entries: list[_Entry]) -> Folder:
    digest = sha256()
    count = size = 0
    for entry in entries:
        digest.update(b"%s\0%s\n" % (entry.name, entry.sha256.encode()))
        if entry.hints is None:
            count, size = count + 1, size + entry.size
    return Folder(path, digest.hexdigest(), count, size, msgspec.Raw(msgspec.msgpack.encode(entries)))


def _identify(
    path: bytes, name: bytes, file: os.DirEntry[str], before: _Entry | None, limits: Limits
) -> _Entry | Rejection:
    try:
        status = file.stat()
        if before is not None and before.state == state_of(status) and not before.racy:
            return before
        if not stat.S_ISREG(status.st_mode):
            return reject(_printable(path), Code.NOT_REGULAR, "a device, pipe or socket", skipped=True)
        if status.st_size > limits.container_bytes:
            message = f"{status.st_size:,} bytes; the limit is {limits.container_bytes:,}"
            return reject(_printable(path), Code.TOO_LARGE, message)
        hints = None
        if name.endswith(_SIDECAR):
            data = Path(file.path).read_bytes()
            digest, hints = sha256(data).hexdigest(), msgspec.json.decode(data, type=Hints)
        else:
            digest = _hashed(file.path)
    except OSError as error:
        return unreadable(_printable(path), error)
    except (msgspec.MsgspecError, RecursionError) as error:
        return reject(_printable(path), Code.BAD_SIDECAR, f"{error}; the page itself is cleaned without it")
    racy = abs(time.time_ns() - status.st_mtime_ns) <= _RACY
    return _Entry(name, status.st_size, status.st_mtime_ns, status.st_ino, digest, racy, hints, status.st_ctime_ns)


def _hashed(path: str) -> str:
    digest = sha256()
    with Path(path).open("rb", buffering=0) as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read_cache(cache: Path) -> Mapping[bytes, Folder]:
    try:
        return {folder.path: folder for folder in _FOLDERS.decode(cache.read_bytes())}
    except (FileNotFoundError, msgspec.MsgspecError):  # absent or torn: hash everything again
        return {}


def _join(folder: bytes, name: bytes) -> bytes:
    return b"%s/%s" % (folder, name) if folder else name


def _printable(path: bytes) -> str:
    """A path below the landing folder as text; bytes that are no UTF-8 stand as ``\\xNN``."""
    return path.decode("utf-8", "backslashreplace")


def unreadable(path: str, error: OSError) -> Rejection:
    """The rejection of a file that cannot be read; raises what the machine is at fault for."""
    if environment.exhausted(error):
        raise error
    if isinstance(error, FileNotFoundError):
        return reject(path, Code.VANISHED, "gone between listing and reading")
    return reject(path, Code.PERMISSION, f"cannot be read: {error.strerror}")


def reject(path: str, code: Code, message: str, *, skipped: bool = False) -> Rejection:
    """The rejection of a file as the scan sees it."""
    return Rejection(path, path, code, "scan", message, skipped)
