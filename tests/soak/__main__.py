"""Two years of a large club by the rules alone, watched all the way, and then a year of a small one
by its doors, of which every win must be told: python -m tests.soak

Says what was sent and what was not; stops with the first promise that is broken, and names each win
that nobody told.
"""

import argparse
import logging
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from tqdm import tqdm

from bot.store.engine.migrate import upgrade

from . import doors
from .club import Club, founded, run
from .programmes import busy

FIRST, YEAR = date(2026, 2, 20), 365


def main() -> None:
    """Lives through it, with a bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=2 * YEAR + 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timezone", default="Europe/Berlin")
    parser.add_argument("--ask-all", type=int, default=60, help="look so often for the forgotten")
    parser.add_argument("--by-doors", type=int, default=20, help="members of the small club")
    parser.add_argument("--by-doors-days", type=int, default=YEAR + 35)
    chosen = parser.parse_args()
    by_rules(chosen)
    by_doors(members=chosen.by_doors, days=chosen.by_doors_days, seed=chosen.seed)


def by_rules(chosen: argparse.Namespace) -> None:
    """The large club."""
    programme = busy(
        timezone=chosen.timezone, quiet_weekdays=("sat", "sun"), quota_reserve=chosen.members // 10
    )
    by_hand, plan = chosen.members // 5, chosen.members * 3 // 2
    club = founded(programme, seed=chosen.seed, plan=plan, by_hand=by_hand)
    began = time.monotonic()
    days = run(club, members=chosen.members, first=FIRST, days=chosen.days, ask_all=chosen.ask_all)
    with tqdm(days, total=chosen.days, unit="day", smoothing=0.05, mininterval=1) as bar:
        for day in bar:
            sent = sum(club.watch.by_kind.values())
            bar.set_postfix(day=day.isoformat(), sent=sent, refresh=False)
    tell(club, seconds=time.monotonic() - began)


def tell(club: Club, *, seconds: float) -> None:
    """What came of it."""
    erased = sum(person.erased for person in club.people)
    most = Counter(len(sent) for sent in club.watch.sent.values())
    print(f"{len(club.people):,} members, {erased:,} of them erased, in {seconds:,.0f} s")
    print(f"sent: {dict(club.watch.by_kind.most_common())}")
    print(f"not sent: {dict(club.skipped.most_common())}, held back: {club.held_back:,}")
    print(f"promised gifts given: {club.promises_kept:,}; the most to one: {max(most, default=0)}")
    unwarned = club.watch.unwarned
    print(f"points that ran out: of {club.expired:,}, {unwarned:,} of whom nothing reached")
    print(f"the most in a month: {max(club.watch.by_month.values(), default=0):,}")
    print("No cap, quiet hour, quota or topic violated, and nobody forgotten.")


def by_doors(*, members: int, days: int, seed: int) -> None:
    """The small club, on SQLite, with everything that runs in a real one."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'club.sqlite3'}"
        upgrade(url)
        with doors.founded(url, folder, seed=seed) as street:
            lived = doors.lives(street, members=members, days=days)
            for _ in tqdm(lived, total=days, unit="day", mininterval=1):
                """One day after the other."""
    telling = street.telling
    print(f"doors gone through: {', '.join(sorted(street.ways))}")
    print(f"wins told: {dict(telling.told)}, not told for a reason: {dict(telling.excused)}")
    if telling.untold:
        sys.exit("\n".join(["Wins that nobody told:", *telling.untold]))
    print("Every win was told.")


if __name__ == "__main__":
    main()
