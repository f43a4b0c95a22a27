"""Points put on later, by the code of a slip."""

from datetime import timedelta

from bot.store.history.slips import Slip, SlipWorth
from handlers.actions.members.one_time_codes import readable
from handlers.actions.orders.slips import make_slip
from tests.handlers.clubs import DESK

from ..conftest import World, words


def gives(world: World) -> str:
    with world.club.work(DESK, key="staff:slip") as work:
        slip = make_slip(work, SlipWorth(visit=True, yen=1_200), at=work.now)
    assert isinstance(slip, Slip)
    return readable(slip.code)


def test_a_slip_is_answered_with_what_it_brought_and_each_thing_once(world: World) -> None:
    person = world.member()
    code = gives(world)
    world.travel(timedelta(hours=2))
    said = words(person.write(f"ポイント {code}"))
    assert said.count("バッジ「はじめの一杯」を獲得！") == 1
    assert world.outbox() == {}
    assert "すでにおつけしています" in words(person.write(f"ポイント {code}"))
