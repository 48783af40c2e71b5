from __future__ import annotations

import tomllib
from typing import Any

import pytest

from pipeline.model import ConfigError, Reason
from pipeline.rules import Cue, CueTable, read_cues
from tests.conftest import ROOT

FILES = sorted((ROOT / "seeds" / "cues").glob("*.toml"))


def entry(**changes: Any) -> dict[str, Any]:
    cue = {
        "id": "tea",
        "reason": "newsletter",
        "phrases": ["tea letter", "brew*"],
        "examples": ["Our Tea Letter"],
        "counterexamples": ["A letter about tea"],
    }
    return {key: value for key, value in {**cue, **changes}.items() if value is not None}


def table(*entries: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"a.toml": {"cue": list(entries)}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_table_reads_and_its_examples_hold(path: Any) -> None:
    cues = read_cues({path.name: tomllib.loads(path.read_text("utf-8"))}).cues
    assert cues
    assert all(cue.examples and cue.counterexamples for cue in cues)


def test_the_tables_read_together() -> None:
    names = [cue.id for cue in read_cues({f.name: tomllib.loads(f.read_text("utf-8")) for f in FILES}).cues]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "unknown keys"),
        ({"examples": None}, "lacks"),
        ({"reason": "weather"}, "unknown reason"),
        ({"position": "middle"}, "unknown position"),
        ({"phrases": []}, "needs phrases"),
        ({"phrases": ["--"]}, "needs phrases"),
        ({"examples": ["Coffee"]}, "must match"),
        ({"counterexamples": ["The tea letter came"]}, "must not match"),
    ],
)
def test_a_wrong_entry_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read_cues(table(entry(**changes)))
    assert "a.toml" in str(caught.value)
    assert "tea" in str(caught.value)


def test_doubled_ids_and_unknown_tables_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"already defined in a\.toml"):
        read_cues({**table(entry()), "b.toml": {"cue": [entry()]}})
    with pytest.raises(ConfigError, match="unknown tables"):
        read_cues({"a.toml": {"cues": []}})


def cue(*phrases: str, position: str = "anywhere", max_words: int = 60) -> CueTable:
    return CueTable([Cue("c", Reason.SHARE, phrases, position, max_words)])


@pytest.mark.parametrize(
    ("cues", "text", "found"),
    [
        (cue("share this"), "Please SHARE  this page", True),
        (cue("share this"), "share thistle tea", False),
        (cue("share*"), "shareholders", True),
        (cue("don't miss"), "Don’t miss it", True),
        (cue("share", position="whole"), "» Share:", True),
        (cue("share", position="whole"), "Share it", False),
        (cue("share", position="start"), "- share it", True),
        (cue("share", position="start"), "We share it", False),
        (cue("share", max_words=3), "share it with us", False),
        (cue("分享"), "请分享到微信", True),
        (CueTable(()), "share", False),
    ],
)
def test_phrases_match_whole_words_in_their_place(cues: CueTable, text: str, found: bool) -> None:
    assert bool(cues.find(text)) is found


def test_each_cue_is_found_once_in_the_order_of_the_table() -> None:
    cues = CueTable([Cue("one", Reason.SHARE, ("b", "a")), Cue("two", Reason.LEGAL, ("a",))])
    assert [found.id for found in cues.find("a b a")] == ["one", "two"]


def test_many_texts_are_looked_up_as_each_alone() -> None:
    cues = read_cues({path.name: tomllib.loads(path.read_text("utf-8")) for path in FILES})
    texts = [text for cue in cues.cues for text in (*cue.examples, *cue.counterexamples)]
    texts += ["", "…", "  Two  spaces ", "ΟΔΟΣ", *(f"«{text}» –\u200b" for text in texts[:40])]
    assert cues.find_each(texts) == [cues.find(text) for text in texts]
    assert cues.find_each(["a\nb", "c"]) == [cues.find("a\nb"), cues.find("c")]
    assert cues.find_each([]) == []
