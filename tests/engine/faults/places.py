"""Landing and clean folders in which things go wrong, and what must hold there all the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.engine import integrity
from pipeline.store import rows
from tests.harness import harness
from tests.runs import LUIGI, Place, story


@dataclass
class Trial(Place):
    """A place where runs can be disturbed."""

    def run(self, *arguments: str, code: int = 0, fault: dict[str, Any] | None = None) -> str:
        """The output of a run (both streams), which must end with the exit code and leave nothing half-made."""
        found, output = self.disturbed(*arguments, fault=fault)
        assert found == code, output
        self.check()
        return output

    def disturbed(self, *arguments: str, fault: dict[str, Any] | None = None) -> tuple[int, str]:
        """Exit code and output of a run, whatever they are."""
        return harness().run("CleanAll", "--raw", str(self.raw), "--clean", str(self.clean), *arguments, fault=fault)

    def command(self, *arguments: str, module: str = "pipeline") -> list[str]:
        """The real command, for what the harness cannot show."""
        folders = ["--raw", str(self.raw), "--clean", str(self.clean)]
        return [str(LUIGI), "--module", module, "CleanAll", *folders, *arguments]

    def check(self) -> None:
        """Nothing half-written stands under a final name, and in every release the counts add up."""
        standing = [path for path in self.clean.rglob("*") if not self._is_aside(path)]
        for path in standing:
            if path.suffix == ".parquet":
                assert rows.is_sound(path), path
            elif path.suffix == ".json":
                json.loads(path.read_bytes())
        for release in (self.clean / "releases").glob("*/"):
            if not self._is_aside(release):
                check_release(release)
        latest = self.clean / "latest"
        assert not latest.is_symlink() or (latest / "manifest.json").is_file()

    def _is_aside(self, path: Path) -> bool:
        parts = path.relative_to(self.clean).parts
        return any(part.endswith(".bad") or part.startswith(".winnow-") for part in parts)

    def content(self) -> dict[str, bytes]:
        """Every file of the release, byte for byte."""
        latest = self.clean / "latest"
        return {str(path.relative_to(latest)): path.read_bytes() for path in latest.rglob("*") if path.is_file()}

    def leftovers(self) -> list[Path]:
        """What runs that were cut short left."""
        return list(self.clean.rglob(".winnow-*"))


def check_release(release: Path) -> None:
    """A release is what its manifest tells, and its counts add up."""
    assert integrity.changed(release, thorough=True) == []
    manifest = json.loads((release / "manifest.json").read_text())
    counts = manifest["documents"]
    assert manifest["inputs"] == sum(counts.values())
    assert pq.read_table(release / "documents").num_rows == counts["clean"] + counts["empty"]
    assert pq.read_table(release / "rejected.parquet").num_rows == counts["rejected"] + counts["skipped"]
    assert len(list((release / "text").rglob("*.txt"))) == counts["clean"]


def fill(place: Place) -> None:
    """Four inputs: two editions of a story with a name in it, one page with a menu, one that is rejected."""
    tale = story("tower", paragraphs=3)
    named = f"{tale}\nThe crew of Shenzhou XII waved at the tower on that day, as everybody could see.\n"
    place.put("valley/tower.txt", named)
    place.put("coast/tower.txt", f"{named}\nThat was all that was known about it on the coast at noon.\n")
    place.put("coast/market.txt", f"Home\nMarkets\nWeather\n\n{story('market', paragraphs=3)}")
    place.put("coast/empty.txt", "")
