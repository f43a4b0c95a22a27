"""Promised warnings go out as the programme's journeys say: topic, priority, channel."""

from datetime import date, timedelta

import pytest

from bot.store.members import line_accounts, profiles
from bot.store.members.profiles import Profile
from bot.store.messages import outbox
from bot.store.messages.outbox import QueuedMessage
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
from handlers.actions.telling.messages import SayPointsExpiring, SayRankAtRisk
from handlers.actions.telling.warnings import OwedWarning, warn
from rules.journeys.parts import Channel
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE

USER = "U" + "1" * 32
WARNINGS = (SayPointsExpiring(due=date(2026, 3, 5)), SayRankAtRisk(month=date(2026, 1, 1)))


def _warns(club: SmallClub, member: int, say: SayPointsExpiring | SayRankAtRisk) -> bool:
    warning = OwedWarning(say, "p", useful=timedelta(days=3))
    with club.work() as work:
        return warn(work, club.member(member), warning, sms=True)


def _queued(club: SmallClub, channel: Channel = "line") -> list[QueuedMessage]:
    with club.store.begin() as uow:
        return outbox.claim(uow, now=club.now, limit=9, channel=channel)


@pytest.mark.parametrize(
    ("say", "topic", "priority"),
    [(WARNINGS[0], "points", 1), (WARNINGS[1], "ranks", 3)],
    ids=["points", "rank"],
)
def test_a_warning_goes_before_lesser_journeys(
    cafe: SmallClub, say: SayPointsExpiring | SayRankAtRisk, topic: str, priority: int
) -> None:
    assert _warns(cafe, cafe.joins(USER), say)
    [queued] = _queued(cafe)
    assert (queued.topic, queued.priority) == (topic, priority)


def test_the_programme_says_how_it_goes_out(cafe: SmallClub) -> None:
    own = '[[journeys]]\nkind = "rank_at_risk"\npriority = 8\ntopic = "visits"\n'
    cafe.publishes(f"{CAFE}\n{own}")
    assert _warns(cafe, cafe.joins(USER), WARNINGS[1])
    [queued] = _queued(cafe)
    assert (queued.topic, queued.priority) == ("visits", 8)


def test_it_may_go_by_sms_to_whom_line_cannot_reach(cafe: SmallClub) -> None:
    plain, by_sms = (
        'kind = "points_expiring"',
        'kind = "points_expiring"\nchannels = ["line", "sms"]',
    )
    cafe.publishes(CAFE.replace(plain, by_sms, 1))
    member, blocked = cafe.joins(), cafe.joins(USER)
    for each in (member, blocked):
        with cafe.work() as work:
            profiles.put(work.uow, each, Profile(phone="+819012345678"), at=cafe.now)
            agree_to_sms(work, each, SmsConsent(work.now, "counter", "SMSでも"))
            line_accounts.set_blocked(work.uow, USER, True)
        assert _warns(cafe, each, WARNINGS[0])
    assert [queued.name.member_id for queued in _queued(cafe, "sms")] == [member, blocked]
    assert not _warns(cafe, cafe.joins(), WARNINGS[0])
