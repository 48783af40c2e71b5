"""One module writes (F21): a file that any other opens for writing could stand half-made under its final name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "pipeline"
# ``scratch`` has files without a name, which are gone with their process.
WRITERS = {PACKAGE / "store" / "files.py", PACKAGE / "store" / "scratch.py"}
MODULES = sorted(PACKAGE.rglob("*.py"))
# Started by a person, with a file that this person names; no run reads it half-made.
BY_HAND = {"learning", "__main__.py"}
# What changes a disk: methods of paths and tables, functions of ``os``, ``shutil`` and others.
METHODS = {
    "write_text", "write_bytes", "touch", "mkdir", "rename", "unlink", "rmdir", "symlink_to", "hardlink_to",
    "to_parquet", "to_csv", "chmod", "tofile", "savez", "savez_compressed",
}  # fmt: skip
FUNCTIONS = {
    "os.open", "os.replace", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.makedirs", "os.unlink", "os.remove",
    "os.rmdir", "os.truncate", "os.mkfifo", "shutil.copy", "shutil.copyfile", "shutil.copytree", "shutil.move",
    "shutil.rmtree", "pq.write_table", "pq.write_to_dataset", "tempfile.NamedTemporaryFile", "tempfile.mkstemp",
}  # fmt: skip
# Names of the kernel, not of a disk.
ALLOWED = {"/proc/self/oom_score_adj"}


def writes(tree: ast.AST) -> Iterator[str]:
    """The calls that change a disk, or may: an ``open`` whose mode is not plainly one of reading."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name.startswith("self."):  # a method of this package's own
            continue
        if name in FUNCTIONS:
            yield name
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            if not any(path in ast.unparse(node.func.value) for path in ALLOWED):
                yield name
        elif name in ("open", "io.open", "gzip.open") or (name.endswith(".open") and name != "os.open"):
            yield from _writing_open(node, name)


def _writing_open(node: ast.Call, name: str) -> Iterator[str]:
    first = 0 if isinstance(node.func, ast.Attribute) and name not in ("io.open", "gzip.open") else 1
    told = [*node.args[first : first + 1], *(word.value for word in node.keywords if word.arg == "mode")]
    for mode in told:
        if isinstance(mode, ast.Constant) and isinstance(mode.value, str) and not set(mode.value) & set("wax+"):
            continue
        if isinstance(mode, ast.Constant) and not isinstance(mode.value, str):
            continue
        yield name


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path not in WRITERS], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_other_module_writes(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] in BY_HAND:
        pytest.skip("writes what a person asks for by name")
    assert not list(writes(ast.parse(path.read_text("utf-8"))))


@pytest.mark.parametrize(
    "line",
    [
        "open(path, 'w')",
        "open(path, mode='ab')",
        "path.open('wb')",
        "path.open(mode)",
        "path.write_text('x')",
        "os.open(path, flags)",
        "shutil.copyfile(a, b)",
        "pq.write_table(table, path)",
        "folder.mkdir()",
    ],
)
def test_what_writes_is_found(line: str) -> None:
    assert list(writes(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["open(path)", "open(path, 'rb')", "path.open('rb')", "path.open()", "io.open(p, 'r')"]
)
def test_what_reads_is_let_through(line: str) -> None:
    assert not list(writes(ast.parse(line)))
