"""The engine's targets in one run, each figure beside its target.

    python -m tests.benchmarks.engine                                    5,000 pages; 1,000, 10,000, 100,000 documents
    python -m tests.benchmarks.engine --pages 400 --documents 500 1000 5000         the same in minutes
    python -m tests.benchmarks.engine --only growth                      one part: overhead, growth (with changes)

The corpora are made in a temporary folder (``--folder`` keeps them and the results for the next time). Times of one
run are compared with each other only; beside the wall time stands that of the processors, which other programs on
the machine disturb less.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.engine import corpus
from tests.benchmarks.engine.measure import Place, Taken, watch
from tests.runs import ROOT


def main() -> None:
    """Runs the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--only", choices=["overhead", "growth"])
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = (told.folder or Path(made)).resolve()
        if told.only != "growth":
            overhead(folder, told.pages)
        if told.only != "overhead":
            growth(folder, told.documents)


def say(line: str) -> None:
    """One line of the report, at once."""
    print(line, flush=True)


def overhead(folder: Path, count: int) -> None:
    """The cost of the batch over that of a bare pool of as many processes over the same pages."""
    raw = folder / f"pages-{count}"
    if not raw.is_dir():
        corpus.pages(raw, count)
    clean = folder / "clean-pages"
    shutil.rmtree(clean, ignore_errors=True)
    first = watch(sys.executable, "-m", "tests.benchmarks.engine.bare", raw, "2")
    batch = Place(raw, clean).run("--workers", "2")
    second = watch(sys.executable, "-m", "tests.benchmarks.engine.bare", raw, "2")
    wall, cpu = (first.seconds + second.seconds) / 2, (first.cpu + second.cpu) / 2
    say(f"1. {count:,} pages, CleanAll --workers 2 between two runs of a bare pool of two processes")
    for bare in (first, second):
        say(f"   bare  {bare.seconds:7.1f} s wall {bare.cpu:7.1f} s cpu")
    say(f"   batch {batch.seconds:7.1f} s wall {batch.cpu:7.1f} s cpu, {_memory(batch)}")
    say(f"   ratio {batch.seconds / wall:.2f} wall, {batch.cpu / cpu:.2f} cpu (target <= 1.15)")


def growth(folder: Path, counts: list[int]) -> None:
    """Cold runs over growing corpora; what changes cost in the largest."""
    cold: dict[int, Taken] = {}
    for count in counts:
        raw, clean = folder / f"documents-{count}", folder / f"clean-{count}"
        for old in (raw, clean):
            shutil.rmtree(old, ignore_errors=True)
        corpus.documents(raw, count)
        place = Place(raw, clean)
        cold[count] = place.run("--workers", "2")
        say(f"   {count:9,} small documents cold: {_line(cold[count])}")
    changes(place, counts[-1], cold[counts[-1]])
    _compare(cold)


def _compare(cold: dict[int, Taken]) -> None:
    least, most = min(cold), max(cold)
    middle = sorted(cold)[len(cold) // 2]
    say("3. peak memory, largest against the size before (target: within 20 %, main process <= 500 MB)")
    say(f"   main {cold[most].main / cold[middle].main:.2f}, workers {cold[most].workers / cold[middle].workers:.2f}")
    say("4. time a document, largest against smallest and against the size before (target: within 15 %)")
    for name in ("seconds", "cpu"):
        each = {count: getattr(taken, name) / count for count, taken in cold.items()}
        say(f"   {name:7} {each[most] / each[least]:.2f}, {each[most] / each[middle]:.2f}")


def changes(place: Place, count: int, cold: Taken) -> None:
    """No change, one changed document, another, one in a hundred changed, one in a hundred new, a name family."""
    say(f"2. changes among {count:,} small documents")
    nothing = min((place.run("--workers", "2") for _ in range(2)), key=lambda taken: taken.seconds)
    say(f"   no-op          {_line(nothing)} (target <= 6 s, <= 300 MB)")
    numbers = corpus.Changes(place.raw, count)
    for which in ("one changed", "another one"):  # whose text files are the spare, and links
        numbers.change(1)
        one = place.run("--workers", "2")
        say(f"   {which:14} {_line(one)}")
        say(f"                  {one.seconds / nothing.seconds:.2f} times the no-op (target <= 1.5)")
    numbers.change(count // 100)
    some = place.run("--workers", "2")
    say(f"   1 % changed    {_line(some)}")
    say(f"                  {_share(some, cold)} of the cold run (target <= 5 %)")
    numbers.add(count // 100)
    more = place.run("--workers", "2")
    say(f"   1 % added      {_line(more)}")
    say(f"                  {_share(more, cold)} of the cold run")
    own = place.clean.parent / "families"
    own.mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests" / "engine" / "own_family.toml", own)
    names = place.run("--workers", "2", "--names-dir", str(own))
    say(f"   a name family  {_line(names)}")
    say(f"                  {_share(names, cold)} of the cold run; target: no segment, stories, profile, clean")


def _share(part: Taken, whole: Taken) -> str:
    return f"{100 * part.seconds / whole.seconds:.1f} % wall, {100 * part.cpu / whole.cpu:.1f} % cpu"


def _line(taken: Taken) -> str:
    made = ", ".join(f"{stage} {count}" for stage, count in taken.made.items())
    return f"{taken.seconds:7.2f} s wall {taken.cpu:7.2f} s cpu, {_memory(taken)}{'; ' + made if made else ''}"


def _memory(taken: Taken) -> str:
    return f"main {taken.main:.0f} MB, workers {taken.workers:.0f} MB"


if __name__ == "__main__":
    main()
