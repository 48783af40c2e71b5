"""When a field counts as found."""

from __future__ import annotations

import pytest

from pipeline.learning.html_metadata import agree


@pytest.mark.parametrize(
    ("field", "wanted", "found", "expected"),
    [
        ("title", "The curtain", "The Curtain!", True),
        ("title", "The curtain", "The curtain | Valley Post", False),
        ("author", "Ada Lind, Bo Ek", "Bo Ek and Ada Lind", False),
        ("author", "Ada Lind, Bo Ek", "Bo Ek, Ada Lind", True),
        ("author", "Ada Lind", None, False),
        ("date", "2024-05-01T10:00:00Z", "2024-05-01", True),
        ("date", "2024-05-01", "2024-05-02", False),
    ],
)
def test_agreement(field: str, wanted: str, found: str | None, expected: bool) -> None:
    assert agree(field, wanted, found) is expected
