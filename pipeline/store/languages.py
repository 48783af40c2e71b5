"""The language model as it is once it is unpacked, kept beside the results: reading it takes an eighth of the time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from py3langid.langid import LanguageIdentifier

from pipeline.metadata import language
from pipeline.store import rows

_FILE = "language.parquet"
_SCHEMA = pa.schema([("part", pa.string()), ("content", pa.large_binary())])
_OF = "py3langid"  # a fact of the file: the version of what it was unpacked from
_STATES, _ROWS, _FEATURES = "I", "H", "i"  # types of numbers in the arrays of the automaton
_PIECE = 1 << 18  # bytes
_damaged: set[Path] = set()


def load(folder: Path | None = None) -> None:
    """Reads the model, unless there is one: as it was kept in ``folder``, else as the library brings it."""
    if language.is_read():
        return
    found = _read(folder / _FILE) if folder is not None else None
    if found is None:
        language.model()
    else:
        language.use(found)


def keep(folder: Path) -> None:
    """Leaves the model in a folder for the next run, where it is not there, is damaged or is another version's."""
    path = folder / _FILE
    if path in _damaged or not _is_current(path):
        _write(path, language.model())
        _damaged.discard(path)


@cache
def _version() -> str:
    return version(_OF)


def _is_current(path: Path) -> bool:
    try:
        return rows.is_whole(path) and rows.facts(path).get(_OF) == _version()
    except (OSError, pa.ArrowException):  # damaged where it tells what it is
        return False


def _read(path: Path) -> LanguageIdentifier | None:
    """The model of a file, None where there is none of this version, or it is damaged."""
    features, weights, classes = bytearray(), bytearray(), bytearray()
    states, output, places = array(_STATES), array(_FEATURES), array(_ROWS)
    into: dict[str, Callable[[Any], None]] = {
        "ptc": features.extend,
        "pc": weights.extend,
        "classes": classes.extend,
        "nextmove": states.frombytes,
        "output": output.frombytes,
        "row": places.frombytes,
    }
    if not _is_current(path):
        return None
    try:
        with rows.opened(path) as source:
            for number in range(source.metadata.num_row_groups):
                table = source.read_row_group(number, use_threads=False)
                for part, content in zip(table["part"].to_pylist(), table["content"], strict=True):
                    into[part](content.as_buffer())
    except (OSError, pa.ArrowException):
        _damaged.add(path)
        return None
    names = classes.decode().split("\n")
    return LanguageIdentifier(
        np.frombuffer(features, dtype=np.float16).reshape(-1, len(names)),
        np.frombuffer(weights, dtype=np.float32),
        names,
        states,  # whose items are Python's own numbers, which the automaton takes one at a time
        output.tolist(),
        tk_row=places,
    )


def _write(path: Path, model: LanguageIdentifier) -> None:
    rows.write_groups(path, _SCHEMA, _groups(model), {_OF: _version()})


def _groups(model: LanguageIdentifier) -> Iterator[pa.Table]:
    """The parts of a model cut into pieces, so that writing and reading hold one of them beside the model."""
    parts: dict[str, Any] = {
        "ptc": np.ascontiguousarray(model.nb_ptc, dtype=np.float16),
        "pc": np.ascontiguousarray(model.nb_pc, dtype=np.float32),
        "classes": "\n".join(model.nb_classes).encode(),
        "nextmove": _numbers(_STATES, model.tk_nextmove),
        "output": _numbers(_FEATURES, model.tk_output),
        "row": _numbers(_ROWS, model.tk_row),
    }
    for name, content in parts.items():
        data = memoryview(content).cast("B")
        for begin in range(0, len(data), _PIECE):
            yield pa.table([[name], [bytes(data[begin : begin + _PIECE])]], schema=_SCHEMA)


def _numbers(kind: str, found: Sequence[int]) -> array[int]:
    return found if isinstance(found, array) and found.typecode == kind else array(kind, found)
