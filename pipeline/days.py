"""Landing folders by date: ``raw/2026-11-20`` is cleaned into ``clean/2026-11-20``, each day a release of its own.

For ``RangeDaily`` and its like, which find the days that lack something: a day is complete when its release is what its
landing folder and the configuration lead to, so a page that comes late redoes its day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import luigi
import luigi.tools.range

from pipeline.engine.plan import STATE, NoInputs
from pipeline.parameters import Run
from pipeline.store import files
from pipeline.tasks import CleanAll


class Landed(luigi.ExternalTask):
    """A day's landing folder, which somebody else fills."""

    folder = luigi.Parameter(description="landing folder of the day")

    def output(self) -> luigi.LocalTarget:
        """The folder."""
        return luigi.LocalTarget(str(self.folder))  # type: ignore[no-untyped-call]


class CleanDay(Run):
    """Cleans the landing folder of one day, RAW/<date>, into CLEAN/<date>."""

    date = luigi.DateParameter(description="the day, as its landing folder is named: 2026-11-20")

    _ran = False

    def requires(self) -> luigi.Task:
        """The landing folder; where it is there, what ``CleanAll`` makes of it.

        Without it the day is missing data, and the other days of a range go on.
        """
        landed = Landed(folder=self._of_day(self.raw))  # type: ignore[no-untyped-call]
        if not landed.complete():  # type: ignore[no-untyped-call]
            return landed
        self._lend_site_stats()
        return self._day

    def run(self) -> None:
        """Nothing: the work is in what it requires."""
        self._ran = True

    def complete(self) -> bool:
        """Whether the day's release is what its landing folder leads to; a day on which nothing came is complete."""
        if not Path(self._of_day(self.raw)).is_dir():
            return False
        try:
            return self._day.is_published(settled=not self._ran)
        except NoInputs:
            return True

    @classmethod
    def get_params(cls) -> list[tuple[str, luigi.Parameter]]:
        """The parameters; the first is the one that a range sets."""
        return sorted(super().get_params(), key=lambda named: named[0] != "date")  # type: ignore[no-untyped-call]

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[datetime.date]) -> list[datetime.date]:
        """The days of a range that are complete."""
        return [day for day in parameter_tuples if cls(date=day).complete()]

    @property
    def _day(self) -> CleanAll:
        told = {name: value for name, value in self.param_kwargs.items() if name != "date"}
        return CleanAll(**told | {"raw": self._of_day(self.raw), "clean": self._of_day(self.clean)})  # type: ignore[no-untyped-call]

    def _of_day(self, folder: str) -> str:
        return str(Path(folder) / self.date.isoformat())

    def _lend_site_stats(self) -> None:
        """Puts the site statistics asked for where the day's run looks, if the release over all days has them."""
        ours, days = (
            Path(clean) / STATE / "profile" / f"{self.site_stats}.parquet"
            for clean in (self.clean, self._of_day(self.clean))
        )
        if self.site_stats and ours.is_file() and not days.is_file():
            files.share(ours, days)
