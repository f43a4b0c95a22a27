"""What was given and sent, as it is kept, against the history and the outbox asked anew."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.codes import RewardUse
from bot.store import StoreBusy, UnitOfWork
from bot.store.figures import costs, keeping
from bot.store.tables import cost_figures, held_vouchers, message_figures, outbox
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.redeem import redeem
from handlers.actions.recording.record import Request
from handlers.jobs.night import costs as job
from handlers.jobs.night.costs import CostCounting
from rules.activity import Visit
from rules.figures.periods import DaySpan
from tests.bot.store.figures.oracle import Oracle
from tests.bot.store.figures.test_keeping import SOON, Lives, keeps
from tests.handlers.clubs import MANAGER, SmallClub, club_on

_GIVEN = {
    "brought": " SELECT 'referral', day, count(*) FROM acts WHERE what LIKE 'Referral %'"
    " GROUP BY day",
    "vouchers": " SELECT {reward}, day, count(*) FROM acts WHERE what LIKE 'Redemption %'"
    " AND {voucher} IS NOT NULL GROUP BY 1, 2",
}
#: A stamp card, so that vouchers are used.
STAMPS = (
    SOON
    + """
[[rewards]]
id = "fourth"
name = { ja = "4杯目", en = "Fourth cup" }
kind = "gift"
value_yen = 480
valid_days = 60
given = { kind = "nth_visit", every = 2 }
"""
)


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, STAMPS) as club:
        yield club


class FriendlyLives(Lives):
    """The same, of members whom others brought, and who use what they were given."""

    def joins(self) -> None:
        by = self.one() if self.cards and self.chance.random() < 0.7 else None
        self.cards.append(self.club.joins(referred_by=by))

    def uses(self) -> None:
        member, key = self.one(), self.club.key()
        held = self.club.member(member).facts.vouchers
        if held:
            use = RewardUse(held[0].reward, held[0].n)
            with self.club.work(MANAGER, key=key) as work:
                done = redeem(work, member, use, at=self.club.now, store="kawabe").done
            if done:
                self.keys.append((member, key))
            return
        super().uses()


def kept(club: SmallClub) -> dict[tuple[str, date], int]:
    with club.store.read() as uow:
        rows = uow.run(select(cost_figures))
        return {(row.name, row.day): row.value for row in rows if row.value}


def is_right(club: SmallClub) -> None:
    keeps(club)
    oracle, asked = Oracle(club.store), dict[tuple[str, date], int]()
    for query in _GIVEN.values():
        for name, day, count in oracle.asked(query):
            named = name if name == "referral" else f"voucher:{name}"
            asked[named, date.fromisoformat(str(day))] = int(count)
    assert kept(club) == asked


@pytest.mark.parametrize("seed", range(2))
def test_what_was_given_is_what_the_history_tells(club: SmallClub, seed: int) -> None:
    lives = FriendlyLives(club, random.Random(seed))
    for _ in range(6):
        lives.joins()
    for n in range(120):
        lives.lives()
        if n % 40 == 39:
            is_right(club)
    before = kept(club)
    assert {name for name, _ in before} == {"referral", "voucher:fourth"}
    keeping.begin_anew(club.store)
    keeps(club)
    assert kept(club) == before


# ── Messages ──


def sends(club: SmallClub, journey: str, at: datetime, count: int = 1) -> None:
    member = club.joins()
    with club.store.begin() as uow:
        for n in range(count):
            row = {
                "member_id": member, "journey": journey, "period": f"{at} {n}", "say": "",
                "queued_at": at, "not_before": at, "useful_until": at, "status": "sent",
                "sent_at": at, "channel": "line",
            }  # fmt: skip
            uow.run(insert(outbox), [row])


def sent(club: SmallClub) -> dict[tuple[str, date], int]:
    with club.store.read() as uow:
        rows = uow.run(select(message_figures).where(message_figures.c.sent > 0))
        return {(row.journey, row.day): row.sent for row in rows}


def asked_anew(club: SmallClub) -> dict[tuple[str, date], int]:
    """By the shop's calendar, nine hours ahead of us."""
    found: dict[tuple[str, date], int] = {}
    with club.store.read() as uow:
        for row in uow.run(select(outbox).where(outbox.c.status == "sent")):
            if row.channel == "line":
                day = (row.sent_at.astimezone(UTC) + timedelta(hours=9)).date()
                found[row.journey, day] = found.get((row.journey, day), 0) + 1
    return found


