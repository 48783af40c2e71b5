"""What a run leaves behind about itself: the release it led to, its results, its configuration and its inputs.

The record says that nothing is to be done, what may be removed, and why a document would be redone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.store import files, inputs
from pipeline.store.inputs import Input, Scan

RUNS = "runs"
Configuration = Mapping[str, Mapping[str, str]]  # stage -> what it reads beside its inputs -> digest or value


class Record(msgspec.Struct, frozen=True):
    """A run: its release, whether it saw every input whole, its stage results (``stage/key``), its configuration.

    ``maker`` tells the processes of the very run that made the release: they need not look at every file of it again.
    """

    release: str
    settled: bool
    results: tuple[str, ...] = ()
    configuration: dict[str, dict[str, str]] = {}
    maker: str = ""


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


def write(state: Path, run: str, record: Record, scan: Scan) -> None:
    """Leaves the inputs and, last, the record."""
    files.write(inputs_path(state, run), scan.packed())
    files.write(path(state, run), msgspec.json.encode(record))


def source(state: Path, run: str, name: str) -> Source | None:
    """The input of a run under a path, if it had one."""
    found = (entry for entry in _inputs(state, run) if entry.path == name)
    return next((Source(entry.path, entry.sha256, entry.sidecar_sha256) for entry in found), None)


def sources(state: Path, run: str) -> dict[str, str]:
    """The inputs of a run: path to what decides them, content and sidecar."""
    return {entry.path: f"{entry.sha256} {entry.sidecar_sha256}" for entry in _inputs(state, run)}


def _inputs(state: Path, run: str) -> Iterable[Input]:
    return inputs.unpack(inputs_path(state, run).read_bytes()).inputs()


def path(state: Path, run: str) -> Path:
    """Where the record of a run lies."""
    return state / RUNS / f"{run}.json"


def inputs_path(state: Path, run: str) -> Path:
    """Where its inputs are listed."""
    return state / RUNS / f"{run}.inputs.msgpack"
