"""The Luigi tasks. Each names its inputs, its output and one function; the work is in ``engine``.

``CleanAll`` asks for one stage after another as dynamic dependencies, since the keys of a stage depend on what the
stage before found. Only what does not stand yet becomes a task, so Luigi sees at most a few per shard.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn

import luigi
from luigi.rpc import RPCError

from pipeline.engine import batch, gc, history, lock, metrics, stages, summary, tables
from pipeline.engine.plan import NoInputs, Plan
from pipeline.engine.pool import Pool
from pipeline.engine.progress import Progress
from pipeline.engine.publish import Facts, publish
from pipeline.model import ConfigError
from pipeline.settings import Limits, Policy
from pipeline.store import files, seeds
from pipeline.store.seeds import Digests, Options

EXIT_LOCKED = 10
EXIT_FAILED = 30
EXIT_CONFIG = 40

# Luigi alone exits 0 when tasks failed; these hold where no luigi.cfg says otherwise.
_DEFAULTS: dict[str, dict[str, object]] = {
    "retcode": {
        "already_running": EXIT_LOCKED,
        "missing_data": EXIT_FAILED,
        "not_run": EXIT_FAILED,
        "task_failed": EXIT_FAILED,
        "scheduling_error": EXIT_CONFIG,
        "unhandled_exception": EXIT_CONFIG,
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
_PLANS: dict[tuple[object, ...], Plan] = {}


@cache
def progress() -> Progress:
    """What is shown while this process works."""
    return Progress()


@lru_cache(maxsize=1)
def pool(options: Options, processes: int, _: Digests) -> Pool:
    """The processes that read pages; they serve every shard of a run, and no other tables than it has."""
    return Pool(stages.segment_one, options, processes, Limits(), progress())


class Run(luigi.Task):
    """What every task of a run is told."""

    raw = luigi.Parameter(default="raw", description="landing folder with the scraped files; never written")
    clean = luigi.Parameter(
        default="clean", description="folder for releases and stage results, with a lock of its own"
    )
    names_dir = luigi.Parameter(default="", description="folder with name families of your own (*.toml), beside ours")
    typography = luigi.ChoiceParameter(
        default="plain",
        choices=["plain", "keep"],
        description="plain: straight quotes, one dash; keep: as written.",
    )
    shards = luigi.IntParameter(
        default=0,
        description="into how many shards the work is cut; 0 chooses by the number and size of files",
    )
    processes = luigi.IntParameter(
        default=0, significant=False, description="processes that read pages; 0: the processors over Luigi's workers"
    )
    site_stats = luigi.Parameter(
        default="",
        description="site statistics to judge by, as a release's manifest names them; else those of the inputs",
    )
    keep_comments = luigi.BoolParameter(description="reader comments are content and stay")
    keep_captions = luigi.BoolParameter(description="captions of pictures are content and stay")
    drop_tables = luigi.BoolParameter(description="tables are no content and go")
    keep_releases = luigi.IntParameter(
        default=5,
        significant=False,
        description="how many of the newest releases stay when a new one is published; 0 keeps all",
    )

    @property
    def _told(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _TOLD)

    def tell(self, message: str, percent: int | None = None, page: Path | None = None) -> None:
        """Shows on luigid's page how far the task is and where to look; a luigid that is gone is no reason to fail."""
        worker: Any = self  # Luigi types as None what its workers set
        if worker.set_status_message is None:  # not run by one
            return
        with contextlib.suppress(RPCError):
            worker.set_status_message(message)
            if percent is not None:
                worker.set_progress_percentage(percent)
            if page is not None:
                worker.set_tracking_url(page.resolve().as_uri())

    @property
    def plan(self) -> Plan:
        """The plan of the run under way: all its tasks see the landing folder as it was looked at once."""
        told = self._told
        if told not in _PLANS:
            policy = Policy(comments=self.keep_comments, captions=self.keep_captions, tables=not self.drop_tables)
            options = Options(Path(self.names_dir).resolve() if self.names_dir else None, policy, self.typography)
            _PLANS[told] = Plan(Path(self.raw), Path(self.clean), options, self.shards, self.site_stats)
        return _PLANS[told]


class CleanAll(Run):
    """Cleans everything in the landing folder and publishes the release as clean/latest."""

    _at_work = False

    def complete(self) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to.

        Ends the program with a message and its exit code where a run cannot even begin.
        """
        if self._at_work:
            done = self.plan.is_done()
            self._at_work = not done
            return done
        try:
            if self.is_published():
                _note(Path(self.clean))
                return True
            seeds.load_kit(self.plan.options)
            if self.site_stats:
                self.plan.profile_file  # noqa: B018 - raises where there is none
            if self.keep_releases < 0:
                raise ConfigError(f"--keep-releases {self.keep_releases}: how many stay; 0 keeps all")
        except (NoInputs, ConfigError) as error:
            _stop(str(error), EXIT_CONFIG)
        if not lock.hold(Path(self.clean)):
            _stop(f"{self.clean}: another run is at work there", EXIT_LOCKED)
        return False

    def is_published(self, settled: bool = True) -> bool:
        """Whether ``latest`` holds what the landing folder and the configuration lead to, looked at anew.

        ``settled``: and every input was seen whole. Raises ``NoInputs`` and ``ConfigError``.
        """
        _PLANS.pop(self._told, None)  # this process may have run before
        history.pinned(Path(self.clean))  # refuses what a newer version wrote before anything is done
        done = self.plan.is_done() and (not settled or self.plan.is_settled())
        if done:
            del _PLANS[self._told]
        return done

    def run(self) -> Generator[Any, None, None]:
        """Asks for the stages in their order."""
        self._at_work = True
        todo = self.plan
        files.sweep(Path(self.clean))
        todo.scan.remember(todo.cache)
        if todo.published() is None or not todo.is_settled():
            yield self._ask(Segment, todo.segment_files)
            yield self._ask(Stories, [todo.stories_file])
            if not self.site_stats:
                yield self._ask(Profile, [todo.profile_file])
            yield self._ask(Clean, todo.clean_files)
            yield self._ask(Names, todo.names_files)
            yield self._ask(Cluster, [todo.clusters_file])
            yield self._ask(Tables, todo.index_files)
        yield self._ask(Publish, [todo.result("publish", todo.run_key)])
        release = todo.published()
        self.tell(f"published release {release}", 100, Path(self.clean) / "releases" / str(release) / "report.html")

    def _ask(self, stage: type[Stage], results: Sequence[Path]) -> list[Stage]:
        """The tasks of a stage, which luigid's page is told of; the first yield of incomplete ones ends this turn."""
        name, missing = stage.__name__, sum(not path.is_file() for path in results)
        self.tell(f"{name.lower()}: {missing} of {len(results)} shards to do", _REACHED[name])
        return self._tasks(stage, results)

    def _tasks(self, stage: type[Stage], results: Sequence[Path]) -> list[Stage]:
        return [stage(**self.param_kwargs, key=out.stem, shard=shard) for shard, out in enumerate(results)]


