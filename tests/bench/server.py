"""A server to load, set as `flask serve` sets it.

python -m tests.bench.server PORT raw|served|answering
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TextIO

from flask import Flask

from bot.settings import PROJECT
from handlers.commands.server import listen, run_until_stopped
from handlers.commands.serving import set_up_python, warm_up

from . import wsgi

START_SECONDS_MAX = 120
#: How many characters of a failed server's log are worth seeing.
_LOG_SHOWN = 2000


def serve(port: int, what: str) -> None:
    """Serves one of tests.bench.wsgi until it is told to stop."""
    set_up_python()
    app = getattr(wsgi, what)()
    if isinstance(app, Flask):
        warm_up(app.extensions["kayoi"].club)
    run_until_stopped(listen(app, "127.0.0.1", port))


@contextmanager
def serving(what: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Runs a server in processes of its own; gives its port. RuntimeError when it doesn't start."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.server", str(port), what]
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=PROJECT, stdout=log, stderr=log
        )
        try:
            _wait_until_open(port, process)
            yield port
        except BaseException:
            print(_end_of(log), file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait()


def _end_of(log: TextIO) -> str:
    log.seek(0)
    return log.read()[-_LOG_SHOWN:]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as any_free:
        port: int = any_free.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server of {process.args!r} did not start")


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
