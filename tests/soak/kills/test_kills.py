"""A small town for a short while: everything that `python -m tests.soak.kills` does at length.

Each round lasts as long as things happen in it, and what is hasty there waits less long, so that
nothing depends on how busy the machine is.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .chaos import Fault
from .databases import Kind
from .run import Plan, lives

_FAULTS: dict[Kind, tuple[Fault, ...]] = {
    "sqlite": ("disk_full", "line_bad", "clock_back", "dns_gone"),
    "postgresql": ("database_restarted", "database_half_open", "disk_full", "clock_back"),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_fails_all_that_was_acknowledged_is_there_once(kind: Kind) -> None:
    plan = Plan(
        kind, seed=7, people=20, threads=6, patience=2.0, rest=0.2, hasty=True, of_each=1,
        faults=_FAULTS[kind],
    )  # fmt: skip
    # Not pytest's own folder, which PostgreSQL, who isn't root, can't rely on to be let into.
    with TemporaryDirectory(prefix="kayoi-kills-") as folder:
        told = lives(plan, Path(folder), lambda _: None)
    assert told.findings.wrong == []
    assert told.killed.total() >= len(_FAULTS[kind]) - 1
    assert told.findings.ledger["Visit"]
    assert told.findings.answers["reply"]
