"""Overrides: what a person decides about the blocks of a site."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline import steps
from pipeline.model import Block, ConfigError, Document, Evidence, Judged, Kind, MediaType, Reason, Role, Verdict
from pipeline.sites import read_overrides
from pipeline.store import seeds
from tests.conftest import ROOT

DROP = {
    "id": "appeal",
    "decision": "drop",
    "pattern": "support our .* today",
    "reason": "donation-appeal",
    "examples": ["Support our newsroom today"],
    "counterexamples": ["They support our view."],
}
KEEP = {
    "id": "verse",
    "decision": "keep",
    "selector": "div.poem p",
    "examples": ["html/body/div#main.poem.wide/blockquote/p"],
    "counterexamples": ["html/body/p", "html/body/div.poems/p"],
}


def table(*rules: dict[str, Any], site: str = "gazette.example") -> dict[str, Any]:
    return {"site": site, "rule": list(rules)}


@pytest.mark.parametrize(
    ("site", "text", "path", "decision"),
    [
        ("gazette.example", "SUPPORT our paper   today", "", (False, "appeal", Reason.DONATION_APPEAL)),
        ("www.gazette.example", "Support our paper today", "", (False, "appeal", Reason.DONATION_APPEAL)),
        ("gazette.example", "Support our paper today", "div.poem/p", (True, "verse", Reason.TEMPLATE)),
        ("gazette.example", "A line", "body/div.poem/ul/p/b", (True, "verse", Reason.TEMPLATE)),
        ("gazette.example", "A line", "body/p", None),
        ("othergazette.example", "Support our paper today", "", None),
        ("", "Support our paper today", "", None),
    ],
)
def test_decide(site: str, text: str, path: str, decision: tuple[bool, str, Reason] | None) -> None:
    rule = read_overrides({"gazette.toml": table(DROP, KEEP)}).decide(site, text, path)
    assert (rule and (rule.keep, rule.id, rule.reason)) == decision


def judged(text: str, path: str, role: Role) -> Judged:
    block = Block(0, text, Kind.PARAGRAPH, 0, len(text), path=path)
    return Judged(block, Verdict(role, Reason.OTHER if role is Role.REMOVED else None, "model", 0.5, Evidence(2, 3)))


@pytest.mark.parametrize(
    ("before", "role", "reason", "rule"),
    [
        (judged("Support our paper today", "p", Role.BODY), Role.REMOVED, Reason.DONATION_APPEAL, "override:appeal"),
        (judged("Support our paper today", "p", Role.REMOVED), Role.REMOVED, Reason.DONATION_APPEAL, "override:appeal"),
        (judged("A verse", "div.poem/p", Role.REMOVED), Role.BODY, None, "override:verse"),
        (judged("A verse", "div.poem/p", Role.TITLE), Role.TITLE, None, "model"),
        (judged("A line", "p", Role.BODY), Role.BODY, None, "model"),
    ],
)
def test_apply(before: Judged, role: Role, reason: Reason | None, rule: str) -> None:
    overrides = read_overrides({"gazette.toml": table(DROP, KEEP)})
    (after,) = overrides.apply("gazette.example", [before])
    assert (after.verdict.role, after.verdict.reason, after.verdict.rule) == (role, reason, rule)
    assert after.verdict.evidence == before.verdict.evidence
    assert overrides.apply("other.example", [before]) == (before,)


BROKEN: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "unknown key": ({"a.toml": table(DROP | {"colour": 1})}, "a.toml: rule 'appeal' has unknown keys"),
    "unknown table": ({"a.toml": {"site": "s", "rules": []}}, "a.toml: unknown keys"),
    "no site": ({"a.toml": {"rule": [DROP]}}, "a.toml: 'site' must be"),
    "site with a path": ({"a.toml": table(DROP, site="s.example/news")}, "a.toml: 'site' must be"),
    "no examples": ({"a.toml": table({k: v for k, v in DROP.items() if k != "examples"})}, "lacks ['examples']"),
    "empty examples": ({"a.toml": table(DROP | {"counterexamples": []})}, "at least one example and one counter"),
    "unknown decision": ({"a.toml": table(DROP | {"decision": "maybe"})}, "must decide 'keep' or 'drop'"),
    "unknown reason": ({"a.toml": table(DROP | {"reason": "ugly"})}, "unknown reason 'ugly'"),
    "pattern and selector": ({"a.toml": table(DROP | {"selector": "p"})}, "either a pattern or a selector"),
    "bad pattern": ({"a.toml": table(DROP | {"pattern": "("})}, "cannot be read"),
    "greedy pattern": ({"a.toml": table(DROP | {"pattern": ".*"})}, "matches the empty line"),
    "bad selector": ({"a.toml": table(KEEP | {"selector": "div > p"})}, "write tags, #ids and .classes"),
    "example fails": ({"a.toml": table(DROP | {"examples": ["Other"]})}, "must match its example 'Other'"),
    "counterexample fails": (
        {"a.toml": table(DROP | {"counterexamples": ["Support our cat today"]})},
        "must not match its counterexample",
    ),
    "doubled id": (
        {"a.toml": table(DROP), "b.toml": table(DROP)},
        "b.toml: rule 'appeal' is already defined in a.toml",
    ),
    "contradiction": (
        {"a.toml": table(DROP, DROP | {"id": "other", "decision": "keep"})},
        "a.toml: rule 'other' decides otherwise on 'Support our newsroom today', an example of 'appeal'",
    ),
}


@pytest.mark.parametrize(("tables", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_tables_name_file_and_rule(tables: dict[str, dict[str, Any]], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        read_overrides(tables)


def test_the_shipped_example_decides_on_the_sample_page() -> None:
    kit = seeds.load_kit(seeds.Options())
    source = (ROOT / "raw" / "winter-larder" / "pudding.html").read_text("utf-8")
    located, page = steps.read_page(Document("a", "a.html", MediaType.HTML, "utf-8", "", source), kit)
    quantities = [block.path.endswith("div.entry-content/ul/li") for block in page.blocks]
    assert sum(quantities) == 9
    missed = replace(page, scores=np.where(quantities, np.float32(0.01), page.scores))
    rules = {one.block.text: one.verdict.rule for one in steps.decide(located, missed, (), kit).judged}
    assert rules["A pinch of cardamom"] == "override:winter-larder-quantities"
    assert rules["Jump to recipe Print"] == "override:winter-larder-jump"
    assert sum(rule.startswith("override:") for rule in rules.values()) == 10
