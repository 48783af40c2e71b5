"""What every Luigi task of a run is told, and what the tasks of a process share: plan, processes and progress."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa
from luigi.rpc import RPCError

from pipeline.engine import exits, integrity, processors, work, worker
from pipeline.engine.exits import Exit
from pipeline.engine.plan import Plan
from pipeline.engine.pool import Pool
from pipeline.engine.progress import Progress
from pipeline.settings import Limits, Policy
from pipeline.store import environment, files
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
    """The processes that work on documents, 0: as many as there are processors to spare; they serve every shard of a
    task, and no other tables than it has."""
    return Pool(work.work, options, (lambda: processes) if processes else processors.share, Limits(), progress())


def workers() -> int:
    """How many of Luigi's workers this run has."""
    count: int = luigi.interface.core().workers  # type: ignore[no-untyped-call]
    return count


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
        default=0,
        significant=False,
        description="processes of a task that read pages; 0: what the tasks at work leave it",
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
    strict = luigi.BoolParameter(significant=False, description="exit with 20 when inputs were rejected")
    verify = luigi.BoolParameter(
        significant=False, description="read every file of the release to see that it is what was written"
    )
    no_fsync = luigi.BoolParameter(
        significant=False, description="faster on small runs; a loss of power may cost what was written last"
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

    def speaks_for(self, task: Run) -> None:
        """Shows on luigid's page as its own what a task tells that is run as a part of this one."""
        for name in ("set_status_message", "set_progress_percentage", "set_tracking_url"):
            setattr(task, name, getattr(self, name))

    @property
    def plan(self) -> Plan:
        """The plan of the run under way: all its tasks see the landing folder as it was looked at once."""
        files.durable(not self.no_fsync)
        return _PLANS.get(self._told) or self.look_anew()

    def look_anew(self, at_news: Callable[[], None] | None = None) -> Plan:
        """The plan begun anew: this process may have run before. For ``at_news`` see there."""
        folders = Path(self.raw), Path(self.clean)
        plan = Plan(*folders, self.options, self.shards, self.site_stats, self.verify, at_news)
        _PLANS[self._told] = plan
        return plan

    @property
    def options(self) -> Options:
        """What the run is asked for that decides its release."""
        policy = Policy(comments=self.keep_comments, captions=self.keep_captions, tables=not self.drop_tables)
        return Options(Path(self.names_dir).resolve() if self.names_dir else None, policy, self.typography)

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
