"""The text files of a release. Those that the release before has with the same content are links to its files.

All of its files are linked, which can begin before anybody knows which documents have changed; the links that do not
fit are then taken off. Which these are, the shards' tables of texts say: a table that both releases share needs no
look inside. Where there is no release before, all can be written as soon as names have one form.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import render
from pipeline.engine import beside, integrity, tables, tally
from pipeline.engine.tables import part_path
from pipeline.steps import Named
from pipeline.store import files, payloads, rows

_NAMED = payloads.decoder(Named)
_MANY = 10_000  # text files; from so many on several processes link them
_MANY_WRITTEN = 1_000  # from so many on two processes write them
_AHEAD = ".laid"  # what was linked ahead, in the folder where it lies


class Laid(msgspec.Struct, frozen=True):
    """What was found and linked of the text files of a release: their number and size, whether all are as they were
    written, and which could not be linked. Those of no release (``""``) were written."""

    release: str
    files: int
    bytes: int
    untouched: bool
    missing: tuple[str, ...]


def lay_ahead(folder: Path, before: Path, processes: int = 1) -> None:
    """Links the text files of the release ``before`` into ``folder``, which ``write`` then goes on with.

    The folder has a name of ``files.temporary``; ``processes`` is how many link where there is enough for them.
    """
    if told := integrity.told_of_texts(before):
        place = folder / integrity.TEXTS
        files.remove_tree(place)  # of an attempt that failed
        files.write_loose(folder / _AHEAD, msgspec.json.encode(_lay(place, before, told, processes)))


def write_ahead(folder: Path, named: Iterable[Path]) -> None:
    """Writes the text files that some results of the names stage lead to into ``folder``; see ``lay_ahead``."""
    place = folder / integrity.TEXTS
    files.remove_tree(place)  # of an attempt that failed
    files.make_folder(place)
    put = _Writer(place).put
    count = size = 0
    for row in (row for path in named for row in rows.read(path, ["doc_id", "rejection", "payload"])):
        if row["rejection"] is None and (found := _NAMED.decode(row["payload"])).text:
            count, size = count + 1, size + put(row["doc_id"], found.title, found.text)
    files.write_loose(folder / _AHEAD, msgspec.json.encode(Laid("", count, size, True, ())))


def is_laid_ahead(folder: Path) -> bool:
    """Whether the text files of a release lie in a folder whole."""
    return (folder / _AHEAD).is_file()


def write(folder: Path, indexes: Sequence[Path], before: Path | None, whole: Container[tuple[int, int]]) -> None:
    """Lays out ``folder/text`` for the documents of the given shards.

    ``before`` is a release that stands, ``whole`` the identities of those of its tables that are what was written.
    """
    place = folder / integrity.TEXTS
    laid = _laid_ahead(folder)
    missing = None
    if before is not None:
        missing = _link(place, indexes, before, whole, laid)
    elif laid is not None and not laid.release and _told(laid) == _wanted(indexes):
        missing = set()
    if missing is None:
        files.remove_tree(place)
        files.make_folder(place)
        missing = set(integrity.texts_told(part_path(path, "texts") for path in indexes))
    if missing:
        processes = 2 if len(missing) >= _MANY_WRITTEN else 1
        beside.each(partial(_write_missing, place, missing), beside.dealt(indexes, processes))


def _told(laid: Laid) -> tuple[int, int]:
    return laid.files, laid.bytes


def _wanted(indexes: Sequence[Path]) -> tuple[int, int]:
    """How many text files the documents of some shards have, and with how many bytes."""
    whole = tally.total(map(tables.summary, indexes))
    return whole.texts, whole.text_bytes


def _laid_ahead(folder: Path) -> Laid | None:
    path = folder / _AHEAD
    found = msgspec.json.decode(path.read_bytes(), type=Laid) if path.is_file() else None
    files.remove_tree(path)
    return found


def are_many(release: Path) -> bool:
    """Whether there are so many text files that two processes are faster at what is done with each."""
    told = integrity.told_of_texts(release)
    return told is not None and told.files >= _MANY


def remove(release: Path) -> None:
    """Removes the text files of a release, by two processes."""
    beside.each(partial(_remove_below, release / integrity.TEXTS), beside.dealt(_names(release), 2))


def _remove_below(place: Path, names: Sequence[str]) -> None:
    for name in names:
        files.remove_tree(place / name)


def _link(
    place: Path, indexes: Sequence[Path], before: Path, whole: Container[tuple[int, int]], laid: Laid | None
) -> set[str] | None:
    """Links what is the same, and gives the names of what is not; None where ``before`` is not what was written."""
    told = integrity.told_of_texts(before)
    old = sorted((before / integrity.TEXT_TABLES).glob("*.parquet"))
    if told is None or not old or any(integrity.identity(path) not in whole for path in old):
        return None
    if laid is None or laid.release != before.name:
        files.remove_tree(place)
        laid = _lay(place, before, told, 2)
    if not laid.untouched or _told(laid) != (told.files, told.bytes):
        return None
    new = [part_path(path, "texts") for path in indexes]
    shared = {integrity.identity(path) for path in old} & {integrity.identity(path) for path in new}
    had = integrity.texts_told(path for path in old if integrity.identity(path) not in shared)
    has = integrity.texts_told(path for path in new if integrity.identity(path) not in shared)
    _take_off(place, [name for name, digest in had.items() if has.get(name) != digest])
    return {name for name, digest in has.items() if had.get(name) != digest} | set(laid.missing).difference(
        had.keys() - has.keys()
    )


def _lay(place: Path, before: Path, told: integrity.Texts, processes: int) -> Laid:
    """Links the text files of a release."""
    files.make_folder(place)
    work = partial(_link_below, before.name, str(before / integrity.TEXTS), str(place), told.since)
    processes = processes if told.files >= _MANY else 1
    parts = beside.each(work, beside.dealt(_names(before), processes))
    return Laid(
        before.name,
        sum(part.files for part in parts),
        sum(part.bytes for part in parts),
        all(part.untouched for part in parts),
        tuple(name for part in parts for name in part.missing),
    )


def _take_off(place: Path, names: Sequence[str]) -> None:
    """Removes links, and the folders that are left empty."""
    for name in names:
        files.remove_tree(place / name)
    left = {folder for name in names for folder in (place / name).parents if folder.is_relative_to(place)} - {place}
    for folder in sorted(left, reverse=True):  # what lies in another comes before it
        if folder.is_dir() and not any(folder.iterdir()):
            files.remove_tree(folder)


def _names(release: Path) -> list[str]:
    """What lies in a release's folder of text files."""
    texts = release / integrity.TEXTS
    return sorted(path.name for path in texts.iterdir()) if texts.is_dir() else []


