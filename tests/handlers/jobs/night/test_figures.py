"""The figures follow what members do, at every tick."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.store import Store, UnitOfWork
from bot.store.figures import keeping
from bot.store.tables import activities, figure_lives, figures, members, notes
from handlers.jobs.night import figures as job
from handlers.jobs.night.figures import FigureKeeping, corrected
from tests.handlers.clubs import SmallClub, club_on
from tests.journeys.counting import counting, plans
from tests.waiting import is_held_up, until


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def visits(club: SmallClub) -> int:
    with club.store.read() as uow:
        its = select(figures.c.value).where(figures.c.figure == "visits", figures.c.rank == "")
        return sum(uow.run(its.where(figures.c.store == "")).scalars())


def test_a_tick_counts_who_came_and_the_next_has_nothing_to_do(club: SmallClub) -> None:
    keeper = FigureKeeping(club.club)
    sakura = club.joins()
    club.visits(sakura)
    assert keeper.follow() == 1
    assert visits(club) == 1
    with counting(club.store) as counted:
        assert keeper.follow() == 0
    assert len(counted.statements) == 1
    assert not [line for line in plans(club.store, counted.statements) if "Seq Scan" in line]


def test_a_page_costs_as_many_statements_for_many_members_and_visits(club: SmallClub) -> None:
    keeper = FigureKeeping(club.club)
    for n in range(12):
        member = club.joins()
        for _ in range(n % 3):
            club.passes(days=1)
            club.visits(member)
    with counting(club.store) as counted:
        keeper.follow()
    asked = [ran for ran in counted.statements if "INTO" not in ran.sql]
    # Who is due, whether more are, cards, ranks, histories, sources, points, chats, what stood
    # before.
    assert len(asked) < 38
    lines = plans(club.store, [ran for ran in asked if ran.sql.startswith(("SELECT", "WITH"))])
    assert not [line for line in lines if "SCAN activities" in line or "SCAN entries" in line]
    assert not [line for line in lines if "Seq Scan on activities" in line]


def test_a_tick_stops_in_time_and_the_next_goes_on(
    club: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PAGE", 2)
    for _ in range(5):
        club.visits(club.joins())
    keeper = FigureKeeping(club.club)
    assert keeper.follow(seconds_max=0) == visits(club) == 2
    keeper.follow()
    assert visits(club) == 5


def test_what_broke_off_is_done_anew(club: SmallClub, monkeypatch: pytest.MonkeyPatch) -> None:
    club.visits(club.joins())

    def dies(*_: object) -> None:
        raise RuntimeError("the power went")

    keeper = FigureKeeping(club.club)
    keeper.follow()
    club.passes(days=1)
    club.visits(club.joins())
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "_write", dies)
        assert keeper.follow() == 0
    assert visits(club) == 1
    keeper.follow()
    assert visits(club) == 2


def test_a_history_that_cannot_be_read_keeps_nobody_else_from_being_counted(
    club: SmallClub,
) -> None:
    keeper = FigureKeeping(club.club)
    broken, lost, sakura = club.joins(), club.joins(), club.joins()
    for member in (broken, lost, sakura):
        club.visits(member)
    assert keeper.follow() == 3
    with club.store.begin() as uow:
        for kind in ("Purchase {}", "Purchase [1]", "MembershipChanged ?"):
            theirs = select(activities).where(activities.c.member_id == broken)
            added = dict(uow.run(theirs.order_by(activities.c.seq).limit(1)).one()._mapping)
            added |= {"seq": len(kind) + 50, "what": kind, "key": kind}
            uow.run(activities.insert().values(added))
        uow.run(
            update(figure_lives).where(figure_lives.c.member_id == lost).values(life=b"nothing")
        )
    club.passes(days=1)
    for member in (broken, lost, sakura):
        club.visits(member)
    keeper.follow()
    # What they had added stays, as nobody knows what it is now.
    assert visits(club) == 4
    assert keeper.follow() == 0


def test_sums_of_another_version_are_made_anew(club: SmallClub) -> None:
    club.visits(club.joins())
    FigureKeeping(club.club).follow()
    with club.store.begin() as uow:
        uow.run(update(figures).values(value=9))
        uow.run(update(notes).where(notes.c.name == "figures_version").values(value="0"))
    FigureKeeping(club.club).follow()
    assert visits(club) == 1


class Meanwhile:
    """The store, where something comes between the first transaction and the next."""

    def __init__(self, store: Store, comes: Callable[[], object]) -> None:
        self.read = store.read
        self._store, self._comes = store, [comes]

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with self._store.begin() as uow:
            yield uow
        if self._comes:
            self._comes.pop()()


def test_whom_a_tick_counts_while_all_begins_anew_is_counted_once_more(club: SmallClub) -> None:
    for _ in range(3):
        club.visits(club.joins())
    FigureKeeping(club.club).follow()
    store: Any = Meanwhile(club.store, lambda: sum(corrected(club.club, page=9)))
    keeping.begin_anew(store)
    assert sum(corrected(club.club, page=9)) == 3
    assert visits(club) == 3


def test_all_begins_anew_when_a_tick_that_is_at_it_has_ended(club: SmallClub) -> None:
    if club.store.is_sqlite:
        # Whoever writes there is alone.
        return
    club.visits(club.joins())
    FigureKeeping(club.club).follow()
    club.visits(club.joins())
    shop, held = club.timeline.at(club.now).programme.shop, ExitStack()

    def ends() -> None:
        until(lambda: is_held_up(club.store), "somebody who waits for the tick")
        held.close()

    with ThreadPoolExecutor() as pool:

        def begins() -> None:
            uow, today = held.enter_context(club.store.begin()), shop.business_date(club.now)
            keeping.correct(uow, shop.business_date, today, limit=9)
            ended.append(pool.submit(ends))

        ended: list[Future[None]] = []
        store: Any = Meanwhile(club.store, begins)
        keeping.begin_anew(store)
        ended[0].result()
    sum(corrected(club.club, page=9))
    assert visits(club) == 2


def test_whom_somebody_serves_right_now_is_counted_later(club: SmallClub) -> None:
    sakura, kaede = club.joins(), club.joins()
    FigureKeeping(club.club).follow()
    club.visits(sakura)
    club.visits(kaede)
    if club.store.is_sqlite:
        return
    with club.store.begin() as uow:
        uow.run(select(members.c.id).where(members.c.id == sakura).with_for_update()).all()
        assert sum(corrected(club.club, page=9)) == 1
        assert visits(club) == 1
    assert sum(corrected(club.club, page=9)) == 1
    assert visits(club) == 2
