"""The pool loses no document: hangs, crashes, exits and memory end one document alone, after a second try."""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.engine.pool import Pool
from pipeline.engine.progress import Progress
from pipeline.model import Document, MediaType, Rejection
from pipeline.settings import Limits
from pipeline.steps import Kit
from pipeline.store import payloads
from pipeline.store.environment import EnvironmentFault
from pipeline.store.seeds import Options

LIMITS = Limits(seconds=2.0, memory_bytes=1_500_000_000)


def work(item: Document | Rejection, kit: Kit) -> dict[str, Any]:
    """What the source of a document asks for, in the process that is asked."""
    assert isinstance(item, Document)
    match item.source.split():
        case ["hang"]:
            time.sleep(3600)
        case ["hang", "in", "C"]:
            ctypes.CDLL(None).pause()
        case ["crash"]:
            faulthandler.disable()  # which tells of the crash what pytest would
            os.kill(os.getpid(), signal.SIGSEGV)
        case ["exit"]:
            os._exit(0)
        case ["eat"]:
            hoard = [bytearray(100_000_000) for _ in range(100)]
            return {"doc_id": str(len(hoard))}
        case ["who"]:
            return {"doc_id": item.doc_id, "payload": str(os.getpid()).encode()}
        case ["no", "handles"]:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "page")
        case ["once", path]:
            if not Path(path).exists():
                Path(path).touch()
                os.kill(os.getpid(), signal.SIGKILL)
    return {"doc_id": item.doc_id, "payload": item.source.encode()}


def documents(*sources: str) -> list[Document]:
    return [
        Document(f"{number}", f"{number}", MediaType.TEXT, "utf-8", "", source) for number, source in enumerate(sources)
    ]


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(work, Options(), lambda: 2, LIMITS, Progress())
    yield made
    made.close()


def codes(found: list[dict[str, Any]]) -> list[str | None]:
    decode = payloads.decoder(Rejection).decode
    return [decode(row["rejection"]).code.value if row.get("rejection") else None for row in found]


def test_results_come_in_the_order_of_the_items(pool: Pool) -> None:
    found = list(pool.map(documents(*(f"text {number}" for number in range(300)))))
    assert [row["doc_id"] for row in found] == [str(number) for number in range(300)]
    assert list(pool.map([])) == []
    assert len(list(pool.map(documents("again")))) == 1


def test_there_are_as_many_processes_as_there_may_be_at_the_time() -> None:
    most, seen = 1, set[bytes]()
    limit = time.monotonic() + 60  # no result depends on it but that the test ends

    def until_three() -> Iterator[Document]:
        while len(seen) < 3 and time.monotonic() < limit:
            yield from documents("who")

    pool = Pool(work, Options(), lambda: most, LIMITS, Progress())
    assert len({row["payload"] for row in pool.map(documents(*["who"] * 20))}) == 1
    most = 3
    for row in pool.map(until_three()):
        seen.add(row["payload"])
    assert len(seen) == 3
    most = 1
    assert len({row["payload"] for row in pool.map(documents(*["who"] * 20))}) == 1
    pool.close()


def test_documents_and_results_larger_than_any_pipe(pool: Pool) -> None:
    found = list(pool.map(documents(*(f"{number} " * 1_000_000 for number in range(12)))))
    assert [row["payload"][:2] for row in found] == [f"{number} ".encode()[:2] for number in range(12)]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("hang", "E_TIMEOUT"),
        ("hang in C", "E_TIMEOUT"),
        ("crash", "E_CRASH"),
        ("exit", "E_WORKER_EXIT"),
    ],
)
def test_a_poison_document_is_rejected_and_its_neighbours_are_untouched(pool: Pool, source: str, code: str) -> None:
    found = list(pool.map(documents("a", "b", source, "c", "d", "e")))
    assert codes(found) == [None, None, code, None, None, None]
    assert [row["doc_id"] for row in found] == ["0", "1", "2", "3", "4", "5"]


def test_what_the_machine_lacks_is_no_documents_fault(pool: Pool) -> None:
    with pytest.raises(EnvironmentFault, match="ulimit -n"):
        list(pool.map(documents("a", "no handles", "b")))


def test_memory_ends_where_its_limit_is() -> None:
    """The allocation fails in the process; the work's own guard would make it a rejection, here it ends the process.

    The deadline is far, so that a busy machine does not end the document first.
    """
    patient = Pool(work, Options(), lambda: 2, Limits(seconds=120.0, memory_bytes=LIMITS.memory_bytes), Progress())
    found = list(patient.map(documents("a", "eat", "b")))
    patient.close()
    assert codes(found) == [None, "E_WORKER_EXIT", None]


def test_what_the_first_process_holds_is_not_the_documents() -> None:
    held = bytearray(LIMITS.memory_bytes)  # a forked process takes it over
    pool = Pool(work, Options(), lambda: 1, Limits(seconds=120.0, memory_bytes=LIMITS.memory_bytes), Progress())
    found = list(pool.map(documents("a", "b " * 1_000_000, "c")))
    pool.close()
    assert codes(found) == [None, None, None]
    assert len(held) == LIMITS.memory_bytes


def test_a_process_lost_by_chance_costs_nothing(pool: Pool, tmp_path: Path) -> None:
    found = list(pool.map(documents("a", f"once {tmp_path / 'seen'}", "b")))
    assert codes(found) == [None, None, None]
    assert [row["doc_id"] for row in found] == ["0", "1", "2"]


def test_a_consumer_that_stops_early_leaves_no_answer_for_the_next(pool: Pool) -> None:
    first = pool.map(documents(*"abcdefgh"))
    assert next(first)["payload"] == b"a"
    first.close()  # type: ignore[attr-defined]
    assert [row["payload"] for row in pool.map(documents("x", "y"))] == [b"x", b"y"]
