"""Whether results and releases still are what was written: by their presence and sizes, and where these leave a doubt
by their digests.

As in git's index, a file whose size is right and that was not written to since is taken for unchanged; anything else
is read (a time of change is only a reason to look closer, never a proof). What is found changed is kept aside with
``.bad`` at its name, and made anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline.engine import exits
from pipeline.engine.walks import names, walk
from pipeline.store import files, rows
from pipeline.text import sha256

MANIFEST, REPORT, TEXTS, TEXT_TABLES = "manifest.json", "report.html", "text", ".texts"
_REPORT_END = b"</body></html>\n"
_SEAL = "sha256"  # the last field of a manifest: the digest of all before it


def seal(folder: Path, manifest: Mapping[str, Any], known: Mapping[tuple[int, int], str]) -> bytes:
    """The manifest of a release whose other files all stand in ``folder``, as it is to be written.

    ``files`` tells size and digest of each table; of a file that another release has, too, ``known`` tells it. The
    manifest given tells number and total size of the text files as ``texts``, their digests stand in tables of their
    own. The report is not data, and not among them.
    """
    listed = {}
    for path, size in sorted(_tables(folder)):
        digest = known.get(identity(folder / path)) or _digest(folder / path)
        listed[path] = {"bytes": size, "sha256": digest}
    told: dict[str, Any] = {**manifest, "files": listed}
    told[_SEAL] = sha256(msgspec.json.encode(told))
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def has_report(folder: Path) -> bool:
    """Whether the report of a release stands whole."""
    try:
        with (folder / REPORT).open("rb") as report:
            report.seek(-len(_REPORT_END), os.SEEK_END)
            return report.read() == _REPORT_END
    except OSError:  # none, or shorter than its end
        return False


def changed(folder: Path, *, thorough: bool = False) -> list[str]:
    """The files of a release that are missing, or are not what its manifest tells; a folder without one: just that.

    ``thorough`` reads every file, else only those whose size or time is in doubt.
    """
    manifest = _sealed(folder)
    if manifest is None:
        return [MANIFEST]
    since = -1 if thorough else (folder / MANIFEST).stat().st_mtime_ns
    listed: dict[str, dict[str, Any]] = manifest["files"]
    found = [path for path, told in listed.items() if _differs(folder / path, told["bytes"], told["sha256"], since)]
    return found + _changed_texts(folder, manifest["texts"], since)


def _sealed(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release, if it stands and is what was written."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict[str, Any])
        wanted = manifest.pop(_SEAL)
    except (OSError, msgspec.MsgspecError, KeyError):
        return None
    return manifest if sha256(msgspec.json.encode(manifest)) == wanted else None


@dataclass(frozen=True, slots=True)
class Texts:
    """How many text files a release has, with how many bytes, and since when (ns) none of them was written."""

    files: int
    bytes: int
    since: int


def told_of_texts(folder: Path) -> Texts | None:
    """What a release tells of its text files; None where it tells nothing that can be trusted."""
    manifest = _sealed(folder)
    if manifest is None:
        return None
    return Texts(manifest["texts"]["files"], manifest["texts"]["bytes"], (folder / MANIFEST).stat().st_mtime_ns)


def known_digests(folder: Path) -> dict[tuple[int, int], str]:
    """The digests of the tables of a release that nobody wrote to since, by the identity of the file."""
    manifest = _sealed(folder)
    if manifest is None:
        return {}
    since = (folder / MANIFEST).stat().st_mtime_ns
    return {
        identity(folder / path): told["sha256"]
        for path, told in manifest["files"].items()
        if (folder / path).is_file() and not _differs(folder / path, told["bytes"], told["sha256"], since)
    }


def _changed_texts(folder: Path, told: Mapping[str, int], since: int) -> list[str]:
    count = size = 0
    doubtful = False
    texts = folder / TEXTS
    for _, _, status in walk(str(texts), names(texts)):
        count += 1
        size += status.st_size
        doubtful |= status.st_mtime_ns > since
    if not doubtful and (count, size) == (told["files"], told["bytes"]):
        return []
    digests = text_digests(folder)
    return [f"{TEXTS}/{name}" for name, digest in digests.items() if _differs(folder / TEXTS / name, None, digest, -1)]


def text_digests(folder: Path) -> dict[str, str]:
    """The digest of every text file of a release, by its path below ``text``; none where it does not tell."""
    try:
        return texts_told(text_tables(folder))
    except (OSError, pa.ArrowException):  # not what was written, as the manifest tells
        return {}


def text_tables(folder: Path) -> list[Path]:
    """The tables that tell of a release's text files, one for each shard."""
    return sorted((folder / TEXT_TABLES).glob("*.parquet"))


