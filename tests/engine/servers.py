"""Real servers on loopback ports: Luigi's daemon, and a mail server that keeps what it is sent."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

LUIGID = Path(sys.executable).with_name("luigid")
_PATIENCE = 60.0  # seconds until a daemon must answer


@dataclass(frozen=True)
class Daemon:
    """A luigid, and the configuration that leads the luigi command to it."""

    port: int
    config: Path

    def get(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=_PATIENCE) as answer:
            text: str = answer.read().decode()
            return text

    def tasks(self) -> dict[str, list[dict[str, Any]]]:
        """What the daemon's page shows of every task, by family."""
        asked = "api/task_list?data=%7B%22status%22%3A%22%22%2C%22upstream_status%22%3A%22%22%7D"
        found: dict[str, list[dict[str, Any]]] = {}
        for task in json.loads(self.get(asked))["response"].values():
            found.setdefault(task["name"], []).append(task)
        return found


@contextmanager
def luigid(folder: Path, collector: str) -> Iterator[Daemon]:
    """A luigid that works in a folder, with a metrics collector of Luigi's."""
    config = folder / "daemon.cfg"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config.write_text(
        f"[core]\nlocal_scheduler = false\nscheduler_host = 127.0.0.1\nscheduler_port = {port}\n"
        f"[scheduler]\nstable_done_cooldown_secs = 0\nmetrics_collector = {collector}\n"
    )
    command = [LUIGID, "--address", "127.0.0.1", "--port", str(port)]
    with (folder / "daemon.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "LUIGI_CONFIG_PATH": str(config)}, stdout=log, stderr=log
        )
        try:
            daemon = Daemon(port, config)
            _wait_for(daemon, process, folder / "daemon.log")
            yield daemon
        finally:
            process.terminate()
            process.wait()


def _wait_for(daemon: Daemon, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            daemon.get("api/task_list")
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


@dataclass
class Mailbox:
    """The letters that reached a mail server."""

    port: int = 0
    letters: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that speaks as much SMTP as a client needs to hand in a letter (RFC 5321)."""
    box = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 ready")
            while command := self.rfile.readline().decode().strip().upper():
                if command == "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    box.letters.append("\n".join(lines))
                    self.say("250 kept")
                elif command == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 well")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield box
        server.shutdown()