def test_messages_are_counted_by_day_from_the_very_first_on(club: SmallClub) -> None:
    for days, journey in ((9, "journey:lapsed"), (9, "messages"), (4, "journey:lapsed"), (0, "x")):
        sends(club, journey, club.now - timedelta(days=days, hours=14), count=2)
    with club.store.begin() as uow:
        uow.run(update(outbox).where(outbox.c.journey == "x").values(channel="sms"))
    CostCounting(club.club).follow()
    assert sent(club) == asked_anew(club)
    assert len(sent(club)) == 3


def test_what_goes_out_later_is_counted_with_the_days_that_go_on(club: SmallClub) -> None:
    counting = CostCounting(club.club)
    counting.follow()
    sends(club, "messages", club.now)
    # Not at every tick.
    counting.follow()
    assert sent(club) == {}
    club.passes(minutes=11)
    counting.follow()
    assert sent(club) == asked_anew(club) != {}
    club.passes(days=3)
    sends(club, "messages", club.now - timedelta(days=1))
    counting.follow()
    assert sent(club) == asked_anew(club)
    # One that dies, or another process, counts nothing twice.
    CostCounting(club.club).follow()
    assert sent(club) == asked_anew(club)


# ── Vouchers in hand ──


def test_vouchers_in_hand_are_counted_once_a_day_some_members_at_a_tick(
    club: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        member = club.joins()
        for _ in range(2):
            club.passes(days=1)
            with club.work(MANAGER, key=club.key()) as work:
                check_in(work, Request(member, Visit("staff"), club.now, "ekimae"))
    in_hand = sum(len(club.member(each).facts.vouchers) for each in range(1, 6))
    assert in_hand
    monkeypatch.setattr(job, "SECONDS_MAX", -1)
    counting = CostCounting(club.club)
    with club.store.read() as uow:
        assert costs.vouchers_held(uow) == []
    for _ in range(4):
        counting.follow()
    with club.store.read() as uow:
        [held] = costs.vouchers_held(uow)
    assert (held.reward, held.in_hand, held.ends_soon) == ("fourth", in_hand, in_hand)
    with club.store.begin() as uow:
        uow.run(update(held_vouchers).values(in_hand=99))
    CostCounting(club.club).follow()
    with club.store.read() as uow:
        assert costs.vouchers_held(uow)[0].in_hand == 99
        span = DaySpan(held.counted_on, held.counted_on)
        assert costs.given(uow, span) == {}


def holds_vouchers(club: SmallClub, count: int) -> None:
    """So many members, each with one in hand."""
    for _ in range(count):
        member = club.joins()
        for _ in range(2):
            club.passes(days=1)
            with club.work(MANAGER, key=club.key()) as work:
                check_in(work, Request(member, Visit("staff"), club.now, "ekimae"))


def in_hand(club: SmallClub) -> list[int]:
    with club.store.read() as uow:
        return [each.in_hand for each in costs.vouchers_held(uow)]


@pytest.mark.parametrize("trouble", [StoreBusy, OSError])
def test_a_count_of_vouchers_that_broke_off_is_begun_anew_and_never_kept_as_the_whole(
    club: SmallClub, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    holds_vouchers(club, 4)
    monkeypatch.setattr(costs, "PAGE", 3)
    monkeypatch.setattr(job, "SECONDS_MAX", -1)
    counting = CostCounting(club.club)
    counting.follow()

    def breaks(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        # The next page of members can't be read; what was sent was counted before.
        patch.setattr(UnitOfWork, "ask", breaks)
        counting.follow()
    counting.follow()
    assert in_hand(club) == []
    club.passes(minutes=11)
    for _ in range(3):
        counting.follow()
    assert in_hand(club) == [4]


def test_what_cannot_be_counted_rests_before_it_is_tried_again(
    club: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds_vouchers(club, 1)
    tried = []

    def breaks(*_: object) -> None:
        tried.append(club.now)
        raise OSError

    counting = CostCounting(club.club)
    monkeypatch.setattr(costs, "count_vouchers", breaks)
    for _ in range(5):
        counting.follow()
    assert len(tried) == 1
    club.passes(minutes=11)
    counting.follow()
    assert len(tried) == 2
