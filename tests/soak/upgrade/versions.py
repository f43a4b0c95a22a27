"""A version of the club's code, as it is installed: an earlier commit's, or this one's."""

import io
import json
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from bot.settings import PROJECT

HOST = {"Host": "club.example"}


@dataclass
class Version:
    """One version's code, with the settings that both have."""

    folder: Path
    settings: Mapping[str, str]

    def does(self, *words: str, **more: str) -> str:
        """Runs a command to its end; gives what it says."""
        return self._python("-m", "flask", "--app", "app", *words, **more)

    def fills(self, members: int) -> None:
        """Fills the database with a club of so many, as its bench does."""
        does = "import sys; from tests.bench.kept import fill; fill(sys.argv[1], int(sys.argv[2]))"
        self._python("-c", does, self.settings["DATABASE_URL"], str(members))

    def _python(self, *words: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**self.settings, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{' '.join(words)}:\n{done.stdout}")
        return done.stdout

    @contextmanager
    def runs(self, command: str, port: int, log: Path) -> Iterator[None]:
        """`serve` or `worker`, until the end of the block, where it is told to stop."""
        with log.open("ab") as out:
            running = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", command],
                cwd=self.folder,
                env={**self.settings, "PORT": str(port)},
                stdout=out,
                stderr=out,
            )
            try:
                if command == "serve":
                    _answers(port, running)
                yield
            finally:
                running.send_signal(signal.SIGTERM)
                running.wait(60)


def _answers(port: int, running: subprocess.Popen[bytes]) -> None:
    while running.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/healthz", headers=HOST, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    sys.exit("It doesn't serve.")


def ready(port: int) -> str:
    """What /readyz says."""
    answer = requests.get(f"http://127.0.0.1:{port}/readyz", headers=HOST, timeout=30)
    return f"{answer.status_code} {json.dumps(answer.json()['checks'], ensure_ascii=False)}"


def unpacked(commit: str, folder: Path) -> Path:
    """That commit's files."""
    git = ["git", "-C", str(PROJECT), "archive", commit]
    packed = subprocess.run(git, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def before_last_migration() -> str | None:
    """The last commit with an earlier schema; None where the clone doesn't reach back to it."""
    git = ["git", "-C", str(PROJECT)]
    made = [*git, "log", "-1", "--diff-filter=A", "--format=%H^", "--", "migrations/versions"]
    found = subprocess.run(made, capture_output=True, text=True, check=False).stdout.strip()
    known = [*git, "rev-parse", "--verify", "--quiet", f"{found}^{{commit}}"]
    is_there = found and subprocess.run(known, capture_output=True, check=False).returncode == 0
    return found if is_there else None
