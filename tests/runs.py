"""Runs of the commands in a temporary folder: real ones, and those that the harness makes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.harness import ENVIRONMENT, ROOT, harness

LUIGI = Path(sys.executable).with_name("luigi")


def told(*command: str | Path, code: int = 0, cwd: Path = ROOT, **environment: str) -> str:
    """The output of a command (both streams), which must end with the exit code."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@dataclass
class Place:
    """A landing folder and a clean folder, and the command that leads from one to the other."""

    raw: Path
    clean: Path

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (1_700_000_000, 1_700_000_000))  # old enough to be remembered by its time
        return path

    def run(self, *arguments: str, code: int = 0) -> str:
        """The output of ``CleanAll`` (both streams), which must end with the exit code."""
        found, output = harness().run("CleanAll", "--raw", str(self.raw), "--clean", str(self.clean), *arguments)
        assert found == code, output
        return output

    def command(self, name: str, *arguments: str, code: int = 0) -> str:
        """The output of a command of ``python -m pipeline`` on the clean folder."""
        found, output = harness().command(name, "--clean", str(self.clean), *arguments)
        assert found == code, output
        return output

    @property
    def releases(self) -> set[str]:
        return {path.name for path in (self.clean / "releases").iterdir()}

    @property
    def release(self) -> str:
        return (self.clean / "latest").resolve().name

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.clean / "latest" / "manifest.json").read_text())
        return manifest

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table of the release, by document and place in it."""
        found: list[dict[str, Any]] = pq.read_table(self.clean / "latest" / table).to_pylist()
        return sorted(found, key=lambda row: (row["doc_id"], row.get("ordinal", row.get("start", 0))))

    def results(self) -> set[str]:
        """The stage results that stand."""
        state = self.clean / ".state"
        return {str(path.relative_to(state)) for path in state.rglob("*.parquet")}


_WHO = (
    "The mayor",
    "A baker",
    "Her neighbour",
    "The ferryman",
    "One of the twins",
    "A teacher",
    "The miller",
    "Nobody",
)
_DID = ("remembered", "painted", "measured", "complained about", "praised", "photographed", "sold", "could not find")
_WHAT = ("the old clock", "a cart of turnips", "the northern wall", "two letters", "the lamp", "her grandfather's boat")
_WHEN = (
    "before the frost came",
    "on a wet Thursday",
    "after the second flood",
    "while the bells rang",
    "in early spring",
)
_WHY = ("because the road was closed", "as every year", "for reasons of her own", "to win a bet", "with great patience")


def story(subject: str, paragraphs: int = 6) -> str:
    """A plain-text story about something, in sentences that no other subject shares."""
    numbers = random.Random(subject)
    lines = [f"The {subject} that nobody expected", ""]
    for _ in range(paragraphs):
        sentences = [
            " ".join((*(numbers.choice(words) for words in (_WHO, _DID, _WHAT, _WHEN, _WHY)), f"near the {subject}."))
            for _ in range(4)
        ]
        lines += [" ".join(sentences), ""]
    return "\n".join(lines)


def page(site: str, subject: str) -> str:
    """A story on a page of an invented site: menu, story, appeal, footer."""
    menu = "\n".join((f"The {site} Courier", "Home", "Markets", "Weather", "Letters to the editor"))
    appeal = f"If you value what the {site} Courier does, please think of a small gift this month."
    return f"{menu}\n\n{story(subject)}\n{appeal}\n\nAll stories of the {site} Courier are its own. Write to us.\n"
