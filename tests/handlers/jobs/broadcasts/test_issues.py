"""An issue of the newsletter on its way: each subscriber once, whatever dies; stopped half-way."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.messages import newsletters
from bot.store.messages.newsletters import StoredIssue
from bot.store.tables import outbox
from handlers.actions.newsletter import sending
from handlers.actions.newsletter.sending import AGAIN_MAX, send_issue, stop_issue, withdraw_issue
from handlers.actions.newsletter.trying import try_issue
from handlers.jobs.broadcasts.issues import run_if_due
from handlers.jobs.delivery.line import Delivery
from rules.base import Refusal
from rules.programme.newsletter import Issue
from tests.handlers.actions.newsletter.test_subscribe import ISSUE, PROGRAMME, says
from tests.handlers.broadcasting import OWNER
from tests.handlers.clubs import TUESDAY_NOON, SmallClub
from tests.handlers.jobs.broadcasts.dying import Killed, dies_at
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import everybody, user


@pytest.fixture(autouse=True)
def tuesday(cafe: SmallClub) -> None:
    cafe.publishes(PROGRAMME)
    cafe.clock.set(TUESDAY_NOON)


def ask(cafe: SmallClub, people: int) -> list[int]:
    """So many members, who all asked for it."""
    found = everybody(cafe, people)
    for member in found:
        says(cafe, member, yes=True)
    return found


def writes(cafe: SmallClub, name: str = "n1") -> str:
    with cafe.work(OWNER, key=cafe.key()) as work:
        issue: Issue = ISSUE.model_copy(update={"id": name})
        assert newsletters.put(work.uow, issue, None, at=work.now)
    return name


def sends(cafe: SmallClub, name: str = "n1") -> Refusal | None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return send_issue(work, name)


def stops(cafe: SmallClub, name: str = "n1") -> Refusal | None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return stop_issue(work, name)


def stored(cafe: SmallClub, name: str = "n1") -> StoredIssue:
    with cafe.store.read() as uow:
        found = newsletters.get(uow, name)
    assert found is not None
    return found


def fates(cafe: SmallClub, name: str = "n1") -> Counter[str]:
    its = select(outbox.c.status).where(outbox.c.period == name)
    with cafe.store.read() as uow:
        return Counter(uow.run(its).scalars())


def per_member(line: Line) -> Counter[str]:
    """How often each got an issue, whatever its link was."""
    found: Counter[str] = Counter()
    for (who, text), count in line.arrived.items():
        if "/newsletter/" in text:
            found[who] += count
    return found


def test_it_goes_to_who_asked_once_and_again_to_who_asked_since(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    *asked, late = everybody(cafe, 3)
    for member in asked:
        says(cafe, member, yes=True)
    writes(cafe)
    run_if_due(cafe.club)
    assert not fates(cafe), "a draft goes to nobody"
    assert [sends(cafe) for _ in range(2)] == [None, None], "a tap that comes twice"
    assert not fates(cafe), "the clock does it"
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
    assert per_member(line) == {user(0): 1, user(1): 1}
    assert (stored(cafe).state, stored(cafe).recipients) == ("done", 2)
    says(cafe, late, yes=True)
    assert sends(cafe) is None
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
    assert per_member(line) == {user(n): 1 for n in range(3)}
    assert (stored(cafe).state, stored(cafe).recipients) == ("done", 3)
    cafe.clock.set(cafe.now + AGAIN_MAX + timedelta(days=1))
    assert sends(cafe) == Refusal("issue_old")


@pytest.mark.parametrize("by_tick", [False, True], ids=["at once", "by the next tick"])
def test_stopped_half_way_what_has_not_left_never_does(
    cafe: SmallClub,
    line: Line,
    delivery: Delivery,
    monkeypatch: pytest.MonkeyPatch,
    by_tick: bool,
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 2)
    ask(cafe, 5)
    writes(cafe)
    assert stops(cafe) == Refusal("issue_not_sending")
    sends(cafe)
    for delivers in (True, False):
        with cafe.work() as work:
            assert sending.queue_issue_part(work, "n1"), "there are more"
        if delivers:
            delivery.deliver_due()
    assert [stops(cafe) for _ in range(2)] == [None, None], "a tap that comes twice"
    if by_tick:
        # Not withdrawn yet, and still no worker sends it.
        delivery.deliver_due()
    else:
        assert withdraw_issue(cafe.store, "n1") == 2
    run_if_due(cafe.club)
    delivery.deliver_due()
    assert sum(per_member(line).values()) == 2
    assert fates(cafe) == {"sent": 2, "skipped": 2}
    assert stored(cafe).state == "stopped"
    assert sends(cafe) == Refusal("issue_stopped")


def test_a_trial_reaches_one_card_at_once_and_counts_for_nothing(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    owner, _ = ask(cafe, 2)
    writes(cafe)
    cafe.passes(hours=10)
    with cafe.work(OWNER, key=cafe.key()) as work:
        assert try_issue(work, "n1", cafe.member(owner).number) is None
        assert try_issue(work, "n1", "12") == Refusal("broadcast_no_card")
        assert try_issue(work, "none", cafe.member(owner).number) == Refusal("no_newsletter")
    delivery.deliver_due()
    assert per_member(line) == {user(0): 1}, "in quiet hours, too"
    assert "お試し" in line.accepted[0].text
    assert (stored(cafe).state, stored(cafe).recipients, fates(cafe)) == ("draft", 0, {})


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after it"])
def test_killed_at_any_commit_each_subscriber_gets_it_once(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 2)
    people = 5
    ask(cafe, people)
    turn, died = 0, True
    while died:
        turn += 1
        line.arrived.clear()
        name = writes(cafe, f"n{turn}")
        sends(cafe, name)
        with dies_at(monkeypatch, turn, after=after):
            try:
                run_if_due(cafe.club)
                Delivery(cafe.club).deliver_due()
                run_if_due(cafe.club)
                died = False
            except Killed:
                pass
        # Whoever starts next goes on; what was under way is repeated after its lease.
        for _ in range(3):
            run_if_due(cafe.club)
            Delivery(cafe.club).deliver_due()
            cafe.passes(minutes=2)
        run_if_due(cafe.club)
        assert per_member(line) == {user(n): 1 for n in range(people)}, turn
        assert (stored(cafe, name).state, stored(cafe, name).recipients) == ("done", people), turn
        cafe.passes(days=8)
    assert turn > 5, "there were commits to die at"
