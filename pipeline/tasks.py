"""The task that a run is, and those that make its results or ask for them.

Where next to nothing has changed, ``Few`` makes the release in one process. Else ``Results`` asks for one stage after
another as dynamic dependencies, since the keys of a stage depend on what the stage before found. Only what does not
stand yet becomes a task: one for each shard to be read, a few for all results of another stage or where little has
changed; two stages go on with the next one at once. Beside all of that ``CleanAll`` has texts linked, or a spare looked
through; where there are none yet, they are written beside ``Cluster``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.engine import batch, exits, history, integrity, lock, metrics, summary, supervise, work
from pipeline.engine.beside import dealt, each
from pipeline.engine.exits import Exit
from pipeline.engine.plan import STATE, NoInputs
from pipeline.model import ConfigError
from pipeline.parameters import Run, workers
from pipeline.stage import Part, Stage
from pipeline.stage_tasks import Clean, Cluster, Link, Names, Profile, Publish, Report, Segment, Stories, Tables, Write
from pipeline.store import environment, files

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
_TASKS_A_WORKER = 2  # one that has done its own takes over from one that is slow


class Results(Run):
    """Every result that the release is made from."""

    only_asks = True  # see ``engine.worker``

    def complete(self) -> bool:
        """Whether all of them stand."""
        return not any(missing for _, _, missing in _stages(self))

    def run(self) -> Iterator[list[Run]]:
        """Asks for the stages in their order; Luigi begins here again each time that one is done."""
        for stage, count, missing in _stages(self):
            if missing:
                _tell(self, stage, len(missing), count)
                tasks: list[Run] = [stage.of(self, parts) for parts in self._grouped(stage, missing)]
                if stage is Cluster:
                    writing = Write(**self.param_kwargs)  # type: ignore[no-untyped-call]
                    tasks += [] if writing.complete() else [writing]
                yield tasks

    def _grouped(self, stage: type[Stage], missing: Sequence[Part]) -> list[Sequence[Part]]:
        """Which results are made by one task: some, as processes cost more than what most stages do with a shard."""
        if stage is Segment and not self.plan.is_little:
            return [[part] for part in missing]
        return dealt(missing, _TASKS_A_WORKER * workers())


def _stages(run: Run) -> Iterator[tuple[type[Stage], int, list[Part]]]:
    """Each stage of a run with the number of its results and those that do not stand; to be asked for when the one
    before does."""
    todo = run.plan

    def missing(
        stage: type[Stage], results: Mapping[int, Path], sources: Mapping[int, Iterable[Path]] | None = None
    ) -> tuple[type[Stage], int, list[Part]]:
        todo.standing.update(out for out in results.values() if out not in todo.standing and stage.stands(out))
        parts = [
            Part(shard, out, tuple((sources or {}).get(shard, ())))
            for shard, out in results.items()
            if out not in todo.standing
        ]
        return stage, len(results), parts

    yield missing(Segment, todo.segment_files)
    yield missing(Stories, {0: todo.stories_file})
    if not run.site_stats:
        yield missing(Profile, {0: todo.profile_file})
    cleaned = todo.clean_files
    yield missing(Clean, cleaned)
    named = todo.names_files
    yield missing(Names, named, {shard: [path] for shard, path in cleaned.items()})
    clusters = todo.clusters_file
    yield missing(Cluster, {0: clusters}, {0: named.values()})
    sources = {shard: [path, named[shard], clusters] for shard, path in cleaned.items()}
    yield missing(Tables, todo.index_files, sources)


def _tell(run: Run, stage: type[Stage], missing: int, count: int) -> None:
    """Says on luigid's page what comes next."""
    name = stage.__name__
    run.tell(f"{name.lower()}: {missing} of {count} results to make", _REACHED[name])


def _publish(run: Run) -> Publish:
    """The task that makes the release of a run whose results stand, or are known to."""
    todo = run.plan
    sources: tuple[Path, ...] = ()
    if todo.outcome.published() is None:  # a run that was not settled is forgotten before the next one begins
        sources = todo.clusters_file, *todo.index_files.values()
    return Publish.of(run, [Part(0, todo.result("publish", todo.run_key), sources)])


class Few(Run):
    """The release where next to nothing has changed: one stage after the other in this process, which has at hand what
    tasks would hand over to each other, and beside it what ``Link`` does."""

    works_apart = True

    def complete(self) -> bool:
        """Whether ``latest`` is this run's release."""
        return self.plan.outcome.is_done()

    def run(self) -> None:
        """Makes what does not stand, then the release."""
        each(_call, [self._make, self._beside])
        self._do(_publish(self))

    def _beside(self) -> None:
        self.plan.remember()
        link = Link(**self.param_kwargs)  # type: ignore[no-untyped-call]
        if not link.complete():
            link.run()

    def _make(self) -> None:
        for stage, count, missing in _stages(self):
            if missing:
                _tell(self, stage, len(missing), count)
                self._do(stage.of(self, missing))

    def _do(self, task: Stage) -> None:
        self.speaks_for(task)
        task.run()


def _call(part: Callable[[], None]) -> None:
    part()


class CleanAll(Run):
    """Cleans everything in the landing folder and publishes the release as clean/latest."""

    only_asks = True  # see ``engine.worker``
    _at_work = False

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
            if self.is_published(at_news=self._read_ahead):
                self._note(clean)
                return True
            self._warm()
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

    def _read_ahead(self) -> None:
        """What is sure to be needed where anything is new, while another process finds out what."""
        self._warm()
        batch.read_ahead(self.plan.before("segment"), self.plan.before("names"))

    def _warm(self) -> None:
        work.warm(self.options, Path(self.clean) / STATE)

    def is_published(self, settled: bool = True, at_news: Callable[[], None] | None = None) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to, looked at anew.

        ``settled``: and every input was seen whole; ``at_news`` see ``Plan``. Raises ``NoInputs`` and ``ConfigError``.
        """
        self.look_anew(at_news)
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
        """Asks for all results and, beside them, for text files; then for the release."""
        todo = self.plan
        if not self._at_work:
            self._at_work = True
            todo.begin()
            if not todo.is_next_to_nothing:
                batch.forget()
                todo.remember()
        if todo.outcome.published() is None:
            told = self.param_kwargs
            kinds: Sequence[type[Run]] = [Few] if todo.is_next_to_nothing else [Results, Link]
            tasks = [kind(**told) for kind in kinds]
            waiting = [task for task in tasks if not task.complete()]  # type: ignore[no-untyped-call]
            if waiting:
                self.tell("results", 0)
                yield waiting
            self.tell("publish", _REACHED["Publish"])
        yield _publish(self)
        yield Report.of(self, [Part(0, todo.result("report", todo.run_key))])
        release = str(todo.outcome.published())
        self.tell(f"published release {release}", 100, Path(self.clean) / history.RELEASES / release / integrity.REPORT)
