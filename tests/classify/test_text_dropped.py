"""Reasons of removed lines of flattened pages against what a reader says of lines drawn at random."""

from __future__ import annotations

import pyarrow.parquet as pq

from pipeline import plain
from pipeline.classify import text as classify
from pipeline.model import Document, Evidence, MediaType, Reason
from pipeline.store.seeds import Options, load_kit
from tests.classify.labelled import Label, check, judged_at, labels
from tests.conftest import shared

FLOOR = 0.9
CORPORA = ("wcxb_dev_lines.parquet", "fundus_parser_lines.parquet")


def test_nine_of_ten_reasons_are_the_ones_a_reader_gives() -> None:
    files = [shared("corpora", name) for name in CORPORA]
    known = {(label.page, label.rendering): label for label in labels("dropped_lines.tsv")}
    pages = sorted({page for page, _ in known})
    kit = load_kit(Options())
    answers: list[tuple[Label, Reason | None]] = []
    for file in files:
        for row in pq.read_table(file, columns=["id", "rendering", "lines"], filters=[("id", "in", pages)]).to_pylist():
            label = known.pop((row["id"], row["rendering"]), None)  # a page or two stand in the corpora twice
            if label is None:
                continue
            document = Document("page", "page.txt", MediaType.TEXT, "utf-8", "", "\n".join(row["lines"]))
            page = classify.score(document, plain.segment(document), kit.text_models)
            judged = classify.judge(page, [Evidence()] * len(page.blocks), kit.cues, kit.policy)
            item = judged_at(label, judged)
            answers.append((label, item.verdict.reason if item else None))
    assert not known
    check(answers, FLOOR)
