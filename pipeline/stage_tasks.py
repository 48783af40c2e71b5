"""The tasks of a run, one for each stage. Each names its inputs, its output and one function; the work is in
``engine``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.engine import (
    batch,
    exits,
    gc,
    history,
    integrity,
    metrics,
    profiles,
    relations,
    spare,
    stages,
    summary,
    tables,
    takeover,
    texts,
)
from pipeline.engine.publish import Facts, publish, write_report
from pipeline.parameters import Run, workers
from pipeline.stage import Part, Stage
from pipeline.store import languages, rows

_MANY = 1_000  # inputs; where there are so many, what shortens the next start is worth its room


class Segment(Stage):
    """Pages of a shard with what each page alone says."""

    def make(self, part: Part) -> None:
        """See ``stages.segment``."""
        inputs, shard = list(self.plan.cut.part(part.shard)), self.plan.shard("segment", part.shard)
        stages.segment(inputs, shard, part.out, self.crew("reading", part.shard))


class Stories(Stage):
    """Which pages carry the same story; goes on with what ``Profile`` would make of it."""

    def make(self, part: Part) -> None:
        """See ``batch.stories``."""
        todo = self.plan
        self.tell("finding copies of one story")
        batch.stories(list(todo.segment_files.values()), part.out)
        if not self.site_stats and not todo.profile_file.exists():
            _count_blocks(self, todo.profile_file)


class Link(Run):
    """The text files of the release before, linked to where this run's release is made; where there is a spare, whether
    it is whole.

    It goes beside all that a run does until then. Where there is but one of Luigi's workers, two processes share it.
    """

    works_apart = True

    def complete(self) -> bool:
        """Whether there is nothing to link, or all is done."""
        return self._before is None or texts.is_laid_ahead(self.plan.ahead)

    @property
    def _before(self) -> Path | None:
        latest = (Path(self.clean) / history.LATEST).resolve()
        return latest if not self.verify and integrity.told_of_texts(latest) else None

    def run(self) -> None:
        """See ``texts.lay_ahead``."""
        self.tell("laying out texts")
        if self._before is not None:
            todo = self.plan
            texts.lay_ahead(todo.ahead, self._before, spare.place(todo.state), 2 if workers() == 1 else 1)


class Write(Run):
    """All text files, where there is no release before; it goes beside looking for near-duplicates.

    Where there is but one of Luigi's workers, they are left to the release, which two processes write.
    """

    works_apart = True

    def complete(self) -> bool:
        """Whether there is a release before, or all is done."""
        has_before = (Path(self.clean) / history.LATEST).is_dir()
        return has_before or workers() == 1 or texts.is_laid_ahead(self.plan.ahead)

    def run(self) -> None:
        """See ``texts.write_ahead``."""
        self.tell("writing texts")
        texts.write_ahead(self.plan.ahead, self.plan.names_files.values(), spare.count(self.keep_releases))


class Profile(Stage):
    """Site profiles."""

    def make(self, part: Part) -> None:
        """See ``profiles.profile``."""
        _count_blocks(self, part.out)


def _count_blocks(stage: Stage, out: Path) -> None:
    stage.tell("counting blocks per site")
    profiles.profile(list(stage.plan.segment_files.values()), stage.plan.stories_file, out)


class Clean(Stage):
    """Verdicts and canonical texts of a shard; goes on with what ``Names`` would make of them."""

    def make(self, part: Part) -> None:
        """See ``stages.clean``."""
        todo = self.plan
        pages, shard = todo.segment_files[part.shard], todo.shard("clean", part.shard)
        crew, naming = self.crew("judging", part.shard), stages.Naming(todo.shard("names", part.shard), todo.names_file)
        ready = stages.clean(pages, todo.stories_file, todo.profile_file, shard, part.out, crew, naming)
        named = todo.names_file(takeover.content(part.out))
        if not named.exists():
            _name(self, part.shard, part.out, named, ready)


class Names(Stage):
    """Texts of a shard with names in one form."""

    def make(self, part: Part) -> None:
        """See ``stages.name``."""
        (cleaned,) = part.sources
        _name(self, part.shard, cleaned, part.out, {})


def _name(stage: Stage, shard: int, cleaned: Path, out: Path, ready: Mapping[str, dict[str, Any]]) -> None:
    stages.name(cleaned, stage.plan.shard("names", shard), out, stage.crew("naming", shard), ready)


class Cluster(Stage):
    """Near-duplicates over all documents."""

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether all clusters and those by shard stand whole."""
        return all(map(rows.is_whole, (out, relations.path(out))))

    def make(self, part: Part) -> None:
        """See ``batch.cluster``."""
        self.tell("finding near-duplicates")
        batch.cluster(part.sources, part.out)


class Tables(Stage):
    """The rows of a shard in the release's tables."""

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether the index and the parts stand whole."""
        return all(map(rows.is_whole, (out, *tables.parts(out))))

    def make(self, part: Part) -> None:
        """See ``tables.assemble``."""
        todo = self.plan
        self.tell("writing tables")
        cleaned, named, clusters = part.sources
        related = relations.Relations(clusters, list(todo.segment_files).index(part.shard))
        tables.assemble(cleaned, named, related, todo.shard("tables", part.shard), todo.stamp, part.out)


class Publish(Stage):
    """The release, all or nothing."""

    def complete(self) -> bool:
        """Whether ``latest`` is this run's release."""
        return self.plan.outcome.is_done()

    def run(self) -> None:
        """See ``publish.publish``."""
        todo, clean = self.plan, Path(self.clean)
        known = todo.outcome.published()
        if known is not None:
            history.announce(clean, known, todo.run_key)
            return
        self.tell("publishing")
        facts = Facts(todo.stamp, todo.profile_file.stem)
        (part,) = self.parts
        clusters, *indexes = part.sources
        done = publish(
            indexes,
            clusters,
            todo.scan.rejections,
            facts,
            clean,
            todo.ahead,
            spare.place(todo.state),
            verify=self.verify,
        )
        history.announce(clean, done.digest, todo.run_key)
        todo.record(done)
        gc.remove(gc.find(clean, todo.state, self.keep_releases), spare.place(todo.state))
        if todo.scan.count >= _MANY:
            languages.keep(todo.state)
        metrics.write(clean)
        self.tell(summary.counts(done), 100, done.folder / "report.html")
        exits.show(summary.lines(done, clean, history.pinned(clean)))


class Report(Stage):
    """The page that shows a release; it comes with the release, and is made again where it is missing."""

    def complete(self) -> bool:
        """Whether this run's release has its report."""
        return self.plan.outcome.has_report()

    def run(self) -> None:
        """See ``publish.write_report``."""
        write_report(Path(self.clean) / history.RELEASES / str(self.plan.outcome.published()))
