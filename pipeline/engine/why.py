"""Why a document would be redone by the next run, and from what its published form was made.

Compares the landing folder and the configuration as they are now with the record of the last publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.engine import history, profiles, records
from pipeline.engine.history import Release
from pipeline.engine.plan import Plan
from pipeline.engine.records import Source
from pipeline.model import ConfigError
from pipeline.sites import Profile
from pipeline.store import packed, rows

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a stage reads and that is not as it was: a digest or a value before and now."""

    stage: str
    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a published document, or its rejection, was made from."""

    release: Release
    doc_id: str
    status: str
    source: Source | None
    site: str
    site_stats: str
    profile: str
    configuration: records.Configuration


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a document is redone; ``others`` counts the other inputs that came, went or changed since."""

    changes: tuple[Change, ...]
    others: int
    up_to_date: bool
    origin: Origin | None


def why(plan: Plan, name: str) -> Answer:
    """The answer for a document, named by its id or by its path below the landing folder.

    Raises ``ConfigError`` when neither the landing folder nor the published release knows it, and ``NoInputs`` for
    an empty landing folder.
    """
    now = {entry.path: Source(entry.path, entry.sha256, entry.sidecar_sha256) for entry in plan.scan.inputs()}
    known = history.releases(plan.clean)
    origin = _origin(plan, next((release for release in known if release.latest), None), name)
    path = _path(name, now, origin)
    run = known[-1].event.run if known else ""
    record = records.read(plan.state, run) if run else None
    if record is None:
        before, others, configuration = None, len(now) - 1, {}
    else:
        before = records.source(plan.state, run, path)
        others = _others(records.sources(plan.state, run), now, path)
        configuration = record.configuration
    changes = tuple(_changes(plan, before, now.get(path), configuration))
    changes += tuple(_at_site(plan, record, origin)) if record and not changes else ()
    return Answer(changes, others, plan.outcome.published() is not None and plan.outcome.is_settled(), origin)


def _path(name: str, now: dict[str, Source], origin: Origin | None) -> str:
    """The input that a document comes from: records of a container are named ``<path>#<record>``."""
    if name in now:
        return name
    if origin is not None and origin.source is not None:
        return origin.source.path
    container = name.rpartition("#")[0]
    if container in now:
        return container
    raise ConfigError(f"{name}: neither in the landing folder nor in the published release; a document is named by "
                      "its path below the landing folder, with #<record> for a record of a container")  # fmt: skip


def _others(before: dict[str, str], now: dict[str, Source], own: str) -> int:
    changed = sum(before.get(path) != f"{item.sha256} {item.sidecar_sha256}" for path, item in now.items())
    own_changed = own in now and before.get(own) != f"{now[own].sha256} {now[own].sidecar_sha256}"
    return changed - own_changed + sum(path != own for path in before.keys() - now.keys())


def _changes(
    plan: Plan, before: Source | None, now: Source | None, configuration: records.Configuration
) -> Iterator[Change]:
    if before is None or now is None:
        yield Change("segment", "input", before.sha256 if before else _NONE, now.sha256 if now else _NONE)
    elif before.sha256 != now.sha256:
        yield Change("segment", "input", before.sha256, now.sha256)
    if before and now and before.sidecar_sha256 != now.sidecar_sha256:
        yield Change("segment", "sidecar", before.sidecar_sha256 or _NONE, now.sidecar_sha256 or _NONE)
    for stage, parts in plan.configuration.items() if configuration else ():
        known = configuration.get(stage, {})
        for what in sorted(parts.keys() | known.keys()):
            if parts.get(what) != known.get(what):
                yield Change(stage, what, known.get(what, _NONE), parts.get(what, _NONE))


def _at_site(plan: Plan, record: records.Record, origin: Origin | None) -> Iterator[Change]:
    """Site statistics asked for, or those of the inputs as they are now where a cut-short run has left them, as far as
    they say something else of the document's own blocks."""
    before = next((r.partition("/")[2] for r in record.results if r.startswith("profile/")), "")
    if not all(path.is_file() for path in plan.segment_files.values()) or not plan.profile_file.is_file():
        return
    if origin is None or (keys := _keys(plan, origin.doc_id)) is None:
        return
    old, new = (_profile(plan.result("profile", name), origin.site) for name in (before, plan.profile_file.stem))
    if old.evidence(origin.site, keys) != new.evidence(origin.site, keys):
        told = (profile.digests().get(origin.site, _NONE) for profile in (old, new))
        yield Change("clean", f"site statistics of {origin.site or 'its site'}", *told)


def _keys(plan: Plan, doc_id: str) -> NDArray[np.uint64] | None:
    """The keys of a document's blocks; None where it has none."""
    for path in plan.segment_files.values():
        table = rows.read_table(path, ["doc_id", "keys"])
        found = table.filter(pc.equal(table["doc_id"], doc_id))
        if found.num_rows and found["keys"][0].is_valid:
            return packed.KEYS.flat(found["keys"])
    return None


def _profile(path: Path, site: str) -> Profile:
    """What a profile says of a site; nothing where it is not there."""
    return profiles.load_profile(path, [site]) if path.is_file() else Profile([])


def _origin(plan: Plan, release: Release | None, name: str) -> Origin | None:
    """What the release that readers see has of a document."""
    if release is None or (found := _published(release.folder, name)) is None:
        return None
    run = release.event.run
    record = records.read(plan.state, run) if run else None
    manifest = msgspec.json.decode((release.folder / "manifest.json").read_bytes(), type=dict[str, object])
    site, stats = str(found.get("site") or ""), str(manifest.get("site_stats", ""))
    return Origin(
        release,
        str(found["doc_id"]),
        str(found.get("status") or found.get("code")),
        records.source(plan.state, run, str(found["source_path"])) if record else None,
        site,
        stats,
        _profile(plan.result("profile", stats), site).digests().get(site, ""),
        record.configuration if record else {},
    )


def _published(folder: Path, name: str) -> dict[str, object] | None:
    """The row of a document, or of its rejection, in a release."""
    tables = [(path, ["doc_id", "source_path", "site", "status"]) for path in (folder / "documents").glob("*.parquet")]
    for path, columns in [*sorted(tables), (folder / "rejected.parquet", ["doc_id", "source_path", "code"])]:
        table = rows.read_table(path, columns)
        hit = pc.or_(pc.equal(table["doc_id"], name), pc.equal(table["source_path"], name))
        if found := table.filter(hit).to_pylist():
            row: dict[str, object] = found[0]
            return row
    return None
