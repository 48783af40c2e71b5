"""The seed tables and models that come with the package, and a user's own beside them, as one ``Kit``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline import names, rules, sites, trees
from pipeline.model import ConfigError
from pipeline.settings import Limits, Policy
from pipeline.steps import Kit
from pipeline.text import sha256

PACKAGE = Path(__file__).resolve().parent.parent
MODELS = PACKAGE / "models"


def seeds_folder() -> Path:
    """Where the seed tables lie: inside an installed package, else beside it in the repository."""
    packed = PACKAGE / "_seeds"
    return packed if packed.is_dir() else PACKAGE.parent / "seeds"


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of what each stage's decisions rest on, so that a change redoes the stages that read it."""

    models: str
    rules: str
    names: str


def read_tables(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The parsed TOML files of a folder by name.

    Raises ``ConfigError`` naming the file that cannot be read.
    """
    tables: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tables[path.name] = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ConfigError(f"{path}: {error}") from error
    return tables


def name_tables(own: Path | None = None) -> dict[str, Mapping[str, Any]]:
    """The name families, ours and those of a user's folder.

    Raises ``ConfigError`` when the folder is missing or holds no table, or a file is named as one of ours.
    """
    tables = read_tables(seeds_folder() / "names")
    if own is None:
        return tables
    extra = read_tables(own)
    if not extra:
        raise ConfigError(f"{own}: no *.toml with name families there")
    for file in extra:
        tables[f"{own.name}/{file}"] = extra[file]
    return tables


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose for a run beside its folders; the same options give the same release."""

    names_dir: Path | None = None
    policy: Policy = field(default_factory=Policy)
    typography: str = "plain"


def load_kit(options: Options) -> Kit:
    """The tables and models that cleaning rests on, as they lie on the disk now; parsed again only when changed.

    Raises ``ConfigError`` naming file and id of whatever is wrong.
    """
    if options.typography not in ("plain", "keep"):
        raise ConfigError(f"typography is 'plain' or 'keep', not {options.typography!r}")
    return _load(options, digests(options))


@lru_cache(maxsize=4)
def _load(options: Options, _: Digests) -> Kit:
    return Kit(
        cues=rules.read_cues(read_tables(seeds_folder() / "cues")),
        gazetteer=names.read_gazetteer(name_tables(options.names_dir)),
        html_models=_model("html.npz"),
        text_models=_model("text.npz"),
        overrides=sites.read_overrides(read_tables(seeds_folder() / "sites")),
        policy=options.policy,
        limits=Limits(),
        typography=options.typography,
    )


def _model(name: str) -> dict[str, trees.Forest]:
    path = MODELS / name
    try:
        return trees.load(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error


def digests(options: Options) -> Digests:
    """The digests of models, rules and name families as they lie on the disk now."""
    own = _digest_files(options.names_dir, "*.toml") if options.names_dir else ""
    return Digests(
        models=_digest_files(MODELS, "*.npz"),
        rules=_digest_files(seeds_folder() / "cues", "*.toml") + _digest_files(seeds_folder() / "sites", "*.toml"),
        names=_digest_files(seeds_folder() / "names", "*.toml") + own,
    )


def _digest_files(folder: Path, pattern: str) -> str:
    parts = [f"{path.name} {sha256(path.read_bytes())}" for path in sorted(folder.glob(pattern))]
    return sha256("\n".join(parts))
