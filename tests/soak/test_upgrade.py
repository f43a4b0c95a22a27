"""What was taken while a version goes and another comes is looked for afterwards."""

from sqlalchemy import delete

from bot.store.tables import activities
from tests.handlers.clubs import club_on

from .upgrade.load import Seen
from .upgrade.walk import all_is_there


def test_a_scan_that_was_told_as_recorded_and_is_gone_is_missed(database_url: str) -> None:
    with club_on(database_url) as cafe:
        sakura, rin = cafe.joins("U" + "1" * 32), cafe.joins("U" + "2" * 32)
        cafe.visits(sakura, key="scan:1")
        cafe.visits(rin, key="scan:2")
        seen = Seen(scans=3, actions={"scan:1", "scan:2"})
        all_is_there(cafe.store, seen)
        assert seen.lost == []

        with cafe.store.begin() as uow:
            uow.run(delete(activities).where(activities.c.key == "scan:2"))
        all_is_there(cafe.store, seen)
    assert seen.lost == ["scan:2"]
