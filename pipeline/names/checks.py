"""Reading a gazetteer: what its tables say must not contradict itself, and must behave as its examples say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import ConfigError
from pipeline.names.families import Family, Index
from pipeline.names.gazetteer import Entry, Gazetteer
from pipeline.names.normalise import normalise
from pipeline.names.tables import read_families

ARROW = " => "


def read_gazetteer(tables: Mapping[str, Mapping[str, Any]]) -> Gazetteer:
    """The gazetteer of parsed TOML tables, keyed by file name: ours, and those of a user beside them.

    Raises ``ConfigError`` naming file and id on an unknown or missing key, a doubled id, two families that claim the
    same name, and an example that does not behave as it says.
    """
    gazetteer = Gazetteer(read_families(tables))
    _check_conflicts(gazetteer)
    for family in gazetteer.families:
        _check_examples(family, gazetteer)
    return gazetteer


def _check_conflicts(gazetteer: Gazetteer) -> None:
    for entries in gazetteer.entries:
        for place, entry in enumerate(entries):
            for other in entries[:place]:
                shared = _shared(entry, other)
                if shared is not None and entry.number != other.number:
                    one, two = entry.family, other.family
                    name = f"{entry.text} {shared}".strip()
                    raise ConfigError(f"{one.file}: {one.id!r} claims {name!r}, as {two.id!r} of {two.file} does")


def _shared(entry: Entry, other: Entry) -> str | None:
    """What both entries claim: a designator, or the bare name (empty); None where they keep apart."""
    mine, theirs = _claims(entry.index), _claims(other.index)
    return min(mine & theirs, default=None)


def _claims(index: Index) -> set[str]:
    return set(index.ways) or {""}


def _check_examples(family: Family, gazetteer: Gazetteer) -> None:
    where = f"{family.file}: {family.id!r}"
    for example in family.examples:
        text, _, expected = example.partition(ARROW)
        named = normalise(text, gazetteer)
        if named.text != (expected or text):
            raise ConfigError(f"{where} must turn its example {text!r} into {expected or text!r}, not {named.text!r}")
        if not any(_is_of(family, mention.name_id) for mention in named.mentions):
            raise ConfigError(f"{where} must be found in its example {text!r} and is not")
    for text in family.counterexamples:
        named = normalise(text, gazetteer)
        if named.text != text or any(_is_of(family, mention.name_id) for mention in named.mentions):
            raise ConfigError(f"{where} must not be found in its counterexample {text!r} and is")


def _is_of(family: Family, name_id: str) -> bool:
    return name_id.partition(":")[0] == family.id
