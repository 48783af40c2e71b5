"""The inputs of a run: every file of the landing folder by path and content, with its sidecar.

A scan is held folder by folder in packed form, some hundred bytes a file, and unpacked where it is asked for, so
that a million files take the memory of their names. The packed folders are at once the cache of the next scan, as
git's index is of a working tree: a folder that is as it was is neither hashed nor packed again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import msgspec

from pipeline.model import Code, Hints, Rejection
from pipeline.store import environment, files

SIDECAR = ".meta.json"
_SIDECAR = SIDECAR.encode()
RACY = 2_000_000_000  # nanoseconds: a file this young may change again without its time showing it (as in git)

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


class Entry(msgspec.Struct, array_like=True, gc=False):
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

    @classmethod
    def of(cls, path: bytes, entries: Sequence[Entry]) -> Folder:
        """The folder with the given files, which are in order of their names."""
        digest = sha256()
        count = size = 0
        for entry in entries:
            digest.update(b"%s\0%s\n" % (entry.name, entry.sha256.encode()))
            if entry.hints is None:
                count, size = count + 1, size + entry.size
        return cls(path, digest.hexdigest(), count, size, msgspec.Raw(msgspec.msgpack.encode(entries)))

    @property
    def entries(self) -> list[Entry]:
        """The files, by name."""
        return _ENTRIES.decode(self.packed)

    @property
    def printable(self) -> str:
        """The path in printable form; empty for the landing folder itself."""
        return printable(self.path)


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
        entries = folder.entries
        shown, opened = "", f"{self.root}/"
        if folder.path:
            shown, opened = f"{folder.printable}/", f"{opened}{os.fsdecode(folder.path)}/"
        sidecars = {entry.name: entry for entry in entries if entry.hints is not None}
        for entry in entries:
            if entry.hints is not None:
                continue
            beside = sidecars.get(entry.name + _SIDECAR) if sidecars else None
            hints, digest = (beside.hints or _NO_HINTS, beside.sha256) if beside else (_NO_HINTS, "")
            name = printable(entry.name)
            own = name if entry.name.isascii() else os.fsdecode(entry.name)
            is_old = max(entry.mtime_ns, entry.ctime_ns) < self.began - RACY
            state = entry.state if is_old else None
            yield Input(f"{shown}{name}", f"{opened}{own}", entry.size, entry.sha256, hints, digest, state)

    def remember(self, cache: Path) -> None:
        """Leaves the hashes for the next scan, if there are new ones."""
        if self.changed:
            files.write(cache, self.packed())

    def packed(self) -> bytes:
        """The inputs with their hashes, for ``unpack``."""
        return msgspec.msgpack.encode(self.folders)


_ENTRIES = msgspec.msgpack.Decoder(list[Entry])
_FOLDERS = msgspec.msgpack.Decoder(list[Folder])
_NO_HINTS = Hints()


def unpack(packed: bytes) -> Scan:
    """An earlier scan: which inputs there were, without where they lay. Raises ``msgspec.MsgspecError``."""
    return Scan("", tuple(_FOLDERS.decode(packed)), (), changed=False, fresh=0)


def state_of(status: os.stat_result) -> State:
    """The state of a file that a change of its content changes as well."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def join(folder: bytes, name: bytes) -> bytes:
    """The path below the landing folder of what a folder there holds."""
    return b"%s/%s" % (folder, name) if folder else name


def printable(path: bytes) -> str:
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
