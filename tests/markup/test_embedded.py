"""Data that stands in attributes: read where it is JSON, whatever its name; damage and excess are left out."""

from __future__ import annotations

import html
import json

import pytest

from pipeline.markup.embedded import attribute_values, scripts

PROSE = "The ferry left the harbour at six, an hour late, with forty people aboard and a cow. " * 6


def tag(data: object, name: str = "data-page", quote: str = '"') -> str:
    return f"<div id=app {name}={quote}{html.escape(json.dumps(data))}{quote}></div>"


READ = {
    "props of Inertia": (tag({"props": {"text": PROSE}}), [{"data-page": {"props": {"text": PROSE}}}]),
    "single quotes": (tag([PROSE], "data-x", "'"), [{"data-x": [PROSE]}]),
    "numbers for quotes": (
        f"<p :model='{json.dumps([PROSE])}'>".replace('"', "&#34;"),
        [{":model": [PROSE]}],
    ),
    "quotes as they are": (f"<p data-x='{json.dumps([PROSE])}'>", [{"data-x": [PROSE]}]),
    "JSON in JSON": (
        tag({"topic_1": json.dumps({"text": PROSE}), "n": "1"}),
        [{"data-page": {"topic_1": {"text": PROSE}, "n": "1"}}],
    ),
    "a string that only looks like JSON": (tag({"a": "{" + PROSE}), [{"data-page": {"a": "{" + PROSE}}]),
    "no third level": (
        tag({"a": json.dumps({"b": json.dumps([PROSE])})}),
        [{"data-page": {"a": {"b": json.dumps([PROSE])}}}],
    ),
    "the longest first": (
        tag([PROSE], "data-a") + tag([PROSE * 2], "data-b"),
        [{"data-b": [PROSE * 2]}, {"data-a": [PROSE]}],
    ),
    "mark-up that speaks of mark-up": (
        tag([f"&amp;quot; &quot; {PROSE}"]),
        [{"data-page": [f"&amp;quot; &quot; {PROSE}"]}],
    ),
    "two on a tag": (
        f"<p data-a='{json.dumps([PROSE])}'data-b='{json.dumps([PROSE])}'>",
        [{"data-a": [PROSE]}, {"data-b": [PROSE]}],
    ),
}


@pytest.mark.parametrize(("source", "values"), READ.values(), ids=READ.keys())
def test_json_is_read_whatever_the_name(source: str, values: list[object]) -> None:
    assert list(attribute_values(source)) == values


UNREAD = {
    "short": tag({"text": "Six o'clock."}),
    "prose": f'<p data-x="{PROSE}">',
    "cut off within a value": tag({"text": PROSE})[:300],
    "cut off within JSON": f'<p data-x="{html.escape(json.dumps({"text": PROSE})[:-2])}">',
    "a program": f'<p x-data="{{ open: false, say() {{ alert(`{PROSE}`) }} }}">',
    "within a script": f"<script>var x='{json.dumps([PROSE])}'; y =\"a\"</script>",
    "as long as no data is": f"<p data-x='[{'1,' * 2_600_000}1]'>",
    "nested too deeply": f'<p data-x="{"[" * 100_000}{"]" * 100_000}">',
    "a number without end": f'<p data-x="[{"9" * 10_000}]">',
}


@pytest.mark.parametrize("source", UNREAD.values(), ids=UNREAD.keys())
def test_nothing_else_is_read(source: str) -> None:
    assert list(attribute_values(source)) == []


def test_of_many_attributes_the_longest_are_read() -> None:
    source = "".join(tag([PROSE + "x" * number], f"data-{number}") for number in range(100))
    names = [name for value in attribute_values(source) for name in value]
    assert names == [f"data-{number}" for number in range(99, 39, -1)]


def test_attributes_are_read_as_long_as_they_are_no_longer_than_data_is() -> None:
    source = "".join(tag(["x" * size], f"data-{size}") for size in (3_000_000, 2_500_000, 1_900_000, 1_000_000))
    names = [name for value in attribute_values(source) for name in value]
    assert names == ["data-3000000", "data-1900000"]


def test_scripts_come_in_their_order_without_one_that_never_closes() -> None:
    source = "<script>a<b</script><SCRIPT type=x>c</SCRIPT ><script src='d'></script><script>e"
    assert list(scripts(source)) == [("", "a<b"), (" type=x", "c"), (" src='d'", "")]


@pytest.mark.parametrize("piece", ["<script ", "<script>", ' a="{', " a='{", '="{', " a", '"   ', "data-x="])
def test_what_never_closes_is_no_data(piece: str) -> None:
    assert list(attribute_values(piece * 20_000)) == []
