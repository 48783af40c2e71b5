"""What no kept release needs: older releases, stage results that nothing reaches, and what cut-short runs left.

Needed are, beside the kept releases themselves: the results of the newest run that led to each (its inputs may come
back, its site statistics may be asked for), what a shard's next run may take rows from, and whatever is newer than the
last publication, with which a run that was cut short goes on. What was found damaged and kept aside is for a person to
remove. Only call this under the folder's lock.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.engine import history, integrity, records, texts
from pipeline.engine.history import Release
from pipeline.engine.profiles import COUNTS
from pipeline.engine.spare import all_of, refill, retire
from pipeline.model import ConfigError
from pipeline.store import files

_POINTERS = ".last"


@dataclass(frozen=True, slots=True)
class Garbage:
    """What may go: whole releases, stage results with their pointers, run records, temporary leftovers, and the text
    files that wait for the next release."""

    releases: tuple[Path, ...]
    results: tuple[Path, ...]
    records: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    spare: tuple[Path, ...] = ()

    def size(self) -> int:
        """The bytes that removing it frees: a file whose other names stay is not counted."""
        links: Counter[tuple[int, int]] = Counter()
        sizes: dict[tuple[int, int], tuple[int, int]] = {}
        for path in _files([*self.releases, *self.results, *self.records, *self.leftovers, *self.spare]):
            status = path.lstat()
            links[status.st_dev, status.st_ino] += 1
            sizes[status.st_dev, status.st_ino] = (status.st_nlink, status.st_size)
        return sum(size for name, (names, size) in sizes.items() if links[name] >= names)


def find(clean: Path, state: Path, keep: int, *, spare: Path | None = None) -> Garbage:
    """What no kept release needs, where the newest ``keep`` are kept (0: all) and those that are pinned or latest.

    ``spare`` is where one lies that goes as well, with all in stock, for a person who wants the room that they take.

    Raises ``ConfigError`` for a negative number, and when the history cannot be read.
    """
    if keep < 0:
        raise ConfigError(f"--keep-releases {keep}: how many releases stay; 0 keeps all")
    known = history.releases(clean)
    newest = known[-keep:] if keep else known
    kept = [release for release in known if release in newest or release.latest or release.pinned]
    whole = {release.digest for release in kept}
    return Garbage(
        releases=tuple(path for path in _children(clean / history.RELEASES) if path.name not in whole),
        results=tuple(_unreached(state, known, kept)),
        records=tuple(_forgotten(state, whole)),
        leftovers=tuple(files.stale(clean)),
        spare=tuple(path for path in all_of(spare) if path.is_dir()) if spare is not None else (),
    )


def remove(garbage: Garbage, spare: Path | None = None) -> None:
    """Removes it; a release stops being one before the first of its files goes.

    ``spare`` is where the newest of the releases stays as the spare of the next run, if there is none yet.
    """
    releases = sorted(garbage.releases, key=_age, reverse=True)
    if spare is not None and not refill(spare) and releases and _age(releases[0]) and retire(releases[0], spare):
        del releases[0]
    large = [release for release in releases if texts.are_many(release)]
    for release in releases:
        files.remove_tree(release / "manifest.json")
    for release in large:
        texts.remove(release)
    for path in (*garbage.leftovers, *garbage.spare, *releases, *garbage.results, *garbage.records):
        files.remove_tree(path)


def _age(release: Path) -> int:
    """When a release was made (ns), 0 where it is none."""
    manifest = release / integrity.MANIFEST
    return manifest.stat().st_mtime_ns if manifest.is_file() else 0


def _unreached(state: Path, known: list[Release], kept: list[Release]) -> Iterator[Path]:
    """Stage results that no kept release's newest run names and that are older than the last publication."""
    runs = {release.digest: _newest_run(state, release) for release in kept}
    needed = {result for run in runs.values() if run and (told := records.read(state, run)) for result in told.results}
    needed |= {f"profile/{_site_stats(release)}" for release in kept}
    needed |= {f"{COUNTS}/{name.partition('/')[2]}" for name in needed if name.startswith("segment/")}
    last = runs.get(known[-1].digest) if known else None
    if last is None:  # nothing was ever published here, or nobody knows how: all of it may be needed
        return
    published = records.path(state, last).stat().st_mtime_ns
    for folder in _children(state):
        if not folder.is_dir() or folder.name == records.RUNS:
            continue
        results = {path for path in folder.iterdir() if path.suffix == ".parquet"}
        stay = {p for p in results if _name(p) in needed or p.stat().st_mtime_ns > published}
        yield from results - stay
        remaining = {path.name for path in stay}
        pointers = {path: path.read_text("utf-8", "replace") for path in folder.glob(f"*{_POINTERS}")}
        yield from (path for path, result in pointers.items() if result not in remaining)


def _name(result: Path) -> str:
    return f"{result.parent.name}/{result.name.partition('.')[0]}"


def _newest_run(state: Path, release: Release) -> str | None:
    """The run that led to a release last: as the history has it, else the newest record that names it."""
    if release.event.run and records.read(state, release.event.run) is not None:
        return release.event.run
    by_age = sorted((state / records.RUNS).glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    found = [p.stem for p in by_age if (told := records.read(state, p.stem)) and told.release == release.digest]
    return found[-1] if found else None


def _site_stats(release: Release) -> str:
    manifest = msgspec.json.decode((release.folder / "manifest.json").read_bytes(), type=dict[str, object])
    return str(manifest.get("site_stats", ""))


def _forgotten(state: Path, kept: set[str]) -> Iterator[Path]:
    for path in _children(state / records.RUNS):
        told = records.read(state, path.name.partition(".")[0])
        if told is None or told.release not in kept:
            yield path


def _children(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.suffix != files.ASIDE)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for folder, _, names in os.walk(path):
                yield from (Path(folder, name) for name in names)
        else:
            yield path