def _link_below(release: str, old: str, place: str, since: int, names: Sequence[str]) -> Laid:
    count = size = 0
    untouched = True
    made = {""}
    missing = []
    for below, name, status in _walk(old, names):
        count, size = count + 1, size + status.st_size
        untouched = untouched and status.st_mtime_ns <= since
        if below not in made:
            made.add(below)
            files.make_folder(Path(place, below))
        path = f"{below}{name}"
        try:
            files.link_file(f"{old}/{path}", f"{place}/{path}")
        except OSError as error:
            if error.errno not in files.NO_LINKS | {errno.ENOENT}:
                raise
            missing.append(path)
    return Laid(release, count, size, untouched, tuple(missing))


def _walk(folder: str, names: Sequence[str]) -> Iterator[tuple[str, str, os.stat_result]]:
    """The files among some names in a folder and below them, each with where it lies there."""
    waiting = []
    for name in names:
        status = os.lstat(f"{folder}/{name}")
        if stat.S_ISDIR(status.st_mode):
            waiting.append(f"{name}/")
        else:
            yield "", name, status
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{entry.name}/")
                else:
                    yield below, entry.name, entry.stat(follow_symlinks=False)


def _write_missing(place: Path, missing: set[str], indexes: Sequence[Path]) -> None:
    put = _Writer(place).put
    for row in (row for index in indexes for row in _with_text(index, missing)):
        put(row["doc_id"], row["title"], row["text"])


class _Writer:
    """Writes text files below a folder."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._made: set[Path] = set()

    def put(self, doc_id: str, title: str | None, text: str) -> int:
        """Writes that of a document; how many bytes it has."""
        path = self._place / tables.text_path(doc_id)
        if path.parent not in self._made:
            files.make_folder(path.parent)
            self._made.add(path.parent)
        content = render.page(title, text).encode("utf-8")
        files.write_there(path, content)
        return len(content)


def _with_text(index: Path, wanted: set[str]) -> Iterator[dict[str, Any]]:
    """Id, title and text of the documents of a shard whose text file is wanted."""
    told = rows.read_table(part_path(index, "texts"), ["path"])["path"]
    if not pc.any(pc.is_in(told, value_set=pa.array(wanted, pa.string()))).as_py():
        return
    paths = iter(told.to_pylist())
    table = rows.read_table(index, ["documents", "texts"])
    documents = accumulate(table["documents"].to_pylist())
    # A document without a text file has a row in the table of documents all the same.
    numbers = [
        number - 1
        for number, has_text in zip(documents, table["texts"].to_pylist(), strict=True)
        if has_text and next(paths) in wanted
    ]
    yield from rows.read_some(part_path(index, "documents"), ["doc_id", "title", "text"], numbers)
