from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import find_dates, place_name, read_dateline

DATES = [
    ("2022-04-24 23:46:16", ["2022-04-24"]),
    ("2022/4/24", ["2022-04-24"]),
    ("April 24, 2022", ["2022-04-24"]),
    ("Apr. 24, 2022", ["2022-04-24"]),
    ("on Sept. 3", ["--09-03"]),
    ("24 April 2022", ["2022-04-24"]),
    ("the 3rd of May, 2021", ["2021-05-03"]),
    ("24-Apr-2022", ["2022-04-24"]),
    ("24. April 2022", ["2022-04-24"]),
    ("3. März", ["--03-03"]),
    ("24.04.2022", ["2022-04-24"]),
    ("1er mai 2022", ["2022-05-01"]),
    ("le 14 août 2019", ["2019-08-14"]),
    ("24 de abril de 2022", ["2022-04-24"]),
    ("2022年4月24日", ["2022-04-24"]),
    ("4月24日", ["--04-24"]),
    ("24/04/2022", ["2022-04-24"]),
    ("04/24/2022", ["2022-04-24"]),
    ("05/05/2022", ["2022-05-05"]),
    ("03/04/2022", []),
    ("February 30, 2022", []),
    ("31 April 2022", []),
    ("between May 3, 2020 and 4 June 2021", ["2020-05-03", "2021-06-04"]),
    ("version 3.4.2 of 1999", []),
    ("a marching band of 24", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_of_five_languages_are_found(text: str, expected: list[str]) -> None:
    assert [found.iso for found in find_dates(text)] == expected


DATELINES = [
    ("GENEVA, March 3 (Wirepool) -- Talks began", "GENEVA, March 3 (Wirepool) -- ", "Geneva", "Wirepool", "--03-03"),
    ("OSLO (NTB) - Snow fell", "OSLO (NTB) - ", "Oslo", "NTB", None),
    ("NEW YORK, NY (AP) — Trains stopped", "NEW YORK, NY (AP) — ", "New York, NY", "AP", None),
    (
        "HARBIN, China, March 3 (Wirepool) -- Ice",
        "HARBIN, China, March 3 (Wirepool) -- ",
        "Harbin, China",
        "Wirepool",
        "--03-03",
    ),
    ("LIMA — Voters queued", "LIMA — ", "Lima", None, None),
    ("Bonn (dpa) - Der Rat tagt", "Bonn (dpa) - ", "Bonn", "dpa", None),
    ("LYON, 3 mars (AFP) - Le tram", "LYON, 3 mars (AFP) - ", "Lyon", "AFP", "--03-03"),
    ("LEÓN, 3 Mar. (EUROPA PRESS) - El río", "LEÓN, 3 Mar. (EUROPA PRESS) - ", "León", "EUROPA PRESS", "--03-03"),
    ("新华社上海3月3日电 港口", "新华社上海3月3日电 ", "上海", "新华社", "--03-03"),
    ("Quito (ANDES) Mar 3, 2021", "Quito (ANDES) Mar 3, 2021", "Quito", "ANDES", "2021-03-03"),
]


@pytest.mark.parametrize(("text", "line", "place", "agency", "iso"), DATELINES)
def test_datelines_give_place_agency_and_date(
    text: str, line: str, place: str, agency: str | None, iso: str | None
) -> None:
    found = read_dateline(text)
    assert found is not None
    assert (found.text, found.place, found.agency) == (line, place, agency)
    assert (found.date.iso if found.date else None) == iso
    assert found.whole == (found.text == text)


@pytest.mark.parametrize(
    "text",
    [
        "The ferry sank on March 3 (a Sunday) - nobody was hurt.",
        "It rained.",
        "he said (quietly) - and left",
        "3 March 2021",
        "",
    ],
)
def test_sentences_are_no_datelines(text: str) -> None:
    assert read_dateline(text) is None


def test_acronyms_keep_their_capitals() -> None:
    assert place_name("UAE") == "UAE"
    assert place_name("RIO DE JANEIRO") == "Rio De Janeiro"
    assert place_name("Bonn") == "Bonn"


@given(st.text())
def test_dates_lie_in_order_within_the_text(text: str) -> None:
    dates = find_dates(text)
    assert all(0 <= found.start < found.end <= len(text) for found in dates)
    assert all(one.end <= other.start for one, other in pairwise(dates))


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_iso_dates_come_back(day: date) -> None:
    assert [found.iso for found in find_dates(f"on {day} it rained")] == [str(day)]
