from datetime import date, timedelta

import pytest

from bot.store.members import line_accounts, members
from bot.store.messages import outbox, outbox_figures, webhook_events
from bot.store.messages.inbox import ChatText
from bot.store.messages.webhook_events import ArrivedEvent
from handlers.actions.counter.adjust import adjust
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.members.link import add_card, make_code
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.outcome import Outcome
from handlers.actions.telling.messages import SayRankAtRisk, tell
from rules.activity import Membership
from rules.facts import Birthday
from tests.handlers.clubs import DESK, MANAGER, SmallClub
from tests.handlers.letters import unanswered

USER = "U" + "1" * 32


def _change(cafe: SmallClub, member: int, state: Membership, key: str) -> Outcome:
    with cafe.work() as work:
        return change_membership(work.acting("member").under(key), member, state, at=work.now)


def _erase(cafe: SmallClub, member: int, key: str) -> Outcome:
    with cafe.work() as work:
        return erase(work.acting("staff").under(key), member)


def test_a_membership_pauses_ends_and_is_taken_up_again(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert _change(cafe, member, "paused", "m1").done
    assert cafe.member(member).membership == "paused"
    assert _change(cafe, member, "paused", "m2").refused == "membership_same"
    assert _change(cafe, member, "left", "m3").done
    assert _change(cafe, member, "active", "m4").done
    assert cafe.balance(member) == 50
    assert cafe.differences(member) == []


@pytest.fixture
def erased(cafe: SmallClub) -> int:
    """Somebody who left traces everywhere, and was erased."""
    member = cafe.joins(USER)
    with cafe.work() as work:
        told = ToldBirthday(member, Birthday(5, 12, 1990), work.now)
        tell_birthday(work.acting("member").under("b1"), told)
        give_feedback(work.under("f1"), member, ChatText("おいしかった", USER, work.now))
        webhook_events.store(
            work.uow, [ArrivedEvent("e1", USER, '{"text": "さくらです"}')], at=work.now
        )
        webhook_events.close(work.uow, "e1")
        who = members.lock(work.uow, member)
        say = SayRankAtRisk(month=date(2026, 1, 1))
        useful = timedelta(days=2)
        assert tell(work, who, say, period="p", topic="ranks", useful=useful)
    cafe.passes(days=1)
    cafe.visits(member)
    with cafe.work() as work:
        adjust(work.acting(MANAGER).under("a1"), member, 5, reason="さくらさんへのお詫び")
    _erase(cafe, member, "x1")
    return member


def test_what_was_written_for_an_erased_card_goes_though_the_chat_has_another(
    cafe: SmallClub,
) -> None:
    parent, child = cafe.joins(USER), cafe.joins()
    with cafe.work() as work:
        code = make_code(work.acting(DESK).under("s1"), child, "link")
        assert isinstance(code, str)
    with cafe.work() as work:
        assert add_card(work.under("l1"), USER, code).done
        for each in (parent, child):
            give_feedback(work.under(f"f{each}"), each, ChatText(f"{each}", USER, work.now))
    _erase(cafe, child, "x1")
    with cafe.store.read() as uow:
        assert [letter.text for letter in unanswered(uow)] == [str(parent)]


def test_what_was_written_for_an_erased_card_goes_though_its_chat_speaks_of_it_no_more(
    cafe: SmallClub,
) -> None:
    member, partner = cafe.joins(USER), "U" + "2" * 32
    with cafe.work() as work:
        line_accounts.ensure(work.uow, partner, display_name="夫", language="ja", at=work.now)
        line_accounts.link(work.uow, partner, member)
        give_feedback(work.under("f1"), member, ChatText("ひみつ", partner, work.now))
        line_accounts.link(work.uow, partner, None)
    _erase(cafe, member, "x1")
    with cafe.store.read() as uow:
        assert unanswered(uow) == []


def test_nothing_that_identifies_an_erased_person_is_left(cafe: SmallClub, erased: int) -> None:
    """Looks through every text of the whole database."""
    from sqlalchemy import select

    from bot.store.tables import metadata

    with cafe.store.read() as uow:
        everything = [
            str(value)
            for table in metadata.sorted_tables
            if table.name != "programs"
            for row in uow.run(select(table))
            for value in row
        ]
    for trace in (USER, "さくら", "おいしかった", "1990", '"day":12'):
        assert not [text for text in everything if trace in text], trace
    assert cafe.member(erased).number == ""


def test_the_totals_of_an_erased_person_stay_true(cafe: SmallClub, erased: int) -> None:
    member = cafe.member(erased)
    assert member.facts.visits == 1
    assert member.facts.balance > 50
    assert member.membership == "left"
    assert cafe.differences(erased) == []


def test_an_erased_person_is_sent_nothing_and_found_by_nothing(
    cafe: SmallClub, erased: int
) -> None:
    with cafe.store.read() as uow:
        assert set(outbox_figures.counts(uow)) == {"skipped"}
        assert outbox.is_due(uow, now=cafe.now + timedelta(days=99)) is False
        assert line_accounts.get(uow, USER) is None
        assert unanswered(uow) == []
    assert cafe.visits(erased).refused == "erased"
    assert _erase(cafe, erased, "x2") == Outcome(erased)


def test_an_erased_person_may_join_anew(cafe: SmallClub, erased: int) -> None:
    assert cafe.joins(USER) != erased
