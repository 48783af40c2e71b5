"""The Luigi tasks. Each names its inputs, its output and one function; the work is in ``engine``.

``CleanAll`` asks for one stage after another as dynamic dependencies, since the keys of a stage depend on what the
stage before found. Only what does not stand yet becomes a task, so Luigi sees at most a few per shard.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa

from pipeline.engine import batch, exits, integrity, lock, stages, summary, supervise, tables, worker
from pipeline.engine.exits import Exit
from pipeline.engine.plan import NoInputs, Plan
from pipeline.engine.pool import Pool
from pipeline.engine.progress import Progress
from pipeline.engine.publish import Facts, publish, write_report
from pipeline.model import ConfigError
from pipeline.settings import Limits, Policy
from pipeline.store import environment, files, rows
from pipeline.store.seeds import Digests, Options

# Luigi alone exits 0 when tasks failed; these hold where no luigi.cfg says otherwise.
_DEFAULTS: dict[str, dict[str, object]] = {
    "retcode": {
        "already_running": int(Exit.LOCKED),
        "missing_data": int(Exit.FAILED),
        "not_run": int(Exit.FAILED),
        "task_failed": int(Exit.FAILED),
        "scheduling_error": int(Exit.CONFIG),
        "unhandled_exception": int(Exit.CONFIG),
    },
    "worker": {"check_complete_on_run": "true"},
}


def _set_defaults() -> None:
    config = luigi.configuration.get_config()  # type: ignore[no-untyped-call]
    for section, values in _DEFAULTS.items():
        for name, value in values.items():
            if not config.has_option(section, name):
                config.set(section, name, str(value))


_set_defaults()
worker.install()


_TOLD = (
    "raw",
    "clean",
    "names_dir",
    "typography",
    "shards",
    "site_stats",
    "keep_comments",
    "keep_captions",
    "drop_tables",
)
_PLANS: dict[tuple[object, ...], Plan] = {}


@cache
def progress() -> Progress:
    """What is shown while this process works."""
    return Progress()


@lru_cache(maxsize=1)
def pool(options: Options, processes: int, _: Digests) -> Pool:
    """The processes that work on documents; they serve every shard of a run, and no other tables than it has."""
    return Pool(stages.work, options, processes, Limits(), progress())


class Run(luigi.Task):
    """What every task of a run is told."""

    raw = luigi.Parameter(default="raw", description="landing folder with the scraped files; never written")
    clean = luigi.Parameter(default="clean", description="folder for releases and stage results")
    names_dir = luigi.Parameter(default="", description="folder with name families of your own (*.toml)")
    typography = luigi.ChoiceParameter(
        default="plain", choices=["plain", "keep"], description="plain: straight quotes, one dash; keep: as written"
    )
    shards = luigi.IntParameter(default=0, description="number of shards; 0 chooses by the number and size of files")
    processes = luigi.IntParameter(
        default=0, significant=False, description="processes that read pages; 0: the processors over Luigi's workers"
    )
    site_stats = luigi.Parameter(
        default="",
        description="site statistics to judge by, as a manifest names them; else the inputs' own",
    )
    keep_comments = luigi.BoolParameter(description="reader comments are content")
    keep_captions = luigi.BoolParameter(description="captions are content")
    drop_tables = luigi.BoolParameter(description="tables are no content")
    strict = luigi.BoolParameter(significant=False, description="exit with 20 when inputs were rejected")
    verify = luigi.BoolParameter(
        significant=False, description="read every file of the release to see that it is what was written"
    )
    no_fsync = luigi.BoolParameter(
        significant=False, description="faster on small runs; a loss of power may cost what was written last"
    )

    @property
    def plan(self) -> Plan:
        """The plan of the run under way: all its tasks see the landing folder as it was looked at once."""
        files.durable(not self.no_fsync)
        told = tuple(getattr(self, name) for name in _TOLD)
        if told not in _PLANS:
            policy = Policy(comments=self.keep_comments, captions=self.keep_captions, tables=not self.drop_tables)
            options = Options(Path(self.names_dir).resolve() if self.names_dir else None, policy, self.typography)
            _PLANS[told] = Plan(Path(self.raw), Path(self.clean), options, self.shards, self.site_stats, self.verify)
        return _PLANS[told]

    def on_failure(self, exception: BaseException) -> str:
        """What Luigi notes of a failure; one of the machine ends the run, since the next task would fail as well."""
        if message := environment.problem(exception, Path(self.clean)):
            exits.say(message)
            exits.tell(Exit.ENVIRONMENT)
            return message
        if isinstance(exception, (OSError, pa.ArrowException)):  # perhaps a stage result that was damaged
            integrity.set_aside_damaged(self.plan.state)
        noted: str = super().on_failure(exception)  # type: ignore[no-untyped-call]
        return noted


class CleanAll(Run):
    """Cleans everything in the landing folder and publishes the release as clean/latest."""

    _at_work = False

    def complete(self) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to.

        Ends the program with a message and its exit code where a run cannot even begin.
        """
        if self._at_work:
            done = self.plan.has_report()
            self._at_work = not done
        else:
            _PLANS.clear()  # a new run in a process that may have run before looks at everything anew
            done = self._is_up_to_date()
        if done and self.strict and self.plan.rejected():
            exits.tell(Exit.REJECTED)
        return done

    def _is_up_to_date(self) -> bool:
        """Whether there is nothing to do; where there is, the run holds the lock and can write when this returns."""
        clean = Path(self.clean)
        try:
            self.plan.check_schemas()
            if self.plan.has_report() and self.plan.is_settled():
                return True
            stages.warm(self.plan.options)
            if self.site_stats:
                self.plan.profile_file  # noqa: B018 - raises where there is none
            if not lock.hold(clean):
                exits.stop(f"{self.clean}: another run is at work there", Exit.LOCKED)
            supervise.working_in(clean)
            files.sweep(clean)
            files.probe(clean)
            self.plan.set_aside_changed()
            self.plan.forget_unsettled()
        except (NoInputs, ConfigError) as error:
            exits.stop(str(error), Exit.CONFIG)
        except OSError as error:
            if message := environment.problem(error, clean):
                exits.stop(message, Exit.ENVIRONMENT)
            raise
        self.plan.segment_files  # noqa: B018 - here once, for all processes that Luigi forks from this one
        return False

    def run(self) -> Generator[Any, None, None]:
        """Asks for the stages in their order."""
        self._at_work = True
        todo = self.plan
        todo.remember()
        if todo.published() is None:  # a run that was not settled is forgotten before the next one begins
            yield self._tasks(Segment, todo.segment_files)
            yield self._one(Stories, todo.stories_file)
            if not self.site_stats:
                yield self._one(Profile, todo.profile_file)
            yield self._tasks(Clean, todo.clean_files)
            yield self._tasks(Names, todo.names_files, todo.clean_files)
            yield self._one(Cluster, todo.clusters_file, *todo.names_files.values())
            clusters = dict.fromkeys(todo.index_files, todo.clusters_file)
            yield self._tasks(Tables, todo.index_files, todo.clean_files, todo.names_files, clusters)
            sources = (todo.clusters_file, *todo.index_files.values())
            yield self._one(Publish, todo.result("publish", todo.run_key), *sources)
        else:
            yield self._one(Publish, todo.result("publish", todo.run_key))
        yield self._one(Report, todo.result("report", todo.run_key))

    def _tasks(self, stage: type[Stage], results: Mapping[int, Path], *sources: Mapping[int, Path]) -> list[Stage]:
        return [self._one(stage, out, *(s[n] for s in sources), shard=n) for n, out in results.items()]

    def _one(self, stage: type[Stage], out: Path, *sources: Path, shard: int = 0) -> Stage:
        stems = tuple(path.stem for path in sources)
        return stage(**self.param_kwargs, key=out.stem, shard=shard, sources=stems)


