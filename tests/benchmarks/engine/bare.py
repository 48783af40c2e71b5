"""The bare pool that the engine is compared with: ``python -m tests.benchmarks.engine.bare FOLDER PROCESSES``."""

from __future__ import annotations

import sys
from multiprocessing import Pool
from pathlib import Path

import pipeline
from pipeline.model import DocumentError


def clean(path: Path) -> int:
    """The length of a page's story; nothing is kept."""
    try:
        return len(pipeline.clean(path.read_bytes(), name=path.name).text)
    except DocumentError:
        return 0


if __name__ == "__main__":
    folder, processes = Path(sys.argv[1]), int(sys.argv[2])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with Pool(processes) as pool:
        print(sum(pool.imap_unordered(clean, files, chunksize=8)))
