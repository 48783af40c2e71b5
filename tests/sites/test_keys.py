"""Block keys: what is the same block on two pages."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.sites import block_keys


def keys(*texts: str, path: str = "") -> NDArray[np.uint64]:
    return block_keys(texts, [path] * len(texts))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Read more »", "READ MORE"),
        ("• Sport", "Sport:"),
        ("Sign  up!", "sign up"),
        ("Ｎｅｗｓ", "news"),
        ("STRASSE ► ★", "Straße"),
        ("Caf\u00e9 ►", "cafe\u0301"),
        (f"{'► ' * 200}Caf\u00e9", "cafe\u0301"),
        ("½ price, 2 µm", "1/2 price: 2 μm"),
    ],
)
def test_same_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("html/body/ul.menu/li", "html/body/ul.menu/li.current"),
        ("html/body/div#post-17/p", "html/body/div#post-18/p"),
        ("html/body/p[3]", "html/body/p[4]"),
        ("html/body/div/p", "html/body/div/div/section/p"),
        ("html/body/main/p", f"html/body/main/{'div.wrapper/' * 200}p"),
    ],
)
def test_ids_classes_ordinals_and_boxes_are_no_place(one: str, other: str) -> None:
    assert keys("World", path=one) == keys("World", path=other)


def test_a_headline_is_not_its_copy_in_a_sidebar() -> None:
    assert keys("Storm hits coast", path="body/main/h1") != keys("Storm hits coast", path="body/aside/ul/li/a")


@pytest.mark.parametrize("text", ["", " ", "***", "—", "· | ·"])
def test_key_zero_is_for_blocks_without_letters(text: str) -> None:
    assert keys(text, path="body/hr") == 0


def test_keys_are_the_same_on_every_machine() -> None:
    assert keys("Home").tolist() == [7018754577955333249]
