"""Numbers come back from where they were put, in memory as on the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.store.scratch import Scratch


@pytest.mark.parametrize("on_disk", [True, False])
def test_numbers_come_back_from_where_they_were_put(tmp_path: Path, on_disk: bool) -> None:
    kept: Scratch[np.uint64] = Scratch(tmp_path if on_disk else None, np.uint64, 12)
    kept.put(6, np.arange(6, 12, dtype=np.uint64))
    kept.put(0, np.arange(6, dtype=np.uint64))
    assert kept.get(4, 4).tolist() == [4, 5, 6, 7]
    assert kept.get(4, 0).tolist() == []
    for wanted in ([1, 2], [0, 3], [2], []):
        found = kept.rows(np.array(wanted, dtype=np.int64), 3)
        assert found.tolist() == [[3 * row, 3 * row + 1, 3 * row + 2] for row in wanted]
        assert found.shape == (len(wanted), 3)
    assert not list(tmp_path.iterdir())


def test_numbers_that_were_never_written_are_no_zeros(tmp_path: Path) -> None:
    kept: Scratch[np.uint64] = Scratch(tmp_path, np.uint64, 12)
    with pytest.raises(EOFError, match="from 3 on"):
        kept.get(3, 2)
