"""The day of drifting on each row, moved when the club foresees another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.store import Store
from bot.store.finding import drift_days, risks, ticks
from bot.store.finding.drift_days import KeptDay
from bot.store.history import return_fits
from bot.store.history.programs import NOTICE
from bot.store.history.return_fits import ReturnFit
from bot.store.tables import members as table
from handlers.jobs.night import nightly
from handlers.jobs.night.drift import DriftDays
from rules.science.learned import PRIOR
from tests.handlers.clubs import SmallClub
from tests.journeys.counting import counting
from tests.rules.examples import CAFE, changed

#: A club whose members come again by far more seldom: everybody drifts sooner.
RARER = replace(
    PRIOR,
    by_horizon={
        horizon: replace(each, weights=(each.weights[0] - 1.5, *each.weights[1:]))
        for horizon, each in PRIOR.by_horizon.items()
    },
)


def regulars(cafe: SmallClub, count: int) -> list[int]:
    people = [cafe.joins() for _ in range(count)]
    for _ in range(4):
        for member in people:
            cafe.visits(member)
        cafe.passes(days=7)
    return people


def learns(cafe: SmallClub) -> None:
    with cafe.store.begin() as uow:
        return_fits.add(uow, ReturnFit(cafe.now, RARER))
    cafe.club.programmes.forget()


def days(cafe: SmallClub) -> dict[int, date | None]:
    with cafe.store.read() as uow:
        return {row.id: row.drift_on for row in uow.run(select(table.c.id, table.c.drift_on))}


def foreseen(cafe: SmallClub, *people: int) -> dict[int, date | None]:
    foresight = cafe.club.foresight()
    return {member: foresight.drift_on(cafe.member(member).facts) for member in people}


def test_what_was_learned_moves_everybody_once_all_processes_know_it(cafe: SmallClub) -> None:
    people, newcomer = regulars(cafe, 3), cafe.joins()
    before = days(cafe)
    learns(cafe)
    job = DriftDays(cafe.club)
    assert job.follow() == 0
    assert days(cafe) == before
    cafe.clock.set(cafe.now + NOTICE)
    assert job.follow() == len(people)
    assert days(cafe) == {**foreseen(cafe, *people), newcomer: None} != before
    assert cafe.differences(*people) == []
    with counting(cafe.store) as counted:
        assert job.follow() == 0
    assert counted.statements == []
    assert DriftDays(cafe.club).follow() == 0


def test_who_stays_away_by_what_was_learned_is_noted_at_once(cafe: SmallClub) -> None:
    people = regulars(cafe, 2)
    soon = min(day for day in foreseen(cafe, *people).values() if day)
    cafe.clock.set(cafe.now + (soon - cafe.now.date()))
    nightly.run_if_due(cafe.club)

    def noted() -> set[str | None]:
        with cafe.store.read() as uow:
            return set(risks.flags_of(uow, people).values())

    assert noted() == {"rhythm"}
    # Of such a club's members it is foreseen that they wait longer.
    learns(cafe)
    cafe.clock.set(cafe.now + NOTICE)
    assert DriftDays(cafe.club).follow() == len(people)
    assert noted() == {None}


def test_other_days_on_which_the_shop_is_closed_move_those_whom_they_put_off(
    cafe: SmallClub,
) -> None:
    member = regulars(cafe, 1)[0]
    before = days(cafe)[member]
    assert before is not None
    shut = before - timedelta(days=4)
    holiday = f"  {{ on = {shut}, until = {shut + timedelta(days=1)} }},\n"
    last = "  { on = 2027-12-31, until = 2028-01-02 },\n"
    cafe.publishes(changed(CAFE, (last, last + holiday)))
    assert DriftDays(cafe.club).follow() == 1
    assert days(cafe)[member] == before + timedelta(days=2)
    assert cafe.differences(member) == []


def test_what_broke_off_halfway_is_done_by_the_next_time(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = regulars(cafe, 3)
    learns(cafe)
    cafe.clock.set(cafe.now + NOTICE)
    pages = drift_days.pages

    def first_only(store: Store) -> Iterator[list[KeptDay]]:
        yield next(pages(store))[:1]
        raise ConnectionError("the power is out")

    job = DriftDays(cafe.club)
    monkeypatch.setattr(drift_days, "pages", first_only)
    with pytest.raises(ConnectionError):
        job.follow()
    with cafe.store.read() as uow:
        assert ticks.foreseen_by(uow) != cafe.club.foresight().fingerprint
    # Some rows are by one foresight and some by the other: no fault of the ledger's.
    assert cafe.differences(*people) == []
    monkeypatch.setattr(drift_days, "pages", pages)
    assert job.follow() == len(people) - 1
    assert days(cafe) == foreseen(cafe, *people)


@pytest.mark.parametrize("what", ["visit", "undo"])
def test_who_does_something_meanwhile_keeps_the_day_that_was_written_for_it(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    member, other = regulars(cafe, 2)
    cafe.visits(member, key="scan:last")
    learns(cafe)
    cafe.clock.set(cafe.now + NOTICE)
    pages = drift_days.pages

    def read_and_then(store: Store) -> Iterator[list[KeptDay]]:
        for page in pages(store):
            if what == "visit":
                cafe.visits(member, at=cafe.passes(days=1))
            else:
                assert cafe.undoes(member, "scan:last").done
            yield page

    monkeypatch.setattr(drift_days, "pages", read_and_then)
    assert DriftDays(cafe.club).follow() == 1
    assert days(cafe) == foreseen(cafe, member, other)
    assert cafe.differences(member, other) == []


def test_a_page_is_read_by_one_statement_and_written_by_one(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulars(cafe, 5)
    learns(cafe)
    cafe.clock.set(cafe.now + NOTICE)
    cafe.club.timeline()
    with counting(cafe.store) as counted:
        assert DriftDays(cafe.club).follow() == 5
    reads = [ran.sql for ran in counted.statements if "members.id > " in ran.sql]
    writes = [ran.sql for ran in counted.statements if ran.sql.startswith("UPDATE members")]
    assert len(reads) == 1
    # SQLite is told each row by itself, in one transaction.
    assert len(writes) == (5 if cafe.store.is_sqlite else 1)
    # What is noted, the fit, the page, and the note: taken away and written; and a look at whom the
    # new days concern, by each reason.
    assert len(counted.statements) - len(writes) == 10
    assert counted.calls["parsed"] == 5


def test_a_row_that_cannot_be_read_keeps_nobody_else_from_moving(cafe: SmallClub) -> None:
    broken, member = regulars(cafe, 2)
    learns(cafe)
    cafe.clock.set(cafe.now + NOTICE)
    with cafe.store.begin() as uow:
        uow.run(update(table).where(table.c.id == broken).values(facts="{}"))
    assert DriftDays(cafe.club).follow() == 1
    assert days(cafe)[member] == foreseen(cafe, member)[member]