def _note(clean: Path) -> None:
    """What is left to do where there is nothing to do: the time of the success, and a word where latest is pinned."""
    with contextlib.suppress(OSError):  # such a run ends well even where it may not write
        metrics.write(clean)
    if pinned := history.pinned(clean):
        _remind(summary.pinned(clean, pinned))


@cache
def _remind(message: str) -> None:
    print(f"winnow: {message}", file=sys.stderr)


def _stop(message: str, code: int) -> NoReturn:
    print(f"winnow: {message}", file=sys.stderr)
    raise SystemExit(code)


class Stage(Run):
    """One result of a run; which one, its key says."""

    shard = luigi.IntParameter(description="number of the shard, from 0; CleanAll tells it")
    key = luigi.Parameter(description="under which the result stands; CleanAll tells it")

    def output(self) -> luigi.LocalTarget:
        """The file under the stage's key."""
        return luigi.LocalTarget(str(self.out))  # type: ignore[no-untyped-call]

    @property
    def out(self) -> Path:
        """Where the result goes."""
        return self.plan.result(self.task_family.lower(), self.key)


class Segment(Stage):
    """Pages of a shard with what each page alone says."""

    def run(self) -> None:
        """See ``stages.segment``."""
        todo = self.plan
        begin = sum(len(part) for part in todo.parts[: self.shard])
        progress().begin("reading", len(todo.scan.inputs), begin, self.tell)
        workers = luigi.interface.core().workers  # type: ignore[no-untyped-call]
        processes = self.processes or max(1, len(os.sched_getaffinity(0)) // workers)
        crew = pool(todo.options, processes, todo.digests)
        stages.segment(todo.parts[self.shard], todo.shard("segment", self.shard), todo.options, self.out, crew)
        progress().end()


class Stories(Stage):
    """Which pages carry the same story."""

    def run(self) -> None:
        """See ``batch.stories``."""
        self.tell("finding copies of one story")
        batch.stories(self.plan.segment_files, self.out)


class Profile(Stage):
    """Site profiles."""

    def run(self) -> None:
        """See ``batch.profile``."""
        self.tell("counting blocks per site")
        batch.profile(self.plan.segment_files, self.plan.stories_file, self.out)


class Clean(Stage):
    """Verdicts and canonical texts of a shard."""

    def run(self) -> None:
        """See ``stages.clean``."""
        todo = self.plan
        self.tell("judging blocks")
        pages, shard = todo.segment_files[self.shard], todo.shard("clean", self.shard)
        stages.clean(pages, todo.stories_file, todo.profile_file, shard, todo.options, self.out)


class Names(Stage):
    """Texts of a shard with names in one form."""

    def run(self) -> None:
        """See ``stages.name``."""
        todo = self.plan
        self.tell("naming")
        stages.name(todo.clean_files[self.shard], todo.shard("names", self.shard), todo.options, self.out)


class Cluster(Stage):
    """Near-duplicates over all documents."""

    def run(self) -> None:
        """See ``batch.cluster``."""
        self.tell("finding near-duplicates", 0)
        batch.cluster(self.plan.names_files, self.out)


class Tables(Stage):
    """The rows of a shard in the release's tables."""

    def run(self) -> None:
        """See ``tables.assemble``."""
        todo = self.plan
        self.tell("writing tables")
        clusters = batch.load_clusters(todo.clusters_file)
        tables.assemble(todo.clean_files[self.shard], todo.names_files[self.shard], clusters, todo.stamp, self.out)


class Publish(Stage):
    """The release, all or nothing."""

    def complete(self) -> bool:
        """Whether ``latest`` is this run's release."""
        return self.plan.is_done()

    def run(self) -> None:
        """See ``publish.publish``."""
        todo, clean = self.plan, Path(self.clean)
        known = todo.published()
        if known is not None and todo.is_settled():
            history.announce(clean, known, todo.run_key)
            return
        self.tell("publishing")
        facts = Facts(todo.stamp, todo.profile_file.stem)
        done = publish(todo.index_files, todo.clusters_file, todo.scan.rejections, facts, clean)
        history.announce(clean, done.digest, todo.run_key)
        todo.record(done)
        gc.remove(gc.find(clean, todo.state, self.keep_releases))
        metrics.write(clean)
        self.tell(summary.counts(done), 100, done.folder / "report.html")
        with contextlib.suppress(BrokenPipeError):  # nobody reads the summary any more; the release stands
            print(summary.lines(done, clean, history.pinned(clean)), flush=True)
