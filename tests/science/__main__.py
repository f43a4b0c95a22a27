"""Try the models on public data and on clubs that nobody knows, and the tests of messages in
simulated ones: prints the figures, and writes them into docs/science.md.

python -m tests.science [--runs N] [--quick] [--teach]
"""

import argparse
import subprocess
import sys
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from rules.science import learned
from rules.science.model import HORIZONS
from rules.science.visits import VISIT_HORIZONS

from . import drifting, trials
from .data import CLUBS, MADE
from .floors import Floor, floors_of_models, floors_of_trials
from .learning import ship
from .scoring import Tried, prior_for, tried, visit_prior_for

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "docs" / "science.md"
BEGIN, END = "<!-- figures: make science writes them -->", "<!-- end of figures -->"
SCORED = ("cdnow", "households", "stores", "gym")
DRIFTING = ("cdnow", "households", "stores", "salon")


def make_data() -> None:
    """The public data, by an environment of its own; once for each state of what makes it."""
    made_of = [HERE / "requirements.txt", HERE / "public.py"]
    state = sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()
    stamp = MADE / "state"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        return
    folder = MADE / "venv"
    print("Making an environment with the public data …", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(made_of[0])], check=True)
    subprocess.run([python, made_of[1], MADE], check=True)
    stamp.write_text(state, encoding="utf-8")


def teach() -> None:
    """Learn what is shipped anew, from all clubs."""
    path = Path(learned.__file__).with_name("priors.json")
    priors = {horizon: prior_for(horizon) for horizon in HORIZONS}
    visits = {horizon: visit_prior_for(horizon) for horizon in VISIT_HORIZONS}
    ship(path, [club.source for club in CLUBS.values()], priors, visits)
    print(f"Wrote {path}")


def of_models(found: list[Tried]) -> Iterator[str]:
    yield "| | AUC | ≥ 3 days | regular until lately | Brier, ≥ 3 | widest gap, level set |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for each in found:
        club = each.club
        yield (
            f"| **{club.name}**, {club.cut}, {club.horizon} days: {each.members:,} members, "
            f"{100 * each.came:.0f} % came | | | | | |"
        )
        for way, s in each.by.items():
            gaps = "" if way == "60-day flag" else f"{s.gap:.3f}, {s.gap_level:.3f}"
            briers = "" if way == "60-day flag" else f"{s.brier:.4f} / {s.brier_3:.4f}"
            yield (
                f"| {way} | {s.auc:.4f} | {s.auc_3:.4f} | {s.auc_regular:.3f} | {briers} | {gaps} |"
            )


def of_visits(found: list[Tried]) -> Iterator[str]:
    yield (
        "| visits to come | a member's: were / foretold | off by, on average "
        "| root mean square | in range | the same, ≥ 1 foretold |"
    )
    yield "| --- | --- | --- | --- | --- | --- |"
    for club in found:
        for each in club.counted:
            yield (
                f"| {club.club.name}, {each.days} days | {each.seen:.2f} / {each.foretold:.2f} "
                f"| {each.off:.3f} / {each.off_before:.3f} "
                f"| {each.root:.3f} / {each.root_before:.3f} "
                f"| {100 * each.held:.0f} % | {100 * each.held_often:.0f} % |"
            )


def of_drifting() -> Iterator[str]:
    yield "| | written to | came anyway within 14 / 30 days | gone for 60 | days after the visit |"
    yield "| --- | --- | --- | --- | --- |"
    for name in DRIFTING:
        for rule, each in drifting.compared(name).items():
            middle, first, last = each.after
            yield (
                f"| {name}: {rule} | {each.count} | {100 * each.in_14:.0f} / "
                f"{100 * each.in_30:.0f} % | {each.gone} | {middle:.0f} ({first:.0f}–{last:.0f}) |"
            )


def of_floors(floors: list[Floor]) -> Iterator[str]:
    yield "| asked for | reached | floor | met |"
    yield "| --- | --- | --- | --- |"
    for each in floors:
        yield f"| {each.of} | {each.reached:.4g} | {each.sign} {each.bound:.4g} | {each.word} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.science", description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000, help="tests of messages per club")
    parser.add_argument("--quick", action="store_true", help="no tests of messages, no report")
    parser.add_argument("--teach", action="store_true", help="write rules/science/priors.json anew")
    asked = parser.parse_args()
    make_data()
    if asked.teach:
        teach()
        return 0
    with ThreadPoolExecutor() as aside:
        tests = None if asked.quick else aside.submit(trials.run, asked.runs)
        lines = [f"Measured on {datetime.now().astimezone():%Y-%m-%d}.", ""]
        found = [tried(CLUBS[name]) for name in SCORED]
        lines += [*of_models(found), "", *of_visits(found), "", *of_drifting(), ""]
        floors = list(floors_of_models(found))
        print(*lines, sep="\n", flush=True)
        if tests:
            rows = tests.result()
            more = [*trials.report(asked.runs, rows), ""]
            floors += floors_of_trials(rows)
            print(*more, sep="\n")
            lines += more
    lines += of_floors(floors)
    print(*of_floors(floors), sep="\n")
    if not asked.quick:
        write(lines)
    return 0 if all(each.is_met for each in floors) else 1


def write(lines: list[str]) -> None:
    """Into the report, where the last figures stood."""
    before, _, rest = REPORT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n".join(["", "", *lines, "", ""])
    REPORT.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
