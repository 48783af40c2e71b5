"""What the tasks that make results have in common: each makes one or several results of its stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import luigi

from pipeline.engine import integrity
from pipeline.engine.pool import Pool
from pipeline.parameters import Run, pool, progress
from pipeline.store import rows


@dataclass(frozen=True, slots=True)
class Part:
    """One result: the number of its shard, where it goes, and the results that it is made from."""

    shard: int
    out: Path
    sources: tuple[Path, ...] = ()


class Stage(Run):
    """Some results of a run, made one after the other; which ones, their keys say."""

    # In a process of its own however many workers there are, see ``engine.worker``: that one has no second thread, so
    # its pool can be forked from it, with all tables at hand.
    works_apart = True
    numbers = luigi.TupleParameter[tuple[int, ...]](
        description="numbers of the shards, from 0; Results tells them",
    )
    keys = luigi.TupleParameter[tuple[str, ...]](description="under which the results stand; Results tells them")
    sources = luigi.TupleParameter[tuple[tuple[str, ...], ...]](
        default=(), significant=False, description="for each result, those that it is made from, as stage/key"
    )

    @property
    def parts(self) -> list[Part]:
        """The results to make."""
        todo, stage = self.plan, self.task_family.lower()
        given = self.sources or ((),) * len(self.keys)
        return [
            Part(number, todo.result(stage, key), tuple(todo.state / f"{source}.parquet" for source in sources))
            for number, key, sources in zip(self.numbers, self.keys, given, strict=True)
        ]

    @classmethod
    def of(cls, run: Run, parts: Sequence[Part]) -> Self:
        """The task of a run that makes these results."""
        return cls(
            **run.param_kwargs,
            numbers=tuple(part.shard for part in parts),
            keys=tuple(part.out.stem for part in parts),
            sources=tuple(tuple(f"{path.parent.name}/{path.stem}" for path in part.sources) for part in parts),
        )

    @property
    def priority(self) -> int:  # type: ignore[override]  # Luigi reads it and never writes it
        """The bytes of the shards: the largest come first, so that none is left to one worker at the end."""
        return sum(self.plan.cut.sizes.get(number, 0) for number in self.numbers)

    def output(self) -> list[luigi.LocalTarget]:
        """The files under the stage's keys."""
        return [luigi.LocalTarget(str(part.out)) for part in self.parts]  # type: ignore[no-untyped-call]

    def complete(self) -> bool:
        """Whether the results stand; that every byte of them is right is seen when they are read."""
        return all(self.stands(part.out) for part in self.parts)

    @staticmethod
    def stands(out: Path) -> bool:
        """Whether what goes to ``out`` stands whole."""
        return rows.is_whole(out)

    def run(self) -> None:
        """Makes the results that do not stand yet."""
        for part in self.parts:
            if not self.stands(part.out):
                if part.out.exists():  # kept for a person to look at
                    integrity.set_aside(part.out)
                self.make(part)
        progress().end()

    def make(self, part: Part) -> None:
        """Makes one result."""
        raise NotImplementedError

    def crew(self, doing: str, shard: int) -> Pool:
        """The processes for a shard's documents."""
        todo = self.plan
        progress().begin(doing, todo.scan.count, todo.scan.count * shard // todo.cut.count, self.tell)
        return pool(todo.options, self.processes, todo.digests)
