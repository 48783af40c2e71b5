"""Inferred sites: what a page says of its own site."""

from __future__ import annotations

import pytest

from pipeline.sites import Inferred, infer_site

FOOTERS = [
    (["Story text here.", "© 2024 The Harbour Gazette. All rights reserved."], "~harbour gazette"),
    (["Copyright © 1998-2026 Harbour Gazette Ltd | Privacy"], "~harbour gazette"),
    (["2021 © Harbour Gazette Inc. All Rights Reserved."], "~harbour gazette"),
    (["(c) Harbour Gazette, 2019"], "~harbour gazette"),
    (["© 2020 Harbour Gazette", "Copyright 2020 The Associated Press. All rights reserved."], "~harbour gazette"),
]


@pytest.mark.parametrize(("lines", "site"), FOOTERS)
def test_footer_names_the_site(lines: list[str], site: str) -> None:
    assert infer_site(lines) == Inferred(site, "footer")


def test_publisher_and_contact_come_after_the_footer() -> None:
    assert infer_site(["Story."], publisher="Harbour Gazette") == Inferred("~harbour gazette", "publisher")
    assert infer_site(["Story.", "Write to desk@gazette.example.com"]) == Inferred("~gazette.example.com", "contact")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Just a story.", "It goes on."],
        ["© 2020 Reuters"],
        ["© Jane Doe took this long picture of the harbour at dusk"],
        ["Write to us at someone@gmail.com"],
        ["See www.one.example.com", "or www.two.example.com"],
        ["© 2020 Old Photo Archive", *["A line of the story."] * 60],
    ],
    ids=["nothing", "no footer", "agency", "credit sentence", "free mail", "two hosts", "notice at the top"],
)
def test_weak_evidence_names_no_site(lines: list[str]) -> None:
    assert infer_site(lines) is None
