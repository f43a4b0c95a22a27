"""Kills a club's processes again and again, while people go on and networks, LINE, disks and clocks
fail: python -m tests.soak.kills [--kills 200] [--database sqlite|postgresql] [--seed 1]

Everything that was acknowledged is worked out anew afterwards. Ends with 1 where anything is wrong.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import click

from .run import Plan, Told, lives


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--threads", type=int, default=8)
    chosen = parser.parse_args()
    plan = Plan(
        chosen.database, chosen.seed, chosen.people, chosen.threads, patience=4.0, rest=0.4,
        rounds=chosen.kills,
    )  # fmt: skip
    folder = Path(mkdtemp(prefix="kayoi-kills-"))
    click.echo(f"{chosen.database}, seed {chosen.seed}, in {folder}")
    told = lives(plan, folder, click.echo)
    click.echo("\n".join(lines(told)))
    if told.findings.wrong:
        sys.exit(f"{len(told.findings.wrong)} things are wrong; what was logged is in {folder}")
    click.echo("Everything that was acknowledged is there, once.")


def lines(told: Told) -> Iterator[str]:
    """What came of it."""
    found = told.findings
    yield f"{told.killed.total()} kills in {told.seconds / 60:.0f} minutes: {_listed(told.killed)}"
    yield f"what failed meanwhile: {_listed(told.failed)}"
    yield f"{told.acts:,} acts, by {told.answers.total():,} requests: {_listed(told.answers)}"
    yield f"LINE was asked: {_listed(told.line)}"
    yield f"in the histories: {_listed(found.ledger)}"
    yield f"answers: {_listed(found.answers)}"
    yield f"told twice, as only LINE knew that they had been told: {found.told_twice}"
    yield f"messages: {_listed(found.pushes)}"
    yield f"errors in the logs: {_listed(told.logged)}"
    yield from (f"WRONG: {each}" for each in found.wrong[:50])


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common()) or "none"


if __name__ == "__main__":
    main()