class Stage(Run):
    """One result of a run; which one, its key says."""

    shard = luigi.IntParameter()
    key = luigi.Parameter()
    sources = luigi.TupleParameter[tuple[str, ...]](
        default=(), significant=False, description="keys of the results it is made from"
    )

    def output(self) -> luigi.LocalTarget:
        """The file under the stage's key."""
        return luigi.LocalTarget(str(self.out))  # type: ignore[no-untyped-call]

    @property
    def out(self) -> Path:
        """Where the result goes."""
        return self.plan.result(self.task_family.lower(), self.key)

    def complete(self) -> bool:
        """Whether the result stands whole; that every byte of it is right is seen when it is read."""
        return rows.is_whole(self.out)

    def source(self, stage: str, number: int = 0) -> Path:
        """A result that this one is made from."""
        return self.plan.result(stage, self.sources[number])

    def crew(self, doing: str) -> Pool:
        """The processes for this task's documents: as many as there are processors for each of Luigi's workers."""
        todo = self.plan
        counts = len(todo.segment_files)
        progress().begin(doing, todo.scan.count, todo.scan.count * self.shard // todo.cut.count)
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
        batch.stories(list(self.plan.segment_files.values()), self.out)


class Profile(Stage):
    """Site profiles."""

    def run(self) -> None:
        """See ``batch.profile``."""
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

    def run(self) -> None:
        """See ``batch.cluster``."""
        batch.cluster([self.plan.result("names", source) for source in self.sources], self.out)


class Tables(Stage):
    """The rows of a shard in the release's tables."""

    def complete(self) -> bool:
        """Whether the index and the parts stand whole."""
        return super().complete() and all(map(rows.is_whole, tables.parts(self.out)))

    def run(self) -> None:
        """See ``tables.assemble``."""
        todo = self.plan
        judged, named, clusters = self.source("clean"), self.source("names", 1), self.source("cluster", 2)
        tables.assemble(judged, named, clusters, todo.shard("tables", self.shard), todo.stamp, self.out)


class Publish(Stage):
    """The release, all or nothing."""

    def complete(self) -> bool:
        """Whether ``latest`` is this run's release."""
        return self.plan.is_done()

    def run(self) -> None:
        """See ``publish.publish``."""
        todo = self.plan
        known = todo.published()
        if known is not None:
            files.link(f"releases/{known}", Path(self.clean) / "latest")
            return
        facts = Facts(todo.stamp, todo.profile_file.stem)
        clusters, *indexes = self.sources
        done = publish(
            [todo.result("tables", index) for index in indexes],
            todo.result("cluster", clusters),
            todo.scan.rejections,
            facts,
            Path(self.clean),
        )
        todo.record(done)
        with contextlib.suppress(BrokenPipeError):  # nobody reads the summary any more; the release stands
            print(summary.lines(done, Path(self.clean)), flush=True)


class Report(Stage):
    """The page that shows a release; it comes with the release, and is made again where it is missing."""

    def complete(self) -> bool:
        """Whether this run's release has its report."""
        return self.plan.has_report()

    def run(self) -> None:
        """See ``publish.write_report``."""
        write_report((Path(self.clean) / "latest").resolve())
