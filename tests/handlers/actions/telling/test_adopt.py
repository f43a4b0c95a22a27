"""What a member wrote is taken up."""

from sqlalchemy import select

from bot.store.tables import outbox
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.telling.adopt import adopt_letter
from tests.handlers.actions.telling.test_answer import DESK, USER, _logged, _queued, _writes
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE

RULE = """
[[earning]]
id = "adopted"
name = { ja = "ご意見の採用" }
on = "adopted"
award = { kind = "fixed", points = 3 }
"""
THANKS = "お昼の席に、ひざかけを置きました。"


def adopts(cafe: SmallClub, letter: int, key: str, text: str = THANKS) -> Acknowledgement:
    with cafe.work(DESK, key=key) as work:
        return adopt_letter(work, letter_id=letter, text=text)


def _waiting(cafe: SmallClub) -> list[str]:
    with cafe.store.read() as uow:
        queued = select(outbox.c.journey).where(outbox.c.status == "queued")
        return list(uow.run(queued).scalars())


def test_an_idea_taken_up_earns_and_is_told_once(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    member = cafe.joins(USER)
    points = cafe.balance(member)
    letter = _writes(cafe, member, "お昼の席が寒いです")

    assert adopts(cafe, letter, "a0", "  ").refused == "adopt_empty"
    assert adopts(cafe, letter, "a0x", "あ" * 1_001).refused == "answer_too_long"
    assert adopts(cafe, letter, "a1").done
    assert adopts(cafe, letter, "a1").done
    assert adopts(cafe, letter, "a2").refused == "adopt_again"

    assert cafe.balance(member) == points + 3
    assert _queued(cafe) == ["adopted"]
    assert _logged(cafe) == [("adopted", member, letter)]


def test_undone_it_takes_points_and_message_back_and_can_be_taken_up_anew(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    member = cafe.joins(USER)
    points = cafe.balance(member)
    letter = _writes(cafe, member)
    assert adopts(cafe, letter, "a1").done
    with cafe.work(DESK, key="u1") as work:
        assert undo(work, UndoRequest(member, "a1")).done
    assert cafe.balance(member) == points
    assert _waiting(cafe) == []
    assert adopts(cafe, letter, "a2").done
    assert cafe.balance(member) == points + 3
    assert _waiting(cafe) == ["adopted"]


def test_it_is_of_the_card_that_the_letters_writer_has_now(cafe: SmallClub) -> None:
    member, keeper = cafe.joins(USER), cafe.joins("U" + "2" * 32)
    letter = _writes(cafe, member)
    with cafe.work(DESK, key="m1") as work:
        assert merge(work, MergeRequest(keeper, member)).done
    assert adopts(cafe, letter, "a1").done
    assert [who for action, who, _ in _logged(cafe) if action == "adopted"] == [keeper]
    friend = _writes(cafe, None)
    assert adopts(cafe, friend, "a2").refused == "letter_gone"
