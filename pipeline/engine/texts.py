"""The text files of a release. Those that a release before has with the same content are links to its files.

Where there is a spare (see ``spare``), its text files become those of the release, but for what differs. Else all files
of the release before are linked, which can begin before anybody knows which documents have changed, and the links that
do not fit are then taken off. What fits, the shards' tables of texts say: a table that both have needs no look inside.
Where there is no release before, all files can be written as soon as names have one form.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import render
from pipeline.engine import beside, integrity, links, spare, tables, tally
from pipeline.engine.tables import part_path
from pipeline.engine.walks import names, walk
from pipeline.steps import Named
from pipeline.store import files, payloads, rows

_NAMED = payloads.decoder(Named)
_MANY_WRITTEN = 1_000  # from so many on two processes write them
_AHEAD = ".laid"  # what was linked ahead, in the folder where it lies


def lay_ahead(folder: Path, before: Path, kept: Path, processes: int = 1) -> None:
    """Links the text files of the release ``before`` into ``folder``, which ``write`` then goes on with; where there is
    a spare, which ``kept`` would be, makes sure that its files are what was written.

    The folder has a name of ``files.temporary``; ``processes`` is how many link where there is enough for them.
    """
    laid = _of_spare(kept)
    if laid is None and (told := integrity.told_of_texts(before)):
        place = folder / integrity.TEXTS
        files.remove_tree(place)  # of an attempt that failed
        laid = links.lay(place, before, told, processes)
    if laid is not None:
        files.write_loose(folder / _AHEAD, msgspec.json.encode(laid))


def _of_spare(folder: Path) -> links.Laid | None:
    """What the text files of a spare are, if all are what was written; else it goes, and there is none."""
    told = integrity.told_of_texts(folder)
    texts = folder / integrity.TEXTS
    if told is not None and texts.is_dir():
        found = links.looked_at(folder.name, walk(str(texts), names(texts)), told.since)
        if found.fits(told):
            return found
    files.remove_tree(folder)
    return None


def write_ahead(folder: Path, named: Iterable[Path], spares: int) -> None:
    """Writes the text files that some results of the names stage lead to into ``folder``; see ``lay_ahead``. Where they
    are many, as many ``spares`` are laid beside them."""
    place = folder / integrity.TEXTS
    files.remove_tree(place)  # of an attempt that failed
    files.make_folder(place)
    put = _Writer(place).put
    count = size = 0
    for row in (row for path in named for row in rows.read(path, ["doc_id", "rejection", "payload"])):
        if row["rejection"] is None and (found := _NAMED.decode(row["payload"])).text:
            count, size = count + 1, size + put(row["doc_id"], found.title, found.text)
    for number in range(spares if count >= links.MANY else 0):
        _lay_twin(place, folder / spare.NAME / str(number))
    files.write_loose(folder / _AHEAD, msgspec.json.encode(links.Laid("", count, size, True)))


def _lay_twin(place: Path, twin: Path) -> None:
    """Links all text files into another folder, of which nothing stays where that cannot be done."""
    files.remove_tree(twin)
    files.make_folder(twin)
    if links.link_below("", str(place), str(twin), 0, names(place)).missing:
        files.remove_tree(twin)


def is_laid_ahead(folder: Path) -> bool:
    """Whether the text files of a release lie in a folder whole."""
    return (folder / _AHEAD).is_file()


def write(
    folder: Path, indexes: Sequence[Path], before: Path | None, whole: Container[tuple[int, int]], kept: Path
) -> None:
    """Lays out ``folder/text`` for the documents of the given shards.

    ``before`` is a release that stands, ``whole`` the identities of those of its tables that are what was written;
    ``kept`` is where a spare lies, if there is one, and where those that were laid ahead are begun.
    """
    place, twins = folder / integrity.TEXTS, folder / spare.NAME
    laid = _laid_ahead(folder)
    missing = None
    if before is not None:
        missing = _linked(place, indexes, before, whole, laid, kept)
    elif laid is not None and not laid.release and (laid.files, laid.bytes) == _wanted(indexes):
        missing = set()
        spare.begin(sorted(twins.glob("*")), kept)
    files.remove_tree(twins)
    if missing is None:
        files.remove_tree(place)
        files.make_folder(place)
        missing = set(integrity.texts_told(part_path(path, "texts") for path in indexes))
    if missing:
        processes = 2 if len(missing) >= _MANY_WRITTEN else 1
        found = _with_missing(indexes, missing)
        beside.each(partial(_write_missing, place, missing), beside.dealt(found, processes))


def _wanted(indexes: Sequence[Path]) -> tuple[int, int]:
    """How many text files the documents of some shards have, and with how many bytes."""
    whole = tally.total(map(tables.summary, indexes))
    return whole.texts, whole.text_bytes


def _laid_ahead(folder: Path) -> links.Laid | None:
    path = folder / _AHEAD
    found = msgspec.json.decode(path.read_bytes(), type=links.Laid) if path.is_file() else None
    files.remove_tree(path)
    return found


def are_many(release: Path) -> bool:
    """Whether there are so many text files that two processes are faster at what is done with each."""
    told = integrity.told_of_texts(release)
    return told is not None and told.files >= links.MANY


def remove(release: Path) -> None:
    """Removes the text files of a release, by two processes."""
    texts = release / integrity.TEXTS
    beside.each(partial(_remove_below, texts), beside.dealt(names(texts), 2))


def _remove_below(place: Path, names: Sequence[str]) -> None:
    for name in names:
        files.remove_tree(place / name)


def _linked(
    place: Path,
    indexes: Sequence[Path],
    before: Path,
    whole: Container[tuple[int, int]],
    laid: links.Laid | None,
    kept: Path,
) -> set[str] | None:
    """Links what is the same, and gives the names of what is not; None where ``before`` is not what was written."""
    told = integrity.told_of_texts(before)
    if told is None or not _are(before, whole):
        return None
    new = [part_path(path, "texts") for path in indexes]
    if laid is not None and laid.release == spare.NAME:
        of_spare = set(map(integrity.identity, integrity.text_tables(kept)))  # what is wanted differs from it
        wanted = _taken(place, kept, new)
        if wanted is not None:
            return links.linked_besides(place, before, told.since, wanted, of_spare)
    if laid is None or laid.release != before.name:
        files.remove_tree(place)
        laid = links.lay(place, before, told, 2)
    return {*links.fitted(place, before, new), *laid.missing} if laid.fits(told) else None


def _are(release: Path, whole: Container[tuple[int, int]]) -> bool:
    """Whether the tables that tell of a release's texts stand, and are what was written."""
    tables = integrity.text_tables(release)
    return bool(tables) and all(integrity.identity(path) in whole for path in tables)