def texts_told(tables: Iterable[Path]) -> dict[str, str]:
    """The digests of text files by their paths below ``text``, from the tables that tell them."""
    found: dict[str, str] = {}
    for path in tables:
        table = rows.read_table(path, ["path", "digest"])
        found.update(zip(table["path"].to_pylist(), table["digest"].to_pylist(), strict=True))
    return found


def _differs(path: Path, size: int | None, digest: str, since: int) -> bool:
    try:
        status = path.stat()
        if size is not None and status.st_size != size:
            return True
        return status.st_mtime_ns > since and _digest(path) != digest
    except FileNotFoundError:
        return True


def _digest(path: Path) -> str:
    return sha256(path.read_bytes())


def _tables(folder: Path) -> Iterator[tuple[str, int]]:
    for place in folder.iterdir():
        if place.name in (TEXTS, MANIFEST, REPORT):
            continue
        for path in place.rglob("*") if place.is_dir() else (place,):
            if path.is_file():
                yield str(path.relative_to(folder)), path.stat().st_size


def replace(folder: Path, beside: Path) -> None:
    """Puts a whole release where one stands no longer whole: file by file, so that ``latest`` always leads somewhere.

    What is replaced is kept aside in a folder beside the release.
    """
    if not (folder / MANIFEST).exists():
        files.remove_tree(folder)
        files.move(beside, folder)
        return
    wanted = {path for path, _ in _tables(beside)} | {f"{TEXTS}/{name}" for name in text_digests(beside)}
    aside = folder.with_name(folder.name + files.ASIDE)
    strange = {path for path, _ in _tables(folder)} - wanted
    for path in sorted(strange):
        files.move(folder / path, aside / path)
    for path in [*sorted(wanted), REPORT, MANIFEST]:  # the manifest last: until then it does not fit
        if (beside / path).is_file() and _unlike(folder / path, beside / path):
            if (folder / path).is_file():
                files.share(folder / path, aside / path)
            files.make_folder((folder / path).parent)
            files.move(beside / path, folder / path)
    files.remove_tree(beside)


def _unlike(one: Path, other: Path) -> bool:
    return not one.is_file() or (not one.samefile(other) and _digest(one) != _digest(other))


def set_aside_shared(folder: Path, paths: Iterable[str], state: Path) -> None:
    """Sets aside the stage results that are one file with what was changed in a release: they changed with it."""
    spoilt = {identity(folder / path) for path in paths if (folder / path).is_file()}
    if spoilt:
        for result in state.rglob("*.parquet"):
            if identity(result) in spoilt:
                set_aside(result)


def identity(path: Path) -> tuple[int, int]:
    """What names of one file have in common."""
    status = path.stat()
    return status.st_dev, status.st_ino


def set_aside(path: Path) -> None:
    """Gives a damaged result another name, and says so."""
    exits.say(f"{path} is not what was written; kept as {files.keep_aside(path).name}, made anew")


def set_aside_damaged(state: Path) -> list[Path]:
    """Reads every stage result, and sets aside those that are damaged: after a task failed on one."""
    damaged = [path for path in sorted(state.rglob("*.parquet")) if not rows.is_sound(path)]
    for path in damaged:
        set_aside(path)
    return damaged
