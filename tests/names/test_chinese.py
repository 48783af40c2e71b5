"""Chinese names: lists, letters, flights, and what is no name."""

from __future__ import annotations

import pytest

from pipeline.names import Gazetteer, normalise

REWRITTEN = [
    ("神舟 12 号飞船", "神舟十二号飞船"),
    ("神舟-12号", "神舟十二号"),
    ("神舟１２号", "神舟十二号"),
    ("神舟12號", "神舟十二號"),
    ("神舟12、13号航天员", "神舟十二、十三号航天员"),
    ("神舟12号和13号", "神舟十二号和十三号"),
    ("长征2号F遥12火箭", "长征二号F遥十二火箭"),
    ("长征5号B火箭", "长征五号B火箭"),
    ("長征5號運載火箭", "長征五號運載火箭"),
    ("天舟3号与天和核心舱", "天舟三号与天和核心舱"),
]
UNTOUCHED = ["神舟十二号", "神舟12", "神舟99号", "神舟3号楼", "长征路5号", "神舟公司12号文件"]


@pytest.mark.parametrize(("text", "expected"), REWRITTEN)
def test_numbers_become_chinese(text: str, expected: str, gazetteer: Gazetteer) -> None:
    assert normalise(text, gazetteer).text == expected


@pytest.mark.parametrize("text", UNTOUCHED)
def test_all_else_stays(text: str, gazetteer: Gazetteer) -> None:
    assert normalise(text, gazetteer).text is text


def test_members_and_variants_keep_their_ids(gazetteer: Gazetteer) -> None:
    mentions = normalise("神舟十二、13号 长征五号B遥四", gazetteer).mentions
    assert [(m.surface, m.name_id) for m in mentions] == [
        ("神舟十二", "shenzhou:12"),
        ("13号", "shenzhou:13"),
        ("长征五号B遥四", "long_march:5b"),
    ]
