from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.learning.text_snippets import read_snippet_pages
from tests.classify.pages import STORY, TITLE

MENU = ("News", "Sport", "Ferries", "Contact us")


def corpus(folder: Path, wanted: list[str], unwanted: list[str]) -> Path:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    menu = "".join(f"<li>{text}</li>" for text in MENU)
    source = f"<html><body><nav><ul>{menu}</ul></nav><article><h1>{TITLE}</h1>{story}</article></body></html>"
    row = {
        "id": "one",
        "url": "https://www.example.org/a",
        "site": "example.org",
        "html": source.encode(),
        "must_contain": wanted,
        "must_not_contain": unwanted,
    }
    pq.write_table(pa.Table.from_pylist([row]), folder / "marked.parquet")
    return folder


def test_both_renderings_of_a_page_that_agrees_with_its_marks(tmp_path: Path) -> None:
    pages = read_snippet_pages(corpus(tmp_path, [STORY[0], STORY[5].upper()], ["Contact us"]))
    assert [page.rendering for page in pages] == ["inscriptis", "get_text"]
    for page in pages:
        labelled = list(zip(page.lines, page.labels, strict=True))
        assert page.site == "example.org"
        assert all((text, 1) in labelled for text in STORY)
        assert all(label == 0 for text, label in labelled if text.strip("* ") in MENU)
        assert all(label == -1 for text, label in labelled if not text)


@pytest.mark.parametrize(
    ("wanted", "unwanted"),
    [(["A sentence that is not there."], []), ([], [STORY[2][:40]])],
    ids=["missing", "unwanted"],
)
def test_a_page_that_contradicts_its_marks_teaches_nothing(
    tmp_path: Path, wanted: list[str], unwanted: list[str]
) -> None:
    assert read_snippet_pages(corpus(tmp_path, wanted, unwanted)) == []


def test_tables_without_marks_are_left_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["one"], "html": [b"<p>One</p>"]}), tmp_path / "other.parquet")
    assert read_snippet_pages(tmp_path) == []
