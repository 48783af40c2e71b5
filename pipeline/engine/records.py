"""What a run leaves behind about itself: the release it led to, its results, its configuration and its inputs.

The record says that nothing is to be done, what may be removed, and why a document would be redone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.store import files, rows
from pipeline.store.inputs import Input

RUNS = "runs"
_INPUTS = pa.schema([("path", pa.string()), ("sha256", pa.string()), ("sidecar_sha256", pa.string())])
Configuration = Mapping[str, Mapping[str, str]]  # stage -> what it reads beside its inputs -> digest or value


class Record(msgspec.Struct, frozen=True):
    """A run: its release, whether it saw every input whole, its stage results (``stage/key``), its configuration."""

    release: str
    settled: bool
    results: tuple[str, ...] = ()
    configuration: dict[str, dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """An input file as a run saw it; ``sidecar_sha256`` is empty where it had none."""

    path: str
    sha256: str
    sidecar_sha256: str


def read(state: Path, run: str) -> Record | None:
    """The record of a run; None where there is none, or none that can be read: the run is then made again."""
    try:
        return msgspec.json.decode(path(state, run).read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def write(state: Path, run: str, record: Record, inputs: Iterable[Input]) -> None:
    """Leaves the inputs and, last, the record."""
    table = ({"path": e.path, "sha256": e.sha256, "sidecar_sha256": e.sidecar_sha256} for e in inputs)
    rows.write(inputs_path(state, run), _INPUTS, table)
    files.write(path(state, run), msgspec.json.encode(record))


def source(state: Path, run: str, name: str) -> Source | None:
    """The input of a run under a path, if it had one."""
    found = rows.read_table(inputs_path(state, run))
    found = found.filter(pc.equal(found["path"], name)).to_pylist()
    return Source(**found[0]) if found else None


def sources(state: Path, run: str) -> dict[str, str]:
    """The inputs of a run: path to what decides them, content and sidecar."""
    return {row["path"]: f"{row['sha256']} {row['sidecar_sha256']}" for row in rows.read(inputs_path(state, run))}


def path(state: Path, run: str) -> Path:
    """Where the record of a run lies."""
    return state / RUNS / f"{run}.json"


def inputs_path(state: Path, run: str) -> Path:
    """Where its inputs are listed."""
    return state / RUNS / f"{run}.inputs.parquet"