def _taken(place: Path, folder: Path, new: Sequence[Path]) -> dict[str, str] | None:
    """Makes the text files of the spare those of this release, see ``links.fitted``; None where there is none whole."""
    wanted = None
    if _are(folder, integrity.known_digests(folder)):
        files.remove_tree(place)
        files.move(folder / integrity.TEXTS, place)
        wanted = links.fitted(place, folder, new)
    files.remove_tree(folder)
    return wanted


def _with_missing(indexes: Iterable[Path], missing: set[str]) -> list[Path]:
    """The shards that have missing files; the newest are looked at first, as most are there."""
    found, left = [], len(missing)
    wanted = pa.array(missing, pa.string())
    for index in sorted(indexes, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if not left:
            break
        told = rows.read_table(part_path(index, "texts"), ["path"])["path"]
        if has := len(pc.indices_nonzero(pc.is_in(told, value_set=wanted))):
            found.append(index)
            left -= has
    return found


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
    """Id, title and text of the documents of a shard whose text file is wanted, of which there is at least one."""
    paths = iter(rows.read_table(part_path(index, "texts"), ["path"])["path"].to_pylist())
    table = rows.read_table(index, ["documents", "texts"])
    documents = accumulate(table["documents"].to_pylist())
    # A document without a text file has a row in the table of documents all the same.
    numbers = [
        number - 1
        for number, has_text in zip(documents, table["texts"].to_pylist(), strict=True)
        if has_text and next(paths) in wanted
    ]
    yield from rows.read_some(part_path(index, "documents"), ["doc_id", "title", "text"], numbers)
