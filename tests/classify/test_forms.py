"""Lines that give themselves away by their form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.classify import forms

CASES: list[tuple[Callable[[str], bool], str, bool]] = [
    (forms.is_contact, "harbour@skerray.example", True),
    (forms.is_contact, "Call the quay: +44 1641 555 0123", True),
    (forms.is_contact, "12 Rope Walk Street", True),
    (forms.is_contact, "The street was closed for a week.", False),
    (forms.is_networks, "Facebook", True),
    (forms.is_networks, "Share on Facebook, Reddit and X", True),
    (forms.is_networks, "Facebook closed its office in the harbour", False),
    (forms.is_reading_time, "4 min read", True),
    (forms.is_reading_time, "Lesezeit 5 Min.", True),
    (forms.is_reading_time, "It took four minutes.", False),
    (forms.is_wordless, "• |", True),
    (forms.is_wordless, "a |", False),
    (forms.is_number, "(1,204)", True),
    (forms.is_number, "1,204 boats", False),
    (forms.is_price, "$12.50", True),
    (forms.is_price, "from 32,14 €", True),
    (forms.is_price, "The ferry costs $12 a day for those who live here", False),
    (forms.is_row, "Terms | Contact | Help", True),
    (forms.is_row, "Home Blog About", True),
    (forms.is_row, "Skerray | Rope and tar", False),
    (forms.is_numbered, "2. Ropes", True),
    (forms.is_numbered, "2 of them", True),
    (forms.is_numbered, "Two of them", False),
    (forms.is_call, "View all ropes", True),
    (forms.is_call, "View from the lighthouse over the bay", False),
    (forms.is_code, "${title}", True),
    (forms.is_code, "The title", False),
    (forms.is_claim, "© 2024 Harbour Post", True),
    (forms.is_claim, "They claimed the prize", False),
    (forms.is_company, "Skerray Ropes Ltd", True),
    (forms.is_company, "A limited company of ropers", False),
    (forms.is_credit, "Photo: Ada Lind", True),
    (forms.is_credit, "The photo shows the quay", False),
    (forms.is_bio, "Ada Lind is a reporter at the Harbour Post.", True),
    (forms.is_bio, "The reporter is a friend of the harbour master.", False),
    (forms.is_grouping, "By industry", True),
    (forms.is_grouping, "By Ada Lind", False),
    (forms.is_post_line, "Joined Mar 2020", True),
    (forms.is_post_line, "seadog44 says:", True),
    (forms.is_post_line, "* Likes Received:", True),
    (forms.is_post_line, "seadog44 May 5, 2024, 5:41pm 3", True),
    (forms.is_post_line, "The harbour master joined the crew at noon", False),
    (forms.is_strong_post_line, "Reply", False),
    (forms.is_strong_post_line, "Reaction score: 4", True),
]


@pytest.mark.parametrize(("form", "text", "expected"), CASES, ids=[f"{case[0].__name__} {case[1]}" for case in CASES])
def test_forms(form: Callable[[str], bool], text: str, expected: bool) -> None:
    assert form(text) is expected
