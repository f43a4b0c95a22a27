import json

from sqlalchemy import select

from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from bot.store.tables import audit_log, outbox
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.telling.answer import ANSWER_LENGTH_MAX, answer_letter
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32
DESK = Actor(staff_id=7, name="佐藤", role="staff", store="ekimae", device_id=3)


def _answers(cafe: SmallClub, letter: int, text: str, key: str) -> Acknowledgement:
    with cafe.work(DESK, key=key) as work:
        return answer_letter(work, letter_id=letter, text=text)


def _writes(cafe: SmallClub, member: int | None, text: str = "席は予約できますか") -> int:
    with cafe.store.begin() as uow:
        inbox.add(
            uow, ChatText(text, USER, cafe.now), key=cafe.key(), kind="message", member_id=member
        )
    with cafe.store.read() as uow:
        return inbox.open_letters(uow, limit=1)[0].id


def _queued(cafe: SmallClub) -> list[str]:
    with cafe.store.read() as uow:
        return [row.journey for row in uow.run(select(outbox.c.journey))]


def _logged(cafe: SmallClub) -> list[tuple[str, int | None, int | None]]:
    with cafe.store.read() as uow:
        done = select(audit_log).where(audit_log.c.action != "refused")
        rows = uow.run(done.order_by(audit_log.c.id)).all()
    assert all(row.staff_id == 7 and row.device_id == 3 and row.store == "ekimae" for row in rows)
    return [(row.action, row.member_id, json.loads(row.details).get("letter")) for row in rows]


def test_an_answer_is_queued_and_closes_the_letter(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    letter = _writes(cafe, member)
    assert _answers(cafe, letter, "はい、お電話で承ります。", "a1").done
    assert _answers(cafe, letter, "はい、お電話で承ります。", "a1").done
    assert _answers(cafe, letter, "もうひとこと", "a2").refused == "letter_gone"
    assert _queued(cafe) == ["answer"]
    assert _logged(cafe) == [("answer", member, letter)]
    with cafe.store.begin() as uow:
        assert inbox.count_open(uow) == 0
        assert (found := inbox.lock(uow, letter)) is not None
        assert found.answered_at == cafe.now


def test_a_letter_answered_elsewhere_is_closed_without_a_message(cafe: SmallClub) -> None:
    letter = _writes(cafe, cafe.joins(USER))
    assert _answers(cafe, letter, "  ", "a1").done
    assert _queued(cafe) == []
    assert [action for action, _, _ in _logged(cafe)] == ["letter_closed"]


def test_what_cannot_be_answered_stays_open(cafe: SmallClub) -> None:
    friend = _writes(cafe, None)
    assert _answers(cafe, friend, "こんにちは", "a1").refused == "answer_unreachable"
    letter = _writes(cafe, cafe.joins(USER))
    too_long = "あ" * (ANSWER_LENGTH_MAX + 1)
    assert _answers(cafe, letter, too_long, "a2").refused == "answer_too_long"
    with cafe.store.read() as uow:
        assert inbox.count_open(uow) == 2
    assert _queued(cafe) == []
