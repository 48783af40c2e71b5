from __future__ import annotations

import numpy as np
import pytest

from pipeline.metadata.text import resolve
from pipeline.model import Block, Document, Judged, Kind, MediaType, Metadata, Page, Reason, Role, Verdict

BODY = "The council of the island met on Monday and decided, after a long debate, to mend the old lighthouse."


def resolved(*lines: tuple[str, Role | Reason], declared: Metadata | None = None) -> Metadata:
    judged = []
    for number, (text, what) in enumerate(lines, 1):
        role = what if isinstance(what, Role) else Role.REMOVED
        reason = what if isinstance(what, Reason) else None
        block = Block(number - 1, text, Kind.LINE, 0, len(text), line=number)
        judged.append(Judged(block, Verdict(role, reason, "test", 0.5)))
    blocks = tuple(item.block for item in judged)
    page = Page(blocks, np.zeros(len(blocks), dtype=np.float32), declared or Metadata())
    return resolve(page, judged, Document("a", "a", MediaType.TEXT, "utf-8", "", ""))


def test_the_title_line_wins_over_the_hint_and_origins_say_so() -> None:
    found = resolved(("A lamp", Role.TITLE), (BODY, Role.BODY), declared=Metadata(title="Lamp | Site"))
    assert found.title == "A lamp"
    assert dict(found.origins)["title"] == "line 1"
    hinted = resolved((BODY, Role.BODY), declared=Metadata(title="Lamp"))
    assert (hinted.title, dict(hinted.origins)["title"]) == ("Lamp", "hint")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("by Field Reporters", "Field Reporters"),
        ("By Anna Example | Wirepool", "Anna Example"),
        ("Reporting by Anna Example; editing by Otto Muster", "Anna Example"),
        ("Von Otto Muster", "Otto Muster"),
        ("Par Jeanne Modèle", "Jeanne Modèle"),
        ("Anna Example", "Anna Example"),
        ("记者：李明", "李明"),
        ("By Anna Example, Science correspondent", "Anna Example"),
    ],
)
def test_authors_come_from_the_byline(line: str, name: str) -> None:
    assert resolved((line, Reason.BYLINE), (BODY, Role.BODY)).author == name


def test_the_dateline_of_the_first_paragraph() -> None:
    found = resolved(("LIMA, March 3 (Wirepool) -- " + BODY, Role.BODY))
    assert found.dateline == "LIMA, March 3 (Wirepool) -- "
    assert (found.dateline_place, found.dateline_agency, found.source) == ("Lima", "Wirepool", "Wirepool")
    assert found.published == "--03-03"
    assert dict(found.origins)["published"] == "line 1 (no year)"


def test_the_dateline_on_a_line_of_its_own_dates_the_story() -> None:
    found = resolved(("Quito (ANDES) Mar 3, 2021", Reason.DATELINE), (BODY, Role.BODY))
    assert (found.published, found.dateline) == ("2021-03-03", "Quito (ANDES) Mar 3, 2021")


DATELINED = ("LIMA, March 3 (Wirepool) -- " + BODY, Role.BODY)


@pytest.mark.parametrize(
    ("lines", "published", "origin"),
    [
        ([("The lamp, March 3, 2021. (Wirepool/Ana)", Reason.CAPTION)], "2021-03-03", "year from caption in line 1"),
        ([("The lamp in March 2021.", Reason.CAPTION)], "--03-03", "no year"),
        ([("On March 3, 1971, the lamp went out.", Role.BODY)], "--03-03", "no year"),
        ([("Other news, March 3, 2019", Reason.TEASER)], "--03-03", "no year"),
        ([("2021-03-03 08:15", Reason.DATE)], "2021-03-03", "line 1"),
        (
            [("Old lamp, June 9, 2001", Reason.CAPTION), ("Lamp, March 5, 2021", Reason.CAPTION)],
            "2021-03-03",
            "year from caption in line 2",
        ),
    ],
)
def test_a_missing_year_comes_from_the_nearest_dated_line_outside_the_story(
    lines: list[tuple[str, Role | Reason]], published: str, origin: str
) -> None:
    found = resolved(*lines, DATELINED)
    assert found.published == published
    assert origin in dict(found.origins)["published"]


def test_a_hinted_date_is_normalised_and_wins() -> None:
    found = resolved(("2021-03-03", Reason.DATE), (BODY, Role.BODY), declared=Metadata(published="4 March 2021"))
    assert (found.published, dict(found.origins)["published"]) == ("2021-03-04", "hint")


def test_source_line_masthead_and_captions() -> None:
    found = resolved(
        (". The Island Post .", Reason.MASTHEAD),
        ("File photo of the lamp", Reason.CAPTION),
        (BODY, Role.BODY),
        ("Source: Wirepool News", Reason.SOURCE),
    )
    assert (found.publisher, found.source) == ("The Island Post", "Wirepool News")
    assert found.captions == ("File photo of the lamp",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        ("Der Rat der Insel tagte am Montag und beschloss, den alten Leuchtturm endlich zu reparieren.", "de"),
        ("Le conseil de l'île s'est réuni lundi et a décidé de réparer enfin le vieux phare du port.", "fr"),
        ("El consejo de la isla se reunió el lunes y decidió reparar por fin el viejo faro del puerto.", "es"),
        ("岛上的议会星期一开会，经过长时间的辩论，决定修复港口的老灯塔。", "zh"),
        ("Ahoy", None),
    ],
)
def test_the_language_of_the_story(text: str, language: str | None) -> None:
    assert resolved((text, Role.BODY)).language == language


def test_nothing_gives_nothing() -> None:
    assert resolved() == Metadata()
