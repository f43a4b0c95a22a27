"""Cases: opened by what members write, answered by staff, closed, and opened again."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store.heard import cases, contacts
from bot.store.heard.cases import Case, CaseName
from bot.store.members import line_accounts
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from bot.store.messages.outbox import MessageKey, queue
from bot.store.tables import audit_log, outbox
from handlers.actions.heard.answering import (
    ANSWER_LENGTH_MAX,
    CaseAnswer,
    answer_case,
    assign_case,
    period_of,
)
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.helping import say_helped
from handlers.actions.members.membership import erase, forget_account
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from rules.heard.cases import CaseReason
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.letters import unanswered

USER, OTHER = "U" + "1" * 32, "U" + "2" * 32
DESK = Actor(staff_id=7, name="佐藤", role="staff", store="ekimae", device_id=3)
COLLEAGUE = Actor(staff_id=9, name="高橋", role="staff", store="ekimae", device_id=3)


def writes(
    cafe: SmallClub,
    member: int,
    text: str = "席は予約できますか",
    reason: CaseReason = "question",
    *,
    user: str = USER,
) -> CaseName:
    with cafe.work() as work:
        said = ChatText(text, user, cafe.now)
        key = cafe.key()
        hear(work.under(key), Heard(member, said, "message", reason))
        letter = inbox.under_one_of(work.uow, [key])
    assert letter is not None
    assert letter.case_number is not None
    return CaseName(member, letter.case_number)


def case_of(cafe: SmallClub, name: CaseName) -> Case:
    with cafe.store.read() as uow:
        found = cases.get(uow, name)
    assert found is not None
    return found


def _answers(
    cafe: SmallClub, name: CaseName, text: str, *, key: str = "", by: Actor = DESK,
    seen: int | None = None, closes: bool = False, asks: bool = False,
) -> Acknowledgement:  # fmt: skip
    seen = case_of(cafe, name).moved if seen is None else seen
    with cafe.work(by, key=key or cafe.key()) as work:
        return answer_case(work, CaseAnswer(name, seen, text, closes, asks))


def _said(cafe: SmallClub) -> list[tuple[str, str | None]]:
    """The texts that wait, with the account they go to where it isn't the member's own."""
    with cafe.store.read() as uow:
        rows = uow.run(select(outbox.c.say, outbox.c.user_id).where(outbox.c.journey == "answer"))
        return [(json.loads(row.say)["text"], row.user_id) for row in rows]


def _waiting(cafe: SmallClub) -> list[CaseName]:
    with cafe.store.read() as uow:
        return [case.name for case in cases.waiting(uow, limit=9)]


def test_an_answer_is_queued_once_and_nobody_waits_then(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER))
    assert _waiting(cafe) == [name]
    moved = case_of(cafe, name).moved
    for _ in range(2):
        assert _answers(cafe, name, " はい、承ります。 ", key="a1", seen=moved).done
    assert _said(cafe) == [("はい、承ります。", None)]
    case = case_of(cafe, name)
    assert (case.state, case.answered_at, case.assigned_to) == ("answered", cafe.now, 7)
    assert _waiting(cafe) == []
    with cafe.store.read() as uow:
        assert unanswered(uow) == []
        assert [each.kind for each in contacts.of_case(uow, name)] == ["answered"]
        logged = uow.run(select(audit_log.c.action, audit_log.c.details)).all()
    assert [row.action for row in logged] == ["answer"]
    assert "承ります" not in logged[0].details


def test_of_two_who_answer_at_once_the_second_hears_of_the_first(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER))
    seen = case_of(cafe, name).moved
    assert _answers(cafe, name, "はい。", seen=seen).done
    late = _answers(cafe, name, "いいえ。", seen=seen, by=COLLEAGUE)
    assert late.refused == "case_moved_on"
    assert _said(cafe) == [("はい。", None)]
    assert _answers(cafe, name, "いいえ、あすからです。", by=COLLEAGUE).done
    assert len(_said(cafe)) == 2


def test_what_the_member_adds_meanwhile_is_read_before_it_is_closed(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    name = writes(cafe, member)
    seen = case_of(cafe, name).moved
    assert writes(cafe, member, "窓ぎわがいいです") == name
    assert _answers(cafe, name, "", closes=True, seen=seen).refused == "case_moved_on"
    assert case_of(cafe, name).state == "open"


def test_answering_back_goes_into_the_same_case_and_makes_it_wait_again(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    first = writes(cafe, member, "珈琲がぬるい", "complaint")
    due = case_of(cafe, first).due_at
    cafe.passes(hours=1)
    assert writes(cafe, member, "きょうもです") == first
    assert case_of(cafe, first).due_at == due, "who writes again does not wait longer"
    assert _answers(cafe, first, "申し訳ありません").done
    cafe.passes(hours=30)
    assert writes(cafe, member, "わかりました") == first
    case = case_of(cafe, first)
    assert (case.state, case.reason) == ("open", "complaint")
    assert case.due_at > cafe.now
    assert writes(cafe, member, "傘立てがほしい", "suggestion") == CaseName(member, 2)
    cafe.passes(days=15)
    _answers(cafe, first, "はい")
    _answers(cafe, CaseName(member, 2), "はい")
    cafe.passes(days=15)
    assert writes(cafe, member, "席は予約できますか") == CaseName(member, 3)


def test_a_no_to_whether_it_helped_opens_the_case_again(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER), "珈琲がぬるい", "complaint")
    assert _answers(cafe, name, "申し訳ありません", closes=True, asks=True).done
    assert case_of(cafe, name).state == "closed"
    with cafe.store.read() as uow:
        say = json.loads(uow.run(select(outbox.c.say)).scalar_one())
    assert (say["card"], say["case"]) == (cafe.member(name.member_id).number, 1)

    def taps(helped: bool) -> bool:
        with cafe.work("member") as work:
            return say_helped(work, name, helped=helped)

    assert taps(True)
    assert case_of(cafe, name).helped is True
    assert taps(False), "they may think again"
    assert (case_of(cafe, name).state, case_of(cafe, name).helped) == ("open", False)
    assert not taps(True), "it is being looked at again"
    assert _waiting(cafe) == [name]
    with cafe.store.read() as uow:
        done = [each.kind for each in contacts.of_case(uow, name)]
    assert done == ["answered", "closed", "helped", "not_helped"]
    assert _answers(cafe, name, "", closes=True).done
    assert case_of(cafe, name).helped is None
    assert len(_said(cafe)) == 1, "who isn't asked gets no message"


def test_what_reaches_nobody_is_refused_and_stays_open(cafe: SmallClub) -> None:
    offline = writes(cafe, cafe.joins())
    assert _answers(cafe, offline, "こんにちは").refused == "answer_unreachable"
    name = writes(cafe, cafe.joins(OTHER), user=OTHER)
    assert _answers(cafe, name, "あ" * (ANSWER_LENGTH_MAX + 1)).refused == "answer_too_long"
    assert _answers(cafe, name, "  ").refused == "answer_empty"
    with cafe.store.begin() as uow:
        line_accounts.set_blocked(uow, OTHER, True)
    assert _answers(cafe, name, "こんにちは").refused == "answer_unreachable"
    assert sorted(_waiting(cafe)) == [offline, name]
    assert _said(cafe) == []
    assert _answers(cafe, offline, "", closes=True, asks=True).done


def test_who_shares_a_card_is_answered_themselves(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.store.begin() as uow:
        line_accounts.ensure(uow, OTHER, display_name="夫", language="ja", at=cafe.now)
        line_accounts.link(uow, OTHER, member)
    name = writes(cafe, member, user=OTHER)
    assert _answers(cafe, name, "はい。").done
    assert _said(cafe) == [("はい。", OTHER)]


def test_an_answer_is_queued_after_another_chat_of_the_card_was_forgotten(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.store.begin() as uow:
        line_accounts.ensure(uow, OTHER, display_name="夫", language="ja", at=cafe.now)
        line_accounts.link(uow, OTHER, member)
    theirs = writes(cafe, member, user=OTHER)
    assert _answers(cafe, theirs, "はい。").done
    with cafe.work("member", key="forget") as work:
        forget_account(work, OTHER, at=cafe.now)
    with cafe.store.read() as uow:
        assert [each.text for each in contacts.of_case(uow, theirs)] == [""]
    mine = writes(cafe, member)
    assert _answers(cafe, mine, "承知しました。").done
    with cafe.store.read() as uow:
        said = uow.run(select(outbox.c.say).where(outbox.c.status == "queued")).scalars().all()
    assert [json.loads(each)["text"] for each in said] == ["承知しました。"]


def test_no_answer_counts_that_was_not_queued(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER))
    with cafe.store.begin() as uow:
        taken = MessageKey(name.member_id, "answer", period_of(name, 1))
        queue(uow, taken, "{}", topic=None, now=cafe.now, useful_until=cafe.now)
    with pytest.raises(RuntimeError, match="by a number"):
        _answers(cafe, name, "はい。")
    assert _waiting(cafe) == [name]


def test_who_is_erased_leaves_a_count_and_nothing_to_answer(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER))
    assert _answers(cafe, name, "はい。").done
    with cafe.work("member", key="erase") as work:
        erase(work, name.member_id)
    assert _answers(cafe, name, "もしもし").refused == "case_gone"
    with cafe.store.read() as uow:
        assert cases.opened(uow, since=datetime.min.replace(tzinfo=cafe.now.tzinfo),
                            until=cafe.now + timedelta(days=1))[0].state == "closed"  # fmt: skip
        assert contacts.of_case(uow, name) == []
        assert inbox.of_case(uow, *name) == []


def test_staff_take_what_is_nobodys_and_who_manages_gives_to_anybody(cafe: SmallClub) -> None:
    name = writes(cafe, cafe.joins(USER))

    def assigns(by: Actor, to: int | None) -> str | None:
        with cafe.work(by, key=cafe.key()) as work:
            return assign_case(work, name, to).refused

    assert assigns(DESK, 9) == "not_allowed"
    assert assigns(DESK, 7) is None
    assert assigns(COLLEAGUE, 9) == "not_allowed"
    assert assigns(MANAGER, 9) is None
    assert case_of(cafe, name).assigned_to == 9
    assert assigns(COLLEAGUE, None) is None
    assert case_of(cafe, name).assigned_to is None
    with cafe.store.read() as uow:
        assert cases.waiting(uow, limit=9, assigned_to=9) == []


def test_the_one_due_first_stands_in_front(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    asks = writes(cafe, member)
    cafe.passes(hours=2)
    other = cafe.joins(OTHER)
    complains = writes(cafe, other, "ぬるい", "complaint", user=OTHER)
    assert _waiting(cafe) == [complains, asks]
    cafe.passes(hours=9)
    assert case_of(cafe, complains).is_overdue(cafe.now)
    assert not case_of(cafe, asks).is_overdue(cafe.now)
