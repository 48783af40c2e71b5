"""What stands of a run's release: whether there is one for this very run key, whole, and shown as ``latest``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import msgspec

from pipeline.engine import exits, history, integrity, records
from pipeline.engine.history import RELEASES
from pipeline.store import files
from pipeline.store.inputs import Scan


@dataclass(frozen=True)
class Outcome:
    """The release of one run, looked at as often as asked: another process may have published since."""

    clean: Path
    state: Path
    run: str
    verify: bool

    @property
    def _record(self) -> records.Record | None:
        # Read each time: under Luigi's workers another process may have published since.
        return records.read(self.state, self.run)

    def published(self) -> str | None:
        """The digest of the release that this run leads to, if it is known and stands whole."""
        known = self._record
        if known is None:
            return None
        folder = self.clean / RELEASES / known.release
        if known.maker == self.maker and (folder / integrity.MANIFEST).is_file():
            return known.release
        return known.release if self._stands(folder) else None

    def _stands(self, folder: Path) -> bool:
        """Whether a release is what was written; looked at until it once was."""
        if folder not in self._seen_whole and not integrity.changed(folder, thorough=self.verify):
            self._seen_whole.add(folder)
        return folder in self._seen_whole

    @cached_property
    def _seen_whole(self) -> set[Path]:
        return set()

    @cached_property
    def maker(self) -> str:
        """What tells the processes of this run from those of others; to be asked for before any forks."""
        return uuid4().hex

    def set_aside_changed(self) -> None:
        """Says what in this run's release is not what was written, and sets aside the results that changed with it."""
        if self._record is None:
            return
        folder = self.clean / RELEASES / self._record.release
        paths = integrity.changed(folder, thorough=self.verify) if folder.is_dir() else []
        for path in paths:
            there = (folder / path).exists()
            what = f"is not what was written; kept in {folder.name}.bad" if there else "is missing"
            exits.say(f"{folder / path} {what}, made anew")
        integrity.set_aside_shared(folder, paths, self.state)

    def is_done(self) -> bool:
        """Whether ``latest`` is what this run would publish, or where a person has pinned it."""
        digest = self.published()
        return digest is not None and history.latest(self.clean) == (history.pinned(self.clean) or digest)

    def has_report(self) -> bool:
        """Whether the same, and this run's release has its report."""
        return self.is_done() and integrity.has_report(self.clean / RELEASES / str(self.published()))

    def is_settled(self) -> bool:
        """Whether the known release saw every input whole; if not, another run may see more."""
        return self._record is not None and self._record.settled

    def rejected(self) -> int:
        """How many inputs the standing release has rejected."""
        manifest = self.clean / RELEASES / str(self.published()) / integrity.MANIFEST
        count: int = msgspec.json.decode(manifest.read_bytes())["documents"]["rejected"]
        return count

    def record(self, record: records.Record, scan: Scan) -> None:
        """Remembers which release this run led to, and that its own processes made it."""
        records.write(self.state, self.run, msgspec.structs.replace(record, maker=self.maker), scan)

    def forget_unsettled(self) -> None:
        """Has a run that did not see every input whole be made again: what it recorded holds no longer."""
        if not self.is_settled():
            files.remove_tree(records.path(self.state, self.run))
