"""The text files of a release. Those that the release before has with the same content are links to its files.

Which these are, the shards' tables of texts say: a table that both releases share needs no look inside.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from pipeline import render
from pipeline.engine import integrity
from pipeline.engine.tables import part_path, text_path
from pipeline.store import files, rows


def write(folder: Path, indexes: Sequence[Path], before: Path | None, whole: Container[tuple[int, int]]) -> None:
    """Lays out ``folder/text`` for the documents of the given shards.

    ``before`` is a release that stands, ``whole`` the identities of those of its tables that are what was written.
    """
    place = folder / integrity.TEXTS
    files.make_folder(place)
    missing = _link(place, indexes, before, whole) if before is not None else None
    if missing is None:
        files.remove_tree(place)
        files.make_folder(place)
        missing = set(integrity.texts_told(part_path(path, "texts") for path in indexes))
    for path in indexes if missing else ():
        _write_missing(place, path, missing)


def _link(place: Path, indexes: Sequence[Path], before: Path, whole: Container[tuple[int, int]]) -> set[str] | None:
    """Links what is the same, and gives the names of what is not; None where ``before`` is not what was written."""
    told = integrity.told_of_texts(before)
    old = sorted((before / integrity.TEXT_TABLES).glob("*.parquet"))
    if told is None or not old or any(integrity.identity(path) not in whole for path in old):
        return None
    new = [part_path(path, "texts") for path in indexes]
    shared = {integrity.identity(path) for path in old} & {integrity.identity(path) for path in new}
    had = integrity.texts_told(path for path in old if integrity.identity(path) not in shared)
    has = integrity.texts_told(path for path in new if integrity.identity(path) not in shared)
    gone = {name for name, digest in had.items() if has.get(name) != digest}
    missing = {name for name, digest in has.items() if had.get(name) != digest}
    count = size = 0
    made: set[str] = set()
    for below, entry in _walk(str(before / integrity.TEXTS)):
        status = entry.stat(follow_symlinks=False)
        count, size = count + 1, size + status.st_size
        if status.st_mtime_ns > told.since:
            return None
        name = f"{below}{entry.name}"
        if name in gone:
            continue
        if below not in made:
            made.add(below)
            files.make_folder(place / below)
        try:
            files.link_file(entry.path, f"{place}/{name}")
        except OSError as error:
            if error.errno not in files.NO_LINKS | {errno.ENOENT}:
                raise
            missing.add(name)
    return missing if (count, size) == (told.files, told.bytes) else None


def _walk(folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files below a folder, each with where it lies there."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{entry.name}/")
                else:
                    yield below, entry


def _write_missing(place: Path, index: Path, missing: set[str]) -> None:
    table = rows.read_table(index, ["documents", "texts"])
    paths = iter(rows.read_table(part_path(index, "texts"), ["path"])["path"].to_pylist())
    documents = accumulate(table["documents"].to_pylist())
    # A document without a text file has a row in the table of documents all the same.
    wanted = [
        number - 1
        for number, has_text in zip(documents, table["texts"].to_pylist(), strict=True)
        if has_text and next(paths) in missing
    ]
    for row in rows.read_some(part_path(index, "documents"), ["doc_id", "title", "text"], wanted):
        files.write_loose(place / text_path(row["doc_id"]), render.page(row["title"], row["text"]).encode("utf-8"))
