"""Which results a run needs, and under which keys they stand.

The keys of later stages depend on the contents of earlier ones (a site profile that did not change redoes nothing),
so a plan is asked stage by stage, each time the stage before is complete.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from pipeline.engine import batch, beside, history, integrity, profiles, records, relations, takeover
from pipeline.engine.history import LATEST, RELEASES
from pipeline.engine.keys import key, pipeline_version, versions
from pipeline.engine.outcome import Outcome
from pipeline.engine.publish import SCHEMA, Published
from pipeline.engine.shards import Shards
from pipeline.engine.stages import Shard
from pipeline.engine.tables import Stamp
from pipeline.model import Code, ConfigError
from pipeline.settings import Limits
from pipeline.store import files, landing, seeds
from pipeline.store.inputs import Scan
from pipeline.store.seeds import Options
from pipeline.text import sha256

STATE = ".state"
_FEW = 2  # shards in which something has changed, so that one process does all that follows
_MANY = 20  # where one of so many inputs is new, there is enough to do for a process for each shard
# What may be over when the next run looks; these rejections are not remembered.
_PASSING = {Code.VANISHED, Code.CHANGED_WHILE_READ, Code.PERMISSION}


class _Schema(msgspec.Struct):
    schema: int


class NoInputs(Exception):
    """There is nothing to clean in the landing folder."""


@dataclass(frozen=True)
class Plan:
    """One run over one state of the landing folder.

    ``at_news`` is done as soon as something there is known to be new, while another process looks at the rest.
    """

    raw: Path
    clean: Path
    options: Options
    shards: int = 0
    site_stats: str = ""
    verify: bool = False
    at_news: Callable[[], None] | None = None

    @property
    def state(self) -> Path:
        """Where stage results lie."""
        return self.clean / STATE

    @property
    def cache(self) -> Path:
        """Where hashes of inputs are remembered."""
        return self.state / "inputs.msgpack"

    @cached_property
    def ahead(self) -> Path:
        """The folder that becomes the release, if this run publishes one; text files may be laid out there ahead."""
        return files.temporary(self.clean / RELEASES / LATEST)

    @cached_property
    def standing(self) -> set[Path]:
        """Results that this run need not look at again; whoever finds that one stands adds it."""
        return set()

    @cached_property
    def scan(self) -> Scan:
        """What lies in the landing folder; looked at once in a run.

        Raises ``NoInputs`` when there is nothing at all.
        """
        if not self.raw.is_dir():
            raise NoInputs(f"{self.raw}: no such folder; put pages there or name another with --raw")
        known = landing.known(self.cache)
        found = self._looked(known) if self.at_news is None else self._handed_over(known, self.at_news)
        if not found.count and not found.rejections:
            raise NoInputs(f"{self.raw}: no files there; put pages there or name another folder with --raw")
        return found

    def _looked(self, known: landing.Known, at_news: Callable[[], None] | None = None) -> Scan:
        return landing.scan(self.raw, known, Limits(), at_news)

    def _handed_over(self, known: landing.Known, at_news: Callable[[], None]) -> Scan:
        return known.whole(
            beside.handing_over(lambda leave: known.without(self._looked(known, leave)), meanwhile=at_news)
        )

    @cached_property
    def digests(self) -> seeds.Digests:
        """The digests of models, rules and name families."""
        return seeds.digests(self.options)

    @cached_property
    def stamp(self) -> Stamp:
        """What the rows of the release say of this run's configuration."""
        parts = [self.digests.models, self.digests.rules, self.digests.names, *self._settings]
        return Stamp(pipeline_version(), sha256("\x1f".join(parts))[:16])

    @property
    def _settings(self) -> list[str]:
        limits = asdict(Limits())
        return [str(sorted(limits.items())), str(self.options.policy), self.options.typography]

    @cached_property
    def cut(self) -> Shards:
        """The inputs by shard."""
        return Shards(self.scan, self.shards)

    @cached_property
    def run_key(self) -> str:
        """The key of the whole run: all inputs and the whole configuration."""
        facts = [f"{folder.printable} {folder.digest}" for folder in self.scan.folders]
        facts += [f"{r.doc_id} {r.code} {r.message}" for r in self.scan.rejections]
        return key("segment", *facts, self.stamp.config_digest, self.stamp.pipeline_version, self.site_stats)

    # The file of each result. ``*_files`` have one for each shard that is not empty, by its number.

    @cached_property
    def segment_files(self) -> dict[int, Path]:
        """Pages with what each page alone says."""
        limits, *_ = self._settings
        models = self.digests.models
        return {n: self._file("segment", limits, models, digest) for n, digest in self.cut.digests.items()}

    @property
    def stories_file(self) -> Path:
        """Which pages carry the same story; needs the segment stage."""
        return self._file("stories", *(path.stem for path in self.segment_files.values()))

    @property
    def profile_file(self) -> Path:
        """The site profiles; needs stories, unless those of an earlier release are asked for.

        Raises ``ConfigError`` when these are not at hand.
        """
        if self.site_stats:
            pinned = self.result("profile", self.site_stats)
            if not pinned.is_file():
                raise ConfigError(f"{pinned}: no such site statistics; a release's manifest names its own")
            return pinned
        return self._file("profile", *(path.stem for path in self.segment_files.values()))

    @cached_property
    def clean_files(self) -> dict[int, Path]:
        """Verdicts and canonical texts; needs the profile."""
        digests, found = profiles.load_digests(self.profile_file), batch.load_sites(self.stories_file)
        _, policy, typography = self._settings
        rules = self.digests.rules
        return {
            number: self._file(
                "clean", path.stem, profiles.site_digests(path, found, digests), rules, policy, typography
            )
            for number, path in self.segment_files.items()
        }

    @cached_property
    def names_files(self) -> dict[int, Path]:
        """Texts with names in one form; needs the clean stage, whose contents count, not its keys."""
        return {n: self.names_file(takeover.content(path)) for n, path in self.clean_files.items()}

    def names_file(self, content: str) -> Path:
        """Texts with names in one form, by the content of the clean result that they are made from."""
        return self._file("names", content, self.digests.names)

    @cached_property
    def clusters_file(self) -> Path:
        """Near-duplicate clusters; needs the names stage."""
        return self._file("cluster", *(path.stem for path in self.names_files.values()))

    @cached_property
    def index_files(self) -> dict[int, Path]:
        """The indexes of the release's parts; needs clusters."""
        return {
            number: self._file("tables", path.stem, related, str(self.stamp))
            for (number, path), related in zip(
                self.names_files.items(), relations.digests(self.clusters_file), strict=True
            )
        }

    def shard(self, stage: str, number: int) -> Shard:
        """The name of a shard, and the digest of what the stage's rows depend on beside their inputs."""
        limits, policy, typography = self._settings
        config = {
            "segment": (limits, self.digests.models),
            "clean": (self.digests.rules, policy, typography),
            "names": (self.digests.names,),
            "tables": (str(self.stamp),),
        }[stage]
        count = self.cut.count
        names = (f"{number} of {count}", *((f"{number % (count // 2)} of {count // 2}",) if count % 2 == 0 else ()))
        return Shard(names, key(stage, *config))

    def _file(self, stage: str, *parts: str) -> Path:
        return self.result(stage, key(stage, *parts))

    def result(self, stage: str, key: str) -> Path:
        """Where the result of a stage stands under its key."""
        return self.state / stage / f"{key}.parquet"

    @property
    def configuration(self) -> records.Configuration:
        """What each stage reads beside its inputs, by name: what a later run is compared with."""
        limits = {f"limit {name}": str(value) for name, value in asdict(Limits()).items()}
        policy = {f"policy {name}": str(value) for name, value in asdict(self.options.policy).items()}
        typography = {"typography": self.options.typography}
        return {
            "segment": versions("segment") | {"models": self.digests.models} | limits,
            "clean": versions("clean") | {"rules and sites": self.digests.rules} | policy | typography,
            "names": versions("names") | {"name families": self.digests.names},
        }

    @cached_property
    def is_little(self) -> bool:
        """Whether little is to be made anew: few inputs are new, and the configuration is the one before."""
        before = self._before
        return (
            self.scan.fresh * _MANY <= self.scan.count
            and before is not None
            and before.configuration == self.configuration
        )

    @cached_property
    def is_next_to_nothing(self) -> bool:
        """Whether little is, and in next to no shards."""
        if not self.is_little or self._before is None:
            return False
        known = set(self._before.results)
        new = sum(f"segment/{path.stem}" not in known for path in self.segment_files.values())
        return new <= _FEW

    def before(self, stage: str) -> list[Path]:
        """The results of a stage that the newest release was made from; none where that is not known."""
        results = self._before.results if self._before is not None else ()
        return [self.state / f"{result}.parquet" for result in results if result.startswith(f"{stage}/")]

    @cached_property
    def _before(self) -> records.Record | None:
        """What the run left that led to the newest release."""
        known = history.releases(self.clean)
        return records.read(self.state, known[-1].event.run) if known else None

    def results(self) -> tuple[str, ...]:
        """Every result of the run as ``stage/key``; needs all stages."""
        by_shard = (self.segment_files, self.clean_files, self.names_files, self.index_files)
        single = (self.stories_file, self.profile_file, self.clusters_file)
        found = [*(path for files_ in by_shard for path in files_.values()), *single]
        return tuple(f"{path.parent.name}/{path.stem}" for path in found)

    @cached_property
    def outcome(self) -> Outcome:
        """What stands of this run's release."""
        return Outcome(self.clean, self.state, self.run_key, self.verify)

    def check_schemas(self) -> None:
        """Raises ``ConfigError`` where a newer version has written: what it wrote is not touched."""
        for path in (self._schema_file, self.clean / LATEST / integrity.MANIFEST):
            try:
                found = msgspec.json.decode(path.read_bytes(), type=_Schema).schema
            except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):  # none yet, or to be made anew
                continue
            if found > SCHEMA:
                raise ConfigError(f"{path}: written by a newer version (schema {found}, this one knows {SCHEMA})")

    def begin(self) -> None:
        """Chooses what all processes of the run have to agree on; refuses the results to versions that came before."""
        # Chosen before other processes fork from this one.
        self.outcome.maker  # noqa: B018
        self.ahead  # noqa: B018
        if not self._schema_file.exists():
            files.write(self._schema_file, msgspec.json.encode(_Schema(SCHEMA)))

    def remember(self) -> None:
        """Leaves what the next run needs to know of the landing folder, whatever becomes of this one."""
        self.scan.remember(self.cache)

    @property
    def _schema_file(self) -> Path:
        return self.state / "schema.json"

    def record(self, done: Published) -> None:
        """Remembers which release this run led to; what could not be read whole is forgotten, to be read again."""
        unsettled = {item.source_path for item in done.rejections if item.stage == "read" and item.code in _PASSING}
        results = self.results()
        if unsettled:
            for path in self._made_from(unsettled):
                files.remove_tree(path)
        told = {stage: dict(parts) for stage, parts in self.configuration.items()}
        self.outcome.record(records.Record(done.digest, not unsettled, results, told), self.scan)

    def _made_from(self, sources: set[str]) -> list[Path]:
        """The results whose keys stand for the given inputs as the scan saw them, though nobody could read them so."""
        found = [self.stories_file, *(self.state / profiles.COUNTS).glob("*.parquet")]
        found += [] if self.site_stats else [self.profile_file]
        for number, path in self.segment_files.items():
            if sources.intersection(entry.path for entry in self.cut.part(number)):
                found += [path, self.clean_files[number]]
        return found
