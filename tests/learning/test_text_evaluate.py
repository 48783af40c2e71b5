"""The tables of the evaluation of flattened pages: groups, languages, and what the confidence promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.learning.text_baselines import BASELINES
from pipeline.learning.text_data import LabelledPage
from pipeline.learning.text_evaluate import OURS, Result, measure, render
from pipeline.trees import load
from tests.classify.cases import GERMAN
from tests.classify.pages import STORY, TITLE, page
from tests.conftest import ROOT

ROWS = page()
PAGE = LabelledPage(
    "one",
    "one.example",
    "inscriptis",
    "article",
    "wcxb_own",
    tuple(text for text, _ in ROWS),
    tuple(int(story) for _, story in ROWS),
    TITLE,
    "\n\n".join(STORY),
)


def result(number: int, f1: float, promised: float, method: str = OURS, **changes: str) -> Result:
    return Result(replace(PAGE, page_id=str(number), **changes), method, "as it is", f1, 3, 1, 1, promised)


def table(results: list[Result], start: str) -> list[list[str]]:
    return [line.split() for line in render(results).split("\n") if line.startswith(start)]


def test_each_group_has_a_row_for_each_method() -> None:
    results = [result(0, 0.9, 0.9), result(0, 0.7, 0.0, "keep-all"), result(1, 0.8, 0.9, rendering="get_text")]
    assert table(results, "articles (inscriptis)") == [
        ["articles", "(inscriptis)", "ours", "as", "it", "is", "1", "0.900", *["0.750"] * 4],
        ["articles", "(inscriptis)", "keep-all", "as", "it", "is", "1", "0.700", *["0.750"] * 4],
    ]
    assert len(table(results, "articles (get_text)")) == 1


def test_a_long_page_outweighs_others_by_lines_and_not_by_pages() -> None:
    long = Result(replace(PAGE, page_id="long"), OURS, "as it is", 0.9, hits=10, extra=90, missed=0)
    nothing = Result(replace(PAGE, page_id="none"), OURS, "as it is", 0.9, hits=0, extra=0, missed=4)
    (row,) = table([long, nothing, result(0, 0.9, 0.9)], "articles (inscriptis)")
    line_precision, line_recall = 13 / 104, 13 / 18
    page_precision, page_recall = (0.1 + 0.75) / 2, (1 + 0 + 0.75) / 3
    wanted = (line_precision, line_recall, page_precision, page_recall)
    assert row[-4:] == [f"{figure:.3f}" for figure in wanted]


def test_renderings_are_compared_on_the_pages_that_have_both() -> None:
    both = [result(0, 0.9, 0.9), result(0, 0.8, 0.9, rendering="get_text")]
    alone = [result(1, 0.1, 0.9), result(2, 0.2, 0.9, rendering="get_text")]
    rows = [row for row in table([*both, *alone], "articles ") if row[1].isdigit()]
    assert rows == [["articles", "1", "0.900", "0.800", "+0.1000"]]


def test_languages_stand_beside_the_best_baseline() -> None:
    german = {"main_text": "\n".join(GERMAN)}
    results = [result(0, 0.9, 0.9), result(1, 0.8, 0.8, **german)]
    results += [result(1, f1, 0.0, name, **german) for name, f1 in (("keep-all", 0.6), ("jusText", 0.7))]
    assert table(results, "en ") == [["en", "1", "0.900", *["0.750"] * 4, "0.000"]]
    assert table(results, "de ") == [["de", "1", "0.800", *["0.750"] * 4, "jusText", "0.700"]]


def test_the_least_sure_tenth_says_how_much_of_the_loss_it_holds() -> None:
    results = [result(0, 0.5, 0.4), *(result(number, 1.0, 0.95) for number in range(1, 9)), result(9, 0.5, 0.96)]
    assert table(results, "  0.4-0.5") == [["0.4-0.5", "1", "0.400", "0.500"]]
    assert table(results, "        1") == [["1", "1", "0.400", "0.500", "0.50"]]


@pytest.mark.parametrize("variant", ["as it is", "hard-wrapped", "joined"])
def test_an_ordinary_page_is_measured_as_it_is_and_damaged(variant: str) -> None:
    models = load((ROOT / "pipeline" / "models" / "text.npz").read_bytes())
    results = measure([PAGE], models)
    (ours,) = (item for item in results if item.method == OURS and item.variant == variant)
    assert ours.f1 > 0.97
    assert {item.method for item in results} == {OURS, *BASELINES}
