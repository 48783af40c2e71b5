"""The commands that look after a clean folder: its releases, going back, removing, and why a document is redone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import luigi
import msgspec

from pipeline import tasks
from pipeline.engine import gc, history, lock, spare
from pipeline.engine.exits import Exit
from pipeline.engine.history import Release
from pipeline.engine.plan import STATE, NoInputs
from pipeline.engine.why import Answer, Change, Origin, why
from pipeline.model import ConfigError

_SHOWN = 12  # characters of a digest
_NONE = "none"
_PARTS = ("models", "rules and sites", "name families", "code")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands to the parser of ``python -m pipeline``."""
    listed = _command(commands, "releases", "the releases, newest last, and which of them latest leads to", _releases)
    listed.epilog = "* latest   p pinned by a rollback"

    back = _command(commands, "rollback", "lead latest back to an earlier release, and keep it there", _rollback)
    back.add_argument("release", nargs="?", default="", help="which, or how it begins; else the one published before")
    back.add_argument("--unpin", action="store_true", help="lead latest to the newest release again, now and later")

    swept = _command(commands, "gc", "remove what no kept release needs", _gc)
    swept.add_argument("--keep-releases", type=int, metavar="N", help="how many of the newest stay; 0: all")
    swept.add_argument("--dry-run", action="store_true", help="say what would go, and remove nothing")

    asked = commands.add_parser(
        "why",
        help="why a document would be redone by the next run, and from what its published form was made",
        epilog="and every option of `luigi --module pipeline CleanAll`, which this reads from luigi.cfg as well",
    )
    asked.add_argument("document", help="its path below the landing folder, with #<record> in a container")
    asked.add_argument("--raw", help="landing folder")
    asked.add_argument("--clean", help="folder with the releases")
    asked.set_defaults(run=_why, passes_on=True)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Any
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--clean", help="folder with the releases; else what luigi.cfg says, else clean")
    parser.set_defaults(run=run)
    return parser


def _task(arguments: Sequence[str]) -> tasks.CleanAll:
    """The task as Luigi makes it from these arguments, luigi.cfg and the defaults."""
    with luigi.cmdline_parser.CmdlineParser.global_instance(["CleanAll", *arguments]) as parser:
        task: tasks.CleanAll = parser.get_task_obj()
    return task


def _folder(parsed: argparse.Namespace) -> tuple[Path, tasks.CleanAll]:
    task = _task(["--clean", parsed.clean] if parsed.clean else [])
    clean = Path(task.clean)
    if not clean.is_dir():
        raise ConfigError(f"{clean}: no such folder; name the one with the releases with --clean")
    return clean, task


def _locked(clean: Path) -> bool:
    """Whether another run is at work in the folder, which this then says."""
    if lock.hold(clean):
        return False
    print(f"winnow: {clean}: another run is at work there", file=sys.stderr)
    return True


def _releases(parsed: argparse.Namespace) -> int:
    clean, _ = _folder(parsed)
    known = history.releases(clean)
    for release in known:
        print(_line(release))
    if not known:
        print(f"winnow: {clean}: no releases there", file=sys.stderr)
    return 0


def _line(release: Release) -> str:
    manifest = msgspec.json.decode((release.folder / "manifest.json").read_bytes(), type=dict[str, Any])
    marks = ("*" if release.latest else " ") + ("p" if release.pinned else " ")
    counts = ", ".join(f"{count:,} {status}" for status, count in manifest["documents"].items())
    return f"{marks} {release.digest}  {release.event.time or '(unknown time)':20}  {counts}"


def _rollback(parsed: argparse.Namespace) -> int:
    clean, _ = _folder(parsed)
    if parsed.unpin and parsed.release:
        raise ConfigError("--unpin leads to the newest release; it takes no other")
    if _locked(clean):
        return Exit.LOCKED
    before = history.latest(clean) or "nothing"
    if parsed.unpin:
        print(f"{clean / history.LATEST} -> {history.unpin(clean).digest} (was {before}); runs lead it on again")
        return 0
    chosen = history.roll_back(clean, parsed.release)
    print(f"{clean / history.LATEST} -> {chosen.digest} (was {before})")
    print("runs go on making releases, but latest stays here until: python -m pipeline rollback --unpin")
    return 0


def _gc(parsed: argparse.Namespace) -> int:
    clean, task = _folder(parsed)
    keep = task.keep_releases if parsed.keep_releases is None else parsed.keep_releases
    if _locked(clean):
        return Exit.LOCKED
    found = gc.find(clean, clean / STATE, keep, spare=spare.place(clean / STATE))
    size = found.size()
    if not parsed.dry_run:
        gc.remove(found)
    print(
        f"{'would free' if parsed.dry_run else 'freed'} {size:,} bytes: {len(found.releases):,} releases, "
        f"{len(found.results):,} stage results, {len(found.records):,} run records, "
        f"{len(found.leftovers):,} leftovers of runs that were cut short"
        f"{', spare text files' if found.spare else ''}"
    )
    for release in found.releases:
        print(f"  release {release.name}")
    return 0


def _why(parsed: argparse.Namespace) -> int:
    folders = [f"--{name}={value}" for name in ("raw", "clean") if (value := getattr(parsed, name))]
    try:
        answer = why(_task([*folders, *parsed.others]).plan, parsed.document)
    except NoInputs as error:
        raise ConfigError(str(error)) from error
    for line in _told(answer):
        print(line)
    return 0


def _told(answer: Answer) -> Iterator[str]:
    stages = [change.stage for change in answer.changes]
    if answer.up_to_date:
        yield "nothing: up to date"
    elif answer.changes:
        first = min(stages, key=("segment", "clean", "names").index)
        yield f"redone from the stage {first} on:"
        yield from map(_changed, answer.changes)
    else:
        yield "nothing of its own is to be redone"
    if answer.others and not answer.up_to_date:
        yield (
            f"{answer.others:,} other inputs came, went or changed: it is judged again if they change the statistics "
            "of its site, and compared again with near-duplicates"
        )
    yield from _made_from(answer.origin)


def _changed(change: Change) -> str:
    return f"  {change.stage:8} {change.what:24} {_short(change.before)} -> {_short(change.now)}"


def _made_from(origin: Origin | None) -> Iterator[str]:
    if origin is None:
        yield "not published"
        return
    yield f"published as {origin.status} in release {origin.release.digest} {origin.release.event.time}, made from"
    if origin.source is None:
        yield "  an input that no record tells of"
    else:
        yield f"  input    {origin.source.path}  sha256 {origin.source.sha256}"
        yield f"  sidecar  {origin.source.sidecar_sha256 or _NONE}"
    yield f"  site     {origin.site or _NONE}, its statistics {_short(origin.profile) or _NONE}"
    yield f"  site statistics of the release {origin.site_stats}"
    named = {what: value for parts in origin.configuration.values() for what, value in parts.items()}
    yield from (f"  {what:8} {_short(named[what])}" for what in _PARTS if what in named)


def _short(value: str) -> str:
    return value[:_SHOWN] if len(value) > 2 * _SHOWN else value
