"""The commands without the three seconds that an interpreter needs to read the package, its tables and models.

A server that has read them forks a process for each run, which goes through the command line of Luigi or of
``python -m pipeline``: arguments, exit code and both streams are theirs. Requests and answers are lines of JSON.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from luigi.retcodes import run_with_retcodes

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}  # the package of this checkout, wherever one is installed


class Harness:
    """The client: ``run`` gives exit code and output of one run."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.harness"],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, *arguments: str, fault: dict[str, Any] | None = None) -> tuple[int, str]:
        """A run of ``luigi --module pipeline`` with a fault, if one is told; its exit code and what it said."""
        return self._ask({"luigi": arguments, "fault": fault})

    def command(self, *arguments: str) -> tuple[int, str]:
        """The same of ``python -m pipeline``."""
        return self._ask({"pipeline": arguments})

    def _ask(self, request: dict[str, Any]) -> tuple[int, str]:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(request).encode() + b"\n")
        self._server.stdin.flush()
        code, output = json.loads(self._server.stdout.readline())
        return code, output

    def close(self) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()


@cache
def harness() -> Harness:
    """The one that serves all tests of a process."""
    made = Harness()
    atexit.register(made.close)
    return made


def serve() -> None:
    """Answers requests until there are no more."""
    import pipeline.tasks  # noqa: F401 - read once, before anything forks
    from pipeline.engine import work
    from pipeline.store.seeds import Options

    work.warm(Options())
    for line in sys.stdin.buffer:
        request = json.loads(line)
        with tempfile.TemporaryFile() as output:
            child = os.fork()
            if not child:
                _become(request, output.fileno())
            _, status = os.waitpid(child, 0)
            output.seek(0)
            answer = [os.waitstatus_to_exitcode(status), output.read().decode("utf-8", "replace")]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _become(request: dict[str, Any], output: int) -> None:
    """This process is the run from now on."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code: object = 0
    # Luigi has a lock for each command line, and all servers have the same.
    try:
        code = _run(request)
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - what an interpreter does with what nobody caught
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    multiprocessing.util._exit_function()
    os._exit(code if isinstance(code, int) else 0)


def _run(request: dict[str, Any]) -> int:
    if "pipeline" in request:
        from pipeline.__main__ import main

        return main(request["pipeline"])
    if request["fault"]:
        from tests.engine.faults import inject

        inject.prepare(request["fault"])
    run_with_retcodes(["--no-lock", "--module", "pipeline", *request["luigi"]])
    return 0


if __name__ == "__main__":
    serve()
