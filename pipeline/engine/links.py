"""Links to the text files of a release: all of them, less those that do not fit another one."""

from __future__ import annotations

import errno
import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engine import beside, integrity
from pipeline.engine.walks import names, walk
from pipeline.store import files, rows
from pipeline.store.tables import TEXTS

MANY = 10_000  # text files; from so many on several processes link them


class Laid(msgspec.Struct, frozen=True):
    """What was found and linked of the text files of a release: their number and size, whether all are as they were
    written, and which could not be linked. Those of no release (``""``) were written; those of the spare lie there."""

    release: str
    files: int
    bytes: int
    untouched: bool
    missing: tuple[str, ...] = ()

    def fits(self, told: integrity.Texts) -> bool:
        """Whether these are the files that a release tells of, as they were written."""
        return self.untouched and (self.files, self.bytes) == (told.files, told.bytes)


def looked_at(release: str, found: Iterable[tuple[str, str, os.stat_result]], since: int) -> Laid:
    """What some text files of a release are, as ``walk`` found them; ``since`` (ns) none should have been written."""
    count = size = 0
    untouched = True
    for _, _, status in found:
        count, size = count + 1, size + status.st_size
        untouched = untouched and status.st_mtime_ns <= since
    return Laid(release, count, size, untouched)


def lay(place: Path, before: Path, told: integrity.Texts, processes: int) -> Laid:
    """Links the text files of a release."""
    files.make_folder(place)
    work = partial(link_below, before.name, str(before / integrity.TEXTS), str(place), told.since)
    processes = processes if told.files >= MANY else 1
    parts = beside.each(work, beside.dealt(names(before / integrity.TEXTS), processes))
    return Laid(
        before.name,
        sum(part.files for part in parts),
        sum(part.bytes for part in parts),
        all(part.untouched for part in parts),
        tuple(name for part in parts for name in part.missing),
    )


def link_below(release: str, old: str, place: str, since: int, names: Sequence[str]) -> Laid:
    """Links what lies in the folder ``old`` under some names, and below them, into ``place``."""
    missing: list[str] = []
    return msgspec.structs.replace(
        looked_at(release, _linking(old, place, walk(old, names), missing), since), missing=tuple(missing)
    )


def _linking(
    old: str, place: str, found: Iterable[tuple[str, str, os.stat_result]], missing: list[str]
) -> Iterator[tuple[str, str, os.stat_result]]:
    """Links each of the files found as it passes; those that cannot be linked go to ``missing``."""
    made = {""}
    for below, name, status in found:
        if below not in made:
            made.add(below)
            files.make_folder(Path(place, below))
        path = f"{below}{name}"
        if not _is_linked(f"{old}/{path}", f"{place}/{path}"):
            missing.append(path)
        yield below, name, status


def _take_off(place: Path, names: Sequence[str]) -> None:
    """Removes links, and the folders that are left empty."""
    for name in names:
        files.remove_tree(place / name)
    left = {folder for name in names for folder in (place / name).parents if folder.is_relative_to(place)} - {place}
    for folder in sorted(left, reverse=True):  # what lies in another comes before it
        if folder.is_dir() and not any(folder.iterdir()):
            files.remove_tree(folder)


def fitted(place: Path, base: Path, new: Sequence[Path]) -> dict[str, str]:
    """Takes off what does not fit of the text files of ``base``, which were laid out, and gives those that are to be
    had instead, with their digests; the tables ``new`` tell of all."""
    old = integrity.text_tables(base)
    shared = {integrity.identity(path) for path in old} & {integrity.identity(path) for path in new}
    had, has = (_told(path for path in paths if integrity.identity(path) not in shared) for paths in (old, new))
    _take_off(place, _beyond(had, has)["path"].to_pylist())
    wanted = _beyond(has, had)
    return dict(zip(wanted["path"].to_pylist(), wanted["digest"].to_pylist(), strict=True))


def _told(tables: Iterable[Path]) -> pa.Table:
    """What some tables tell of text files, with both in one for each file."""
    columns = ["path", "digest"]
    table = pa.concat_tables(
        [TEXTS.empty_table().select(columns), *(rows.read_table(path, columns) for path in tables)]
    )
    return table.append_column("both", pc.binary_join_element_wise(*table.columns, "\x1f"))


def _beyond(one: pa.Table, other: pa.Table) -> pa.Table:
    """The files of one that the other has not, or not with the same content."""
    return one.filter(pc.invert(pc.is_in(one["both"], value_set=other["both"])))


def linked_besides(
    place: Path, before: Path, since: int, wanted: Mapping[str, str], without: Container[tuple[int, int]]
) -> set[str]:
    """Links what a release has of the wanted files, given with their digests, if nobody wrote to them since; gives the
    names of the others. Its tables of the identities ``without`` have nothing that is wanted."""
    missing = set(wanted)
    if missing:
        names_ = pa.array(wanted, pa.string())
        for path in integrity.text_tables(before):
            if integrity.identity(path) in without:
                continue
            table = rows.read_table(path, ["path", "digest"])
            table = table.filter(pc.is_in(table["path"], value_set=names_))
            for name, digest in zip(table["path"].to_pylist(), table["digest"].to_pylist(), strict=True):
                if wanted[name] == digest and _link_one(before / integrity.TEXTS / name, place / name, since):
                    missing.remove(name)
    return missing


def _link_one(old: Path, new: Path, since: int) -> bool:
    if not old.exists() or old.lstat().st_mtime_ns > since:
        return False
    files.make_folder(new.parent)
    return _is_linked(str(old), str(new))


def _is_linked(old: str, new: str) -> bool:
    """Links a file, if that can be done."""
    try:
        files.link_file(old, new)
    except OSError as error:
        if error.errno not in files.NO_LINKS | {errno.ENOENT}:
            raise
        return False
    return True
