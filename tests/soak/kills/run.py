"""A town from its first day to its judgement."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bot.store.tables import outbox, send_attempts, webhook_events
from tests.waiting import until

from .chaos import Chaos, Fault, possible
from .databases import Kind, database
from .driver import Driver
from .oracle import Findings, Lived, judge
from .town import Town, town

#: Until whatever is held by somebody who is no more is taken up again, and tried as often as it is.
_REST_SECONDS_MAX = 1_500


@dataclass
class Told:
    """What became of a town."""

    findings: Findings
    acts: int
    answers: Counter[str]
    line: Counter[str]
    failed: Counter[str]
    killed: Counter[str]
    logged: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a town is lived in."""

    kind: Kind
    seed: int
    people: int
    threads: int
    #: How long somebody waits for an answer before they ask again, and between two acts.
    patience: float
    rest: float
    hasty: bool = False
    #: Web processes, and workers, where there may be more than one.
    of_each: int = 2
    #: What fails; drawn where it isn't said, in so many rounds.
    faults: Sequence[Fault] = ()
    rounds: int = 0


def lives(plan: Plan, folder: Path, say: Callable[[str], None]) -> Told:
    """Lives through it; gives what was found."""
    began = time.monotonic()
    with (
        database(plan.kind, folder) as stored,
        town(
            stored,
            folder,
            people=plan.people,
            seed=plan.seed,
            hasty=plan.hasty,
            of_each=plan.of_each,
        ) as there,
    ):
        driver = Driver(
            there, seed=plan.seed, threads=plan.threads, patience=plan.patience, rest=plan.rest
        )
        chaos = Chaos(there, driver, Random(plan.seed))
        with driver.at_work():
            faults = plan.faults or chaos.drawn(plan.rounds)
            wanted = [each for each in faults if each in possible(there)]
            for n, fault in enumerate(chaos.rounds(wanted), 1):
                say(f"{n}/{len(wanted)} {fault}: {driver.acknowledged} acknowledged")
                if driver.wrong:
                    break
        say("all is answered")
        until(
            lambda: not _on_the_way(there, waits_for_pushes=not plan.hasty),
            "everything to be done",
            seconds=_REST_SECONDS_MAX,
            pause=0.1,
        )
        findings = judge(
            Lived(
                there,
                driver.acts,
                back=chaos.spans["clock_back"],
                # Where its disk is full PostgreSQL may stop by itself.
                stopped=chaos.spans["database_restarted"] + chaos.spans["disk_full"],
            )
        )
        findings.wrong += driver.wrong
        return Told(
            findings,
            len(driver.acts),
            driver.answers,
            there.line.seen,
            chaos.failed,
            chaos.killed,
            _logged(there),
            time.monotonic() - began,
        )


def _on_the_way(there: Town, *, waits_for_pushes: bool) -> int:
    """How much somebody still has to do."""
    now = there.club.now()
    questions = [
        select(func.count()).select_from(webhook_events).where(webhook_events.c.status == "new")
    ]
    if waits_for_pushes:
        due = (outbox.c.status == "queued") & (outbox.c.not_before <= now)
        questions += [
            select(func.count()).select_from(outbox).where(due | (outbox.c.status == "sending")),
            select(func.count()).select_from(send_attempts).where(send_attempts.c.status == "open"),
        ]
    with there.club.store.read() as uow:
        return sum(int(uow.run(question).scalar_one()) for question in questions)


def _logged(there: Town) -> Counter[str]:
    """What the processes logged as errors, by its last line."""
    found = Counter[str]()
    for file in there.folder.glob("*.log"):
        found.update(_errors(file.read_text(encoding="utf-8", errors="replace").splitlines()))
    return found


def _errors(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        name = line.partition(":")[0]
        if name and name.replace(".", "").isidentifier() and name.endswith(("Error", "Exception")):
            yield name
