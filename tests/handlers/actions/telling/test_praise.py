from sqlalchemy import select

from bot.store.members import line_accounts
from bot.store.tables import outbox
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.telling.praise import WordOfPraise, praise
from tests.handlers.audit_log import audited
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32
DESK = Actor(staff_id=7, name="佐藤", role="staff", store="ekimae", device_id=3)


def _praises(cafe: SmallClub, member: int, key: str) -> Acknowledgement:
    with cafe.work(DESK, key=key) as work:
        return praise(work, member, WordOfPraise("came_back"))


def _queued(cafe: SmallClub) -> list[str]:
    with cafe.store.read() as uow:
        return [row.journey for row in uow.run(select(outbox.c.journey))]


def test_praise_is_queued_once_a_day_and_logged(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    assert _praises(cafe, member, "p1").done
    assert _praises(cafe, member, "p1").done
    assert _praises(cafe, member, "p2").refused == "praise_again"
    cafe.passes(days=1)
    assert _praises(cafe, member, "p3").done
    assert _queued(cafe) == ["praise", "praise"]
    assert audited(cafe) == [("praise", 7, "ekimae", 3, member)] * 2


def test_nobody_is_praised_whom_it_cannot_reach(cafe: SmallClub) -> None:
    assert _praises(cafe, cafe.joins(), "p1").refused == "praise_unreachable"
    member = cafe.joins(USER)
    with cafe.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, True)
    assert _praises(cafe, member, "p2").refused == "praise_unreachable"
    assert _queued(cafe) == []
