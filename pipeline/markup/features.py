"""One row of numbers per block: what it says, where it stands, what stands around it. Vectorised over the page."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.markup import wording
from pipeline.markup.places import (
    GROUP_NAMES,
    LEVEL_NAMES,
    MASK_FEATURES,
    PLACE_NAMES,
    SPANS,
    Places,
    mask_features,
    place_features,
)
from pipeline.markup.tags import HEADINGS, MASK_NAMES, TAG_BIT
from pipeline.markup.walk import Layout

NEIGHBOUR_NAMES = ("words", "link_density", "ends_sentence", "function_share", "p", "heading")
OFFSETS = (-3, -2, -1, 1, 2, 3)
PAGE_SHARES = ("comment", "forum", "product", "listing", "review", "consent")
PAGE_NAMES = (
    "page_blocks", "page_chars", "page_link_density", "page_long_chars", "page_p_share", "page_li_share",
    "page_article_type", "page_og_article", "page_main_share", "page_typed_product", "page_typed_forum",
    *(f"page_in_{name}" for name in PAGE_SHARES),
)  # fmt: skip
FEATURES = (
    *wording.NAMES,
    *PLACE_NAMES,
    *LEVEL_NAMES,
    *GROUP_NAMES,
    *MASK_FEATURES,
    *(f"at{offset:+d}_{name}" for offset in OFFSETS for name in NEIGHBOUR_NAMES),
    *PAGE_NAMES,
)
COLUMNS = (*FEATURES, *SPANS)
_INDEX = {name: index for index, name in enumerate(wording.NAMES)}
_LONG = 100


def extract(layout: Layout, title: str, texts: Mapping[str, str]) -> NDArray[np.float32]:
    """The feature matrix of a page, shape (blocks, len(COLUMNS)): the ``FEATURES`` of the model, then the ``SPANS``.

    ``title`` is the declared title, ``texts`` the longer texts that the head declares (see ``head.read_head``).
    """
    count = len(layout.texts)
    if not count:
        return np.zeros((0, len(COLUMNS)), np.float32)
    words = wording.describe(layout, title, texts)
    size = words[:, _INDEX["chars"]]
    places = Places(layout, size, words[:, _INDEX["link_density"]] * size)
    tags = [layout.containers.tag[home] for home in layout.home.tolist()]
    leaf_tags = np.fromiter((TAG_BIT.get(tag, 0) for tag in tags), np.int64, count)
    is_heading = np.fromiter((tag in HEADINGS for tag in tags), np.bool_, count)
    is_paragraph = (leaf_tags == TAG_BIT["p"]).astype(np.float32)
    masks = mask_features(layout, places, leaf_tags)
    beside = np.column_stack(
        [words[:, [_INDEX[name] for name in NEIGHBOUR_NAMES[:4]]], is_paragraph, is_heading.astype(np.float32)]
    )
    page = _page_features(size, places, is_paragraph, leaf_tags, masks, texts)
    return np.hstack(
        [
            words,
            place_features(layout, places, is_heading, leaf_tags == TAG_BIT["h1"]),
            places.level_features(is_paragraph),
            places.group_features(words[:, _INDEX["words"]]),
            *masks,
            _neighbours(beside),
            np.broadcast_to(page, (count, len(page))),
            places.spans(),
        ],
        dtype=np.float32,
    )


def _neighbours(values: NDArray[np.float32]) -> NDArray[np.float32]:
    count, width = values.shape
    reach = max(OFFSETS)
    padded = np.full((count + 2 * reach, width), -1.0, np.float32)
    padded[reach : reach + count] = values
    return np.hstack([padded[reach + offset : reach + offset + count] for offset in OFFSETS])


def _page_features(
    size: NDArray[np.float32],
    places: Places,
    is_paragraph: NDArray[np.float32],
    leaf_tags: NDArray[np.int64],
    masks: list[NDArray[np.bool_]],
    texts: Mapping[str, str],
) -> NDArray[np.float32]:
    total = max(float(size.sum()), 1.0)
    plain = (size > _LONG) & (places.linked < 0.3 * size)
    declared = texts.get("type", "")
    above_tags, families = masks[0], masks[4]
    main = above_tags[:, [index for index, bit in enumerate(TAG_BIT.values()) if bit == TAG_BIT["main"]]].ravel()
    return np.array(
        [
            len(size),
            total,
            float(places.linked.sum()) / total,
            float(size[plain].sum()),
            float((size * is_paragraph).sum()) / total,
            float((leaf_tags == TAG_BIT["li"]).mean()),
            declared.endswith("Article") or declared.endswith("BlogPosting"),
            texts.get("og_type", "").lower() == "article",
            float((size * main).sum()) / total,
            declared == "Product" or texts.get("og_type", "").lower().endswith("product"),
            declared in ("DiscussionForumPosting", "QAPage"),
            *(float((size * families[:, MASK_NAMES.index(name)]).sum()) / total for name in PAGE_SHARES),
        ],
        np.float32,
    )
