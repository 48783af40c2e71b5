"""What a person has decided about the blocks of one site: lines and elements to keep or drop always.

The tables are TOML in ``seeds/sites``. A file names a site and rules for it; every rule carries examples that are run
when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from pipeline.model import ConfigError, Judged, Reason, Role
from pipeline.text import fold_space

_KEYS = {"id", "decision", "pattern", "selector", "reason", "examples", "counterexamples"}
_REQUIRED = {"id", "decision", "examples", "counterexamples"}
_SITE = re.compile(r"[^\s/]+")
_COMPOUND = re.compile(r"(?P<tag>[\w-]+)?(?P<rest>(?:[#.][\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Override:
    """One rule for the blocks of a site and its subdomains.

    Either ``pattern`` (a regular expression that matches the whole block, white space folded, case ignored) or
    ``selector`` (steps such as ``div.promo`` or ``#menu li``: the block or an element around it) is set. ``reason``
    is what a dropped block is said to be.
    """

    site: str
    id: str
    keep: bool
    pattern: re.Pattern[str] | None
    selector: tuple[frozenset[str], ...]
    reason: Reason

    def matches(self, text: str, path: str) -> bool:
        """Whether the rule speaks of a block with this text and tag path."""
        if self.pattern is not None:
            return self.pattern.fullmatch(fold_space(text)) is not None
        steps = iter([_traits(step) for step in path.split("/")])
        return all(any(wanted <= traits for traits in steps) for wanted in self.selector)


Decision = Override | None


@dataclass(frozen=True, slots=True)
class Overrides:
    """The rules of all sites."""

    rules: tuple[Override, ...] = ()

    def of(self, site: str) -> tuple[Override, ...]:
        """The rules that hold on a site, those that keep first."""
        return tuple(rule for rule in self.rules if site == rule.site or site.endswith("." + rule.site))

    def decide(self, site: str, text: str, path: str = "") -> Decision:
        """The rule that decides on a block, or None; one that keeps wins over one that drops."""
        return next((rule for rule in self.of(site) if rule.matches(text, path)), None)

    def apply(self, site: str, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """The blocks of a page with the verdicts that a person would give; all others stay as they are.

        The rule is recorded as ``override:`` and its id. A title that is to be kept stays the title.
        """
        if not self.of(site):
            return tuple(judged)
        return tuple(_overridden(one, self.decide(site, one.block.text, one.block.path)) for one in judged)


def _overridden(one: Judged, rule: Decision) -> Judged:
    if rule is None or (rule.keep and one.verdict.keep):
        return one
    role, reason = (Role.BODY, None) if rule.keep else (Role.REMOVED, rule.reason)
    return structs.replace(
        one, verdict=structs.replace(one.verdict, role=role, reason=reason, rule=f"override:{rule.id}")
    )


def read_overrides(tables: Mapping[str, Mapping[str, Any]]) -> Overrides:
    """Rules from parsed TOML, keyed by file name.

    Raises ``ConfigError`` naming file and id on an unknown or missing key, a doubled id, a pattern or selector that
    cannot be read, an example that does not behave as it says, and an example that another rule decides otherwise.
    """
    rules: list[Override] = []
    examples: list[tuple[str, Override, str]] = []
    seen: dict[str, str] = {}
    for file, table in sorted(tables.items()):
        if unknown := set(table) - {"site", "rule"}:
            raise ConfigError(f"{file}: unknown keys {sorted(unknown)}; only site and [[rule]] are known")
        site = table.get("site")
        if not isinstance(site, str) or not _SITE.fullmatch(site):
            raise ConfigError(f"{file}: 'site' must be a host or folder name, not {site!r}")
        for entry in table.get("rule", ()):
            rule = _read_rule(file, site, entry)
            if rule.id in seen:
                raise ConfigError(f"{file}: rule {rule.id!r} is already defined in {seen[rule.id]}")
            seen[rule.id] = file
            rules.append(rule)
            examples += [(file, rule, example) for example in entry["examples"]]
    overrides = Overrides(tuple(sorted(rules, key=lambda rule: (not rule.keep, rule.site, rule.id))))
    for file, rule, example in examples:
        _check_contradiction(file, rule, example, overrides.of(rule.site))
    return overrides


def _read_rule(file: str, site: str, entry: Mapping[str, Any]) -> Override:
    name = entry.get("id", "without id")
    if unknown := set(entry) - _KEYS:
        raise ConfigError(f"{file}: rule {name!r} has unknown keys {sorted(unknown)}")
    if missing := _REQUIRED - set(entry):
        raise ConfigError(f"{file}: rule {name!r} lacks {sorted(missing)}")
    if entry["decision"] not in ("keep", "drop"):
        raise ConfigError(f"{file}: rule {name!r} must decide 'keep' or 'drop', not {entry['decision']!r}")
    if ("pattern" in entry) == ("selector" in entry):
        raise ConfigError(f"{file}: rule {name!r} needs either a pattern or a selector")
    reason = entry.get("reason", Reason.TEMPLATE.value)
    if reason not in {known.value for known in Reason}:
        raise ConfigError(f"{file}: rule {name!r} has the unknown reason {reason!r}")
    if not entry["examples"] or not entry["counterexamples"]:
        raise ConfigError(f"{file}: rule {name!r} needs at least one example and one counterexample")
    rule = Override(
        site=site,
        id=name,
        keep=entry["decision"] == "keep",
        pattern=_read_pattern(file, name, entry["pattern"]) if "pattern" in entry else None,
        selector=_read_selector(file, name, entry["selector"]) if "selector" in entry else (),
        reason=Reason(reason),
    )
    _check_examples(file, rule, entry["examples"], entry["counterexamples"])
    return rule


def _read_pattern(file: str, name: str, pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ConfigError(f"{file}: rule {name!r} has a pattern that cannot be read: {error}") from error
    if compiled.fullmatch(""):
        raise ConfigError(f"{file}: rule {name!r} has a pattern that matches the empty line")
    return compiled


def _read_selector(file: str, name: str, selector: str) -> tuple[frozenset[str], ...]:
    steps = selector.split()
    if not steps or not all(_COMPOUND.fullmatch(step) for step in steps):
        raise ConfigError(
            f"{file}: rule {name!r} has the selector {selector!r}; write tags, #ids and .classes, outer ones first"
        )
    return tuple(_traits(step) for step in steps)


def _traits(step: str) -> frozenset[str]:
    """``div#main.story`` as its tag, id and classes."""
    return frozenset(part for part in re.split(r"(?=[#.])", step) if part)


def _check_examples(file: str, rule: Override, examples: Iterable[str], counterexamples: Iterable[str]) -> None:
    """Examples are lines for a pattern and tag paths for a selector."""
    for example in examples:
        if not rule.matches(example, example):
            raise ConfigError(f"{file}: rule {rule.id!r} must match its example {example!r} and does not")
    for example in counterexamples:
        if rule.matches(example, example):
            raise ConfigError(f"{file}: rule {rule.id!r} must not match its counterexample {example!r} and does")


def _check_contradiction(file: str, rule: Override, example: str, others: Iterable[Override]) -> None:
    for other in others:
        same_form = (other.pattern is None) == (rule.pattern is None)
        if other.keep != rule.keep and same_form and other.matches(example, example):
            raise ConfigError(f"{file}: rule {other.id!r} decides otherwise on {example!r}, an example of {rule.id!r}")
