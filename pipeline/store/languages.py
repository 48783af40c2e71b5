"""The language model as it is once it is unpacked, kept beside the results: reading it takes an eighth of the time."""

from __future__ import annotations

from array import array
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
from py3langid.langid import LanguageIdentifier

from pipeline.metadata import language
from pipeline.store import rows

_FILE = "language.parquet"
_SCHEMA = pa.schema([("part", pa.string()), ("content", pa.large_binary())])
_OF = "py3langid"  # a fact of the file: the version of what it was unpacked from
_STATES, _ROWS, _FEATURES = "I", "H", "i"  # types of numbers in the arrays of the automaton
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
    return rows.is_whole(path) and rows.facts(path).get(_OF) == _version()


def _read(path: Path) -> LanguageIdentifier | None:
    """The model of a file, None where there is none of this version, or it is damaged."""
    try:
        if not _is_current(path):
            return None
        table = rows.read_table(path)
        parts = dict(zip(table["part"].to_pylist(), (cell.as_buffer() for cell in table["content"]), strict=True))
    except (OSError, pa.ArrowException):
        _damaged.add(path)
        return None
    classes = parts["classes"].to_pybytes().decode().split("\n")
    return LanguageIdentifier(
        np.frombuffer(parts["ptc"], dtype=np.float16).reshape(-1, len(classes)),
        np.frombuffer(parts["pc"], dtype=np.float32),
        classes,
        _numbers(_STATES, parts["nextmove"]),
        _numbers(_FEATURES, parts["output"]).tolist(),
        tk_row=_numbers(_ROWS, parts["row"]),
    )


def _numbers(kind: str, content: pa.Buffer) -> array[int]:
    # Their items are Python's own numbers, which the automaton takes one at a time: three times as fast as numpy's.
    found = array(kind)
    found.frombytes(content)
    return found


def _write(path: Path, model: LanguageIdentifier) -> None:
    parts = {
        "ptc": np.asarray(model.nb_ptc, dtype=np.float16).tobytes(),
        "pc": np.asarray(model.nb_pc, dtype=np.float32).tobytes(),
        "classes": "\n".join(model.nb_classes).encode(),
        "nextmove": array(_STATES, model.tk_nextmove).tobytes(),
        "output": array(_FEATURES, model.tk_output).tobytes(),
        "row": array(_ROWS, model.tk_row).tobytes(),
    }
    items = [{"part": name, "content": content} for name, content in parts.items()]
    rows.write(path, _SCHEMA, items, {_OF: _version()})
