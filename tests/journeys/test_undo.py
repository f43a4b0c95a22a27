"""Undo against a twin: two members live alike, one through an action more; it is undone, and they
are the same. With both databases, all the way through the store."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from bot.codes import RewardUse
from bot.store.history import ledger
from bot.store.messages.inbox import ChatText
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from rules.facts import Birthday, Facts, Voucher
from rules.judging.decide import advance
from rules.judging.replay import replay
from rules.programme.rewards import in_hand
from tests.chance import examples
from tests.handlers.clubs import MANAGER, MONDAY_NOON, SmallClub, club_on
from tests.rules.examples import CAFE, changed

#: Much hangs on little here: ranks and points are lost at once, and rewards need ranks.
LIVELY = changed(
    CAFE,
    ("grace_periods = 1", "grace_periods = 0"),
    ("at = 3\n", "at = 2\n"),
    ("at = 6\n", "at = 3\n"),
    ("cost = 100\n", "cost = 30\n"),
    ("every = 10 }\nvalid_days", "every = 2 }\nvalid_days"),
)


@dataclass(frozen=True)
class Step:
    """So many `hours` after the last one; what happens, of which size, and how many hours before it
    was told."""

    hours: int
    what: str
    size: int
    ago: int

    def __str__(self) -> str:
        return f"{self.what}({self.size}) after {self.hours} h, {self.ago} h old"


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from((0, 1, 20, 25, 50, 200, 500)),
        st.sampled_from((
            "visit", "visit", "visit", "purchase", "purchase", "redeem", "redeem", "redeem",
            "voucher", "adjust", "feedback", "birthday", "birthday", "gift", "night",
        )),
        st.integers(0, 20),
        st.sampled_from((0, 0, 0, 5, 30, 300)),
    ),
    min_size=2,
    max_size=14,
)  # fmt: skip


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, LIVELY) as club:
        yield club


@dataclass
class Life:
    """One member of the club, invited by a regular of their own."""

    club: SmallClub
    regular: int
    member: int

    def in_hand(self) -> Voucher:
        """The voucher that ends soonest; one that there isn't, if there is none."""
        held = in_hand(self.club.member(self.member).facts, self.today)
        return held[0] if held else Voucher(99, "nth_coffee", "rank", self.today, self.today)

    def goes_through(self, step: Step, key: str, held: Voucher) -> Outcome | None:
        """What comes of the step, in which `held` may be used; None for a night, which nobody asked
        for."""
        club, at = self.club, self.club.now - timedelta(hours=step.ago)
        member, now = self.member, club.now
        with club.work() as work:
            match step.what:
                case "purchase":
                    bought = Purchase(step.size * 400, tax_yen=step.size * 36)
                    receipt = Request(member, bought, at, "ekimae", f"{member}")
                    return purchase(work.acting("staff").under(key), receipt)
                case "redeem":
                    reward = ("off_100", "donation", "off_100", "trial_blend")[step.size % 4]
                    return redeem(
                        work.acting("staff").under(key), member, RewardUse(reward, None), at=now
                    )
                case "voucher":
                    use = RewardUse(held.reward, held.n)
                    return redeem(work.acting("staff").under(key), member, use, at=now)
                case "adjust":
                    return adjust(
                        work.acting(MANAGER).under(key), member, step.size * 8 - 90, reason="訂正"
                    )
                case "feedback":
                    return give_feedback(work.under(key), member, ChatText("おいしい", "U", at))
                case "birthday":
                    told = ToldBirthday(member, Birthday(step.size % 3 + 1, 3, None), at)
                    return tell_birthday(work.acting("member").under(key), told)
                case "gift":
                    return celebrate_birthday(work, member, day=self.today)
                case "night":
                    settle(work, member, day=self.today)
                    return None
        store = ("ekimae", "kawabe")[step.size % 2]
        return club.visits(member, at=at, key=key, store=store)

    @property
    def today(self) -> date:
        return self.club.timeline.at(self.club.now).programme.shop.business_date(self.club.now)

    def facts(self) -> tuple[Facts, Facts]:
        """The member's and the regular's, with everything judged up to today."""
        both = (self.member, self.regular)
        line = self.club.timeline
        mine, theirs = (advance(line, self.club.member(m).facts, self.today)[0] for m in both)
        return mine, theirs

    def lots(self) -> tuple[tuple[int, int], ...]:
        """Entries and lots, added up."""
        with self.club.store.read() as uow:
            return tuple(ledger.balance(uow, each) for each in (self.member, self.regular))


def begins(club: SmallClub) -> Life:
    regular = club.joins()
    return Life(club, regular, club.joins(referred_by=regular))


@given(steps=STEPS, chosen=st.integers(0, 13))
@example(steps=[Step(0, "birthday", 0, 0), Step(0, "birthday", 1, 0)], chosen=0)
@settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_undone_is_as_if_it_had_never_been(club: SmallClub, steps: list[Step], chosen: int) -> None:
    club.clock.set(MONDAY_NOON)
    one, twin = begins(club), begins(club)
    chosen %= len(steps)
    # What the night gives has a key of its own.
    assume(steps[chosen].what not in ("gift", "night"))
    keys = [club.key() for _ in steps]
    alike = True
    for n, (step, key) in enumerate(zip(steps, keys, strict=True)):
        club.passes(hours=step.hours)
        held = one.in_hand()
        outcome = one.goes_through(step, key, held)
        if n == chosen:
            assume(outcome is not None and outcome.done)
        elif outcome is None or outcome.done:
            again = twin.goes_through(step, club.key(), held)
            alike = alike and (again is None if outcome is None else bool(again and again.done))
    before = one.facts()
    undone = club.undoes(one.member, keys[chosen])
    event(f"{undone.refused}, {'alike' if alike else 'not alike'}")
    if undone.refused:
        assert undone.refused in ("undo_spent", "undo_needed")
        assert not alike, "the twin did all of it without the action, so nothing depends on it"
        assert one.facts() == before
    elif alike:
        assert one.facts() == twin.facts()
        assert one.lots() == twin.lots()
    else:
        # Something was refused to the twin at the time, which what came late makes good.
        assert one.facts()[0] == replayed(club, one, without=keys[chosen])
    assert club.differences(one.member, one.regular, twin.member, twin.regular) == []


def replayed(club: SmallClub, life: Life, *, without: str) -> Facts:
    """What the rules say of the history without anything recorded under that key."""
    rest = club.history(life.member)
    return replay(club.timeline, rest, life.today).facts


@given(steps=STEPS, order=st.permutations(range(14)))
@settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_manager_can_take_back_anything_spent_and_nobody_goes_below_zero(
    club: SmallClub, steps: list[Step], order: list[int]
) -> None:
    club.clock.set(MONDAY_NOON)
    one = begins(club)
    keys = [club.key() for _ in steps]
    for step, key in zip(steps, keys, strict=True):
        club.passes(hours=step.hours)
        one.goes_through(step, key, one.in_hand())
    for key in (keys[n] for n in order if n < len(keys)):
        plain = club.undoes(one.member, key)
        if plain.refused == "undo_spent":
            assert plain.missing > 0
            forced = club.undoes(one.member, key, force=True)
            assert (forced.refused, forced.missing) == (None, plain.missing)
        event(f"{plain.refused}")
        assert club.balance(one.member) >= 0 <= club.balance(one.regular)
        assert club.differences(one.member, one.regular) == []
