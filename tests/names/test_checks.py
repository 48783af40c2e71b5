"""A gazetteer that contradicts itself, or its examples, is refused with file and id."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from pipeline.model import ConfigError
from pipeline.names import normalise, read_gazetteer
from pipeline.names.families import Family
from tests.conftest import ROOT
from tests.names.conftest import seed_tables

WORDS = {"id": "sea", "cues": ["ship*"], "nouns": ["ship"], "adjectives": ["old"]}


def family(**more: Any) -> dict[str, Any]:
    """A family of ferries, with changes; None takes a key away."""
    entry = {
        "id": "gull",
        "name": "Sea Gull",
        "kind": "ferry",
        "join": "-",
        "designators": ["1..4"],
        "examples": ["the Sea Gull II => the Sea Gull-2"],
        "counterexamples": ["two sea gulls"],
    } | more
    return {key: value for key, value in entry.items() if value is not None}


def table(*families: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file of the gazetteer."""
    return {"vocabulary": "sea", "vocabularies": [WORDS], "family": list(families)} | more


def test_a_family_of_any_domain_is_read() -> None:
    gazetteer = read_gazetteer({"ferries.toml": table(family())})
    assert normalise("Sea Gull III left", gazetteer).text == "Sea Gull-3 left"


def test_an_empty_gazetteer_finds_nothing() -> None:
    text = "Shenzhou XII"
    assert normalise(text, read_gazetteer({})).text is text


def test_a_user_adds_families_to_ours() -> None:
    mine = {"my.toml": {"vocabulary": "spaceflight", "family": [family()]}}
    gazetteer = read_gazetteer(seed_tables() | mine)
    assert normalise("Sea Gull 1, Shenzhou 12", gazetteer).text == "Sea Gull-1, Shenzhou-12"


def test_a_user_cannot_claim_what_is_ours() -> None:
    claim = family(id="mine", name="Shenzhou", examples=["Shenzhou-3"], counterexamples=[])
    mine = {"my.toml": {"vocabulary": "spaceflight", "family": [claim]}}
    with pytest.raises(ConfigError, match=r"'mine'.*'shenzhou' of china.toml|'shenzhou'.*'mine' of my.toml"):
        read_gazetteer(seed_tables() | mine)


def test_the_readme_explains_every_key() -> None:
    readme = (ROOT / "seeds" / "names" / "README.md").read_text("utf-8")
    for field in fields(Family):
        assert f"`{field.name}`" in readme or field.name in ("file", "vocabulary", "phrase")


REFUSED = {
    "unknown key": (family(colour="red"), "unknown keys.*colour"),
    "missing key": (family(kind=None), "lacks.*kind"),
    "no example": (family(examples=[]), "at least one example"),
    "wrong type": (family(designators="1..4"), "designators must be of the type list"),
    "wrong element": (family(spellings=[3]), "spellings must be of the type list"),
    "wrong flag": (family(capital="yes"), "capital must be of the type true or false"),
    "unknown gate": (family(gate="open"), "gate 'open'"),
    "unknown join": (family(join="_"), "join '_'"),
    "unknown numerals": (family(numerals="greek"), "numerals 'greek'"),
    "unknown notation": (family(notations=["greek"]), "notations.*greek"),
    "no range": (family(designators=["4..1"]), "'4..1' is no range"),
    "safe and weak": (family(weak=["Sea Gull"]), "both"),
    "too short": (family(name="S", designators=[], examples=["S ship"]), "too short"),
    "example not changed": (family(examples=["the Sea Gull 9 => the Sea Gull-9"]), "must turn its example"),
    "example not found": (family(examples=["the Sea Gull"]), "must be found in its example"),
    "counterexample found": (family(counterexamples=["the Sea Gull-2"]), "must not be found in its counterexample"),
}


@pytest.mark.parametrize(("entry", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_mistakes_are_named_with_file_and_id(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        read_gazetteer({"ferries.toml": table(entry)})
    assert "ferries.toml" in str(raised.value)
    assert "gull" in str(raised.value)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"a.toml": table(family()), "b.toml": {"vocabulary": "sea", "family": [family()]}}, "b.toml: 'gull'.*a.toml"),
        ({"a.toml": table(family(), family(id="tern"))}, "a.toml: 'tern' claims 'Sea Gull 1', as 'gull'"),
        ({"a.toml": table(colour="red")}, "a.toml: unknown keys.*colour"),
        ({"a.toml": table(family(), vocabulary="air")}, "a.toml: family 'gull' needs a vocabulary; known: sea"),
        ({"a.toml": table(vocabularies=[WORDS, WORDS])}, "a.toml: vocabulary 'sea' is already defined"),
        ({"a.toml": table(vocabularies=[{"id": "sea"}])}, "a.toml: vocabulary 'sea' must have the keys"),
        ({"a.toml": table(vocabularies=[WORDS | {"cues": "ship"}])}, "a.toml: vocabulary 'sea'.*lists of strings"),
        ({"a.toml": table(family(id=3))}, "a.toml: family 3: id must be of the type string"),
    ],
)
def test_files_that_contradict_each_other_are_refused(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_gazetteer(tables)
