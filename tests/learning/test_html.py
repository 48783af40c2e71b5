"""Learning and measuring on a corpus of invented pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.learning.html import evaluate
from pipeline.learning.html_data import corpus_files, read_examples, read_snippets
from pipeline.learning.html_fit import fold_of
from pipeline.store.seeds import Options, load_kit

STORY = (
    "The weavers of the upper valley have finished the longest curtain in the country, after eleven months of work.",
    "It is to hang in the opera house of the capital, where the old one was eaten by moths during the two years in "
    "which nobody sang there.",
    "Each of the forty weavers signed her name in red thread along the hem, where the audience will never see it.",
)
ASIDE = "Twelve recipes for a cold evening in the mountains, chosen by our readers"


def page(title: str, extra: str = "") -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return (
        f"<html lang=en><head><title>{title} | Valley Post</title></head><body><nav><ul><li><a href=/>Home</a>"
        f"<li><a href=/sport>Sport</a></ul></nav><main><article><h1>{title}</h1>{story}{extra}</article></main>"
        f"<aside class=related><h3>Related</h3><ul><li><a href=/r>{ASIDE}</a></ul></aside>"
        "<footer><p>© 2024 Valley Post</p></footer></body></html>"
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lists = "<ul><li>one loom that a grandmother had kept in her barn since the war</li></ul>"
    table = pa.table(
        {
            "id": ["a", "b"],
            "site": ["one.example", "two.example"],
            "html": [page("The curtain").encode(), page("The hem", lists).encode()],
            "main_text": ["\n\n".join(STORY)] * 2,
            "page_type": ["article", "article"],
        }
    )
    pq.write_table(table, tmp_path / "invented.parquet")
    pq.write_table(table, tmp_path / "fundus_invented.parquet")
    snippets = pa.table(
        {
            "id": ["c"],
            "html": [page("Again").encode()],
            "must_contain": [[STORY[1][:40]]],
            "must_not_contain": [[ASIDE]],
        }
    )
    pq.write_table(snippets, tmp_path / "snippets.parquet")
    return tmp_path


def test_tables_are_told_by_their_columns(corpus: Path) -> None:
    assert [file.stem for file in corpus_files([corpus], "main_text")] == ["fundus_invented", "invented"]
    assert [file.stem for file in corpus_files([corpus], "must_contain")] == ["snippets"]


def test_labels_are_the_story(corpus: Path) -> None:
    first, _ = read_examples(corpus / "invented.parquet")
    wanted = [block.text for block, label in zip(first.segmented.blocks, first.labels, strict=True) if label > 0.5]
    assert wanted == list(STORY)


def test_a_gold_without_lists_teaches_nothing_about_them(corpus: Path) -> None:
    def weight(name: str) -> float:
        _, second = read_examples(corpus / name)
        texts = [block.text for block in second.segmented.blocks]
        return float(second.weights[next(i for i, text in enumerate(texts) if text.startswith("one loom"))])

    assert weight("invented.parquet") > 0
    assert weight("fundus_invented.parquet") == 0


def test_snippets_label_the_blocks_that_hold_them(corpus: Path) -> None:
    (example,) = read_snippets(corpus / "snippets.parquet")
    heard = np.flatnonzero(example.weights)
    texts = [example.segmented.blocks[index].text for index in heard]
    assert dict(zip(texts, example.labels[heard], strict=True)) == {STORY[1]: 1.0, ASIDE: 0.0}


def test_pages_of_a_site_share_a_fold(corpus: Path) -> None:
    first = [fold_of(example, 4) for example in read_examples(corpus / "invented.parquet")]
    assert first == [fold_of(example, 4) for example in read_examples(corpus / "fundus_invented.parquet")]


def test_evaluation_measures_both_and_prints_the_tables(corpus: Path) -> None:
    lines: list[str] = []
    (outcomes,) = evaluate([corpus / "invented.parquet"], load_kit(Options()), show=lines.append)
    assert [outcome.page for outcome in outcomes] == ["a", "b"]
    assert all(outcome.words.f1 > 0.9 for outcome in outcomes)
    assert all(set(outcome.their_words) == set(outcomes[0].their_words) for outcome in outcomes)
    text = "\n".join(lines)
    assert "invented: 2 pages, models as shipped" in text
    assert "kind article" in text
    assert "pages per CPU second" in text
    assert "all files together" not in text


def test_several_files_are_measured_each_and_their_confidence_together(corpus: Path) -> None:
    lines: list[str] = []
    files = [corpus / "invented.parquet", corpus / "fundus_invented.parquet"]
    assert [len(outcomes) for outcomes in evaluate(files, load_kit(Options()), show=lines.append)] == [2, 2]
    together = lines[lines.index("all files together") + 1 :]
    assert [line.partition(":")[0] for line in together[:2]] == ["confidence by tenths", "word F1 reached"]
    assert len(together[0].partition(":")[2].split()) == 4
