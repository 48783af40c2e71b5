"""Reasons of removed HTML blocks against what a reader says of blocks drawn at random."""

from __future__ import annotations

import pyarrow.parquet as pq

from pipeline import ingest, markup
from pipeline.classify import html as classify
from pipeline.model import Document, Evidence, Hints, Reason
from pipeline.store.seeds import Options, load_kit
from tests.classify.labelled import Label, check, judged_at, labels
from tests.conftest import shared

FLOOR = 0.9
CORPORA = ("wcxb_dev.parquet", "fundus_parser.parquet")


def test_nine_of_ten_reasons_are_the_ones_a_reader_gives() -> None:
    files = [shared("corpora", name) for name in CORPORA]
    known = {label.page: label for label in labels("dropped.tsv")}
    kit = load_kit(Options())
    answers: list[tuple[Label, Reason | None]] = []
    for file in files:
        for row in pq.read_table(file, columns=["id", "html", "url"], filters=[("id", "in", list(known))]).to_pylist():
            (document,) = ingest.read(row["html"], "page.html", Hints(url=row["url"]))
            assert isinstance(document, Document)
            page = classify.score(document, markup.segment(document), kit.html_models)
            judged = classify.judge(page, [Evidence()] * len(page.blocks), kit.cues, kit.policy)
            item = judged_at(known[row["id"]], judged)
            answers.append((known[row["id"]], item.verdict.reason if item else None))
    assert len(answers) == len(known)
    check(answers, FLOOR)
