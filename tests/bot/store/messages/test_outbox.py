from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.messages import outbox
from bot.store.messages.outbox import ANSWER, NORMAL, MessageKey, PlannedMessage
from bot.store.tables import outbox as table
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def _planned(club: SmallClub, member: int, period: str = "2026-01") -> PlannedMessage:
    return PlannedMessage(
        member, "lapsed", period, '{"kind":"x"}', "ranks", club.now, club.now + timedelta(hours=1),
        club.now + timedelta(days=7), 3, "line", "a", 2,
    )  # fmt: skip


def test_many_are_queued_as_one_is(club: SmallClub) -> None:
    one, other = club.joins(), club.joins()
    with club.store.begin() as uow:
        assert outbox.queue_many(uow, [_planned(club, one)]) == 1
        outbox.queue(
            uow,
            MessageKey(other, "lapsed", "2026-01"),
            '{"kind":"x"}',
            topic="ranks",
            now=club.now,
            not_before=club.now + timedelta(hours=1),
            useful_until=club.now + timedelta(days=7),
            priority=3,
            arm="a",
            step=2,
        )
        first, second = uow.run(select(table).order_by(table.c.member_id)).all()
    assert first[1:] == second[1:]


def test_of_many_only_the_new_ones_are_queued_each_as_it_is(club: SmallClub) -> None:
    members = [club.joins() for _ in range(5)]
    plans = [_planned(club, member) for member in members]
    again = [plan._replace(say="another", arm="b") for plan in plans]
    held_out = _planned(club, members[0], "2026-02")._replace(status="held_out", arm=None)
    with club.store.begin() as uow:
        assert outbox.queue_many(uow, []) == 0
        assert outbox.queue_many(uow, plans[:3]) == 3
        assert outbox.queue_many(uow, [*again, held_out]) == 3
        rows = uow.run(select(table).order_by(table.c.period, table.c.member_id)).all()
    assert [(row.arm, row.say) for row in rows[:5]] == [
        *[("a", '{"kind":"x"}')] * 3,
        *[("b", "another")] * 2,
    ]
    assert (rows[5].status, rows[5].arm, rows[5].not_before) == (
        "held_out",
        None,
        club.now + timedelta(hours=1),
    )


def test_what_is_held_out_is_never_due(club: SmallClub) -> None:
    held_out = _planned(club, club.joins())._replace(status="held_out")
    with club.store.begin() as uow:
        outbox.queue_many(uow, [held_out])
        later = club.now + timedelta(days=1)
        assert outbox.next_due(uow, after=club.now) is None
        assert not outbox.is_due(uow, now=later)
        assert outbox.claim(uow, now=later, limit=9) == []


def test_an_answer_goes_before_what_the_club_says_by_itself(club: SmallClub) -> None:
    member, useful = club.joins(), club.now + timedelta(days=1)
    with club.store.begin() as uow:
        for topic in ("ranks", None):
            name = MessageKey(member, f"{topic}", "p")
            outbox.queue(uow, name, "{}", topic=topic, now=club.now, useful_until=useful)
        found = uow.run(select(table.c.priority).order_by(table.c.priority)).scalars().all()
    assert found == [ANSWER, NORMAL]
