"""An installation of an earlier commit is served under load while this version migrates its
database and starts beside it; then the old one stops: python -m tests.soak.upgrade --from COMMIT

Posts what LINE posts and scans cards at the counter all the while, and sends again, under the same
number, what wasn't taken, as LINE and the counter's page do. Ends with what was seen, and with an
error where something that was taken is missing, or the club doesn't add up. Needs the commit in the
clone's history.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .load import Seen
from .versions import before_last_migration
from .walk import installed, walk


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.upgrade", description=__doc__)
    parser.add_argument("--from", dest="commit", help="else the one before the last migration")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--keep", type=Path, help="a folder for the logs")
    chosen = parser.parse_args()
    chosen.commit = chosen.commit or before_last_migration()
    if chosen.commit is None:
        print("There is no history here.")
        return
    seen = Seen()
    with TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(exist_ok=True)
        with installed(chosen, folder) as its:
            walk(its, seen, folder, chosen.seconds)
    for during, counts in seen.statuses.items():
        print(f"{during}: {dict(sorted(counts.items()))}, slowest {seen.slowest[during]:.2f} s")
    if seen.lost:
        sys.exit(f"Lost: {seen.lost[:20]}")
    print("Nothing was lost.")


if __name__ == "__main__":
    main()
