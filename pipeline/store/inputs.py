"""What lies in the landing folder: every file by path and content, with its sidecar; nothing there is written."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from pipeline.model import Code, Hints, Rejection
from pipeline.settings import Limits
from pipeline.store import files

SIDECAR = ".meta.json"
_CHUNK = 1 << 20
_RACY = 2_000_000_000  # nanoseconds: a file this young may change again without its time showing it (as in git)


@dataclass(frozen=True, slots=True)
class Input:
    """One file of the landing folder: ``path`` below it in printable form, ``file`` to open, content hash, hints."""

    path: str
    file: Path
    size: int
    sha256: str
    hints: Hints
    sidecar_sha256: str = ""


class _Known(msgspec.Struct, array_like=True):
    """What identified a file's content when it was last hashed."""

    size: int
    mtime_ns: int
    inode: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Scan:
    """The inputs below a landing folder, by path, what there cannot be one, and what is worth remembering."""

    inputs: tuple[Input, ...]
    rejections: tuple[Rejection, ...]
    known: Mapping[str, _Known]

    def remember(self, cache: Path) -> None:
        """Leaves the hashes for the next scan."""
        files.write(cache, msgspec.msgpack.encode(self.known))


def scan(folder: Path, cache: Path, limits: Limits) -> Scan:
    """Everything below a folder; nothing is written.

    Hidden names are left alone. Links are followed only within the folder; devices, pipes and sockets are never
    opened. Hashes are taken from ``cache`` where size, time and inode are as they were; the cache is only a saving.
    """
    known = _read_cache(cache)
    fresh: dict[str, _Known] = {}
    inputs: list[Input] = []
    rejections: list[Rejection] = []
    sidecars: dict[str, tuple[Hints, str]] = {}
    pages: list[tuple[str, Path]] = []
    for path, file, problem in _walk(folder, folder.resolve()):
        if problem is not None:
            rejections.append(problem)
        elif path.endswith(SIDECAR):
            _read_sidecar(path, file, sidecars, rejections)
        else:
            pages.append((path, file))
    for path, file in sorted(pages):
        identified = _identify(path, file, known, fresh, limits)
        if isinstance(identified, Rejection):
            rejections.append(identified)
        else:
            hints, sidecar_sha256 = sidecars.get(path + SIDECAR, (Hints(), ""))
            inputs.append(Input(path, file, identified.size, identified.sha256, hints, sidecar_sha256))
    rejections.sort(key=lambda rejection: rejection.doc_id)
    return Scan(tuple(inputs), tuple(rejections), fresh)


def read(entry: Input) -> bytes | Rejection:
    """The content of an input, or why it is no longer what the scan saw."""
    try:
        data = entry.file.read_bytes()
    except OSError as error:
        return replace(_unreadable(entry.path, error), stage="read")
    if sha256(data).hexdigest() != entry.sha256:
        changed = _reject(entry.path, Code.CHANGED_WHILE_READ, "changed since the run began; the next run takes it up")
        return replace(changed, stage="read")
    return data


def _walk(folder: Path, root: Path) -> Iterator[tuple[str, Path, Rejection | None]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield printable(folder, root), folder, _unreadable(printable(folder, root), error)
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        file = Path(entry.path)
        path = printable(folder.resolve() / entry.name, root)
        if entry.is_symlink():
            yield path, file, _judge_link(path, file, root)
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(file, root)
        elif entry.is_file(follow_symlinks=False):
            yield path, file, None
        else:
            yield path, file, _reject(path, Code.NOT_REGULAR, "a device, pipe or socket", skipped=True)


def _judge_link(path: str, file: Path, root: Path) -> Rejection | None:
    try:
        target = file.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return _reject(path, Code.VANISHED, f"a link that leads nowhere: {error}")
    if not target.is_relative_to(root):
        return _reject(path, Code.SYMLINK_OUTSIDE, "a link that leads out of the landing folder", skipped=True)
    if not target.is_file():
        return _reject(path, Code.NOT_REGULAR, "a link to something that is no file", skipped=True)
    return None


def _identify(
    path: str, file: Path, known: Mapping[str, _Known], fresh: dict[str, _Known], limits: Limits
) -> _Known | Rejection:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return _reject(path, Code.NOT_REGULAR, "a device, pipe or socket", skipped=True)
        if status.st_size > limits.container_bytes:
            return _reject(path, Code.TOO_LARGE, f"{status.st_size:,} bytes; the limit is {limits.container_bytes:,}")
        before = known.get(path)
        facts = (status.st_size, status.st_mtime_ns, status.st_ino)
        if before is not None and (before.size, before.mtime_ns, before.inode) == facts:
            fresh[path] = before
            return before
        digest = sha256()
        with file.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return _unreadable(path, error)
    identified = _Known(*facts, digest.hexdigest())
    if abs(time.time_ns() - status.st_mtime_ns) > _RACY:
        fresh[path] = identified
    return identified


def _read_sidecar(path: str, file: Path, sidecars: dict[str, tuple[Hints, str]], rejections: list[Rejection]) -> None:
    page = file.with_name(file.name.removesuffix(SIDECAR))
    if not page.exists():
        rejections.append(_reject(path, Code.BAD_SIDECAR, f"describes {page.name}, which is not there"))
        return
    try:
        data = file.read_bytes()
        hints = msgspec.json.decode(data, type=Hints)
    except OSError as error:
        rejections.append(_unreadable(path, error))
    except (msgspec.MsgspecError, RecursionError) as error:
        rejections.append(_reject(path, Code.BAD_SIDECAR, f"{error}; the page itself is cleaned without it"))
    else:
        sidecars[path] = (hints, sha256(data).hexdigest())


def _read_cache(cache: Path) -> dict[str, _Known]:
    try:
        return msgspec.msgpack.decode(cache.read_bytes(), type=dict[str, _Known])
    except (FileNotFoundError, msgspec.MsgspecError):  # absent or torn: hash everything again
        return {}


def printable(file: Path, root: Path) -> str:
    """A path below the landing folder as text; bytes that are no UTF-8 stand as ``\\xNN``."""
    relative = os.path.relpath(file, root)
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _unreadable(path: str, error: OSError) -> Rejection:
    if isinstance(error, FileNotFoundError):
        return _reject(path, Code.VANISHED, "gone between listing and reading")
    return _reject(path, Code.PERMISSION, f"cannot be read: {error.strerror}")


def _reject(path: str, code: Code, message: str, *, skipped: bool = False) -> Rejection:
    return Rejection(path, path, code, "scan", message, skipped)
