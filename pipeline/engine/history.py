"""The releases of a clean folder in the order of their publication, and which of them ``latest`` leads to.

The order is counted, not timed: a clock that jumps changes nothing. After a rollback ``latest`` is pinned: runs go on
making releases, since what they find is worth having, but where readers look a person has decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline.model import ConfigError
from pipeline.store import files

LATEST = "latest"
RELEASES = "releases"
_FILE = ".history.json"
_SCHEMA = 1


class Event(msgspec.Struct, frozen=True):
    """A publication: the release, the key of the run that led to it, and when (UTC)."""

    release: str
    run: str = ""
    time: str = ""


class _History(msgspec.Struct, frozen=True):
    schema: int = _SCHEMA
    pinned: str = ""
    published: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A release that stands whole."""

    folder: Path
    event: Event
    latest: bool
    pinned: bool

    @property
    def digest(self) -> str:
        """Its name."""
        return self.folder.name


def releases(clean: Path) -> list[Release]:
    """The releases that stand whole, in the order of their last publication.

    Those that the history does not know come first, by age. Raises ``ConfigError`` when the history cannot be read.
    """
    told, current = _read(clean), latest(clean)
    whole = (clean / RELEASES).glob("[!.]*/manifest.json")  # hidden ones are being built
    standing = {path.parent.name: path for path in whole if path.parent.suffix != files.ASIDE}
    known = [event for event in told.published if event.release in standing]
    strange = standing.keys() - {event.release for event in known}
    by_age = sorted(strange, key=lambda name: (standing[name].stat().st_mtime_ns, name))
    return [
        Release(standing[e.release].parent, e, e.release == current, e.release == told.pinned)
        for e in [*(Event(name) for name in by_age), *known]
    ]


def latest(clean: Path) -> str:
    """The release that ``latest`` leads to; empty where it leads nowhere."""
    link = clean / LATEST
    return link.resolve().name if link.is_symlink() else ""


def pinned(clean: Path) -> str:
    """The release that a person has pinned ``latest`` to, if it still stands whole; else empty."""
    told = _read(clean).pinned
    return told if told and (clean / RELEASES / told / "manifest.json").is_file() else ""


def announce(clean: Path, release: str, run: str) -> None:
    """Records a publication and leads ``latest`` to it, unless it is pinned.

    The record comes first: a run that is cut short between the two is made up for by the next.
    """
    told = _read(clean)
    event = Event(release, run, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    standing = [e for e in told.published if e.release != release and (clean / RELEASES / e.release).is_dir()]
    _write(clean, msgspec.structs.replace(told, published=(*standing, event)))
    if not pinned(clean):
        files.link(f"{RELEASES}/{release}", clean / LATEST)


def roll_back(clean: Path, wanted: str = "") -> Release:
    """Leads ``latest`` to a release, by default the one published before it, and pins it there.

    ``wanted`` may be the beginning of a digest. Raises ``ConfigError`` when there is no such release.
    """
    chosen = _choose(releases(clean), wanted, clean)
    _write(clean, msgspec.structs.replace(_read(clean), pinned=chosen.digest))
    files.link(f"{RELEASES}/{chosen.digest}", clean / LATEST)
    return chosen


def _choose(known: list[Release], wanted: str, clean: Path) -> Release:
    if wanted:
        found = [release for release in known if release.digest.startswith(wanted)]
        if len(found) != 1:
            problem = "more than one release begins so" if found else "no such release"
            raise ConfigError(f"{wanted}: {problem} in {clean}; `python -m pipeline releases` lists them")
        return found[0]
    before = [number for number, release in enumerate(known) if release.latest]
    if not before or before[0] == 0:
        raise ConfigError(f"{clean}: no release before the one that latest leads to")
    return known[before[0] - 1]


def unpin(clean: Path) -> Release:
    """Leads ``latest`` to the newest release again, and lets it go on with the next.

    Raises ``ConfigError`` when there is no release.
    """
    known = releases(clean)
    if not known:
        raise ConfigError(f"{clean}: no releases there")
    _write(clean, msgspec.structs.replace(_read(clean), pinned=""))
    files.link(f"{RELEASES}/{known[-1].digest}", clean / LATEST)
    return known[-1]


def _read(clean: Path) -> _History:
    path = clean / _FILE
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_History)
    except FileNotFoundError:
        return _History()
    except msgspec.MsgspecError as error:
        raise ConfigError(f"{path}: {error}; without it releases are ordered by age, and none is pinned") from error
    if told.schema > _SCHEMA:
        raise ConfigError(f"{path}: written by a newer version; this one would lose what it says")
    return told


def _write(clean: Path, told: _History) -> None:
    files.write(clean / _FILE, msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
