from __future__ import annotations

import pytest

from pipeline.plain.marks import mark_of

CASES = {
    "date": [
        "2021-03-03 08:15",
        "Published: March 3, 2021 at 8:15 am",
        "Wednesday, 3 March 2021",
        "03-04-2021",
        "March 3, 2021 - 4 min read",
        "Updated 10:32 GMT, 3 March 2021",
        "3. März 2021, 08:15 Uhr",
        "Publié le 3 mars 2021 à 8h15",
        "Miércoles, 3 de marzo de 2021",
        "2021年3月3日 08:15",
        "发布时间：2021-03-03 08:15",
    ],
    "byline": [
        "By Anna Example",
        "by Field Reporters",
        "By Anna Example and Otto Muster, Wirepool",
        "Reporting by Anna Example; editing by Otto Muster",
        "Von Otto Muster",
        "Par Jeanne Modèle",
        "Por Juan Ejemplo",
        "记者：李明",
        "作者：王芳",
    ],
    "dateline": ["Quito (ANDES) Mar 3, 2021"],
    "caption": [
        "Photo taken on May 4, 2019 shows the weir from the old bridge.",
        "A heron waits below the weir. (Harbour News Agency/Ada Quill)",
        "Un héron attend sous le barrage. Photo Le Courrier / Ada Quill",
        "File photo of the bridge before the flood",
        "Photo: Otto Muster",
        "Legende: Der alte Turm im Hafen.",
        "A crane lifts the last stone onto the tower, March 3, 2021. (Wirepool/AFP)",
        "The mayor cuts the ribbon. (Photo by Anna Example)",
        "Foto: Otto Muster/dpa",
        "Boats in the harbour of the island, March 3, 2021. (Harbour Post/Otto Muster)",
        "Le phare de l'île, lundi. Photo Le Quai / Jeanne Modèle",
        "Photo taken on March 3, 2021 shows the lighthouse",
        "Image: the new stadium from above",
        "图为新落成的大桥。",
        "This undated handout photo shows the vase.",
    ],
    "source": ["Source: Wirepool News", "Quelle: Amt für Statistik", "Fuente: Ministerio", "来源：新华网"],
    "more": [
        "The council met on Monday to hear ... read more",
        "Weiterlesen",
        "Lire la suite",
        "Seguir leyendo",
        "阅读全文",
    ],
    "note": [
        "Editor's note: this story was first published in May.",
        "Sperrfrist: 3. März, 12 Uhr",
        "更正：前文有误。",
    ],
    "": [
        "The council met on Monday.",
        "By the river, two herons stood and waited for the tide to turn again.",
        "By Monday the water had gone.",
        "On March 3, 2021, the bridge fell into the river, and nobody was surprised.",
        "The source of the river lies in the hills.",
        "Photographs of the vase were shown to the court.",
        "She wanted to read more about it.",
        "Officials gave no reason for the delay. (Reuters)",
        "",
        "Three dates were named.",
        "The choice is yours (and/or theirs)",
    ],
}


@pytest.mark.parametrize(("mark", "text"), [(mark, text) for mark, texts in CASES.items() for text in texts])
def test_a_line_is_what_its_form_says(mark: str, text: str) -> None:
    assert mark_of(text) == mark
