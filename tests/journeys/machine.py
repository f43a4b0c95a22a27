"""A fresh machine: the project alone in a folder, and the real process started there."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from bot.settings import PROJECT
from tests.ports import held_port
from tests.waiting import until

_LINK = re.compile(r"/owner/setup/open/\S+")


@dataclass
class Machine:
    """A fresh machine on which somebody starts Kayoi."""

    folder: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None

    def runs(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def starts(self) -> str:
        """Serves; gives the link to the first steps that it prints."""
        log = self.folder / "printed"
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", "serve"],
                cwd=self.folder, env=self.environment, stdout=out, stderr=subprocess.STDOUT,
                text=True,
            )  # fmt: skip
        until(self._answers, "a start")
        found = _LINK.search(log.read_text())
        return found[0] if found else ""

    def _answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/healthz"
            return urllib3.request("GET", address, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def stops(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    @property
    def chosen(self) -> str:
        file = self.folder / "instance" / "club.json"
        return str(json.loads(file.read_text())["club"]) if file.exists() else ""


@contextmanager
def fresh_machine(folder: Path) -> Iterator[Machine]:
    """A machine on which nothing runs yet, in a new folder."""
    folder.mkdir()
    for name in ("bot", "handlers", "images", "rules", "migrations"):
        # Nothing is copied that can be the same file.
        shutil.copytree(PROJECT / name, folder / name, copy_function=os.link)
    for name in ("app.py", "program.toml"):
        shutil.copy(PROJECT / name, folder / name)
    with held_port() as port:
        own = {"SECRET_KEY": "first-steps-need-a-secret-key-of-length", "PORT": str(port)}
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        machine = Machine(folder, port, kept | own)
        yield machine
        machine.stops(signal.SIGKILL)
