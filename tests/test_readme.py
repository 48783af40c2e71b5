"""What the README shows works as it stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from pipeline.names import normalise, read_gazetteer
from pipeline.rules import read_cues
from pipeline.sites import read_overrides
from tests.runs import ROOT, Place

README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.S)
LOADING = next(block for block in PYTHON if "import duckdb" in block)
LOADS = [line for line in LOADING.splitlines() if "latest" in line]


def test_the_readme_shows_a_line_for_each_library() -> None:
    assert [line.split()[2].split(".")[0] for line in LOADS] == ["duckdb", "pd", "pl"]


@pytest.mark.parametrize("line", LOADS, ids=["duckdb", "pandas", "polars"])
def test_the_documents_load_in_one_line(sample: Place, line: str) -> None:
    imports = LOADING.split("\n\n")[0]
    found: dict[str, object] = {}
    exec(f"{imports}\n{line}".replace("clean/latest", str(sample.clean / "latest")), found)
    assert len(found["documents"]) == len(sample.rows("documents"))  # type: ignore[arg-type]


def test_all_tables_load_in_every_library(sample: Place) -> None:
    for table in ("documents", "removed_blocks", "mentions", "clusters.parquet", "rejected.parquet"):
        path = sample.clean / "latest" / table
        files = f"{path}/*.parquet" if path.is_dir() else str(path)
        count = len(sample.rows(table))
        assert len(pd.read_parquet(path)) == count
        assert len(pl.read_parquet(files)) == count
        assert len(duckdb.sql(f"select * from '{files}'")) == count


def test_the_example_of_one_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = [block for block in PYTHON if "pipeline.clean" in block]
    exec(example, {})


def blocks(file: str) -> list[dict[str, Any]]:
    return [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", (ROOT / file).read_text("utf-8"), re.S)]


def test_the_examples_for_contributors_are_accepted() -> None:
    cues, family = blocks("CONTRIBUTING.md")
    assert len(read_cues({"own.toml": cues}).cues) == 1
    vocabulary = {"id": "ferries", "cues": ["ferry", "ferries"], "nouns": ["ferry"], "adjectives": []}
    gazetteer = read_gazetteer({"own.toml": {"vocabulary": "ferries", "vocabularies": [vocabulary], **family}})
    assert normalise("They took the ferry Sea Gull II home.", gazetteer).text == "They took the ferry Sea Gull-2 home."


def test_the_example_of_a_site_is_accepted() -> None:
    (site,) = blocks("seeds/sites/README.md")
    assert len(read_overrides({"harbour.toml": site}).rules) == 2


def test_every_reason_is_listed() -> None:
    from pipeline.model import Reason

    assert all(f"`{reason.value}`" in README for reason in Reason)
