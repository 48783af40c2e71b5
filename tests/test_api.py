"""The front door: one page in, its story and the reasons out."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest

import pipeline
from pipeline.model import Code, DocumentError, Role, Status
from tests.classify.pages import STORY, TITLE
from tests.runs import ROOT

PAGE = (ROOT / "raw" / "kuestenblatt" / "faehre.html").read_bytes()


def test_a_page_with_a_verdict_for_every_block() -> None:
    cleaned = pipeline.clean(PAGE, name="page.html", url="https://www.kuestenblatt.example/faehre")
    assert cleaned.status is Status.CLEAN
    assert cleaned.document.site == "kuestenblatt.example"
    assert cleaned.metadata.title == "Die Fähre, die nicht untergehen darf"
    assert cleaned.text.startswith("Seit 92 Jahren bringt die")
    kept = [item for item in cleaned.verdicts if item.verdict.role is Role.BODY]
    removed = [item for item in cleaned.verdicts if item.verdict.role is Role.REMOVED]
    assert kept
    assert removed
    assert all(item.verdict.reason is None for item in kept)
    assert all(item.verdict.reason and item.verdict.rule for item in removed)


def test_gzip_and_characters_are_taken_too() -> None:
    plain = pipeline.clean(PAGE).text
    assert pipeline.clean(gzip.compress(PAGE)).text == plain
    assert pipeline.clean(PAGE.decode("utf-8")).text == plain


def test_what_comes_out_does_not_depend_on_what_was_cleaned_before() -> None:
    first = pipeline.clean(PAGE)
    pipeline.clean((ROOT / "raw" / "winter-larder" / "pudding.html").read_bytes())
    again = pipeline.clean(PAGE)
    assert (again.text, again.metadata, again.verdicts) == (first.text, first.metadata, first.verdicts)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", Code.EMPTY), (b"\x89PNG\r\n\x1a\n", Code.NOT_TEXT), (b'{"text": "one"}\n{"text": "two"}', Code.NOT_TEXT)],
)
def test_what_is_no_page_is_refused_with_its_code(data: bytes, code: Code) -> None:
    with pytest.raises(DocumentError) as refused:
        pipeline.clean(data)
    assert refused.value.code is code


def test_names_have_one_form() -> None:
    named = pipeline.normalise_names("The Shenzhou XII crew waved.")
    assert named.text == "The Shenzhou-12 crew waved."
    (mention,) = named.mentions
    assert named.text[mention.start : mention.end] == "Shenzhou-12"
    assert mention.surface == "Shenzhou XII"


def test_a_text_without_names_is_the_same_object() -> None:
    text = "The tide came in."
    assert pipeline.normalise_names(text).text is text


def test_importing_the_package_does_not_load_luigi() -> None:
    code = "import sys, pipeline; pipeline.normalise_names('x'); sys.exit('luigi' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_story_that_was_broken_at_its_links_comes_out_whole() -> None:
    whole = [text for text in STORY if ", " in text]
    assert len(whole) > 1
    broken = [text.replace(", ", "\n, ", 1) if text in whole else text for text in STORY]
    cleaned = pipeline.clean("\n".join([TITLE, *broken]))
    assert cleaned.text.split("\n\n") == list(STORY)
