"""The gazetteer's tables: parsed TOML in, families out; every mistake is named with file and id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pipeline.model import ConfigError
from pipeline.names.families import GATES, NOTATIONS, NUMERALS, Family, Vocabulary
from pipeline.names.numerals import expand

_TOP = {"vocabulary", "vocabularies", "family", "phrase"}
_WORD_KEYS = {"id", "cues", "nouns", "adjectives"}
_REQUIRED = {"id", "name", "kind", "examples", "counterexamples"}
_FAMILY_KEYS = {field.name for field in fields(Family)} - {"file", "vocabulary", "phrase"}
_PHRASE_KEYS = {"id", "name", "kind", "spellings", "weak", "linked", "not_near", "examples", "counterexamples"}
_TYPES = {"str": "string", "bool": "true or false", "tuple[str, ...]": "list of strings"}
_JOINS = (" ", "-", "")


def read_families(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Family, ...]:
    """All families of all files, in the order of the files; raises ``ConfigError`` naming file and id."""
    vocabularies = _read_vocabularies(tables)
    families: dict[str, Family] = {}
    for file, table in sorted(tables.items()):
        if unknown := set(table) - _TOP:
            raise ConfigError(f"{file}: unknown keys {sorted(unknown)}; known: {', '.join(sorted(_TOP))}")
        vocabulary = vocabularies.get(table.get("vocabulary", ""))
        for section, keys in (("family", _FAMILY_KEYS), ("phrase", _PHRASE_KEYS)):
            for entry in table.get(section, ()):
                name = entry.get("id", "without id")
                if vocabulary is None:
                    raise ConfigError(
                        f"{file}: {section} {name!r} needs a vocabulary; known: {', '.join(vocabularies)}"
                    )
                family = _read_family(file, entry, vocabulary, keys, section)
                if family.id in families:
                    raise ConfigError(f"{file}: {family.id!r} is already defined in {families[family.id].file}")
                families[family.id] = family
    return tuple(families.values())


def _read_vocabularies(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Vocabulary]:
    found: dict[str, Vocabulary] = {}
    for file, table in sorted(tables.items()):
        for entry in table.get("vocabularies", ()):
            name = entry.get("id", "without id")
            if set(entry) != _WORD_KEYS:
                raise ConfigError(f"{file}: vocabulary {name!r} must have the keys {sorted(_WORD_KEYS)}")
            lists = [value for key, value in entry.items() if key != "id"]
            if not all(isinstance(value, list) and all(isinstance(word, str) for word in value) for value in lists):
                raise ConfigError(f"{file}: vocabulary {name!r} must hold lists of strings")
            if name in found:
                raise ConfigError(f"{file}: vocabulary {name!r} is already defined")
            cues, nouns, adjectives = (tuple(entry[key]) for key in ("cues", "nouns", "adjectives"))
            found[name] = Vocabulary(name, cues, nouns, adjectives)
    return found


def _read_family(
    file: str, entry: Mapping[str, Any], vocabulary: Vocabulary, keys: Iterable[str], section: str
) -> Family:
    where = f"{file}: {section} {entry.get('id', 'without id')!r}"
    if unknown := set(entry) - set(keys):
        raise ConfigError(f"{where} has unknown keys {sorted(unknown)}")
    if missing := _REQUIRED - set(entry):
        raise ConfigError(f"{where} lacks {sorted(missing)}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    _check_types(where, values)
    _check_choices(where, values)
    as_roman = values.get("numerals") == "roman"
    try:
        for key in ("designators", "exclude"):
            values[key] = tuple(item for one in values.get(key, ()) for item in expand(one, as_roman=as_roman))
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return Family(file=file, vocabulary=vocabulary, phrase=section == "phrase", **values)


def _check_types(where: str, values: Mapping[str, Any]) -> None:
    for field in fields(Family):
        if field.name not in values:
            continue
        value, kind = values[field.name], str(field.type)
        if kind.startswith("tuple"):
            fits = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
        else:
            fits = isinstance(value, bool if kind == "bool" else str)
        if not fits:
            raise ConfigError(f"{where}: {field.name} must be of the type {_TYPES[kind]}")


def _check_choices(where: str, values: Mapping[str, Any]) -> None:
    for key, known in (("join", _JOINS), ("gate", GATES), ("numerals", NUMERALS)):
        if key in values and values[key] not in known:
            raise ConfigError(f"{where}: {key} {values[key]!r} is none of {list(known)}")
    if unknown := set(values.get("notations", ())) - set(NOTATIONS):
        raise ConfigError(f"{where}: unknown notations {sorted(unknown)}; known: {', '.join(NOTATIONS)}")
    if not values["examples"]:
        raise ConfigError(f"{where} needs at least one example")
