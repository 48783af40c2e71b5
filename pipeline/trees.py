"""Gradient-boosted trees: a safe file format and a vectorised evaluator, with numpy alone.

Training needs LightGBM; cleaning does not, so that no system library stands between a user and a clean text.
A model file is a zip of arrays (numpy's ``.npz`` read with ``allow_pickle=False``) and holds no code.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """A sum of binary decision trees over float32 features, as flat arrays over all nodes of all trees.

    Node ``i`` is inner when ``feature[i] >= 0``: go to ``left[i]`` if ``x[feature[i]] <= threshold[i]``, else to
    ``left[i] + 1``. A leaf has ``feature[i] == -1``, points to itself, and contributes ``value[i]``. ``roots`` has
    one index per tree; ``depth`` is the longest path from a root to a leaf.
    """

    names: tuple[str, ...]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    depth: int
    base: float
    extra: dict[str, list[float]]

    def leaves(self, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        """The leaf that each row reaches in each tree, shape (rows, trees)."""
        count, width = rows.shape
        # A leaf reads any feature, compares it with infinity and so stays where it is: no case distinction inside the
        # loop. Indices of the machine's own width spare numpy a copy in each step.
        feature = np.maximum(self.feature, 0).astype(np.intp)
        threshold = np.where(self.feature >= 0, self.threshold, np.float32(np.inf))
        left = self.left.astype(np.intp)
        flat = np.ascontiguousarray(rows, dtype=np.float32).ravel()
        base = (np.arange(count, dtype=np.intp) * width)[:, None]
        node = np.broadcast_to(self.roots.astype(np.intp), (count, len(self.roots))).copy()
        place = np.empty_like(node)
        value, limit = np.empty(node.shape, dtype=np.float32), np.empty(node.shape, dtype=np.float32)
        for _ in range(self.depth):
            np.take(feature, node, out=place, mode="clip")
            place += base
            np.take(flat, place, out=value, mode="clip")
            np.take(threshold, node, out=limit, mode="clip")
            np.take(left, node, out=place, mode="clip")
            np.add(place, value > limit, out=node)
        return node

    def margin(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The summed leaf values of each row, shape (rows,); log-odds for a classifier."""
        if rows.shape[0] == 0:
            return np.zeros(0)
        if rows.shape[1] != len(self.names):
            raise ValueError(f"the model reads {len(self.names)} features, not {rows.shape[1]}")
        total: NDArray[np.float64] = self.value[self.leaves(rows)].sum(axis=1, dtype=np.float64) + self.base
        return total

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The logistic of ``margin``, shape (rows,), 0 to 1."""
        return (1.0 / (1.0 + np.exp(-self.margin(rows)))).astype(np.float32)


def dump(forests: dict[str, Forest]) -> bytes:
    """Named forests as the bytes of a model file; the same forests give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        head = {
            name: {"names": f.names, "depth": f.depth, "base": f.base, "extra": f.extra} for name, f in forests.items()
        }
        put("head.json", json.dumps({"version": FORMAT_VERSION, "forests": head}, sort_keys=True).encode())
        for name, forest in forests.items():
            for field in ("feature", "threshold", "left", "value", "roots"):
                array = io.BytesIO()
                np.save(array, getattr(forest, field), allow_pickle=False)
                put(f"{name}/{field}.npy", array.getvalue())
    return out.getvalue()


def load(data: bytes) -> dict[str, Forest]:
    """The forests of a model file by name.

    Raises ``ValueError`` when the bytes are no model file or of a format this version does not read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            head = json.loads(archive.read("head.json"))
            if head.get("version") != FORMAT_VERSION:
                raise ValueError(f"model format {head.get('version')!r}; this version reads {FORMAT_VERSION}")
            result = {}
            for name, facts in head["forests"].items():
                arrays = {
                    field: np.load(io.BytesIO(archive.read(f"{name}/{field}.npy")), allow_pickle=False)
                    for field in ("feature", "threshold", "left", "value", "roots")
                }
                result[name] = Forest(
                    names=tuple(facts["names"]),
                    depth=facts["depth"],
                    base=facts["base"],
                    extra=facts["extra"],
                    **arrays,
                )
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise ValueError(f"not a model file: {error}") from error
    return result
