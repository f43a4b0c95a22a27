"""That a receiver went off by itself reaches people, once."""

from datetime import timedelta

import pytest

from bot.alarms import Alarms, Told
from bot.store.hooks import endpoints
from handlers.jobs.hooks.watch import HookWatch
from tests.handlers.receivers import Telling


@pytest.mark.parametrize("reason", ["gone", "failing", "secret"])
def test_people_hear_once_why_a_receiver_went_off(
    telling: Telling, heard: list[str], reason: endpoints.OffReason
) -> None:
    to = telling.to("https://hooks.example.jp/")
    watch = HookWatch(telling.cafe.club, Alarms())
    watch.follow()
    with telling.cafe.store.begin() as uow:
        endpoints.put_off(uow, to, reason, at=telling.cafe.now)
    for _ in range(3):
        telling.cafe.passes(minutes=2)
        watch.follow()

    (said,) = heard
    assert "会計" in said
    assert f"https://kayoi.example/owner/webhooks/{to}" in said


def test_who_turned_it_off_need_not_be_told(telling: Telling, heard: list[str]) -> None:
    telling.steps(telling.to("https://hooks.example.jp/"), "off")

    HookWatch(telling.cafe.club, Alarms()).follow()

    assert heard == []


def test_what_nobody_heard_is_told_later(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([Told(1, 0), Told(1, 1)])
    monkeypatch.setattr(Alarms, "tell", lambda *_: next(told))
    to = telling.to("https://hooks.example.jp/")
    watch = HookWatch(telling.cafe.club, Alarms())
    with telling.cafe.store.begin() as uow:
        endpoints.put_off(uow, to, "gone", at=telling.cafe.now)
    for _ in range(2):
        watch.follow()
        telling.cafe.clock.set(telling.cafe.now + timedelta(minutes=11))

    with telling.cafe.store.read() as uow:
        assert endpoints.untold(uow) == []
