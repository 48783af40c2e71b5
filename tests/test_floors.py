"""Imports point strictly down the floors of the package, and siblings never import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = (
    {"model", "text", "trees", "settings", "dates", "glyphs", "hashes", "letters", "remember", "runs"},
    {"ingest", "markup", "plain", "sites", "classify", "metadata", "names", "duplicates", "rules", "report", "render"},
    {"steps"},
    {"store"},
    {"engine"},
    {
        "__init__",
        "__main__",
        "days",
        "operations",
        "parameters",
        "show",
        "stage",
        "stage_tasks",
        "tasks",
        "spark",
        "learning",
    },
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
PACKAGE = ROOT / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))
PURE_FORBIDS = {
    "luigi",
    "pyspark",
    "socket",
    "urllib.request",
    "requests",
    "time",
    "random",
    "os",
    "subprocess",
    "io.open",
}


def home(path: Path) -> str:
    """The floor member that a file belongs to: its module, or the package it is part of."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found += [f"{base}.{alias.name}" if base == "pipeline" else base for alias in node.names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_a_floor(path: Path) -> None:
    assert home(path) in LEVEL


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = home(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "pipeline" or len(parts) < 2 or parts[1] == own:
            continue
        assert parts[1] in LEVEL, f"{path} imports {name}"
        above = LEVEL[own] == 5 or LEVEL[parts[1]] < LEVEL[own]
        assert above, f"{path} (floor {LEVEL[own]}) imports {name} (floor {LEVEL[parts[1]]})"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if LEVEL.get(home(p), 9) <= 2], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_lower_floors_are_pure(path: Path) -> None:
    assert not PURE_FORBIDS.intersection(imports(path))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open", f"{path}:{node.lineno} opens a file"
