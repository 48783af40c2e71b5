"""The Luigi tasks. Each names its inputs, its output and one function; the work is in ``engine``.

``CleanAll`` asks for one stage after another as dynamic dependencies, since the keys of a stage depend on what the
stage before found. Only what does not stand yet becomes a task, so Luigi sees at most a few per shard.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import luigi

from pipeline.engine import (
    batch,
    exits,
    gc,
    history,
    integrity,
    lock,
    metrics,
    relations,
    stages,
    summary,
    supervise,
    tables,
    texts,
    work,
)
from pipeline.engine.exits import Exit
from pipeline.engine.plan import NoInputs
from pipeline.engine.pool import Pool
from pipeline.engine.publish import Facts, publish, write_report
from pipeline.model import ConfigError
from pipeline.parameters import Run, pool, progress
from pipeline.store import environment, files, rows

# How far a cold run is when a stage begins, in percent.
_REACHED = {
    "Segment": 0,
    "Stories": 70,
    "Profile": 74,
    "Clean": 76,
    "Names": 84,
    "Cluster": 90,
    "Tables": 92,
    "Publish": 96,
}


class CleanAll(Run):
    """Cleans everything in the landing folder and publishes the release as clean/latest."""

    only_asks = True  # see ``engine.worker``
    _at_work = False
    _standing: set[Path]  # results that this run need not look at again

    def complete(self) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to.

        Ends the program with a message and its exit code where a run cannot even begin.
        """
        if self._at_work:
            done = self.plan.outcome.has_report()
            self._at_work = not done
        else:
            done = self._is_up_to_date()
        if done and self.strict and self.plan.outcome.rejected():
            exits.tell(Exit.REJECTED)
        return done

    def _is_up_to_date(self) -> bool:
        """Whether there is nothing to do; where there is, the run holds the lock and can write when this returns."""
        clean = Path(self.clean)
        try:
            if self.is_published():
                self._note(clean)
                return True
            work.warm(self.plan.options)
            if self.site_stats:
                self.plan.profile_file  # noqa: B018 - raises where there is none
            if self.keep_releases < 0:
                raise ConfigError(f"--keep-releases {self.keep_releases}: how many stay; 0 keeps all")
            if not lock.hold(clean):
                exits.stop(f"{self.clean}: another run is at work there", Exit.LOCKED)
            supervise.working_in(clean)
            files.sweep(clean)
            files.probe(clean)
            self.plan.outcome.set_aside_changed()
            self.plan.outcome.forget_unsettled()
        except (NoInputs, ConfigError) as error:
            exits.stop(str(error), Exit.CONFIG)
        except (OSError, RuntimeError) as error:  # no thread to be had, among others
            if message := environment.problem(error, clean):
                exits.stop(message, Exit.ENVIRONMENT)
            raise
        self.plan.segment_files  # noqa: B018 - here once, for all processes that Luigi forks from this one
        return False

    def is_published(self, settled: bool = True) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to, looked at anew.

        ``settled``: and every input was seen whole. Raises ``NoInputs`` and ``ConfigError``.
        """
        self.look_anew()
        history.pinned(Path(self.clean))  # refuses what a newer version wrote before anything is done
        self.plan.check_schemas()
        return self.plan.outcome.has_report() and (not settled or self.plan.outcome.is_settled())

    def _note(self, clean: Path) -> None:
        """What is left to do where there is nothing to do: the time of the success, hashes of files that were touched,
        and a word where latest is pinned."""
        with contextlib.suppress(OSError):  # such a run ends well even where it may not write
            metrics.write(clean)
            self.plan.scan.remember(self.plan.cache)
        if pinned := history.pinned(clean):
            exits.say(summary.pinned(clean, pinned))

    def run(self) -> Iterator[Any]:
        """Asks for the stages in their order; Luigi begins here again each time that one is done."""
        todo = self.plan
        if not self._at_work:
            self._at_work = True
            self._standing = set()
            todo.remember()
        if todo.outcome.published() is None:  # a run that was not settled is forgotten before the next one begins
            yield from self._ask(Segment, todo.segment_files)
            link = Link(**self.param_kwargs)  # type: ignore[no-untyped-call]
            yield from self._ask(Stories, {0: todo.stories_file}, beside=[link])
            if not self.site_stats:
                yield from self._ask(Profile, {0: todo.profile_file})
            yield from self._ask(Clean, todo.clean_files)
            yield from self._ask(Names, todo.names_files, lambda shard: [todo.clean_files[shard]])
            yield from self._ask(Cluster, {0: todo.clusters_file}, lambda _: todo.names_files.values())
            yield from self._ask(
                Tables,
                todo.index_files,
                lambda shard: [todo.clean_files[shard], todo.names_files[shard], todo.clusters_file],
            )
            self.tell("publish", _REACHED["Publish"])
            sources = (todo.clusters_file, *todo.index_files.values())
            yield self._one(Publish, todo.result("publish", todo.run_key), sources)
        else:
            yield self._one(Publish, todo.result("publish", todo.run_key))
        yield self._one(Report, todo.result("report", todo.run_key))
        release = str(todo.outcome.published())
        self.tell(f"published release {release}", 100, Path(self.clean) / history.RELEASES / release / integrity.REPORT)

    def _ask(
        self,
        stage: type[Stage],
        results: Mapping[int, Path],
        sources: Callable[[int], Iterable[Path]] = lambda _: (),
        beside: Iterable[Run] = (),
    ) -> Iterator[list[Run]]:
        """The tasks of the results of a stage that do not stand yet, if there are any; luigid's page says how many.

        With them go those that have the time until they are done.
        """
        self._standing |= {out for out in results.values() if out not in self._standing and stage.stands(out)}
        missing = {shard: out for shard, out in results.items() if out not in self._standing}
        if missing:
            name = stage.__name__
            self.tell(f"{name.lower()}: {len(missing)} of {len(results)} results to make", _REACHED[name])
            yield [*(self._one(stage, out, sources(shard), shard) for shard, out in missing.items()), *beside]

    def _one(self, stage: type[Stage], out: Path, sources: Iterable[Path] = (), shard: int = 0) -> Stage:
        stems = tuple(path.stem for path in sources)
        return stage(**self.param_kwargs, key=out.stem, shard=shard, sources=stems)


class Stage(Run):
    """One result of a run; which one, its key says."""

    # In a process of its own however many workers there are, see ``engine.worker``: that one has no second thread, so
    # its pool can be forked from it, with all tables at hand.
    works_apart = True
    shard = luigi.IntParameter(description="number of the shard, from 0; CleanAll tells it")
    key = luigi.Parameter(description="under which the result stands; CleanAll tells it")
    sources = luigi.TupleParameter[tuple[str, ...]](
        default=(), significant=False, description="keys of the results it is made from"
    )

    @property
    def priority(self) -> int:  # type: ignore[override]  # Luigi reads it and never writes it
        """The bytes of the shard: the largest come first, so that none is left to one worker at the end."""
        return self.plan.cut.sizes.get(self.shard, 0)

    def output(self) -> luigi.LocalTarget:
        """The file under the stage's key."""
        return luigi.LocalTarget(str(self.out))  # type: ignore[no-untyped-call]

    @property
    def out(self) -> Path:
        """Where the result goes."""
        return self.plan.result(self.task_family.lower(), self.key)

    def complete(self) -> bool:
        """Whether the result stands; that every byte of it is right is seen when it is read."""
        return self.stands(self.out)

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether what goes to ``out`` stands whole."""
        return rows.is_whole(out)

    def source(self, stage: str, number: int = 0) -> Path:
        """A result that this one is made from."""
        return self.plan.result(stage, self.sources[number])

    def crew(self, doing: str) -> Pool:
        """The processes for this task's documents: as many as there are processors for each of Luigi's workers."""
        todo = self.plan
        counts = len(todo.segment_files)
        progress().begin(doing, todo.scan.count, todo.scan.count * self.shard // todo.cut.count, self.tell)
        workers = min(luigi.interface.core().workers, counts)  # type: ignore[no-untyped-call]
        processes = self.processes or max(1, len(os.sched_getaffinity(0)) // workers)
        return pool(todo.options, processes, todo.digests)


@Stage.event_handler(luigi.Event.START)  # type: ignore[no-untyped-call, untyped-decorator]
def _set_aside_half(stage: Stage) -> None:
    """What stands where a result goes, and is none, is kept for a person to look at."""
    if stage.out.exists() and not stage.complete():
        integrity.set_aside(stage.out)


class Segment(Stage):
    """Pages of a shard with what each page alone says."""

    def run(self) -> None:
        """See ``stages.segment``."""
        part = list(self.plan.cut.part(self.shard))
        stages.segment(part, self.plan.shard("segment", self.shard), self.out, self.crew("reading"))
        progress().end()


class Stories(Stage):
    """Which pages carry the same story."""

    def run(self) -> None:
        """See ``batch.stories``."""
        self.tell("finding copies of one story")
        batch.stories(list(self.plan.segment_files.values()), self.out)


class Link(Run):
    """The text files of the release before, linked to where this run's release is made, while copies are looked for.

    That takes one process; the links are calls into the kernel for another.
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
        self.tell("linking texts")
        if self._before is not None:
            texts.lay_ahead(self.plan.ahead, self._before)


