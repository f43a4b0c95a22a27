import pytest

from bot.store.history.claims import KeyReused
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.recording.outcome import Outcome
from tests.handlers.clubs import SmallClub
from tests.handlers.letters import unanswered

USER = "U" + "1" * 32


def _says(cafe: SmallClub, member: int, text: str, key: str) -> Outcome:
    with cafe.work(key=key) as work:
        return give_feedback(work, member, ChatText(text, USER, cafe.now))


def test_feedback_reaches_the_staff_and_earns_once_a_month(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    first = _says(cafe, member, "おいしかった", "f1")
    assert first.points == 20
    assert _says(cafe, member, "おいしかった", "f1") == first
    assert _says(cafe, member, "もう一言", "f2").points == 0
    with pytest.raises(KeyReused):
        _says(cafe, member, "別のこと", "f1")
    with cafe.store.read() as uow:
        assert sorted(letter.text for letter in unanswered(uow)) == [
            "おいしかった", "もう一言",
        ]  # fmt: skip
