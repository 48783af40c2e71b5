"""Stage keys: the digest of everything that a stage's result depends on, and nothing else.

A result stands under its key, so a changed file, rule, model or library is redone and going back costs nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.store.seeds import PACKAGE
from pipeline.text import sha256

# Libraries whose releases may shape what comes out, by the stage that calls them.
LIBRARIES = {
    "segment": ("beautifulsoup4", "chardet", "ftfy", "lxml", "numpy", "py3langid", "trafilatura", "warcio"),
    "clean": ("ftfy", "numpy"),
    "names": ("ahocorasick_rs",),
}
_LENGTH = 24


def key(stage: str, *parts: object) -> str:
    """The key of a result: its stage, the code of the package, the stage's libraries, and the parts given."""
    libraries = [f"{name} {_version(name)}" for name in LIBRARIES.get(stage, ())]
    return sha256("\x1f".join([stage, code(), *libraries, *map(str, parts)]))[:_LENGTH]


_version = cache(version)  # of a library; each asking reads its files


def versions(stage: str) -> dict[str, str]:
    """The code and the libraries that shape a stage's results, by name: what ``key`` takes in of them."""
    return {"code": code()} | {f"library {name}": _version(name) for name in LIBRARIES.get(stage, ())}


@cache
def code() -> str:
    """The digest of the package's own code: no change to a stage can leave its old results standing."""
    parts = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if _decides(path):
            parts.append(f"{path.relative_to(PACKAGE)} {sha256(path.read_bytes())}")
    return sha256("\n".join(parts))


# The front ends, the training code, and what looks after releases: none of it can change a result.
_FRONT = (
    "learning",
    "__main__.py",
    "days.py",
    "operations.py",
    "parameters.py",
    "report.py",
    "show.py",
    "stage.py",
    "stage_tasks.py",
    "tasks.py",
)
_OF_THE_ENGINE = ("gc", "history", "lock", "metrics", "outcome", "progress", "records", "summary", "why")


def _decides(path: Path) -> bool:
    """Whether a file can change a result."""
    place = path.relative_to(PACKAGE)
    if place.parts[0] == "engine":
        return place.stem not in _OF_THE_ENGINE
    return place.parts[0] not in _FRONT


def pipeline_version() -> str:
    """The version of this package, as a release records it."""
    return version("winnow-pipeline")
