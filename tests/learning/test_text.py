"""Training of the line classifier: damage, masks, folds, baselines, and the same bytes from the same corpus."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.learning.text_baselines import BASELINES
from pipeline.learning.text_damage import DAMAGES, damage, variants
from pipeline.learning.text_data import LabelledPage, folds, mask_omissions, read_pages, segment_labelled, site_of
from pipeline.learning.text_furniture import furnish, gather
from pipeline.trees import load
from tests.classify.pages import STORY, TITLE, page

LEGAL = "Everything on these pages belongs to the paper and may be read but not printed elsewhere. " * 4


def labelled(number: int = 0, rendering: str = "inscriptis") -> LabelledPage:
    rows = [*page(title=f"{TITLE} no. {number}"), (LEGAL.strip(), False)]
    lines, labels = [], []
    for text, story in rows:
        lines += [text, ""]
        labels += [int(story), -1]
    return LabelledPage(
        f"page-{number}",
        f"site{number}.example",
        rendering,
        "article",
        "own",
        tuple(lines),
        tuple(labels),
        f"{TITLE} no. {number}",
        "\n\n".join(STORY),
    )


PAGES = [labelled(number) for number in range(6)]


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_keeps_every_word_of_the_story_and_its_label(kind: str) -> None:
    found = damage(PAGES[0], kind)
    assert len(found.lines) == len(found.labels)
    story = " ".join(line for line, label in zip(found.lines, found.labels, strict=True) if label == 1)
    assert Counter(story.split()) == Counter(" ".join(STORY).split())
    assert damage(PAGES[0], kind) == found


@pytest.mark.parametrize("kind", ["hard-wrapped", "joined"])
def test_blocks_of_damaged_pages_have_the_label_of_their_lines(kind: str) -> None:
    segmented, labels = segment_labelled(damage(PAGES[0], kind))
    text = " ".join(block.text for block, label in zip(segmented.blocks, labels, strict=True) if label == 1)
    assert text == " ".join(STORY)


def test_furnished_pages_hold_the_story_and_furniture_of_others() -> None:
    pool = gather(PAGES)
    found = [furnish(PAGES[0], pool, number) for number in range(20)]
    assert all(item is not None for item in found)
    for item in found:
        assert item is not None
        story = [line for line, label in zip(item.lines, item.labels, strict=True) if label == 1]
        assert story == list(STORY[: len(story)])
    assert len({item.lines for item in found if item}) > 15


def test_variants_begin_with_the_page_itself() -> None:
    assert list(variants(PAGES, 0.0)) == PAGES
    assert len(list(variants(PAGES, 1.0))) > 10 * len(PAGES)


def test_lists_and_quotations_inside_the_story_are_masked() -> None:
    lines = ["Menu", "One line.", "* an item", "- another", "“Quoted”", "Credit", "Last line.", "* Imprint"]
    assert mask_omissions(lines, [0, 1, 0, 0, 0, 0, 1, 0]) == [0, 1, -1, -1, -1, 0, 1, 0]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://de.news.example.org", "example.org"),
        ("no url", "fallback"),
    ],
)
def test_hosts_of_one_site_are_one_site(url: str, site: str) -> None:
    assert site_of(url, "fallback") == site


def test_folds_keep_sites_together_and_never_change() -> None:
    sites = [f"site{number % 40}.example" for number in range(200)]
    found = folds(sites, 5)
    assert np.array_equal(found, folds(sites, 5))
    assert len({(site, fold) for site, fold in zip(sites, found.tolist(), strict=True)}) == 40
    assert set(found.tolist()) == set(range(5))


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_keep_prose_and_judge_every_line(name: str) -> None:
    lines = ["Home", "News", *STORY, "Contact"]
    keep = BASELINES[name](lines)
    assert len(keep) == len(lines)
    assert keep[3]
    assert keep[0] == (name == "keep-all")


def test_the_same_corpus_gives_the_same_model(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    from pipeline.learning.text import train

    rows = [
        {
            "id": item.page_id,
            "rendering": item.rendering,
            "site": item.site,
            "url": f"https://{item.site}/",
            "page_type": item.page_type,
            "title": item.title,
            "author": None,
            "date": None,
            "lines": list(item.lines),
            "labels": list(item.labels),
            "main_text": item.main_text,
        }
        for item in (labelled(number, rendering) for number in range(12) for rendering in ("inscriptis", "get_text"))
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "own_lines.parquet")
    assert len(read_pages(tmp_path)) == 24
    for name in ("one.npz", "two.npz"):
        train(tmp_path, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    parts = {"text-words", "text-alone", "text-context", "text-vectors", "text-net"}
    assert set(load((tmp_path / "one.npz").read_bytes())) == parts
