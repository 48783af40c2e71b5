"""The table of faults has every fault, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = (HERE / "README.md").read_text("utf-8")
ROWS = re.findall(r"^\| (F\d+b?) \|.*\| (.*) \|$", TABLE, re.MULTILINE)
FAULTS = sorted([f"F{number}" for number in range(1, 41)] + ["F3b", "F6b"])


def test_every_fault_has_a_row() -> None:
    assert sorted(fault for fault, _ in ROWS) == FAULTS


@pytest.mark.parametrize("named", sorted({name for _, tests in ROWS for name in re.findall(r"`([^`]+)`", tests)}))
def test_every_test_named_is_there(named: str) -> None:
    file, _, name = named.partition("::")
    tree = ast.parse((HERE / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
