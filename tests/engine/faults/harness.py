"""The luigi command without the second and a half that an interpreter needs to read the package.

A server that has read it forks a process for each run, which goes through Luigi's own command line: arguments, exit
code and both streams are those of ``luigi --module pipeline CleanAll``. Requests and answers are lines of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import traceback
from multiprocessing import forkserver
from typing import Any

from luigi.retcodes import run_with_retcodes

from tests.engine.faults import inject
from tests.runs import ENVIRONMENT, ROOT


class Harness:
    """The client: ``run`` gives exit code and output of one run."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.faults.harness"],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, arguments: list[str], fault: dict[str, Any] | None) -> tuple[int, str]:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps({"arguments": arguments, "fault": fault}).encode() + b"\n")
        self._server.stdin.flush()
        code, output = json.loads(self._server.stdout.readline())
        return code, output

    def close(self) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()


def serve() -> None:
    """Answers requests until there are no more."""
    import pipeline.tasks  # noqa: F401 - read once, before anything forks
    from tests.engine.faults import preload  # noqa: F401

    multiprocessing.get_context("forkserver").set_forkserver_preload(["tests.engine.faults.preload"])
    forkserver.ensure_running()
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
    # The server for pools is the harness's: there, not its child, it can be waited for.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    code: object = 0
    # Luigi has a lock for each command line, and all servers have the same.
    try:
        if request["fault"]:
            inject.prepare(request["fault"])
        run_with_retcodes(["--no-lock", "--module", "pipeline", "CleanAll", *request["arguments"]])
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - what an interpreter does with what nobody caught
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    multiprocessing.util._exit_function()
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    serve()
