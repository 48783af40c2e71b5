"""Flattened pages of our own making for the tests of the line classifier; every line says what it should become."""

from __future__ import annotations

Row = tuple[str, bool]
"""A line, and whether it is story (the title counts as none)."""

HEAD = ("The Harbour Post", "Home", "News", "Sport", "Weather", "Contact us")
TAIL = (
    "Most read",
    "Ferry company names new captain for the northern line",
    "School choir wins second prize at the county festival",
    "Why the fish market will move to the old tram depot",
    "About us",
    "Privacy policy",
    "© 2023 The Harbour Post. All rights reserved.",
)
TITLE = "Old lighthouse to shine again after forty years"
BYLINE = "By Anna Example"
DATE = "3 March 2023"
STORY = (
    "The council of the island decided on Monday to mend the old lighthouse, which has been dark for forty years.",
    "Workers will begin in May by taking down the lamp room, said the harbour master, who had argued for the repair "
    "since she took office six years ago. The lamp itself will be sent to the mainland, where a firm of clockmakers "
    "is to clean "
    "its lenses.",
    '"It is the first thing my grandfather saw when he came home from the sea," she told the council. "I would like '
    'my grandchildren to see it too."',
    "The repair is expected to cost 340,000 crowns, of which the county pays half. The rest was raised over two "
    "winters "
    "at dances, a raffle and a swim across the bay in which eleven people took part.",
    "Not everyone was pleased. Two members of the council voted against the plan and asked that the money be spent on "
    "the ferry landing instead, which was damaged in the autumn storms and has been closed to cars ever since.",
    "If the weather holds, the light will be lit on the first of October, a day on which the island has always counted "
    "its boats.",
)


def page(
    story: tuple[str, ...] | list[Row] = STORY,
    title: str = TITLE,
    head: tuple[str, ...] = HEAD,
    tail: tuple[str, ...] = TAIL,
    byline: str = BYLINE,
    date: str = DATE,
) -> list[Row]:
    """A story with its heading in the usual furniture; lines of the story may be given as rows."""
    rows = [row if isinstance(row, tuple) else (row, True) for row in story]
    above = [(text, False) for text in (*head, title, byline, date)]
    return [*above, *rows, *((text, False) for text in tail)]