class Profile(Stage):
    """Site profiles."""

    def run(self) -> None:
        """See ``batch.profile``."""
        self.tell("counting blocks per site")
        batch.profile(list(self.plan.segment_files.values()), self.plan.stories_file, self.out)


class Clean(Stage):
    """Verdicts and canonical texts of a shard."""

    def run(self) -> None:
        """See ``stages.clean``."""
        todo = self.plan
        pages, shard = todo.segment_files[self.shard], todo.shard("clean", self.shard)
        stages.clean(pages, todo.stories_file, todo.profile_file, shard, self.out, self.crew("judging"))
        progress().end()


class Names(Stage):
    """Texts of a shard with names in one form."""

    def run(self) -> None:
        """See ``stages.name``."""
        stages.name(self.source("clean"), self.plan.shard("names", self.shard), self.out, self.crew("naming"))
        progress().end()


class Cluster(Stage):
    """Near-duplicates over all documents."""

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether all clusters and those by shard stand whole."""
        return all(map(rows.is_whole, (out, relations.path(out))))

    def run(self) -> None:
        """See ``batch.cluster``."""
        self.tell("finding near-duplicates")
        batch.cluster([self.plan.result("names", source) for source in self.sources], self.out)


class Tables(Stage):
    """The rows of a shard in the release's tables."""

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether the index and the parts stand whole."""
        return all(map(rows.is_whole, (out, *tables.parts(out))))

    def run(self) -> None:
        """See ``tables.assemble``."""
        todo = self.plan
        self.tell("writing tables")
        clusters = relations.of_shard(self.source("cluster", 2), list(todo.segment_files).index(self.shard))
        shard = todo.shard("tables", self.shard)
        tables.assemble(self.source("clean"), self.source("names", 1), clusters, shard, todo.stamp, self.out)


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
        clusters, *indexes = self.sources
        done = publish(
            [todo.result("tables", index) for index in indexes],
            todo.result("cluster", clusters),
            todo.scan.rejections,
            facts,
            clean,
            todo.ahead,
            verify=self.verify,
        )
        history.announce(clean, done.digest, todo.run_key)
        todo.record(done)
        gc.remove(gc.find(clean, todo.state, self.keep_releases))
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
