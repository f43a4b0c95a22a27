"""`python -m tests.advisories`: whether anything is known against the packages that we install.

Where the advisories can't be reached it says so and lets pass: a check that fails without network
tells nothing of the code.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.settings import PROJECT

SECONDS_MAX = 60
#: Something is known against this one, wherever advisories are known at all.
KNOWN = "jinja2==2.10\n"
NOT_REACHED = "Advisories can't be reached from here: the packages were not held against them."

#: Asks about a file of pins; gives the exit code, 1 where something is known, and the words.
Ask = Callable[[Path], tuple[int, str]]


def pip_audit(file: Path, more: Sequence[str] = ()) -> tuple[int, str]:
    """What pip-audit says; it installs and resolves nothing."""
    words = ["--disable-pip", "--no-deps", "--progress-spinner", "off", "-r", str(file), *more]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *words],
            capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 2, ""
    return done.returncode, done.stdout + done.stderr


def held_against(file: Path, ask: Ask = pip_audit) -> tuple[int, str]:
    """0 where nothing is known or nobody can be asked, and a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "requirements.txt"
        known.write_text(KNOWN, encoding="utf-8")
        code, words = ask(known)
    if code != 1 or "jinja2" not in words:
        return 0, NOT_REACHED
    code, words = ask(file)
    return code, words if code else "Nothing is known against the packages that we install."


if __name__ == "__main__":
    code, said = held_against(PROJECT / "requirements.txt")
    sys.stderr.write(f"{said}\n")
    sys.exit(code)
